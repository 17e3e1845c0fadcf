"""Banded answers as intervals: which numbers each answer allows.

An answer such as "100 to 999 cores" says that the number lies somewhere in the band, and no
more. Here each answer becomes a *cell*: the band's edges as worded, and the number that it
stays below (the lower edge of the next band), because models and interpolation need bands
that meet. Editions with other bands are read as intervals and pooled, never by text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Band, Question
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.offers import questions_of, read_questions, shown_rows
from survey.responses import Responses

__all__ = [
    "BandedAnswers",
    "Cells",
    "banded_concepts",
    "cells_of",
    "check_additive",
    "reach_of",
    "read_bands",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_SMALL = 50.0


@dataclass(frozen=True)
class Cells:
    """Distinct intervals in ascending order.

    Attributes
    ----------
    low, high
        Edges as worded, both included; an open band has ``high = inf``.
    reach
        The number that every value of the cell is below: where the next band begins.
    labels
        What outputs call the cell.
    """

    low: Floats
    high: Floats
    reach: Floats
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def open(self) -> npt.NDArray[np.bool_]:
        """Per cell: whether the band has no upper edge."""
        return np.asarray(np.isinf(self.high))

    @cached_property
    def disjoint(self) -> bool:
        """Whether no two cells overlap."""
        return bool(np.all(self.reach[:-1] <= self.low[1:]))

    @cached_property
    def edges(self) -> Floats:
        """Every number at which a cell begins or ends, ascending."""
        return np.unique(np.concatenate([self.low, self.reach]))

    def snapped(self) -> Cells:
        """Return a copy in which edges that differ by 2 % or less are one edge, the lower.

        "1 to 100" and "100 to 999" share the number 100 and nothing else; without this, an
        estimate for pooled schemes could put many clouds at exactly 100.
        """
        places = self.edges[np.isfinite(self.edges)]
        starts = np.diff(places, prepend=-np.inf) > np.maximum(0.02 * np.abs(places), 0.0)
        starts |= places < _SMALL
        lower = np.maximum.accumulate(np.where(starts, places, -np.inf))

        def moved(edge: Floats) -> Floats:
            found = np.searchsorted(places, np.where(np.isfinite(edge), edge, places[0]))
            return np.where(np.isfinite(edge), lower[found], edge)

        low, reach = moved(self.low), moved(self.reach)
        kept = low < reach
        return replace(
            self, low=np.where(kept, low, self.low), reach=np.where(kept, reach, self.reach)
        )

    def pick(self, places: Ints) -> Cells:
        """Return some of the cells."""
        labels = tuple(self.labels[place] for place in places.tolist())
        return Cells(self.low[places], self.high[places], self.reach[places], labels)

    @cached_property
    def unit_width(self) -> npt.NDArray[np.bool_]:
        """Per cell: whether it allows a single whole number, so that nothing is hidden."""
        return np.asarray(self.low == self.high)


@dataclass(frozen=True)
class BandedAnswers:
    """Answers to one banded question, as cells.

    Attributes
    ----------
    concept, counts
        What was asked, and what the numbers count (``"cores"``).
    cells
        The distinct intervals.
    code
        Per row of the frame: position of its cell, or -1 where no band was chosen.
    asked
        Per row: whether the form showed the question, as far as is known, and the files have it.
    not_offered
        Positions of the editions that ask the question, but not so that it can be answered.
    """

    concept: str
    counts: str
    cells: Cells
    code: Ints
    asked: npt.NDArray[np.bool_]
    not_offered: frozenset[int] = frozenset()

    @property
    def answered(self) -> npt.NDArray[np.bool_]:
        """Per row: whether a band was chosen."""
        return np.asarray(self.code >= 0)

    def edge(self, name: str) -> Floats:
        """Return ``low``, ``high`` or ``reach`` per row; ``nan`` where no band was chosen."""
        values = np.append(getattr(self.cells, name), np.nan)
        return np.asarray(values[self.code])

    def replace_rows(self, low: Floats, high: Floats, reach: Floats) -> BandedAnswers:
        """Return a copy whose rows hold other intervals (``nan``: no answer)."""
        edges = np.column_stack([self.cells.low, self.cells.high, self.cells.reach]).tolist()
        names = {(a, b, c): name for (a, b, c), name in zip(edges, self.cells.labels, strict=True)}
        cells, code = cells_of(low, high, reach, names)
        return replace(self, cells=cells, code=code)


def reach_of(bands: Mapping[str, Band]) -> dict[str, float]:
    """Return for each label where the next band begins.

    The last closed band ends one whole number above its upper edge; an open band never ends.

    Examples
    --------
    >>> reach_of({"1 to 9": Band(1, 9), "10 to 99": Band(10, 99), "100 or more": Band(100, None)})
    {'1 to 9': 10.0, '10 to 99': 100.0, '100 or more': inf}
    """
    lows = np.unique([band.low for band in bands.values()]).astype(np.float64)
    reach = {}
    for label, band in bands.items():
        if band.high is None:
            reach[label] = np.inf
            continue
        later = lows[(lows >= band.high) & (lows > band.low)]
        reach[label] = float(later[0]) if len(later) else float(band.high + 1)
    return reach


def banded_concepts(answers: Responses) -> tuple[str, ...]:
    """Return the concepts whose answers are bands, in form order."""
    return tuple(c for c in answers.concepts if answers.question(c).banded)


def cells_of(
    low: Floats, high: Floats, reach: Floats, labels: Mapping[tuple[float, float, float], str]
) -> tuple[Cells, Ints]:
    """Return the distinct intervals of some rows, and the position of each row among them."""
    rows = np.column_stack([low, reach, high])
    code = np.full(len(rows), -1, dtype=np.intp)
    filled = ~np.isnan(rows).any(axis=1)
    distinct, inverse = np.unique(rows[filled], axis=0, return_inverse=True)
    code[filled] = inverse.reshape(-1)
    names = tuple(labels.get((a, b, c), _plain(a, b)) for a, c, b in distinct.tolist())
    return Cells(distinct[:, 0], distinct[:, 2], distinct[:, 1], names), code


def read_bands(sample: Sample, concept: str) -> BandedAnswers:
    """Return the answers to ``concept``, one per row of ``sample``, as cells.

    Raises
    ------
    EstimateError
        If the answers to ``concept`` are not bands of a number.
    """
    newest = sample.answers.question(concept)
    if not newest.banded:
        raise _not_banded(sample.answers, newest)
    column = pd.Series(sample.column(concept))
    edges = np.full((3, len(column)), np.nan)
    there = np.array([each is not None for each in read_questions(sample, concept)], dtype=bool)
    names: dict[tuple[float, float, float], str] = {}
    for place, question in enumerate(questions_of(sample, concept)):
        if question is None:
            continue
        rows = sample.edition == place
        table = _edges(question)
        names.update({edge: label for label, edge in table.items()})
        edges[:, rows] = _look_up(column[rows], table)
    low, high, reach = edges
    cells, code = _scheme(names, low, high, reach)
    asked = shown_rows(sample, concept, there)
    return BandedAnswers(concept, newest.measure, cells, code, asked)


def check_additive(bands: BandedAnswers) -> None:
    """Refuse to add percentages up.

    Raises
    ------
    EstimateError
        If the numbers are percentages.
    """
    if bands.counts == "percent":
        problem = Problem(
            f"concept {bands.concept!r}",
            "percentages",
            "numbers that can be added up",
            "ask for the median",
        )
        raise EstimateError(f"Cannot add {bands.concept!r} up", [problem])


def _edges(question: Question) -> dict[str, tuple[float, float, float]]:
    """Return label -> (low, high, reach)."""
    reach = reach_of(question.bands)
    return {
        label: (float(band.low), np.inf if band.high is None else float(band.high), reach[label])
        for label, band in question.bands.items()
    }


def _look_up(column: pd.Series[Any], table: Mapping[str, tuple[float, float, float]]) -> Floats:
    """Return (low, high, reach) x rows."""
    codes, labels = pd.factorize(column.astype(object))
    nothing = (np.nan, np.nan, np.nan)
    edges = np.array([*(table.get(label, nothing) for label in labels), nothing])
    return np.asarray(edges[codes].T)


def _scheme(
    names: Mapping[tuple[float, float, float], str], low: Floats, high: Floats, reach: Floats
) -> tuple[Cells, Ints]:
    """Return all bands that could have been chosen, and each row's position among them."""
    offered = np.array(sorted(names, key=lambda edge: (edge[0], edge[2], edge[1])))
    rows = np.column_stack([low, high, reach])
    every = np.concatenate([offered.reshape(-1, 3), rows])
    stacked, code = cells_of(every[:, 0], every[:, 1], every[:, 2], names)
    return stacked, code[len(offered) :]


def _plain(low: float, high: float) -> str:
    """Return words for an interval that no band names."""
    if low == high:
        return f"{low:,.0f}"
    return f"{low:,.0f} or more" if np.isinf(high) else f"{low:,.0f} to {high:,.0f}"


def _not_banded(answers: Responses, question: Question) -> EstimateError:
    known = banded_concepts(answers)
    hint = f"banded here: {', '.join(known) or 'none'}"
    problem = Problem(
        f"concept {question.concept!r}",
        f"a question of kind {question.kind.value!r} without bands",
        "a question whose answers are bands of a number",
        hint,
    )
    return EstimateError(f"No numbers lie behind the answers to {question.concept!r}", [problem])
