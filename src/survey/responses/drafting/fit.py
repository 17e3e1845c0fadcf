"""How well the answers in a column fit a question, from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from survey.codebook import Question
from survey.codebook.bands import readings
from survey.codebook.geography import find_country
from survey.codebook.release_questions import RELEASES
from survey.codebook.releases import TRUNK, Calendar, shipped_calendar
from survey.responses.drafting.facts import Column
from survey.responses.drafting.scales import declines
from survey.responses.matching import Matcher

__all__ = ["fit", "listed_answers", "looks_open"]

_UNKNOWABLE = 0.5
_LIKE_TEXT = 0.6
_LEAST_REPEATED = 2.0
_LONG = 60


def looks_open(column: Column) -> bool:
    """Whether a column holds texts in people's own words rather than listed answers."""
    texts = [text for text in column.texts if not declines(text)]
    if not texts or not column.answered:
        return False
    repeated = column.answered / len(texts)
    long = sum(len(text) > _LONG and "|" not in text for text in texts) / len(texts)
    return (repeated < _LEAST_REPEATED and (len(texts) > 5 or long > 0.5)) or long > 0.8


def fit(column: Column, question: Question, calendar: Calendar | None = None) -> float:
    """Return how well the answers in a column fit a question.

    The share of answers that the question lists; for bands, releases and countries also those
    that are bands, releases and countries. What nobody answered fits anything half.
    """
    if not column.answered:
        return _UNKNOWABLE
    if not question.kind.closed:
        return _LIKE_TEXT if looks_open(column) else 0.3
    if question.kind.ticked:
        return float(set(column.texts) == {"1"})
    if question.kind.names_countries:
        return _share(column.texts, lambda text: all(map(find_country, _codes(question, text))))
    return _listed(column, question, calendar or shipped_calendar())


def listed_answers(column: Column, question: Question) -> int:
    """Return how many different answers in a column the question lists, word for word."""
    matcher = Matcher(question.choices)
    return sum(matcher.find(text) is not None for text in column.answers(question.kind))


def _listed(column: Column, question: Question, calendar: Calendar) -> float:
    """Return the share of answers that are listed, or bands or releases where these are asked."""
    matcher = Matcher(question.choices)
    answers = column.answers(question.kind)
    listed = _share(answers, lambda text: matcher.find(text) is not None)
    if question.banded and any(_wide(text) for text in answers):
        return max(listed, 0.9 * _share(answers, lambda text: _band_of(text, question)))
    if question.concept == RELEASES:
        named = _share(column.pieces, lambda text: text == TRUNK or calendar.read(text) is not None)
        return max(listed, 0.95 * named)
    return listed


def _wide(text: str) -> bool:
    """Whether a text is a band of several numbers, not one number."""
    return any(each.band.low != each.band.high for each in readings(text))


def _share(texts: Mapping[str, int], fits: Callable[[str], bool]) -> float:
    total = sum(texts.values())
    return sum(times for text, times in texts.items() if fits(text)) / total if total else 0.0


def _codes(question: Question, text: str) -> list[str]:
    return text.split("-") if question.kind.country_set else [text]


def _band_of(text: str, question: Question) -> bool:
    """Whether a text is a band of what the question counts."""
    if declines(text):
        return True
    nouns = {word for choice in question.choices for word in _last_words(choice.value)}
    return any(
        not each.measure or each.measure == question.measure or each.measure in nouns
        for each in readings(text)
    )


def _last_words(value: str) -> set[str]:
    return {each.measure for each in readings(value) if each.measure}
