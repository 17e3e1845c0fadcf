"""Kinds of questions are told apart by their traits, never by name."""

from __future__ import annotations

import copy
import pickle

import pytest

from survey.codebook import Kind

ONE_EACH = {
    "single": "single_choice",
    "multiple": "multiple_choice",
    "matrix": "by_row",
    "ranking": "ranked",
    "country": "one_country",
    "countries": "country_set",
    "checkbox": "ticked",
    "organization": "names_organization",
    "text": "free_text",
}


@pytest.mark.parametrize("kind", list(Kind))
def test_one_trait_tells_a_kind_from_all_others(kind):
    assert [name for name, trait in ONE_EACH.items() if getattr(kind, trait)] == [kind.value]


def test_traits_that_several_kinds_share():
    shared = {
        "closed": {"single", "multiple", "matrix", "ranking", "country", "countries", "checkbox"},
        "listed": {"single", "multiple", "matrix", "ranking"},
        "several": {"multiple", "matrix", "ranking", "countries"},
        "joined": {"multiple", "ranking"},
        "picked": {"single", "multiple"},
        "one_label": {"single", "country"},
        "names_countries": {"country", "countries"},
    }
    for trait, kinds in shared.items():
        assert {kind.value for kind in Kind if getattr(kind, trait)} == kinds, trait


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_is_its_word_in_files(kind):
    assert Kind(kind.value) is kind
    assert str(kind) == kind == kind.value
    assert pickle.loads(pickle.dumps(kind)) is copy.deepcopy(kind) is kind
