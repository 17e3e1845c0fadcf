"""A total's change, taken apart by what became of organizations, so that it adds up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure, Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.change.change_of_sums import Model, edition_sums
from survey.estimates.change.compare_sums import EXCHANGED
from survey.estimates.change.matched import CLASSES, Matched, join_groups, match_editions
from survey.estimates.change.panel_sums import (
    COUNTED,
    SUMS,
    Panel,
    attrition_notes,
    attrition_of,
    contributions,
)
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import fraction, names, require
from survey.estimates.design.editions import edition_problems
from survey.estimates.exact_note import ExactNote
from survey.estimates.file_notes import absent_notes
from survey.estimates.notes import RANDOM_DRAW, left_out_notes
from survey.estimates.numbers.exchange import TotalChange, exchange_editions
from survey.estimates.numbers.filling import AVERAGE
from survey.estimates.numbers.known import Figures
from survey.estimates.numbers.sum_rules import SUM_REASONS, UNSEEN, sum_rule
from survey.estimates.precision.discovery import TESTED_FROM, adjusted, verdicts
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Base, Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.offers import lost, withdrawn
from survey.estimates.tabulation.sums import freedom_of
from survey.responses import Responses

__all__ = ["decompose_change"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

STAYED: Final = "stayed"
TOTAL: Final = "total"


@checked(EstimateError)
def decompose_change(  # noqa: PLR0913
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    family: str = AVERAGE,
    open_band: str | float | None = None,
    detail: bool = True,
    joined: Mapping[str, Sequence[str]] | None = None,
    attrition: str | Sequence[str] | None = None,
    published_figures: Iterable[PublishedFigure] | Figures | None = None,
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how the total changed between two editions, by what became of organizations.

    Parameters
    ----------
    answers
        Typed answers of at least the two editions.
    concept
        A question whose answers are bands of a number.
    earlier, later
        The two editions.
    by
        Groups of organizations: an industry, a region, or the concept itself, which groups by
        the size of the largest earlier cloud (of organizations that entered: the later one).
    family, open_band
        How numbers are spread inside bands and in the open band, see :func:`total`; one fit
        serves all editions, so that the same band means the same number.
    options
        ``level``, ``include_carried_over`` and ``one_per_cloud``, as :func:`design` takes them.
        Answers that were carried over unchanged say nothing about change; by default who gave
        no other is ``unknown``.
    detail
        Whether organizations that took part in both editions are divided by what became of
        them; else they are one class, ``stayed``.
    joined
        Name -> groups of ``by`` that are taken together, such as :func:`end_classes` gives.
    attrition
        What the earlier edition says about who comes back: organizations with complete answers in
        both editions then stand for all of the earlier edition in their cell, those that entered
        or left or are ``unknown`` have weight 0, and intervals know that weights are estimated
        (:mod:`survey.estimates.change.attrition`). Assumes that within a cell those that left
        would have changed like those that came back.
    published_figures
        Published figures that replace bands, see :func:`total`.
    fdr
        False discovery rate of the verdicts, over the totals of all groups.

    Returns
    -------
    Estimates
        Per group one row for each class and one for their ``total``: organizations that
        ``entered`` or ``left``; that ``grew`` or ``shrank`` (all numbers allowed later lie
        above or below all those allowed earlier); that stayed in the ``same band``; that are
        ``undecided`` (the bands moved and overlap); or ``unknown`` (not all of their clouds
        gave a band in both editions). ``count`` are organizations, ``value`` is the model's
        change; of the total it is that of :func:`compare_numbers`, with the same interval and
        verdict. Beyond the core columns:

        ``earlier``, ``later``
            the model's totals
        ``change_lower``, ``change_upper``
            hard bounds of the change of those who answered; missing where a band is open
        ``earlier_lower``, ``later_lower``, ``earlier_closed``, ``later_closed``
            sums of the lower edges, and of the upper edges of closed bands
        ``earlier_open``, ``later_open``
            clouds in an open band
        ``earlier_clouds``, ``later_clouds``
            clouds with a band
        ``clusters``, ``p``, ``p_adjusted``, ``verdict``, ``imprecise_because``
            organizations; of totals the test of no change; why a value is imprecise

        Counts, model totals, changes and sums of edges of the classes add up to the total's;
        so do groups to the whole, but for organizations without one.

    Raises
    ------
    EstimateError
        If an edition is not there, the answers are not bands of a number, or an argument is
        wrong.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = decompose_change(answers(), "compute_cores", "2018", "2019")
    >>> table.frame[["answer", "count"]].tail(1)
      answer  count
    7  total     12
    """
    require("Cannot take a change apart", fraction("fdr", fdr, 0.05))
    design = design_of(answers, **options).only("level", "include_carried_over", "one_per_cloud")
    figures = Figures.of(published_figures)
    kept = {
        "earlier": earlier,
        "later": later,
        "family": family,
        "open_band": open_band,
        "detail": detail,
        "joined": joined,
        "attrition": names("attrition", attrition) or None,
        "published_figures": figures if figures.footprints else None,
        "fdr": fdr,
    }
    arguments = Arguments(concept, names("by", by), MappingProxyType(kept))
    asked = design.but(unit=Unit.DEPLOYMENT).asked((concept,), by)
    model = Model(family, open_band, figures)
    sums = edition_sums(design, concept, _checked(design, earlier, later), None, model)
    match = partial(
        match_editions,
        design.answers,
        concept,
        (earlier, later),
        copies=design.include_carried_over,
        once=design.one_per_cloud,
        figures=figures,
    )
    matched = match(by=by, expected=sums.expected())
    weighted = attrition_of(matched, match(by=attrition)) if attrition else None
    matched = join_groups(matched, joined) if joined else matched
    settled = bool(sums.filling.settled[0])
    panel = Panel(contributions(matched), weighted)
    frame = _table(matched, panel, _Test(asked.level, fdr, settled), detail=detail)
    return table_of(
        DECOMPOSE_CHANGE,
        design,
        arguments,
        replace(asked, unit=Unit.ORGANIZATION, base=Base.ALL),
        withdrawn(frame) if lost(design.answers, concept, (earlier, later)) else frame,
        names=matched.grouping.names,
        title=f"{design.answers.question(concept).title}: change from {earlier} to {later}",
        method=EXCHANGED,
        notes=(*attrition_notes(attrition, earlier), *_notes(matched, concept, earlier, later)),
        counts=matched.counts,
    )


@dataclass(frozen=True)
class _Test:
    """Level of intervals, false discovery rate, and whether the bands determine the model."""

    level: float
    fdr: float
    settled: bool


def _checked(design: Design, earlier: str, later: str) -> tuple[str, str]:
    problems = edition_problems(design.answers, earlier, later)
    require("Cannot follow organizations over editions", problems)
    return earlier, later


def _table(matched: Matched, panel: Panel, test: _Test, *, detail: bool) -> pd.DataFrame:
    """Return one row per group and class, and the total of each group."""
    many = matched.grouping.groups.count
    classes = _classes(detail=detail)
    parts = panel.parts()
    sums = parts[["earlier", "later"]].to_numpy(dtype=np.float64)
    rows = []
    for group in range(many):
        member = matched.group == group
        larger = float(sums[member].sum(axis=0).max())
        for name, kinds in classes.items():
            chosen = member & np.isin(matched.kind, [CLASSES.index(kind) for kind in kinds])
            base = int(member.sum())
            change = exchange_editions(*panel.pair(chosen), test.level)
            rows.append(_row(name, parts[chosen], _Group(base, larger), test, change))
    frame = pd.DataFrame(rows)
    frame["p"] = frame["p"].where(
        frame[["earlier_clouds", "later_clouds"]].min(axis=1) >= TESTED_FROM
    )
    frame["p_adjusted"] = adjusted(frame["p"].to_numpy(dtype=np.float64))
    few = frame[["earlier_clouds", "later_clouds"]].min(axis=1).to_numpy() < TESTED_FROM
    few &= frame["base"].to_numpy() > 0
    words = verdicts(frame["p_adjusted"].to_numpy(dtype=np.float64), test.fdr, few)
    frame["verdict"] = np.where(frame["answer"] == TOTAL, words, "")
    size = len(classes)
    groups = {
        name: np.repeat(matched.grouping.column(place), size)
        for place, name in enumerate(matched.grouping.names)
    }
    return pd.DataFrame(groups).join(frame, how="right")


def _classes(*, detail: bool) -> dict[str, tuple[str, ...]]:
    """Return name of a row -> what became of the organizations in it."""
    parts: dict[str, tuple[str, ...]] = {name: (name,) for name in CLASSES}
    if not detail:
        gone = ("entered", "left")
        parts = {name: (name,) for name in gone}
        parts[STAYED] = tuple(name for name in CLASSES if name not in gone)
    return parts | {TOTAL: CLASSES}


class _Group(NamedTuple):
    """Organizations of a group, and the larger of its two totals."""

    base: int
    larger: float


def _row(
    name: str, parts: pd.DataFrame, group: _Group, test: _Test, found: TotalChange
) -> dict[str, Any]:
    """Return one row: sums over some organizations."""
    sums = parts.sum().astype(np.float64)
    low, high = float(found.low[0]), float(found.high[0])
    rule = _rule(name, parts, (high - low, group.larger), test)
    bounds = {
        "change_lower": _bound(sums["later_lower"] - sums["earlier_closed"], sums["earlier_open"]),
        "change_upper": _bound(sums["later_closed"] - sums["earlier_lower"], sums["later_open"]),
    }
    if len(parts) and low == high and bounds["change_lower"] != bounds["change_upper"]:
        low, high, rule = np.nan, np.nan, rule or UNSEEN
    status = Status.EMPTY if not group.base else Status.IMPRECISE if rule else Status.OK
    known = group.base > 0
    numbers = {each: sums[each] for each in SUMS if each != "change"}
    counts = {key: int(value) for key, value in numbers.items() if key.endswith(COUNTED)}
    return {
        "answer": name,
        "count": len(parts),
        "base": group.base,
        "value": sums["change"] if known else np.nan,
        "low": low if known else np.nan,
        "high": high if known else np.nan,
        "status": status.value,
        **bounds,
        **numbers,
        **counts,
        "clusters": len(parts),
        "p": float(found.p_value[0]) if known and name == TOTAL else np.nan,
        "imprecise_because": rule if known else "",
    }


def _rule(name: str, parts: pd.DataFrame, width: tuple[float, float], test: _Test) -> str:
    """Return why a row is imprecise: totals by their clouds, classes by their organizations."""
    few, freedom = len(parts), len(parts) - 1.0
    if name == TOTAL:
        units = parts[["earlier_clouds", "later_clouds"]].to_numpy(dtype=np.float64)
        number, squares = units.sum(axis=0), np.maximum((units**2).sum(axis=0), 1.0)
        few = int(number.min())
        freedom = float(freedom_of((units > 0).sum(axis=0), number**2 / squares).min())
    length, size = (np.array([each]) for each in width)
    settled = np.array([test.settled])
    return SUM_REASONS[sum_rule(np.array([few]), np.array([freedom]), settled, length, size)[0]]


def _bound(value: float, endless: float) -> float:
    return float("nan") if endless else float(value)


def _notes(matched: Matched, concept: str, earlier: str, later: str) -> Iterator[str]:
    words = matched.sample.answers.vocabulary
    yield (
        "Entries, exits and changes add up to the total change. The values are a model "
        "of what lies inside the bands; one fit serves all editions."
    )
    yield (
        "A move between bands proves growth, not how much; inside the same band growth cannot be "
        "seen."
    )
    yield (
        f"Who entered did not take part in {earlier}, who left did not take part in {later}; "
        f"neither need have begun or ended with {words.subject}."
    )
    if concept in matched.grouping.names:
        yield (
            f"Grouped by the earlier size, small {words.units} tend to grow and large ones to "
            "shrink even where nothing changes, because errors of the answers cancel (regression "
            "to the mean)."
        )
    if matched.carried:
        yield ExactNote(
            f"{matched.carried:,} organizations gave no answer of their own in {later}, only "
            "answers carried over; they count as unknown."
        )
    yield from absent_notes(matched.sample, concept)
    yield from left_out_notes(matched.sample)
    yield RANDOM_DRAW


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return decompose_change(design, arguments.concept, by=arguments.by, **arguments.options)


DECOMPOSE_CHANGE: Final = Statistic(
    name="decompose_change",
    called="change",
    calculates="|".join((*CLASSES, STAYED, TOTAL)),
    measure=Measure.NUMBER,
    columns=MappingProxyType(
        {
            "change_lower": Column(Role.BOUND, "change, at least"),
            "change_upper": Column(Role.BOUND, "change, at most"),
            **{name: Column(Role.NUMBER, name.replace("_", " ")) for name in SUMS[1:]},
            "clusters": columns.CLUSTERS,
            "p": columns.P_VALUE,
            "p_adjusted": columns.ADJUSTED_P_VALUE,
            "verdict": columns.VERDICT,
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_again,
)
