"""The tasks of the how-to pages take at most five lines of the public API each."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

import survey

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"
EXTENDING = ("add-a-statistic", "add-a-chart-kind", "add-a-topic")  # code of one's own
LINES = 5
TASKS = 30


def blocks(page: Path) -> list[ast.Module]:
    """Return the blocks of Python on a page."""
    return [
        ast.parse(code)
        for code in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    ]


PAGES = [
    page for page in sorted(HOW_TO.glob("*.md")) if page.stem not in EXTENDING and blocks(page)
]


def lines(block: ast.Module) -> int:
    """Return on how many lines a block has code other than imports."""
    own = [each for each in block.body if not isinstance(each, ast.Import | ast.ImportFrom)]
    return len({line for each in own for line in range(each.lineno, (each.end_lineno or 0) + 1)})


def test_there_are_thirty_tasks() -> None:
    assert len(PAGES) >= TASKS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_task_takes_five_lines(page: Path) -> None:
    """To read the answers, which the first block does, is part of each task."""
    first, *others = blocks(page)
    assert [lines(block) for block in (first, *others) if lines(block) > LINES] == []
    if others:
        assert lines(first) + min(map(lines, others)) <= LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_task_uses_public_names_alone(page: Path) -> None:
    for block in blocks(page):
        for node in ast.walk(block):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("survey"):
                room = importlib.import_module(str(node.module))
                assert {each.name for each in node.names} <= set(room.__all__)
            if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Constant):
                assert not node.attr.startswith("_")
                if isinstance(node.value, ast.Name) and node.value.id == "sv":
                    assert node.attr in survey.__all__
