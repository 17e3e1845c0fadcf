"""Results on record: what tables say, in small files that a person can read and compare.

A file maps the name of a case to its title, method, notes and columns, a line each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.errors import SurveyError
from survey.estimates import Estimates, Statistic, Weights
from survey.estimates.tabulation import Point

HERE = Path(__file__).parent
Cases = Mapping[str, Callable[[], Any]]
NEARLY = 1e-9


def read(theme: str) -> dict[str, dict[str, Any]]:
    """Return the results of a theme that are on record."""
    found: dict[str, dict[str, Any]] = json.loads(_path(theme).read_text("utf-8"))
    return found


def write(theme: str, cases: Cases) -> None:
    """Put the results of all cases of a theme on record."""
    pieces = []
    for name, case in cases.items():
        lines = [f"  {_text(key)}: {_text(value)}" for key, value in said(case).items()]
        pieces.append(f" {_text(name)}: {{\n" + ",\n".join(lines) + "\n }")
    _path(theme).write_text("{\n" + ",\n".join(pieces) + "\n}\n", encoding="utf-8")


def said(case: Callable[[], Any]) -> dict[str, Any]:
    """Return what a case gives, in plain values: of an error its whole text."""
    try:
        found = case()
    except SurveyError as error:
        return {"error": str(error).splitlines()}
    if isinstance(found, Estimates):
        words = {"heading": found.title, "method": found.spec.method, "notes": list(found.notes)}
        more = {
            "flags": [found.measure.value, found.spec.counts, found.several, found.ordered],
            "options": [list(each) for each in found.spec.options],
        }
        return plain(words | more | _columns(found.frame))
    if isinstance(found, Weights):
        summary = {"method": found.method, "trimmed": found.trimmed, "words": repr(found)}
        values = [*found.values[:6], found.effective, *found.range]
        summary |= {"some": values, "rows": list(found.margins.index)}
        return plain(summary | _columns(found.margins))
    if isinstance(found, Statistic):
        return plain(_statistic(found))
    if isinstance(found, Point):
        return plain({"answers": found.answers, **found.columns})
    if isinstance(found, pd.DataFrame):
        return plain(_columns(found))
    return plain(found if isinstance(found, Mapping) else {"result": found})


def different(found: Any, wanted: Any, where: str = "") -> list[str]:
    """Return where two plain values differ: numbers by more than a billionth of them."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        if list(found) != list(wanted):
            return [f"{where}: {list(found)} in place of {list(wanted)}"]
        return [
            line for key in wanted for line in different(found[key], wanted[key], f"{where} {key}")
        ]
    if isinstance(wanted, list) and isinstance(found, list):
        if len(found) != len(wanted):
            return [f"{where}: {found} in place of {wanted}"]
        pairs = enumerate(zip(found, wanted, strict=True))
        return [line for place, (a, b) in pairs for line in different(a, b, f"{where}[{place}]")]
    number = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    if number and isinstance(found, int | float) and not isinstance(found, bool):
        same = math.isclose(found, wanted, rel_tol=NEARLY, abs_tol=1e-13)
    else:
        same = type(found) is type(wanted) and found == wanted
    return [] if same else [f"{where}: {found!r} in place of {wanted!r}"]


def plain(value: Any) -> Any:
    """Return a value as JSON has it; numbers with eleven digits, what is missing as ``None``."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        if math.isnan(value):
            return None
        return float(f"{value:.11g}") if math.isfinite(value) else str(float(value))
    return None if value is None or value is pd.NA else str(value)


def _statistic(found: Statistic) -> dict[str, Any]:
    columns = {
        name: [each.role.value, each.heading, each.public, each.own_words]
        for name, each in found.columns.items()
    }
    words = {"calculates": found.calculates, "called": found.called, "heading": found.heading}
    flags = {"measure": found.measure.value, "varies": found.varies}
    return {"name": found.name, **words, **flags, "about": found.about_answers, **columns}


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): list(frame[name].astype(object)) for name in frame.columns}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _path(theme: str) -> Path:
    return HERE / f"recorded_{theme}.json"
