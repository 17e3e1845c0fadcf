"""The log has a row for every cell that was put right, and none for a cell that was sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Edition, Kind, Question, Unit
from survey.exports import Layout, read_export
from survey.exports.source.mojibake import undo_double_encoding
from survey.responses import clean
from survey.synthetic import TrueAnswers, by_heading, flat
from survey.synthetic.answers import Answer, exported_deployments
from survey.synthetic.countries import country_names
from tests.cases import cases
from tests.round_trip.test_round_trip import drawn_answers, drawn_questionnaire
from tests.synthetic.replay import table

Row = tuple[int, str, str]
_LISTED = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING)
_LONGEST = 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repairs")


def damaged_cells(answers: TrueAnswers, *, spread: bool) -> Iterator[Row]:
    """Yield line, heading and rule of every cell in which the exporter changed a comma."""
    edition, people = answers.edition, answers.exported()
    yield from damaged_headings(edition, spread=spread)
    line = 2
    for person in people:
        clouds = exported_deployments(person) if person is not people[-1] else ()
        yield from in_record(edition, Unit.RESPONDENT, person.answers, line, spread)
        for at, cloud in enumerate(clouds):
            yield from in_record(edition, Unit.DEPLOYMENT, cloud.answers, line + at, spread)
        line += max(1, len(clouds))


def damaged_headings(edition: Edition, *, spread: bool) -> Iterator[Row]:
    for question in edition.questions:
        if question.kind is Kind.MATRIX or (spread and question.flat and question.choices):
            for part in question.rows or question.choices:
                if "," in part.value:
                    heading = f"{question.heading} - {part.value}".replace(",", "-")
                    yield 1, heading, "comma restored"


def in_record(
    edition: Edition, unit: Unit, given: Mapping[str, Answer], line: int, spread: bool
) -> Iterator[Row]:
    for question in edition.of_unit(unit):
        answer = given.get(question.heading)
        if answer and not (spread and question.flat):
            yield from in_cell(question, answer, line)


def in_cell(question: Question, answer: Answer, line: int) -> Iterator[Row]:
    if question.kind is Kind.COUNTRIES and len(answer) > 1:
        yield line, question.heading, "country list"
    elif question.kind is Kind.COUNTRY and "," in country_names().get(str(answer), ""):
        yield line, question.heading, "comma restored"
    elif question.kind in _LISTED:
        values = (answer,) if isinstance(answer, str) else tuple(answer)
        if any("," in value for value in values):
            yield line, question.heading, "comma restored"


def cut(answers: TrueAnswers) -> bool:
    return any(len(cell.encode()) >= _LONGEST for row in table(by_heading(answers)) for cell in row)


@hypothesis.settings(max_examples=cases(50, night=3000))
@given(st.data())
def test_the_log_has_every_damaged_cell_and_no_other(folder: Path, data: st.DataObject) -> None:
    questionnaire = drawn_questionnaire(data)
    answers = drawn_answers(data, questionnaire)
    hypothesis.assume(not cut(answers))
    spread = data.draw(st.booleans(), "flat?")
    path, content = folder / "export.csv", (flat if spread else by_heading)(answers)
    # Texts that several people pasted can be all that is not ASCII, and look encoded twice.
    hypothesis.assume(not undo_double_encoding(content)[1])
    path.write_bytes(content)
    export = read_export(path, codebook=questionnaire.codebook)
    assert export.layout is (Layout.FLAT if spread else Layout.BY_HEADING) or not spread
    repairs = clean(export, identified=True, key=b"k" * 32).repairs
    logged = set(repairs[["line", "column", "rule"]].itertuples(index=False, name=None))
    spread = export.layout is Layout.FLAT
    assert logged == set(damaged_cells(answers, spread=spread))
    assert (repairs["before"] != repairs["after"]).all()
