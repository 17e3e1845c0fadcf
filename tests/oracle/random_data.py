"""Draw data sets of every awkward shape: ``python random_data.py FILE CASES``.

One row per unit: ``case``, ``cluster``, ``weight``, ``group`` (of three, the last of few units),
``band`` of a number, and ``answer_1`` to ``answer_8``: 1, 0, or empty where the unit gave no
answer or the question has fewer. Questions have one answer or several; clusters are alone, in
pairs, of Zipf's sizes, with a giant, or one. Seeds are those of the cases, so that a longer run
begins with the shorter one.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

ANSWERS = 8
EDGES = np.array([0.0, 1, 10, 100, 1000, 10_000, np.inf])
SHAPES = ("alone", "pairs", "zipf", "giant", "one")
_WEIGHTS_OF_SHAPES = (0.25, 0.25, 0.25, 0.2, 0.05)


def case(number: int) -> pd.DataFrame:
    """Return the units of one case."""
    random = np.random.default_rng([20261129, number])
    units = round(float(np.exp(random.uniform(np.log(5), np.log(2000)))))
    cluster = clusters(str(random.choice(SHAPES, p=_WEIGHTS_OF_SHAPES)), units, random)
    taste = random.random((int(cluster.max()) + 1, ANSWERS + 1))
    alike = random.random((units, ANSWERS + 1)) < random.uniform(0, 0.9)
    own = np.where(alike, taste[cluster], random.random((units, ANSWERS + 1)))
    group = np.searchsorted([0.55, 0.95], random.random(units)) + 1
    logs = 4 + 0.8 * (group == 2) + random.normal(size=units) + 3 * (own[:, -1] - 0.5)
    frame = pd.DataFrame(
        {
            "case": number,
            "cluster": cluster,
            "weight": weights(units, random),
            "group": group,
            "band": np.searchsorted(EDGES, np.exp(logs), side="right") - 1,
        }
    )
    return frame.join(answers(own[:, :-1], random))


def clusters(shape: str, units: int, random: np.random.Generator) -> np.ndarray:
    """Return the cluster of each unit, in random order."""
    if shape == "one":
        return np.zeros(units, dtype=int)
    if shape == "pairs":
        return random.permutation(np.arange(units) // 2)
    alone = np.arange(units)
    if shape == "giant":
        alone = np.maximum(alone - units // 3, 0)
    if shape == "zipf":
        sizes = np.maximum(np.round(units / 5 / np.arange(1, units + 1)), 1).astype(int)
        alone = np.repeat(np.arange(units), sizes)[:units]
    return random.permutation(alone)


def weights(units: int, random: np.random.Generator) -> np.ndarray:
    """Return equal weights, or unequal ones: at times very."""
    spread = random.choice([0.0, 0.3, 1.2])
    return np.round(np.exp(spread * random.normal(size=units)), 4)


def answers(own: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    """Return the answers to a question with one answer or several; some are never given."""
    offered = int(random.integers(1, ANSWERS + 1))
    shares = random.beta(0.7, 1.4, size=offered) * (random.random(offered) > 0.1)
    chosen = own[:, :offered] < shares
    if random.random() < 0.5:  # one answer: the first of those chosen, else the last
        first = np.where(chosen.any(axis=1), chosen.argmax(axis=1), offered - 1)
        chosen = first[:, None] == np.arange(offered)
    answered = chosen.any(axis=1) & (random.random(len(own)) > random.choice([0.0, 0.1, 0.6]))
    given = np.full((len(own), ANSWERS), np.nan)
    given[:, :offered] = np.where(answered[:, None], chosen, np.nan)
    table = pd.DataFrame(given, columns=[f"answer_{place + 1}" for place in range(ANSWERS)])
    return table.assign(offered=offered)


if __name__ == "__main__":
    drawn = pd.concat([case(number) for number in range(int(sys.argv[2]))])
    drawn.to_csv(sys.argv[1], index=False, float_format="%.17g", lineterminator="\n")
