"""The arithmetic under tables, case by case: ``python -m tests.estimates.record_arithmetic``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from survey.codebook import Unit
from survey.estimates import median, topline
from survey.estimates.change.attrition import Attrition
from survey.estimates.change.change import farthest, unmoved
from survey.estimates.change.line import newest_series, years_of
from survey.estimates.change.number_change import (
    Pair,
    Scale,
    moved_by_limits,
    moved_by_resampling,
    p_beyond,
)
from survey.estimates.change.statistic_change import difference_of, verdicts_of
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Noise
from survey.estimates.tabulation import Point
from survey.estimates.tabulation.answer_labels import labels_of, merged_labels
from survey.estimates.tabulation.banded_answers import Cells
from survey.estimates.tabulation.point import frames_of
from survey.estimates.tabulation.runs import added, tallied
from survey.estimates.tabulation.sums import (
    Groups,
    Parts,
    cells,
    freedom_of,
    freedom_of_rows,
    summed,
)
from survey.estimates.tabulation.tallies import Tallies, variance_between
from survey.responses import ANOTHER
from tests.estimates.change_answers import CORES, cores
from tests.estimates.few_answers import few, unlisted
from tests.estimates.recorded import Case, write

RECORD = Path(__file__).with_name("recorded_arithmetic.json")
NOISE = Noise(variance=1.0, design_effect=1.0, level=0.9)


def bands(*edges: tuple[float, float, float]) -> Cells:
    low, high, reach = np.array(edges, dtype=np.float64).T
    return Cells(low, high, reach, tuple(f"{a:g} to {b:g}" for a, b, _ in edges))


def snapped(*edges: tuple[float, float, float]) -> Case:
    def found() -> dict[str, Any]:
        own = bands(*edges)
        moved = own.snapped()
        return {
            "low": moved.low,
            "reach": moved.reach,
            "disjoint": own.disjoint,
            "edges": own.edges,
        }

    return found


def units() -> dict[str, Any]:
    """Return units in two groups and five clusters; some in no group, one base per answer."""
    place = np.arange(24)
    given = np.column_stack([place % 2 == 0, place % 3 == 0, place % 5 < 3])
    inside = np.column_stack([place % 7 > 0, place % 4 > 0, place >= 0])
    code = np.where(place % 11 == 5, -1, place % 2)
    return {"given": given, "inside": inside, "groups": Groups(code.astype(np.intp), 3),
            "cluster": (place**2 % 5).astype(np.intp)}  # fmt: skip


def sums(
    *, wide: bool = True, weighted: bool = False, stacked: bool = False, clusters: int = 5
) -> Case:
    def found() -> dict[str, Any]:
        own = units()
        weight = 1 + np.arange(24) % 3 / 4 if weighted else None
        groups = own["groups"]
        if stacked:
            rows = np.repeat(np.arange(24), 2)
            groups = Groups((np.arange(48) % 4 - 1).astype(np.intp), 3, rows)
        cluster = own["cluster"] % clusters
        domain = own["inside"] if wide else own["inside"][:, 0]
        made = summed(own["given"], domain, groups, cluster, clusters, weight=weight)
        return {
            **{name: getattr(made, name) for name in ("group", "cluster", "chosen", "domain",
                                                      "chosen_units", "domain_units", "weighted")},
            "cells": cells(made),
            "freedom": cells(made).freedom,
            "between": made.between(made.chosen),
            "answers of one": made.at(slice(0, 2), slice(0, 1)).chosen,
            "beside": cells(made).beside([cells(made), cells(made)]).share,
        }  # fmt: skip

    return found


def tallies(clusters: int) -> Case:
    def found() -> dict[str, Any]:
        own = units()
        parts = Parts.of(own["groups"], own["cluster"] % clusters, clusters)
        place = np.arange(3, dtype=np.intp)
        made = Tallies.of(parts, own["given"] & own["inside"], own["inside"], place)
        return {"cells": made.cells(), "one voice": made.one_voice().cells(),
                "sums": made.sums(slice(0, 1), slice(0, 1))}  # fmt: skip

    return found


def many_units() -> Any:
    """Return the cells of a cluster whose squared size single precision cannot hold."""
    every = np.ones((5001, 1), dtype=bool)
    one = np.zeros(5001, dtype=np.intp)
    parts = Parts.of(Groups(one, 1), one, 2)
    return Tallies.of(parts, every, every, np.zeros(1, dtype=np.intp)).cells()


def runs(rows: int, *lengths: int) -> Case:
    """Return a case that adds runs of some lengths, as whole numbers, as others, and as flags."""
    starts = np.cumsum([0, *lengths[:-1]])
    values = np.arange(rows * 2, dtype=np.float64).reshape(rows, 2) / 7
    flags = np.arange(rows * 2).reshape(rows, 2) % 3 == 0
    turned = np.arange(rows)[::-1]
    return lambda: {
        "numbers": added(values, starts),
        "one column": added(values[:, :1], starts),
        "whole": added((values * 7).astype(np.int64), starts),
        "flags": tallied(flags, turned, starts),
    }


def limits(correlation: float, *, relative: bool, level: float = 0.95) -> Case:
    """Return a case of changes: usual ones, none, from nothing, and without an upper limit."""
    pair = Pair(
        np.array([10.0, 5, 0, 4, np.nan, 20, 5, 3, 9, 1]),
        np.array([8.0, 4, 0, 3, np.nan, 12, 4, 2, 7, 0]),
        np.array([13.0, 6, 1, np.inf, np.nan, 40, 6, 4, np.inf, 2]),
        np.array([7.0, 3, 0, 2, np.nan, 11, 3, 1, 5, 0]),
        np.array([15.0, 8, 2, np.inf, np.nan, 50, 8, 5, np.inf, 3]),
    )
    scale = Scale(level, np.array([12.0, 3, 0.5, 30, 8]), relative=relative)
    return lambda: moved_by_limits(pair, np.full(5, correlation), scale)


def resamples() -> Any:
    """Return changes between resamples: clear, none, from 0, partly missing, and missing."""
    earlier = np.array(
        [[4.0, 2, 0, 5, np.nan]] + [[4 + k / 9, 2, k % 2, 5 + k, 1] for k in range(20)]
    )
    later = np.array([[6.0, 2, 1, 4, 3]] + [[6 - k / 9, 2 + k % 3 - 1, 1, 4 - k / 4, 3]
                                          for k in range(20)])  # fmt: skip
    earlier[3, 3] = np.nan
    bounds = np.arange(10.0), np.arange(10.0) * 2 + 1
    return moved_by_resampling(np.hstack([earlier, later]), bounds, 0.8)


def rare_resamples() -> Any:
    """Return changes of which the first, the last or no resample lies on the other side of 0."""
    change = np.array(
        [[1.0, 1, 1, -1], [-1, 1, 1, 1], [1, 1, 1, -1], [2, 1, 1, -2], [3, -1, 1, -3]]
    )
    earlier = np.full_like(change, 5)
    return moved_by_resampling(
        np.hstack([earlier, earlier + change]), (np.zeros(8), np.ones(8)), 0.9
    )


def changes() -> dict[str, Any]:
    """Return the change of points of every status, with bounds and labels."""
    status = ["ok", "ok", "empty", "not offered", "ok", "not available", "empty"]
    after = ["ok", "empty", "ok", "ok", "not comparable", "not offered", "not offered"]
    number = np.arange(14.0).reshape(2, 7)
    columns = {
        "count": number, "base": number + 20, "value": number**2, "lower_bound": number,
        "upper_bound": number**2 + 1, "item": np.array([list("abcdefg")]),
        "status": np.array([status, after], dtype=object),
    }  # fmt: skip
    names = tuple("1234567")
    found = difference_of(Point(("edition", "by"), (("x", "g"), ("y", "g")), names, columns))
    ends = Limits(
        np.array([[0.1, -2, -0.1, 0.0, np.nan, 3, 1]]), np.array([[0.9, 1, 0.1, 2, 1, 9, 2]])
    )
    known = np.array([["ok"] * 5 + ["empty"] * 2])
    point = replace(found, columns={**found.columns, "status": known})
    told = {
        str(fdr): verdicts_of(point, ends, Arguments("x", (), {"fdr": fdr}), NOISE)["verdict"]
        for fdr in (None, 0.01, 0.2, 0.9)
    }
    near = Limits(np.array([[0.0643, -1.0]]), np.array([[2.0643, 1.0]]))
    pair = Point((), ((),), ("1", "2"), {"status": np.array([["ok", "ok"]])})
    beside_none = verdicts_of(pair, near, Arguments("x", (), {"fdr": 0.12}), NOISE)
    return {"names": found.names, "groups": found.groups, **found.columns, **told, **beside_none}


def frames() -> dict[str, Any]:
    """Return frames that are made together, two of the same columns and one of others."""
    one = {name: np.ones((2, 1)) for name in ("count", "base", "value", "status")}
    points = [
        Point(("by",), (("a",), ("b",)), ("x", "y"), one),
        Point(("by",), (("a",), ("b",)), ("z",), {**one, "value": np.array([[2.0], [3.0]])}),
        Point((), ((),), ("w",), {**one, "count": np.array([[7.0]]), "value": np.array([[1.0]]),
                                   "base": np.array([[9.0]]), "status": np.array([["ok"]])}),
    ]  # fmt: skip
    made = frames_of(points, [{}, {}, {"low": np.array([[0.5]]), "se": np.array([[0.1]])}])
    held = [make() for make in made]
    held[0].loc[0, "value"] = 8.0
    return {
        **{f"{place} {name}": frame[name].to_numpy()
           for place, frame in enumerate(held) for name in frame},
        "index": [list(frame.index) for frame in held],
        "alone": points[1].frame({"value": np.array([[5.0]])})["value"].to_numpy(),
    }  # fmt: skip


def followed() -> dict[str, Any]:
    panel = np.array([1, 1, 1, 1, 1, 0, 1, 1], dtype=bool)
    stayed = np.array([1, 0, 1, 0, 1, 1, 1, 0], dtype=bool)
    found = Attrition(panel, stayed, np.array([0, 0, 0, 1, 1, 1, -1, -1]), 2)
    return {"sizes": found.sizes, "weight": found.weight,
            "scores": found.scores(np.arange(16.0).reshape(8, 2))}  # fmt: skip


def read_together() -> dict[str, Any]:
    """Return tables of all questions, which share the making of their frames."""
    tables = topline(few(), by="edition", unit="deployment")
    return {f"{name} {column}": table.frame[column].to_numpy() for name, table in tables.items()
            for column in ("answer", "count", "base", "value", "status")}  # fmt: skip


def another_band() -> list[str]:
    """Return what is said where an answer is in no band of the codebook."""
    frame = few().deployments
    values = frame["size"].cat.add_categories(ANOTHER)
    values[[0, 3]] = ANOTHER
    told = few().with_frame(Unit.DEPLOYMENT, frame.assign(size=values))
    return [str(note) for note in median(told, "size").notes]


def tested() -> Any:
    value = np.array([2.0, -2, 0, 2, np.nan, 2, 2])
    low = value - np.array([2, 1, 1, np.inf, 1, 1, 4])
    high = value + np.array([9.0, 2, 1, 1, 1, 1, 1])
    scale = Scale(0.9, np.array([10.0, 10, 10, 10, 10, 0.5, 1]), relative=False)
    return p_beyond(value, low, high, scale)


CASES: Mapping[str, Case] = {
    "bands that meet": snapped((1, 9, 10), (10, 99, 100), (100, np.inf, np.inf)),
    "bands that nearly meet": snapped((1, 100, 101), (100, 500, 501), (501, 1000, 1001)),
    "edges at two per cent": snapped(
        (50, 50, 51), (51, 99, 100), (100, 101, 102), (102, 103, 104.1)
    ),
    "edges below fifty": snapped((1, 1, 2), (2, 48, 49), (49, 49, 50), (50, 99, np.inf)),
    "an open band alone": snapped((100, np.inf, np.inf)),
    "bands that overlap": snapped((1, 60, 61), (10, 59, 60), (1000, 1010, 1011)),
    "sums": sums(),
    "sums of one base": sums(wide=False),
    "sums with weights": sums(weighted=True),
    "sums of stacked groups": sums(stacked=True),
    "sums of one base with weights": sums(wide=False, weighted=True, stacked=True),
    "sums of two clusters": sums(weighted=True, clusters=2),
    "sums of one cluster": sums(weighted=True, clusters=1),
    "a cluster of thousands": many_units,
    "tallies": tallies(5),
    "tallies of two clusters": tallies(2),
    "tallies of one cluster": tallies(1),
    "short runs": runs(12, 1, 2, 3, 4, 2),
    "runs of one": runs(4, 1, 1, 1, 1),
    "long runs": runs(190, 16, 17, 1, 64, 65, 26, 1),
    "very long runs": runs(700, 300, 66, 1, 256, 77),
    "one run": runs(5, 5),
    "no runs": lambda: [added(np.zeros((0, 2)), np.zeros(0, np.intp)).shape,
                        tallied(np.zeros((0, 2), bool), np.zeros(0, np.intp),
                                np.zeros(0, np.intp)).shape],
    "freedom": lambda: [freedom_of([10, 10, 1, 2, 2], [10.0, 3.5, 1.0, 1.5, 2.5], each)
                        for each in (1, 2)],
    "freedom of rows": lambda: [
        freedom_of_rows(np.array(rows), weight)
        for rows, weight in (([0, 0, 1, 1, 2], None), ([0, 0, 0, 1], None), ([0, 0], None),
                             ([0, 1, 2, 2], np.array([1.0, 2, 3, 4])))
    ],
    "variances": lambda: [
        variance_between(
            np.array([[3.0, 0, 6, 5]]), np.array([[6.0, 6, 6, 0]]), np.array([[5.0, 0, 14, 5]]),
            np.array([[7.0, 0, 14, 5]]), np.array([[14.0, 14, 14, 0]]), many,
        )
        for many in (1, 2, 3, 9)
    ],
    "limits": limits(0.0, relative=False),
    "limits of what is alike": limits(0.7, relative=False, level=0.8),
    "limits of quotients": limits(0.4, relative=True),
    "resamples": resamples,
    "rare resamples": rare_resamples,
    "tests": tested,
    "changes": changes,
    "frames": frames,
    "attrition": followed,
    "all questions": read_together,
    "another band": another_band,
    "years": lambda: [years_of(each) for each in (("2018", "2020"), ("a", "2019"), ())],
    "series": lambda: [newest_series(each) for each in (("a", "", "b"), ("b", "a", ""), ("", ""))],
    "unmoved": lambda: unmoved(np.array([1.0, 1 - 1e-9, 1 - 5e-10, 1 - 2e-9, np.nan, -1])),
    "farthest": lambda: farthest(np.array([40.0, 10, 0]), np.array([50.0, 4, 9]), 0.8),
    "merged": lambda: [
        merged_labels(each)
        for each in (
            [["A", "X", "B"], ["B", "A", "C"]],
            [["X", "A"], ["A"]],
            [],
            [["D", "A", "E", "F"], ["A", "B"], ["C", "B"]],
        )
    ],
    "labels": lambda: [
        labels_of([unlisted().codebook.edition(year).by_concept.get(name)
                   for year in unlisted().codebook.editions], ["extra"])
        for name in ("size", "stage", "nothing")
    ],
    "labels of bands": lambda: labels_of(
        [cores().codebook.question(CORES, year) for year in ("2014", "2023")], ["no band"]
    ),
}  # fmt: skip


if __name__ == "__main__":
    write(RECORD, CASES)
