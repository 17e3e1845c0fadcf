"""Arbitrary small sets of true answers, for round trips through the exporter.

``true_answers(edition)`` draws what people told the survey system: any text, any choices, any
number of clouds. ``by_heading(saved(answers))`` then gives the file, and ``survey.synthetic``'s
``truth_of_respondents`` and ``truth_of_deployments`` say what of it is lost::

    @given(true_answers(read_codebook().edition("2019")))
    def test_round_trip(answers): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from hypothesis import strategies as st

from survey.codebook import Edition, Kind, Question, Unit
from survey.synthetic.answers import Answer, TrueAnswers, TrueDeployment, TrueRespondent
from survey.synthetic.countries import country_names
from survey.synthetic.free_text import AWKWARD

__all__ = ["answer_to", "any_times", "true_answers", "true_deployments", "true_respondents"]

_MOST_QUESTIONS = 9
_CODES = tuple(sorted(country_names()))
_ANY_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30
)
TEXTS = st.one_of(st.sampled_from(AWKWARD), _ANY_TEXT.filter(bool))
_ANY_TIME = st.datetimes().map(lambda time: f"{time:%Y-%m-%d %H:%M:%S}".rjust(19, "0"))
_NO_TIME = "0000-00-00 00:00:00"
Times = tuple[str, str]


def times(edition: Edition) -> st.SearchStrategy[Times]:
    """Return when a survey was begun and edited, in the edition's year.

    Now and then one of them is no time: the other still tells the edition, so that records of
    one file are always of one edition.
    """
    year = int(edition.name) if edition.name.isdigit() else 2019
    usual = st.datetimes(datetime(year, 1, 1), datetime(year, 12, 31, 23, 59, 59))
    written = usual.map(lambda time: f"{time:%Y-%m-%d %H:%M:%S}")

    def damaged(turn: int) -> st.SearchStrategy[Times]:
        none = st.just(_NO_TIME)
        return st.tuples(none if turn == 19 else written, none if turn == 18 else written)

    return st.integers(0, 19).flatmap(damaged)


def any_times(edition: Edition) -> st.SearchStrategy[Times]:
    """Return any two times, mostly of the edition's year: records can be of several editions."""
    odd = _ANY_TIME | st.just(_NO_TIME)
    mixed = st.tuples(times(edition), odd, odd, st.integers(0, 9))
    return mixed.map(
        lambda drawn: (
            drawn[1] if drawn[3] in (8, 9) else drawn[0][0],
            drawn[2] if drawn[3] in (7, 8) else drawn[0][1],
        )
    )


def answer_to(question: Question) -> st.SearchStrategy[Answer]:
    """Return any answer to a question, in stored values."""
    values = tuple(dict.fromkeys(choice.value for choice in question.choices))
    rows = [row.value for row in question.rows]
    several = st.lists(st.sampled_from(_CODES), min_size=1, max_size=5, unique=True).map(tuple)
    by_kind: dict[Kind, Callable[[], st.SearchStrategy[Answer]]] = {
        Kind.TEXT: lambda: TEXTS,
        Kind.ORGANIZATION: lambda: TEXTS,
        Kind.CHECKBOX: lambda: st.just("1"),
        Kind.COUNTRY: lambda: st.sampled_from(_CODES),
        Kind.COUNTRIES: lambda: several | st.sampled_from([(value,) for value in values]),
        Kind.MATRIX: lambda: st.dictionaries(
            st.sampled_from(rows), st.sampled_from(values), min_size=1, max_size=8
        ),
        Kind.SINGLE: lambda: st.sampled_from(values),
        Kind.MULTIPLE: lambda: _lists(values),
        Kind.RANKING: lambda: _lists(values),
    }
    return by_kind[question.kind]()


def _lists(values: tuple[str, ...]) -> st.SearchStrategy[Answer]:
    """Return some of the values in any order; now and then nearly all, which can be too long."""
    few = st.lists(st.sampled_from(values), min_size=1, max_size=6, unique=True)
    many = st.permutations(values).flatmap(
        lambda order: st.integers(0, 3).map(lambda less: order[: max(1, len(order) - less)])
    )
    return st.integers(0, 9).flatmap(lambda turn: many if turn == 0 else few).map(tuple)


@st.composite
def _answers(draw: st.DrawFn, edition: Edition, unit: Unit) -> dict[str, Answer]:
    """Draw answers to some of the questions about ``unit``."""
    questions, strategies = _strategies(_ById(edition), unit)
    places = st.lists(
        st.integers(0, len(questions) - 1),
        max_size=min(_MOST_QUESTIONS, len(questions)),
        unique=True,
    )
    chosen = draw(places) if questions else []
    return {questions[place].heading: draw(strategies[place]) for place in chosen}


class _ById:
    """An edition as a key that costs nothing to compare; strategies are slow to make anew."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def __hash__(self) -> int:
        return id(self.edition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.edition is self.edition


@cache
def _strategies(
    edition: _ById, unit: Unit
) -> tuple[tuple[Question, ...], tuple[st.SearchStrategy[Answer], ...]]:
    questions = edition.edition.of_unit(unit)
    return questions, tuple(map(answer_to, questions))


def true_deployments(edition: Edition, number: int) -> st.SearchStrategy[TrueDeployment]:
    """Return any cloud with the given number."""
    return st.builds(
        TrueDeployment,
        st.just(number),
        _answers(edition, Unit.DEPLOYMENT),
        st.sampled_from(["", "C1", "C2"]),
        st.integers(0, 19).map(lambda turn: turn == 0),
    )


def true_respondents(
    edition: Edition, number: int, when: st.SearchStrategy[Times] | None = None
) -> st.SearchStrategy[TrueRespondent]:
    """Return any survey with the given number; its clouds take the numbers that follow."""
    clouds = st.integers(0, 3).flatmap(
        lambda count: st.tuples(
            *(true_deployments(edition, number + 1 + place) for place in range(count))
        )
    )

    def dated(drawn: tuple[TrueRespondent, Times]) -> TrueRespondent:
        return replace(drawn[0], created=drawn[1][0], edited=drawn[1][1])

    undated = st.builds(
        TrueRespondent,
        st.just(number),
        st.integers(1, 99_999),
        st.integers(0, 99).map(lambda place: f"person{place}@org{place % 7}.example"),
        st.just(_NO_TIME),
        st.just(_NO_TIME),
        st.sampled_from(["en_US", "zh_CN", "de_DE", ""]),
        _answers(edition, Unit.RESPONDENT),
        clouds,
        organization=st.sampled_from(["O1", "O2", "O3"]),
        test=st.integers(0, 19).map(lambda turn: turn == 0),
    )
    return st.tuples(undated, times(edition) if when is None else when).map(dated)


def true_answers(
    edition: Edition,
    *,
    fewest: int = 1,
    most: int = 4,
    when: st.SearchStrategy[Times] | None = None,
) -> st.SearchStrategy[TrueAnswers]:
    """Return the true answers of an edition with ``fewest`` to ``most`` surveys."""
    surveys = st.integers(fewest, most).flatmap(
        lambda count: st.tuples(
            *(true_respondents(edition, 1000 + 10 * place, when) for place in range(count))
        )
    )
    return st.builds(TrueAnswers, st.just(edition), surveys)
