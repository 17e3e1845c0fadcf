"""The sensitivity card: a headline asked again, with one thing different each time.

A table carries the question that made it; the card re-asks that question without the largest
answer, with and without copies of earlier answers, with one voice per cloud, on another base or
unit, with another rule for the open band, with another family, and says by how much the number
moves: a share, a total, a change between editions, a whole trend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.banded import ask_bands
from survey.estimates.compare import compare
from survey.estimates.design import Design
from survey.estimates.known import Figures, apply_known
from survey.estimates.models import FAMILIES
from survey.estimates.nps import nps
from survey.estimates.quantile import quantile
from survey.estimates.ratio import ratio
from survey.estimates.share import share
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import CORE_COLUMNS, Base, Estimates, Measure, Spec, Status
from survey.estimates.total import total
from survey.estimates.trend import trend
from survey.responses import Responses

__all__ = ["sensitivity"]

AS_PUBLISHED: Final = "as published"
WITHOUT_LARGEST: Final = "without the largest answer"
_CORE: Final = list(CORE_COLUMNS)


@dataclass(frozen=True)
class _Variant:
    """One thing that is different: its name, the changed arguments, and whose answers."""

    name: str
    changes: Mapping[str, Any]
    answers: Responses


@checked(EstimateError)
def sensitivity(answers: Responses, table: Estimates) -> Estimates:
    """Return how a headline changes when one decision behind it is made otherwise.

    Parameters
    ----------
    answers
        The answers from which ``table`` was made.
    table
        A table of :func:`median`, :func:`quantile`, :func:`total`, :func:`ratio`,
        :func:`share`, :func:`nps`, :func:`compare` or :func:`trend`, best with few rows.

    Returns
    -------
    Estimates
        For each row of ``table``, one row as published and one per variant, with the core
        columns; ``answer`` names the variant, ``of`` the row's own answer. Further:
        ``difference`` from the value as published, and ``factor``, the value as a multiple of
        it; of changes and trends also the ``verdict``. Which variants there are depends on the
        statistic.

    Raises
    ------
    EstimateError
        If tables of this kind cannot be asked again.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> from survey.estimates.quantile import median
    >>> card = sensitivity(answers(), median(answers(), "compute_cores"))
    >>> card.frame["answer"].tolist()[:3]
    ['as published', 'without the largest answer', 'with copies']

    Do the copies of earlier answers make a change, or hide one?

    >>> from survey.estimates.compare import compare
    >>> change = compare(answers(), "deployment_stage", "2018", "2019", items=["Production"])
    >>> card = sensitivity(answers(), change)
    >>> card.frame[["answer", "value", "verdict"]].round(2).head(2)
             answer  value         verdict
    0  as published  -0.07  could be noise
    1   with copies  -0.07  could be noise
    """
    spec = table.spec
    asking = _ASKING.get(spec.statistic)
    if asking is None:
        problem = Problem(
            "table", f"a table of {spec.statistic!r}", f"a table of {', '.join(_ASKING)}"
        )
        raise EstimateError("Cannot ask this table's question again", [problem])
    kept = _arguments(spec)
    frames = [_named(table, AS_PUBLISHED)]
    for variant in _variants(answers, spec, kept):
        again = asking(variant.answers, spec, {**kept, **variant.changes})
        frames.append(_named(again, variant.name))
    return replace(
        table,
        frame=_compared(frames, table.groups),
        spec=replace(spec, statistic="sensitivity"),
        statistic=SENSITIVITY,
        several=True,
        ordered=True,
        title=f"{table.title}: what it depends on",
        notes=(
            "Each row changes one decision and keeps the others. A headline that a single answer "
            "or a single assumption moves should be published with that said.",
            *table.notes,
        ),
    )


def _named(table: Estimates, name: str) -> pd.DataFrame:
    verdict = [name for name in ("verdict",) if name in table.frame]
    columns = [*table.groups, *_CORE, *verdict]
    frame = table.frame[columns].rename(columns={"answer": "of"})
    return frame.assign(answer=name)


def _compared(frames: list[pd.DataFrame], groups: tuple[str, ...]) -> pd.DataFrame:
    """Return all variants under each row as published, with the difference it makes."""
    keys = [*groups, "of"]
    order = frames[0][keys].assign(row=np.arange(len(frames[0])))
    frame = pd.concat(frames, ignore_index=True)
    frame["variant"] = pd.factorize(frame["answer"])[0]
    published = frames[0][[*keys, "value"]].rename(columns={"value": "published"})
    frame = frame.merge(order, on=keys).merge(published, on=keys)
    frame = frame.sort_values(["row", "variant"], kind="stable").reset_index(drop=True)
    usable = frame["status"].isin([Status.OK.value, Status.IMPRECISE.value])
    frame["difference"] = (frame["value"] - frame["published"]).where(usable)
    nonzero = frame["published"].where(frame["published"] != 0)
    frame["factor"] = (frame["value"] / nonzero).where(usable)
    verdict = [name for name in ("verdict",) if name in frame]
    return frame[[*groups, *_CORE, "of", "difference", "factor", *verdict]]


# What can be different


def _variants(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Iterator[_Variant]:
    if spec.statistic in _BANDED:
        yield _Variant(WITHOUT_LARGEST, {}, _without_largest(answers, spec, kept))
    yield from _of_records(answers, spec, kept)
    if spec.statistic in _SHARES:
        for base in Base:
            if base is not spec.base and base is not Base.ALL:
                yield _Variant(f"base: {base.value}", {"base": base}, answers)
    if spec.statistic == "total":
        yield from _of_totals(answers, kept)
    if spec.statistic != "nps" and "weights" not in kept and spec.unit is Unit.DEPLOYMENT:
        yield _Variant("one voice per organization", {"unit": Unit.ORGANIZATION}, answers)


def _of_records(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Iterator[_Variant]:
    """Yield the other ways of counting copies, and clouds that colleagues described."""
    fill = answers.vocabulary.fill
    if kept.get("copies") or answers.copies_count:
        yield _Variant("without copies", {"copies": False}, answers.without_copies())
    else:
        yield _Variant("with copies", {}, answers.with_copies())
    if "cloud" in answers.deployments and spec.unit is not Unit.RESPONDENT:
        yield (
            _Variant(fill("every description of a {unit}"), {}, answers.every_description())
            if answers.clouds_once
            else _Variant(fill("one voice per {unit}"), {}, answers.one_per_cloud())
        )


def _of_totals(answers: Responses, kept: Mapping[str, Any]) -> Iterator[_Variant]:
    base = "who answered" if kept.get("gross_up") else "everyone asked"
    yield _Variant(f"base: {base}", {"gross_up": not kept.get("gross_up")}, answers)
    if kept.get("known") is not None:
        yield _Variant("without known figures", {"known": None}, answers)
    for rule in ("model", "lower edge", "pareto"):
        if rule != kept.get("top", "model"):
            yield _Variant(f"open band: {rule}", {"top": rule}, answers)
    for family in (*FAMILIES, "turnbull"):
        if family != kept.get("family", "lognormal"):
            yield _Variant(f"family: {family}", {"family": family}, answers)


def _without_largest(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Responses:
    """Return the answers without the row that has the largest number, in each group's edition."""
    banded = ask_bands(
        answers,
        (spec.concept,),
        spec.by,
        unit=spec.unit,
        cluster=kept.get("cluster"),
        copies=bool(kept.get("copies")),
    )
    known = apply_known(banded.sample, banded.only, Figures.of(kept.get("known"))).bands
    size = np.where(known.answered, known.edge("low"), -np.inf)
    rows = banded.sample.rows
    places = np.arange(len(size)) if rows is None else rows
    keep = np.ones(len(answers.frame(banded.sample.unit)), dtype=bool)
    for group in range(banded.grouping.groups.count):
        members = banded.members(group)
        if len(members) and np.isfinite(size[members]).any():
            keep[places[members[np.argmax(size[members])]]] = False
    index = answers.frame(banded.sample.unit).index
    flags = pd.Series(keep, index=index, dtype="bool")
    return answers.where(flags, unit=banded.sample.unit, label="without the largest answer")


# How a table's question is asked again


def _arguments(spec: Spec) -> dict[str, Any]:
    """Return the keyword arguments that a spec remembers; what it lacks was not given."""
    return {
        "unit": spec.unit,
        "level": spec.level,
        "cluster": None,
        **{name: _thawed(name, value) for name, value in spec.options},
    }


def _thawed(name: str, value: Any) -> Any:
    return dict(value) if name in ("nets",) and isinstance(value, tuple) else value


def _ask_quantile(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    return quantile(answers, spec.concept, by=spec.by, **kept)


def _ask_total(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    return total(answers, spec.concept, spec.by, **kept)


def _ask_ratio(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    below = kept["denominator"]
    others = {name: value for name, value in kept.items() if name != "denominator"}
    return ratio(answers, spec.concept, below, spec.by, **others)


def _ask_share(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    return share(answers, spec.concept, spec.by, **{"base": spec.base, **kept})


def _ask_compare(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    return compare(answers, spec.concept, by=spec.by, **{"base": spec.base, **kept})


def _ask_trend(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    return trend(answers, spec.concept, spec.by[1:], **{"base": spec.base, **kept})


def _ask_nps(answers: Responses, spec: Spec, kept: Mapping[str, Any]) -> Estimates:
    return nps(answers, spec.by, concept=spec.concept, **kept)


_SHARES: Final = ("share", "compare", "trend")
_BANDED: Final = ("median", "quantile", "total", "ratio")
_ASKING: Final[Mapping[str, Callable[[Responses, Spec, Mapping[str, Any]], Estimates]]] = (
    MappingProxyType(
        {
            "median": _ask_quantile,
            "quantile": _ask_quantile,
            "total": _ask_total,
            "ratio": _ask_ratio,
            "share": _ask_share,
            "nps": _ask_nps,
            "compare": _ask_compare,
            "trend": _ask_trend,
        }
    )
)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    raise EstimateError(
        "A sensitivity card is not asked again",
        [Problem("table", "a sensitivity card", "the table that it was made of")],
    )


SENSITIVITY: Final = Statistic(
    name="sensitivity",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            "of": Column(Role.TEXT, "answer"),
            "difference": Column(Role.NUMBER, "difference from the published"),
            "factor": Column(Role.NUMBER, "as a multiple of the published"),
            "verdict": columns.VERDICT,
        }
    ),
    ask_again=_ask_again,
)
