"""Tables in a terminal: nothing of them is cut."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from survey.cli.printing import print_processed
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


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("code: changed", "the code of this toolkit changed"),
        ("data/raw/a.csv: new", "data/raw/a.csv is new"),
        ("data/raw/a: b.csv: gone", "data/raw/a: b.csv is gone"),
        ("asked to clean anew", "asked to clean anew"),
        ("not stored: a file changed meanwhile", "not stored: a file changed meanwhile"),
    ],
)
def test_why_answers_are_cleaned_anew_is_a_sentence(
    reason: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_processed(SimpleNamespace(reused=False, reasons=(reason,), left=()), Path())
    assert capsys.readouterr().err == f"cleaned anew: {said}\n"
