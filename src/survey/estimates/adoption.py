"""Adoption: shares of releases over the months since each of them came out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook.releases import Calendar
from survey.errors import EstimateError
from survey.estimates.sample import draw
from survey.estimates.share import share
from survey.estimates.table import Estimates
from survey.responses import Responses

__all__ = ["adoption"]

_CONCEPT = "releases_in_use"
_DAYS_A_MONTH = 365.2425 / 12


@checked(EstimateError)
def adoption(
    answers: Responses,
    *,
    level: float = 0.95,
    cluster: str | None = "organization",
    copies: bool = False,
) -> Estimates:
    """Return the share of clouds on each release, aligned by months since the release.

    Parameters
    ----------
    answers
        Typed answers of several editions.
    level, cluster, copies
        As in :func:`share`.

    Returns
    -------
    Estimates
        The table of :func:`share` by edition, with a column ``months``: from the day of the
        release to the median day on which the edition's records were last changed. Missing for
        what is no release (trunk), and where a release was not out yet.

    Raises
    ------
    ResponsesError
        If none of the editions asks for releases.

    Notes
    -----
    Releases are compared at the same age. A release that an edition did not offer has no share
    in it, whatever its age: a gap, never a zero.

    Examples
    --------
    >>> adoption(answers).frame[["edition", "answer", "months", "value"]]  # doctest: +SKIP
    """
    table = share(answers, _CONCEPT, by="edition", level=level, cluster=cluster, copies=copies)
    days = _days(answers, copies=copies)
    frame = table.frame
    months = [
        _months(answers.codebook.calendar, str(answer), days.get(str(edition)))
        for edition, answer in zip(frame["edition"], frame["answer"], strict=True)
    ]
    return replace(
        table.with_frame(frame.assign(months=np.array(months, dtype=np.float64))),
        spec=replace(table.spec, statistic="adoption"),
        title=f"{table.title}: by months since the release",
        notes=(
            "Age: from the day of the release to the median day on which records were last "
            "changed.",
            *table.notes,
        ),
    )


def _days(answers: Responses, *, copies: bool) -> dict[str, pd.Timestamp]:
    """Return the median day of the records of each edition."""
    sample = draw(answers, answers.question(_CONCEPT).unit, copies=copies)
    people = answers.respondents
    stamps = pd.to_datetime(people["edited"]).fillna(pd.to_datetime(people["created"]))
    medians = stamps.groupby(people["edition"].astype(str)).median()
    return {name: medians[name] for name in sample.editions if name in medians.index}


def _months(calendar: Calendar, label: str, day: pd.Timestamp | None) -> float:
    found = calendar.find(label)
    if found is None or day is None or pd.isna(day):
        return np.nan
    months = (day.date() - found.released).days / _DAYS_A_MONTH
    return float(round(months, 1)) if months >= 0 else np.nan
