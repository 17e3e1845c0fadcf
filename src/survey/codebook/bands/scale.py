"""The bands of one question: read together, in order, with their gaps and overlaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product

from survey.codebook.bands.band_reading import Reading, readings
from survey.codebook.bands.band_words import CONTINUOUS
from survey.codebook.question import Band
from survey.dataclass import dataclass

__all__ = ["Scale", "read_scale"]

_NEAR = 1.12  # "1 to 9 million" and "10 million or more" leave no gap: edges are rounded as worded
_MOST_WAYS = 4096


@dataclass(frozen=True)
class Scale:
    """Bands in ascending order, by text as it stands in the file.

    Attributes
    ----------
    readings
        Text -> what it means, lowest band first.
    measure
        What the bands count.
    gaps
        Bands that are missing between two others.
    overlaps
        Pairs of texts whose bands share numbers.
    """

    readings: Mapping[str, Reading]
    measure: str
    gaps: tuple[Band, ...]
    overlaps: tuple[tuple[str, str], ...]

    @property
    def whole(self) -> bool:
        """Whether the bands follow one another without gaps and overlaps."""
        return not self.gaps and not self.overlaps


def read_scale(texts: Iterable[str], known: Mapping[str, Band] | None = None) -> Scale | None:
    """Read bands together, so that each text is read in the way that fits its neighbours.

    Parameters
    ----------
    texts
        The wording of each band.
    known
        Bands that are sure: text -> band.

    Returns
    -------
    Scale or None
        None if one of the texts is no band.

    Examples
    --------
    >>> scale = read_scale(["100-999 cores", "1-000 or more cores", "1-99 cores"])
    >>> [str(each.band) for each in scale.readings.values()], scale.measure, scale.whole
    (['1 to 99', '100 to 999', '1,000 or more'], 'cores', True)
    >>> read_scale(["1 to 9", "20 to 29"]).gaps
    (Band(low=10, high=19),)
    """
    sure = {text: (Reading(band, "", text),) for text, band in (known or {}).items()}
    ways = {text: sure.get(text) or readings(text) for text in dict.fromkeys((*texts, *sure))}
    if not ways or not all(ways.values()):
        return None
    chosen = _best(ways)
    ordered = _closed(dict(sorted(chosen.items(), key=lambda item: _place(item[1].band))))
    named = Counter(each.measure for each in ordered.values() if each.measure)
    measure = named.most_common(1)[0][0] if named else ""
    gaps, overlaps = _faults(ordered, measure)
    return Scale(_apart(ordered, measure), measure, tuple(gaps), tuple(overlaps))


def _apart(ordered: dict[str, Reading], measure: str) -> dict[str, Reading]:
    """Give an edge that two bands of whole numbers share to the upper one, as in "10 to 20"."""
    apart = dict(ordered)
    for (text, one), (_, other) in pairwise(ordered.items()):
        edge = one.band.high
        if edge == other.band.low and edge > one.band.low and measure not in CONTINUOUS:
            apart[text] = replace(one, band=Band(one.band.low, edge - 1))
    return apart


def _best(ways: Mapping[str, Sequence[Reading]]) -> dict[str, Reading]:
    """Return the readings that leave fewest gaps and overlaps, ranges before single numbers."""
    count = 1
    for some in ways.values():
        count *= len(some)
    if count > _MOST_WAYS:
        return {text: some[0] for text, some in ways.items()}
    return min(
        (dict(zip(ways, some, strict=True)) for some in product(*ways.values())), key=_badness
    )


def _badness(chosen: Mapping[str, Reading]) -> tuple[int, int]:
    ordered = dict(sorted(chosen.items(), key=lambda item: _place(item[1].band)))
    gaps, overlaps = _faults(ordered, next(iter(ordered.values())).measure)
    return len(gaps) + len(overlaps), sum(
        each.band.low == each.band.high for each in chosen.values()
    )


def _closed(ordered: dict[str, Reading]) -> dict[str, Reading]:
    """Close a band without an upper edge where another such band follows: "over 10", "over 50"."""
    closed = dict(ordered)
    for (text, one), (_, other) in pairwise(ordered.items()):
        if one.band.high is None and other.band.high is None and one.band.low < other.band.low:
            closed[text] = replace(one, band=Band(one.band.low, other.band.low - 1))
    return closed


def _place(band: Band) -> tuple[float, float]:
    return band.low, float("inf") if band.high is None else band.high


def _faults(
    ordered: Mapping[str, Reading], measure: str
) -> tuple[list[Band], list[tuple[str, str]]]:
    gaps: list[Band] = []
    overlaps: list[tuple[str, str]] = []
    shared = measure in CONTINUOUS
    for (text, one), (following, other) in pairwise(ordered.items()):
        high, low = one.band.high, other.band.low
        if high is None or low < high or (low == high and not shared):
            overlaps.append((text, following))
        elif low > max(high + 1, high * _NEAR):
            gaps.append(Band(high if shared else high + 1, low if shared else low - 1))
    return gaps, overlaps
