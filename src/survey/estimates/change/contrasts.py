"""Any weighted sum of the shares of groups, with their covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import title_of
from survey.estimates.design.checks import number, require
from survey.estimates.notes import notes_on
from survey.estimates.precision.contrast import scores_of
from survey.estimates.precision.discovery import TESTED_FROM
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.intervals import Limits, wald
from survey.estimates.precision.precision import precision_of
from survey.estimates.shares.share import Answered, count_answers
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.sums import Cells
from survey.responses import Responses

__all__ = ["contrast"]

Floats = npt.NDArray[np.float64]


@checked(EstimateError)
def contrast(
    answers: Responses | Design,
    concept: str,
    by: str,
    coefficients: Mapping[str, float],
    *,
    items: Sequence[str] | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return a weighted sum of the shares of groups: a difference, a mean, a difference of those.

    Parameters
    ----------
    answers, concept, items, options
        As in :func:`share`.
    by
        The groups: ``"edition"`` or a closed question.
    coefficients
        Group -> the number that its share is multiplied with; groups that are left out have 0.

    Returns
    -------
    Estimates
        One row per answer: ``value`` is the sum, ``base`` the smallest base that it uses,
        ``count`` the units of those groups that gave the answer. Further: ``se``, ``clusters``,
        ``p`` (of a sum of 0) and ``imprecise_because``.

    Raises
    ------
    EstimateError
        If a group is unknown, or all coefficients are 0.

    Notes
    -----
    Groups that share organizations are not independent: scores are added up per organization
    over all groups before they are squared, as ``svycontrast`` of R's ``survey`` has it after
    ``svyby(covmat = TRUE)``. The interval is symmetric, with a Student reference. Where all of
    every group agree the variance cannot be told: the interval is then made of Wilson's of each
    group (Zou and Donner 2008), and there is no ``p``. It treats the
    respondents as a random sample; what the answers cannot decide is whether others in a group
    would have answered like them. Internal.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = contrast(answers(), "deployment_stage", "edition", {"2019": 1, "2018": -1})
    >>> table.frame[["answer", "value"]].round(3).values.tolist()[0]
    ['Production', -0.066]
    """
    design = design_of(answers, **options)
    _check(coefficients)
    usual = {"items": items, "nets": None, "top": None, "interval": "auto"}
    found = count_answers(design, Arguments(concept, (by,), MappingProxyType(usual)))
    named = found.counted.grouping.column(0)
    weight = np.array([float(coefficients.get(name, 0.0)) for name in named])
    _check_groups(coefficients, named, by)
    kept = MappingProxyType({"coefficients": MappingProxyType(dict(coefficients)), "items": items})
    words = " ".join(f"{value:+g} x {name}" for name, value in coefficients.items())
    return table_of(
        CONTRAST,
        design,
        Arguments(concept, (by,), kept),
        found.asked,
        _rows(found, weight),
        names=(),
        title=f"{title_of(design.answers, concept)}: {words}",
        method="linearized by cluster over all groups, Student reference",
        notes=(
            f"The sum of shares {words}. An interval that holds 0 is consistent with none.",
            *notes_on(found.counted, found.asked, concept, design.cluster),
        ),
        several=True,
    )


def _rows(found: Answered, weight: Floats) -> pd.DataFrame:
    counted, shown = found.counted, list(found.selection.shown)
    cells, used = counted.cells, weight != 0
    coefficient = np.broadcast_to(weight[:, None], cells.share.shape)
    scores = scores_of(counted.sums, cells.share, coefficient, 1)
    status = _worst(counted.statuses[used])
    base = cells.base[used].min(axis=0)
    value = np.where(used[:, None], weight[:, None] * np.nan_to_num(cells.share), 0.0).sum(axis=0)
    se, freedom = np.sqrt(scores.variance[0]), scores.freedom[0]
    agree = se == 0
    usual = wald(value, se, freedom, found.asked.level)
    low, high = np.where(agree, _of_limits(cells, weight, value, found.asked.level), usual)
    rule = np.where(status == Status.OK.value, too_few(base, base, freedom), 0)
    status[rule > 0] = Status.IMPRECISE.value
    known = np.isin(status, (Status.OK.value, Status.IMPRECISE.value))
    numbers = {"value": value, "low": low, "high": high, "se": se}
    numbers["p"] = np.where((base < TESTED_FROM) | agree, np.nan, _p_value(value, se, freedom))
    columns: dict[str, Any] = {
        "answer": np.array(counted.indicator.answers, dtype=object),
        "count": cells.count[used].sum(axis=0),
        "base": base,
        **{name: np.where(known, each, np.nan) for name, each in numbers.items()},
        "status": status,
        "clusters": np.where(known, scores.cluster_count[0], 0).astype(np.intp),
        "imprecise_because": np.array(RULES, dtype=object)[rule],
    }
    names = ["answer", "count", "base", "value", "low", "high", "status"]
    rows = pd.DataFrame(columns).iloc[shown].reset_index(drop=True)
    return rows[[*names, *(name for name in rows if name not in names)]]


def _of_limits(cells: Cells, weight: Floats, value: Floats, level: float) -> Limits:
    """Return limits from those of each group, which know that agreement can be chance (MOVER)."""
    low, high = precision_of(cells, level, "wilson").limits
    down, up = weight[:, None] * (cells.share - low), weight[:, None] * (high - cells.share)
    rising = weight[:, None] > 0
    below = np.nansum(np.where(rising, down, up) ** 2, axis=0)
    above = np.nansum(np.where(rising, up, down) ** 2, axis=0)
    return Limits(value - np.sqrt(below), value + np.sqrt(above))


def _worst(statuses: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return ``ok`` where every group has the share, else why one of them has not."""
    found = np.full(statuses.shape[1], Status.OK.value, dtype=object)
    for row in statuses:
        found = np.where(row == Status.OK.value, found, row)
    return found


def _p_value(value: Floats, se: Floats, freedom: Floats) -> Floats:
    from scipy.special import stdtr

    ratio = np.divide(np.abs(value), se, out=np.full(len(se), np.nan), where=se > 0)
    return np.asarray(2 * stdtr(np.where(freedom > 0, freedom, np.nan), -ratio))


def _check(coefficients: Mapping[str, float]) -> None:
    if not isinstance(coefficients, Mapping):
        wanted = "group -> number, such as {'2024': 1, '2023': -1}"
        problem = Problem("coefficients", repr(coefficients), wanted)
        raise EstimateError("Cannot add shares up", [problem])
    problems = [
        each
        for name, value in coefficients.items()
        for each in number(f"coefficients, {name!r}", value, "a number")
    ]
    if not problems and not any(coefficients.values()):
        problems.append(Problem("coefficients", repr(dict(coefficients)), "one that is not 0"))
    require("Cannot add shares up", problems)


def _check_groups(
    coefficients: Mapping[str, float], named: npt.NDArray[np.object_], by: str
) -> None:
    known = [str(name) for name in named]
    problems = [
        Problem("coefficients", repr(name), f"a group of {by!r}", did_you_mean(str(name), known))
        for name in coefficients
        if name not in known
    ]
    require("Cannot add shares up", problems)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return contrast(design, arguments.concept, arguments.by[0], **arguments.options)


CONTRAST: Final = Statistic(
    name="contrast",
    measure=Measure.DIFFERENCE,
    columns=MappingProxyType(
        {
            "se": columns.STANDARD_ERROR,
            "clusters": columns.CLUSTERS,
            "p": Column(Role.P_VALUE, "p-value"),
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_again,
)
