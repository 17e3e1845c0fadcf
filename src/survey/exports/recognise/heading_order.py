"""Headings that stand elsewhere than the survey system writes them.

It writes columns in the order of the form. A heading out of place means that somebody moved a
column, which is harmless, or the heading alone: then every answer beneath it is one to another
question. Nothing in the file tells which, so the headings are named.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.codebook import Edition
from survey.exports.layouts.kept import kept

__all__ = ["out_of_place"]

_MOST_NAMED = 24


def out_of_place(
    edition: Edition, expected: Sequence[str], present: Sequence[str]
) -> tuple[str, ...]:
    """Return which of the headings that are present stand out of order.

    The columns of one question, such as the rows of a matrix, are in any order. If very many
    are out of place, the columns were put into another order altogether, and none is named.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> edition = read_codebook().edition("2018")
    >>> out_of_place(edition, ["a", "b", "c", "d"], ["a", "c", "b", "d", "new"])
    ('c', 'b')
    """
    question = _question_of(edition)
    places: dict[str, int] = {}
    for heading in expected:
        places.setdefault(question.get(heading, heading), len(places))
    known = [heading for heading in present if question.get(heading, heading) in places]
    actual = [places[question.get(heading, heading)] for heading in known]
    wrong = tuple(
        heading
        for heading, here, there in zip(known, actual, sorted(actual), strict=True)
        if here != there
    )
    return wrong if len(wrong) <= _MOST_NAMED else _moved(known, actual)


def _moved(known: Sequence[str], actual: Sequence[int]) -> tuple[str, ...]:
    """Return what would have to move for the others to be in order, if that is little."""
    best: list[tuple[int, int]] = []
    for place in actual:
        before = max(
            ((length, -other) for other, (length, _) in enumerate(best) if actual[other] <= place),
            default=(0, 1),
        )
        best.append((before[0] + 1, -before[1]))
    kept, at = set(), max(range(len(best)), key=lambda place: best[place][0])
    while at >= 0:
        kept.add(at)
        at = best[at][1]
    wrong = tuple(heading for place, heading in enumerate(known) if place not in kept)
    return wrong if len(wrong) <= _MOST_NAMED else ()


@kept
def _question_of(edition: Edition) -> dict[str, str]:
    """Heading of a column -> heading of its question."""
    return {
        heading: question.heading
        for question in edition.questions
        for heading in (question.heading, *question.flat_headings, *question.matrix_headings)
    }
