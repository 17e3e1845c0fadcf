"""How far published totals are from exact ones, and what their intervals hold.

    python -m tests.attacker.totals [--draws 40] [--seed 0]

Totals of compute cores of the committed editions with noise of other keys, and of invented surveys
of six editions in worlds that the model of totals was not chosen for.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from survey.disclosure.perturbation.counts import perturbed
from survey.disclosure.perturbation.noise import VARIANCE, chance_table
from survey.disclosure.published_digits import rounded
from survey.estimates import Estimates, tabulate_again, total
from survey.estimates.statistic import Noise
from survey.estimates.tabulation import Tabulation
from survey.project import project_answers, read_project
from survey.topics.headline import CORES, PRODUCTION, STAGE

EDITIONS, SHOWN = 6, 20
NOISE = Noise(VARIANCE, 1.5, 0.95, chance_table())
Sizes = Callable[[np.random.Generator, float, int], np.ndarray]
WORLDS: dict[str, Sizes] = {
    "lognormal": lambda drawn, drift, size: np.exp(drawn.normal(6.6 + drift, 2.9, size)),
    "Weibull": lambda drawn, drift, size: np.exp(7.3 + drift) * drawn.weibull(0.33, size),
    "power law": lambda drawn, drift, size: 30 * np.exp(drift) * (drawn.pareto(0.5, size) + 1),
}


def with_keys(cells: Tabulation, drawn: np.random.Generator) -> Tabulation:
    """Return the same counts of other records."""
    keys = (drawn.integers(1, 2**63, cells.count.shape, dtype=np.uint64) for _ in range(2))
    count, base = (each * (cells.count > 0).astype(np.uint64) for each in keys)
    return replace(cells, count_keys=count, base_keys=base)


def invented(cells: Tabulation, sizes: Sizes, size: int, drawn: np.random.Generator) -> Tabulation:
    """Return counts of bands of invented editions, whose sizes drift."""
    assert cells.bands is not None
    drift = drawn.normal(0, 0.2, EDITIONS).cumsum()
    numbers = [np.clip(np.floor(sizes(drawn, each, size)), 1, 8e6) for each in drift]
    edges = np.append(cells.bands.low, np.inf)
    count = np.array([np.histogram(each, edges)[0] for each in numbers])
    base = np.full(count.shape, size)
    return replace(cells.with_counts(count, base), largest=np.minimum(count, 1))


def published(table: Estimates, true: Tabulation) -> np.ndarray:
    """Return rows of exact, formerly published, published, printed total and limits, printed."""
    statistic, arguments = table.statistic, table.arguments
    assert statistic is not None
    assert statistic.public is not None
    assert arguments is not None
    shown = perturbed(true)
    exact, before, value = (
        np.asarray(statistic.point(cells, arguments).value, dtype=float)[:, 0]
        for cells in (true, shown, statistic.public.expected(shown, NOISE))
    )
    low, high = (
        np.asarray(each)[:, 0] for each in statistic.public.limits(shown, arguments, NOISE)
    )
    printed = rounded({"value": value, "low": low, "high": high}, statistic, 2)
    ends = (np.asarray(printed[name], dtype=float) for name in ("value", "low", "high"))
    rows = np.column_stack([exact, before, value, *ends])
    enough = (true.base.max(axis=1) >= SHOWN) & (shown.base.max(axis=1) >= SHOWN)
    return np.asarray(rows[enough])


def draws(options: argparse.Namespace) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what is added up, and its totals over many draws of the noise."""
    answers = project_answers(read_project(".")).answers
    table = total(answers, CORES, "edition", replicates=100)
    staged = total(answers, CORES, ["edition", STAGE], replicates=100, one_per_cloud=True)
    (cells,), (stages,) = tabulate_again(table), tabulate_again(staged)
    random = [np.random.default_rng([options.seed, draw]) for draw in range(options.draws)]
    yield (
        "committed editions",
        np.concatenate([published(table, with_keys(cells, drawn)) for drawn in random]),
    )
    produced = [place for place, group in enumerate(stages.groups) if PRODUCTION in group]
    only = np.isin(np.arange(len(stages.groups)), produced)
    every = [published(staged, with_keys(stages, drawn)) for drawn in random]
    exact = np.asarray(staged.frame["value"], dtype=float)
    shown = np.concatenate(every)
    yield "the same, in production", shown[np.isin(shown[:, 0], exact[only])]
    for name, sizes in WORLDS.items():
        for size in (120, 330):
            made = (with_keys(invented(cells, sizes, size, drawn), drawn) for drawn in random)
            yield f"{name}, {size} clouds", np.concatenate([published(table, own) for own in made])


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", type=int, default=40)
    asked.add_argument("--seed", type=int, default=0)
    for name, rows in draws(asked.parse_args()):
        exact, before, value, printed, low, high = rows.T
        said = [f"{name:<24} {len(rows):>5}"]
        for each in (before, value, printed):
            least, middle, most = np.quantile(each / exact, [0.05, 0.5, 0.95])
            near = (np.abs(np.log(each / exact)) <= np.log(1.4)).mean()
            said.append(f"{middle:.2f} ({least:.2f} to {most:.2f}) {100 * near:.0f} %")
        held = ((low <= exact) & (exact <= high)).mean()
        inside = ((low <= printed) & (printed <= high)).mean()
        said.append(f"holds {100 * held:.1f} %, inside {100 * inside:.0f} %")
        print(" | ".join(said), flush=True)


if __name__ == "__main__":
    main()
