"""The rows of a cross-tabulation: all pairs of questions from one set of products."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.estimates.design.arguments import Asked
from survey.estimates.design.sample import Sample
from survey.estimates.precision.discovery import NOT_COMPARABLE, TESTED_FROM, TOO_FEW, adjusted
from survey.estimates.precision.imprecision import REVIEWS, RULES
from survey.estimates.precision.intervals import unified
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import (
    Precision,
    precision_but_rare,
    wilson_size,
)
from survey.estimates.shares.banner import (
    HIGHER,
    LOWER,
    NO_CLEAR,
    Banner,
    alphabet,
    banner_of,
    letters,
    versus_each,
)
from survey.estimates.shares.selection import shown
from survey.estimates.table import Status
from survey.estimates.tabulation.counting import count, declined_in, nowhere
from survey.estimates.tabulation.crossed import Crossed, Products
from survey.estimates.tabulation.grouping import Grouping, group_by
from survey.estimates.tabulation.indicator import Indicator, read_indicator
from survey.estimates.tabulation.products import wide_table
from survey.estimates.tabulation.sums import Cells

__all__ = ["CrossPlan", "cross_rows"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
_Columns = dict[str, npt.NDArray[Any]]

_NO_SPREAD = 1e-15
_STATUSES: Final = (
    Status.OK,
    Status.IMPRECISE,
    Status.EMPTY,
    Status.NOT_OFFERED,
    Status.NOT_AVAILABLE,
)
_VERDICTS: Final = (NO_CLEAR, HIGHER, LOWER, TOO_FEW, NOT_COMPARABLE)
_TEXTS: Final = {
    "status": tuple(each.value for each in _STATUSES),
    "imprecise_because": RULES,
    "check": REVIEWS,
    "verdict": _VERDICTS,
}
"""Columns of texts that are numbers until the table is complete."""


class _Gathered:
    """Cells of which something is computed once the cells of all questions are there."""

    def __init__(self) -> None:
        self._places: list[Ints] = []
        self._values: list[tuple[Floats, ...]] = []

    def add(self, start: int, where: Flags, *values: Floats) -> None:
        """Add some cells of a question whose first cell is in the row ``start``."""
        self._places.append(start + np.flatnonzero(where))
        self._values.append(tuple(each[where] for each in values))

    def together(self) -> tuple[Any, ...]:
        """Return the rows of the cells, and their values."""
        values = zip(*self._values, strict=True)
        return np.concatenate(self._places), *map(np.concatenate, values)


@dataclass(frozen=True)
class CrossPlan:
    """What all tables of a cross-tabulation share."""

    asked: Asked
    sample: Sample
    stats: tuple[str, ...]
    weight: Floats | None
    rate: float

    @property
    def organizations(self) -> bool:
        """Whether organizations are counted."""
        return self.asked.unit is Unit.ORGANIZATION


def cross_rows(plan: CrossPlan, down: Sequence[str], across: Sequence[str]) -> pd.DataFrame:
    """Return one row per question, column and answer.

    Columns: ``question``, ``banner``, ``group`` and ``answer``, those of :func:`share`, and those
    of the statistics asked for.
    """
    groupings = [group_by(plan.sample, name) for name in across]
    banner = banner_of(groupings, len(plan.sample))
    questions = [shown(read_indicator(plan.sample, name), plan.asked.base) for name in down]
    products = Products(
        plan.sample,
        banner.own,
        banner.rest,
        wide_table(plan.sample, down, plan.asked.base),
        plan.weight,
        organizations=plan.organizations,
    )
    missing = nowhere(
        plan.sample,
        np.concatenate([each.offered for each in questions], axis=1),
        np.concatenate([each.absent for each in questions], axis=1),
        banner.grouping,
    )
    many, end = len(banner.place), 0
    rows = many * sum(len(each.answers) for each in questions)
    table: _Columns = {}
    rare, tested = _Gathered(), _Gathered()
    for question in questions:
        start, end = end, end + len(question.answers)
        answers, place = slice(start, end), many * start
        cells = products.crossed(answers)
        own = precision_but_rare(
            cells.own, plan.asked.level, "auto", pooled_effect(cells.own), table=rows
        )
        presence = _Presence.of(cells.own, *(each[:, answers] for each in missing))
        columns = _cells(plan, cells.own, own, presence)
        columns |= _declined(plan, question, banner) | _of_statistics(plan, cells, presence.known)
        rare.add(place, own.rare & presence.known, cells.own.share, own.size)
        if "verdict" in plan.stats:
            _test_later(tested, place, plan, cells, np.where(presence.known, own.wilson, np.nan))
        if "letters" in plan.stats:
            columns |= _letters(plan, question, groupings)
        for name, values in columns.items():
            if name not in table:
                table[name] = np.empty(rows, values.dtype)
            table[name][place : many * end] = values.ravel()
    places, share, size = rare.together()
    table["low"][places], table["high"][places] = unified(share, size, plan.asked.level, rows)
    if "verdict" in plan.stats:
        _judge(table, tested, plan.rate)
    texts = {name: _texts(_TEXTS[name], table[name]) for name in table if name in _TEXTS}
    labels = _labels(banner, questions, down, across)
    place = list(table).index("declined") + 1 if "declined" in table else len(table)
    named = table | texts
    before = {name: named[name] for name in list(table)[:place]}
    return pd.DataFrame(labels | before | _of_answers(banner, questions) | named, copy=False)


class _Presence(NamedTuple):
    """Which cells have units, and which could not have any."""

    known: Flags
    not_offered: Flags
    not_available: Flags

    @classmethod
    def of(cls, own: Cells, not_offered: Flags, not_available: Flags) -> _Presence:
        return cls((own.base > 0) & ~not_offered & ~not_available, not_offered, not_available)


def _cells(plan: CrossPlan, own: Cells, precision: Precision, presence: _Presence) -> _Columns:
    """Return the columns of one question, columns x answers; limits of rare ones are missing."""
    known, not_offered, not_available = presence
    broken = known & (precision.rule > 0)
    status = np.where(own.base > 0, broken, np.int8(2)).astype(np.int8)
    status[not_offered], status[not_available] = 3, 4

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan), dtype=np.float64)

    with np.errstate(invalid="ignore"):
        deff = own.base / precision.effective
    columns: _Columns = {
        "count": np.where(known, own.count, 0).astype(np.int64),
        "base": np.where(not_offered | not_available, 0, own.base).astype(np.int64),
        "value": masked(own.share),
        "low": masked(precision.limits.low),
        "high": masked(precision.limits.high),
        "status": status,
        "n_eff": masked(precision.effective),
        "deff": masked(deff),
        "clusters": np.where(known, own.clusters, 0),
        "se": masked(precision.se),
        "imprecise_because": np.where(broken, precision.rule, 0).astype(np.int8),
        "check": np.where(known, precision.review, 0).astype(np.int8),
    }
    if plan.weight is not None:
        columns["weighted_base"] = masked(own.weighted_base)
    return columns


def _declined(plan: CrossPlan, question: Indicator, banner: Banner) -> _Columns:
    declined = declined_in(plan.sample, question, banner.grouping)
    return {"declined": np.repeat(declined[:, None], len(question.answers), axis=1)}


def _of_statistics(plan: CrossPlan, cells: Crossed, known: Flags) -> _Columns:
    own, rest = cells.own, cells.rest
    # a column and the rest of its banner are all units that are in any column
    found: _Columns = {}
    if "row share" in plan.stats or "total share" in plan.stats:
        given = np.nan_to_num(own.share * own.weighted_base)
        others = np.nan_to_num(rest.share * rest.weighted_base)
    if "row share" in plan.stats:
        found["row_share"] = _ratio(given, given + others)
    if "total share" in plan.stats:
        found["total_share"] = _ratio(given, own.weighted_base + rest.weighted_base)
    if "verdict" in plan.stats:
        fewest = np.minimum(own.base, rest.base)
        found["difference"] = own.share - rest.share
        found["few"] = known & (fewest > 0) & (fewest < TESTED_FROM)
    return found


def _ratio(part: Floats, whole: Floats) -> Floats:
    out = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))


def _test_later(
    tested: _Gathered, place: int, plan: CrossPlan, cells: Crossed, size: Floats
) -> None:
    """Gather what the tests of no difference from the rest need, where there is enough to test.

    ``size`` is what Wilson's interval of a share is taken at, ``nan`` where there is none to show.
    """
    own, rest = cells.own, cells.rest
    spread = np.sqrt(own.variance * rest.variance)
    correlation = np.divide(
        cells.covariance, spread, out=np.zeros_like(spread), where=spread > _NO_SPREAD / 2
    )
    where = (np.minimum(own.base, rest.base) >= TESTED_FROM) & ~np.isnan(size)
    other = wilson_size(rest, plan.asked.level)
    tested.add(place, where, rest.share, other, own.share, size, np.clip(correlation, -1.0, 1.0))


def _judge(table: _Columns, tested: _Gathered, rate: float) -> None:
    """Put in verdicts that control false discoveries over the whole table."""
    few, rises = table.pop("few"), table["difference"] > 0
    places, *arguments = tested.together()
    p_adjusted = np.full(few.shape, np.nan)
    p_adjusted[places] = adjusted(difference_p_value(*arguments))
    with np.errstate(invalid="ignore"):
        verdict = np.where(p_adjusted <= rate, np.where(rises, 1, 2), 0)
    verdict = np.where(np.isnan(p_adjusted), np.where(few, 3, 4), verdict).astype(np.int8)
    table["difference"] = np.where(verdict == 4, np.nan, table["difference"])
    table["p_adjusted"], table["verdict"] = p_adjusted, verdict


def _letters(plan: CrossPlan, question: Indicator, groupings: Sequence[Grouping]) -> _Columns:
    """Compare each pair of columns of each banner."""

    def counter(groups: Grouping) -> Any:
        return count(
            plan.sample,
            question,
            groups,
            plan.asked.base,
            plan.weight,
            organizations=plan.organizations,
        )

    names: list[str] = []
    higher = []
    for grouping in groupings:
        many = grouping.groups.count
        change = versus_each(counter, grouping, len(plan.sample), plan.asked.level)
        first, second = change.halves(change.counted.cells.share)
        clear = adjusted(change.p_value) <= plan.rate
        names += alphabet(many)
        higher.append(letters(clear, second - first > 0, many))
    size = len(question.answers)
    return {
        "letter": np.repeat(np.array(names, dtype=object)[:, None], size, axis=1),
        "higher_than": np.concatenate(higher),
    }


def _labels(
    banner: Banner, questions: Sequence[Indicator], down: Sequence[str], across: Sequence[str]
) -> dict[str, pd.Index[Any]]:
    """Return what each row is of."""
    sizes, columns = [len(each.answers) for each in questions], len(banner.place)
    starts = np.cumsum([0, *sizes])
    groups = [np.repeat(np.arange(columns), size) for size in sizes]
    answers = [np.tile(np.arange(a, b), columns) for a, b in pairwise(starts)]
    group = np.concatenate(groups)
    return {
        "question": _texts(down, np.repeat(np.arange(len(down)), np.array(sizes) * columns)),
        "banner": _texts(across, banner.place[group]),
        "group": _texts(banner.labels, group),
        "answer": _texts(
            [label for each in questions for label in each.answers], np.concatenate(answers)
        ),
    }


def _of_answers(banner: Banner, questions: Sequence[Indicator]) -> dict[str, pd.Index[Any]]:
    """Return the columns that some questions have for their answers, as a matrix its items."""
    names = dict.fromkeys(name for each in questions for name in each.columns)
    found = {}
    for name in names:
        labels: list[str] = []
        codes = []
        for each in questions:
            own = each.columns.get(name, ())
            place = np.arange(len(own)) + len(labels) if own else np.full(len(each.answers), -1)
            codes.append(np.tile(place, len(banner.place)))
            labels += own
        found[name] = _texts(labels, np.concatenate(codes))
    return found


def _texts(labels: Sequence[str], codes: npt.NDArray[Any]) -> pd.Index[Any]:
    """Return texts by number; -1 is none."""
    return pd.Index([str(label) for label in labels]).take(
        codes.astype(np.intp), allow_fill=True, fill_value=np.nan
    )
