"""True counts behind published cells, by plain counting: to judge what an attacker found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Kind, Unit
from survey.codebook.geography import find_country
from survey.codebook.hierarchies import class_of
from survey.responses import Responses
from survey.responses.write_ins import written_labels
from tests.attacker.reading import ALL_OF, Key, PublishedTable

__all__ = ["true_counts"]

RESTS = ("Another answer", "Any other answer")


def true_counts(
    answers: Responses, tables: Iterable[PublishedTable], whose: frozenset[str] | None = None
) -> dict[Key, int]:
    """Return the true count of every published cell: of all, or of some organizations."""
    found: dict[Key, int] = {}
    columns: dict[tuple[str, str], dict[str, np.ndarray]] = {}
    for table in tables:
        unit = Unit(table.unit)
        frame = answers.frame(unit)
        edition = frame["edition"].astype(str).to_numpy()
        counts = ~frame["copied"].to_numpy(dtype=bool)
        if whose is not None:
            counts = counts & frame["organization"].isin(whose).to_numpy(dtype=bool)
        shown: dict[tuple, set[str]] = {}
        for cell in table.cells:
            shown.setdefault((cell.key[0], cell.group), set()).add(cell.answer)
        for name in (table.concept, *table.by):
            if name != "edition" and (table.unit, name) not in columns:
                columns[(table.unit, name)] = _chosen(answers, name, unit)
        for cell in table.cells:
            inside = (edition == cell.key[0]) & counts
            for name, label in cell.group:
                inside = inside & _member(columns[(table.unit, name)], name, label)
            own = columns[(table.unit, table.concept)]
            if cell.answer in RESTS:
                others = shown[(cell.key[0], cell.group)]
                rest = [flags for label, flags in own.items() if label not in others]
                gave = np.any(rest, axis=0) if rest else np.zeros(len(frame), dtype=bool)
            else:
                gave = _union(own, cell.answer, len(frame))
            found[cell.key] = int((inside & gave).sum())
    return found


def _member(column: dict[str, np.ndarray], concept: str, label: str) -> np.ndarray:
    classes = class_of(concept)
    labels = label.split(ALL_OF)
    flags = [own for name, own in column.items() if {name, classes.get(name, name)} & {*labels}]
    return np.any(flags, axis=0) if flags else np.zeros(len(next(iter(column.values()))), bool)


def _union(column: dict[str, np.ndarray], label: str, size: int) -> np.ndarray:
    flags = [column[name] for name in label.split(ALL_OF) if name in column]
    return np.any(flags, axis=0) if flags else np.zeros(size, dtype=bool)


def _chosen(answers: Responses, concept: str, unit: Unit) -> dict[str, np.ndarray]:
    if concept == "region":
        codes = answers.column("primary_country", unit).astype(object)
        regions = codes.map(lambda code: getattr(find_country(str(code)), "region", None))
        return {
            str(name): (regions == name).to_numpy(dtype=bool) for name in regions.dropna().unique()
        }
    if concept == "deployment_region":
        return _regions(answers.column("deployment_countries", unit).array)
    given = _given(answers, concept, unit)
    if answers.question(concept).kind is not Kind.MATRIX:
        for label, rows in written_labels(answers, concept, unit).items():
            given[label] = given.get(label, False) | np.asarray(rows)
    return given


def _given(answers: Responses, concept: str, unit: Unit) -> dict[str, np.ndarray]:
    """Return which units chose each answer to a question of the survey."""
    values = answers.column(concept, unit)
    kind = answers.question(concept).kind
    if isinstance(values.dtype, pd.CategoricalDtype):
        missing = {
            label
            for name in answers.editions
            if concept in answers.codebook.edition(name).by_concept
            for label in answers.codebook.edition(name).by_concept[concept].missing_labels
        }
        codes = np.asarray(values.cat.codes)
        return {
            _name(str(label), kind): codes == place
            for place, label in enumerate(values.cat.categories)
            if label not in missing
        }
    if values.dtype == bool or str(values.dtype) == "boolean":
        ticked = values.fillna(False).to_numpy(dtype=bool)
        return {"Yes": ticked, "No": ~ticked & ~values.isna().to_numpy()}
    array = values.array
    chosen = np.asarray(array.codes)
    if kind is Kind.MATRIX:
        return {
            f"{item} / {level}": chosen[:, place] == number
            for place, item in enumerate(array.items)
            for number, level in enumerate(array.levels, start=1)
        }
    return {_name(str(item), kind): chosen[:, n] > 0 for n, item in enumerate(array.items)}


def _name(label: str, kind: Kind) -> str:
    """Return the name of a country for its code; other answers stay as they are."""
    found = find_country(label) if kind in (Kind.COUNTRY, Kind.COUNTRIES) else None
    return found.name if found else label


def _regions(countries: Any) -> dict[str, np.ndarray]:
    """Return which clouds are in each region, of a question with several countries."""
    found: dict[str, np.ndarray] = {}
    for place, item in enumerate(countries.items):
        region = getattr(find_country(str(item)), "region", None)
        if region:
            own = np.asarray(countries.codes)[:, place] > 0
            found[region] = found[region] | own if region in found else own
    return found
