"""What tables, weights, statistics and refusals say, as :mod:`tests.estimates.recorded` keeps it.

A theme is a module of cases beside its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from survey.errors import SurveyError
from survey.estimates import Estimates, Statistic, Weights
from survey.estimates.tabulation import Point
from tests.estimates import recorded

HERE = Path(__file__).parent
Cases = Mapping[str, Callable[[], Any]]
NEARLY = 1e-9


def read(theme: str) -> dict[str, dict[str, Any]]:
    """Return the results of a theme that are on record."""
    return recorded.read(_path(theme))


def write(theme: str, cases: Cases) -> None:
    """Put the results of all cases of a theme on record."""
    recorded.write(_path(theme), {name: partial(said, case) for name, case in cases.items()})


def different(case: Callable[[], Any], kept: dict[str, Any]) -> list[str]:
    """Return where a case differs from its record: numbers by more than a billionth."""
    return recorded.differences(said(case), kept, NEARLY)


def said(case: Callable[[], Any]) -> dict[str, Any]:
    """Return what a case gives: of an error its whole text."""
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
        return words | more | _columns(found.frame)
    if isinstance(found, Weights):
        summary = {"method": found.method, "trimmed": found.trimmed, "words": repr(found)}
        values = [*found.values[:6], found.effective, *found.range]
        summary |= {"some": values, "rows": list(found.margins.index)}
        return summary | _columns(found.margins)
    if isinstance(found, Statistic):
        return _statistic(found)
    if isinstance(found, Point):
        return {"answers": found.answers, **found.columns}
    if isinstance(found, pd.DataFrame):
        return _columns(found)
    return dict(found) if isinstance(found, Mapping) else {"result": found}


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


def _path(theme: str) -> Path:
    return HERE / f"recorded_{theme}.json"
