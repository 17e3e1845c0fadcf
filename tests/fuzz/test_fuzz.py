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
from tests.cases import cases
from tests.fuzz.cases import Case, damaged
from tests.fuzz.files import EDITIONS, LINES, OTHERS, base
from tests.fuzz.mutations import BYTES, KINDS
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


@hypothesis.settings(max_examples=cases(150))
@given(st.data())
def test_untouched_answers_come_out_unchanged_or_the_file_is_refused(
    folder: Path, data: st.DataObject
) -> None:
    check(folder, draw_case(data, LAYOUTS, most=2))


@hypothesis.settings(max_examples=cases(80))
@given(st.data())
def test_untouched_lines_of_every_other_layout_do_so_too(folder: Path, data: st.DataObject) -> None:
    check(folder, draw_case(data, [each for each in LINES if each not in LAYOUTS], most=2))


@hypothesis.settings(max_examples=cases(60))
@given(st.sampled_from(list(OTHERS)), st.sampled_from(list(BYTES)), st.randoms())
def test_damaged_bytes_give_an_error_of_ours_or_a_result(
    folder: Path, layout: str, kind: str, chance: Random
) -> None:
    source = base(layout)
    check(folder, Case(source, kind, (kind,), BYTES[kind](source.data, chance)))


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_damage_is_left_to_chance(folder: Path, kind: str) -> None:
    part = list(KINDS).index(kind) % 8
    check(folder, damaged(base("by-heading", "2019", part), [kind], Random(kind)))
    check(folder, damaged(base("flat", "2017", part), [kind], Random(kind)))


@pytest.mark.nightly
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_whole_editions_are_damaged_as_well(folder: Path, kind: str, edition: str) -> None:
    for seed in range(10):
        for layout in LAYOUTS:
            check(folder, damaged(base(layout, edition, -1), [kind], Random(f"{kind} {seed}")))
