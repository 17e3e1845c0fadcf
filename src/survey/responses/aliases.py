"""What people decided about organizations: a dated, version-controlled alias file.

::

    [[same]]                        # other names of one organization, at all times
    names = ["Example Telco", "ExTel"]
    decided = 2024-09-01
    why = "renamed in 2019"

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
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.names import squeezed_name

__all__ = ["Aliases", "read_aliases"]

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "same": ("names", "decided"),
    "merged": ("names", "into", "edition", "decided"),
    "split": ("name", "of", "edition", "decided"),
    "distinct": ("names", "decided"),
}
_OPTIONAL = ("why",)


@dataclass(frozen=True, slots=True)
class _Dated:
    """From ``edition`` on (or before it, if not ``onwards``), one name stands for another."""

    name: str
    stands_for: str
    edition: str
    onwards: bool


@dataclass(frozen=True)
class Aliases:
    """Decisions about names, in folded form.

    Attributes
    ----------
    same_names
        Pairs of names of one organization.
    distinct_names
        Pairs that look alike and are not the same.
    """

    same_names: tuple[tuple[str, str], ...] = ()
    distinct_names: frozenset[frozenset[str]] = frozenset()
    dated: tuple[_Dated, ...] = ()

    def current(self, squeezed: str, edition: str) -> str:
        """Return the name that ``squeezed`` stands for in ``edition``."""
        for rule in self.dated:
            applies = edition >= rule.edition if rule.onwards else edition < rule.edition
            if squeezed == rule.name and applies:
                return rule.stands_for
        return squeezed


def read_aliases(path: Path) -> Aliases:
    """Read an alias file.

    Raises
    ------
    ResponsesError
        If the file is wrong; the error lists every mistake.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ResponsesError(
            f"{path.name} cannot be read", [Problem(path.name, str(error), "valid TOML in UTF-8")]
        ) from None
    problems = _problems(path.name, document)
    if problems:
        raise ResponsesError(f"{path.name} cannot be used", problems)
    return Aliases(
        tuple(
            pair
            for entry in document.get("same", ())
            for pair in pairwise(map(squeezed_name, entry["names"]))
        ),
        frozenset(
            frozenset(map(squeezed_name, entry["names"])) for entry in document.get("distinct", ())
        ),
        (*_merged(document), *_split(document)),
    )


def _merged(document: Mapping[str, Any]) -> tuple[_Dated, ...]:
    return tuple(
        _Dated(squeezed_name(name), squeezed_name(entry["into"]), entry["edition"], True)
        for entry in document.get("merged", ())
        for name in entry["names"]
    )


def _split(document: Mapping[str, Any]) -> tuple[_Dated, ...]:
    return tuple(
        _Dated(squeezed_name(entry["name"]), squeezed_name(entry["of"]), entry["edition"], False)
        for entry in document.get("split", ())
    )


def _problems(name: str, document: Mapping[str, Any]) -> list[Problem]:
    problems = [
        Problem(name, f"[[{kind}]]", f"one of {', '.join(_NEEDED)}", did_you_mean(kind, _NEEDED))
        for kind in document
        if kind not in _NEEDED
    ]
    for kind, needed in _NEEDED.items():
        for number, entry in enumerate(document.get(kind, ()), start=1):
            problems.extend(_entry_problems(f"{name}, [[{kind}]] {number}", entry, needed))
    return problems


def _entry_problems(where: str, entry: Mapping[str, Any], needed: tuple[str, ...]) -> list[Problem]:
    known = (*needed, *_OPTIONAL)
    problems = [
        Problem(where, f"no {key}", f"the keys {', '.join(needed)}")
        for key in needed
        if key not in entry
    ]
    problems += [
        Problem(where, f"the key {key!r}", f"one of {', '.join(known)}", did_you_mean(key, known))
        for key in entry
        if key not in known
    ]
    names = entry.get("names", ["-", "-"])
    if (
        not isinstance(names, list)
        or len(names) < 2
        or not all((isinstance(name, str) and squeezed_name(name)) or name == "-" for name in names)
    ):
        problems.append(Problem(where, f"names = {names!r}", "at least two names"))
    if "decided" in entry and not isinstance(entry["decided"], date):
        problems.append(Problem(where, f"decided = {entry['decided']!r}", "a date: 2024-09-01"))
    if "edition" in entry and not isinstance(entry["edition"], str):
        problems.append(Problem(where, f"edition = {entry['edition']!r}", 'text: "2022"'))
    return problems
