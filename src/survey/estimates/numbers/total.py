"""Totals of banded answers: three numbers that always stand together.

The hard bounds from the edges of the bands; a model of what lies inside them, with a bootstrap
interval; and how much of the model's total rests on the open top band and on the single
largest answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import MOST_REPLICATES, names, require, whole
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.numbers.bands import check_additive
from survey.estimates.numbers.expected_counts import expected_counts
from survey.estimates.numbers.filling import AVERAGE, Filling, fill
from survey.estimates.numbers.known import KNOWN_CONCEPT, Figures, Known, apply_known, named_figures
from survey.estimates.numbers.pooled import Pool, pooled
from survey.estimates.numbers.sum_rules import SUM_REASONS, published_sums, sum_rule
from survey.estimates.numbers.total_notes import Choice, notes_on_total
from survey.estimates.numbers.total_of_counts import (
    chosen_family,
    limits_of_totals,
    models_of,
    point_of_totals,
)
from survey.estimates.precision.bootstrap import generator, percentile_limits, resampled
from survey.estimates.statistic import Arguments, Column, Public, Role, Statistic, table_of
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.tabulation import Tabulation, tabulated_bands, with_whole
from survey.responses import Responses

__all__ = ["TOTAL", "total"]

Floats = npt.NDArray[np.float64]

METHOD: Final = (
    "interval-censored maximum likelihood; percentile bootstrap of clusters (Rao and Wu 1988), "
    "with numbers redrawn inside their bands"
)


@checked(EstimateError)
def total(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    published_figures: Iterable[PublishedFigure] | Figures | None = None,
    family: str = AVERAGE,
    open_band: str | float | None = None,
    gross_up: bool = False,
    replicates: int = 1000,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the sum of the numbers behind a banded question, over those who answered it.

    Parameters
    ----------
    answers
        Typed answers of one or several editions.
    concept
        A question whose answers are bands of a number.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    published_figures
        Published figures, see :func:`survey.codebook.read_footprints`; each replaces the bands
        of its organization in its edition. For ``compute_cores`` alone. Organizations are
        found by name in answers read with ``identified=True``; else give
        :func:`survey.responses.keyed_footprints`.
    family
        How numbers are spread: ``"lognormal"``, ``"weibull"``, ``"gamma"``, ``"average"`` (the
        default: of the first two, each with the weight of evidence that the bands give it),
        ``"turnbull"`` (no family: evenly on a logarithmic scale, the open band at its lower edge),
        ``"pareto"`` (the same with a power law at the top), or ``"best"``: the family with
        the lowest AIC. One fit serves all groups and editions of the answers, so that they add
        up and changes are changes of answers.
    open_band
        What the open band holds: ``"pareto"`` (a power law through the two highest bands, up to
        ten times the edge; the default of families, though in the average the Weibull family
        keeps a lighter tail of its own), ``"model"``, ``"lower edge"``, or its mean.
    gross_up
        Whether who was asked and did not answer counts like the mean of those who did. The
        bounds remain those of who answered.
    replicates
        Number of bootstrap replicates.
    options
        Who counts, and how, as :func:`design` takes it. With ``unit="organization"`` each
        organization counts once, with the mean of its clouds; with weights, sums are weighted.

    Returns
    -------
    Estimates
        ``value`` is the model's total of those who answered; ``low`` and ``high`` are its
        interval given exactly these answers: what the bands hide. Beyond the core columns:

        ``lower_bound``, ``upper_bound``
            the sums of the edges, between which the total of those who answered certainly
            lies; no upper bound where ``open_top`` is above 0
        ``upper_closed``
            sum of the upper edges of all closed bands
        ``open_top``
            answers in an open band
        ``draw_low``, ``draw_high``
            interval of another question: the total of another draw of as many organizations
        ``models_low``, ``models_high``
            smallest and largest total over the models of what lies inside the bands
        ``open_top_share``, ``largest_share``
            share of the model's total that rests on the open band, and on the single largest
            answer
        ``family``, ``known_count``, ``answered``, ``asked``, ``clusters``, ``imprecise_because``
            how numbers are spread; answers replaced by known figures; how many answered and
            were asked; clusters; why a value is imprecise

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, or an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    Sources: interval-censored likelihood, Lindsey and Ryan (1998); bootstrap of clusters, Rao
    and Wu (1988); ``imprecise`` follows the NCHS standards for counts (Parker et al. 2023):
    below 10 units, or an interval wider than 160 % of the value.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = total(answers(), "compute_cores", by="edition", replicates=100)
    >>> table.frame[["edition", "lower_bound", "upper_closed", "open_top"]].head(1)
      edition  lower_bound  upper_closed  open_top
    0    2018       7808.0        8784.0         7
    """
    figures = Figures.of(published_figures)
    kept = {
        "family": family,
        "open_band": open_band,
        "gross_up": gross_up,
        "replicates": replicates,
        "published_figures": figures if figures.footprints else None,
    }
    design = design_of(answers, **options)
    arguments = Arguments(concept, names("by", by), MappingProxyType(kept))
    _check(concept, figures, replicates)
    banded, replaced = _read(design, arguments)
    choice = Choice(family, open_band, replicates, gross_up, len(figures.footprints))
    frame = _rows(banded, pooled(banded), replaced, choice)
    return table_of(
        TOTAL,
        design,
        arguments,
        banded.asked,
        _with_status(banded, frame),
        names=banded.grouping.names,
        title=design.answers.question(concept).title,
        method=METHOD,
        notes=(*notes_on_total(banded, frame, replaced, choice), *banded.notes()),
        counts=banded.only.counts,
    )


def _read(design: Design, arguments: Arguments) -> tuple[Banded, Known]:
    """Return the banded answers, published figures in place of the bands of their clouds."""
    banded = ask_bands(design, (arguments.concept,), arguments.by)
    check_additive(banded.only)
    replaced = apply_known(banded.sample, banded.only, Figures.of(arguments["published_figures"]))
    return banded.with_bands(replaced.bands), replaced


def _rows(banded: Banded, pool: Pool, known: Known, choice: Choice) -> pd.DataFrame:
    """Return one row per group."""
    random = generator()
    weight = np.vstack([np.ones((1, pool.size)), resampled(pool.size, choice.replicates, random)])
    counts = weight @ pool.by_cluster
    family = chosen_family(choice.family, banded.only.cells, counts[:1])
    filling = fill(family, banded.only.cells, counts, choice.top)
    # alone, as changes are modelled: a fit of many replicates stops a little later
    observed = fill(family, banded.only.cells, counts[:1], choice.top)
    filling = replace(filling, means=np.vstack([observed.means, filling.means[1:]]))
    models = models_of(banded.only.cells, counts[:1])
    rows = []
    for group in range(banded.grouping.groups.count):
        bounds = _bounds(banded, pool, known, group)
        model = _model(banded, pool, group, filling, weight, random)
        rows.append(bounds | _inside(model, bounds) | _over_models(pool, group, models, model))
    frame = pd.DataFrame(rows)
    frame["settled"] = bool(filling.settled[0])
    frame["family"] = family if filling.settled[0] else "log-uniform"
    return _grossed(frame) if choice.gross_up else frame


def _bounds(banded: Banded, pool: Pool, known: Known, group: int) -> dict[str, Any]:
    """Return what the edges of the bands say about one group's total."""
    cells = banded.only.cells
    counts = pool.parts(group)[1].sum(axis=0)
    members = banded.members(group)
    answered = members[banded.answered[members]]
    open_top = int(cells.open[banded.only.code[answered]].sum())
    closed = float(counts @ np.where(cells.open, 0.0, cells.high))
    return {
        "answer": "total",
        "count": len(answered),
        "lower_bound": float(counts @ cells.low),
        "upper_bound": np.nan if open_top else closed,
        "upper_closed": closed,
        "open_top": open_top,
        "known_count": int(known.replaced[members].sum()),
        "answered": len(answered),
        "asked": int(banded.was_asked[members].sum()),
        "clusters": len(pool.parts(group)[0]),
    }


def _model(
    banded: Banded,
    pool: Pool,
    group: int,
    filling: Filling,
    weight: Floats,
    random: np.random.Generator,
) -> dict[str, float]:
    """Return the model's total of one group, its intervals, and what it rests on."""
    clusters, parts = pool.parts(group)
    counts = parts.sum(axis=0)
    expected = counts * filling.means[0]
    value = float(expected.sum())
    drawn = weight[:, clusters] @ parts
    other = filling.drawn_totals(drawn, random)[1:]
    same = filling.drawn_totals(np.broadcast_to(counts, drawn.shape), random)[1:]
    draw_low, draw_high = percentile_limits(other, banded.asked.level)
    low, high = percentile_limits(same, banded.asked.level)
    largest = filling.means[0][counts > 0].max(initial=0.0)
    return {
        "value": value,
        "low": float(low),
        "high": float(high),
        "draw_low": float(np.minimum(draw_low, value)),
        "draw_high": float(np.maximum(draw_high, value)),
        "open_top_share": float(expected[banded.only.cells.open].sum() / (value or 1.0)),
        "largest_share": float(min(largest / (value or 1.0), 1.0)),
    }


def _inside(model: dict[str, float], bounds: dict[str, Any]) -> dict[str, float]:
    """Return the numbers with the interval around the value and within the certain bounds.

    Percentiles of the drawn totals of few answers can lie on one side of what is expected.
    """
    most = np.inf if np.isnan(bounds["upper_bound"]) else bounds["upper_bound"]
    value = min(max(model["value"], bounds["lower_bound"]), most)
    low = max(min(model["low"], value), bounds["lower_bound"])
    high = min(max(model["high"], value), most)
    return model | {"value": value, "low": low, "high": high}


def _over_models(
    pool: Pool, group: int, models: Floats, model: dict[str, float]
) -> dict[str, float]:
    """Return the smallest and the largest total that the models give, this one included."""
    counts = pool.parts(group)[1].sum(axis=0)
    found = np.append((counts * models).sum(axis=1), model["value"])
    return {"models_low": float(found.min()), "models_high": float(found.max())}


def _grossed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as if who did not answer were like the mean of those who did."""
    factor = frame["asked"] / frame["answered"].where(frame["answered"] > 0)
    numbers = ["value", "low", "high", "draw_low", "draw_high", "models_low", "models_high"]
    return frame.assign(**{name: frame[name] * factor.fillna(1.0) for name in numbers})


_NUMBERS = (
    "value",
    "low",
    "high",
    "lower_bound",
    "upper_bound",
    "upper_closed",
    "draw_low",
    "draw_high",
    "models_low",
    "models_high",
    "open_top_share",
    "largest_share",
)


def _with_status(banded: Banded, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of every table, then those of totals."""
    status = banded.statuses(frame["count"].to_numpy())
    known = status == Status.OK.value
    rule = known * sum_rule(
        frame["count"].to_numpy(),
        banded.freedom(),
        frame["settled"].to_numpy(dtype=bool),
        (frame["high"] - frame["low"]).to_numpy(dtype=np.float64),
        frame["value"].to_numpy(dtype=np.float64),
    )
    status[rule > 0] = Status.IMPRECISE.value
    core = ["count", "base", "value", "low", "high", "status"]
    rest = [
        "lower_bound",
        "upper_bound",
        "upper_closed",
        "open_top",
        "draw_low",
        "draw_high",
        "models_low",
        "models_high",
        "open_top_share",
        "largest_share",
        "family",
        "known_count",
        "answered",
        "asked",
        "clusters",
        "imprecise_because",
    ]
    shown = frame.assign(
        base=frame["count"],
        status=status,
        imprecise_because=np.array(SUM_REASONS, dtype=object)[rule],
        **{name: frame[name].where(known) for name in _NUMBERS},
    )
    return pd.DataFrame(banded.columns()).join(shown[["answer", *core, *rest]], how="right")


def _check(concept: str, figures: Figures, replicates: int) -> None:
    problems = []
    if figures.footprints and concept != KNOWN_CONCEPT:
        problems.append(
            Problem(
                "published_figures",
                f"known figures with {concept!r}",
                f"{KNOWN_CONCEPT!r}, which is what they count",
            )
        )
    problems += whole("replicates", replicates, 100, MOST_REPLICATES)
    require(f"Cannot add {concept!r} up", problems)


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    banded = ask_bands(design, (arguments.concept,), arguments.by)
    figures = named_figures(banded, Figures.of(arguments["published_figures"]))
    table = replace(with_whole(banded, tabulated_bands(banded)), figures=figures)
    if arguments["gross_up"]:
        table = replace(table, internal="those who did not answer are counted, too")
    return (table,)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return total(design, arguments.concept, arguments.by, **arguments.options)


TOTAL: Final = Statistic(
    name="total",
    calculates="total|mean",
    measure=Measure.NUMBER,
    columns=MappingProxyType(
        {
            "lower_bound": Column(Role.BOUND, "at least"),
            "upper_bound": Column(Role.BOUND, "at most"),
            "upper_closed": Column(Role.BOUND, "upper edges of closed bands"),
            "open_top": Column(Role.DIAGNOSTIC, "answers in an open band"),
            "draw_low": Column(Role.BOUND, "lower limit for another draw of organizations"),
            "draw_high": Column(Role.BOUND, "upper limit for another draw of organizations"),
            "models_low": Column(Role.BOUND, "smallest over models", public=True),
            "models_high": Column(Role.BOUND, "largest over models", public=True),
            "open_top_share": Column(Role.DIAGNOSTIC, "share in the open band"),
            "largest_share": Column(Role.DIAGNOSTIC, "share of the largest answer"),
            "family": Column(Role.TEXT, "family"),
            "known_count": Column(Role.COUNT, "published figures used"),
            "answered": Column(Role.BASE, "answered"),
            "asked": columns.ASKED,
            "clusters": columns.CLUSTERS,
            "imprecise_because": columns.RULE,
        }
    ),
    tabulate=_tabulate,
    point=point_of_totals,
    ask_again=_ask_again,
    public=Public(limits_of_totals, expected=expected_counts, imprecise=published_sums),
    varies=("largest", "model", "unit"),
)
