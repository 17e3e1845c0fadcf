"""Values of ``exports`` never change; only what is at work on a file does."""

from __future__ import annotations

import pytest

from tests.signatures import changed
from tests.values import compares_by_value, dataclasses_of, is_frozen, name_of, shows_its_fields

AT_WORK = {
    "api.surveys._Reading",
    "api.shapes.Shape",
    "realign.divided_records._Work",
    "realign.fix_width._Work",
    "recognise.record_editions.Stretches",
    "repair.column_editor.Rewriting",
    "source.workbook.book._Outline",
    "source.workbook.open_document._Sheet",
    "source.workbook.sheet.SheetPage",
}
SHOWN_OTHERWISE = {"export.Export"}  # its fields are the whole file


@pytest.mark.parametrize("found", dataclasses_of("exports"), ids=name_of)
def test_no_value_changes_after_it_was_made(found):
    name = name_of(found).removeprefix("exports.")
    assert is_frozen(found) is (name not in AT_WORK)
    assert shows_its_fields(found) is (name not in SHOWN_OTHERWISE)
    assert compares_by_value(found)


def test_defaults_are_those_that_people_rely_on():
    assert not changed("exports"), "where it is on purpose: python -m tests.signatures"
