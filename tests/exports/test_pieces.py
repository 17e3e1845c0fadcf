"""Small steps of reading, each over all that can come: bands, encodings, lists."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.exports.drafting.choice_order import round_bands
from survey.exports.drafting.raw_columns import _named
from survey.exports.few_texts import few_texts
from survey.exports.source.mojibake import doubtful_lines, undo_double_encoding
from survey.exports.splitting import Split, Splitter
from survey.exports.times import MONTH_NAMES, moment


@given(st.lists(st.integers(0, 10**7), min_size=2).filter(any))
def test_bands_for_numbers_follow_each_other_and_hold_each_number_once(numbers):
    bands = round_bands(numbers)
    lows = [low for _, low, _ in bands]
    assert lows[0] == 0
    assert [high for _, _, high in bands] == [*(low - 1 for low in lows[1:]), None]
    for number in numbers:
        held = [name for name, low, high in bands if low <= number <= (high or math.inf)]
        assert len(held) == 1
    for name, low, high in bands:
        assert name == (f"{low:,} or more" if high is None else f"{low:,} to {high:,}")


@given(st.integers(101, 10**9))
def test_large_numbers_have_bands_by_powers_of_ten(largest):
    lows = [low for _, low, _ in round_bands([1, largest])]
    assert lows == [0, *(10**power for power in range(1, len(str(largest))))]


@given(st.integers(101, 10**6), st.floats(1.2, 90))
def test_numbers_of_one_order_have_several_bands(smallest, times):
    largest = int(smallest * times) + 10
    lows = [low for _, low, _ in round_bands([smallest, largest])]
    assert 2 <= len(lows) <= 8
    assert lows[1] > smallest
    assert lows[-1] <= largest


@given(st.integers(1, 100))
def test_small_numbers_have_at_most_six_bands_of_one_width(largest):
    lows = [low for _, low, _ in round_bands([0, largest])]
    steps = {second - first for first, second in pairwise(lows)}
    assert len(lows) <= 6
    assert len(steps) == 1
    assert steps <= {1, 2, 5, 10, 20, 25}
    assert lows[-1] >= largest


def read_as_windows(text: str) -> str:
    """What a program shows that takes UTF-8 for Windows-1252; what that lacks are controls."""
    raw = text.encode()
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in raw
    )


# From U+07C0 on, the letters of N'Ko, the first byte reads as ß: that ends words in „groß”, too.
@pytest.mark.parametrize("start", range(0x80, 0x7C0, 0x40))
def test_every_letter_of_two_bytes_that_was_encoded_twice_is_seen_and_mended(start):
    for code in range(start, start + 0x40):
        once = f"plain\n{chr(code)}\n"
        twice = read_as_windows(once).encode()
        assert doubtful_lines(twice) == (2,), hex(code)
        assert doubtful_lines(once.encode()) == (), hex(code)


def test_signs_of_three_bytes_prove_that_a_text_was_encoded_twice():
    once = "‘Zoë’ – “naïve” … €5 œuvre 日本"
    data, notes = undo_double_encoding(read_as_windows(once).encode())
    assert data.decode() == once
    assert [code for code, _ in notes] == ["double encoding"]
    assert undo_double_encoding(once.encode()) == (once.encode(), ())


@example("ce cloud est «\xa0privé\xa0»\n")  # byte for byte 頻, encoded twice
@example("la “cité’’\n")
@example("„groß”, nicht „klein”\n")
@given(st.text(alphabet="abéàß’”»…\xa0 ,\n", max_size=40))
def test_a_text_that_was_encoded_once_stays_as_it_is(text):
    assert undo_double_encoding(text.encode()) == (text.encode(), ())
    assert doubtful_lines(text.encode()) == ()


def test_an_empty_cell_has_no_answers_and_leaves_no_doubt():
    splitter = Splitter({"Heat": "Heat", "Xen": "Xen"}, (",", ";"))
    assert splitter.split("") == Split((), 0, True)
    assert splitter.split("Heat,Xen") == Split(("Heat", "Xen"), 0, True)
    assert splitter.split("Heat;Xen") == Split(("Heat", "Xen"), 0, True)
    assert splitter.split("Heat,Zen") == Split(("Heat", "Zen"), 1, True)


@pytest.mark.parametrize(("name", "month"), [*MONTH_NAMES.items(), ("sol", None), ("ma", None)])
def test_a_month_is_known_by_its_name_and_no_other_word_is_one(name, month):
    found = moment(f"5 {name} 2024")
    assert (found and found.at("")) == (month and datetime(2024, month, 5))


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_a_column_kept_by_number_knows_its_texts(texts):
    kept = pa.array(texts).dictionary_encode()
    assert few_texts(pa.chunked_array([kept])) == tuple(dict.fromkeys(texts))
    assert few_texts(pa.chunked_array([kept, kept])) is None
    assert few_texts(pa.chunked_array([pa.array(texts)])) is None


def test_a_file_of_two_heading_lines_and_nothing_else_names_its_choices():
    lines = (("Which tools?", "", "Size"), ("Ansible", "Puppet", "Response"))
    assert _named(lines, 2, 3) == [
        ("Which tools? - Ansible", "Which tools?", "Ansible"),
        ("Which tools? - Puppet", "Which tools?", "Puppet"),
        ("Size", "Size", ""),
    ]
