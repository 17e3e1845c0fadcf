"""The share of large clouds that small teams run, and its like, from two banded questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, DesignOptions
from survey.estimates.design.checks import number, require
from survey.estimates.exact_note import ExactNote
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.bounded import (
    BOUNDED,
    Membership,
    bounded_shares,
    limits_of_bounds,
    point_of_bounds,
    tabulated_memberships,
)
from survey.estimates.precision.precision import METHODS
from survey.estimates.statistic import Arguments, Public, Statistic
from survey.estimates.table import Estimates, Measure
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.banded_answers import BandedAnswers
from survey.responses import Responses

__all__ = ["METHOD", "SHARE_WHERE", "share_where"]

Floats = npt.NDArray[np.float64]

METHOD: Final = f"{METHODS['auto']}; around bounds (Imbens and Manski 2004)"


@checked(EstimateError)
def share_where(
    answers: Responses | Design,
    by: str | Sequence[str] | None = None,
    *,
    among_at_least: Mapping[str, float] | None = None,
    at_most: Mapping[str, float],
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the share of clouds with at least some size that have at most another.

    Parameters
    ----------
    answers
        Typed answers.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    among_at_least
        Who is in the base: concept -> smallest number; everybody if left out.
    at_most
        Who counts: concept -> largest number.
    options
        Who counts, and how, as in :func:`quantile`.

    Returns
    -------
    Estimates
        ``value`` spreads the numbers of a band that straddles a threshold evenly on a
        logarithmic scale. Beyond the core columns: ``lower_bound`` and ``upper_bound``,
        between which the share among those who answered certainly lies; ``undecided``
        (units whose bands straddle a threshold), ``clusters`` and ``imprecise_because``.
        ``count`` are the units that certainly count, ``base`` those that may be in the base.

    Raises
    ------
    EstimateError
        If a question's answers are not bands of a number, or an argument is wrong.
    ResponsesError
        If none of the editions asks a question.

    Notes
    -----
    Where no band straddles a threshold the bounds meet and this is an ordinary share. The
    interval covers the bounds (Imbens and Manski 2004, conservative form).

    Examples
    --------
    Which part of the clouds with 100 cores or more has fewer than 1,000?

    >>> from survey.estimates.examples import answers
    >>> table = share_where(answers(), among_at_least={"compute_cores": 100},
    ...                     at_most={"compute_cores": 999})
    >>> table.frame[["count", "base", "lower_bound", "upper_bound"]].round(2)
       count  base  lower_bound  upper_bound
    0     17    32         0.53         0.53
    """
    _check(among_at_least, at_most)
    lowest = dict(among_at_least or {})
    concepts = tuple(dict.fromkeys((*lowest, *at_most)))
    banded = ask_bands(answers, concepts, by, **options)
    found = dict(zip(concepts, banded.bands, strict=True))
    kept = {
        "answer": _limit(found, at_most, "at most"),
        "among_at_least": MappingProxyType(lowest) if lowest else None,
        "at_most": MappingProxyType(dict(at_most)),
    }
    arguments = Arguments(next(iter(at_most)), banded.grouping.names, MappingProxyType(kept))
    return table_of(
        SHARE_WHERE,
        banded.design,
        arguments,
        banded.asked,
        bounded_shares(banded, *_memberships(found, lowest, at_most), arguments),
        names=banded.grouping.names,
        title=_words(found, lowest, at_most),
        method=METHOD,
        notes=(
            ExactNote(
                f"Bounds {banded.bounds_hold()}: bands that straddle a threshold "
                "count in none or in all of them.",
                "The interval reaches from none to all of the bands that straddle a threshold.",
            ),
            *banded.notes(),
        ),
    )


def _memberships(
    found: Mapping[str, BandedAnswers], lowest: Mapping[str, float], at_most: Mapping[str, float]
) -> tuple[Membership, Membership]:
    """Return who is in the base, and who counts."""
    size = len(next(iter(found.values())).code)
    among = having = Membership.everyone(size)
    for concept, least in lowest.items():
        among = among & _not_below(found[concept], least)
    for concept, most in at_most.items():
        having = having & _not_above(found[concept], most)
    return among, having


def _not_below(bands: BandedAnswers, number: float) -> Membership:
    """Return for which rows the number is at least ``number``."""
    other = _not_above(bands, np.nextafter(number, -np.inf))
    return Membership(
        bands.answered & ~other.possible, bands.answered & ~other.certain, 1.0 - other.likely
    )


def _not_above(bands: BandedAnswers, number: float) -> Membership:
    """Return for which rows the number is at most ``number``."""
    low, high, reach = (bands.edge(name) for name in ("low", "high", "reach"))
    with np.errstate(invalid="ignore"):
        certain, possible = high <= number, low <= number
        part = _part_below(low, reach, number)
    likely = np.where(certain, 1.0, np.where(possible, part, 0.0))
    return Membership(certain, possible, likely)


def _part_below(low: Floats, reach: Floats, number: float) -> Floats:
    """Return which part of each band lies at or below ``number``, evenly on a log scale.

    An open band counts as one decade.
    """
    start = np.maximum(low, 0.1)
    end = np.where(np.isinf(reach), 10 * start, reach)
    stop = np.clip(np.floor(number) + 1, start, end)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.log(stop / start) / np.log(end / start)
    return np.asarray(np.clip(np.nan_to_num(part), 0.0, 1.0))


def _words(
    found: Mapping[str, BandedAnswers], lowest: Mapping[str, float], at_most: Mapping[str, float]
) -> str:
    having = _limit(found, at_most, "at most")
    return f"{having}, among those with {_limit(found, lowest, 'at least')}" if lowest else having


def _limit(found: Mapping[str, BandedAnswers], limits: Mapping[str, float], word: str) -> str:
    return " and ".join(
        f"{word} {number:,.12g} {found[concept].counts}" for concept, number in limits.items()
    )


def _check(at_least: Mapping[str, float] | None, at_most: Mapping[str, float]) -> None:
    example = "at_most={'team_size': 5}"
    problems = []
    for name, limits in (
        ("among_at_least", {} if at_least is None else at_least),
        ("at_most", at_most),
    ):
        if not isinstance(limits, Mapping):
            problems.append(Problem(name, repr(limits), f"concept -> number, as {example}"))
            continue
        for concept, limit in limits.items():
            problems += number(f"{name}[{concept!r}]", limit, "a number")
    if not problems and not at_most:
        problems.append(Problem("at_most", "nothing", example))
    require("Cannot count who has at most some size", problems)


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    lowest, at_most = dict(arguments["among_at_least"] or {}), arguments["at_most"]
    concepts = tuple(dict.fromkeys((*lowest, *at_most)))
    banded = ask_bands(design, concepts, arguments.by)
    found = dict(zip(concepts, banded.bands, strict=True))
    return (tabulated_memberships(banded, *_memberships(found, lowest, at_most)),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    kept = {name: arguments[name] for name in ("among_at_least", "at_most")}
    return share_where(design, arguments.by, **kept)


SHARE_WHERE: Final = Statistic(
    name="share_where",
    calculates=r"at most [\d.,]+ \w+",
    measure=Measure.SHARE,
    columns=BOUNDED,
    tabulate=_tabulate,
    point=point_of_bounds,
    ask_again=_ask_again,
    public=Public(limits_of_bounds),
)
