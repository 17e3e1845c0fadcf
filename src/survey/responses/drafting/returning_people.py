"""Whether people who answered before and are back answer the same question.

Words that stay can stand for something else: two choices or two columns that were exchanged,
a band that counts racks where it counted nodes. The answers of those who are back tell it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType

from survey.codebook import Band, Choice, Question
from survey.codebook.release_questions import RELEASES
from survey.responses.drafting.facts import Answered, Column
from survey.responses.drafting.texts import Listing
from survey.responses.matching import Matcher

__all__ = ["doubt_other_answers", "kept_beyond_chance"]

_ENOUGH = 20
_LEAST_KEPT = 0.15  # in five years of every question it was .28 or more, that of releases apart
_MOSTLY_CHANCE = 0.8
_MOVED = 4
_TIMES_STAYED = 2

Labels = frozenset[str]
Pairs = Sequence[tuple[Labels, Labels]]
Bands = Mapping[str, Band]


def doubt_other_answers(
    listing: Listing,
    question: Question,
    column: Column,
    before: Answered,
    alike: Mapping[str, Answered],
    others: Sequence[Question] = (),
) -> None:
    """Doubt a question whose words stayed, but not the answers of those who are back.

    ``alike`` is what other questions with the same choices were answered, by heading;
    ``others`` the same question in other editions, which tell the bands of former answers.
    """
    closed = question.kind.listed and not question.kind.by_row
    if not closed or question.concept == RELEASES or not before.members:
        return
    choices = listing.choices if question.banded else question.choices
    now = column.labels_by_member(question.kind, Matcher(choices))
    bands = _bands((*listing.choices, *(choice for each in others for choice in each.choices)))
    pairs = _pairs(before, now)
    kept = kept_beyond_chance(pairs, bands)
    if kept is None:
        return
    if kept < _LEAST_KEPT:
        listing.doubts.append(
            f"of {len(pairs)} people who answered in {before.edition} too, hardly more gave the "
            "same answers than by chance: is it still the same question?"
        )
    for heading, other in alike.items():
        if (kept_beyond_chance(_pairs(other, now), bands) or 0) > kept:
            listing.doubts.append(
                f"the answers are more like those to {heading!r} in {before.edition}: were the "
                "two columns exchanged?"
            )
    stayed_words = frozenset(before.times) & {choice.label for choice in listing.choices}
    for one, another, moved, stayed in _exchanged(pairs, stayed_words):
        listing.doubts.append(
            f"{moved} people went from {one!r} to {another!r} or back since {before.edition}, "
            f"{stayed} stayed: were the two exchanged?"
        )


def _pairs(before: Answered, now: Mapping[str, Labels]) -> Pairs:
    """Return the answers then and now of those who gave some both times."""
    return [(then, now[member]) for member, then in before.members.items() if member in now]


def _bands(choices: Sequence[Choice]) -> Bands:
    """Return the band of each label that has one; the newest list comes first."""
    found: dict[str, Band] = {}
    for choice in choices:
        if choice.band is not None:
            found.setdefault(choice.label, choice.band)
    return found


def kept_beyond_chance(pairs: Pairs, bands: Bands = MappingProxyType({})) -> float | None:
    """Return which share of answers is given again, beyond what chance would give.

    Two bands are the same answer where they share numbers: other edges are other words for it.
    None where too few answered twice, or where chance alone gives nearly all.

    Examples
    --------
    >>> keep = [(frozenset({answer}),) * 2 for answer in "abcd" * 5]
    >>> move = [(frozenset({a}), frozenset({b})) for a, b in ["ab", "bc", "cd", "da"] * 5]
    >>> kept_beyond_chance(keep), round(kept_beyond_chance(move), 2)
    (1.0, -0.33)
    >>> halves = {"a": Band(1, 9), "b": Band(1, 4), "c": Band(5, 9), "d": Band(10, None)}
    >>> cut = [(frozenset({a}), frozenset({b})) for a, b in ["ab", "ac", "dd"] * 7]
    >>> kept_beyond_chance(cut, halves)
    1.0
    """
    if len(pairs) < _ENOUGH:
        return None
    given = sum(max(len(then), len(now), 1) for then, now in pairs)
    again = sum(
        any(_same(one, other, bands) for other in now) for then, now in pairs for one in then
    )
    before = Counter(label for then, _ in pairs for label in then)
    after = Counter(label for _, now in pairs for label in now)
    alike = sum(
        before[one] * after[other] for one in before for other in after if _same(one, other, bands)
    )
    chance = alike / len(pairs) / given
    return None if chance > _MOSTLY_CHANCE else (again / given - chance) / (1 - chance)


def _same(one: str, other: str, bands: Bands) -> bool:
    if one == other or one not in bands or other not in bands:
        return one == other
    return bands[one].overlaps(bands[other])


def _exchanged(pairs: Pairs, labels: Labels) -> Iterator[tuple[str, str, int, int]]:
    """Yield two answers between which most people moved, both ways together.

    Only answers that were listed both times can have been exchanged.
    """
    moves = Counter(
        (one, other)
        for then, now in pairs
        for one in (then - now) & labels
        for other in (now - then) & labels
    )
    for one, other in combinations(sorted({label for pair in moves for label in pair}), 2):
        moved = moves[one, other] + moves[other, one]
        if moved < _MOVED:
            continue
        stayed = _stayed(pairs, one, other)
        if moved >= _TIMES_STAYED * stayed:
            yield one, other, moved, stayed


def _stayed(pairs: Pairs, one: str, other: str) -> int:
    """Return how many gave one of two answers, and not the other, both times."""
    both = {one, other}
    return sum(then & both == now & both and len(then & both) == 1 for then, now in pairs)
