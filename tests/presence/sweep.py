"""Take one column of a committed export away at a time, and see that nothing else changes.

``python -m tests.presence.sweep [--size N] [--reports N] [--seed N] [--edition YEAR]`` tries
``N`` columns (all by default) under every operator, writes the whole report without some of them
(a twentieth by default), and prints what is wrong.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from survey.errors import SurveyError
from survey.estimates import Estimates, topline
from survey.exports import read_export
from survey.responses import Responses, clean, quality
from survey.topics import standing_tables
from tests.presence.export_columns import OPERATORS, RAW, Table, drop, rows_of, written

KEY = b"k" * 32
REFUSED = ("SurveyID", "DeploymentID")
"""Without these no record is known: the file is refused."""

IDENTITY = {
    "CreatedByID",
    "Email",
    "Created",
    "LastEdited",
    "Organization",
    "FirstName",
    "Surname",
    "Label",
    "UserCountry",
    "PrimaryCountrySydney",
}
"""Who answered when: organizations, clusters, copies and clouds are found by these."""

DERIVED = {
    "CurrentReleases": ("release", "slurp", "upgrade_step", "upgrade_path"),
    "DeploymentAge": ("new_clouds",),
    "LastEdited": ("new_clouds",),
    "PrimaryCountrySydney": ("region",),
}
"""Words in the names of tables on what is worked out from a column."""


@dataclass(frozen=True)
class Looked:
    """Answers, and every number that is worked out from them by default."""

    answers: Responses

    @classmethod
    def at(cls, folder: Path, rows: Table, name: str) -> Looked:
        export = read_export(written(folder / name, rows))
        return cls(clean(export, key=KEY))

    @cached_property
    def tables(self) -> Mapping[str, Estimates]:
        quality(self.answers)
        found = {f"topline {name}": table for name, table in topline(self.answers).items()}
        return found | {table.name: table for table in standing_tables(self.answers)}


class Sweep:
    """One export, and what is left of it without a column."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.folder, self.name, self.year = folder, path.name, path.name[7:11]
        self.rows = rows_of(path)
        self.whole = Looked.at(folder, self.rows, self.name)

    def problems(self, place: int) -> Iterator[str]:
        """Yield what goes wrong with one column taken away, renamed or spelled otherwise."""
        heading = self.rows[0][place]
        dropped: Looked | None = None
        for name, operator in OPERATORS.items():
            try:
                looked = Looked.at(self.folder, operator(self.rows, place), self.name)
                if dropped is not None and same(looked.answers, dropped.answers):
                    continue
                if same(looked.answers, self.whole.answers):
                    continue
                dropped = looked if name == "dropped" else dropped
                found = list(self._compared(looked, heading))
            except SurveyError as error:
                found = [] if heading in REFUSED else [f"refused: {error}"]
            except Exception as error:  # a crash is what is looked for
                found = [f"{type(error).__name__}: {error}"]
            yield from (f"{heading} {name}: {each}" for each in found)

    def _compared(self, looked: Looked, heading: str) -> Iterator[str]:
        before, after = self.whole.answers, looked.answers
        if before.editions != after.editions:
            yield f"edition {after.editions}"
            return
        concept = self.concept(heading)
        yield from _cells(before, after, concept, identity=heading in IDENTITY)
        yield from self._numbers(looked, heading, concept)

    def concept(self, heading: str) -> str:
        edition = self.whole.answers.codebook.edition(self.whole.answers.editions[0])
        found = edition.by_heading.get(heading.partition(" - ")[0])
        return found.concept if found else ""

    def _numbers(self, looked: Looked, heading: str, concept: str) -> Iterator[str]:
        answers = looked.answers
        (edition,) = answers.editions
        gone = bool(concept) and not answers.available(concept, edition)
        touched = self._touched(concept)
        for name, table in looked.tables.items():
            if gone and concept in (table.spec.concept, *table.spec.by):
                if table.frame["value"].notna().any():
                    yield f"{name} has a value for what is not there"
                if set(table.frame["status"].astype(str)) - {"not available"}:
                    yield f"{name} says {set(table.frame['status'].astype(str))}"
        for name, before in self.whole.tables.items():
            here = looked.tables.get(name)
            related = {before.spec.concept, *before.spec.by} & touched
            related |= {each for each in touched if each and each in repr(before.spec.options)}
            if any(word in name for word in DERIVED.get(heading, ())):
                if gone and here is not None and here.frame["value"].notna().any():
                    yield f"{name} has a value for what is not there"
                continue
            if related or name.endswith("_depends_on"):
                continue
            if here is None:
                yield f"{name} is missing"
            elif not alike(before.frame, here.frame, identity=heading in IDENTITY):
                yield f"{name} changed"

    def _touched(self, concept: str) -> set[str]:
        """Return the question, and the one that it explains."""
        if not concept:
            return set()
        question = self.whole.answers.question(concept)
        return {concept, question.write_in_of} - {""}


def report_problems(sweep: Sweep, place: int) -> Iterator[str]:
    """Yield what goes wrong when the yearly report is written without a column."""
    heading = sweep.rows[0][place]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data/raw").mkdir(parents=True)
        written(folder / "data/raw" / sweep.name, drop(sweep.rows, place))
        (folder / "survey.toml").write_text(_PROJECT.format(file=sweep.name, year=sweep.year))
        run = subprocess.run(
            [sys.executable, "-m", "survey", "report"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if heading in REFUSED:
            return
        if run.returncode:
            yield f"{heading} in a report: exit code {run.returncode}: {run.stderr[-300:]}"
            return
        concept = sweep.concept(heading)
        for path in (folder / "reports" / sweep.year / "tables").glob(f"{concept or '?'}.csv"):
            frame = pd.read_csv(path)
            if " - " not in heading and frame["value"].notna().any():
                yield f"{heading} in a report: {path.name} has a value for what is not there"


_PROJECT = """title = "Without a column"
[publisher]
name = "a test"
licence = "CC0 1.0"
[[exports]]
file = "data/raw/{file}"
edition = "{year}"
invented = true
"""


def same(first: Responses, second: Responses) -> bool:
    """Whether answers, and what is known of the files, are equal."""
    frames = ((first.respondents, second.respondents), (first.deployments, second.deployments))
    return first.presence == second.presence and all(
        list(one.columns) == list(other.columns) and _equal(one, other) for one, other in frames
    )


def _equal(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return len(one) == len(other) and all(_column(one[c]) == _column(other[c]) for c in one)


def _column(values: Any) -> list[Any]:
    """Return answers as plain objects, missing ones as None."""
    missing = values.isna().to_numpy()
    return [None if lost else each for each, lost in zip(values.tolist(), missing, strict=True)]


def _cells(before: Responses, after: Responses, concept: str, *, identity: bool) -> Iterator[str]:
    if identity:
        return
    for unit in ("respondents", "deployments"):
        one, other = getattr(before, unit), getattr(after, unit)
        if len(one) != len(other):
            yield f"{len(other)} {unit} in place of {len(one)}"
            continue
        for name in one.columns.difference([concept, "language"]):
            if name not in other or _column(one[name]) != _column(other[name]):
                yield f"column {name} of {unit} changed"


def alike(before: pd.DataFrame, after: pd.DataFrame, *, identity: bool) -> bool:
    """Whether two tables say the same; without identity, in counts and shares alone."""
    if identity:
        return True
    try:
        pd.testing.assert_frame_equal(before, after)
    except AssertionError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=0, help="how many columns; 0 for all")
    parser.add_argument("--reports", type=int, default=-1, help="by default a twentieth")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edition", default="2024")
    asked = parser.parse_args()
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as folder:
        sweep = Sweep(RAW / f"Survey_{asked.edition}0831120000.csv", Path(folder))
        places = list(range(len(sweep.rows[0])))
        random.Random(asked.seed).shuffle(places)
        wrong = 0
        chosen = places[: asked.size] if asked.size else places
        reports = len(chosen) // 20 if asked.reports < 0 else asked.reports
        for number, place in enumerate(chosen):
            found = [*sweep.problems(place)]
            found += [*report_problems(sweep, place)] if number < reports else []
            wrong += len(found)
            print(*found, sep="\n", end="\n" * bool(found), flush=True)
            print(f"{number + 1} {sweep.rows[0][place]}", file=sys.stderr, flush=True)
    print(f"{len(chosen)} columns, {reports} reports, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
