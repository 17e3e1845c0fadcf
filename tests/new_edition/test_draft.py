"""Drafts of next year's codebook: right where they are sure, marked where they guess."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from survey.codebook import Kind, Question, damaged, read_codebook
from survey.exports import Export, read_export
from survey.new_edition import draft_text
from survey.responses.drafting import Draft, draft_edition
from tests.new_edition.changes import Form
from tests.new_edition.drawn import ALL, change_form
from tests.new_edition.measure import BEFORE, NEWEST, export_of, one_run, sheet_of
from tests.new_edition.numbers import Difference
from tests.new_edition.sheet import Sheet

BOOK = read_codebook()


@pytest.fixture(scope="module")
def earlier() -> list[Export]:
    return [read_export(export_of(BEFORE))]


def a_form() -> Form:
    return Form(sheet_of("2026"), replace(BOOK.edition(NEWEST), name="2026"))


def drafted(form: Form, folder: Path, earlier: list[Export] = []) -> Draft:  # noqa: B006
    return draft_edition(BOOK, "2026", [form.sheet.write(folder / "Survey.csv")], earlier)


def loaded(draft: Draft, folder: Path) -> dict[str, Question]:
    path = folder / "2026.toml"
    path.write_text(draft_text(draft), encoding="utf-8")
    return dict(read_codebook(path).edition("2026").by_concept)


def as_read(question: Question, form: Form) -> tuple[object, ...]:
    """Return what decides the numbers: column, kind, labels, edges, and the texts in use."""
    given = {text for cell in form.cells(question) for text in (cell, *cell.split("|"))}
    choices = {(c.label, c.band, c.missing) for c in question.choices}
    texts = {(damaged(c.value), c.label) for c in question.choices if damaged(c.value) in given}
    return question.heading, question.kind, choices, texts, {r.value for r in question.rows}


def test_a_sheet_is_written_as_it_was_read(tmp_path: Path) -> None:
    original = export_of("2024").read_bytes()
    assert Sheet.read(original).write(tmp_path / "same.csv").read_bytes() == original


def test_an_unchanged_questionnaire_gives_no_changes_but_asks_for_its_own_year(
    tmp_path: Path,
) -> None:
    """The list of years is that of the year before: nobody can say that a cloud is of this one."""
    draft = drafted(a_form(), tmp_path)
    (proposal,) = draft.proposals
    assert not draft.not_asked
    assert not draft.releases
    assert proposal.question == replace(BOOK.question("deployment_year", NEWEST), confirmed=False)
    assert "the years end at 2025, and nobody gave 2026" in proposal.doubts[0]
    assert "LOOK: the years end at 2025" in draft_text(draft)


@pytest.mark.parametrize("way", ALL)
def test_each_change_is_read_right_or_marked(
    way: str, tmp_path: Path, earlier: list[Export]
) -> None:
    form = a_form()
    assert change_form(form, random.Random(f"draft {way}"), 2, [way])
    questions = loaded(drafted(form, tmp_path, earlier), tmp_path)
    for concept, what in form.touched.items():
        right = form.edition.by_concept.get(concept)
        found = questions.get(concept)
        if found is None or right is None:
            assert found is None, what
            continue
        assert (
            not found.confirmed
            or as_read(found, form) == as_read(right, form)
            or what == "one answer"
        )
    for concept in set(form.edition.by_concept) - set(form.touched):
        found, right = questions[concept], form.edition.by_concept[concept]
        assert as_read(found, form) == as_read(right, form), concept


def test_numbers_of_a_drafted_edition_are_those_of_a_codebook_by_hand(tmp_path: Path) -> None:
    ways = ("rename_heading", "other_bands", "versioned_releases", "drop_question", "new_question")
    done, found, _ = one_run(7, 4, "hand", tmp_path, ways)
    assert len(done) == 4
    assert not found.wrong


@pytest.mark.nightly
def test_unreviewed_no_value_is_wrong_and_unmarked(tmp_path: Path) -> None:
    together = Difference()
    for seed in range(5):
        _, found, _ = one_run(seed, 4, "unchanged", tmp_path)
        assert not found.wrong
        together.counts += found.counts
    assert together.untouched_right >= 0.9


def test_other_edges_are_other_bands_and_not_another_name(tmp_path: Path) -> None:
    form = a_form()
    texts = {"10-000 to 99-999 cores": "10-000 to 49-999 cores"}
    form.sheet.change("ComputeCores", lambda cell: texts.get(cell, cell))
    found = loaded(drafted(form, tmp_path), tmp_path)["compute_cores"]
    assert not found.confirmed
    assert found.bands["10,000 to 49,999 cores"].high == 49_999
    assert "10,000 to 99,999 cores" not in found.labels
    assert found.bands["50,000 to 99,999 cores"].low == 50_000  # the gap is filled
    parts = {c.label: c.renamed_from for c in found.choices if c.renamed_from}
    assert parts == dict.fromkeys(
        ["10,000 to 49,999 cores", "50,000 to 99,999 cores"], ("10,000 to 99,999 cores",)
    )


def test_a_renamed_matrix_keeps_its_rows(tmp_path: Path) -> None:
    form = a_form()
    for heading in list(form.sheet.headings):
        if heading.startswith("ProjectsUsed - "):
            form.sheet.rename(heading, heading.replace("ProjectsUsed", "ServicesInUse"))
    found = loaded(drafted(form, tmp_path), tmp_path)["projects_used"]
    assert found.heading == "ServicesInUse"
    assert found.row_labels == BOOK.question("projects_used", NEWEST).row_labels


def test_names_do_not_become_choices(tmp_path: Path) -> None:
    form = a_form()
    names = form.sheet.column("Organization")
    form.sheet.insert(len(form.sheet.headings), "MainPartner", names)
    text = draft_text(drafted(form, tmp_path))
    assert not [name for name in set(names) - {""} if f'"{name}"' in text]


def test_what_a_person_wrote_is_kept(tmp_path: Path) -> None:
    form = a_form()
    change_form(form, random.Random(3), 3, ["new_question"])
    draft = drafted(form, tmp_path)
    by_hand = (
        '# mine\n[edition]\nname = "2026"\nextends = "2025"\ntitle = "Our survey"\n\n'
        "[[questions]] # asked by the board\n"
        'concept = "industry"\ntitle = "Branch"\n'
    )
    merged = draft_text(draft, by_hand)
    assert merged.startswith(by_hand)
    path = tmp_path / "2026.toml"
    path.write_text(merged, encoding="utf-8")
    edition = read_codebook(path).edition("2026")
    assert edition.title == "Our survey"
    assert edition.by_concept["industry"].title == "Branch"
    assert set(form.touched) <= set(edition.by_concept)
    assert draft_text(draft, merged) == merged  # a second time adds nothing


def test_kinds_of_new_questions(tmp_path: Path) -> None:
    form = a_form()
    change_form(form, random.Random(1), 5, ["new_question"])
    found = {p.question.heading: p.question for p in drafted(form, tmp_path).proposals}
    assert found["AcceleratorTypes"].kind is Kind.MULTIPLE
    assert "SmartNIC, DPU" in found["AcceleratorTypes"].labels
    scale = found["UpgradeConfidence"]
    assert scale.ordinal
    assert scale.labels == ("Not at all", "Slightly", "Moderately", "Very", "Extremely")
    assert found["GpuServers"].measure == "servers"
    assert found["GpuServers"].title == "GPU servers"
    assert [str(b) for b in found["GpuServers"].bands.values()] == [
        "0", "1 to 9", "10 to 99", "100 or more",
    ]  # fmt: skip
    assert found["SupportContract"].missing_labels == {"I don't know."}


def test_a_question_whose_condition_is_not_asked_any_more_is_marked(tmp_path: Path) -> None:
    form = a_form()
    form.sheet.drop("UsedPackages")
    questions = loaded(drafted(form, tmp_path), tmp_path)
    assert "packages_used" not in questions
    assert BOOK.question("custom_package_reasons", NEWEST).shown_if
    assert questions["custom_package_reasons"].shown_if == ()
    assert not questions["custom_package_reasons"].confirmed


def test_a_new_question_does_not_take_the_name_of_a_column(tmp_path: Path) -> None:
    form = a_form()
    cells = ["Yes" if number % 3 else "No" for number in range(len(form.sheet.rows))]
    form.sheet.insert(len(form.sheet.headings), "Count", cells)
    found = loaded(drafted(form, tmp_path), tmp_path)
    assert [name for name, question in found.items() if question.heading == "Count"] == ["count_2"]


def test_headings_without_any_sense_are_found_by_their_answers(tmp_path: Path) -> None:
    form = a_form()
    opaque_names = {"ComputeCores": "Q17", "CurrentReleases": "Q3", "OrgSizeSydney": "Q9"}
    for heading, opaque in opaque_names.items():
        form.sheet.rename(heading, opaque)
    found = loaded(drafted(form, tmp_path), tmp_path)
    assert {found[name].heading for name in ("compute_cores", "releases_in_use")} == {"Q17", "Q3"}
    assert found["organization_size"].heading == "Q9"
    assert not found["compute_cores"].confirmed


def test_a_listed_band_that_somebody_gave_stays_beside_a_new_one(tmp_path: Path) -> None:
    form = a_form()
    new = {"1 million or more cores": "5-000 or more cores"}
    form.sheet.change("ComputeCores", lambda cell: new.get(cell, cell))
    found = loaded(drafted(form, tmp_path), tmp_path)["compute_cores"]
    assert {"1,000 to 9,999 cores", "5,000 or more cores"} <= set(found.labels)
    assert not found.confirmed


def test_a_question_that_takes_several_answers_now_is_another_one(tmp_path: Path) -> None:
    """Pooled with earlier editions, one column cannot hold one answer and several."""
    form = a_form()
    form.sheet.change("DeploymentStage", lambda cell: f"{cell}|Proof of Concept")
    found = loaded(drafted(form, tmp_path), tmp_path)
    assert "deployment_stage" not in found
    new = found["deployment_stage_2"]
    assert (new.heading, new.kind) == ("DeploymentStage", Kind.MULTIPLE)
    assert new.labels == BOOK.question("deployment_stage", NEWEST).labels
    assert not new.confirmed


def test_a_guessed_day_after_the_answers_is_marked(tmp_path: Path) -> None:
    """What is newer than its answer has no lag, so a wrong guess would tell of a release."""
    form = a_form()
    form.sheet.change("CurrentReleases", lambda cell: cell.replace("Bobcat", "2028.1 Kestrel"))
    proposals = {each.question.concept: each for each in drafted(form, tmp_path).proposals}
    found = proposals["releases_in_use"]
    (doubt,) = [each for each in found.doubts if "Kestrel" in each]
    assert "The guessed day, 2028-04-01, is after the answers" in doubt
