"""Raking and post-stratification: weights under which known margins hold.

Sources
-------
Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known. Annals of Mathematical Statistics 11,
    427-444.
Holt, D. and Smith, T. M. F. (1979). Post stratification. Journal of the Royal Statistical
    Society A 142, 33-46.
Battaglia, M. P., Hoaglin, D. C. and Frankel, M. R. (2009). Practical considerations in raking
    survey data. Survey Practice 2(5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.arguments import ask
from survey.estimates.design.checks import names, number, require, whole
from survey.estimates.design.sample import Sample, draw
from survey.estimates.design.weights import Weights
from survey.estimates.tabulation.grouping import Grouping, group_by
from survey.responses import Responses

__all__ = ["poststratify", "rake"]

Floats = npt.NDArray[np.float64]
Targets: TypeAlias = Mapping[str, float] | Mapping[tuple[str, ...], float]

_WHOLE, _NEARLY = 1e-6, 0.2
_MOST_ROUNDS = 1_000_000


@checked(EstimateError)
def rake(
    answers: Responses,
    margins: Mapping[str, Mapping[str, float]],
    *,
    unit: Unit | str | None = None,
    trim: tuple[float, float] | None = None,
    copies: bool = False,
    tolerance: float = 1e-9,
    iterations: int = 500,
) -> Weights:
    """Return weights under which every margin holds, as close to equal weights as can be.

    Parameters
    ----------
    answers
        Typed answers.
    margins
        Concept -> answer -> share (or number) of the population. Who did not answer a
        margin's question keeps its weight in that margin.
    unit
        Respondents or deployments; by default what the first margin is about.
    trim
        Smallest and largest weight, as multiples of the mean; they hold whatever ``tolerance`` is.
    copies
        Whether rows count that were carried over unchanged from another edition.
    tolerance
        Largest difference between a share and its target.
    iterations
        How many rounds to try.

    Raises
    ------
    EstimateError
        If targets contradict each other or the answers, or the margins are not met.

    Notes
    -----
    Weights, margins and weighted shares are those of ``rake`` in R's ``survey``. Standard
    errors of what is weighted take the weights as given, as ``svydesign(weights = ...)`` does.
    Where the margins explain an answer they are a little too large: for the margins' own shares,
    which raking fixes, an R design that was raked has 0.

    Examples
    --------
    >>> from survey.estimates.shares.share import share
    >>> from survey.estimates.examples import answers
    >>> stages = {"Production": 0.5, "Testing": 0.25, "Proof of concept": 0.25}
    >>> weights = rake(answers(), {"deployment_stage": stages})
    >>> share(answers(), "deployment_stage", weights=weights).frame["value"].round(6).tolist()
    [0.5, 0.25, 0.25]
    """
    _check_arguments(margins, trim, tolerance, iterations)
    asked = ask(answers, tuple(margins), unit=unit)
    sample = draw(answers, asked.rows, copies=copies)
    read = [_Margin.of(sample, concept, targets) for concept, targets in margins.items()]
    _check(read, trim)
    weight = np.ones(len(sample))
    for _ in range(iterations):
        for margin in read:
            weight = margin.adjusted(weight)
        raked = weight
        if trim is not None:
            weight = np.clip(weight / weight.mean(), *trim)
        if _gap(read, weight) < tolerance:
            exact = weight if trim is None else _trimmed(raked, *trim)
            if trim is None or _gap(read, exact) < tolerance:
                weight = exact
                break
    else:
        raise _not_met(read, weight, iterations, trim)
    at_limit = 0 if trim is None else int(np.isin(weight, trim).sum())
    return _weights(sample, read, weight, "raking", at_limit)


@checked(EstimateError)
def poststratify(
    answers: Responses,
    by: str | Sequence[str],
    targets: Targets,
    *,
    unit: Unit | str | None = None,
    copies: bool = False,
) -> Weights:
    """Return weights under which every cell of a cross-classification has its target.

    Parameters
    ----------
    answers
        Typed answers.
    by
        One or several concepts with one answer each.
    targets
        Answer (or tuple of answers, one per concept) -> share (or number) of the population.
    unit, copies
        As in :func:`rake`.

    Raises
    ------
    EstimateError
        If targets contradict the answers.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> weights = poststratify(
    ...     answers(), "deployment_stage", {"Production": 2, "Testing": 1, "Proof of concept": 1}
    ... )
    >>> weights.margins[["answer", "target", "after"]].round(3).values.tolist()[0]
    ['Production', 0.5, 0.5]
    """
    concepts = names("by", by)
    if not concepts:
        raise EstimateError("Nothing to weight to", [Problem("by", repr(by), "a concept")])
    require("Cannot weight", _not_targets("targets", targets))
    asked = ask(answers, concepts, unit=unit)
    sample = draw(answers, asked.rows, copies=copies)
    margin = _Margin.of(sample, concepts, targets)
    _check([margin], None)
    return _weights(sample, [margin], margin.adjusted(np.ones(len(sample))), "post-stratification")


def _gap(margins: Sequence[_Margin], weight: Floats) -> float:
    return max(margin.gap(weight) for margin in margins)


def _trimmed(weight: Floats, low: float, high: float) -> Floats:
    """Return weights of mean 1 that stay in proportion but where a limit stops them.

    They are ``clip(c * weight, low, high)`` with the one ``c`` at which their mean is 1: clipped
    and scaled one after the other, they leave the limits again. The mean grows with ``c``, in
    straight lines between the points at which a weight meets a limit.
    """
    weight = weight / weight.mean()
    if weight.min() >= low and weight.max() <= high:
        return weight

    def mean(factor: float) -> float:
        return float(np.clip(factor * weight, low, high).mean())

    points = np.unique(np.concatenate([low / weight, high / weight]))
    left, right = 0, len(points) - 1  # all weights at the lower limit, all at the upper
    while right - left > 1:
        middle = (left + right) // 2
        left, right = (left, middle) if mean(points[middle]) > 1 else (middle, right)
    below, above = mean(points[left]), mean(points[right])
    part = (1 - below) / (above - below)
    factor = points[left] + part * (points[right] - points[left])
    return np.asarray(np.clip(factor * weight, low, high), dtype=np.float64)


@dataclass(frozen=True)
class _Margin:
    """Who belongs to which cell, and which part of the population should."""

    name: str
    labels: tuple[str, ...]
    code: npt.NDArray[np.intp]
    target: Floats
    total: float
    unknown: tuple[str, ...]
    known: tuple[str, ...]
    stacked: bool

    @classmethod
    def of(cls, sample: Sample, by: str | Sequence[str], targets: Targets) -> _Margin:
        grouping = group_by(sample, by)
        labels = _labels(grouping)
        wanted = {_label(key): float(value) for key, value in targets.items()}
        target = np.array([wanted.get(label, 0.0) for label in labels])
        total = sum(wanted.values())
        return cls(
            " x ".join(grouping.names),
            labels,
            grouping.groups.code,
            target / total if total else target,
            total,
            tuple(label for label in wanted if label not in labels),
            labels,
            bool(grouping.stacked),
        )

    def shares(self, weight: Floats) -> Floats:
        """Return the weighted share of each cell among those who answered."""
        inside = self.code >= 0
        sums = np.bincount(self.code[inside], weight[inside], minlength=len(self.labels))
        return np.asarray(sums / max(sums.sum(), 1e-300), dtype=np.float64)

    def adjusted(self, weight: Floats) -> Floats:
        """Return weights under which this margin holds."""
        now = self.shares(weight)
        factor = np.divide(self.target, now, out=np.ones_like(now), where=now > 0)
        return np.where(self.code >= 0, weight * factor[self.code], weight)

    def gap(self, weight: Floats) -> float:
        """Return the largest difference between a share and its target."""
        return float(np.abs(self.shares(weight) - self.target).max())

    def problems(self) -> Iterator[Problem]:
        where = f"margin {self.name!r}"
        if self.stacked:
            yield Problem(where, "a question with several answers", "one answer per unit")
            return
        for label in self.unknown:
            yield Problem(
                where,
                repr(label),
                "an answer that the question offers",
                did_you_mean(label, self.known),
            )
        if not np.isfinite(self.target).all() or (self.target < 0).any() or self.total <= 0:
            yield Problem(where, "a target that is not a positive number", "shares or numbers")
        given = self.shares(np.ones(len(self.code))) > 0
        for label, has, wants in zip(self.labels, given, self.target > 0, strict=True):
            if wants and not has:
                yield Problem(
                    where,
                    f"a target for {label!r}, which nobody chose",
                    "answers for every target",
                    "join it with another answer",
                )
            if has and not wants:
                yield Problem(
                    where, f"no target for {label!r}, which was chosen", "a target for every answer"
                )


def _check_arguments(
    margins: Mapping[str, Mapping[str, float]],
    trim: tuple[float, float] | None,
    tolerance: float,
    iterations: int,
) -> None:
    """Refuse arguments of the wrong kind, before any answer is read."""
    problems = whole("iterations", iterations, 1, _MOST_ROUNDS)
    problems += number("tolerance", tolerance, "a number above 0", above=0)
    if not isinstance(margins, Mapping) or not margins:
        problems.append(Problem("margins", repr(margins), "at least one: {'region': {...}}"))
    else:
        for name, targets in margins.items():
            problems += _not_targets(f"margin {name!r}", targets)
    limits = trim if trim is None or isinstance(trim, Sequence) else ()
    if limits is not None and (len(limits) != 2 or any(number("", each, "") for each in limits)):
        problems.append(Problem("trim", repr(trim), "limits around 1, such as (0.3, 3)"))
    require("Cannot rake", problems)


def _not_targets(where: str, targets: object) -> list[Problem]:
    if not isinstance(targets, Mapping) or not targets:
        return [Problem(where, repr(targets), "answer -> share or number of the population")]
    wanted = "a share or number of the population"
    return [
        problem
        for label, value in targets.items()
        for problem in number(f"{where}, {label!r}", value, wanted)
    ]


def _labels(grouping: Grouping) -> tuple[str, ...]:
    columns = [grouping.column(place) for place in range(len(grouping.names))]
    return tuple(" / ".join(labels) for labels in zip(*columns, strict=True))


def _label(key: str | tuple[str, ...]) -> str:
    return " / ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _check(margins: Sequence[_Margin], trim: tuple[float, float] | None) -> None:
    problems = [problem for margin in margins for problem in margin.problems()]
    totals = {margin.name: margin.total for margin in margins}
    whole = {name: total for name, total in totals.items() if abs(total - 1) > _WHOLE}
    if whole and max(totals.values()) - min(totals.values()) > _WHOLE * max(totals.values()):
        told = ", ".join(f"{name!r} adds up to {total:.10g}" for name, total in totals.items())
        problems.append(Problem("margins", told, "the same total, or shares that add up to 1"))
    problems += [
        Problem(f"margin {name!r}", f"shares that add up to {total:g}", "1, or plain numbers")
        for name, total in totals.items()
        if _WHOLE < abs(total - 1) < _NEARLY
    ]
    if trim is not None and not 0 <= trim[0] < 1 < trim[1]:
        problems.append(Problem("trim", repr(trim), "limits around 1, such as (0.3, 3)"))
    if problems:
        raise EstimateError("The targets contradict each other or the answers", problems)


def _not_met(
    margins: Sequence[_Margin], weight: Floats, iterations: int, trim: tuple[float, float] | None
) -> EstimateError:
    hint = "loosen the trimming" if trim else "join rare answers, or leave a margin out"
    problems = [
        Problem(
            f"margin {margin.name!r}",
            f"shares {margin.gap(weight):.2g} off their targets",
            "none",
            hint,
        )
        for margin in margins
    ]
    return EstimateError(f"Raking did not meet its margins in {iterations} rounds", problems)


def _weights(
    sample: Sample, margins: Sequence[_Margin], weight: Floats, method: str, trimmed: int = 0
) -> Weights:
    weight = weight / weight.mean()
    equal = np.ones(len(weight))
    table = pd.concat(
        [
            pd.DataFrame(
                {
                    "margin": margin.name,
                    "answer": margin.labels,
                    "target": margin.target,
                    "before": margin.shares(equal),
                    "after": margin.shares(weight),
                }
            )
            for margin in margins
        ],
        ignore_index=True,
    )
    frame = sample.answers.frame(sample.unit)
    keys = frame if sample.rows is None else frame.iloc[sample.rows]
    index = pd.MultiIndex.from_frame(keys[["edition", sample.unit.value]].astype(str))
    return Weights(pd.Series(weight, index=index), sample.unit, method, table, trimmed)
