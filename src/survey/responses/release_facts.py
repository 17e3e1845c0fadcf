"""What the releases of a cloud say on the day of its answer: age and support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook.release_questions import (
    AGES,
    ENDED,
    LAGS,
    RELEASES,
    SLURP,
    SPREADS,
    SUPPORTED,
    UNKNOWN,
    with_release_questions,
)
from survey.codebook.releases import TRUNK, Calendar, Support
from survey.errors import ResponsesError
from survey.responses.responses import Responses

__all__ = ["release_facts"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Days = npt.NDArray[np.datetime64]


@checked(ResponsesError)
def release_facts(answers: Responses) -> Responses:
    """Return the answers with questions that their releases and their day decide.

    New concepts per deployment: ``newest_release``, ``oldest_release``, ``newest_release_lag``
    and ``oldest_release_lag`` (how many newer releases were out), ``release_spread``,
    ``newest_release_age`` and ``oldest_release_age`` (days since the release, in bands),
    ``newest_release_support`` and ``oldest_release_support`` (how the series was supported),
    ``releases_ended`` (whether none, some or all had reached their end of life) and
    ``slurp_in_use``. All verbs of :mod:`survey.estimates` can ask them.

    The day is that on which the respondent's record was last changed, else created; who named
    no release, or has no day, has no answer. Answers that are no series count in none. A release
    that was not even in development on that day has an unknown lag, age, span and support: the
    calendar of releases or the answer is wrong.

    Examples
    --------
    >>> facts = release_facts(answers)  # doctest: +SKIP
    >>> survey.share(facts, "newest_release_support", by="edition")  # doctest: +SKIP
    """
    if RELEASES not in answers.concepts or "newest_release" in answers.deployments:
        return answers
    calendar = answers.codebook.calendar
    used, day = _used(answers, _order(calendar)), _days(answers)
    columns = _columns(used, day, calendar)
    frame = answers.deployments.assign(
        **{name: _labelled(*column) for name, column in columns.items()}
    )
    book = with_release_questions(answers.codebook)
    presence = answers.presence.following(RELEASES, columns)
    return replace(answers, deployments=frame, codebook=book, presence=presence)


def _order(calendar: Calendar) -> tuple[str, ...]:
    """Return the series, oldest first, trunk last."""
    return (*calendar.names, TRUNK)


def _used(answers: Responses, order: Sequence[str]) -> Flags:
    """Return deployments x series (oldest first, trunk last): whether a cloud runs it."""
    column = answers.column(RELEASES).array
    used = np.zeros((len(column), len(order)), dtype=bool)
    codes, items = np.asarray(column.codes), list(column.dtype.items)
    for place, item in enumerate(items):
        if item in order:
            used[:, order.index(item)] |= codes[:, place] > 0
    return used


def _days(answers: Responses) -> Days:
    """Return the day of each deployment's answer."""
    people = answers.respondents
    stamps = pd.to_datetime(people["edited"]).fillna(pd.to_datetime(people["created"]))
    index = pd.MultiIndex.from_frame(people[["edition", "respondent"]].astype(str))
    key = answers.deployments[["edition", "respondent"]].astype(str)
    place = index.get_indexer(pd.MultiIndex.from_frame(key))
    days = np.append(stamps.to_numpy().astype("datetime64[D]"), np.datetime64("NaT", "D"))
    return np.asarray(days[place])


Column = tuple[Ints, Sequence[str]]


def _columns(used: Flags, day: Days, calendar: Calendar) -> dict[str, Column]:
    """Return codes (-1: no answer) and labels of every derived question."""
    order = _order(calendar)
    released = np.array([each.released for each in calendar.series], dtype="datetime64[D]")
    can_skip = np.array([each.slurp for each in calendar.series] + [False])
    known = used.any(axis=1) & ~np.isnat(day)
    last = used.shape[1] - 1
    newest = np.where(known, last - used[:, ::-1].argmax(axis=1), -1)
    oldest = np.where(known, used.argmax(axis=1), -1)
    out = np.searchsorted(released, np.where(known, day, released[-1]), side="right") - 1
    status = _statuses(used, day, known, calendar)
    ended = (status == _ENDED_CODE).sum(axis=1), used.sum(axis=1)
    ages = [label for label, *_ in AGES]
    found: dict[str, Column] = {}
    for name, series in (("newest", newest), ("oldest", oldest)):
        early = _too_new(series, out, last)
        found |= {
            f"{name}_release": (series, order),
            f"{name}_release_lag": _or_unknown(_capped(out - series, known, LAGS), LAGS, early),
            f"{name}_release_age": _or_unknown(_ages(series, day, known, released), ages, early),
            f"{name}_release_support": (_at(status, series, known), list(SUPPORTED.values())),
        }
    spread = _capped(np.minimum(newest, out + 1) - np.minimum(oldest, out + 1), known, SPREADS)
    early = _too_new(newest, out, last) | _too_new(oldest, out, last)
    some = np.where(ended[0] == 0, 0, np.where(ended[0] == ended[1], 2, 1))
    slurp = np.where((used & can_skip).any(axis=1), 0, 1)
    return found | {
        "release_spread": _or_unknown(spread, SPREADS, early),
        "releases_ended": (np.where(known, some, -1), ENDED),
        "slurp_in_use": (np.where(known, slurp, -1), SLURP),
    }


def _too_new(series: Ints, out: Ints, trunk: int) -> Flags:
    """Return whose release was not even in development: the one before it was not out yet."""
    return np.asarray((series < trunk) & (series > out + 1))


def _or_unknown(code: Ints, labels: Sequence[str], unknown: Flags) -> Column:
    return np.where(unknown, len(labels), code), (*labels, UNKNOWN)


_STATUSES: Final = list(SUPPORTED)
_ENDED_CODE: Final = _STATUSES.index(Support.END_OF_LIFE)


def _statuses(used: Flags, day: Days, known: Flags, calendar: Calendar) -> Ints:
    """Return deployments x series: how each series in use was supported on the day; else -1."""
    found = np.full(used.shape, -1, dtype=np.intp)
    rows, columns = np.nonzero(used & known[:, None])
    order, cache = _order(calendar), dict[tuple[int, Any], int]()
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        key = column, day[row].item()
        if key not in cache:
            cache[key] = _STATUSES.index(calendar.status_on(order[column], key[1]))
        found[row, column] = cache[key]
    return found


def _at(status: Ints, series: Ints, known: Flags) -> Ints:
    return np.where(known, status[np.arange(len(series)), np.maximum(series, 0)], -1)


def _capped(number: Ints, known: Flags, labels: Sequence[str]) -> Ints:
    return np.where(known, np.clip(number, 0, len(labels) - 1), -1)


def _ages(series: Ints, day: Days, known: Flags, out: Days) -> Ints:
    """Return the band of days since the release; trunk has no age."""
    released = np.append(out, np.datetime64("NaT", "D"))[np.maximum(series, 0)]
    days = (day - released).astype(np.float64)
    usable = known & (series < len(out)) & ~np.isnat(released)
    edges = np.array([low for _, low, _ in AGES], dtype=np.float64)
    place = np.searchsorted(edges, np.where(usable, np.maximum(days, 0), 0), side="right") - 1
    return np.where(usable, place, -1).astype(np.intp)


def _labelled(codes: Ints, labels: Sequence[str]) -> Any:
    named = np.array([*labels, None], dtype=object)[codes]
    return pd.Categorical(named, list(labels), ordered=True)
