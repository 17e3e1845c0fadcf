"""Charts as JSON for a page that draws with react-plotly: plain lists, nothing encoded."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from survey.disclosure import Publication
from survey.publish.charts import figure_of
from survey.publish.charts.frame import View
from survey.publish.theme import LIGHT, Theme

__all__ = ["chart_record", "compact_json", "file_name", "plain", "write_charts"]


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: arrays become lists, missing becomes None."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray | pd.Series):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) or value in (float("inf"), float("-inf")) else value
    return str(value)


def compact_json(value: Any) -> str:
    """Return JSON without blanks, keys sorted: the same value always gives the same text."""
    return json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def figure_record(drawn: go.Figure) -> dict[str, Any]:
    """Return ``data`` and ``layout`` of a figure as plain values."""
    record = drawn.to_plotly_json()
    return {"data": plain(record["data"]), "layout": plain(record["layout"])}


def chart_record(publication: Publication, name: str, theme: Theme = LIGHT) -> dict[str, Any]:
    """Return one table as ``{"data", "layout", "meta"}``; see docs/chart-json.md."""
    view = View.of(publication, name, theme)
    table = view.table
    return {
        **figure_record(figure_of(view)),
        "meta": {
            "name": table.name,
            "topic": table.topic,
            "title": table.title,
            "subtitle": view.subtitle,
            "concept": table.spec.concept,
            "unit": table.spec.unit.value,
            "base": table.spec.base.value,
            "level": table.spec.level,
            "measure": table.measure.value,
            "several_answers": table.several,
            "editions": list(table.editions),
            "invented": table.provenance.invented,
            "notes": list(table.notes),
            "columns": list(table.frame.columns),
            "rows": plain(table.frame.to_numpy().tolist()),
        },
    }


def write_charts(publication: Publication, folder: str | Path) -> tuple[Path, ...]:
    """Write ``<name>.json`` for each table, and ``index.json`` that lists them.

    Returns the files written, in reading order.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    written = []
    for name in publication.tables:
        written.append(_write(root / file_name(name), chart_record(publication, name)))
    index = [
        {"file": file_name(name), "name": name, "topic": table.topic, "title": table.title}
        for name, table in publication.tables.items()
    ]
    written.append(
        _write(
            root / "index.json",
            {
                "title": publication.title,
                "edition": publication.edition,
                "invented": publication.provenance.invented,
                "charts": index,
            },
        )
    )
    return tuple(written)


def file_name(name: str) -> str:
    """Return the file name for a table: letters, digits, ``_`` and ``-`` only.

    Examples
    --------
    >>> file_name("compute_cores"), file_name("a/b")
    ('compute_cores.json', 'a-b.json')
    """
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name) + ".json"


def _write(path: Path, record: dict[str, Any]) -> Path:
    path.write_text(compact_json(record) + "\n", encoding="utf-8", newline="\n")
    return path
