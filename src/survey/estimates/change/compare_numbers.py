"""Change of a number between two editions: a median, a mean, a total, a ratio, a score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Unpack

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.change.change_of_medians import change_of_quantile
from survey.estimates.change.change_rows import Modelled, Setting, change_notes, rows_of
from survey.estimates.change.compare_sums import (
    EXCHANGED,
    read_sums,
    record_of_sums,
    sums_changed,
)
from survey.estimates.change.number_change import Moved, moved_by_resampling
from survey.estimates.change.resampled_change import resampled_ratios
from survey.estimates.change.statistic_change import change_of, not_comparable
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import MOST_REPLICATES, fraction, names, require, whole
from survey.estimates.design.editions import edition_problems, same_words
from survey.estimates.exact_note import ExactNote
from survey.estimates.numbers.band_counts import tabulated_bands
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.numbers.filling import AVERAGE
from survey.estimates.numbers.known import Figures
from survey.estimates.numbers.quantile import QUANTILE, interpolation_of
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Noise, Public, Statistic
from survey.estimates.table import Estimates, Measure
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.offers import questions_of
from survey.responses import Responses

__all__ = ["COMPARE_NUMBERS", "OF_NUMBERS", "compare_numbers"]

Floats = npt.NDArray[np.float64]

OF_NUMBERS: Final = ("median", "mean", "total", "ratio")
"""What can be compared of banded questions; a number between 0 and 1 is a quantile."""

_LIMITS: Final = (
    "MOVER from the limits of each edition (Zou and Donner 2008), linearized by cluster"
)
_RESAMPLED: Final = "percentiles of resamples of organizations over both editions (Rao and Wu 1988)"


@checked(EstimateError)
def compare_numbers(  # noqa: PLR0913
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    statistic: str | float = "median",
    per: str | None = None,
    family: str = AVERAGE,
    open_band: str | float | None = None,
    published_figures: Iterable[PublishedFigure] | Figures | None = None,
    fdr: float = 0.05,
    replicates: int = 1000,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how the number behind a banded question changed between two editions.

    Parameters
    ----------
    answers
        Typed answers that include both editions; bands that differ are pooled as intervals.
    concept
        A question whose answers are bands of a number.
    earlier, later
        Names of the editions; the difference is ``later - earlier``.
    by, options
        As in :func:`quantile`.
    statistic
        ``"median"``, another quantile as a number between 0 and 1, ``"mean"`` (per cloud),
        ``"total"`` (of those who answered), or ``"ratio"``: the median ratio to ``per``.
    per
        The denominator of a ratio, another banded question.
    family, open_band, published_figures
        How numbers are spread inside bands, and which published figures replace bands, for means
        and totals; see :func:`total`. One fit serves all editions of the answers, so that the
        numbers are those of :func:`total` by edition.
    fdr
        False discovery rate of the verdicts, over all groups.
    replicates
        Number of resamples, for ratios.

    Returns
    -------
    Estimates
        One row per group; ``value`` is the difference, ``count`` and ``base`` are the later
        edition's answers. Beyond the core columns: ``earlier`` and ``later`` (the numbers),
        ``factor`` with ``factor_low`` and ``factor_high`` (later over earlier),
        ``lower_bound`` and ``upper_bound`` (between which the difference of those who
        answered certainly lies; missing where a band is open), ``earlier_base``,
        ``clusters``, ``p``, ``p_adjusted``, ``verdict`` and ``imprecise_because``.

    Raises
    ------
    EstimateError
        If an edition is not there, the answers are not bands of a number, or an argument is
        wrong.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    Organizations that answer both times count once in the variance: medians by the
    correlation of the shares below them, ratios because organizations are drawn for both editions
    together, totals and means because each organization exchanges its editions as a whole
    (:mod:`survey.estimates.numbers.exchange`). A change of totals is also a change of who
    answered; compare means, or see :func:`decompose_change`, which takes the same change apart.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = compare_numbers(answers(), "compute_cores", "2018", "2019")
    >>> table.frame[["earlier", "later", "factor", "verdict"]].round(2).values.tolist()
    [[271.12, 241.04, 0.89, 'could be noise']]
    """
    design = design_of(answers, **options)
    q = _checked(design.answers, (earlier, later), statistic, per, fdr, replicates)
    how = _How(statistic, q, family, open_band, Figures.of(published_figures))
    kept = {"earlier": earlier, "later": later, **how.options(per, replicates), "fdr": fdr}
    arguments = Arguments(concept, names("by", by), MappingProxyType(kept))
    banded = _read(design, arguments)
    counts = banded.only.counts
    found = _change(design, arguments, banded, how)
    with_copies = None
    if banded.sample.left_out:
        other = design.but(include_carried_over=True)
        few = replace(arguments, options=MappingProxyType({**kept, "replicates": 1}))
        with_copies = _change(other, few, _read(other, few), how).moved
    comparable = _comparable(banded)
    frame = rows_of(found.setting, found.moved, _name(statistic), fdr, found.model)
    return table_of(
        _RECORDS["quantile" if q is not None else str(statistic)],
        design,
        arguments,
        banded.asked,
        frame,
        names=banded.grouping.names[1:],
        title=(
            f"{design.answers.question(concept).title}, {_name(statistic)}: "
            f"change from {earlier} to {later}"
        ),
        method=how.method,
        notes=(
            *change_notes(frame, fdr, comparable=comparable),
            *_notes(statistic, banded),
            *_on_copies(found.moved, with_copies, counts),
            *banded.notes(),
        ),
        counts=counts if per is None else f"{counts} per {banded.bands[1].counts}",
    )


def _read(design: Design, arguments: Arguments) -> Banded:
    """Return the banded answers of both editions, the earlier groups before the later ones."""
    per = arguments["per"]
    concepts = (arguments.concept,) if per is None else (arguments.concept, per)
    editions = (arguments["earlier"], arguments["later"])
    return ask_bands(design, concepts, ("edition", *arguments.by), editions=editions)


class _Found(NamedTuple):
    """Who answered, what changed, and how it was modelled; None without a model."""

    setting: Setting
    moved: Moved
    model: Modelled | None


@dataclass(frozen=True)
class _How:
    """What is compared; ``q`` is the quantile, if it is one."""

    of: str | float
    q: float | None
    family: str
    top: str | float | None
    figures: Figures

    @property
    def additive(self) -> bool:
        """Whether it is a total, or a mean."""
        return self.of in ("mean", "total")

    @property
    def method(self) -> str:
        """Where the limits come from."""
        return EXCHANGED if self.additive else _LIMITS if self.q is not None else _RESAMPLED

    def options(self, per: str | None, replicates: int) -> dict[str, Any]:
        """Return what a table must know to be made again."""
        figures = self.figures if self.additive and self.figures.footprints else None
        return {
            "statistic": self.of,
            "per": per,
            "family": self.family if self.additive else None,
            "open_band": self.top if self.additive else None,
            "published_figures": figures,
            "replicates": replicates if self.of == "ratio" else None,
        }


def _change(design: Design, arguments: Arguments, banded: Banded, how: _How) -> _Found:
    comparable = _comparable(banded)
    if how.additive:
        sums = read_sums(design, arguments)
        return _Found(*sums_changed(sums, mean=how.of == "mean", comparable=comparable))
    setting = Setting.of_bands(banded, comparable=comparable)
    if how.q is not None:
        how_spread = interpolation_of(banded.only.counts)
        return _Found(setting, change_of_quantile(banded, how.q, how_spread), None)
    drawn = resampled_ratios(banded, "median", arguments["replicates"])
    bounds = (drawn.lower, drawn.upper)
    moved = moved_by_resampling(drawn.replicates, bounds, banded.asked.level)
    first, second = np.split(drawn.settled, 2)
    return _Found(setting, moved, Modelled(np.asarray(first & second), additive=False))


def _comparable(banded: Banded) -> bool:
    """Whether both editions ask every question in the same words."""
    return all(same_words(questions_of(banded.sample, bands.concept)) for bands in banded.bands)


def _notes(of: str | float, banded: Banded) -> Iterator[str]:
    if of == "total":
        yield (
            "A change of the total is also a change of who answered; see the mean, or "
            "decompose_change()."
        )
    yield ExactNote(
        f"Bounds of the difference {banded.bounds_hold()}; the value is a model of "
        "what lies inside the bands.",
        "The value is a model of what lies inside the bands.",
    )


def _on_copies(moved: Moved, with_copies: Moved | None, counts: str) -> Iterator[str]:
    """Yield what copies of earlier answers would change."""
    if with_copies is None or len(moved.value) != len(with_copies.value):
        return
    gaps = np.abs(with_copies.value - moved.value)
    if np.isfinite(gaps).any():
        most = float(gaps[np.isfinite(gaps)].max())
        size = f"{most:,.0f}" if most >= 100 else f"{most:.3g}"
        yield ExactNote(
            f"With the answers carried over unchanged, differences would move by up to {size} "
            f"{counts}."
        )


def _name(of: str | float) -> str:
    if isinstance(of, str):
        return of if of != "ratio" else "median ratio"
    return "median" if of == 0.5 else f"{100 * of:g} % quantile"


def _checked(
    answers: Responses,
    editions: tuple[str, str],
    of: Any,
    per: str | None,
    rate: float,
    replicates: int,
) -> float | None:
    """Check arguments; return the quantile that is asked for, if it is one."""
    problems = edition_problems(answers, *editions)
    if not (isinstance(of, str) and of in OF_NUMBERS) and fraction("statistic", of, 0.9):
        expected = f"one of {', '.join(OF_NUMBERS)}, or a quantile such as 0.9"
        problems.append(Problem("statistic", repr(of), expected, did_you_mean(of, OF_NUMBERS)))
    if (of == "ratio") != (per is not None):
        problems.append(Problem("per", repr(per), "a denominator, for statistic='ratio' alone"))
    problems += fraction("fdr", rate, 0.05) + whole("replicates", replicates, 100, MOST_REPLICATES)
    require("Cannot compare the editions", problems)
    return {"median": 0.5}.get(of) if isinstance(of, str) else float(of)


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    banded = _read(design, arguments)
    table = tabulated_bands(banded)
    return (table if _comparable(banded) else not_comparable(table),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    kept = {name: value for name, value in arguments.options.items() if value is not None}
    return compare_numbers(design, arguments.concept, by=arguments.by, **kept)


def _quantile_of(arguments: Arguments, counts: str) -> Arguments:
    """Return what a quantile is asked with, from what its change was asked with."""
    q = 0.5 if arguments["statistic"] == "median" else float(arguments["statistic"])
    options = {"q": (q,), "interpolation": interpolation_of(counts)}
    return replace(arguments, options=MappingProxyType(options))


def _quantile_point(table: Tabulation, arguments: Arguments) -> Point:
    return QUANTILE.point(table, _quantile_of(arguments, table.counts))


def _quantile_limits(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    assert QUANTILE.public is not None
    return QUANTILE.public.limits(table, _quantile_of(arguments, table.counts), noise)


def _record(single: Statistic) -> Statistic:
    return change_of(single, "compare_numbers", _tabulate, _ask_again, Measure.NUMBER)


_QUANTILES: Final = replace(QUANTILE, point=_quantile_point, public=Public(_quantile_limits))
_MODELLED: Final = replace(QUANTILE, public=None, calculates="median|mean|total|ratio")
_RECORDS: Final = MappingProxyType(
    {
        "quantile": _record(_QUANTILES),
        "total": record_of_sums(_ask_again),
        "mean": record_of_sums(_ask_again),
        "ratio": replace(_record(_MODELLED), measure=Measure.RATIO),
    }
)
"""What is compared -> its record; ratios are internal."""
COMPARE_NUMBERS: Final = _RECORDS["quantile"]
