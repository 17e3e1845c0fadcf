"""The few numbers that a reader wants first, taken from the published tables alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.checked import checked
from survey.codebook import Vocabulary
from survey.disclosure import Publication
from survey.errors import PublishError
from survey.estimates.table import Estimates, Measure
from survey.publish.format import integer, interval, value_text
from survey.publish.rows import records_of

__all__ = ["Headline", "headlines"]


@dataclass(frozen=True, slots=True)
class Headline:
    """One number with its interval and base, and the table that it comes from."""

    label: str
    value: str
    interval: str
    base: str
    table: str
    level: float = 0.95
    change: str = ""
    depends: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which row of which table; ``answer`` None takes the largest share."""

    label: str
    table: str
    answer: str | None = ""
    sensitivity: str = ""


_STATISTIC = {"quantile": "median"}
_VERDICT = {"clear change": "a clear change, ", "could be noise": "no clear change, "}

_WANTED = (
    _Wanted(
        "Compute cores in the {units} that answered",
        "compute_cores_total",
        sensitivity="compute_cores_total_depends_on",
    ),
    _Wanted(
        "Compute cores of the median {unit}",
        "compute_cores_median",
        sensitivity="compute_cores_median_depends_on",
    ),
    _Wanted(
        "{Units} in production",
        "deployment_stage",
        "Production / Full Operational Use",
        sensitivity="production_depends_on",
    ),
    _Wanted("Most used release", "releases_in_use", None),
    _Wanted(
        "People who operate the median {unit}",
        "team_size_median",
        sensitivity="team_size_median_depends_on",
    ),
    _Wanted("New {units}", "new_clouds"),
    _Wanted("Net promoter score", "nps_by_edition", sensitivity="nps_depends_on"),
)


@checked(PublishError)
def headlines(publication: Publication) -> tuple[Headline, ...]:
    """Return the headlines for which the publication has a number that may be shown."""
    found = (_headline(publication, wanted) for wanted in _WANTED)
    return tuple(headline for headline in found if headline is not None)


def _headline(publication: Publication, wanted: _Wanted) -> Headline | None:
    table = publication.tables.get(wanted.table)
    row = None if table is None else _row(table, publication.edition, wanted.answer)
    if table is None or row is None:
        return None
    limits = interval(table, row["low"], row["high"])
    words = publication.vocabulary
    named = words.fill(wanted.label)
    label = named if wanted.answer is not None else f"{named}: {row['answer']}"
    return Headline(
        label,
        value_text(table, row["value"]),
        limits,
        "" if row["base"] is None else _base(row["base"], table, words),
        wanted.table,
        table.spec.level,
        _change(publication, table, row),
        _depends(publication.tables.get(wanted.sensitivity)) or _certain(table, row),
    )


def _change(publication: Publication, table: Estimates, row: Mapping[str, Any]) -> str:
    """Return the number of the edition before, and what a table of changes says of the change.

    Without such a table nothing is said of it: whether intervals overlap is no test.
    """
    edition = publication.edition
    for changes in publication.tables.values():
        found = _tested(table, changes, edition, str(row["answer"]))
        if found:
            return found
    earlier = [each for each in table.editions if each < edition]
    before = _row(table, earlier[-1], row["answer"]) if earlier and table.groups else None
    if before is None:
        return ""
    return f"{earlier[-1]}: {value_text(table, before['value'])}"


def _tested(table: Estimates, changes: Estimates, edition: str, answer: str) -> str:
    """Return what a table of changes says of a headline; nothing if it is about another one."""
    options = dict(changes.spec.options)
    about = (changes.spec.concept, options.get("later"), options.get("statistic") or "share")
    same = about == (table.spec.concept, edition, _STATISTIC.get(*[table.spec.statistic] * 2))
    if not same or changes.groups or "verdict" not in changes.frame:
        return ""
    for record in records_of(changes):
        named = record["answer"] == answer or changes.measure is not Measure.DIFFERENCE
        if named and record["value"] is not None and record.get("earlier") is not None:
            by = interval(changes, record["low"], record["high"])
            before = value_text(table, _shown_before(table, str(options["earlier"]), record))
            change = f"{value_text(changes, record['value'])} ({by})" if by else ""
            return f"{options['earlier']}: {before}; {_VERDICT.get(record['verdict'], '')}{change}"
    return ""


def _shown_before(table: Estimates, edition: str, change: Mapping[str, Any]) -> float:
    """Return the number of the edition before, as the headline's own table prints it."""
    own = _row(table, edition, str(change["answer"])) if table.groups == ("edition",) else None
    return float(change["earlier"] if own is None else own["value"])


def _certain(table: Estimates, row: Mapping[str, Any]) -> str:
    """Return what holds without a model, where the table says it."""
    limits = (row.get("lower_bound"), row.get("upper_bound"))
    said = "" if limits[0] is None else interval(table, *limits)
    return f"Certain without a model: {said}" if said else ""


def _depends(table: Estimates | None) -> str:
    """Return between which numbers other decisions would have put the headline."""
    known = [] if table is None else [r["value"] for r in records_of(table)]
    values = [value for value in known if value is not None]
    if table is None or len(values) < 2:
        return ""
    return f"Other decisions give {interval(table, min(values), max(values))}"


def _base(count: float, table: Estimates, words: Vocabulary) -> str:
    return f"{integer(count)} {words.noun(table.spec.unit, 1 if count == 1 else 2)}"


def _row(table: Estimates, edition: str, answer: str | None) -> Mapping[str, Any] | None:
    found = [
        record
        for record in records_of(table)
        if record["value"] is not None
        and ("edition" not in table.groups or record["edition"] == edition)
        and (not answer or record["answer"] == answer)
    ]
    if answer is None:
        return max(found, key=lambda record: record["value"], default=None)
    return next(iter(found), None)
