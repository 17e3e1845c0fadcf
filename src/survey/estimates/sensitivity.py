"""The sensitivity card: a headline asked again, with one thing different each time.

A table carries the question that made it; the card re-asks that question without the largest
answer, with and without copies of earlier answers, with one voice per cloud, on another base or
unit, with another rule for the open band, with another family, and says by how much the number
moves: a share, a total, a change between editions, a whole trend.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.design import Design
from survey.estimates.notes import edition_before
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.filling import PARETO
from survey.estimates.numbers.known import Figures, apply_known
from survey.estimates.numbers.models import FAMILIES
from survey.estimates.precision.discovery import NOT_COMPARABLE
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates
from survey.estimates.tidy import CORE_COLUMNS, Base, Measure, Status, TidyTable
from survey.responses import Responses
from survey.underway import each

__all__ = ["sensitivity"]

AS_PUBLISHED: Final = "as published"
WITHOUT_LARGEST: Final = "without the largest answer"
_WITH_COPIES: Final = "with copies"
_REPLICATES: Final = 100
_CORE: Final = list(CORE_COLUMNS)


@dataclass(frozen=True)
class _Variant:
    """One thing that is different: its name, who is asked, and the changed arguments."""

    name: str
    design: Design
    changes: Mapping[str, Any] = field(default_factory=dict)


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
        columns; ``answer`` names the variant, ``original_answer`` the row's own answer. Further:
        ``difference`` from the value as published, and ``factor``, the value as a multiple of
        it; of changes and trends also the ``verdict``. Which variants there are depends on the
        statistic. "One voice per cloud" is not available while any question of the editions is
        unconfirmed: all answers tell which descriptions are of the same cloud.

    Raises
    ------
    EstimateError
        If tables of this kind cannot be asked again.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> from survey.estimates.numbers.quantile import median
    >>> card = sensitivity(answers(), median(answers(), "compute_cores"))
    >>> card.frame["answer"].tolist()[:3]
    ['as published', 'without the largest answer', 'with copies']

    Do the copies of earlier answers make a change, or hide one?

    >>> from survey.estimates.change.compare import compare
    >>> change = compare(answers(), "deployment_stage", "2018", "2019", items=["Production"])
    >>> card = sensitivity(answers(), change)
    >>> card.frame[["answer", "value", "verdict"]].round(2).head(2)
             answer  value         verdict
    0  as published  -0.07  could be noise
    1   with copies  -0.07  could be noise
    """
    statistic, arguments = table.statistic, table.arguments
    if statistic is None or table.design is None or arguments is None or statistic.varies is None:
        wanted = "shares, scores, quantiles, totals, ratios, or changes of shares"
        problem = Problem("table", f"a table of {table.spec.statistic!r}", wanted)
        raise EstimateError("Cannot ask this table's question again", [problem])
    design = table.design.on(answers)
    frames = [_named(table, AS_PUBLISHED)]
    # rows of an array: a frame of no columns has rows of no labels in pandas from version 3 alone
    groups = {tuple(row) for row in frames[0][list(table.groups)].astype(str).to_numpy()}
    unsure: list[str] = []
    for variant in each("other choices", [*_variants(design, table, arguments)]):
        doubts = _doubts(variant, design, table.editions)
        if doubts:
            unsure += doubts
            frames.append(_not_available(_named(table, variant.name)))
            continue
        options = MappingProxyType({**arguments.options, **_few(arguments), **variant.changes})
        asked = replace(arguments, options=options)
        if statistic.ask_values is None:
            again = statistic.ask_again(variant.design, asked)
        else:
            again = statistic.ask_values(variant.design, asked, groups)
        frames.append(_named(again, variant.name))
    return replace(
        table,
        design=design,
        frame=_compared(frames, table.groups),
        spec=replace(table.spec, statistic="sensitivity"),
        statistic=SENSITIVITY,
        several=True,
        ordered=True,
        title=f"{table.title}: what it depends on",
        notes=(
            "Each row changes one decision and keeps the others. A headline that a single answer "
            "or a single assumption moves should be published with that said.",
            *unsure,
            *table.notes,
        ),
    )


def _doubts(variant: _Variant, design: Design, editions: Collection[str]) -> list[str]:
    """Say why a variant has no number that can be trusted, edition by edition.

    One description is chosen for each cloud by all answers: how many of them colleagues agree
    on, and who gave most. A question that was read wrongly can change the choice, and so any
    number of it. Every other variant rests on the questions of the table alone. Where the table
    itself counts each cloud once, all of it is marked, and this row with it.
    """
    if variant.name == _WITH_COPIES and (before := edition_before(design.answers)):
        return [
            f"{_WITH_COPIES!r} is not available: which records were carried over is known beside "
            f"the answers of {before} alone."
        ]
    if design.counts_clouds_once or not variant.design.counts_clouds_once:
        return []
    cloud = design.answers.vocabulary.fill("{unit}")
    marks = [one for one in design.answers.provenance.unconfirmed if one.edition in editions]
    return [
        f"Not confirmed: {variant.name!r} is not available, for all answers tell which "
        f"descriptions are of the same {cloud}, and the codebook of {edition} is a draft that "
        f"nobody has looked at as to "
        f"{', '.join(one.concept for one in marks if one.edition == edition)}."
        for edition in dict.fromkeys(one.edition for one in marks)
    ]


def _not_available(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a variant without their numbers."""
    told = {"verdict": NOT_COMPARABLE} if "verdict" in frame else {}
    return frame.assign(
        count=0, base=0, value=np.nan, low=np.nan, high=np.nan,
        status=Status.NOT_AVAILABLE.value, **told,
    )  # fmt: skip


def _few(arguments: Arguments) -> dict[str, int]:
    """Return fewer resamples: a card compares values, which need none."""
    given = arguments["replicates"]
    return {} if given is None else {"replicates": min(given, _REPLICATES)}


def _named(table: TidyTable, name: str) -> pd.DataFrame:
    verdict = [name for name in ("verdict",) if name in table.frame]
    columns = [*table.groups, *_CORE, *verdict]
    frame = table.frame[columns].rename(columns={"answer": "original_answer"})
    return frame.assign(answer=name)


def _compared(frames: list[pd.DataFrame], groups: tuple[str, ...]) -> pd.DataFrame:
    """Return all variants under each row as published, with the difference it makes."""
    keys = [*groups, "original_answer"]
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
    return frame[[*groups, *_CORE, "original_answer", "difference", "factor", *verdict]]


# What can be different


def _variants(design: Design, table: Estimates, arguments: Arguments) -> Iterator[_Variant]:
    assert table.statistic is not None
    varies = table.statistic.varies or ()
    if "largest" in varies:
        yield _Variant(WITHOUT_LARGEST, design.on(_without_largest(design, arguments)))
    yield from _of_records(design, table.spec.unit)
    if "base" in varies:
        for base in (Base.ANSWERED, Base.ASKED):
            if base is not table.spec.base:
                yield _Variant(f"base: {base.value}", design.but(base=base))
    if "model" in varies:
        yield from _of_models(design, arguments)
    if "unit" in varies and design.weights is None and table.spec.unit is Unit.DEPLOYMENT:
        yield _Variant("one voice per organization", design.but(unit=Unit.ORGANIZATION))


def _of_records(design: Design, unit: Unit) -> Iterator[_Variant]:
    """Yield the other ways of counting copies, and clouds that colleagues described."""
    answers = design.answers
    fill = answers.vocabulary.fill
    if design.include_carried_over or answers.copies_count:
        without = design.on(answers.without_copies())
        yield _Variant("without copies", without.but(include_carried_over=False))
    else:
        yield _Variant(_WITH_COPIES, design.on(answers.with_copies()))
    if "cloud" in answers.deployments and unit is not Unit.RESPONDENT:
        if design.counts_clouds_once:
            every = design.on(answers.every_description()).but(one_per_cloud=False)
            yield _Variant(fill("every description of a {unit}"), every)
        else:
            yield _Variant(fill("one voice per {unit}"), design.on(answers.one_per_cloud()))


def _of_models(design: Design, arguments: Arguments) -> Iterator[_Variant]:
    gross = bool(arguments["gross_up"])
    base = "who answered" if gross else "everyone asked"
    yield _Variant(f"base: {base}", design, {"gross_up": not gross})
    if arguments["published_figures"] is not None:
        yield _Variant("without known figures", design, {"published_figures": None})
    for rule in ("model", "lower edge", "pareto"):
        if rule != (arguments["open_band"] or PARETO):
            yield _Variant(f"open band: {rule}", design, {"open_band": rule})
    for family in (*FAMILIES, "turnbull"):
        if family != arguments["family"]:
            yield _Variant(f"family: {family}", design, {"family": family})


def _without_largest(design: Design, arguments: Arguments) -> Responses:
    """Return the answers without the row that has the largest number, in each group's edition."""
    answers = design.answers
    banded = ask_bands(design, (arguments.concept,), arguments.by)
    known = apply_known(
        banded.sample, banded.only, Figures.of(arguments["published_figures"])
    ).bands
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


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    raise EstimateError(
        "A sensitivity card is not asked again",
        [Problem("table", "a sensitivity card", "the table that it was made of")],
    )


SENSITIVITY: Final = Statistic(
    name="sensitivity",
    calculates="as published|with(out)? [a-z ]+|base: [a-z ]+|one voice per [a-z ]+"
    "|every description of a [a-z ]+|open band: [a-z ]+|family: [a-z]+",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            "original_answer": Column(Role.TEXT, "answer"),
            "difference": Column(Role.NUMBER, "difference from the published"),
            "factor": Column(Role.NUMBER, "as a multiple of the published"),
            "verdict": columns.VERDICT,
        }
    ),
    ask_again=_ask_again,
)
