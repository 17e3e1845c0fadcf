"""Totals of banded answers: three numbers that always stand together.

The hard bounds from the edges of the bands; a model of what lies inside them, with a bootstrap
interval; and how much of the model's total rests on the open top band and on the single
largest answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import MOST_REPLICATES, names, require, whole
from survey.estimates.numbers.band_counts import tabulated_bands, with_whole
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.numbers.expected_counts import expected_counts
from survey.estimates.numbers.filling import AVERAGE
from survey.estimates.numbers.known import KNOWN_CONCEPT, Figures, Known, apply_known, named_figures
from survey.estimates.numbers.resample_pool import Pool, pooled
from survey.estimates.numbers.sum_rules import SUM_REASONS, published_sums, sum_rule
from survey.estimates.numbers.total_notes import Choice, notes_on_total
from survey.estimates.numbers.total_of_counts import (
    limits_of_totals,
    point_of_totals,
)
from survey.estimates.numbers.total_rows import rows_of_totals
from survey.estimates.precision.bootstrap import generator, resampled
from survey.estimates.statistic import Arguments, Column, GroupLabels, Public, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.banded_answers import check_additive
from survey.responses import Responses
from survey.underway import each

__all__ = ["TOTAL", "total", "totals_by"]

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
    arguments = Arguments(concept, names("by", by), MappingProxyType(kept))
    (table,) = totals_by(design_of(answers, **options), arguments, (family,))
    return table


def totals_by(
    design: Design,
    arguments: Arguments,
    families: Iterable[str],
    *,
    values_of: GroupLabels | None = None,
) -> tuple[Estimates, ...]:
    """Return a total by each family, of the same resamples, which are drawn once.

    With ``values_of`` the core columns of some groups alone are worked out, without notes.
    """
    _check(arguments)
    found = _drawn(design, arguments) if values_of is None else _remembered(design, arguments)
    banded, replaced, pool, weight, random = found
    tables = []
    for family in each("families", tuple(families)):
        options = MappingProxyType({**arguments.options, "family": family})
        own = replace(arguments, options=options)
        drawn = (weight, deepcopy(random))
        tables.append(_table(design, own, banded, pool, replaced, drawn=drawn, values_of=values_of))
    return tuple(tables)


_Drawn = tuple[Banded, Known, Pool, Floats, np.random.Generator]


def _drawn(design: Design, arguments: Arguments) -> _Drawn:
    """Return the banded answers, their sums by cluster and the weights of all resamples."""
    banded, replaced = _read(design, arguments)
    pool, random = pooled(banded), generator()
    weight = np.ones((1 + arguments["replicates"], pool.size))
    weight[1:] = resampled(pool.size, arguments["replicates"], random)
    return banded, replaced, pool, weight, random


def _remembered(design: Design, arguments: Arguments) -> _Drawn:
    """Return the same, read once for all models of a sensitivity card."""
    figures = Figures.of(arguments["published_figures"]).footprints
    key = (_drawn, arguments.concept, arguments.by, arguments["replicates"], figures)
    key = (*key, *design.options().items())
    known = design.answers.remembered
    if key not in known:
        known[key] = _drawn(design, arguments)
    found: _Drawn = known[key]
    return found


def _table(
    design: Design,
    arguments: Arguments,
    banded: Banded,
    pool: Pool,
    replaced: Known,
    *,
    drawn: tuple[Floats, np.random.Generator],
    values_of: GroupLabels | None,
) -> Estimates:
    choice = Choice(
        arguments["family"],
        arguments["open_band"],
        arguments["replicates"],
        arguments["gross_up"],
        len(Figures.of(arguments["published_figures"]).footprints),
    )
    frame = rows_of_totals(banded, pool, replaced, choice, drawn, values_of)
    return table_of(
        TOTAL,
        design,
        arguments,
        banded.asked,
        _with_status(banded, frame),
        names=banded.grouping.names,
        title=design.answers.question(arguments.concept).title,
        method=METHOD,
        notes=()
        if values_of is not None
        else tuple(notes_on_total(banded, frame, replaced, choice)),
        counts=banded.only.counts,
    )


def _read(design: Design, arguments: Arguments) -> tuple[Banded, Known]:
    """Return the banded answers, published figures in place of the bands of their clouds."""
    banded = ask_bands(design, (arguments.concept,), arguments.by)
    check_additive(banded.only)
    replaced = apply_known(banded.sample, banded.only, Figures.of(arguments["published_figures"]))
    return banded.with_bands(replaced.bands), replaced


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
    found = {name: frame[name].to_numpy() for name in frame.columns}
    found |= {name: np.where(known, found[name], np.nan) for name in _NUMBERS}
    found |= {
        "base": found["count"],
        "status": status,
        "imprecise_because": np.array(SUM_REASONS, dtype=object)[rule],
    }
    groups = banded.columns()
    return pd.DataFrame(groups | {name: found[name] for name in ("answer", *core, *rest)})


def _check(arguments: Arguments) -> None:
    concept, figures = arguments.concept, Figures.of(arguments["published_figures"])
    problems = []
    if figures.footprints and concept != KNOWN_CONCEPT:
        problems.append(
            Problem(
                "published_figures",
                f"known figures with {concept!r}",
                f"{KNOWN_CONCEPT!r}, which is what they count",
            )
        )
    problems += whole("replicates", arguments["replicates"], 100, MOST_REPLICATES)
    require(f"Cannot add {concept!r} up", problems)


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    banded = ask_bands(design, (arguments.concept,), arguments.by)
    table = with_whole(banded, tabulated_bands(banded))
    if arguments["published_figures"]:
        named = named_figures(banded, Figures.of(arguments["published_figures"]))
        nobody = 0.0, (0.0,) * len(table.answers)
        table = replace(table, figures={each: named.get(each, nobody) for each in table.groups})
    if arguments["gross_up"]:
        table = replace(table, internal="those who did not answer are counted, too")
    return (table,)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return total(design, arguments.concept, arguments.by, **arguments.options)


def _ask_values(design: Design, arguments: Arguments, groups: GroupLabels) -> Estimates:
    return totals_by(design, arguments, (arguments["family"],), values_of=groups)[0]


TOTAL: Final = Statistic(
    name="total",
    calculates="total|mean",
    about_answers=True,
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
    ask_values=_ask_values,
    public=Public(limits_of_totals, expected=expected_counts, imprecise=published_sums),
    varies=("largest", "model", "unit"),
)
