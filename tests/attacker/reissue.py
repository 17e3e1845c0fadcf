"""Re-issues: what the second issue of a publication tells of the one record that changed.

    python -m tests.attacker.reissue --issues 200 --seed 1

A record is deleted, added or changed, and everything is published again with the ledger. The
attacker has both folders and knows that one record of the edition differs. It guesses the answers
of that record: where counts of a question differ between the issues, the answer whose counts
differ most often, else the one that most gave.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.disclosure import Ledger, Register, protect
from survey.estimates import Estimates, share
from survey.publish import write_tables
from survey.responses import Responses
from tests.attacker.reading import PublishedTable, read_folder
from tests.disclosure.surveys import DEPLOYMENT, invented

__all__ = ["Issues", "attack_issues"]

EDITIONS = ("2018", "2019")
QUESTIONS = ("deployment_stage", "compute_cores")


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
    whole = invented(150, seed, EDITIONS)
    drawn = np.random.default_rng(seed)
    own = np.flatnonzero(whole.deployments["edition"] == EDITIONS[-1])
    with tempfile.TemporaryDirectory() as root:
        for number in range(issues):
            record = int(drawn.choice(own))
            before, after = _pair(whole, record, ("deleted", "added", "changed")[number % 3], drawn)
            first, second = (Path(root) / f"{number}{name}" for name in "ab")
            register = Register(final=True)
            _publish(before, register, first)
            ledger = register.entries("key") if with_ledger else Ledger()
            _publish(after, Register(ledger, final=True), second)
            found.issues += 1
            found.files_that_differ += sum(
                path.read_bytes() != (second / "tables" / path.name).read_bytes()
                for path in (first / "tables").iterdir()
            )
            _guess(found, read_folder(first), read_folder(second), whole, record)
    return found


def _pair(
    whole: Responses, record: int, what: str, drawn: np.random.Generator
) -> tuple[Responses, Responses]:
    """Return the answers of the first issue and of the second."""
    kept = np.arange(len(whole.deployments)) != record
    less = replace(whole, deployments=whole.deployments[kept].reset_index(drop=True))
    if what == "deleted":
        return whole, less
    if what == "added":
        return less, whole
    frame = whole.deployments.copy()
    other = int(drawn.choice(np.flatnonzero(kept)))
    for concept in QUESTIONS:
        values = frame[concept].astype(object).to_numpy(copy=True)
        values[record] = values[other]
        frame[concept] = pd.Categorical(values, frame[concept].cat.categories)
    return replace(whole, deployments=frame), whole


def _publish(answers: Responses, register: Register, folder: Path) -> None:
    tables: list[Estimates] = []
    for concept in DEPLOYMENT:
        tables.append(share(answers, concept, by="edition").named(concept, "t"))
        for by in ("deployment_stage", "compute_cores", "region", "industry"):
            if by != concept:
                table = share(answers, concept, by=["edition", by])
                tables.append(table.named(f"{concept}_by_{by}", "t"))
    made = protect(tables, title="T", edition=EDITIONS[-1], answers=answers, register=register)
    write_tables(made, folder / "tables")


def _guess(
    found: Issues,
    first: list[PublishedTable],
    second: list[PublishedTable],
    whole: Responses,
    record: int,
) -> None:
    counts = [_counts(tables) for tables in (first, second)]
    for concept in QUESTIONS:
        true = whole.deployments[concept].astype(object).iloc[record]
        if pd.isna(true):
            continue
        moved: Counter[str] = Counter()
        usual: Counter[str] = Counter()
        for key, count in counts[1].items():
            table, answer = key[0], key[-1]
            if table == concept:
                usual[answer] += count
            if table.split("_by_")[0] == concept and counts[0].get(key) != count:
                moved[answer] += 1
        margin = usual.most_common(1)[0][0]
        guess = moved.most_common(1)[0][0] if moved else margin
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
