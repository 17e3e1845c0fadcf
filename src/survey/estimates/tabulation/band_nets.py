"""Nets of bands over editions that cut the same numbers into other bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from survey.codebook import Band

__all__ = ["BandNet", "net_of_bands"]

Scale = Mapping[str, Band]


class BandNet(NamedTuple):
    """The bands of all editions that a net holds.

    Attributes
    ----------
    members
        The labels that were named, then those of other editions that lie wholly inside.
    recut
        Positions of the editions with a band that lies partly inside: how many of its answers
        belong to the net cannot be told.
    """

    members: tuple[str, ...]
    recut: frozenset[int] = frozenset()


def net_of_bands(members: Sequence[str], scales: Sequence[Scale]) -> BandNet:
    """Return which bands of each edition a net holds that names bands of some editions.

    Parameters
    ----------
    members
        Labels; those that are no bands stay as they are.
    scales
        Per edition: label -> band; empty where the edition has none.

    Examples
    --------
    >>> old = {"1 to 9": Band(1, 9), "10 to 99": Band(10, 99), "100 or more": Band(100, None)}
    >>> new = {"1 to 99": Band(1, 99), "100 to 499": Band(100, 499), "500 up": Band(500, None)}
    >>> net_of_bands(["1 to 99"], [old, new]).members
    ('1 to 99', '1 to 9', '10 to 99')
    >>> net_of_bands(["1 to 9"], [old, new]).recut, net_of_bands(["500 up"], [old, new]).recut
    (frozenset({1}), frozenset({0}))
    """
    banded = {label for label in members if any(label in scale for scale in scales)}
    ranges = _joined([each for scale in scales for each in _runs(scale, banded)])
    inside: dict[str, None] = {}
    recut = set()
    for place, scale in enumerate(scales):
        if banded <= scale.keys():
            continue  # the edition has all that was named
        own = [band for label, band in scale.items() if label in banded]
        for label, band in scale.items():
            if label in banded or any(band.overlaps(each) for each in own):
                continue
            if any(_within(band, each) for each in ranges):
                inside[label] = None
            elif any(band.overlaps(each) for each in ranges):
                recut.add(place)
    return BandNet(tuple(dict.fromkeys((*members, *inside))), frozenset(recut))


def _runs(scale: Scale, banded: set[str]) -> list[Band]:
    """Return the ranges that the named bands of one edition fill; neighbours are one range."""
    ordered = sorted(scale, key=lambda label: (scale[label].low, _high(scale[label])))
    runs: list[list[Band]] = []
    for before, label in pairwise((None, *ordered)):
        if label in banded:
            if before not in banded:
                runs.append([])
            runs[-1].append(scale[label])
    return [Band(run[0].low, run[-1].high) for run in runs]


def _joined(ranges: Sequence[Band]) -> list[Band]:
    """Join ranges of several editions that overlap or follow one another."""
    joined: list[Band] = []
    for each in sorted(ranges, key=lambda band: band.low):
        last = joined[-1] if joined else None
        if last is not None and each.low <= _high(last) + 1:
            open_ended = last.high is None or each.high is None
            joined[-1] = Band(last.low, None if open_ended else max(_high(last), _high(each)))
        else:
            joined.append(each)
    return joined


def _within(band: Band, whole: Band) -> bool:
    return whole.low <= band.low and _high(band) <= _high(whole)


def _high(band: Band) -> float:
    return np.inf if band.high is None else band.high
