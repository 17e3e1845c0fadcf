"""The rows of a cross-tabulation: all pairs of questions from one set of products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from survey.estimates.precision.imprecision import REVIEWS, RULES
from survey.estimates.precision.p_values import difference_p_value
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import precision_of, wilson_size
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
    for question in questions:
        start, end = end, end + len(question.answers)
        answers = slice(start, end)
        nowhere_at_all = [each[:, answers] for each in missing]
        columns = _cells(plan, banner, question, products.crossed(answers), nowhere_at_all)
        if "letters" in plan.stats:
            columns |= _letters(plan, question, groupings)
        for name, values in columns.items():
            if name not in table:
                table[name] = np.empty(rows, values.dtype)
            table[name][many * start : many * end] = values.ravel()
    if "verdict" in plan.stats:
        _judge(table, plan.rate)
    texts = {name: _texts(_TEXTS[name], table[name]) for name in table if name in _TEXTS}
    labels = _labels(banner, questions, down, across)
    place = list(table).index("declined") + 1 if "declined" in table else len(table)
    named = table | texts
    before = {name: named[name] for name in list(table)[:place]}
    return pd.DataFrame(labels | before | _of_answers(banner, questions) | named, copy=False)


def _cells(
    plan: CrossPlan,
    banner: Banner,
    question: Indicator,
    cells: Crossed,
    missing: Sequence[Flags],
) -> _Columns:
    """Return the columns of one question, columns x answers."""
    own, level = cells.own, plan.asked.level
    precision = precision_of(own, level, "auto", pooled_effect(own))
    not_offered, not_available = missing
    status = np.where(own.base > 0, 0, 2)
    status[not_offered], status[not_available] = 3, 4
    known = status == 0
    broken = known & (precision.rule > 0)
    status[broken] = 1

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan), dtype=np.float64)

    with np.errstate(invalid="ignore"):
        deff = own.base / precision.effective
    declined = declined_in(plan.sample, question, banner.grouping)
    columns: _Columns = {
        "count": np.where(known, own.count, 0).astype(np.int64),
        "base": np.where(not_offered | not_available, 0, own.base).astype(np.int64),
        "value": masked(own.share),
        "low": masked(precision.limits.low),
        "high": masked(precision.limits.high),
        "status": status.astype(np.int8),
        "n_eff": masked(precision.effective),
        "deff": masked(deff),
        "clusters": np.where(known, own.clusters, 0),
        "se": masked(precision.se),
        "imprecise_because": np.where(broken, precision.rule, 0).astype(np.int8),
        "check": np.where(known, precision.review, 0).astype(np.int8),
    }
    if plan.weight is not None:
        columns["weighted_base"] = masked(own.weighted_base)
    columns["declined"] = np.broadcast_to(declined[:, None], known.shape)
    return columns | dict(_parts_and_tests(plan, cells, known, precision.wilson))


def _parts_and_tests(
    plan: CrossPlan, cells: Crossed, known: Flags, size: Floats
) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    own, rest = cells.own, cells.rest
    # a column and the rest of its banner are all units that are in any column
    given, every = (
        np.nan_to_num(own.share * own.weighted_base),
        own.weighted_base + rest.weighted_base,
    )
    if "row share" in plan.stats:
        yield "row_share", _ratio(given, given + np.nan_to_num(rest.share * rest.weighted_base))
    if "total share" in plan.stats:
        yield "total_share", _ratio(given, every)
    if "verdict" in plan.stats:
        fewest = np.minimum(own.base, rest.base)
        yield "difference", own.share - rest.share
        yield "p", _p_values(cells, size, known & (fewest >= TESTED_FROM), plan.asked.level)
        yield "few", known & (fewest > 0) & (fewest < TESTED_FROM)


def _ratio(part: Floats, whole: Floats) -> Floats:
    out = np.full(part.shape, np.nan)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))


def _p_values(cells: Crossed, size: Floats, tested: Flags, level: float) -> Floats:
    """Return p-values of no difference from the rest where there is enough to test."""
    own, rest = cells.own, cells.rest
    spread = np.sqrt(own.variance * rest.variance)
    correlation = np.divide(
        cells.covariance, spread, out=np.zeros_like(spread), where=spread > _NO_SPREAD / 2
    )
    arguments = (
        rest.share,
        wilson_size(rest, level),
        own.share,
        size,
        np.clip(correlation, -1.0, 1.0),
    )
    found = np.full(tested.shape, np.nan)
    found[tested] = difference_p_value(*(each[tested] for each in arguments))
    return found


def _judge(table: _Columns, rate: float) -> None:
    """Put verdicts that control false discoveries over the whole table in place of p-values."""
    p_adjusted = adjusted(table.pop("p"))
    few, rises = table.pop("few"), table["difference"] > 0
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
