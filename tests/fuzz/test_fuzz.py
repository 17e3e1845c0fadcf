"""Files damaged in every way: refused with a reason, or every untouched record as it was.

``make test`` examines a few hundred files, the nightly profile 10,000; each is drawn by
hypothesis, which shows the smallest case that fails. ``python -m tests.fuzz.run`` does the same
from plain seeds, and prints what became of each kind of damage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Codebook, Kind, Unit
from tests.cases import cases
from tests.fuzz.cases import Case, damaged
from tests.fuzz.files import EDITIONS, LINES, OTHERS, base
from tests.fuzz.mutations import BYTES, KINDS, File
from tests.fuzz.oracle import Outcome, examine

LAYOUTS = ("by-heading", "flat")
PARTS = st.integers(0, 7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def check(folder: Path, case: Case) -> Outcome:
    outcome = examine(folder, case.source, case.data, case.file)
    assert not outcome.findings, repr(case)
    return outcome


def draw_case(data: st.DataObject, layouts: Sequence[str], most: int) -> Case:
    layout = data.draw(st.sampled_from(layouts), "layout")
    edition = data.draw(st.sampled_from(EDITIONS), "edition")
    source = base(layout, edition, data.draw(PARTS, "part"))
    kinds = data.draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=most), "damage")
    return damaged(source, kinds, data.draw(st.randoms(use_true_random=False), "chance"))


@hypothesis.settings(max_examples=cases(120, night=6000))
@given(st.data())
def test_untouched_answers_come_out_unchanged_or_the_file_is_refused(
    folder: Path, data: st.DataObject
) -> None:
    check(folder, draw_case(data, LAYOUTS, most=2))


@hypothesis.settings(max_examples=cases(60, night=2500))
@given(st.data())
def test_untouched_lines_of_every_other_layout_do_so_too(folder: Path, data: st.DataObject) -> None:
    check(folder, draw_case(data, [each for each in LINES if each not in LAYOUTS], most=2))


@hypothesis.settings(max_examples=cases(50, night=1500))
@given(st.sampled_from(list(OTHERS)), st.sampled_from(list(BYTES)), st.randoms())
def test_damaged_bytes_give_an_error_of_ours_or_a_result(
    folder: Path, layout: str, kind: str, chance: Random
) -> None:
    source = base(layout)
    check(folder, Case(source, kind, (kind,), BYTES[kind](source.data, chance)))


PLACED = (
    "NUL inserted",
    "separator added",
    "separator taken",
    "quote at a cell's edge",
    "two quotes",
    "lines joined",
    "line split",
    "truncated",
)


@pytest.mark.parametrize("kind", PLACED)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_issue_or_an_error_names_the_line_that_was_damaged(
    folder: Path, layout: str, kind: str
) -> None:
    for seed in range(3):
        case = damaged(base(layout, "2018", seed), [kind], Random(f"{kind} {seed}"))
        outcome = check(folder, case)
        assert case.file is not None
        assert case.data == case.source.data or any(
            # A record that a quote swallows is named itself, on the line after the quote's.
            case.file.at in (line, line - (kind == "two quotes"))
            for line, _ in outcome.places
        )


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_damage_is_left_to_chance(folder: Path, kind: str) -> None:
    part = list(KINDS).index(kind) % 8
    check(folder, damaged(base("by-heading", "2019", part), [kind], Random(kind)))
    check(folder, damaged(base("flat", "2017", part), [kind], Random(kind)))


@hypothesis.settings(max_examples=cases(30, night=1000))
@given(PARTS, st.sampled_from(LAYOUTS), st.randoms(use_true_random=False))
def test_an_answer_that_no_question_lists_is_named_by_line_and_column(
    folder: Path, part: int, layout: str, chance: Random
) -> None:
    source = base(layout, "2019", part)
    file = File.of(source.data)
    headings = file.lines[0].text.decode().split(",")
    line = file.pick(chance)
    closed = [at for at, name in enumerate(headings) if name in _closed(source.codebook)]
    hypothesis.assume(closed and b'"' not in line.text)
    at = chance.choice(closed)
    cells = line.text.split(b",")
    hypothesis.assume(len(cells) == len(headings) and cells[headings.index("DeploymentID")])
    cells[at] = b"no such answer"
    file.change(line, b",".join(cells))
    outcome = check(folder, Case(source, "answer", ("answer",), file.content, file))
    assert (file.at, headings[at]) in outcome.places


def _closed(codebook: Codebook) -> set[str]:
    """Headings of closed answers about a deployment."""
    return {
        heading
        for question in codebook.edition("2019").of_unit(Unit.DEPLOYMENT)
        if question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX, Kind.COUNTRIES)
        for heading in (question.heading, *question.flat_headings, *question.matrix_headings)
    }


@pytest.mark.nightly
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_whole_editions_are_damaged_as_well(folder: Path, kind: str, edition: str) -> None:
    for seed in range(10):
        for layout in LAYOUTS:
            check(folder, damaged(base(layout, edition, -1), [kind], Random(f"{kind} {seed}")))
