"""Attack many protected surveys and say what came out.

    python -m tests.attacker.measure --surveys 20 --seed 1 [--cells 40]

Each survey is invented, protected through the public interface, written to a folder, and
attacked from that folder alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from survey.disclosure import protect
from survey.estimates import share
from survey.publish import write_tables
from survey.responses import Responses
from tests.attacker.bounds import noisy_system_of
from tests.attacker.noise import LARGEST
from tests.attacker.posterior import guesses
from tests.attacker.reading import read_folder
from tests.attacker.truth import true_counts
from tests.disclosure.surveys import CONCEPTS, GROUPS, invented

__all__ = ["Found", "attack", "attack_many"]


@dataclass
class Found:
    """What an attack gave, over small cells: true counts of 1 to 6."""

    small: int = 0
    bounded: int = 0
    narrow: int = 0
    wrong: int = 0
    loosened: int = 0
    guessed: int = 0
    sure: int = 0
    very_sure: int = 0
    sure_and_wrong: int = 0
    sure_of_some: int = 0

    def __add__(self, other: Found) -> Found:
        return Found(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


def attack(answers: Responses, drawn: np.random.Generator, cells: int, share_of: float) -> Found:
    """Protect random tables of some answers, and attack what was written."""
    tables = []
    for concept in CONCEPTS:
        tables.append(share(answers, concept, by="edition").named(concept, "t"))
        for by in GROUPS:
            if by != concept and drawn.random() < share_of:
                name = f"{concept}_by_{by}"
                tables.append(share(answers, concept, by=["edition", by]).named(name, "t"))
    made = protect(tables, title="T", edition=answers.editions[-1], answers=answers)
    with tempfile.TemporaryDirectory() as folder:
        write_tables(made, Path(folder) / "tables")
        return attack_folder(Path(folder), answers, drawn, cells)


def attack_folder(
    folder: Path, answers: Responses, drawn: np.random.Generator, cells: int
) -> Found:
    """Attack one written folder; ``cells`` small cells get exact bounds."""
    known = read_folder(folder)
    truth = true_counts(answers, known)
    shown = {
        cell.key
        for table in known
        for cell in table.cells
        if cell.status in ("ok", "imprecise", "below", "above")
    }
    small = sorted((key for key in shown if 1 <= truth[key] <= 6), key=str)
    found = Found(small=len(small))
    order = drawn.permutation(len(small))[:cells]
    asked = [small[place] for place in order]
    try:
        bounds = noisy_system_of(known).bounds(asked)
    except ValueError:  # an organization with more clouds than small noise hides
        found.loosened += 1
        bounds = noisy_system_of(known, 3 * LARGEST).bounds(asked)
    found.bounded = len(bounds)
    found.narrow = sum(high - low + 1 < 3 for low, high in bounds.values())
    found.wrong = sum(not low <= truth[key] <= high for key, (low, high) in bounds.items())
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
    return found


def attack_many(surveys: int, seed: int, cells: int) -> Found:
    """Attack invented surveys of 40, 120 and 400 respondents and one to three editions."""
    total = Found()
    for number in range(surveys):
        drawn = np.random.default_rng([seed, number])
        size = int(drawn.choice([40, 120, 400]))
        editions = ("2017", "2018", "2019")[: int(drawn.integers(1, 4))]
        answers = invented(size, int(drawn.integers(2**31)), editions)
        total = total + attack(answers, drawn, cells, float(drawn.uniform(0.2, 1)))
    return total


def main() -> None:
    """Attack as many surveys as asked, and print what came out."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--surveys", type=int, default=10)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--cells", type=int, default=40, help="cells with exact bounds, per survey")
    options = asked.parse_args()
    start = time.process_time()
    found = attack_many(options.surveys, options.seed, options.cells)
    print(f"{options.surveys} surveys, seed {options.seed}: {time.process_time() - start:.0f} s")
    for name, value in vars(found).items():
        print(f"{name:>12} {value:>8,}")


if __name__ == "__main__":
    main()
