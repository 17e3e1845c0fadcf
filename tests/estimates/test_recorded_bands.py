"""Every verb on banded numbers gives what it gave when its results were looked at."""

from __future__ import annotations

import pytest

from tests.estimates.record_bands import CLOSED, FITTED, RECORD, TOLD
from tests.estimates.recorded import differences, read

KEPT = read(RECORD)


def test_every_case_is_recorded():
    assert list(KEPT) == [*CLOSED, *TOLD, *FITTED]


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_are_as_recorded(name):
    assert differences(CLOSED[name](), KEPT[name], 1e-9) == []


@pytest.mark.parametrize("name", TOLD)
def test_tables_and_statistics_declare_what_they_did(name):
    assert differences(TOLD[name](), KEPT[name], 1e-9) == []


@pytest.mark.parametrize("name", FITTED)
def test_fits_are_as_recorded(name):
    assert differences(FITTED[name](), KEPT[name], 1e-6) == []
