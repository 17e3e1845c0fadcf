"""Re-issues: what the second issue of a publication tells of the one record that changed.

    python -m tests.attacker.reissue --issues 200 --seed 1

A record is deleted, added or changed, and everything is published again with the ledger. The
attacker has both folders and knows that one record of the edition differs. It guesses the answers
of that record: where counts of a question differ between the issues, or stand in one of them alone,
the answer whose counts differ most often, else the one that most gave. Half of the records are
clouds; the others are respondents, of which every second one is alone with its country.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.disclosure import Ledger, Register, note_in_ledger, protect
from survey.estimates import Estimates, share
from survey.estimates.design.places import place_name
from survey.publish import write_tables
from survey.responses import Responses
from tests.attacker.reading import PublishedTable, read_folder
from tests.disclosure.surveys import DEPLOYMENT, invented

__all__ = ["EDITIONS", "Issues", "attack_issues", "pair_of_issues", "with_rare_countries"]

EDITIONS = ("2018", "2019")
QUESTIONS = ("deployment_stage", "compute_cores")
OF_RESPONDENTS = ("primary_country", "industry")
ALONE = ("LI", "AD", "MC", "SM", "MT", "IS", "LU", "CY")
NEW = "VU"
"""A country that a changed record names, and nobody else."""


@dataclass
class Issues:
    """What came out of re-issues."""

    issues: int = 0
    files_that_differ: int = 0
    guesses: int = 0
    right: int = 0
    right_from_margins: int = 0


def attack_issues(issues: int, seed: int, *, with_ledger: bool = True) -> Issues:
    """Attack some re-issues of one survey of 150 respondents and two editions."""
    found = Issues()
    whole = with_rare_countries(invented(150, seed, EDITIONS))
    drawn = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as root:
        for number in range(issues):
            unit = (Unit.DEPLOYMENT, Unit.RESPONDENT)[number % 2]
            record = _drawn(whole, unit, drawn)
            what = ("deleted", "added", "changed")[number % 3]
            before, after = pair_of_issues(whole, unit, record, what, drawn)
            first, second = (Path(root) / f"{number}{name}" for name in "ab")
            register = Register(Ledger("key"), final=True)
            _publish(before, register, first)
            ledger = register.entries("key") if with_ledger else Ledger("key")
            _publish(after, Register(ledger, final=True), second)
            found.issues += 1
            found.files_that_differ += sum(
                path.read_bytes() != (second / "tables" / path.name).read_bytes()
                for path in (first / "tables").iterdir()
            )
            _guess(found, read_folder(first), read_folder(second), whole.frame(unit).iloc[record])
    return found


def with_rare_countries(answers: Responses) -> Responses:
    """Let some respondents of the last edition each be alone with a country."""
    people = answers.respondents.copy()
    countries = people["primary_country"].cat.add_categories([*ALONE, NEW])
    own = np.flatnonzero(people["edition"] == EDITIONS[-1])[: len(ALONE)]
    countries.iloc[own] = list(ALONE)
    return replace(answers, respondents=people.assign(primary_country=countries))


def _drawn(answers: Responses, unit: Unit, drawn: np.random.Generator) -> int:
    """Return a record of the last edition; of two respondents one is alone with a country."""
    frame = answers.frame(unit)
    own = frame["edition"] == EDITIONS[-1]
    if unit is Unit.RESPONDENT and drawn.random() < 0.5:
        own &= frame["primary_country"].isin(ALONE)
    return int(drawn.choice(np.flatnonzero(own)))


def pair_of_issues(
    whole: Responses, unit: Unit, record: int, what: str, drawn: np.random.Generator
) -> tuple[Responses, Responses]:
    """Return the answers of the first issue and of the second."""
    frame = whole.frame(unit)
    kept = np.arange(len(frame)) != record
    less = _with(whole, unit, frame[kept].reset_index(drop=True))
    if what == "deleted":
        return whole, less
    if what == "added":
        return less, whole
    frame = frame.copy()
    other = int(drawn.choice(np.flatnonzero(kept)))
    for concept in QUESTIONS if unit is Unit.DEPLOYMENT else OF_RESPONDENTS:
        values = frame[concept].astype(object).to_numpy(copy=True)
        values[record] = NEW if concept == "primary_country" else values[other]
        frame[concept] = pd.Categorical(values, frame[concept].cat.categories)
    return _with(whole, unit, frame), whole


def _with(answers: Responses, unit: Unit, frame: pd.DataFrame) -> Responses:
    if unit is Unit.RESPONDENT:
        return replace(answers, respondents=frame)
    return replace(answers, deployments=frame)


def _publish(answers: Responses, register: Register, folder: Path) -> None:
    tables: list[Estimates] = []
    for concept in DEPLOYMENT:
        tables.append(share(answers, concept, by="edition").named(concept, "t"))
        for by in ("deployment_stage", "compute_cores", "region", "industry"):
            if by != concept:
                table = share(answers, concept, by=["edition", by])
                tables.append(table.named(f"{concept}_by_{by}", "t"))
    for concept in OF_RESPONDENTS:
        for top in (None, 4, 8):
            table = share(answers, concept, by="edition", top=top)
            tables.append(table.named(f"{concept}{top or ''}", "t"))
        for by in ("organization_size", "industry"):
            if by != concept:
                table = share(answers, concept, by=["edition", by])
                tables.append(table.named(f"{concept}_by_{by}", "t"))
    made = protect(tables, title="T", edition=EDITIONS[-1], answers=answers, register=register)
    note_in_ledger(register, folder.with_suffix(".json"))
    write_tables(made, folder / "tables")


def _guess(
    found: Issues, first: list[PublishedTable], second: list[PublishedTable], record: pd.Series
) -> None:
    counts = [_counts(tables) for tables in (first, second)]
    for concept in (*QUESTIONS, *OF_RESPONDENTS):
        true = record.get(concept)
        if pd.isna(true):
            continue
        true = place_name(true) if concept == "primary_country" else true
        moved: Counter[str] = Counter()
        usual: Counter[str] = Counter()
        for key in counts[0].keys() | counts[1].keys():
            table, answer = key[0], key[-1]
            before, now = (each.get(key) for each in counts)
            if table == concept:
                usual[answer] += now or 0
            if table.split("_by_")[0] == concept and before != now:
                moved[answer] += 1
        margin = max(usual, key=lambda answer: (usual[answer], answer))
        guess = max(moved, key=lambda answer: (moved[answer], answer)) if moved else margin
        found.guesses += 1
        found.right += guess == true
        found.right_from_margins += margin == true


def _counts(tables: list[PublishedTable]) -> dict[tuple, int]:
    return {
        (table.name, cell.group, cell.answer): cell.count
        for table in tables
        for cell in table.cells
        if cell.count is not None and cell.key[0] == EDITIONS[-1]
    }


def main() -> None:
    """Attack as many re-issues as asked, with the ledger and without, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--issues", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    for with_ledger in (True, False):
        found = attack_issues(options.issues, options.seed, with_ledger=with_ledger)
        print(f"with ledger: {with_ledger}")
        for name, value in vars(found).items():
            print(f"{name:>20} {value:>8,}")


if __name__ == "__main__":
    main()
