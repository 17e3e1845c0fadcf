"""Known footprints: how many cores an organization runs, where that is public.

A band such as "1 million or more cores" says little about its largest clouds, and they carry
most of a total. A published figure says more; it replaces the band of that organization's
answer in that edition. Figures that are not public belong in a file of one's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from survey.checked import checked
from survey.codebook.fields import Fields, read_toml
from survey.codebook.question import Band
from survey.dataclass import dataclass
from survey.errors import CodebookError, Problem

__all__ = ["PublishedFigure", "read_footprints"]

_NEEDED = ("organization", "edition", "cores", "source")
_OPTIONAL = ("also", "at_least", "confidence", "note")
_CONFIDENCE = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """The compute cores of one organization in one edition, as published.

    Attributes
    ----------
    organization
        Name of the organization.
    edition
        Edition for which the figure holds.
    cores
        Compute cores in all of its OpenStack deployments together.
    source
        Where it was published.
    at_least
        Whether the figure is a lower bound.
    also
        Other names of the organization.
    confidence
        ``"high"``, ``"medium"`` or ``"low"``: how well the source is known.
    note
        What a reader must know.

    Examples
    --------
    >>> PublishedFigure("Example", "2023", 1_000_000, "a talk", at_least=True).band
    Band(low=1000000, high=None)
    """

    organization: str
    edition: str
    cores: int
    source: str
    at_least: bool = False
    also: tuple[str, ...] = ()
    confidence: str = "high"
    note: str = ""

    @property
    def band(self) -> Band:
        """The figure as an interval."""
        return Band(self.cores, None if self.at_least else self.cores)

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the organization, the usual one first."""
        return (self.organization, *self.also)


@checked(CodebookError)
def read_footprints(*paths: Path | str) -> tuple[PublishedFigure, ...]:
    """Return the footprints that are public, and those of further files.

    Parameters
    ----------
    paths
        Files with ``[[footprints]]`` tables. A later entry for the same organization and
        edition replaces an earlier one.

    Raises
    ------
    CodebookError
        If a file cannot be read or is wrong; the error lists every mistake of every file.

    Examples
    --------
    >>> [known.organization for known in read_footprints() if known.edition == "2023"]
    ['LINE', 'OVH']
    """
    problems: list[Problem] = []
    known: dict[tuple[str, str], PublishedFigure] = {}
    with as_file(files("survey.codebook").joinpath("data/known_footprints.toml")) as shipped:
        for path in (shipped, *map(Path, paths)):
            for found in _footprints(path, problems):
                known[found.organization.casefold(), found.edition] = found
    if problems:
        raise CodebookError("The known footprints cannot be used", problems)
    return tuple(known.values())


def _footprints(path: Path, problems: list[Problem]) -> Iterator[PublishedFigure]:
    document = read_toml(path, problems)
    if document is None:
        return
    entries = document.get("footprints")
    if not isinstance(entries, list):
        problems.append(Problem(path.name, "no [[footprints]]", "one [[footprints]] per figure"))
        return
    for number, entry in enumerate(entries, start=1):
        known = _footprint(Fields(f"{path.name}, footprint {number}", entry, problems))
        if known is not None:
            yield known


def _footprint(fields: Fields) -> PublishedFigure | None:
    before = len(fields.problems)
    fields.only((*_NEEDED, *_OPTIONAL))
    lacking = [key for key in _NEEDED if key not in fields]
    if lacking:
        fields.wrong(f"no {', '.join(lacking)}", "every footprint to have them")
    cores = fields.number("cores") or 0
    if "cores" in fields and (cores < 1 or cores != int(cores)):
        fields.wrong(f"cores = {cores}", "a whole number from 1")
    confidence = fields.text("confidence") or "high"
    if confidence not in _CONFIDENCE:
        expected = f"one of {', '.join(_CONFIDENCE)}"
        fields.wrong(f"confidence = {confidence!r}", expected)
    known = PublishedFigure(
        organization=fields.text("organization"),
        edition=fields.text("edition"),
        cores=int(cores),
        source=fields.text("source"),
        at_least=fields.flag("at_least"),
        also=fields.texts("also"),
        confidence=confidence,
        note=fields.text("note"),
    )
    return known if len(fields.problems) == before else None
