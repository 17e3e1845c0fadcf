"""The rows of a cross-tabulation: all pairs of questions from one set of products."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.estimates.design.arguments import Asked
from survey.estimates.design.sample import Sample
from survey.estimates.precision.discovery import NOT_COMPARABLE, TESTED_FROM, TOO_FEW, adjusted
from survey.estimates.precision.gathered import Gathered, Unsettled
from survey.estimates.precision.imprecision import REVIEWS, RULES
from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import Precision, unsettled_precision, wilson_size
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
_OF_UNITS: Final = (
    "count",
    "value",
    "low",
    "high",
    "n_eff",
    "deff",
    "clusters",
    "se",
    "imprecise_because",
    "check",
    "weighted_base",
)
"""Columns that say nothing of a cell without units."""


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
    table = _numbers(plan, questions, groupings, banner, products)
    texts = {name: _texts(_TEXTS[name], table[name]) for name in table if name in _TEXTS}
    labels = _labels(banner, questions, down, across)
    place = list(table).index("declined") + 1 if "declined" in table else len(table)
    named = table | texts
    before = {name: named[name] for name in list(table)[:place]}
    return pd.DataFrame(labels | before | _of_answers(banner, questions) | named, copy=False)


def _numbers(
    plan: CrossPlan,
    questions: Sequence[Indicator],
    groupings: Sequence[Grouping],
    banner: Banner,
    products: Products,
) -> _Columns:
    """Return the columns of all questions, one below the other."""
    missing = nowhere(
        plan.sample,
        np.concatenate([each.offered for each in questions], axis=1),
        np.concatenate([each.absent for each in questions], axis=1),
        banner.grouping,
    )
    ends = np.cumsum([0, *(len(each.answers) for each in questions)]).tolist()
    many, table = len(banner.place), _Columns()
    waiting, tested = Unsettled(), Gathered()
    for question, (start, end) in zip(questions, pairwise(ends), strict=True):
        answers, place = slice(start, end), many * start
        cells = products.crossed(answers)
        pooled = pooled_effect(cells.own)
        own = unsettled_precision(cells.own, waiting, plan.asked.level, pooled=pooled, place=place)
        columns = _cells(plan, cells.own, own, [each[:, answers] for each in missing])
        columns |= _declined(plan, question, banner) | _of_statistics(plan, cells)
        if "verdict" in plan.stats:
            _test_later(tested, place, plan, cells, own.wilson)
        if "letters" in plan.stats:
            columns |= _letters(plan, question, groupings)
        for name, values in columns.items():
            if name not in table:
                table[name] = np.empty(many * ends[-1], values.dtype)
            table[name][place : many * end].reshape(values.shape)[...] = values
    _settle(table, waiting, plan.asked.level)
    if "verdict" in plan.stats:
        _judge(table, tested, plan.rate)
    return table


def _cells(plan: CrossPlan, own: Cells, precision: Precision, never: Sequence[Flags]) -> _Columns:
    """Return the columns of one question, columns x answers, without what waits."""
    not_offered, not_available = never
    status = np.where(own.base > 0, np.int8(0), np.int8(2))
    status[not_offered], status[not_available] = 3, 4
    with np.errstate(invalid="ignore"):
        deff = own.base / precision.effective
    columns: _Columns = {
        "count": own.count,
        "base": own.base,
        "value": own.share,
        "low": precision.limits.low,
        "high": precision.limits.high,
        "status": status,
        "n_eff": precision.effective,
        "deff": deff,
        "clusters": own.clusters,
        "se": precision.se,
        "imprecise_because": precision.rule.astype(np.int8),
        "check": np.zeros(status.shape, dtype=np.int8),
    }
    if plan.weight is not None:
        columns["weighted_base"] = own.weighted_base
    return columns


def _settle(table: _Columns, waiting: Unsettled, level: float) -> None:
    """Put in what waited, and take out numbers of cells that have none."""
    rule, review, status = (table[name] for name in ("imprecise_because", "check", "status"))
    waiting.settle(Limits(table["low"], table["high"]), rule, review, level, len(status))
    unknown = np.flatnonzero(status)
    for name, values in table.items():
        if name in _OF_UNITS:
            values[unknown] = np.nan if values.dtype.kind == "f" else 0
    table["base"][status > 2] = 0
    status[rule > 0] = 1


def _declined(plan: CrossPlan, question: Indicator, banner: Banner) -> _Columns:
    declined = declined_in(plan.sample, question, banner.grouping)
    return {"declined": np.repeat(declined[:, None], len(question.answers), axis=1)}


def _of_statistics(plan: CrossPlan, cells: Crossed) -> _Columns:
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
        found["few"] = (fewest > 0) & (fewest < TESTED_FROM)
    return found


def _ratio(part: Floats, whole: Floats) -> Floats:
    out = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))


def _test_later(
    tested: Gathered, place: int, plan: CrossPlan, cells: Crossed, size: Floats
) -> None:
    """Gather what the tests of no difference from the rest need, where there is enough to test.

    ``size`` is what Wilson's interval of the share is taken at.
    """
    own, rest = cells.own, cells.rest
    spread = np.sqrt(own.variance * rest.variance)
    correlation = np.divide(
        cells.covariance, spread, out=np.zeros_like(spread), where=spread > _NO_SPREAD / 2
    )
    where = np.minimum(own.base, rest.base) >= TESTED_FROM
    other = wilson_size(rest, plan.asked.level)
    tested.add(place, where, rest.share, other, own.share, size, np.clip(correlation, -1.0, 1.0))


def _judge(table: _Columns, tested: Gathered, rate: float) -> None:
    """Put in verdicts that control false discoveries over the whole table."""
    difference, few = table["difference"], table.pop("few")
    p_value = np.full(len(few), np.nan)
    for places, *arguments in tested.blocks(len(few)):  # they are tested in blocks
        p_value[places] = difference_p_value(*arguments)
    known = table["status"] < 2
    p_value[~known] = np.nan
    p_adjusted = adjusted(p_value)
    tests = np.flatnonzero(~np.isnan(p_adjusted))
    verdict = np.where(few & known, np.int8(3), np.int8(4))
    clear = np.where(difference[tests] > 0, np.int8(1), np.int8(2))
    verdict[tests] = np.where(p_adjusted[tests] <= rate, clear, np.int8(0))
    difference[verdict == 4] = np.nan
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
        codes.astype(np.intp, copy=False), allow_fill=True, fill_value=np.nan
    )
