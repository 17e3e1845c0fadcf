"""Exports that somebody else invented: one draft, one edited file, and every number is right."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from survey.codebook import Kind, read_codebook
from survey.codebook.releases import shipped_calendar
from survey.new_edition import draft_text
from survey.responses.drafting import Draft, draft_edition
from survey.responses.drafting.new_releases import misspelled_release, unknown_release
from tests.new_edition.changes import Form
from tests.new_edition.measure import NAME, NEWEST, earlier_exports, sheet_of
from tests.new_edition.numbers import tables_of
from tests.new_edition.stranger import ask, rename, scheme
from tests.new_edition.unseen import one_run

BOOK = read_codebook()


def a_form() -> Form:
    return Form(sheet_of(NAME), replace(BOOK.edition(NEWEST), name=NAME))


def drafted(form: Form, folder: Path) -> Draft:
    return draft_edition(BOOK, NAME, [form.sheet.write(folder / "x.csv")], earlier_exports()[-1:])


@pytest.mark.parametrize("seed", [8])
def test_after_the_edit_every_number_is_right(tmp_path: Path, seed: int) -> None:
    outcome = one_run(seed, tmp_path)
    assert outcome.values > 1000
    assert not outcome.wrong
    assert not outcome.overlooked


@pytest.mark.parametrize(
    ("text", "version", "day", "slurp"),
    [
        ("2027.2 Jubilee", "2027.2", date(2027, 10, 1), False),
        ("Jubilee", "2027.2", date(2027, 10, 1), False),
        ("Kestrel (2028.1)", "2028.1", date(2028, 4, 1), True),
        ("OpenStack Kestrel", "2028.1", date(2028, 4, 1), True),
    ],
)
def test_a_series_beyond_the_calendar_gets_its_place(
    text: str, version: str, day: date, slurp: bool
) -> None:
    found = unknown_release(text, shipped_calendar())
    assert found is not None
    assert (found.version, found.released, found.slurp) == (version, day, slurp)


def test_misspelled_series_are_found_and_other_words_are_no_series() -> None:
    calendar = shipped_calendar()
    misspelled = misspelled_release("Dalmation", calendar)
    assert misspelled is not None
    assert misspelled.series == "Dalmatian"
    assert misspelled_release("Jubilee", calendar) is None
    assert unknown_release("our vendor's build", calendar) is None
    assert unknown_release("Other", calendar) is None


def test_a_draft_with_new_and_strange_releases_can_be_loaded(tmp_path: Path) -> None:
    form = a_form()
    names = ["Kestrel", "Jubilee", "Caracall", "Dalmation", "our vendor's build", "stable branch"]
    rng = random.Random(1)
    form.sheet.change_answers(
        "CurrentReleases", lambda each: rng.choice(names) if rng.random() < 0.4 else each
    )
    draft = drafted(form, tmp_path)
    assert {each.series for each in draft.releases} == {"Kestrel", "Jubilee"}
    file = tmp_path / "2026.toml"
    file.write_text(draft_text(draft), encoding="utf-8")
    book = read_codebook(file)
    question = book.edition(NAME).by_concept["releases_in_use"]
    labels = dict(question.label_of)
    assert labels["Dalmation"] == "Dalmatian"  # which nobody gave beside it
    assert labels["Caracall"] == "Other: Caracall"  # Caracal was given, too
    assert labels["our vendor's build"] == "Other: our vendor's build"
    assert labels["stable branch"] == "Other: stable branch"
    assert not question.confirmed
    order = [each.series for each in book.calendar.series][-2:]
    assert order == ["Jubilee", "Kestrel"]
    again = draft_text(replace(draft, proposals=()), file.read_text("utf-8"), file.name)
    assert again.splitlines().count("[[releases]]") == 2  # what a person may have corrected is kept


def test_a_renamed_heading_is_found_by_its_answers_alone(tmp_path: Path) -> None:
    form = a_form()
    for concept, heading in (("hypervisors", "Q40"), ("operating_system", "Basis")):
        form.sheet.rename(form.question(concept).heading, heading)
    found = {p.question.heading: p for p in drafted(form, tmp_path).proposals}
    assert found["Q40"].question.concept == "hypervisors"
    assert found["Basis"].question.concept == "operating_system"
    assert found["Q40"].doubts


def test_numbers_alone_are_no_bands(tmp_path: Path) -> None:
    form, rng = a_form(), random.Random(3)
    form.sheet.drop(form.question("organization_size").heading)
    cells = [rng.choice("1234567") for _ in form.sheet.rows]
    form.sheet.insert(8, "EaseOfUpgrade", cells)
    found = {p.question.heading: p.question for p in drafted(form, tmp_path).proposals}
    assert found["EaseOfUpgrade"].concept == "ease_of_upgrade"
    assert found["EaseOfUpgrade"].ordinal


def test_every_kind_of_question_is_recognized(tmp_path: Path) -> None:
    form, rng = a_form(), random.Random(5)
    while ask(form, rng):
        pass
    found = {p.question.heading: p.question for p in drafted(form, tmp_path).proposals}
    truth = {q.heading: q for q in form.edition.questions if form.touched.get(q.concept) == "new"}
    assert len(truth) == 12
    for heading, right in truth.items():
        assert (found[heading].kind, found[heading].unit) == (right.kind, right.unit)
        if right.banded:
            assert set(found[heading].bands.values()) == set(right.bands.values())
    assert found["MayQuote"].kind is Kind.CHECKBOX


def test_another_scheme_of_bands_leaves_nothing_of_the_old_one(tmp_path: Path) -> None:
    form, rng = a_form(), random.Random(2)
    assert scheme(form, rng)
    assert rename(form, rng)
    (concept,) = [name for name, what in form.touched.items() if what == "another scheme"]
    found = {p.question.concept: p.question for p in drafted(form, tmp_path).proposals}
    old = set(BOOK.edition(NEWEST).by_concept[concept].bands.values())
    right = set(form.question(concept).bands.values())
    assert set(found[concept].bands.values()) <= right
    assert not set(found[concept].bands.values()) & (old - right)


def test_a_score_with_an_answer_in_words_has_no_net_promoter_score(tmp_path: Path) -> None:
    form = a_form()
    form.sheet.change("NetPromoter", lambda cell: "very likely" if cell in ("9", "10") else cell)
    file = tmp_path / "2026.toml"
    file.write_text(draft_text(drafted(form, tmp_path)), encoding="utf-8")
    path = form.sheet.write(tmp_path / "Survey_20260831120000.csv")
    names = set(tables_of(read_codebook(file), NAME, path, []))
    assert "likelihood_to_recommend" in names
    assert not names & {"nps_by_edition", "nps_depends_on"}


@pytest.mark.parametrize("way", ["codes", "sentences"])
def test_every_heading_can_be_another_one(tmp_path: Path, way: str) -> None:
    form = a_form()
    expected = {}
    for number, question in enumerate(form.edition.questions):
        headings = form.columns(question)
        personal = question.heading in ("Email", "FirstName", "Surname", "Organization")
        known = all(heading in form.sheet.headings for heading in headings)
        if personal or not known or (way == "codes" and not question.kind.closed):
            continue
        title = question.title.replace(",", "-")
        new = f"Q{number:03d}" if way == "codes" else f"Question: {title}"
        for old in headings:
            form.sheet.rename(old, new + old[len(question.heading) :])
        expected[new] = question.concept
    found = {p.question.heading: p.question.concept for p in drafted(form, tmp_path).proposals}
    assert len(expected) > 60
    assert {heading: found.get(heading) for heading in expected} == expected


def test_rows_of_a_matrix_come_and_go(tmp_path: Path) -> None:
    form = a_form()
    question = form.question("projects_used")
    gone = question.matrix_headings[20]
    cells = form.sheet.column(question.matrix_headings[3])
    form.sheet.insert(form.sheet.headings.index(gone), "ProjectsUsed - Skyline (Dashboard)", cells)
    form.sheet.drop(gone)
    (proposal,) = [
        p for p in drafted(form, tmp_path).proposals if p.question.concept == "projects_used"
    ]
    rows = set(proposal.question.row_labels)
    assert rows - set(question.row_labels) == {"Skyline (Dashboard)"}
    assert set(question.row_labels) - rows == {question.rows[20].label}
    assert proposal.doubts
