"""pandas' own tests of extension arrays, run over columns of answer sets.

Left out is what such a column refuses on purpose: it does not change in place, is not put in
order, and is no number.
"""

from __future__ import annotations

import pytest
from pandas.tests.extension import base
from pandas.tests.extension.conftest import (  # noqa: F401  # fixtures
    all_data,
    as_frame,
    as_series,
    box_in_series,
    groupby_apply_op,
    na_value,
)

from survey.responses import AnswerSetArray, AnswerSetDtype

ITEMS = ("Ansible", "Juju", "Kolla")


@pytest.fixture
def dtype() -> AnswerSetDtype:
    return AnswerSetDtype(ITEMS)


@pytest.fixture
def data() -> AnswerSetArray:
    some = [["Juju"], ["Ansible", "Kolla"], ["Kolla"], ["Ansible"], ["Juju", "Kolla"]]
    return AnswerSetArray.from_lists(some * 20, ITEMS)


@pytest.fixture
def data_missing() -> AnswerSetArray:
    return AnswerSetArray.from_lists([None, ["Juju"]], ITEMS)


@pytest.fixture
def data_for_grouping() -> AnswerSetArray:
    some = [["Juju"], ["Juju"], None, None, ["Ansible"], ["Ansible"], ["Juju"], ["Kolla"]]
    return AnswerSetArray.from_lists(some, ITEMS)


class TestGrouping(base.BaseGroupbyTests): ...


class TestCasting(base.BaseCastingTests): ...


class TestPrinting(base.BasePrintingTests): ...


class TestIndex(base.BaseIndexTests): ...


METHODS = base.BaseMethodsTests
RESHAPING = base.BaseReshapingTests


class TestMethods:
    test_count = METHODS.test_count
    test_value_counts = METHODS.test_value_counts
    test_value_counts_default_dropna = METHODS.test_value_counts_default_dropna
    test_unique = METHODS.test_unique
    test_duplicated = METHODS.test_duplicated
    test_factorize = METHODS.test_factorize
    test_factorize_equivalence = METHODS.test_factorize_equivalence
    test_factorize_empty = METHODS.test_factorize_empty
    test_container_shift = METHODS.test_container_shift
    test_equals = METHODS.test_equals
    test_equals_same_data_different_object = METHODS.test_equals_same_data_different_object
    test_concat = RESHAPING.test_concat
    test_concat_all_na_block = RESHAPING.test_concat_all_na_block
    test_align = RESHAPING.test_align
    test_merge = RESHAPING.test_merge
    test_merge_on_extension_array = RESHAPING.test_merge_on_extension_array
    test_stack = RESHAPING.test_stack
