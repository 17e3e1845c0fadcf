"""What a written report holds, as plain values: ``python outline.py REPORTS OUTLINES``.

For ``by_hand.py``, which writes as much again: every cell of the workbook with its look, every
chart, every figure, every row of every CSV file and the text of every page. Nobody is charged for
making it.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.chart.bar_chart import BarChart
from openpyxl.utils import range_boundaries

__all__ = ["outline"]

_GIVEN = re.compile(r"survey\.give\(\"[^\"]*\", (.*)\);\n", re.DOTALL)


def outline(report: Path) -> dict[str, Any]:
    """Return what the report of one edition holds."""
    files = {path: path.relative_to(report).as_posix() for path in report.rglob("*")}
    kept: dict[str, Any] = {"figures": {}, "views": {}, "tables": {}, "texts": {}}
    for path, name in sorted(files.items()):
        if path.suffix == ".xlsx":
            kept["workbook"] = {"file": name, **_workbook(path)}
        elif path.suffix == ".csv":
            with path.open(newline="", encoding="utf-8") as file:
                kept["tables"][name] = [list(map(_number, row)) for row in csv.reader(file)]
        elif path.is_file():
            _add_text(kept, name, path.read_text("utf-8"))
    return kept


def _number(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def _add_text(kept: dict[str, Any], name: str, text: str) -> None:
    """Sort a file of text: a chart, views with charts, or words alone."""
    given = _GIVEN.fullmatch(text)
    if name.startswith("charts/") and not name.endswith("index.json"):
        kept["figures"][name] = json.loads(text)
    elif given and (views := _views(record := json.loads(given[1]))):
        figures = [view.pop("figure") for view in views]
        kept["views"][name] = {"record": record, "figures": figures}
    elif not name.startswith("blocks/") or name == "blocks/index.json":
        kept["texts"][name] = text


def _views(record: Any) -> list[dict[str, Any]]:
    views = record if isinstance(record, list) else record.get("views", [])
    return [view for view in views if "figure" in view]


def _workbook(path: Path) -> dict[str, Any]:
    book = load_workbook(path)
    looks: dict[int, int] = {}
    found: list[dict[str, Any]] = []
    sheets = []
    for sheet in book:
        rows, links = [], []
        for row in sheet.iter_rows():
            for cell in row:
                if cell.style_id not in looks:
                    looks[cell.style_id] = len(found)
                    found.append(_look(cell))
                if cell.hyperlink:
                    links.append([cell.coordinate, cell.hyperlink.location])
            rows.append([[c.value, looks[c.style_id]] if c.has_style else None for c in row])
        sheets.append(
            {
                "name": sheet.title,
                "rows": rows,
                "links": links,
                "widths": {key: each.width for key, each in sheet.column_dimensions.items()},
                "heights": {key: each.height for key, each in sheet.row_dimensions.items()
                            if each.height},
                "tables": {table.displayName: table.ref for table in sheet.tables.values()},
                "charts": [_chart(chart) for chart in sheet._charts],
            }
        )  # fmt: skip
    return {"looks": found, "sheets": sheets}


def _look(cell: Any) -> dict[str, Any]:
    sides = ("top", "bottom")
    return {
        "font": {key: getattr(cell.font, key) for key in ("name", "size", "bold", "underline")},
        "colour": cell.font.color.rgb if cell.font.color else None,
        "fill": cell.fill.fgColor.rgb if cell.fill.fill_type else None,
        "alignment": {key: getattr(cell.alignment, key)
                      for key in ("horizontal", "vertical", "wrap_text", "indent")},
        "border": {
            side: edge.style for side in sides if (edge := getattr(cell.border, side))
        },
        "format": cell.number_format,
    }  # fmt: skip


def _chart(chart: Any) -> dict[str, Any]:
    series = []
    for each in chart.series:
        look, bars = each.graphicalProperties, each.errBars
        filled = look.solidFill if look is not None else None
        series.append(
            {
                "values": _corners(each.val.numRef.f),
                "labels": _corners(each.cat.strRef.f),
                "colour": str(filled.srgbClr) if filled is not None else None,
                "bars": [bars.plus.numRef.f, bars.minus.numRef.f] if bars else None,
            }
        )
    return {"bars": isinstance(chart, BarChart), "series": series}


def _corners(reference: str) -> list[int]:
    return list(range_boundaries(reference.partition("!")[2].replace("$", "")))


def main(reports: Path, out: Path) -> None:
    """Write an outline for each edition."""
    out.mkdir(parents=True, exist_ok=True)
    for report in sorted(path.parent for path in reports.glob("*/manifest.json")):
        text = json.dumps(outline(report), ensure_ascii=False)
        (out / f"{report.name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
