"""What protection costs: time, moved shares and medians, and what published intervals cover.

    python -m tests.attacker.utility [--surveys 200] [--seed 1]

The committed editions for time, groups, sums and medians; surveys drawn from known shares for
coverage.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.disclosure import Register, protect
from survey.disclosure.ledger.register import Printed
from survey.disclosure.perturbation.counts import perturbed
from survey.disclosure.perturbation.rare_answers import Joined
from survey.estimates import Estimates, median, share
from survey.estimates.tabulation import Tabulation
from survey.project import project_answers, read_project
from survey.provenance import Provenance
from survey.responses import AnswerSetArray, Responses
from tests.attacker.committed import BREAKDOWNS, answers_shown, tables_of, utility
from tests.attacker.noise import VARIANCE
from tests.disclosure.surveys import BOOK

BANDED = ("compute_cores", "compute_nodes", "compute_instances")
SHARES = (0.07, 0.12, 0.2, 0.26, 0.35)


class Noting(Register):
    """Keeps the true counts that were perturbed."""

    def __init__(self) -> None:
        super().__init__()
        self.joined: list[Joined] = []

    def perturbed(
        self, joined: Joined, names: Sequence[str], hidden: np.ndarray, least: int = 0
    ) -> Printed:
        self.joined.append(joined)
        return super().perturbed(joined, names, hidden, least)


def cost(tables: list[Estimates], answers: Responses) -> Iterator[tuple[str, float]]:
    """Yield processor seconds for all tables and for half of them."""
    for name, some in (("half of the tables", tables[::2]), ("all tables", tables)):
        times = []
        for _ in range(3):
            start = time.process_time()
            protect(some, title="T", edition=answers.editions[-1], answers=answers)
            times.append(time.process_time() - start)
        yield f"seconds, {name} ({len(some)})", min(times)


def reachable(noted: Noting, seed: int, draws: int = 20) -> Iterator[tuple[str, float]]:
    """Yield how far shares in groups of 30 to 59 move under other noise of the same table.

    Beside the published estimator: the perturbed count over the exact base; the best unbiased
    linear estimate from the perturbed parts and a perturbed base, whose parts would not add up; and
    the best for who knows the exact base, a count less its part of the noise of the sum.
    """
    drawn = np.random.default_rng(seed)
    moves: dict[str, list[np.ndarray]] = {"published": [], "exact base": []}
    moves |= {"best from printed": [], "best, base known": []}
    for joined in noted.joined:
        cells = joined.cells
        rows = np.flatnonzero((cells.base.max(axis=1) >= 30) & (cells.base.max(axis=1) < 60))
        own = cells.elementary
        stands = (~joined.gone & (cells.base > 0) & ~_rare(cells))[np.ix_(rows, own)]
        if not len(rows) or not cells.names or set(cells.names) <= {"edition"}:
            continue
        count, base = cells.count[np.ix_(rows, own)], cells.base[np.ix_(rows, own)]
        exact = np.divide(count, base, out=np.zeros(base.shape), where=stands)
        for _ in range(draws):
            keys = drawn.integers(1, 2**64, cells.count.shape, dtype=np.uint64)
            every = drawn.integers(1, 2**64, cells.count.shape, dtype=np.uint64)
            other = perturbed(_with_keys(cells, keys, every), joined.alone)
            shown, whole = other.count[np.ix_(rows, own)], other.base[np.ix_(rows, own)]
            published = np.divide(shown, whole, out=np.zeros(base.shape), where=whole > 0)
            noise = shown - count
            if cells.exclusive:
                parts = (stands & (count > 0)).sum(axis=1, keepdims=True)
                spread = np.where(
                    count > 0, noise.sum(axis=1, keepdims=True) / np.maximum(parts, 1), 0
                )
            else:
                spread = (noise + (whole - shown) - (base - count)) / 2
            known, of_base = np.maximum(base, 1), drawn.normal(0, VARIANCE**0.5, base.shape)
            parts = parts if cells.exclusive else 2
            pull = -(1 + exact) / (parts + 1)
            printed = noise + pull * spread * parts - (pull + exact) * of_base
            printed = np.where(count > 0, printed, 0)
            for name, moved in (
                ("published", published - exact),
                ("exact base", noise / known),
                ("best from printed", printed / known),
                ("best, base known", (noise - spread) / known),
            ):
                moves[name].append(100 * np.abs(moved[stands]))
    for name, apart in moves.items():
        yield f"groups of 30 to 59, {name}, points", float(np.concatenate(apart).mean())


def _with_keys(cells: Tabulation, keys: np.ndarray, every: np.ndarray) -> Tabulation:
    return replace(cells, count_keys=keys, base_keys=every)


def _rare(cells: Tabulation) -> np.ndarray:
    """Return answers of a multiple choice that few of the edition gave: they are withheld."""
    if cells.exclusive:
        return np.zeros(cells.count.shape, dtype=bool)
    place = cells.names.index("edition")
    editions = np.array([group[place] for group in cells.groups])
    rare = np.zeros(cells.count.shape, dtype=bool)
    for edition in np.unique(editions):
        rare[editions == edition] = cells.count[editions == edition].sum(axis=0) < 5
    return rare


def sums(made: object, tables: list[Estimates]) -> float:
    """Return the largest distance of the sum of a single choice from 1, in steps of rounding."""
    worst = 0.0
    for table in tables:
        if table.several or table.groups != ("edition",):
            continue
        for _, rows in made[table.name].frame.groupby("edition"):  # type: ignore[index]
            values = rows["value"].dropna().to_numpy(dtype=float)
            if len(values):
                worst = max(worst, abs(values.sum() - 1) / (0.005 * len(values)))
    return worst


def medians(answers: Responses) -> float:
    """Return by how much of a band medians move on average, from 120 answers."""
    tables = [
        median(answers, concept, by=by).named(f"{concept} {'_'.join(by)}", "t")
        for concept in BANDED
        for by in [["edition"], *(["edition", name] for name in BREAKDOWNS if name != concept)]
    ]
    made = protect(tables, title="T", edition=answers.editions[-1], answers=answers)
    apart = []
    for table in tables:
        names = [*table.groups]
        both = table.frame.merge(made[table.name].frame, on=names, suffixes=("", "_p"))
        both = both[(both["base"] >= 120) & both["value"].notna() & both["value_p"].notna()]
        for row in both.itertuples():
            width = np.log10(row.upper_bound + 1) - np.log10(max(row.lower_bound, 1))
            moved = abs(np.log10(row.value_p) - np.log10(row.value))
            apart.append(moved / width)
    return float(np.mean(apart))


def coverage(surveys: int, size: int, seed: int, together: float) -> tuple[float, int]:
    """Return which part of published intervals holds the share that answers are drawn from.

    ``together`` is the chance that a cloud answers as the first one of its organization.
    """
    held = shown = 0
    single, several = "deployment_stage", "hypervisors"
    names = BOOK.question(several).labels[: len(SHARES)]
    stages = [
        label
        for label in BOOK.question(single).labels
        if label not in BOOK.question(single).missing_labels
    ]
    for number in range(surveys):
        drawn = np.random.default_rng([seed, size, number])
        chances = drawn.dirichlet(np.full(len(stages), 2.0))
        answers = _survey(drawn, size, chances, stages, names, together)
        tables = [share(answers, name).named(name, "t") for name in (single, several)]
        made = protect(tables, title="T", edition="2019", answers=answers)
        truth = {
            **dict(zip(stages, chances, strict=True)),
            **dict(zip(names, SHARES, strict=True)),
        }
        frame = pd.concat([made[single].frame, made[several].frame])
        frame = frame[frame["value"].notna()]
        p = frame["answer"].map(truth).to_numpy(dtype=float)
        kept = (p >= 0.05) & (p <= 0.95)
        low, high = (frame[name].to_numpy(dtype=float) for name in ("low", "high"))
        held += int(((low <= p) & (p <= high))[kept].sum())
        shown += int(kept.sum())
    return held / shown, shown


def _survey(
    drawn: np.random.Generator,
    size: int,
    chances: np.ndarray,
    stages: Sequence[str],
    names: Sequence[str],
    together: float,
) -> Responses:
    organization = drawn.integers(0, max(8, int(size * 0.7)), size)
    _, first, place = np.unique(organization, return_index=True, return_inverse=True)
    copies = np.where(drawn.random(size) < together, first[place], np.arange(size))
    stage = drawn.choice(len(stages), size, p=chances)[copies]
    chosen = (drawn.random((size, len(names))) < SHARES)[copies]
    base = {"edition": "2019", "organization": [f"org-{n}" for n in organization]}
    people = pd.DataFrame({**base, "respondent": np.arange(1, size + 1), "language": ""})
    people = people.assign(member=people["organization"], created=pd.NaT, edited=pd.NaT)
    clouds = pd.DataFrame(
        {**base, "deployment": np.arange(1, size + 1), "respondent": people["respondent"]}
    )
    for frame in (people, clouds):
        frame["copied"] = False
        frame["record_key"] = drawn.integers(1, 2**64, size, dtype=np.uint64)
    clouds["deployment_stage"] = pd.Categorical.from_codes(stage, list(stages))
    lists = [
        [n for n, yes in zip(names, row, strict=True) if yes]
        or [BOOK.question("hypervisors").labels[6]]
        for row in chosen
    ]
    labels = BOOK.question("hypervisors").labels
    clouds["hypervisors"] = AnswerSetArray.from_lists(lists, tuple(labels))
    empty = pd.DataFrame()
    return Responses(people, clouds, BOOK, empty, empty, Provenance(codebook=("2019",)))


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--surveys", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    answers = project_answers(read_project(".")).answers
    tables = tables_of(answers)
    noted = Noting()
    made = protect(tables, title="T", edition=answers.editions[-1], answers=answers, register=noted)
    found = [
        *cost(tables, answers),
        *utility(tables, made).items(),
        ("answers in shown groups, %", answers_shown(tables, made)),
        *reachable(noted, options.seed),
        ("sum of a single choice from 1, of its rounding", sums(made, tables)),
        ("medians from 120 answers, bands", medians(answers)),
    ]
    for size in (40, 120, 400):
        for together in (0.0, 0.4):
            part, shown = coverage(options.surveys, size, options.seed, together)
            found.append((f"coverage at {size}, alike {together} ({shown}), %", 100 * part))
    for name, value in found:
        print(f"{name:<52} {value:10.2f}")


if __name__ == "__main__":
    main()
