"""Bands read from their wording: edges, order, gaps and overlaps."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Band, damaged, read_codebook
from survey.codebook.bands import read_scale, readings

WORDED = {
    "1-000-9-999 cores": (1000, 9999, "cores"),
    "1,000-9,999 cores": (1000, 9999, "cores"),
    "10K-50K": (10_000, 50_000, ""),
    "100k or more cores": (100_000, None, "cores"),
    "<100": (0, 99, ""),
    "Up to 50 nodes": (0, 50, "nodes"),
    "2 or fewer people": (0, 2, "people"),
    "between 5 and 10 people": (5, 10, "people"),
    "500+ servers": (500, None, "servers"),
    "≥ 500": (500, None, ""),
    "1 person": (1, 1, "person"),
    "None": (0, 0, ""),
    "0-20%": (0, 20, "percent"),
    "50 TB or less": (0, 50, "TB"),
    "1PB-5PB": (1000, 5000, "TB"),
    "100 to 999 EB": (100_000_000, 999_000_000, "TB"),
    "1 to 9 million objects": (1_000_000, 9_000_000, "objects"),
    "Less than 6 months": (0, 6, "months"),
    "1 to 2 years": (12, 24, "months"),
}
NO_BANDS = ["Public cloud", "Ubuntu 22.04", "v1.2", "I don't know", "We have 5 teams and 3 people"]
MISREAD = {"compute_nodes", "compute_cores", "compute_instances", "block_storage",
           "object_storage", "object_count"}  # fmt: skip  # of 2014: its bands overlap as worded


@pytest.mark.parametrize(("text", "expected"), WORDED.items())
def test_a_band_is_read_from_its_words(text: str, expected: tuple[float, float, str]) -> None:
    low, high, measure = expected
    assert Band(low, high) in [each.band for each in readings(text)]
    assert readings(text)[0].measure == measure


@pytest.mark.parametrize("text", NO_BANDS)
def test_other_texts_are_no_bands(text: str) -> None:
    assert readings(text) == ()


def test_every_band_of_the_codebook_is_read_from_what_the_exporter_makes_of_it() -> None:
    for edition in read_codebook():
        for question in edition.questions:
            if question.banded and not (edition.name == "2014" and question.concept in MISREAD):
                wanted = {damaged(c.value): c.band for c in question.choices if c.band}
                scale = read_scale(wanted)
                assert scale is not None
                assert {text: each.band for text, each in scale.readings.items()} == wanted


def test_gaps_and_overlaps_are_found() -> None:
    scale = read_scale(["1 to 9 cores", "20 to 99 cores", "50 or more cores"])
    assert scale is not None
    assert scale.gaps == (Band(10, 19),)
    assert scale.overlaps == (("20 to 99 cores", "50 or more cores"),)
    assert not scale.whole


@given(
    edges=st.lists(st.integers(2, 10**7), min_size=2, max_size=7, unique=True).map(sorted),
    way=st.sampled_from(["{} to {} cores", "{} - {} cores", "{}–{} cores", "{} cores to {} cores"]),
    commas=st.booleans(),
)
def test_a_scheme_comes_back_with_its_edges(edges: list[int], way: str, commas: bool) -> None:
    form = "{:,}" if commas else "{}"
    bands = [Band(low, high - 1) for low, high in pairwise([1, *edges])]
    texts = [way.format(form.format(b.low), form.format(b.high)) for b in bands]
    texts.append(f"{form.format(edges[-1])} or more cores")
    scale = read_scale([damaged(text) for text in texts])
    assert scale is not None
    assert [each.band for each in scale.readings.values()] == [*bands, Band(edges[-1], None)]
    assert scale.whole


def test_an_edge_that_two_bands_share_belongs_to_the_upper_one() -> None:
    scale = read_scale(["1K-10K cores", "10K-100K cores", "100K+ cores"])
    assert scale is not None
    assert [str(each.band) for each in scale.readings.values()] == [
        "1,000 to 9,999", "10,000 to 99,999", "100,000 or more",
    ]  # fmt: skip
    assert len(scale.overlaps) == 2  # a person must know
