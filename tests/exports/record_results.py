"""What became of small damaged files, in words that are kept and compared.

``tests/exports/recorded/THEME.json`` has one entry for each case of a theme: the text of the error,
or the records, repairs and issues. After a change that is meant, ``python -m
tests.exports.record_results [THEME ...]`` writes them anew; look at what changed before you commit
it.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from survey.codebook import Codebook, read_codebook
from survey.errors import SurveyError
from survey.exports import Export, Issue, Layout, Repair, draft_codebook, read_editions
from survey.exports.export import KEYS
from survey.exports.layouts import LAYOUTS

__all__ = [
    "TABLES",
    "THEMES",
    "Case",
    "book_of",
    "cases_of",
    "outcome",
    "recorded",
    "result",
    "shown",
]

FOLDER = Path(__file__).parent / "recorded"
THEMES = {  # theme -> the module whose CASES it records
    "text": "cases_text",
    "records": "cases_records",
    "realign": "cases_realign",
    "cells": "cases_cells",
    "years": "cases_years",
    "layouts": "cases_layouts",
    "tables": "cases_tables",
    "drafts": "cases_drafts",
    "workbooks": "cases_workbooks",
}
TABLES = {"functions": "cases_functions", "doors": "cases_doors"}
_FEW = 40
_LEAST = 5  # cells of a record that is worth comparing


@dataclass(frozen=True)
class Case:
    """A small file and how it is read; ``codebook`` is the text of one of its own.

    With ``draft``, a codebook is drafted from it.
    """

    name: str
    data: bytes
    file: str = "Survey_1.csv"
    edition: str | None = None
    codebook: str = ""
    draft: bool = False


@cache
def cases_of(theme: str) -> Mapping[str, Case]:
    """Return the cases of a theme by name."""
    found: Sequence[Case] = import_module(f"tests.exports.{THEMES[theme]}").CASES
    by_name = {case.name: case for case in found}
    assert len(by_name) == len(found)
    return by_name


@cache
def recorded(theme: str) -> Mapping[str, Any]:
    """Return the recorded results of a theme by case."""
    path = FOLDER / f"{theme}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


@cache
def book_of(text: str) -> Codebook:
    """Return the codebook that comes with the package, or one of its own."""
    if not text:
        return read_codebook()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.toml"
        path.write_text(text, encoding="utf-8")
        return read_codebook(path)


def outcome(case: Case, folder: Path) -> Any:
    """Return what reading a case gives, as JSON can hold it."""
    path = folder / case.file
    path.write_bytes(case.data)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            if case.draft:
                return {"draft": draft_codebook(path).split("\n")[2:]}
            exports = read_editions(path, edition=case.edition, codebook=book_of(case.codebook))
        except SurveyError as error:
            return {"refused": str(error).split("\n")}
    found: dict[str, Any] = {"exports": [shown(export) for export in exports]}
    if said:
        found["warnings"] = [str(each.message) for each in said]
    return found


def shown(export: Export) -> dict[str, Any]:
    """Return what was read of one file, in lines."""
    found: dict[str, Any] = {
        "read as": f"{export.layout.value} {export.edition.name}",
        "name": export.name,
        "counts": dict(export.counts),
        "headings": _headings(export),
        "records": list(_records(export)),
        "placements": _placements(export),
        "uncertain": [
            f"{export.lines[row]}: {', '.join(export.headings[at] for at in columns)}"
            for row, columns in export.uncertain
        ],
        "repairs": list(_few("repairs", map(_repair, export.log.kept_repairs))),
        "issues": list(_issues(export.log.kept_issues)),
    }
    if dict(export.keys) != dict(KEYS):
        found["keys"] = dict(export.keys)
    return {what: said for what, said in found.items() if said not in ([], "")}


def _placements(export: Export) -> str | list[str]:
    if export.layout is not Layout.TABLE:
        return digest(
            (p.question.concept, p.columns, p.items, p.separator) for p in export.placements
        )
    return [
        f"{p.question.concept}: {p.question.kind.value} in {p.columns}, {p.items}, "
        f"{p.separator!r}, of {p.question.labels}"
        for p in export.placements
    ]


def _headings(export: Export) -> str | list[str]:
    """Return the headings, or how they differ from those that the layout expects."""
    if len(export.headings) <= _FEW or export.layout not in LAYOUTS:
        return list(export.headings)
    expected = LAYOUTS[export.layout](export.edition)
    if export.headings == expected:
        return "all"
    more = [f"+{each}" for each in export.headings if each not in expected]
    less = [f"-{each}" for each in expected if each not in export.headings]
    return [*more, *less[:_FEW], digest(export.headings)]


def _records(export: Export) -> Iterator[str]:
    """Yield the filled cells of each record."""
    columns = [column.to_pylist() for column in export.table.columns]
    for row, line in enumerate(export.lines.tolist()):
        cells = [
            f"{heading}={column[row]}"
            for heading, column in zip(export.headings, columns, strict=True)
            if column[row] != ""
        ]
        shown = " | ".join(cells)
        yield f"{line}: {shown}" if len(shown) < 2000 else f"{line}: {digest(cells)}"


def _issues(issues: Sequence[Issue]) -> Iterator[str]:
    """Yield issues in a line each; of very many with one code, the number and a digest."""
    by_code: dict[str, list[str]] = {}
    for each in issues:
        said = f"{each.line} {each.column}: {each.code}: {each.message} ({each.touched})"
        by_code.setdefault(each.code, []).append(said)
    for code, said in by_code.items():
        yield from _few(code, said)


def _repair(each: Repair) -> str:
    lines = ",".join(str(int(line)) for line in each.lines)
    return f"{lines} {each.column}: {each.before!r} -> {each.after!r} ({each.rule})"


def _few(what: str, lines: Iterable[str]) -> list[str]:
    """Return lines; of very many the first, the number and a digest."""
    every = [*lines]
    return every if len(every) <= _FEW else [every[0], f"{len(every)} {what}: {digest(every)}"]


def digest(what: object) -> str:
    """Return a short digest of some content."""
    content = list(what) if isinstance(what, Iterator) else what
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def result(theme: str, name: str, folder: Path) -> Any:
    """Return what reading a case gives, by what it has more or less than the first case."""
    cases = cases_of(theme)
    found = outcome(cases[name], folder)
    first = next(iter(cases))
    whole = found if name == first else _replaced(found, _known(theme, first))
    return json.loads(json.dumps(whole))


@cache
def _known(theme: str, first: str) -> Mapping[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        found = outcome(cases_of(theme)[first], Path(folder))
    return dict(enumerate(_lines_of(found), start=1))


def _lines_of(found: Any) -> Iterator[str]:
    for export in found.get("exports", []):
        for what in ("records", "issues"):
            yield from export.get(what, [])


def _replaced(found: Any, known: Mapping[int, str]) -> Any:
    if isinstance(found, dict):
        return {key: _replaced(value, known) for key, value in found.items()}
    if isinstance(found, list):
        return [_replaced(each, known) for each in found]
    return _compared(found, known) if isinstance(found, str) else found


def _compared(said: str, known: Mapping[int, str]) -> str:
    """Return a line by what it has more or less than the line that is most like it."""
    for number, line in known.items():
        if said == line:
            return f"= {number}"
    mark, _, cells = said.partition(": ")
    ours = cells.split(" | ")
    alike = {number: _common(ours, line) for number, line in known.items()}
    best = max(alike, key=lambda number: alike[number], default=0)
    if len(ours) < _LEAST or alike[best] < len(ours) / 2:
        return said
    theirs = known[best].partition(": ")[2].split(" | ")
    more = [f"+{cell}" for cell in ours if cell not in theirs]
    less = [f"-{cell}" for cell in theirs if cell not in ours]
    return f"{mark}: as {best}; " + " | ".join([*more, *less])


def _common(ours: Sequence[str], line: str) -> int:
    return len(set(ours).intersection(line.partition(": ")[2].split(" | ")))


def main() -> None:
    """Record themes anew."""
    FOLDER.mkdir(exist_ok=True)
    for theme in sys.argv[1:] or [*THEMES, *TABLES]:
        if theme in TABLES:
            _write(theme, import_module(f"tests.exports.{TABLES[theme]}").results())
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = {name: result(theme, name, Path(folder)) for name in cases_of(theme)}
        _write(theme, found)


def _write(theme: str, found: Mapping[str, Any]) -> None:
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (FOLDER / f"{theme}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
