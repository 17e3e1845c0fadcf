"""What is counted: ``python -m tests.estimates.record_tabulation`` writes it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from survey.codebook import Band, Unit
from survey.estimates import (
    Estimates,
    crosstab,
    growth_above,
    median,
    nps,
    share,
    tabulate_again,
    total,
)
from survey.estimates.design.sample import Sample, draw
from survey.estimates.tabulation.band_nets import net_of_bands
from survey.estimates.tabulation.banded_answers import cells_of, reach_of, read_bands
from survey.estimates.tabulation.counting import count_each
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tabulation.offers import lost, withdrawn
from survey.responses import Responses
from tests.estimates.change_answers import CORES, STAGE, alike, clouds, cores, crowded
from tests.estimates.few_answers import few, lacking, unlisted, unlisted_first
from tests.estimates.recorded import Case, write

RECORDS = {
    name: Path(__file__).with_name(f"recorded_{name}.json")
    for name in ("indicators", "tabulations", "crossed")
}
KINDS = (
    "stage",
    "size",
    "tools",
    "projects",
    "public",
    "deployment_countries",
    "deployment_region",
)
OF_PEOPLE = ("score", "drivers", "primary_country", "region")
NET = {"Not yet": ["Testing", "Proof of concept"]}
OLD = {"1 to 9": Band(1, 9), "10 to 99": Band(10, 99), "100 or more": Band(100, None)}
NEW = {"1 to 99": Band(1, 99), "100 to 499": Band(100, 499), "500 or more": Band(500, None)}


def sample_of(answers: Responses, unit: Unit = Unit.DEPLOYMENT) -> Sample:
    return draw(answers, unit, copies=True)


def flags(values: Any) -> Any:
    """Return zeros and ones as text, a word for each row."""
    array = np.atleast_2d(np.asarray(values).astype(int))
    return " ".join("".join(map(str, row)) for row in array.tolist())


def laid(found: Any) -> dict[str, Any]:
    """Return the attributes of a value; arrays of flags and of ranks as text."""
    laid_out = {}
    for field in fields(found):
        value = getattr(found, field.name)
        small = isinstance(value, np.ndarray) and value.dtype in (np.bool_, np.uint8)
        laid_out[field.name] = flags(value) if small else value
    return laid_out


def indicator(answers: Callable[[], Responses], concept: str, change: str = "") -> Case:
    """Return a case that reads a question, and changes what was read."""

    def read() -> dict[str, Any]:
        unit = Unit.RESPONDENT if concept in OF_PEOPLE else Unit.DEPLOYMENT
        sample = sample_of(answers(), unit)
        found = read_indicator(sample, concept)
        changed = {
            "": lambda: found,
            "substantive": found.substantive,
            "pick": lambda: found.pick(np.array([1, 0])),
            "without": lambda: found.without(found.answers[0]),
            "nobody": lambda: found.without("nobody's"),
            "beside": lambda: found.beside(found.pick(np.array([0]))),
            "union": lambda: found.union("both", found.answers[:2], frozenset({0})),
        }[change]()
        return {**laid(changed), "offered alike": found.offered_alike}

    return read


def grouping(answers: Callable[[], Responses], by: str | Sequence[str] | None) -> Case:
    def grouped() -> dict[str, Any]:
        found = group_by(sample_of(answers()), by)
        columns = [found.column(place) for place in range(len(found.names))]
        groups = found.groups
        return {**laid(found), "columns": columns, "tuples": found.tuples(), "code": groups.code,
                "groups": groups.count, "rows": groups.rows}  # fmt: skip

    return grouped


def _exact(table: Estimates) -> list[str]:
    """Return the columns that no resampled fit gives; such limits are recorded elsewhere."""
    names = [str(name) for name in table.frame]
    if "draw_low" not in names:
        return names
    return [name for name in names if not name.endswith(("low", "high", "because", "status"))]


def tabulation(verb: Callable[..., Estimates], *args: Any, **options: Any) -> Case:
    """Return a case that makes a table and returns what it was counted from."""

    def again() -> dict[str, Any]:
        table = verb(*(each() if callable(each) else each for each in args), **options)
        (cells,) = tabulate_again(table)
        return {
            **laid(cells),
            "other": cells.other,
            "other keys": cells.other_keys,
            "elementary": cells.elementary,
            "places": str(cells.places),
            "known": flags(cells.known),
            "perturbed": laid(cells.with_counts(cells.count + 1, cells.base + 2)),
            "perturbed away": cells.with_counts(cells.count * 0, cells.base // 3).presence,
            **{f"table {name}": table.frame[name].to_numpy() for name in _exact(table)},
        }

    return again


def two_questions() -> dict[str, Any]:
    """Return the cells of two questions that are counted at once, with weights and without."""
    sample = sample_of(few())
    read = [read_indicator(sample, name) for name in ("stage", "tools")]
    grouping = group_by(sample, "edition")
    weight = np.arange(1.0, len(sample) + 1)
    return {
        f"{'weighted' if weights is not None else 'plain'} {place}": laid(one.cells)
        for weights in (None, weight)
        for place, one in enumerate(count_each(sample, read, grouping, weight=weights))
    }


def counted_otherwise() -> dict[str, Any]:
    """Return counts of tables whose record or design is not that of what was counted."""
    table = share(few(), "stage")
    assert table.statistic is not None
    assert table.design is not None
    other = replace(table.statistic, tabulate=lambda *_: ())
    copies = table.design.but(include_carried_over=True)
    return {
        "another record": len(tabulate_again(replace(table, statistic=other))),
        "another design": tabulate_again(replace(table, design=copies))[0].count,
        "its own": tabulate_again(table)[0].count,
    }


def banded(answers: Callable[[], Responses], concept: str) -> Case:
    def read() -> dict[str, Any]:
        found = read_bands(sample_of(answers()), concept)
        cells = found.cells
        again = found.replace_rows(found.edge("low"), found.edge("high") * 2, found.edge("reach"))
        return {
            **laid(found),
            "cells": laid(cells),
            "snapped": laid(cells.snapped()),
            "edges": cells.edges,
            "open": flags(cells.open),
            "disjoint": cells.disjoint,
            "unit width": flags(cells.unit_width),
            "picked": laid(cells.pick(np.array([1, 0]))),
            "other rows": laid(again.cells),
            "answered": flags(found.answered),
        }

    return read


def named_cells() -> dict[str, Any]:
    """Return cells of which the codebook names one."""
    low, high = np.array([1, 5, np.nan, 1000, 1]), np.array([9, 5, 3, np.inf, 2500.0])
    cells, code = cells_of(low, high, high + 1, {(1.0, 9.0, 10.0): "a band"})
    return {**laid(cells), "code": code}


def crossed(answers: Callable[[], Responses], rows: Any, cols: Any, **options: Any) -> Case:
    def made() -> dict[str, Any]:
        table = crosstab(answers(), rows, cols, **options)
        return {
            "notes": list(table.notes),
            **{str(n): table.frame[n].to_numpy() for n in table.frame},
        }

    return made


INDICATORS: Mapping[str, Case] = {
    **{
        f"{answers.__name__} {concept}": indicator(answers, concept)
        for answers in (few, lacking, unlisted)
        for concept in (*KINDS, *OF_PEOPLE)
    },
    **{
        f"{change} {concept}": indicator(few, concept, change)
        for change in ("substantive", "pick", "without", "beside", "union")
        for concept in ("size", "tools", "drivers", "deployment_countries")
    },
    "nobody size": indicator(few, "size", "nobody"),
    "union of what is lacking": indicator(lacking, "tools", "union"),
    "nobody grouped": grouping(few, None),
    "by edition": grouping(few, "edition"),
    "by size": grouping(few, "size"),
    "by tools and edition": grouping(few, ["tools", "edition"]),
    "by stage and size": grouping(lacking, ["stage", "size"]),
    "by tools and countries": grouping(few, ["tools", "stage", "deployment_countries"]),
    "sizes": banded(few, "size"),
    "sizes that are lacking": banded(lacking, "size"),
    "bands of two books": banded(partial(cores, 12), CORES),
    "named": named_cells,
    "reaches": lambda: reach_of({**OLD, **NEW, "none": Band(0, 0), "last": Band(700, 900)}),
    "net of old bands": lambda: net_of_bands(["1 to 9", "10 to 99"], [OLD, NEW, {}]),
    "net of a part": lambda: net_of_bands(["10 to 99", "other"], [OLD, NEW]),
    "net of new bands": lambda: net_of_bands(["1 to 99"], [OLD, NEW]),
    "net of what is open": lambda: net_of_bands(["100 to 499", "500 or more"], [OLD, NEW]),
    "net of both": lambda: net_of_bands(["1 to 9", "1 to 99", "100 to 499"], [OLD, NEW]),
    "net of neighbours": lambda: net_of_bands(
        ["1 to 9", "10 to 49"],
        [
            {"1 to 9": Band(1, 9), "10 or more": Band(10, None)},
            {"10 to 49": Band(10, 49), "50 or more": Band(50, None)},
            {"1 to 49": Band(1, 49), "50 and up": Band(50, None)},
        ],
    ),
    "unlisted first": indicator(unlisted_first, "stage"),
    "lost": lambda: [lost(lacking(), "stage", each) for each in (["2018"], ["2019"], [])],
    "withdrawn": lambda: withdrawn(share(few(), "stage", "edition").frame),
}
TABULATIONS: Mapping[str, Case] = {
    "stages": tabulation(share, few, "stage", "edition"),
    "stages that are lacking": tabulation(share, lacking, "stage"),
    "tools": tabulation(share, few, "tools"),
    "tools that are lacking": tabulation(share, lacking, "tools", "edition"),
    "tools by stage": tabulation(share, few, "tools", "stage", base="asked"),
    "everybody": tabulation(share, few, "tools", "edition", base="all"),
    "organizations": tabulation(share, few, "tools", "edition", unit="organization"),
    "weighted": tabulation(share, few, "size", "edition", weights="weight"),
    "carried over": tabulation(share, few, "size", include_carried_over=True),
    "one of a set": tabulation(share, few, "stage", items=["Testing"]),
    "net": tabulation(share, few, "stage", "edition", nets=NET),
    "top": tabulation(share, few, "tools", top=2),
    "groups that one edition has": tabulation(share, few, "size", ["edition", "tools"]),
    "two questions": two_questions,
    "counted otherwise": counted_otherwise,
    "ranking": tabulation(share, few, "drivers"),
    "top of a ranking": tabulation(share, few, "drivers", top=1),
    "matrix": tabulation(share, lacking, "projects", "edition"),
    "yes or no": tabulation(share, few, "public", "size"),
    "countries": tabulation(share, few, "deployment_countries", "edition"),
    "region": tabulation(share, few, "region"),
    "by what is stacked": tabulation(share, few, "stage", "tools"),
    "of respondents": tabulation(share, few, "score", unit="respondent"),
    "score": tabulation(nps, few, "edition", concept="score"),
    "median": tabulation(median, few, "size", "edition"),
    "total": tabulation(total, few, "size"),
    "weighted groups of one": tabulation(share, few, "size", "stage", weights="weight"),
    "light weights": tabulation(share, few, "size", "stage", weights="light"),
    "growth of one": tabulation(growth_above, alike, "size", "2018", "2019", "size"),
    "growth of all": tabulation(growth_above, cores, CORES, "2023", "2024"),
    "growth": tabulation(growth_above, cores, CORES, "2023", "2024", STAGE),
}
CROSSED: Mapping[str, Case] = {
    "counts": crossed(few, ["stage", "tools"], ["size", "edition"], stats=["count"]),
    "counts of themselves": crossed(few, ["stage", "tools"], ["stage", "tools"], stats=["count"]),
    "counts of all": crossed(lacking, ["stage", "tools"], ["edition"], stats=["count"], base="all"),
    "counts of asked": crossed(lacking, ["tools"], ["stage"], stats=["count"], base="asked"),
    "large clusters": crossed(crowded, ["stage", "tools"], ["size", "edition"]),
    "large clusters, one voice each": crossed(crowded, ["tools"], ["size"], unit="organization"),
    "nobody in a column": crossed(alike, ["stage", "tools"], ["size"], stats=["count"]),
    "columns that files lack": crossed(
        lacking, ["tools", "size", "public"], ["stage", "tools", "projects"], stats=["count"]
    ),
    "verdicts": crossed(clouds, ["stage", "tools"], ["size", "edition"]),
    "weighted": crossed(clouds, ["tools"], ["primary_country"], weights="weight"),
    "organizations": crossed(clouds, ["tools"], ["edition"], unit="organization"),
    "letters": crossed(
        clouds, ["stage"], ["edition"], stats=["share", "row share", "verdict", "letters"], fdr=0.5
    ),
    "no clusters": crossed(clouds, ["stage"], ["size"], cluster=None, level=0.8),
    "several": crossed(clouds, ["stage"], ["tools"], include_carried_over=True),
}
CASES = dict(zip(RECORDS, (INDICATORS, TABULATIONS, CROSSED), strict=True))


if __name__ == "__main__":
    for record, cases in CASES.items():
        write(RECORDS[record], cases)
