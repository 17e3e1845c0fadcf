"""Ordered answers: what stands outside the order is never above, below, largest or smallest."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.exports import read_export
from survey.responses import Responses, clean, pool, read_answers, write_answers
from survey.responses.ordinal import OrdinalArray, OrdinalDtype, ordinal

SIZES = ("1 to 9", "10 to 99", "100 or more")
APART = ("Don't know", "Another answer")
LABELS = (*SIZES, *APART)
CODES = st.lists(st.integers(-1, len(LABELS) - 1), max_size=30)
RAW = Path(__file__).parents[2] / "data/raw"


def column(codes: list[int]) -> pd.Series:
    return pd.Series(ordinal(codes, LABELS, apart=APART), dtype=None)


def inside(codes: list[int]) -> list[bool]:
    return [0 <= code < len(SIZES) for code in codes]


@given(codes=CODES, edge=st.integers(0, len(LABELS) - 1))
def test_comparisons_hold_for_answers_with_a_place_alone(codes: list[int], edge: int) -> None:
    answers, label = column(codes), LABELS[edge]
    here = np.array(codes, dtype=int)
    among = np.array(inside(codes), dtype=bool) & (edge < len(SIZES))
    assert (answers > label).tolist() == (among & (here > edge)).tolist()
    assert (answers >= label).tolist() == (among & (here >= edge)).tolist()
    assert (answers < label).tolist() == (among & (here < edge)).tolist()
    assert (answers <= label).tolist() == (among & (here <= edge)).tolist()
    assert (answers == label).tolist() == (here == edge).tolist()


@given(codes=CODES)
def test_extremes_and_ranks_are_of_answers_with_a_place(codes: list[int]) -> None:
    answers = column(codes)
    placed = [code for code, yes in zip(codes, inside(codes), strict=True) if yes]
    for found, expected in ((answers.max(), max), (answers.min(), min)):
        assert found == LABELS[expected(placed)] if placed else pd.isna(found)
    assert answers.rank().notna().tolist() == inside(codes)


@given(codes=CODES, more=CODES, mask=st.randoms(use_true_random=False))
def test_the_order_survives_what_pandas_does(
    codes: list[int], more: list[int], mask: object
) -> None:
    answers = column(codes)
    frame = pd.DataFrame({"size": answers, "key": range(len(codes))})
    chosen = np.arange(len(codes)) % 3 != 1
    for made in (
        frame.loc[chosen, "size"],
        frame["size"].copy(),
        frame.sort_values("size")["size"],
        frame["size"].reindex([*range(len(codes)), -1]),
        frame.merge(frame[["key"]], on="key")["size"],
        pd.concat([answers, column(more)], ignore_index=True),
        pickle.loads(pickle.dumps(answers)),
        answers.cat.add_categories("More"),
    ):
        assert isinstance(made.array, OrdinalArray)
        assert isinstance(made.dtype, OrdinalDtype)
        assert not (made > SIZES[-1]).any()
        assert made.max() not in APART


@given(codes=CODES.filter(bool))
def test_groups_have_extremes_with_a_place(codes: list[int]) -> None:
    frame = pd.DataFrame({"size": column(codes), "group": [n % 2 for n in range(len(codes))]})
    largest = frame.groupby("group")["size"].max()
    for group, rows in frame.groupby("group"):
        expected = rows["size"].max()
        found = largest[group]
        assert found == expected or (pd.isna(found) and pd.isna(expected))


def test_unused_categories_go_and_the_order_stays() -> None:
    made = column([0, 3]).cat.remove_unused_categories()
    assert list(made.cat.categories) == ["1 to 9", "Don't know"]
    assert made.max() == "1 to 9"


def test_without_anything_apart_the_column_is_a_plain_one() -> None:
    assert type(ordinal([0], SIZES, apart=APART)) is pd.Categorical
    assert type(ordinal([0], LABELS, ordered=False, apart=APART)) is pd.Categorical


@pytest.fixture(scope="module")
def answers() -> Responses:
    return pool(
        clean(read_export(RAW / f"Survey_{year}0831120000.csv"), key=b"k" * 32)
        for year in ("2023", "2024")
    )


def test_team_sizes_above_a_band(answers: Responses, tmp_path: Path) -> None:
    write_answers(answers, tmp_path)
    for each in (answers, read_answers(tmp_path), answers.in_edition("2024")):
        size = each.column("team_size")
        assert set(size[size > "21 to 50 people"]) == {"51 or more people"}
        assert size.max() == "51 or more people"
        assert (size == "Don't know").any()
