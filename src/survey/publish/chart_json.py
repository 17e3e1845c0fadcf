"""Charts as JSON for pages that draw with plotly.js or react-plotly; see docs/chart-json.md."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from survey.checked import checked
from survey.disclosure.policy import INTERNAL
from survey.disclosure.publication import Publication
from survey.errors import PublishError
from survey.estimates.table import Estimates
from survey.files import faults_as, write_file
from survey.publish.charts import table_and_words
from survey.publish.charts.canvas import compose
from survey.publish.charts.registry import drawing_of, plan_of
from survey.publish.charts.words import Words
from survey.publish.placing import refuse_place
from survey.publish.rows import records_of
from survey.publish.words import legible

__all__ = [
    "SCHEMA",
    "chart_record",
    "compact_json",
    "file_name",
    "file_names",
    "plain",
    "stems_of",
    "table_record",
    "write_charts",
]

SCHEMA = 1
_LETTERS = re.compile(r"[^A-Za-z0-9_-]+")


def chart_record(publication: Publication, name: str) -> dict[str, Any]:
    """Return one table of a publication as ``{"data", "layout", "meta"}``, all plain values.

    Parameters
    ----------
    publication
        Tables that passed disclosure control.
    name
        Name of one of them.

    Raises
    ------
    PublishError
        If there is no such table.
    """
    table, words = table_and_words(publication, name)
    drawn = compose(drawing_of(plan_of(table)), words)
    drawn["layout"].pop("meta")
    return {**drawn, "meta": {**_meta(table, words), "status": publication.status}}


def _meta(table: Estimates, words: Words) -> dict[str, Any]:
    spec = table.spec
    return {
        "schema": SCHEMA,
        "name": table.name,
        "topic": table.topic,
        "title": words.title,
        "subtitle": words.subtitle,
        "description": words.description,
        "measure": table.measure.value,
        "statistic": spec.statistic,
        "concept": spec.concept,
        "by": list(spec.by),
        "unit": spec.unit.value,
        "base": spec.base.value,
        "counts": spec.counts,
        "level": spec.level,
        "method": spec.method,
        "several": table.several,
        "editions": list(table.editions),
        "invented": words.invented,
        "notes": list(table.notes),
        "table": table_record(table),
    }


def table_record(table: Estimates) -> dict[str, Any]:
    """Return ``columns`` and ``rows`` of a table; a row without a value has none anywhere."""
    columns = [str(name) for name in table.frame.columns]
    rows = [[plain(row[name]) for name in columns] for row in records_of(table)]
    return {"columns": columns, "rows": rows}


def compact_json(value: Any) -> str:
    """Return JSON without blanks and with sorted keys: the same value gives the same text.

    Examples
    --------
    >>> compact_json({"b": float("nan"), "a": [1.0, "中"]})
    '{"a":[1.0,"中"],"b":null}'
    """
    try:
        text = _encoded(value)
    except (TypeError, ValueError):  # a number that JSON has not, or keys that are no texts
        text = _encoded(plain(value))
    return legible(text)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: arrays become lists, what is missing becomes null."""
    if (exactly := _EXACTLY.get(type(value))) is not None:
        return exactly(value)
    if isinstance(value, Mapping):
        return {legible(str(key)): plain(inner) for key, inner in value.items()}
    if hasattr(value, "tolist"):  # numpy's arrays and scalars
        return plain(value.tolist())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    if value is None or pd.isna(value) or (isinstance(value, float) and math.isinf(value)):
        return None
    return value if isinstance(value, bool | int | float) else legible(str(value))


# nearly every value is of one of these types and of no subclass
_EXACTLY: Mapping[type, Callable[[Any], Any]] = {
    str: legible,
    float: lambda number: number if math.isfinite(number) else None,
    int: lambda number: number,
    bool: lambda flag: flag,
    type(None): lambda nothing: nothing,
}


_encoded = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=plain
).encode


def file_name(name: str) -> str:
    """Return the file name of a table's chart: letters, digits, ``_`` and ``-`` only.

    Examples
    --------
    >>> file_name("compute_cores"), file_name("a/b")
    ('compute_cores.json', 'a-b.json')
    """
    return f"{_stem(name)}.json"


def _stem(name: str) -> str:
    return _LETTERS.sub("-", name).strip("-") or "table"


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a safe, unique file name for each table, without its ending.

    Examples
    --------
    >>> file_names(["compute_cores", "a/b", "a b"])
    {'compute_cores': 'compute_cores', 'a/b': 'a-b', 'a b': 'a-b-2'}
    """
    taken: set[str] = set()
    found: dict[str, str] = {}
    for name in names:
        stem = _stem(name)
        candidate, repeat = stem, 1
        while candidate.casefold() in taken:
            repeat += 1
            candidate = f"{stem}-{repeat}"
        taken.add(candidate.casefold())
        found[name] = candidate
    return found


def stems_of(publication: Publication) -> dict[str, str]:
    """Return table -> how the names of its files begin; exact counts say so there, too."""
    marked = f"{INTERNAL}-" if publication.internal else ""
    return {name: f"{marked}{stem}" for name, stem in file_names(publication.tables).items()}


@checked(PublishError)
def write_charts(publication: Publication, folder: str | Path) -> tuple[Path, ...]:
    """Write ``<name>.json`` for each table and ``index.json``, which lists them.

    Parameters
    ----------
    publication
        Tables that passed disclosure control.
    folder
        Where to write; made if it is not there.

    Returns
    -------
    tuple
        The files written, in reading order.

    Raises
    ------
    PublishError
        If a file cannot be written, or the publication is not final and final ones stand there.
    """
    refuse_place(publication, folder)
    root = Path(folder)
    stems = stems_of(publication)
    contents = {
        root / f"{stem}.json": compact_json(chart_record(publication, name))
        for name, stem in stems.items()
    }
    contents[root / "index.json"] = compact_json(_index(publication, stems))
    with faults_as(PublishError, "The charts cannot be written", root, "a folder to write to"):
        for path, text in contents.items():
            write_file(path, text + "\n")
    return tuple(contents)


def _index(publication: Publication, stems: Mapping[str, str]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "title": publication.title,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "status": publication.status,
        "charts": [
            {
                "file": f"{stems[name]}.json",
                "name": name,
                "topic": table.topic,
                "title": table.title,
            }
            for name, table in publication.tables.items()
        ],
    }
