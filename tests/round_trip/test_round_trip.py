"""Any answers, damaged as the exporter does, read and cleaned: the same, or a loss by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import ExportError, ResponsesError
from survey.exports import Export, read_export
from survey.responses import Responses, clean
from survey.synthetic import TrueAnswers, by_company, by_heading, flat, saved
from survey.synthetic.answers import Answer
from tests.cases import cases
from tests.round_trip.compare import differences, expected
from tests.round_trip.slices import EDITIONS, Asked, asked
from tests.synthetic.strategies import any_times, true_answers

WRITERS = {"Survey_": by_heading, "Survey_Flat_": flat, "Survey_by_companies": by_company}
LAYOUTS = {
    "by-heading": ("Survey_",),
    "flat": ("Survey_Flat_",),
    "both": ("Survey_", "Survey_Flat_"),
    "all three": tuple(WRITERS),
}
WHOLE_ONE_IN = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round-trip")


def exports(
    folder: Path,
    questionnaire: Asked,
    answers: TrueAnswers,
    layouts: Sequence[str],
    until: str = "9999-12-31",
) -> Iterator[Export]:
    """Write the files and read them; one with nobody in it is empty and left out."""
    for start in layouts:
        path = folder / f"{start}{until.replace('-', '')}.csv"
        path.write_bytes(WRITERS[start](answers, until))
        if path.stat().st_size:
            yield read_export(path, codebook=questionnaire.codebook)


def read(exports: Iterator[Export]) -> Responses:
    answers = clean(exports, identified=True, key=b"k" * 32)
    for counts in answers.counts.values():
        assert counts["read"] == sum(n for reason, n in counts.items() if reason != "read")
    return answers


def drawn_questionnaire(data: st.DataObject) -> Asked:
    name = data.draw(st.sampled_from(EDITIONS), "edition")
    whole = data.draw(st.integers(1, WHOLE_ONE_IN), "whole?") == WHOLE_ONE_IN
    return data.draw(st.sampled_from(asked(name, whole=whole)), "questionnaire")


def drawn_answers(data: st.DataObject, found: Asked, **sizes: Any) -> TrueAnswers:
    few = {"most": 3, **sizes}
    answers = saved(data.draw(true_answers(found.edition, **few), "answers"))
    hypothesis.assume(answers.exported())
    return answers


@hypothesis.settings(max_examples=cases(160))
@given(st.data())
def test_answers_come_back_or_their_loss_is_named(folder: Path, data: st.DataObject) -> None:
    questionnaire = drawn_questionnaire(data)
    answers = drawn_answers(data, questionnaire)
    layouts = LAYOUTS[data.draw(st.sampled_from(list(LAYOUTS)), "layouts")]
    files = exports(folder, questionnaire, answers, layouts)
    assert differences(read(files), expected(answers)) == []


@hypothesis.settings(max_examples=cases(50, night=3000))
@given(st.data())
def test_a_later_export_heals_the_last_surveys_loss(folder: Path, data: st.DataObject) -> None:
    """Two windows: whoever was last in the first has all clouds once the second is there."""
    questionnaire = drawn_questionnaire(data)
    answers = drawn_answers(data, questionnaire, fewest=2)
    days = sorted(each.edited[:10] for each in answers.exported())
    until = data.draw(st.sampled_from(days), "until")
    layouts = LAYOUTS[data.draw(st.sampled_from(["by-heading", "flat", "both"]), "layouts")]
    early = list(exports(folder, questionnaire, answers, layouts, until))
    late = list(exports(folder, questionnaire, answers, layouts))
    both = [*early, *late] if data.draw(st.booleans(), "in order?") else [*late, *early]
    assert differences(read(iter(both)), expected(answers), healed=True) == []
    if early:
        assert differences(read(iter(early)), expected(answers, until)) == []


# dated by years that no edition has, a file is read as another edition, and says so
@pytest.mark.filterwarnings("ignore::survey.exports.recognise.other_year.OtherYearWarning")
@hypothesis.settings(max_examples=cases(40, night=2000))
@given(st.data())
def test_times_of_any_years_make_no_silent_difference(folder: Path, data: st.DataObject) -> None:
    """Such a file can be of several editions: it is divided or refused (decision 0025)."""
    questionnaire = drawn_questionnaire(data)
    when = any_times(questionnaire.edition)
    answers = drawn_answers(data, questionnaire, when=when)
    layouts = LAYOUTS[data.draw(st.sampled_from(list(LAYOUTS)), "layouts")]
    try:
        found = read(exports(folder, questionnaire, answers, layouts))
    except (ExportError, ResponsesError) as error:
        assert error.problems
        hypothesis.event("refused")
        return
    assert differences(found, expected(answers)) == []


def with_orphans(data: st.DataObject, answers: TrueAnswers) -> TrueAnswers:
    """Add answers to questions that the edition does not ask, which make records longer."""

    def more(given: Mapping[str, Answer]) -> dict[str, Answer]:
        orphan = data.draw(st.sampled_from([None, None, "a", ("b", "c")]), "orphan")
        return {**given, **({"Gone": orphan} if orphan and given else {})}

    people = tuple(
        replace(
            each,
            answers=more(each.answers) if data.draw(st.integers(0, 3)) == 0 else each.answers,
            deployments=tuple(replace(c, answers=more(c.answers)) for c in each.deployments),
        )
        for each in answers.respondents
    )
    return replace(answers, respondents=people)


@hypothesis.settings(max_examples=cases(40, night=2000))
@given(st.data())
def test_answers_without_a_column_harm_no_other(folder: Path, data: st.DataObject) -> None:
    questionnaire = drawn_questionnaire(data)
    answers = with_orphans(data, drawn_answers(data, questionnaire, fewest=2, most=5))
    layout = data.draw(st.sampled_from(["by-heading", "flat"]), "layout")
    try:
        found = read(exports(folder, questionnaire, answers, LAYOUTS[layout]))
    except ExportError:
        hypothesis.event("refused")
        return
    wrong = differences(found, expected(answers))
    if found.issues["code"].isin(["short record", "long record", "record without key"]).any():
        # Excluded by name and line; in a file as small as this a first record can be half of it.
        wrong = [each for each in wrong if not each.endswith("is missing")]
    assert wrong == []
