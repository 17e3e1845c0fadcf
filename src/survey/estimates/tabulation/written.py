"""Answers that no choice stands for: written ones, and those that the codebook does not list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.answer_table import Indicator
from survey.responses import ANOTHER
from survey.responses.write_ins import written_labels

__all__ = ["with_written"]

Flags = npt.NDArray[np.bool_]


def with_written(sample: Sample, concept: str, indicator: Indicator) -> Indicator:
    """Return a copy in which what was written in a write-in column counts as "Other"."""
    if concept not in sample.answers.concepts or "item" in indicator.columns:
        return indicator
    found, written = indicator, np.zeros(len(sample), dtype=bool)
    for label, everyone in written_labels(sample.answers, concept, sample.unit).items():
        rows = sample.pick(everyone) & found.asked[sample.edition]
        if rows.any():
            found, written = _ticking(found, label, rows), written | rows
    if ANOTHER in found.answers:
        unlisted = int(found.chosen[:, found.answers.index(ANOTHER)].sum())
        found = replace(found, unlisted=unlisted)
    return replace(
        found,
        answered=found.answered | written,
        declined=found.declined & ~written,
        shown=found.shown | written,
        written=int(written.sum()),
    )


def _ticking(indicator: Indicator, label: str, rows: Flags) -> Indicator:
    """Return a copy in which some units gave one more answer."""
    if label not in indicator.answers:
        return _with_column(indicator, label, rows)
    chosen = indicator.chosen.copy()
    chosen[:, indicator.answers.index(label)] |= rows
    return replace(indicator, chosen=chosen)


def _with_column(indicator: Indicator, label: str, rows: Flags) -> Indicator:
    """Return a copy with one more answer, which every edition that asks could have had."""
    ranks = indicator.ranks
    absent = indicator.absent.any(axis=1) & ~indicator.asked
    return replace(
        indicator,
        answers=(*indicator.answers, label),
        chosen=np.column_stack([indicator.chosen, rows]),
        offered=np.column_stack([indicator.offered, indicator.asked]),
        absent=np.column_stack([indicator.absent, absent]),
        refusals=np.append(indicator.refusals, False),
        ranks=None if ranks is None else np.column_stack([ranks, np.zeros(len(ranks), np.uint8)]),
    )
