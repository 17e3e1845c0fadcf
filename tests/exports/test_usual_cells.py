"""Whole columns told by their bytes: never another answer than a look at each cell gives."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.codebook import read_codebook
from survey.exports.few_texts import FewTexts
from survey.exports.recognise.joined_files import _lines_with
from survey.exports.recognise.match import _year_of_all, recognize
from survey.exports.source import byte_places
from survey.exports.source.mojibake import doubtful_lines
from survey.exports.source.raw_file import Text
from survey.exports.source.raw_table import TextPage
from survey.exports.text_table import TextTable, distinct
from survey.exports.usual_cells import matching, only_numbers, only_times, only_year

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
PIECES = st.sampled_from(["1", "9" * 18, "9" * 19, "", "-", "٣", "1 ", "/", ":", "a"])
TIMES = st.sampled_from(
    [
        "2024-08-31 12:00:00", "2023-12-31 23:59:59", "2024/08-31 12:00:00", "", "2024-08-31",
        "2024-08-31T12:00:00", "2024-08-31 12:00:0a", "٣024-08-31 12:00:0", "12024-08-31 12:00:00",
    ]
)  # fmt: skip
TEXTS = st.sampled_from(["", "a-b", "-", "c", r"x\n", "why ?", "?", "why?", r"- \t", "ü ?\n"])


def columns(texts: list[str]) -> list[pa.ChunkedArray]:
    """The same cells as text, by number, in two parts, and as a part of a longer column."""
    cells = pa.array(texts, pa.string())
    half = len(texts) // 2
    longer = pa.array(["7", *texts, "zz"], pa.string())
    return [
        pa.chunked_array([cells]),
        pa.chunked_array([cells.dictionary_encode()]),
        pa.chunked_array([cells[:half], cells[half:]], pa.string()),
        pa.chunked_array([longer[1:-1]]),
    ]


@given(st.lists(PIECES, max_size=5), st.booleans())
@example(["1", "9" * 18], False)
@example(["1", "9" * 19], False)
@example(["9" * 19, ""], True)
def test_a_column_of_numbers_is_known_as_one(texts, blank):
    expected = all(re.fullmatch(r"[0-9]{1,18}", text) or (blank and not text) for text in texts)
    for cells in columns(texts):
        assert only_numbers(cells, least=0 if blank else 1) == expected


@given(st.lists(TIMES, max_size=4))
@example(["2024-08-31 12:00:00", "2024-01-01 00:00:00"])
def test_a_column_of_times_and_its_year_are_known(texts):
    expected = all(map(TIME.fullmatch, texts))
    years = {text[:4] for text in texts}
    year = int(years.pop()) if expected and len(years) == 1 else None
    for cells in columns(texts):
        assert only_times(cells) == expected
        assert only_year(cells) == year


@given(st.lists(TEXTS, max_size=6))
def test_a_pattern_is_matched_cell_by_cell(texts):
    expected = [re.search("[a-c]", text) is not None for text in texts]
    for cells in columns(texts):
        assert matching(cells, "[a-c]").tolist() == expected


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=3))
def test_texts_are_counted_alike_however_a_column_is_kept(texts, gone):
    """Counted one by one, over few texts, and where no row has some of the texts any more."""
    held = sum("-" in text or r"\t" in text for text in texts)
    alone = sum(re.search(r"(^|\s)\?+(\s|$)", text) is not None for text in texts)
    kept = pa.array([*gone, *texts], pa.string()).dictionary_encode()[len(gone) :]
    for cells in [*columns(texts), pa.chunked_array([kept])]:
        stored = pa.table({"0": cells})
        for table in (TextTable(stored), TextTable(stored, FewTexts.of(stored))):
            assert table.count_with(0, "-", r"\t") == held
            assert table.count_matching(0, r"(^|\s)\?+(\s|$)", "?") == alone


def test_a_changed_column_no_longer_has_the_texts_that_it_had():
    stored = pa.table({str(at): pa.array(["a", "b"]).dictionary_encode() for at in range(2)})
    few = FewTexts.of(stored)
    assert few[0] == few[1] == ("a", "b")
    table = TextTable(stored, few).replaced(1, pa.array(["c", "c"]))
    assert [table.texts(at) for at in range(2)] == [("a", "b"), ["c"]]
    assert table.count_with(1, "c") == 2


@given(st.lists(st.sampled_from("abcd"), max_size=7), st.lists(st.sampled_from("abcd"), max_size=3))
@example(["a", "b", "a", "c"], [])
@example(["a", "c"], ["a", "b"])
def test_texts_are_numbered_by_first_appearance_however_a_column_is_kept(texts, gone):
    kept = pa.array([*gone, *texts], pa.string()).dictionary_encode()[len(gone) :]
    named = list(dict.fromkeys(texts))
    for cells in [*columns(texts), pa.chunked_array([kept])]:
        found, codes = distinct(cells)
        assert found == named
        assert [found[code] for code in codes] == texts


LINES = st.sampled_from(
    [
        "17,a,SurveyID",
        "SurveyID,Email",
        "Email,Name",
        '"17",LastEdited',
        ",SurveyID",
        "",
        "1a,SurveyID",
    ]
)


@given(st.lists(LINES, min_size=1, max_size=6), st.sampled_from(["", "\n"]))
def test_lines_with_a_mark_are_found_but_records_are_not(lines, end):
    data = ("\n".join(["heading", *lines]) + end).encode()
    expected = [line for line in lines if "SurveyID" in line and not re.match(r'"?\d+"?,', line)]
    found = _lines_with(data, 0, [b"SurveyID"])
    assert [data[start:stop].decode() for start, stop in found] == expected


@given(st.lists(st.sampled_from(["Zoë", "ZoÃ«", "plain", ""]), max_size=6))
def test_lines_encoded_twice_are_named_once_and_in_order(lines):
    data = "\n".join(lines).encode()
    expected = tuple(at for at, line in enumerate(lines, start=1) if line == "ZoÃ«")
    feeds = [at for at, byte in enumerate(data) if byte == 0x0A]
    assert doubtful_lines(data) == expected
    assert doubtful_lines(data, pa.array(feeds, pa.int64()).to_numpy()) == expected


@pytest.mark.parametrize("block", [1, 3, 100])
def test_a_byte_is_found_in_every_block(monkeypatch, block):
    monkeypatch.setattr(byte_places, "_BLOCK", block)
    for data in (b"", b"b", b"abcb", b"bbbbbbb", b"aaa", b"aab"):
        found = byte_places.places_of(ord("b"), np.frombuffer(data, dtype=np.uint8))
        assert found.tolist() == [at for at, byte in enumerate(data) if byte == ord("b")]


HEADINGS = "SurveyID,CreatedByID,Email,Created,LastEdited,Language,"
DATED = "7,1,a@b.example,2024-05-01 10:00:00,2023-01-01 00:00:00,en_US,x\n"


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        ([DATED, DATED], 2024),
        ([DATED, DATED.replace("\n", "")], 2024),
        ([DATED, DATED.replace("2024", "2022")], None),
        ([DATED, DATED.replace("2024-", "2024/")], None),
        ([DATED, DATED.replace("a@b.example", '"a,b"')], None),
        ([DATED, "7,1,2024-05-01 10:00:00,a,b,c,x\n"], None),
        ([DATED, "\n"], None),
        ([], None),
    ],
)
def test_the_year_of_all_records_is_read_off_the_cell_in_which_it_stands(lines, year):
    codebook = read_codebook()
    headings = codebook.edition("2024")
    known = ",".join(each.heading for each in headings.questions if not each.kind.by_row)
    data = (HEADINGS + known + "\n" + "".join(lines)).encode()
    first = recognize([TextPage(Text("a.csv", data))], codebook, "2024")[0]
    assert _year_of_all(first) == year
