"""Reading codebook files: what is right comes in whole, what is wrong comes out in one list."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.codebook import Band, Edition, Kind, Missing, Unit, damaged, read_codebook
from survey.codebook.document import Document
from survey.codebook.releases import shipped_calendar
from survey.errors import CodebookError

HEAD = '[edition]\nname = "2031"\n'
QUESTION = """
[[questions]]
concept = "colour"
heading = "Colour"
title = "Favourite colour"
kind = "single"
unit = "respondent"
choices = ["red", "green"]
"""
FAULTS = {
    'heading = "Colour"\nflatt = true': "unknown key 'flatt'. Hint: did you mean 'flat'?",
    'kind = "singel"': "got kind = 'singel'; expected one of single, ",
    'unit = "cloud"': "got unit = 'cloud'; expected one of respondent, deployment, organization",
    'concept = "Two words"': "expected small letters, digits and underscores",
    "title = 3": "got title = 3; expected text in quotes",
    'required = "yes"': "got required = 'yes'; expected true or false",
    "choices = []": "got no choices; expected choices, as the kind is 'single'",
    'choices = "red"': "got choices = 'red'; expected a list in square brackets",
    "choices = [7]": "a choice without a value: 7",
    'choices = ["a,b", "a-b"]': "'a,b' and 'a-b', both exported as 'a-b'",
    'choices = ["red"]\nrows = ["one"]': "got rows; expected none, as the kind is 'single'",
    'choices = [{ label = "Red" }]': "a choice without a value: {'label': 'Red'}",
    'choices = [{ value = "a", lable = "b" }]': "unknown key 'lable'. Hint: did you mean 'label'",
    'choices = [{ value = "a", label = "x" }, { value = "b", label = "x" }]': (
        "the label 'x' for 'a' and 'b'; expected a label of its own for each"
    ),
    'choices = [{ value = "a", missing = "refuse" }]': "Hint: did you mean 'refused'?",
    'measure = "m"\nchoices = [{ value = "a", low = 9, high = 1 }]': "got low = 9, high = 1",
    'measure = "m"\nchoices = [{ value = "a", high = 1 }]': "high without low",
    'measure = "m"\nchoices = [{ value = "a", low = true }]': "got low = True; expected a number",
    'measure = "m"\nchoices = [{ value = "a", low = nan }]': "got low = nan; expected a number",
    'measure = "m"\nchoices = [{ value = "a", low = 5 }, { value = "b", low = 1 }]': (
        "bands that begin at 5, 1; expected bands in ascending order"
    ),
    'choices = [{ value = "a", low = 1 }]': "bands without a measure",
    'write_in_of = "color"': "write_in_of = 'color'; expected a concept of the same edition. "
    "Hint: did you mean 'colour'?",
    'measure = "m"\nchoices = [{ value = "1 to 9", low = 1, high = 9 }, "10 or more"]': (
        "got the band '10 or more' without edges; expected low, and high unless it is open"
    ),
    'after = "color"': "after = 'color'; expected a concept that the form asks before",
    'choices_by_edition = { 2032 = ["red"] }': "choices_by_edition of '2032'; expected one of 2031",
}
HEAD_FAULTS = {
    "": "no [edition] table",
    "[edition]": "no name",
    HEAD + "opend = 2031-01-01": "unknown key 'opend'. Hint: did you mean 'opened'?",
    HEAD + 'opened = "soon"': "got opened = 'soon'; expected a date such as 2018-03-31",
    HEAD + "opened = 2031-02-01\nclosed = 2031-01-01": "expected opened first",
    HEAD + 'status = "asumed"': "did you mean 'assumed'?",
    HEAD + 'extends = "2091"': "extends = '2091'; expected an edition that is known",
    HEAD + 'extends = "2019"\nnot_asked = ["compute_core"]': "did you mean 'compute_cores'",
    HEAD + "[[releases]]\nversion = '2031.1'": "no series or no day of release",
    HEAD + "[[releases]]\nseries = 'Quartz'\nreleased = 2031-04-02\nslrup = true": (
        "unknown key 'slrup'. Hint: did you mean 'slurp'?"
    ),
    HEAD + "extends = '2019'\n[[questions]]\nconcept = 'releases_in_use'\nchoices = ['Stien']": (
        "got the release 'Stien'; expected one of the calendar. Hint: did you mean 'Stein' or"
    ),
    HEAD + "[[question]]": "unknown table 'question'. Hint: did you mean 'questions'",
    HEAD + QUESTION + QUESTION.replace('"colour"', '"hue"'): "heading 'Colour' 2 times",
    HEAD + QUESTION + QUESTION: "a concept used twice",
    HEAD + "[[questions]]\nconcept = 'colour'": "no heading, title, kind, unit",
    HEAD + "[[questions]": "expected valid TOML in UTF-8",
}


def with_line(line: str) -> str:
    """Return a good file with some lines of its question replaced."""
    keys = [each.split(" = ")[0] for each in line.splitlines()]
    kept = [each for each in QUESTION.splitlines() if each.split(" = ")[0] not in keys]
    return HEAD + "\n".join([*kept, line]) + "\n"


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    edition = read_codebook(write(tmp_path, HEAD + QUESTION)).edition("2031")
    (question,) = edition.questions
    assert (question.concept, question.kind, question.unit) == (
        "colour", Kind.SINGLE, Unit.RESPONDENT,
    )  # fmt: skip
    assert question.labels == ("red", "green")
    assert question.series == "colour"
    assert edition.title == "OpenStack User Survey 2031"


@pytest.mark.parametrize(("line", "message"), FAULTS.items())
def test_a_fault_in_a_question_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = write(tmp_path, with_line(line))
    with pytest.raises(CodebookError) as error:
        read_codebook(path)
    assert message in str(error.value)
    assert all("mine.toml" in problem.where for problem in error.value.problems)


@pytest.mark.parametrize(("text", "message"), HEAD_FAULTS.items())
def test_a_fault_in_a_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CodebookError) as error:
        read_codebook(path)
    assert message in str(error.value)


def test_every_fault_of_every_file_comes_in_one_error(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, text, f"{number}.toml")
        for number, text in enumerate([*map(with_line, FAULTS), *HEAD_FAULTS])
    ]
    with pytest.raises(CodebookError) as error:
        read_codebook(*paths, tmp_path / "absent.toml")
    named = {problem.where.split(",")[0] for problem in error.value.problems}
    assert named == {path.name for path in paths} | {"absent.toml"}


def test_a_fault_is_told_once_though_the_file_describes_six_editions(tmp_path: Path) -> None:
    text = '[edition]\nnames = ["2031", "2032", "2033"]\n' + QUESTION.replace("single", "singel")
    with pytest.raises(CodebookError) as error:
        read_codebook(write(tmp_path, text))
    assert len(error.value.problems) == 1


def test_a_file_can_extend_the_edition_that_it_replaces(tmp_path: Path) -> None:
    text = """
    [edition]
    name = "2021"
    extends = "2021"
    status = "observed"
    not_asked = ["keystone_initiatives"]
    [[questions]]
    concept = "team_size"
    heading = "OperatorsCount"
    """
    before, after = read_codebook(), read_codebook(write(tmp_path, text))
    assert after.question("team_size", "2021").heading == "OperatorsCount"
    assert after.question("team_size", "2021").choices == before.question("team_size").choices
    assert "keystone_initiatives" not in after.edition("2021").by_concept
    assert after.question("team_size", "2022") == before.question("team_size", "2022")


def test_what_extends_a_replaced_edition_follows_whatever_the_order(tmp_path: Path) -> None:
    replaced = read_codebook().edition("2019").by_concept["compute_cores"]
    text = '[edition]\nname = "2019"\nextends = "2019"\n[[questions]]\nconcept = "compute_cores"\n'
    mine = write(tmp_path, text + 'title = "Cores, as asked"\n')
    later = write(tmp_path, '[edition]\nname = "2030"\nextends = "2025"\n', "later.toml")
    for paths in ((mine, later), (later, mine)):
        codebook = read_codebook(*paths)
        assert codebook.question("compute_cores", "2030").title == "Cores, as asked"
        assert codebook.question("compute_cores", "2018").title == replaced.title


letters = st.text(
    st.sampled_from(string.ascii_letters + string.digits + ", -/()'’éß中"), min_size=1
)
NO_DIGITS = str.maketrans(string.digits, "abcdefghij")
values = st.lists(letters, min_size=1, max_size=8, unique_by=damaged)


@given(values=values, data=st.data())
def test_values_come_back_verbatim_and_labels_invert(
    values: list[str], data: st.DataObject
) -> None:
    labels = data.draw(st.lists(letters, min_size=len(values), max_size=len(values), unique=True))
    lows = sorted(data.draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=len(values))))
    # what has no edges must not look like a band
    labels[len(lows) :] = [label.translate(NO_DIGITS) for label in labels[len(lows) :]]
    assume(len(set(labels)) == len(labels))
    missing = data.draw(st.sampled_from([None, "refused", "unknown"]))
    choices: list[dict[str, Any]] = [
        {"value": value, "label": label} for value, label in zip(values, labels, strict=True)
    ]
    for choice, low in zip(choices, lows, strict=False):
        choice |= {"low": low, "high": low + 5}
    if missing:
        choices[-1]["missing"] = missing
    content = tomlkit.parse(HEAD + QUESTION).unwrap()
    content["questions"][0] |= {"choices": choices, "measure": "things"}
    document = Document("mine.toml", tomllib.loads(tomlkit.dumps(content)))
    (question,) = next(document.editions({}, shipped_calendar())).questions
    assert not document.problems
    assert [choice.value for choice in question.choices] == values
    assert question.labels == tuple(labels)
    assert {question.value_of[label] for label in question.labels} == set(values)
    assert list(question.bands.values()) == [Band(low, low + 5) for low in lows]
    assert question.choices[-1].missing == (Missing(missing) if missing else None)


scalars = st.one_of(
    st.text(max_size=5), st.integers(), st.booleans(), st.floats(), st.dates(),
    st.lists(st.integers(), max_size=2), st.just({}), st.just({"value": 1}),
)  # fmt: skip


@settings(max_examples=max(300, settings.default.max_examples if settings.default else 0))
@given(data=st.data())
def test_whatever_stands_in_a_file_it_gives_editions_or_problems(data: st.DataObject) -> None:
    content = tomlkit.parse(HEAD + QUESTION).unwrap()
    place = data.draw(st.sampled_from(["edition", "question", "choice", "top"]))
    if place == "edition":
        known = st.sampled_from(["name", "names", "status", "extends", "not_asked", "opened"])
        content["edition"][data.draw(known)] = data.draw(scalars)
    elif place == "question":
        known = st.sampled_from(
            ["concept", "kind", "choices", "rows", "after", "choices_by_edition"]
        )
        content["questions"][0][data.draw(known)] = data.draw(scalars)
    elif place == "choice":
        content["questions"][0]["choices"] = [data.draw(scalars), "green"]
    else:
        content[data.draw(st.sampled_from(["edition", "questions"]))] = data.draw(scalars)
    document = Document("mine.toml", content)
    calendar = shipped_calendar().plus(document.releases)
    editions = list(document.editions({}, calendar))
    assert document.problems or [each.name for each in editions] == list(document.names)
    assert all(str(problem) for problem in document.problems)


OTHER = """
[edition]
name = "own"
[layout]
family = "table"
[[questions]]
concept = "a"
heading = "A"
title = "A"
kind = "single"
unit = "respondent"
"""


def _own(tmp_path: Path, text: str) -> Edition:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return read_codebook(path).edition("own")


def test_another_survey_can_store_one_answer_in_several_ways(tmp_path: Path) -> None:
    choices = 'choices = [{ value = "Yes", also = ["Ja", "Oui"] }, { value = "No" }]'
    question = _own(tmp_path, f"{OTHER}{choices}").question("a")
    assert question.labels == ("Yes", "No")
    assert dict(question.label_of) == {"Yes": "Yes", "Ja": "Yes", "Oui": "Yes", "No": "No"}
    twice = 'choices = [{ value = "Yes" }, { value = "Ja", label = "Yes" }]'
    assert _own(tmp_path, f"{OTHER}{twice}").question("a").labels == ("Yes",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('choices = ["x", { value = "y", also = ["x"] }]', "the value 'x' 2 times"),
        (
            'measure = "m"\nchoices = [{ value = "x", label = "L", low = 1, high = 2 }, '
            '{ value = "y", label = "L", low = 3 }]',
            "the label 'L' for different numbers",
        ),
        ('choices = ["x"]\nmultiple = true', "kind = 'matrix'"),
        ('choices = ["x"]\nordinal = "yes"', "true or false"),
        ('choices = ["x"]\nordnial = true', "did you mean 'ordinal'"),
    ],
)
def test_mistakes_in_another_survey_are_explained(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(CodebookError) as caught:
        _own(tmp_path, OTHER + lines)
    assert said in str(caught.value)


@pytest.mark.parametrize("concept", ["member", "edition", "organization", "status", "value", "low"])
def test_a_concept_that_is_the_name_of_a_column_is_refused_with_the_reason(
    tmp_path: Path, concept: str
) -> None:
    text = OTHER.replace('concept = "a"', f'concept = "{concept}"') + 'choices = ["x"]'
    with pytest.raises(CodebookError, match=f"column of that name.*{concept}_given"):
        _own(tmp_path, text)


def test_a_scale_without_bands_has_an_order(tmp_path: Path) -> None:
    choices = 'ordinal = true\nchoices = ["Never", "Sometimes", "Often"]'
    question = _own(tmp_path, f"{OTHER}{choices}").question("a")
    assert question.ordered
    assert not question.banded


RELEASES = """extends = "2025"
[[releases]]
series = "Jackfruit"
version = "2027.2"
released = 2027-09-29

[[questions]]
concept = "releases_in_use"
confirmed = false
choices = ["Trunk", "2027.2 Jackfruit", "OpenStack 2025.1 (Epoxy)", "2024.2", "Caracal", "Other"]
"""


def test_releases_are_named_as_the_calendar_names_them(tmp_path: Path) -> None:
    book = read_codebook(write(tmp_path, HEAD + RELEASES))
    asked = book.question("releases_in_use", "2031")
    assert asked.labels == ("Trunk", "Jackfruit", "Epoxy", "Dalmatian", "Caracal", "Other")
    assert asked.value_of["Epoxy"] == "OpenStack 2025.1 (Epoxy)"
    assert not asked.confirmed
    assert book.calendar.names[-1] == "Jackfruit"
    assert read_codebook().calendar.find("Jackfruit") is None


def test_former_names_of_keys_are_read_with_a_message(tmp_path: Path) -> None:
    text = 'extends = "2018"\nwithout = ["refstack_test"]\n[[questions]]\nconcept = "roles"\n'
    text += 'choices = [{ value = "Operator", formerly = ["Cloud operator or sys-admin"] }]'
    with pytest.warns(FutureWarning, match="is called '(not_asked|renamed_from)' now"):
        edition = read_codebook(write(tmp_path, HEAD + text)).edition("2031")
    assert "refstack_test" not in edition.by_concept
    assert edition.by_concept["roles"].choices[0].renamed_from == ("Cloud operator or sys-admin",)


def test_a_question_stands_where_the_file_says(tmp_path: Path) -> None:
    text = HEAD + 'extends = "2019"\n' + QUESTION + 'after = "industry"\n'
    order = list(read_codebook(write(tmp_path, text)).edition("2031").by_concept)
    assert order[order.index("industry") + 1] == "colour"


@pytest.mark.parametrize("edition", ["2014", "2015"])
def test_questions_that_begin_with_if_are_shown_to_whom_they_mean(edition: str) -> None:
    asked = read_codebook().edition(edition).by_concept
    for concept, parent in (
        ("swift_use_case", "swift_distribution"),
        ("app_languages", "app_toolkits"),
        ("app_api_formats", "app_toolkits"),
    ):
        (condition,) = asked[concept].shown_if
        assert condition.concept == parent
        assert set(condition.answers) <= set(asked[parent].labels)
