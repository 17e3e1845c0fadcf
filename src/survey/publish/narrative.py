"""The few numbers that a reader wants first, taken from the published tables alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.checked import checked
from survey.disclosure import Publication
from survey.errors import PublishError
from survey.estimates.table import Estimates
from survey.publish.format import count_text, interval, value_text
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which row of which table; ``answer`` None takes the largest share."""

    label: str
    table: str
    answer: str | None = ""


_WANTED = (
    _Wanted("Compute cores in the clouds that answered", "compute_cores_total"),
    _Wanted("Compute cores of the median cloud", "compute_cores_median"),
    _Wanted("Clouds in production", "deployment_stage", "Production / Full Operational Use"),
    _Wanted("Most used release", "releases_in_use", None),
    _Wanted("People who operate the median cloud", "team_size_median"),
    _Wanted("New clouds", "new_clouds"),
    _Wanted("Net promoter score", "nps_by_edition"),
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
    label = wanted.label if wanted.answer is not None else f"{wanted.label}: {row['answer']}"
    return Headline(
        label,
        value_text(table, row["value"]),
        limits,
        "" if row["base"] is None else count_text(row["base"], table.spec.unit.value),
        wanted.table,
        table.spec.level,
    )


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
