"""Tables of estimates in other shapes: answers side by side, Markdown, files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.view import printable
from survey.files import faults_as, published_around, undated, write_file
from survey.renamed import renamed_column

if TYPE_CHECKING:
    from survey.estimates.tidy import TidyTable

__all__ = ["column_of", "csv_of", "markdown", "same_tables", "wide", "write_table"]


def column_of(table: TidyTable, name: Any) -> Any:
    """Return a column, or a frame of several.

    Raises
    ------
    EstimateError
        If the table has no such column.
    """
    names = [name] if isinstance(name, str) else name
    known = [str(column) for column in table.frame]
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        problem = Problem("table[...]", repr(name), "a name of a column, or a list of names")
        raise EstimateError("Cannot choose columns", [problem])
    problems = [
        Problem(
            "table[...]",
            repr(each),
            f"one of {', '.join(known)}",
            renamed_column(each, known) or did_you_mean(each, known),
        )
        for each in names
        if each not in known
    ]
    if problems:
        raise EstimateError("Unknown column", problems)
    return table.frame[name].copy()


def wide(table: TidyTable, values: str = "value") -> pd.DataFrame:
    """Return one column per answer and one row per group, both in the table's order."""
    column_of(table, values)
    frame = table.frame
    answers = list(dict.fromkeys(frame["answer"].astype(str)))
    groups = list(table.groups)
    if not groups:
        row = dict(zip(frame["answer"].astype(str), frame[values], strict=True))
        return pd.DataFrame([row], columns=answers, index=[values])
    keys = frame[groups].astype(str)
    order = pd.MultiIndex.from_frame(keys.drop_duplicates())
    given = frame.set_axis(
        pd.MultiIndex.from_frame(keys.assign(answer=frame["answer"].astype(str)))
    )
    found = given[values].unstack("answer")
    if len(groups) == 1:
        return found.reindex(index=order.get_level_values(0), columns=answers)
    return found.reindex(index=order, columns=answers)


def markdown(table: TidyTable) -> str:
    """Return the table as readers see it, in Markdown, with title and notes."""
    shown = printable(table)
    names = [str(name) for name in shown]
    right = {"count", "base"}
    lines = [
        _line(names),
        _line(["---:" if name in right else "---" for name in names]),
        *(_line([str(cell) for cell in row]) for row in shown.itertuples(index=False)),
    ]
    title = [f"**{_escaped(table.title)}**", ""] if table.title else []
    notes = ["", *(f"- {_escaped(note)}" for note in table.notes)] if table.notes else []
    return "\n".join([*title, *lines, *notes])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """Return text in which nothing is markup and a cell stays one cell."""
    for sign in "\\`*_{}[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def write_table(table: TidyTable, path: str | Path, *, as_excel: bool) -> Path:
    """Write the frame to a new file and return its path.

    Raises
    ------
    EstimateError
        If the file exists, as it may be somebody's, final publications stand there, or it cannot
        be written.
    """
    target = Path(path)
    if target.exists():
        problem = Problem(str(path), "a file that exists", "a new file", "choose another name")
        raise EstimateError("Cannot write the table", [problem])
    if published := published_around(target.parent):
        got = f"a folder with final publications ({', '.join(published)})"
        problem = Problem(str(path), got, "a folder in which nothing is published")
        raise EstimateError("Cannot write the table", [problem])
    content = _workbook(table.frame) if as_excel else csv_of(table)
    with faults_as(EstimateError, "Cannot write the table", target):
        return write_file(target, content)


def csv_of(table: TidyTable) -> str:
    """Return the frame as CSV: a line of headings, then a line per row."""
    return table.frame.to_csv(index=False, lineterminator="\n")


def _workbook(frame: pd.DataFrame) -> bytes:
    """Return the frame as a workbook in which text stays text, whatever it begins with."""
    file = BytesIO()
    with pd.ExcelWriter(file, engine="openpyxl") as writer:
        frame.to_excel(writer, sheet_name="Estimates", index=False)
        for row in writer.sheets["Estimates"].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
    return undated(file.getvalue())


def same_tables(first: TidyTable, second: object) -> bool:
    """Return whether two tables answer the same question with the same numbers."""
    return (
        isinstance(second, type(first))
        and first.spec == second.spec
        and first.notes == second.notes
        and first.title == second.title
        and first.frame.equals(second.frame)
    )
