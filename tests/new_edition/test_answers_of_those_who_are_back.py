"""Listed answers that nobody gave, and words that stand for something else than before."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from survey.codebook import Band, Codebook, Edition, Question, damaged, read_codebook
from survey.codebook.diff import joined_choices
from survey.new_edition import draft_text
from survey.responses.drafting import draft_edition
from survey.responses.drafting.returning_people import kept_beyond_chance
from tests.new_edition.changes import Form
from tests.new_edition.drawn import change_form
from tests.new_edition.every_removal import measured
from tests.new_edition.measure import NAME, NEWEST, earlier_exports, sheet_of
from tests.new_edition.numbers import tables_of

BOOK = read_codebook()
RARE = "Ryu OpenFlow Controller"  # two gave it in the year before, nobody in the file


def a_form() -> Form:
    return Form(sheet_of(NAME), replace(BOOK.edition(NEWEST), name=NAME))


def drafted(form: Form, folder: Path) -> tuple[Codebook, Path]:
    path = form.sheet.write(folder / "Survey_20260831120000.csv")
    file = folder / f"{NAME}.toml"
    draft = draft_edition(BOOK, NAME, [path], earlier_exports())
    file.write_text(draft_text(draft), encoding="utf-8")
    return read_codebook(file), path


def edition(form: Form, folder: Path) -> Edition:
    return drafted(form, folder)[0].edition(NAME)


def without(form: Form, concept: str, label: str) -> Question:
    """Take an answer out of the file, and return the question."""
    question = form.question(concept)
    gone = {damaged(c.value) for c in question.choices if c.label == label}
    form.sheet.change_answers(question.heading, lambda each: "" if each in gone else each)
    return question


def test_an_answer_of_a_short_list_that_nobody_gives_any_more_is_doubted(tmp_path: Path) -> None:
    form = a_form()
    given = form.given(form.question("operating_system"))
    rarest = min((label for label, times in given.items() if times), key=given.__getitem__)
    without(form, "operating_system", rarest)
    asked = edition(form, tmp_path).by_concept["operating_system"]
    assert not asked.confirmed
    assert f"nobody gave '{rarest}'" in (tmp_path / f"{NAME}.toml").read_text("utf-8")


def test_of_a_rare_answer_of_a_long_list_alone_no_share_is_shown(tmp_path: Path) -> None:
    book, path = drafted(a_form(), tmp_path)
    asked = book.edition(NAME).by_concept["network_drivers"]
    assert asked.confirmed
    assert RARE in asked.unconfirmed_labels
    table = tables_of(book, NAME, path, ())["network_drivers"]
    status = table.frame.set_index("answer")["status"]
    assert set(status[list(asked.unconfirmed_labels)]) == {"not available"}
    assert "not available" not in set(status.drop(list(asked.unconfirmed_labels)))
    assert not table.unconfirmed
    assert any(RARE in note and "Not confirmed" in note for note in table.notes)


def test_once_the_words_are_deleted_the_share_is_shown(tmp_path: Path) -> None:
    _, path = drafted(a_form(), tmp_path)
    file = tmp_path / f"{NAME}.toml"
    text = file.read_text("utf-8")
    assert ", confirmed = false" in text
    file.write_text(text.replace(", confirmed = false", ""), encoding="utf-8")
    frame = tables_of(read_codebook(file), NAME, path, ())["network_drivers"].frame
    row = frame.set_index("answer").loc[RARE]
    assert (row["status"] != "not available", row["value"]) == (True, 0)


@pytest.mark.parametrize("way", ["swap_labels", "swap_columns", "other_unit"])
def test_other_answers_under_the_same_words_are_doubted(way: str, tmp_path: Path) -> None:
    form = a_form()
    assert change_form(form, random.Random(f"back {way}"), 3, [way])
    book = edition(form, tmp_path)
    found = [book.by_concept.get(concept) for concept in form.touched]
    assert not [each.concept for each in found if each and each.confirmed]


def test_how_many_answers_are_kept_is_told_from_chance() -> None:
    rng = random.Random(5)
    people = [frozenset(rng.sample("abcde", 2)) for _ in range(300)]
    others = rng.sample(people, len(people))
    assert kept_beyond_chance([(each, each) for each in people]) == 1
    by_chance = kept_beyond_chance(list(zip(people, others, strict=True)))
    assert by_chance is not None
    assert abs(by_chance) < 0.1
    assert kept_beyond_chance([(people[0], people[0])] * 5) is None  # too few
    assert kept_beyond_chance([(people[0], people[0])] * 50) is None  # all alike


def test_few_answers_leave_a_list_unnoticed() -> None:
    """Of all answers of an edition, each taken out alone and each merged into another one."""
    removals, merges, tried = measured("2024", merges=1, seed=12)
    assert tried > 900
    assert removals < 0.01
    assert merges < 0.02


def rebanded(form: Form, *, mixed: bool) -> None:
    """Give employees in coarser bands; ``mixed`` deals the bands out anew, whoever answers."""
    question = form.question("organization_size")
    edges = {c.value: c.band for c in question.choices if c.band}
    rng = random.Random(5)
    texts = ["1 to 49 employees", "50 to 499 employees", "500 to 4999 employees"]
    bands = [Band(1, 49), Band(50, 499), Band(500, 4999), Band(5000, None)]
    coarse = dict(zip([*texts, "5000 employees or more"], bands, strict=True))
    named = {damaged(value): band for value, band in edges.items()} | edges

    def anew(cell: str) -> str:
        if cell not in named:
            return cell
        fitting = [text for text, band in coarse.items() if mixed or band.overlaps(named[cell])]
        return rng.choice(fitting)

    form.sheet.change_answers(question.heading, anew)


@pytest.mark.parametrize("mixed", [False, True])
def test_other_edges_alone_are_no_other_answers(mixed: bool, tmp_path: Path) -> None:
    form = a_form()
    rebanded(form, mixed=mixed)
    asked = edition(form, tmp_path).by_concept["organization_size"]
    assert "1 to 49 employees" in asked.labels
    text = (tmp_path / f"{NAME}.toml").read_text("utf-8")
    own = text.split('concept = "organization_size"')[0].rsplit("[[questions]]", 1)[1]
    assert ("than by chance" in " ".join(own.split())) is mixed
    assert "exchanged" not in own


def test_a_second_run_over_other_bands_doubts_nothing(tmp_path: Path) -> None:
    form = a_form()
    rebanded(form, mixed=False)
    book, path = drafted(form, tmp_path)
    again = draft_edition(book, NAME, [path], earlier_exports())
    said = [p for p in again.proposals if p.question.concept == "organization_size"]
    assert not [doubt for each in said for doubt in each.doubts]


def test_every_band_says_what_it_was_though_nobody_gave_the_highest(tmp_path: Path) -> None:
    form = a_form()
    rebanded(form, mixed=False)
    form.sheet.change_answers("OrgSizeSydney", lambda each: "" if "or more" in each else each)
    book, _ = drafted(form, tmp_path)
    asked = book.edition(NAME).by_concept["organization_size"]
    bands = [choice for choice in asked.choices if choice.band]
    assert [choice.band.low for choice in bands if choice.band] == [1, 50, 500]
    assert all(choice.renamed_from for choice in bands)
    text = " ".join((tmp_path / f"{NAME}.toml").read_text("utf-8").replace("#", "").split())
    assert "nobody gave a band above '500 to 4999 employees': add it if the form offers" in text
    assert '"10,000 to 99,999 employees", "100,000 employees or more"] on both lines' in text
    (joint,) = joined_choices(BOOK.question("organization_size", NEWEST), asked)
    assert set(joint[1]) == {choice.label for choice in bands}
