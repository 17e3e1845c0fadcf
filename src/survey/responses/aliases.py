"""What people decided about organizations: a dated, version-controlled alias file.

::

    [[same]]                        # other names of one organization, at all times
    names = ["Example Telco", "ExTel"]
    decided = 2024-09-01
    why = "abbreviation in its own annual report"

    [[renamed]]                     # one organization; members use the old name for years
    name = "Example Telco"
    to = "Example Mobile"
    edition = "2019"
    reused = "2023"                 # optional: from then on the old name is somebody else's
    decided = 2024-09-01

    [[merged]]                      # from an edition on, several became one
    names = ["North Cloud", "South Cloud"]
    into = "Polar Cloud"
    edition = "2022"
    decided = 2024-09-01

    [[split]]                       # from an edition on, a part stands for itself
    name = "Example Games"
    of = "Example Media"
    edition = "2021"
    decided = 2024-09-01

    [[distinct]]                    # looks alike, is not: never proposed again
    names = ["Delta Data", "Delta Date"]
    decided = 2024-09-01

An entry may have a ``decision``: ``"accepted"`` (as without one), ``"undecided"`` (it does
nothing, as in a draft of proposals) or ``"rejected"`` (its names are distinct). Mistakes are told
by the number of the entry, so that no name gets into a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from itertools import combinations, pairwise
from pathlib import Path
from types import MappingProxyType

from survey.checked import checked
from survey.codebook.fields import Fields, read_toml
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError
from survey.responses.names import squeezed_name

__all__ = ["Aliases", "read_aliases"]

_NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "same": ("names",),
        "renamed": ("name", "to", "edition"),
        "merged": ("names", "into", "edition"),
        "split": ("name", "of", "edition"),
        "distinct": ("names",),
    }
)
_OPTIONAL = ("decided", "why", "decision", "score", "evidence", "reused")
_DECISIONS = ("accepted", "undecided", "rejected")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Dated:
    """From ``edition`` on (or before it, if not ``onwards``), one name stands for another."""

    name: str
    stands_for: str
    edition: str
    onwards: bool

    def applies(self, edition: str) -> bool:
        return edition >= self.edition if self.onwards else edition < self.edition


@dataclass(frozen=True)
class Aliases:
    """Decisions about names, in folded form.

    Attributes
    ----------
    same_names
        Pairs of names of one organization.
    distinct_names
        Sets of names that look alike and are not the same.
    """

    same_names: tuple[Pair, ...] = ()
    distinct_names: frozenset[frozenset[str]] = frozenset()
    dated: tuple[_Dated, ...] = ()

    def current(self, squeezed: str, edition: str) -> str:
        """Return the name that ``squeezed`` stands for in ``edition``.

        Decisions follow on each other: what merged into an organization that merged later is
        part of the last one.
        """
        name, seen = self._first(squeezed), set[str]()
        while self.dated and name not in seen:
            seen.add(name)
            for rule in self.dated:
                if self._first(rule.name) == name and rule.applies(edition):
                    name = self._first(rule.stands_for)
                    break
        return name

    def distinct(self, one: str, other: str) -> bool:
        """Whether a person decided that two names, in folded form, are not the same."""
        return any(one in names and other in names for names in self.distinct_names)

    def _first(self, name: str) -> str:
        return self._firsts.get(name, name)

    @cached_property
    def _firsts(self) -> Mapping[str, str]:
        """Name -> the alphabetically first of the names that are the same at all times."""
        together: dict[str, set[str]] = {}
        for one, other in self.same_names:
            union = together.get(one, {one}) | together.get(other, {other})
            together.update(dict.fromkeys(union, union))
        return {name: min(names) for name, names in together.items()}


@dataclass
class _Reading:
    """Decisions while the files are read."""

    problems: list[Problem] = field(default_factory=list)
    same: list[Pair] = field(default_factory=list)
    distinct: dict[str, frozenset[str]] = field(default_factory=dict)
    dated: list[_Dated] = field(default_factory=list)

    def decide(self, kind: str, fields: Fields) -> None:
        """Take one entry in."""
        decision = fields.text("decision") or "accepted"
        names = _names(kind, fields)
        if decision == "rejected" or (kind == "distinct" and decision == "accepted"):
            self.distinct[fields.where] = frozenset(names)
        elif decision == "accepted":
            self._accept(kind, fields, names)

    def _accept(self, kind: str, fields: Fields, names: list[str]) -> None:
        edition, reused = fields.text("edition"), fields.text("reused")
        if kind == "same" or (kind == "renamed" and not reused):
            self.same += pairwise(names)
        elif kind == "merged":
            *parts, whole = names
            self.dated += (_Dated(part, whole, edition, True) for part in parts if part != whole)
        else:
            self.dated.append(_Dated(names[0], names[1], reused or edition, False))


@checked(ResponsesError)
def read_aliases(*paths: Path | str) -> Aliases:
    """Read alias files.

    Raises
    ------
    ResponsesError
        If a file is wrong; the error lists every mistake of every file.

    Examples
    --------
    >>> aliases = read_aliases("aliases.toml")  # doctest: +SKIP
    >>> answers = clean(exports, aliases=aliases)  # doctest: +SKIP
    """
    reading = _Reading()
    for path in map(Path, paths):
        document = read_toml(path, reading.problems)
        if document is not None:
            _read(path.name, document, reading)
    reading.problems += _contradictions(reading)
    if reading.problems:
        names = ", ".join(Path(path).name for path in paths)
        raise ResponsesError(f"{names} cannot be used", dict.fromkeys(reading.problems))
    return Aliases(tuple(reading.same), frozenset(reading.distinct.values()), tuple(reading.dated))


def _read(name: str, document: Mapping[str, object], reading: _Reading) -> None:
    top = Fields(name, document, reading.problems)
    top.only(_NEEDED)
    for kind in _NEEDED:
        for number, entry in enumerate(top.items(kind), start=1):
            before = len(reading.problems)
            fields = Fields(f"{name}, [[{kind}]] {number}", entry, reading.problems)
            _check(kind, fields)
            if len(reading.problems) == before:
                reading.decide(kind, fields)


def _check(kind: str, fields: Fields) -> None:
    needed = _NEEDED[kind]
    fields.only((*needed, *_OPTIONAL))
    decision = fields.text("decision") or "accepted"
    if decision not in _DECISIONS:
        fields.wrong(f"decision = {decision!r}", f"one of {', '.join(_DECISIONS)}")
    wanted = (*needed, "decided") if decision == "accepted" else needed
    for key in wanted:
        if key not in fields:
            fields.wrong(f"no {key}", f"the keys {', '.join(wanted)}")
    fields.day("decided")
    fields.text("why")
    for key in ("edition", "reused"):
        fields.text(key)
    if "names" in fields and (len(fields.texts("names")) < 2 or not all(_names(kind, fields))):
        fields.wrong(f"names of {len(fields.items('names'))}", "at least two names")
    elif not all(_names(kind, fields)):
        fields.wrong("a name without letters or digits", "names of organizations")
    if "reused" in fields and kind != "renamed":
        fields.wrong("reused", "it in [[renamed]] alone")


def _names(kind: str, fields: Fields) -> list[str]:
    """Return all names of an entry in folded form; what the others stand for comes last."""
    texts = list(fields.texts("names")) if "names" in fields else [fields.text("name")]
    texts += [fields.text(key) for key in ("to", "into", "of") if key in fields]
    return [squeezed_name(text) for text in texts]


def _contradictions(reading: _Reading) -> Iterator[Problem]:
    """Yield names that are decided to be the same and to be distinct."""
    aliases = Aliases(tuple(reading.same))
    for where, names in reading.distinct.items():
        if any(
            one != other and aliases.current(one, "") == aliases.current(other, "")
            for one, other in combinations(sorted(names), 2)
        ):
            yield Problem(where, "names that other entries say are the same", "one or the other")
