"""Pairs worth comparing: those that share something rare, so that few pairs are looked at.

Comparing all pairs of 5,000 organizations means 12 million comparisons. Pairs are formed only
within blocks of organizations that share a word, the beginning of a name, its initials, a mail
domain, an account or the name of a cloud; blocks of what very many share are left out, since
they prove nothing (Christen 2012, *Data Matching*, chapter 4). Names that share nothing whole
but resemble each other are found by the letters they have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from survey.responses.linkage.profile import Profile

__all__ = ["candidates"]

_LARGEST_BLOCK = 30
_BEGINNING = 5
_LETTERS = 3
_COMMON_LETTERS = 0.45
_ROWS_AT_ONCE = 500
Ints = npt.NDArray[np.intp]


def candidates(profiles: Sequence[Profile]) -> list[tuple[int, int]]:
    """Return the pairs of positions to compare, each once and in order.

    Examples
    --------
    >>> pairs = candidates([Profile("a", {"Nimbus Data": 1}), Profile("b", {"Nimbusdatta": 1})])
    >>> pairs
    [(0, 1)]
    """
    blocks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, profile in enumerate(profiles):
        for key in _keys(profile):
            blocks[key].add(place)
    pairs = {
        pair
        for block in blocks.values()
        if 1 < len(block) <= _LARGEST_BLOCK
        for pair in combinations(sorted(block), 2)
    }
    return sorted(pairs.union(_resembling(profiles)))


def _keys(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield what the profile shares with those it could be the same as."""
    for token in profile.tokens:
        yield "word", token
    for name in profile.closed_up:
        yield "beginning", name[:_BEGINNING]
        yield "initials", name
    for initials in profile.initials:
        yield "initials", initials
    for domain in profile.domains:
        yield "domain", domain
    for member in profile.members:
        yield "member", member
    for label in profile.labels:
        yield "cloud", label


def _resembling(profiles: Sequence[Profile]) -> Iterator[tuple[int, int]]:
    """Yield pairs whose names have many letters in common: cosine of weighted trigrams."""
    from scipy import sparse

    rows, columns, known = [], [], dict[str, int]()
    for place, profile in enumerate(profiles):
        for name in profile.closed_up:
            padded = f" {name} "
            for start in range(len(padded) - _LETTERS + 1):
                gram = padded[start : start + _LETTERS]
                rows.append(place)
                columns.append(known.setdefault(gram, len(known)))
    shape = (len(profiles), max(len(known), 1))
    grams = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    grams.data[:] = 1.0
    often = np.maximum(np.bincount(grams.indices, minlength=shape[1]), 1)
    grams.data *= np.log(1 + len(profiles) / often)[grams.indices]
    length = np.sqrt(np.asarray(grams.multiply(grams).sum(axis=1))).ravel()
    unit = sparse.csr_matrix(sparse.diags(1 / np.where(length > 0, length, 1)) @ grams)
    for start in range(0, len(profiles), _ROWS_AT_ONCE):
        close = (unit[start : start + _ROWS_AT_ONCE] @ unit.T).tocoo()
        near = close.data >= _COMMON_LETTERS
        left, right = close.row[near] + start, close.col[near]
        yield from ((int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b)
