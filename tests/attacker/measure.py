"""Attack many protected surveys and say what came out.

    python -m tests.attacker.measure --surveys 1000 --seed 1 [--first 0] [--cells 4] [--insiders 2]

Each survey is invented, protected through the public interface, written to a folder, and
attacked from that folder alone. Whether three values are left is asked of every small count.
Survey number n of a seed is the same in every run, so that several processes can share the work:
``--first 0 --surveys 500`` and ``--first 500 --surveys 500``. A run that is stopped says what it
has found so far.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.disclosure import protect
from survey.estimates import Estimates, compare, median, nps, share, share_where
from survey.publish import write_tables
from survey.responses import Responses
from tests.attacker.bounds import MANY, System, noisy_system_of
from tests.attacker.noise import LARGEST
from tests.attacker.posterior import guesses
from tests.attacker.reading import Key, PublishedTable, read_folder
from tests.attacker.truth import true_counts
from tests.attacker.unions import add_unions
from tests.attacker.witness import WIDTH, narrow_counts
from tests.disclosure.surveys import BOOK, CONCEPTS, DEPLOYMENT, GROUPS, invented

__all__ = ["Found", "attack", "attack_many", "attack_tables", "print_found", "stopping"]

NEARLY = "nearly"
SELECTING = (*DEPLOYMENT, "industry", "organization_size")


@dataclass
class Found:
    """What an attack gave, over small cells: true counts of 1 to 6."""

    small: int = 0
    bounded: int = 0
    narrow: int = 0
    exact: int = 0
    wrong: int = 0
    loosened: int = 0
    guessed: int = 0
    sure: int = 0
    very_sure: int = 0
    sure_and_wrong: int = 0
    sure_of_some: int = 0
    insiders: int = 0
    insider_narrow: int = 0
    insider_guessed: int = 0
    insider_sure: int = 0

    def __add__(self, other: Found) -> Found:
        return Found(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


def attack(
    answers: Responses, drawn: np.random.Generator, cells: int, share_of: float, insiders: int
) -> Found:
    """Protect random tables of some answers, and attack what was written."""
    tables = random_tables(answers, drawn, share_of)
    made = protect(tables, title="T", edition=answers.editions[-1], answers=answers)
    with tempfile.TemporaryDirectory() as folder:
        write_tables(made, Path(folder) / "tables")
        return attack_folder(Path(folder), answers, drawn, cells, insiders)


def random_tables(
    answers: Responses, drawn: np.random.Generator, share_of: float
) -> list[Estimates]:
    """Return tables of every question, random breakdowns, selections and statistics."""
    tables = []
    for concept in CONCEPTS:
        tables.append(share(answers, concept, by="edition").named(concept, "t"))
        for by in GROUPS:
            if by != concept and drawn.random() < share_of:
                name = f"{concept}_by_{by}"
                tables.append(share(answers, concept, by=["edition", by]).named(name, "t"))
    for number in range(int(drawn.integers(0, 4))):
        tables += _selected(answers, drawn, number)
    if NEARLY in answers.concepts:
        for concept in drawn.choice(DEPLOYMENT, 3, replace=False).tolist():
            table = share(answers, concept, by=["edition", NEARLY])
            tables.append(table.named(f"{concept}_by_{NEARLY}", "t"))
    return tables + _statistics(answers, drawn)


def with_nearly(answers: Responses, drawn: np.random.Generator) -> Responses:
    """Add a variable that nearly is a group of another question, or everybody."""
    by = str(drawn.choice(["deployment_stage", "compute_cores", "deployment_type"]))
    given = answers.deployments[by].astype(object)
    label = drawn.choice([*given.dropna().unique(), None])
    inside = np.ones(len(given), dtype=bool) if label is None else (given == label).to_numpy(bool)
    others = drawn.choice(len(given), min(len(given), int(drawn.integers(1, 26))), replace=False)
    inside = inside ^ np.isin(np.arange(len(given)), others)
    flags = pd.Series(inside, answers.deployments.index)
    return answers.derive(NEARLY, flags, labels={True: "Yes", False: "No"})


def _selected(answers: Responses, drawn: np.random.Generator, number: int) -> list[Estimates]:
    """Return a question about the clouds of those who gave one or two answers to another."""
    by = drawn.choice(SELECTING)
    concept = drawn.choice([name for name in DEPLOYMENT if name != by])
    labels = [a for a in BOOK.question(by).labels if a not in BOOK.question(by).missing_labels]
    picked = sorted(drawn.choice(labels, int(drawn.integers(1, 3)), replace=False))
    chosen = answers.where(**{by: [str(label) for label in picked]})
    if not len(chosen.deployments):
        return []
    return [share(chosen, str(concept), by="edition").named(f"selected_{number}", "t")]


def _statistics(answers: Responses, drawn: np.random.Generator) -> list[Estimates]:
    """Return statistics that are no shares: all follow from perturbed counts."""
    every: list[Callable[[], Estimates]] = [
        lambda: nps(answers, by="edition"),
        lambda: nps(answers, by=["edition", "region"]),
        lambda: median(answers, "compute_cores", by="edition"),
        lambda: share(answers, "hypervisors", by="edition", top=4),
        lambda: share_where(answers, at_most={"compute_cores": 999}, by="edition"),
    ]
    if len(answers.editions) > 1:
        earlier, later = answers.editions[-2:]
        every += [
            lambda: compare(answers, "hypervisors", earlier, later),
            lambda: compare(answers, "deployment_stage", earlier, later),
        ]
    picked = [make for make in every if drawn.random() < 0.4]
    return [make().named(f"statistic_{number}", "t") for number, make in enumerate(picked)]


def attack_folder(
    folder: Path, answers: Responses, drawn: np.random.Generator, cells: int, insiders: int = 0
) -> Found:
    """Attack one written folder; ``cells`` small counts get exact bounds."""
    return attack_tables(read_folder(folder), answers, drawn, cells, insiders)


def attack_tables(
    known: list[PublishedTable],
    answers: Responses,
    drawn: np.random.Generator,
    cells: int,
    insiders: int = 0,
) -> Found:
    """Attack everything that was read; ``cells`` small counts get exact bounds."""
    truth = true_counts(answers, known)
    shown = {
        cell.key
        for table in known
        for cell in table.cells
        if cell.status in ("ok", "imprecise", "below", "above") and cell.key in truth
    }
    small = sorted((key for key in shown if 1 <= truth[key] <= 6), key=str)
    asked = [small[place] for place in drawn.permutation(len(small))[:cells]]
    system, loosened = _solvable(known)
    narrow = narrow_counts(system, small)
    exact = system.bounds(asked) | narrow
    found = Found(small=len(small), bounded=len(small), loosened=loosened)
    found.narrow = sum(high - low + 1 < WIDTH for low, high in narrow.values())
    found.exact = sum(high == low for low, high in narrow.values())
    found.wrong = sum(not low <= truth[key] <= high for key, (low, high) in exact.items())
    found.wrong += sum(not system.low[key] <= truth[key] <= system.high[key] for key in small)
    inside = set(small)
    for guess in guesses(known):
        if guess.key in inside:
            found.guessed += 1
            right = guess.count == truth[guess.key]
            found.sure += right and guess.chance > 0.9
            found.very_sure += right and guess.chance > 0.99
            found.sure_and_wrong += not right and guess.chance > 0.9
    found.sure_of_some = sum(
        guess.chance > 0.9 and guess.count == truth[guess.key]
        for guess in guesses(known, knows_some=True)
        if guess.key in inside
    )
    for key in asked[:insiders]:
        found = found + _by_insiders(answers, known, truth, key, system)
    return found


def _solvable(known: list[PublishedTable]) -> tuple[System, bool]:
    """Return the system of what was published; with larger noise where else it contradicts itself.

    An organization with more clouds than small noise hides has larger noise.
    """
    system = _system(known, LARGEST)
    try:
        narrow_counts(system, [next(iter(part)) for part in system.parts()])
    except ValueError:
        return _system(known, 3 * LARGEST), True
    return system, False


def _system(known: list[PublishedTable], reach: int) -> System:
    system = noisy_system_of(known, reach)
    add_unions(system, {table.concept: table.several for table in known})
    return system


def _by_insiders(
    answers: Responses,
    known: list[PublishedTable],
    truth: dict[Key, int],
    key: Key,
    outside: System,
) -> Found:
    """Let the largest organization of a count, and the largest two together, look for the rest."""
    found = Found()
    cell = [table for table in known if any(each.key == key for each in table.cells)][:1]
    organizations = answers.frame(Unit(key[1]))["organization"].unique()
    in_cell = {name: true_counts(answers, cell, frozenset({name}))[key] for name in organizations}
    ordered = sorted((name for name in in_cell if in_cell[name]), key=lambda n: -in_cell[n])
    for names in (ordered[:1], ordered[:2]):
        own = true_counts(answers, known, frozenset(names))
        if not 1 <= truth[key] - own[key] <= 6:
            continue
        system = System(dict(outside.low), dict(outside.high), outside.sums)
        for each, count in own.items():
            system.know(each, count, MANY)
        (bound,) = system.bounds([key]).values()
        found.insiders += 1
        found.insider_narrow += bound[1] - bound[0] + 1 < WIDTH
        for guess in guesses(known, own=own):
            if guess.key == key:
                found.insider_guessed += 1
                found.insider_sure += guess.chance > 0.9 and guess.count == truth[key]
                break
    return found


def attack_many(
    surveys: int, seed: int, cells: int, insiders: int = 0, first: int = 0
) -> Iterator[Found]:
    """Attack invented surveys of 40, 120 and 400 respondents and one to three editions."""
    for number in range(first, first + surveys):
        drawn = np.random.default_rng([seed, number])
        size = int(drawn.choice([40, 120, 400]))
        editions = ("2017", "2018", "2019")[: int(drawn.integers(1, 4))]
        answers = invented(size, int(drawn.integers(2**31)), editions)
        if drawn.random() < 0.4 and len(answers.deployments):
            answers = with_nearly(answers, drawn)
        yield attack(answers, drawn, cells, float(drawn.uniform(0.2, 1)), insiders)


def stopping() -> None:
    """Let a run that is stopped by a signal say what it has found so far."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def print_found(found: Found) -> None:
    """Print what came out, a line for each number."""
    for name, value in vars(found).items():
        print(f"{name:>15} {int(value):>9,}", flush=True)


def main() -> None:
    """Attack as many surveys as asked, and print what came out."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--surveys", type=int, default=10)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="number of the first survey")
    asked.add_argument("--cells", type=int, default=4, help="counts with exact bounds, per survey")
    asked.add_argument("--insiders", type=int, default=2, help="of these, counts for insiders")
    options = asked.parse_args()
    stopping()
    start, total, done = time.process_time(), Found(), 0
    try:
        for found in attack_many(
            options.surveys, options.seed, options.cells, options.insiders, options.first
        ):
            total, done = total + found, done + 1
            if done % 50 == 0:
                said = f"{done} surveys, {total.narrow} of {total.bounded:,} narrow"
                print(f"{said}, {time.process_time() - start:.0f} s", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("stopped")
    last = options.first + done - 1
    print(
        f"surveys {options.first} to {last}, seed {options.seed}: "
        f"{time.process_time() - start:.0f} s"
    )
    print_found(total)


if __name__ == "__main__":
    main()
