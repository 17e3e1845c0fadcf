"""Tables in a terminal: nothing of them is cut."""

from __future__ import annotations

import pytest

from survey.console import Console, table


def test_a_wide_table_keeps_all_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"edition": "2026", "concept": "custom_package_reasons_other", "texts": 1000}
    row |= {"says nothing": 10, "listed": 20, "coded": 30, "unmatched": 40, "share": "100 %"}
    Console().show(table([row]))
    shown = capsys.readouterr().out
    assert [name for name in row if name not in shown] == []
    assert "1,000" in shown


def test_a_heading_of_several_words_is_broken_between_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = {"edition": "2024", "respondents": 317, "deployments": 431, "organizations": 257}
    row |= {"untouched copies": 0, "their deployments": 0}
    Console().show(table([row]))
    words = capsys.readouterr().out.split()
    assert [word for name in row for word in name.split() if word not in words] == []
