"""A codebook drafted from a file: it can be read, and most kinds are right."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.cli import main
from survey.codebook import Edition, read_codebook
from survey.errors import ExportError
from survey.exports import read_export
from survey.exports.drafting import draft_codebook
from survey.exports.drafting.choice_order import as_bands, in_order
from survey.responses import clean
from tests.exports.shapes import KINDS, TASKS, TOOLS, WRITERS, answers

ENOUGH = 0.87


def drafted(folder: Path, shape: str, seed: int, number: int = 80) -> Edition:
    path, book = folder / "results.csv", folder / "draft.toml"
    path.write_bytes(WRITERS[shape](answers(seed, number)).encode())
    book.write_text(draft_codebook(path, name="drafted"), "utf-8")
    return read_codebook(book).edition("drafted")


def right_kinds(shape: str) -> list[str]:
    kinds = [*KINDS]
    if shape == "google_forms":
        kinds.insert(3, "matrix")  # its grid of check boxes
    return kinds


@pytest.mark.parametrize("shape", WRITERS)
def test_most_kinds_are_right(tmp_path: Path, shape: str) -> None:
    right, asked = 0, 0
    for seed in range(8):
        edition = drafted(tmp_path, shape, seed, random.Random(seed).randint(40, 200))
        kinds = [question.kind.value for question in edition.questions]
        wanted = right_kinds(shape)
        assert len(kinds) == len(wanted)
        right += sum(one == other for one, other in zip(kinds, wanted, strict=True))
        asked += len(wanted)
    assert right >= ENOUGH * asked


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Number,Tool,Year\n,Ansible,2019\n2,Puppet,2020\n", 1),
        ("Number,Which tools?,,Year\n,Ansible,Puppet,\n1,Ansible,,2019\n2,,Puppet,2020\n", 2),
        ("Number,Which tools?,Other,Year\n,Ansible,,\n1,Ansible,,2019\n2,,Salt,2020\n", 1),
    ],
)
def test_a_second_heading_line_names_choices_under_a_question(
    tmp_path: Path, text: str, lines: int
) -> None:
    path = tmp_path / "results.csv"
    path.write_text(text, "utf-8")
    draft = draft_codebook(path, name="drafted")
    assert ("header_rows = 2" in draft) == (lines == 2)
    assert "quoted = false" not in draft


@pytest.mark.parametrize(("lists", "kind"), [(1, "single"), (2, "multiple")])
def test_one_cell_with_a_separator_makes_no_multiple_response(
    tmp_path: Path, lists: int, kind: str
) -> None:
    tools = ["KVM", "QEMU", "KVM", "QEMU", "KVM", *["KVM;QEMU"] * lists]
    path, book = tmp_path / "results.csv", tmp_path / "draft.toml"
    path.write_text("\n".join(["Tools", *tools, ""]), "utf-8")
    book.write_text(draft_codebook(path, name="drafted"), "utf-8")
    (question,) = read_codebook(book).edition("drafted").questions
    assert question.kind.value == kind


@pytest.mark.parametrize("shape", WRITERS)
def test_a_draft_reads_the_file_that_it_was_made_from(tmp_path: Path, shape: str) -> None:
    edition = drafted(tmp_path, shape, 3)
    book = read_codebook(tmp_path / "draft.toml")
    export = read_export(tmp_path / "results.csv", codebook=book)
    found = clean(export)
    assert found.editions == ("drafted",)
    assert "absent heading" not in set(found.issues["code"])
    concepts = [question.concept for question in edition.questions]
    assert len(set(concepts)) == len(concepts)
    assert found.respondents["created"].notna().all()


def test_choices_are_named_as_the_file_names_them(tmp_path: Path) -> None:
    edition = drafted(tmp_path, "qualtrics", 1)
    by_heading = edition.by_heading
    assert by_heading["Q2"].labels == (*TOOLS, "Other")
    assert by_heading["Q3"].row_labels == TASKS
    assert by_heading["Q3"].labels == ("Never", "Sometimes", "Often", "Always")
    assert by_heading["Q3"].ordinal
    assert list(by_heading["Q4"].bands) == ["1-9", "10-49", "50 or more"]
    assert by_heading["Q10"].personal


def test_names_of_columns_are_not_used_as_concepts(tmp_path: Path) -> None:
    path, book = tmp_path / "results.csv", tmp_path / "draft.toml"
    path.write_text("Edition,Member,Status of work\n" + "a,Yes,x\nb,No,y\n" * 20, "utf-8")
    book.write_text(draft_codebook(path), "utf-8")
    concepts = read_codebook(book).edition("results").by_concept
    assert {"edition_given", "member_given", "status_of_work"} <= set(concepts)


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("A,B\n", "utf-8")
    with pytest.raises(ExportError, match="no records"):
        draft_codebook(path)


@pytest.mark.parametrize(
    ("choices", "edges"),
    [
        (["51-100", "1-50", "More than 100"], [(1, 50), (51, 100), (101, None)]),
        (["<10", "10 to 99", "100+"], [(0, 9), (10, 99), (100, None)]),
        (["1,000 or more", "Less than 100", "100-999"], [(0, 99), (100, 999), (1000, None)]),
        (
            ["0", "1 - 2 years", "3 - 5 years", "6 years or more"],
            [(0, 0), (1, 2), (3, 5), (6, None)],
        ),
        (["Red", "Green", "Blue"], []),
        (["1-10", "5-20", "more than 20"], []),
    ],
)
def test_bands_are_read_from_their_text(
    choices: list[str], edges: list[tuple[float, float | None]]
) -> None:
    assert [band[1:] for band in as_bands(choices)] == edges


@given(st.permutations(["Never", "Rarely", "Sometimes", "Often", "Always", "Don't know"]))
def test_scales_are_in_their_order_whatever_was_chosen_most(choices: list[str]) -> None:
    ordered, scale = in_order(choices)
    assert ordered == ("Never", "Rarely", "Sometimes", "Often", "Always", "Don't know")
    assert scale


@settings(max_examples=30)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=30), st.integers(0, 9))
def test_any_texts_give_a_draft_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("drafts")
    rng = random.Random(seed)
    rows = [
        [rng.choice(texts).replace('"', "'").replace("\0", "") for _ in range(3)] for _ in range(9)
    ]
    lines = ["First,Second [a],Second [b]"]
    lines += [",".join(f'"{cell}"' for cell in row) for row in rows]
    path, book = folder / "any.csv", folder / "any.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8", errors="replace", newline="")
    try:
        book.write_text(draft_codebook(path), "utf-8")
    except ExportError:
        return
    assert Counter(each.concept for each in read_codebook(book).edition("any").questions)


def test_the_command_prints_a_draft_or_writes_a_new_file(tmp_path: Path) -> None:
    path, out = tmp_path / "results.csv", tmp_path / "mine.toml"
    path.write_bytes(WRITERS["google_forms"](answers(1)).encode())
    printed = CliRunner().invoke(main, ["codebook", "draft", str(path)])
    assert printed.exit_code == 0
    assert 'family = "table"' in printed.output
    arguments = ["codebook", "draft", str(path), "--out", str(out)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert out.read_text("utf-8") == draft_codebook(path)
    out.write_text("mine", "utf-8")
    assert CliRunner().invoke(main, arguments).exit_code == 2
    assert out.read_text("utf-8") == "mine"
