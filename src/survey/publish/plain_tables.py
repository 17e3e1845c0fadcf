"""The protected tables as plain files for whoever computes on: CSV with a data dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from survey.checked import checked
from survey.disclosure import Publication
from survey.errors import PublishError
from survey.estimates.table import Estimates
from survey.files import write_file
from survey.publish.chart_json import compact_json, stems_of
from survey.publish.placing import refuse_place
from survey.publish.rows import records_of
from survey.publish.words import legible

__all__ = ["COLUMNS", "write_tables"]

#: What the core columns hold, for the data dictionary.
COLUMNS = {
    "answer": "the answer that the row is about, or what was calculated",
    "count": "units that gave the answer",
    "base": "units in the denominator",
    "value": "the estimate; empty unless status is ok or imprecise",
    "low": "lower limit of the interval; of a row that is above a limit, the limit",
    "high": "upper limit of the interval; of a row that is below a limit, the limit",
    "status": "ok, imprecise, below, above, suppressed, not available, not offered, "
    "not comparable or empty",
}


@checked(PublishError)
def write_tables(publication: Publication, folder: str | Path) -> tuple[Path, ...]:
    """Write ``<name>.csv`` for each table, and ``tables.json`` that describes them all.

    A withheld figure is an empty cell. Returns the files written.
    """
    refuse_place(publication, folder)
    root = Path(folder)
    stems = stems_of(publication)
    written = [
        _write_csv(root / f"{stems[name]}.csv", table) for name, table in publication.tables.items()
    ]
    described = {
        "title": publication.title,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "status": publication.status,
        "left_out": list(publication.left_out),
        "columns": COLUMNS,
        "tables": [
            _described(name, f"{stems[name]}.csv", table)
            for name, table in publication.tables.items()
        ],
    }
    index = root / "tables.json"
    write_file(index, compact_json(described) + "\n")
    return (*written, index)


def _write_csv(path: Path, table: Estimates) -> Path:
    frame = pd.DataFrame(records_of(table), columns=list(table.frame.columns))
    text = frame.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    return write_file(path, legible(text))


def _described(name: str, file: str, table: Estimates) -> dict[str, Any]:
    spec = table.spec
    return {
        "file": file,
        "name": name,
        "topic": table.topic,
        "title": table.title,
        "statistic": spec.statistic,
        "concept": spec.concept,
        "by": list(spec.by),
        "unit": spec.unit.value,
        "base": spec.base.value,
        "level": spec.level,
        "method": spec.method,
        "measure": table.measure.value,
        "counts": spec.counts,
        "several_answers": table.several,
        "left_out": [str(note) for note in table.left_out],
        "notes": list(table.notes),
        "columns": [str(column) for column in table.frame.columns],
    }
