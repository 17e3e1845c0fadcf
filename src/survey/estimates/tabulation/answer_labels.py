"""The answers of a question that several editions asked, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from survey.codebook import Question

__all__ = ["labels_of", "merged_labels"]


def merged_labels(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Merge ordered lists of labels; the last list's order wins, others fill in.

    A label that the last list lacks follows the label that it followed in its own list.

    Examples
    --------
    >>> merged_labels([["A", "X", "B"], ["B", "A", "C"]])
    ('B', 'A', 'X', 'C')
    """
    return _merged(tuple(map(tuple, lists)))


@lru_cache(maxsize=1024)
def _merged(lists: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    merged: list[str] = []
    for labels in reversed(lists):
        previous = -1
        for label in labels:
            if label in merged:
                previous = merged.index(label)
            else:
                previous += 1
                merged.insert(previous, label)
    return tuple(merged)


def labels_of(
    questions: Sequence[Question | None], observed: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the labels of a question over several editions, then others that were observed.

    Bands whose edges changed stand in the order of their edges.
    """
    asked = [question for question in questions if question is not None]
    lists = list(dict.fromkeys(question.labels for question in asked))
    merged = tuple(dict.fromkeys((*merged_labels(lists), *observed)))
    bands = {label: band for question in asked for label, band in question.bands.items()}
    if len(lists) == 1 or not bands:
        return merged
    inside = sorted(
        (label for label in merged if label in bands),
        key=lambda label: (bands[label].low, bands[label].high or np.inf),
    )
    return (*inside, *(label for label in merged if label not in bands))
