"""The report as somebody writes it who has the numbers: ``python by_hand.py OUTLINES OUT``.

Reads the exports with pandas and writes what ``outline.py`` found in a report: the same cells with
the same looks, widths, heights, links, native tables and charts, with openpyxl; the same figures,
with plotly; the same CSV files, with pandas; the text of the pages, which is there already; and the
manifest with the digest of every file.
Nothing is tabulated, estimated, protected or worded. What is dear is avoided as a practised hand
would: looks are made once and shared by cells, and the template is registered once.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

plotly.io.templates.default = None
_CHART_DATA = "Chart data"
_TEMPLATE = "ours"
_MANIFEST = "manifest.json"


def main(outlines: Path, out: Path) -> None:
    """Write every edition's report."""
    for export in sorted(Path("data/raw").glob("*.csv")):
        pd.read_csv(
            export, dtype=str, keep_default_na=False, lineterminator="\n", on_bad_lines="skip"
        )
    for path in sorted(outlines.glob("*.json")):
        write_report(json.loads(path.read_text("utf-8")), out / path.stem)


def write_report(outline: dict[str, Any], out: Path) -> None:
    """Write the report of one edition."""
    write_workbook(outline["workbook"], out)
    for name, (heading, *rows) in outline["tables"].items():
        write(out / name, pd.DataFrame(rows, columns=heading).to_csv(index=False))
    for name, chart in outline["figures"].items():
        write(out / name, figure(chart) + compact(chart["meta"]))
    for name, block in outline["views"].items():
        text = compact(block["record"]) + "".join(map(figure, block["figures"]))
        write(out / name, text)
        if name.removesuffix(".js").removeprefix("data/").isidentifier():
            write(out / "blocks" / f"{Path(name).stem}.json", text)
    manifest = json.loads(outline["texts"].pop(_MANIFEST))
    for name, text in outline["texts"].items():
        write(out / name, text)
    manifest["outputs"] = [digest(out, path) for path in sorted(out.rglob("*.*")) if path.is_file()]
    write(out / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


def digest(folder: Path, path: Path) -> dict[str, Any]:
    """Return what the manifest says of a file."""
    content, name = path.read_bytes(), path.relative_to(folder).as_posix()
    return {"path": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write(path: Path, text: str) -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def compact(value: object) -> str:
    """Return JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def figure(chart: dict[str, Any]) -> str:
    """Return a figure as JSON."""
    layout = dict(chart["layout"])
    if template := layout.pop("template", None):
        if _TEMPLATE not in plotly.io.templates:
            plotly.io.templates[_TEMPLATE] = go.layout.Template(template)
        layout["template"] = _TEMPLATE
    text: str = go.Figure(chart["data"], layout).to_json()
    return text


def write_workbook(outline: dict[str, Any], out: Path) -> None:
    """Write the workbook with all its sheets and charts."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = [(book.create_sheet(each["name"]), each) for each in outline["sheets"]]
    styles = [style(sheets[0][0], look) for look in outline["looks"]]
    for sheet, content in sheets:
        fill(sheet, content, styles)
        for chart in content["charts"]:
            sheet.add_chart(native(chart, book[_CHART_DATA]), f"A{len(content['rows']) + 3}")
    out.mkdir(parents=True, exist_ok=True)
    book.save(out / outline["file"])


def style(sheet: Worksheet, look: dict[str, Any]) -> StyleArray:
    """Return a look, made once for all cells that have it."""
    cell = Cell(sheet, row=1, column=1)
    cell.font = Font(**look["font"], color=look["colour"])
    cell.alignment = Alignment(**look["alignment"])
    cell.border = Border(**{side: Side(kind) for side, kind in look["border"].items()})
    if look["fill"]:
        cell.fill = PatternFill("solid", fgColor=look["fill"])
    cell.number_format = look["format"]
    return cell._style


def fill(sheet: Worksheet, content: dict[str, Any], styles: list[StyleArray]) -> None:
    """Write cells, widths, heights, links and tables."""
    for number, row in enumerate(content["rows"], 1):
        for place, known in enumerate(row, 1):
            if known is not None:
                cell = sheet.cell(number, place, known[0])
                cell._style = styles[known[1]]
    for letter, width in content["widths"].items():
        sheet.column_dimensions[letter].width = width
    for key, height in content["heights"].items():
        sheet.row_dimensions[int(key)].height = height
    for place, target in content["links"]:
        sheet[place].hyperlink = Hyperlink(ref=place, location=target)
    for name, where in content["tables"].items():
        sheet.add_table(Table(displayName=name, ref=where))


def native(chart: dict[str, Any], data: Worksheet) -> BarChart | LineChart:
    """Return a native chart."""
    made = BarChart() if chart["bars"] else LineChart()
    made.title = made.y_axis.title = "Title"
    for each in chart["series"]:
        series = Series(reference(data, each["values"]), title="Series")
        if each["colour"]:
            series.graphicalProperties.solidFill = each["colour"]
        if each["bars"]:
            plus, minus = (NumDataSource(NumRef(f=place)) for place in each["bars"])
            series.errBars = ErrorBars(errValType="cust", plus=plus, minus=minus)
        made.series.append(series)
        made.set_categories(reference(data, each["labels"]))
    return made


def reference(data: Worksheet, corners: list[int]) -> Reference:
    """Return a place on the sheet of the charts' data."""
    return Reference(data, *corners)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
