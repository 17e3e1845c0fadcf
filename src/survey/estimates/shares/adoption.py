"""Adoption: shares of releases over the months since each of them came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook.releases import Calendar
from survey.errors import EstimateError
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.exact_note import ExactNote
from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.public_limits import limits_of_shares
from survey.estimates.shares.share import SHARE, point_of_shares, share
from survey.estimates.statistic import Arguments, Column, Noise, Public, Role
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Point, Tabulation
from survey.responses import Responses

__all__ = ["ADOPTION", "adoption"]

_CONCEPT = "releases_in_use"
_DAYS_A_MONTH = 365.2425 / 12


@checked(EstimateError)
def adoption(answers: Responses | Design, **options: Unpack[DesignOptions]) -> Estimates:
    """Return the share of clouds on each release, aligned by months since the release.

    Parameters
    ----------
    answers
        Typed answers of several editions, or a design of them.
    options
        Who counts, and how, as in :func:`share`.

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
    design = design_of(answers, **options)
    table = share(design, _CONCEPT, by="edition")
    assert table.arguments is not None
    days = _days(design)
    kept = {
        **table.arguments.options,
        "months": _ages(design, table, days),
        "months_told": _ages(design, table, days.map(_middle_of_month)),
    }
    arguments = replace(table.arguments, options=MappingProxyType(kept))
    return replace(
        table.with_frame(
            table.frame.assign(
                months=[
                    kept["months"].get((str(edition), str(answer)), np.nan)
                    for edition, answer in zip(
                        table.frame["edition"], table.frame["answer"], strict=True
                    )
                ]
            )
        ),
        spec=replace(table.spec, statistic="adoption"),
        statistic=ADOPTION,
        arguments=arguments,
        title=f"{table.title}: by months since the release",
        notes=(
            ExactNote(
                "Age: from the day of the release to the median day on which records were last "
                "changed.",
                "Age: from the day of the release to the middle of the month that has the median "
                "day on which records were last changed.",
            ),
            *table.notes,
        ),
    )


def _point(table: Tabulation, arguments: Arguments) -> Point:
    """Return the shares, with the age of each release in each edition."""
    found = point_of_shares(table, arguments)
    ages = {
        name: np.array(
            [
                [arguments[name].get((group[0], label), np.nan) for label in found.answers]
                for group in table.groups
            ]
        )
        for name in ("months", "months_told")
    }
    return replace(found, columns={**found.columns, **ages})


def _whole_months(
    point: Point, limits: Limits, arguments: Arguments, noise: Noise
) -> Mapping[str, npt.NDArray[Any]]:
    """Return ages for publication, which tell no more than the month of the median day.

    Rounded ages of twenty releases, each of another day, would tell that day to half a week.
    """
    return {"months": np.rint(np.asarray(point.columns["months_told"], dtype=np.float64))}


def _days(design: Design) -> pd.Series[pd.Timestamp]:
    """Return the median day on which the records of each edition were last changed."""
    people = design.answers.respondents
    stamps = pd.to_datetime(people["edited"]).fillna(pd.to_datetime(people["created"]))
    return stamps.groupby(people["edition"].astype(str)).median()


def _middle_of_month(day: pd.Timestamp) -> pd.Timestamp:
    return day if pd.isna(day) else day.normalize().replace(day=15)


def _ages(
    design: Design, table: Estimates, days: pd.Series[pd.Timestamp]
) -> Mapping[tuple[str, str], float]:
    """Return how many months old each release was on the day of an edition: by both."""
    answers = design.answers
    calendar = answers.codebook.calendar
    return MappingProxyType(
        {
            (edition, label): _months(calendar, label, days.get(edition))
            for edition in answers.editions
            for label in dict.fromkeys(table.frame["answer"].astype(str))
        }
    )


def _months(calendar: Calendar, label: str, day: pd.Timestamp | None) -> float:
    found = calendar.find(label)
    if found is None or day is None or pd.isna(day):
        return np.nan
    months = (day.date() - found.released).days / _DAYS_A_MONTH
    return float(round(months, 1)) if months >= 0 else np.nan


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return adoption(design)


ADOPTION: Final = replace(
    SHARE,
    name="adoption",
    columns=MappingProxyType(
        {**SHARE.columns, "months": Column(Role.TEXT, "months since the release", public=True)}
    ),
    point=_point,
    public=Public(limits_of_shares, _whole_months),
    ask_again=_ask_again,
)
