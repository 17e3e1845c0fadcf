"""Whatever the labels are, they arrive as the same text, and the grid holds each number once."""

from __future__ import annotations

import io
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.escape import unescape

from survey.publish.workbook import write_workbook
from survey.publish.workbook.sheet_layout import grid_of
from survey.publish.workbook.text import clean, legal, link_to, sheet_name, unique
from tests.publish import workbook_builders as make

ODD = st.one_of(
    st.sampled_from([*make.ODD_LABELS, "", " ", "\x00", "_x000D_", "=1+1", "'", "a" * 40_000]),
    st.text(max_size=40),
    st.text(alphabet=st.characters(max_codepoint=0x40), max_size=12),
    st.builds("=".__add__, st.text(max_size=8)),
)
ANY_TEXT = st.text(st.characters(), max_size=60)  # lone surrogates included


def read_back(publication, folder):
    return load_workbook(write_workbook(publication, folder / "odd.xlsx"))


@given(st.lists(ODD, min_size=1, max_size=8), ODD, ODD, ODD)
def test_odd_text_arrives_and_is_never_a_formula(tmp_path_factory, labels, name, title, note):
    rows = [make.share_row(label, 0.2, 50.0) for label in labels]
    table = make.table(name, rows, title=title, notes=(note,), several=True, topic=note)
    book = read_back(make.publication(table), tmp_path_factory.getbasetemp())
    sheet = next(each for each in book if each.title.startswith("1 ") or each.title == "1")
    (native,) = sheet.tables.values()
    _, top, _, bottom = range_boundaries(native.ref)
    cells = [sheet.cell(row, 1) for row in range(top + 1, bottom + 1)]
    for cell, label in zip(cells, labels, strict=True):
        assert cell.data_type == "s"
        wanted = legal(label) or "(no label)"
        assert unescape(cell.value) == wanted or wanted.startswith(unescape(cell.value)[:32_000])
        assert cell.quotePrefix is cell.value.startswith(("=", "+", "-", "@"))
    assert all(c.data_type in "sn" for s in book for row in s.iter_rows() for c in row)


@given(ANY_TEXT)
def test_clean_text_is_legal_and_short_and_changes_nothing_that_is_fine(text):
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(ord(sign) < 32 or sign in "￾￿" for sign in cleaned)
    assert unescape(cleaned) == legal(text)
    assert len(clean(text * 2000).encode("utf-16-le")) // 2 <= 32_767
    if text.isalnum():
        assert cleaned == text


@given(st.lists(ANY_TEXT, max_size=6))
def test_sheet_names_are_valid_and_unique_whatever_they_are_made_of(names):
    made = [sheet_name(number, name) for number, name in enumerate(names, 1)]
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@given(st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_headings_are_unique_and_of_a_length_that_native_tables_take(names):
    made = unique([*names, *names])
    assert len({name.casefold() for name in made}) == 2 * len(names)
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 255 for name in made)


def test_links_double_the_quotes_in_sheet_names():
    assert link_to("7 Operators' own") == "'7 Operators'' own'!A1"


def test_a_sheet_name_with_quotes_can_be_followed(tmp_path):
    table = make.table("the operator's 'own' tools", [make.share_row("A", 0.2, 50.0)])
    book = read_back(make.publication(table), tmp_path)
    locations = {
        cell.hyperlink.location
        for row in book["Contents"].iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert "'1 The operator''s ''own'' tools'!A1" in locations
    assert "1 The operator's 'own' tools" in book.sheetnames


# -- the grid -------------------------------------------------------------------------------

STATUSES = st.sampled_from(
    ["ok", "imprecise", "suppressed", "not offered", "not comparable", "empty"]
)


@st.composite
def tables(draw):
    """Tables of up to two groupings, with rows missing here and there, every value different."""
    by = draw(st.sampled_from([(), ("edition",), ("region",), ("region", "edition")]))
    sizes = [draw(st.integers(1, 4)) for _ in (*by, "answer")]
    places = [()]
    for size in sizes:
        places = [(*place, f"L{k}") for place in places for k in range(size)]
    kept = draw(st.lists(st.sampled_from(places), unique=True, min_size=1, max_size=40))
    rows = []
    for order, place in enumerate(kept):
        groups = dict(zip(by, place[:-1], strict=True))
        row = make.share_row(place[-1], 0.5, 50.0, draw(STATUSES), **groups)
        if row["status"] in ("ok", "imprecise"):
            row |= {"value": (order + 1) / 1000, "low": (order + 0.5) / 1000}
        rows.append(row)
    return make.table("t", rows, by=by)


@given(tables())
def test_the_grid_holds_each_number_once_and_a_symbol_for_each_missing_one(table):
    grid = grid_of(table)
    assert {len(row) for row in grid.rows} == {len(grid.headings)}
    shown = Counter(cell.value for row in grid.rows for cell in row if cell.is_number)
    usable = table.frame[table.frame["status"].isin(["ok", "imprecise"])]
    for name in ("value", "low"):
        for value in usable[name]:
            assert shown[value] == 1
    assert not any(isinstance(value, float) and math.isnan(value) for value in shown), (
        "a missing number is never a number"
    )
    assert shown[0] == 0, "nor is it 0"


@pytest.mark.parametrize("repeat", [1, 2])
def test_rows_that_cannot_be_told_apart_stay_in_a_long_table(repeat):
    rows = [make.share_row(a, 0.2, 50.0, edition=e) for e in ("2023", "2024") for a in "AB"]
    grid = grid_of(make.table("t", rows * repeat, by=("edition",)))
    assert ("2024 base" in grid.headings) is (repeat == 1)
    shares = [cell for row in grid.rows for cell in row if cell.value == 0.2]
    assert len(shares) == 4 * repeat


def test_the_file_is_a_whole_zip(tmp_path):
    path = write_workbook(make.everything(), tmp_path / "x.xlsx")
    assert load_workbook(io.BytesIO(path.read_bytes()), read_only=True).sheetnames
