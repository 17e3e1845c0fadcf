"""Known footprints replace bands: a published figure says more than "1 million or more".

A figure holds for all clouds of one organization in one edition together. It takes the place
of the band of the organization's largest cloud; the organization's other clouds are then
covered by it and count as 0. A figure that is a lower bound narrows the band from below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import PublishedFigure
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.design.sample import Sample
from survey.estimates.numbers.banded import Banded
from survey.estimates.tabulation.banded_answers import BandedAnswers
from survey.responses import Responses
from survey.responses.names import squeezed_name

__all__ = [
    "KNOWN_CONCEPT",
    "Figures",
    "Known",
    "apply_known",
    "named_figures",
    "named_organizations",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_CONSENT = "is_public"
KNOWN_CONCEPT = "compute_cores"
"""What published figures count."""


@dataclass(frozen=True, repr=False)
class Figures:
    """Known figures as an argument; names of organizations do not show when it is printed.

    Examples
    --------
    >>> Figures.of([PublishedFigure("Example", "2023", 1_000_000, "a talk")])
    Figures(1 known)
    """

    footprints: tuple[PublishedFigure, ...] = ()

    @classmethod
    def of(cls, known: Iterable[PublishedFigure] | Figures | None) -> Figures:
        """Return the figures behind an argument."""
        if isinstance(known, Figures):
            return known
        given = tuple(known) if isinstance(known, Iterable) else known
        if given is None or (isinstance(given, tuple) and all(map(_is_figure, given))):
            return cls(given or ())
        problem = Problem("published_figures", repr(known), "figures from read_footprints()")
        raise EstimateError("These are no known figures", [problem])

    def __repr__(self) -> str:
        return f"Figures({len(self.footprints)} known)"


def _is_figure(value: object) -> bool:
    return isinstance(value, PublishedFigure)


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
    has_open
        Whether the question has a band without an upper edge, also where a figure took the place of
        the only answer in it: what a note says must not tell who took part.
    """

    bands: BandedAnswers
    replaced: Flags
    covered: Flags
    has_open: bool


def apply_known(
    sample: Sample, bands: BandedAnswers, figures: Figures, among: Flags | None = None
) -> Known:
    """Return the answers with known figures in place of bands, of all rows or of some."""
    edges = np.stack([bands.edge(name) for name in ("low", "high", "reach")])
    replaced, covered = (np.zeros(len(sample), dtype=bool) for _ in range(2))
    if bands.concept == KNOWN_CONCEPT:
        for footprint, theirs in _rows_of(sample, figures.footprints):
            rows = theirs if among is None else theirs[among[theirs]]
            if not len(rows):
                continue
            first = rows[np.argmax(np.nan_to_num(edges[0, rows], nan=-1.0))]
            others = rows[rows != first]
            known = _interval(footprint, edges[0, rows], edges[1, rows])
            edges[:, others] = [[0.0], [0.0], [1.0]]
            edges[:, first] = known
            replaced[first], covered[others] = True, True
    has_open = bool(bands.cells.open.any())
    own = bands.replace_rows(*edges) if replaced.any() else bands
    return Known(own, replaced, covered, has_open)


def named_figures(
    banded: Banded, figures: Figures
) -> dict[tuple[str, ...], tuple[float, tuple[float, ...]]]:
    """Return what published figures put in place of bands, per group, for public totals.

    Those alone whose organization agreed, in that edition, that its deployment may be published:
    a figure in a published total tells that its organization took part.
    """
    sample, bands, groups = banded.sample, banded.only, banded.grouping.groups
    frame = sample.answers.frame(sample.unit)
    if bands.concept != KNOWN_CONCEPT or _CONSENT not in frame or groups.rows is not None:
        return {}
    agreed = sample.pick(frame[_CONSENT].astype(object).eq("Public").to_numpy(dtype=bool))
    low = np.nan_to_num(bands.edge("low"), nan=-1.0)
    found: dict[int, tuple[float, Floats]] = {}
    for figure, theirs in _rows_of(sample, figures.footprints):
        rows = theirs[groups.code[theirs] >= 0]
        if not len(rows) or not agreed[rows].any():
            continue
        largest = rows[np.argmax(low[rows])]
        for row in rows:
            total, replaced = found.get(groups.code[row], (0.0, np.zeros(len(bands.cells))))
            replaced[bands.code[row]] += bands.code[row] >= 0
            cores = float(figure.cores) if row == largest else 0.0
            found[int(groups.code[row])] = (total + cores, replaced)
    columns = [banded.grouping.column(place) for place in range(len(banded.grouping.names))]
    return {
        tuple(str(column[group]) for column in columns): (total, tuple(replaced.tolist()))
        for group, (total, replaced) in found.items()
    }


def _interval(footprint: PublishedFigure, low: Floats, high: Floats) -> tuple[float, float, float]:
    """Return low, high and reach of an organization's sum, given the bands of its clouds."""
    if not footprint.at_least:
        return footprint.cores, footprint.cores, footprint.cores + 1
    answered = ~np.isnan(low)
    least = max(float(footprint.cores), float(low[answered].sum()))
    most = float(high[answered].sum()) if answered.any() else np.inf
    return least, (most if most >= least else np.inf), (most + 1 if most >= least else np.inf)


def _rows_of(
    sample: Sample, footprints: Iterable[PublishedFigure]
) -> list[tuple[PublishedFigure, Ints]]:
    """Return each figure whose organization is in the sample, with the organization's rows."""
    asked = [each for each in footprints if each.edition in sample.editions]
    if not asked:
        return []
    codes, known_as = named_organizations(sample)
    found = []
    for footprint in asked:
        wanted = {squeezed_name(name) for name in footprint.names}
        same = np.flatnonzero([not wanted.isdisjoint(some) for some in known_as])
        place = sample.editions.index(footprint.edition)
        rows = np.flatnonzero(np.isin(codes, same) & (sample.edition == place))
        if len(rows):
            found.append((footprint, rows))
    return found


def named_organizations(sample: Sample) -> tuple[Ints, list[set[str]]]:
    """Return the organization of each row by number, and the names that each goes by.

    A row without an organization has the number -1. Where the answers hold pseudonyms, these
    are the names.
    """
    frame = sample.answers.frame(sample.unit)
    codes, labels = pd.factorize(sample.pick(frame["organization"].astype(object).to_numpy()))
    names = _names(sample.answers)
    return codes, [names.get(label, set()) | {squeezed_name(str(label))} for label in labels]


def _names(answers: Responses) -> dict[object, set[str]]:
    """Return organization -> the names that it goes by, where the answers have them in clear."""
    found: dict[object, set[str]] = defaultdict(set)
    if answers.identified and "organization_name" in answers.respondents:
        told = answers.respondents[["organization", "organization_name"]].dropna()
        for organization, name in told.drop_duplicates().itertuples(index=False):
            found[organization].add(squeezed_name(str(name)))
    return found
