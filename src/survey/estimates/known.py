"""Known footprints replace bands: a published figure says more than "1 million or more".

A figure holds for all clouds of one organization in one edition together. It takes the place
of the band of the organization's largest cloud; the organization's other clouds are then
covered by it and count as 0. A figure that is a lower bound narrows the band from below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Footprint
from survey.estimates.bands import BandedAnswers
from survey.estimates.sample import Sample
from survey.responses.names import squeezed_name

__all__ = ["KNOWN_CONCEPT", "Known", "apply_known", "rows_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

KNOWN_CONCEPT = "compute_cores"
"""What published figures count."""


@dataclass(frozen=True)
class Known:
    """Answers in which known figures have replaced bands.

    Attributes
    ----------
    bands
        The answers.
    replaced
        Per row: whether a figure took the place of its band.
    covered
        Per row: whether the organization's figure stands on another row.
    """

    bands: BandedAnswers
    replaced: Flags
    covered: Flags


def apply_known(sample: Sample, bands: BandedAnswers, footprints: Iterable[Footprint]) -> Known:
    """Return the answers with known figures in place of bands."""
    low, high, reach = (bands.edge(name) for name in ("low", "high", "reach"))
    replaced, covered = (np.zeros(len(sample), dtype=bool) for _ in range(2))
    if bands.concept == KNOWN_CONCEPT:
        for footprint, rows in rows_of(sample, footprints):
            first = rows[np.argmax(np.nan_to_num(low[rows], nan=-1.0))]
            floor = max(float(footprint.cores), float(np.nansum(low[rows])))
            ceiling = float(np.nansum(high[rows])) if np.isfinite(low[rows]).any() else np.inf
            figure = footprint.cores if not footprint.at_least else floor
            top = figure if not footprint.at_least else max(ceiling, 0.0)
            if top < figure:
                top = np.inf
            others = rows[rows != first]
            low[others] = high[others] = 0.0
            reach[others] = 1.0
            low[first], high[first] = figure, top
            reach[first] = top + 1
            replaced[first], covered[others] = True, True
    if not replaced.any():
        return Known(bands, replaced, covered)
    return Known(bands.replace_rows(low, high, reach), replaced, covered)


def rows_of(sample: Sample, footprints: Iterable[Footprint]) -> list[tuple[Footprint, Ints]]:
    """Return each figure whose organization is in the sample, with the organization's rows."""
    frame = sample.answers.frame(sample.unit)
    names = sample.pick(frame["organization"].astype(object).to_numpy())
    codes, labels = pd.factorize(names)
    squeezed = np.array([squeezed_name(str(label)) for label in labels], dtype=object)
    found = []
    for footprint in footprints:
        if footprint.edition not in sample.editions:
            continue
        wanted = {squeezed_name(name) for name in footprint.names}
        same = np.flatnonzero([name in wanted for name in squeezed])
        place = sample.editions.index(footprint.edition)
        rows = np.flatnonzero(np.isin(codes, same) & (sample.edition == place))
        if len(rows):
            found.append((footprint, rows))
    return found
