"""The few numbers that a reader wants first, taken from the published tables alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.checked import checked
from survey.codebook import Vocabulary
from survey.dataclass import dataclass
from survey.disclosure import Publication
from survey.errors import PublishError
from survey.estimates.notes import OF_THOSE_THAT_ANSWERED
from survey.estimates.table import Estimates, Measure, Status
from survey.publish.format import integer, interval, value_text
from survey.publish.rows import records_of, rows_of, says_nothing

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
    imprecise: bool = False


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which row of which table; ``answer`` None takes the largest share.

    ``shared`` is the label where the interval of another share overlaps that of the largest.
    """

    label: str
    table: str
    answer: str | None = ""
    sensitivity: str = ""
    where: tuple[tuple[str, str], ...] = ()
    shared: str = ""


_MOVING = ("These choices move", "No choice moves")
"""How a sensitivity card begins what it says of its headline."""
_OF_WHO_ANSWERED = "Counted from the answers, without a model; who answered decides it"
_DEPENDS_ON_NO_MODEL = {"share": _OF_WHO_ANSWERED, "nps": _OF_WHO_ANSWERED}
_STATISTIC = {"quantile": "median"}
_VERDICT = {"clear change": "a clear change, ", "could be noise": "no clear change, "}

_PRODUCTION = "Production / Full Operational Use"
_WANTED = (
    _Wanted(
        "Compute cores in {units} in production",
        "compute_cores_total_by_stage",
        sensitivity="production_cores_depends_on",
        where=(("deployment_stage", _PRODUCTION),),
    ),
    _Wanted(
        "Compute cores in the {units} that answered",
        "compute_cores_total",
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
    _Wanted("Most used release", "releases_in_use", None, shared="Among the most used releases"),
    _Wanted(
        "People who operate the median {unit}",
        "team_size_median",
        sensitivity="team_size_median_depends_on",
    ),
    _Wanted("", "new_clouds"),  # its title says since when
    _Wanted("Net promoter score", "nps_by_edition", sensitivity="nps_depends_on"),
)


@checked(PublishError)
def headlines(publication: Publication) -> tuple[Headline, ...]:
    """Return the headlines for which the publication has a number that may be shown."""
    found = (_headline(publication, wanted) for wanted in _WANTED)
    return tuple(headline for headline in found if headline is not None)


def _headline(publication: Publication, wanted: _Wanted) -> Headline | None:
    table = publication.tables.get(wanted.table)
    where = dict(wanted.where)
    row = None if table is None else _row(table, publication.edition, wanted.answer, where)
    if table is None or row is None:
        return None
    limits = interval(table, row["low"], row["high"])
    words = publication.vocabulary
    alone = not wanted.shared or _leads(table, row)
    named = words.fill(wanted.label if alone else wanted.shared) or table.title
    label = named if wanted.answer is not None else f"{named}: {row['answer']}"
    if table.unconfirmed:
        label = f"{label} (not confirmed)"
    return Headline(
        label,
        value_text(table, row["value"]),
        limits,
        "" if row["base"] is None else _base(row["base"], table, words),
        wanted.table,
        table.spec.level,
        _change(publication, table, row),
        _depends(publication.tables.get(wanted.sensitivity))
        or _over_models(table, row)
        or _certain(table, row)
        or _DEPENDS_ON_NO_MODEL.get(table.spec.statistic, ""),
        row["status"] == Status.IMPRECISE,
    )


def _leads(table: Estimates, largest: Mapping[str, Any]) -> bool:
    """Whether the interval of the largest share lies above those of all others beside it."""
    if largest["low"] is None:
        return False
    return not any(
        record["high"] is not None and record["high"] >= largest["low"]
        for record in records_of(table)
        if record["answer"] != largest["answer"] and record.get("edition") == largest.get("edition")
    )


def _change(publication: Publication, table: Estimates, row: Mapping[str, Any]) -> str:
    """Return the number of the edition before, and what a table of changes says of the change.

    Without such a table nothing is said of it: whether intervals overlap is no test.
    """
    edition = publication.edition
    for changes in publication.tables.values():
        found = _tested(table, changes, edition, row)
        if found:
            return found
    earlier = [each for each in table.editions if each < edition]
    within = _within(table, row)
    before = _row(table, earlier[-1], row["answer"], within) if earlier and table.groups else None
    if before is None:
        return ""
    return f"{earlier[-1]}: {value_text(table, before['value'])}"


def _within(table: Estimates, row: Mapping[str, Any]) -> dict[str, str]:
    """Return the groups of a row other than its edition."""
    return {name: str(row[name]) for name in table.groups if name != "edition" and name in row}


def _tested(table: Estimates, changes: Estimates, edition: str, row: Mapping[str, Any]) -> str:
    """Return what a table of changes says of a headline; nothing if it is about another one."""
    options = dict(changes.spec.options)
    about = (changes.spec.concept, options.get("later"), options.get("statistic") or "share")
    same = about == (table.spec.concept, edition, _STATISTIC.get(*[table.spec.statistic] * 2))
    within = _within(table, row)
    if not same or set(changes.groups) != set(within) or "verdict" not in changes.frame:
        return ""
    for record in records_of(changes):
        if any(str(record[name]) != label for name, label in within.items()):
            continue
        named = record["answer"] == str(row["answer"]) or changes.measure is not Measure.DIFFERENCE
        if named and record["value"] is not None and record.get("earlier") is not None:
            by = interval(changes, record["low"], record["high"])
            before = value_text(table, _shown_before(table, str(options["earlier"]), record))
            change = f"{value_text(changes, record['value'])} ({by})" if by else ""
            return f"{options['earlier']}: {before}; {_VERDICT.get(record['verdict'], '')}{change}"
    return ""


def _shown_before(table: Estimates, edition: str, change: Mapping[str, Any]) -> float:
    """Return the number of the edition before, as the headline's own table prints it."""
    within = _within(table, change)
    one = "edition" in table.groups and len(within) == len(table.groups) - 1
    own = _row(table, edition, str(change["answer"]), within) if one else None
    return float(change["earlier"] if own is None else own["value"])


def _certain(table: Estimates, row: Mapping[str, Any]) -> str:
    """Return what holds without a model, where the table says it."""
    limits = (row.get("lower_bound"), row.get("upper_bound"))
    said = "" if limits[0] is None else interval(table, *limits)
    return f"Certain without a model: {said}" if said else ""


def _depends(table: Estimates | None) -> str:
    """Return between which numbers other decisions would have put the headline, and which ones."""
    known = [] if table is None else [r["value"] for r in records_of(table)]
    values = [value for value in known if value is not None]
    if table is None or len(values) < 2:
        return ""
    said = [note for note in table.notes if note.startswith(_MOVING)]
    other = f"Other decisions give {interval(table, min(values), max(values))}"
    return ". ".join([other, *said])


def _over_models(table: Estimates, row: Mapping[str, Any]) -> str:
    """Say whether another model of what lies inside the bands leaves the interval.

    The table holds the range: its models were fitted to the published counts.
    """
    least, most = row.get("models_low"), row.get("models_high")
    if least is None or most is None or row["low"] is None or row["high"] is None:
        return ""
    wider = least < row["low"] or most > row["high"]
    where = "outside its interval" if wider else "inside its interval"
    return (
        f"{OF_THOSE_THAT_ANSWERED} "
        f"Other models of sizes inside the bands give {interval(table, least, most)}, {where}"
    )


def _base(count: float, table: Estimates, words: Vocabulary) -> str:
    return f"{integer(count)} {words.noun(table.spec.unit, 1 if count == 1 else 2)}"


def _row(
    table: Estimates, edition: str, answer: str | None, where: Mapping[str, str]
) -> Mapping[str, Any] | None:
    found = [
        record
        for row, record in zip(rows_of(table), records_of(table), strict=True)
        if record["value"] is not None
        and not says_nothing(table, row)
        and ("edition" not in table.groups or record["edition"] == edition)
        and (not answer or record["answer"] == answer)
        and all(str(record.get(name)) == label for name, label in where.items())
    ]
    if answer is None:
        return max(found, key=lambda record: record["value"], default=None)
    return next(iter(found), None)
