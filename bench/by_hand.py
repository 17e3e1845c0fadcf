"""The report as somebody writes it who has the numbers: ``python by_hand.py REPORTS OUT``.

Reads the exports with pandas, takes the numbers from the tables of a written report, and writes a
workbook with a sheet and a bar chart for each table, a figure in JSON for each chart and for each
view of a block, and the same CSV files: as many cells, charts and files as the report has, with
openpyxl and plotly, without notes, text alternatives, styles by content or disclosure control.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font


def main(reports: Path, out: Path) -> None:
    """Write every edition's report."""
    for export in sorted(Path("data/raw").glob("*.csv")):
        pd.read_csv(
            export, dtype=str, keep_default_na=False, lineterminator="\n", on_bad_lines="skip"
        )
    for edition in sorted(reports.glob("*/tables")):
        target = out / edition.parent.name
        target.mkdir(parents=True, exist_ok=True)
        tables = {path.stem: pd.read_csv(path) for path in sorted(edition.glob("*.csv"))}
        write_workbook(tables, target / "survey.xlsx")
        for name, table in tables.items():
            table.to_csv(target / f"{name}.csv", index=False)
            (target / f"{name}.json").write_text(figure(table).to_json(), encoding="utf-8")
        for block in sorted((edition.parent / "data").glob("*.js")):
            views = block.read_text("utf-8").count('"figure":')
            (target / block.name).write_text(
                "".join(figure(table).to_json() for table in list(tables.values())[:views]),
                encoding="utf-8",
            )
        (target / "index.json").write_text(json.dumps(list(tables)), encoding="utf-8")


def write_workbook(tables: dict[str, pd.DataFrame], path: Path) -> None:
    """Write a sheet with a chart for each table, and all rows once more on one sheet."""
    book = Workbook()
    everything = book.active
    assert everything is not None
    everything.append(["table", *next(iter(tables.values())).columns])
    for number, (name, table) in enumerate(tables.items()):
        sheet = book.create_sheet(f"{number} {name}"[:31])
        sheet.append(list(table.columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in rows(table):
            sheet.append(row)
            everything.append([name, *row])
        chart = BarChart()
        values = list(table.columns).index("value") + 1
        chart.add_data(Reference(sheet, min_col=values, min_row=1, max_row=len(table) + 1))
        sheet.add_chart(chart, f"A{len(table) + 3}")
    book.save(path)


def rows(table: pd.DataFrame) -> list[list[Any]]:
    """Return rows whose missing cells are empty."""
    return [[None if pd.isna(cell) else cell for cell in row] for row in table.to_numpy().tolist()]


def figure(table: pd.DataFrame) -> go.Figure:
    """Return bars with intervals."""
    scaled = 100 * table[["value", "low", "high"]]
    bars = go.Bar(
        y=table["answer"].astype(str).tolist(),
        x=scaled["value"].tolist(),
        orientation="h",
        error_x={
            "array": (scaled["high"] - scaled["value"]).tolist(),
            "arrayminus": (scaled["value"] - scaled["low"]).tolist(),
        },
        hovertext=[f"{value:.0f} %" for value in scaled["value"].fillna(0)],
    )
    return go.Figure([bars]).update_layout(title="Title", height=400)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
