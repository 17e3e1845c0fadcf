"""How often the intervals of banded answers cover the truth, by simulation.

Clouds of made-up organizations get true numbers of cores, nodes and people; the survey sees
bands. Each interval is asked whether it covers the truth:

- a quantile and a ratio: the quantile of the population that the clouds were drawn from;
- a total: the true sum over the clouds that answered; and, to show that it is another
  question, the sum that as many clouds have on average in the population;
- hard bounds: the truth among those who answered, always.

``make calibration`` writes the table to ``calibration/results/bands.csv``; the same numbers every
time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import read_codebook
from survey.estimates import association, quantile, ratio, total
from survey.estimates.shares.concordance import rank_measures
from survey.provenance import Provenance
from survey.responses import Responses

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

EDITION = "2023"
SIZES = (40, 100, 300, 1000)
SHARED = 0.4  # correlation of the normal scores of two clouds of one organization
CODEBOOK = read_codebook()
QUANTILES = (0.25, 0.5, 0.9)


@dataclass(frozen=True)
class World:
    """A population of clouds: name, and cores as a function of a standard normal score."""

    name: str
    cores: Callable[[Floats], Floats]
    mean: float


def _lognormal(z: Floats) -> Floats:
    return np.exp(np.log(900) + 2.8 * z)


def _weibull(z: Floats) -> Floats:
    from scipy.special import ndtr

    return 6000.0 * (-np.log(ndtr(-z))) ** 2.4


def _mixed(z: Floats) -> Floats:
    """Return cores of a world of small and of large clouds: no family is right."""
    from scipy.special import ndtr, ndtri

    logs = np.linspace(-3.0, 25.0, 20_001)
    small, large = ndtr((logs - np.log(150)) / 1.8), ndtr((logs - np.log(20_000)) / 2.0)
    return np.exp(np.interp(z, ndtri(0.6 * small + 0.4 * large), logs))


def _mean(cores: Callable[[Floats], Floats]) -> float:
    z = np.linspace(-8.5, 8.5, 400_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return float((cores(z) * density).sum() * (z[1] - z[0]))


WORLDS: Mapping[str, World] = MappingProxyType(
    {
        name: World(name, cores, _mean(cores))
        for name, cores in (
            ("lognormal", _lognormal),
            ("weibull", _weibull),
            ("mixed", _mixed),
        )
    }
)


@dataclass(frozen=True)
class Drawn:
    """Clouds that answered: true numbers, and what the survey knows of them."""

    cores: Floats
    nodes: Floats
    answers: Responses


def draw(world: World, size: int, random: np.random.Generator) -> Drawn:
    """Return ``size`` clouds that answered."""
    owner, numbers = draw_numbers(world, size, random)
    return Drawn(numbers["compute_cores"], numbers["compute_nodes"], _as_answers(owner, numbers))


def draw_numbers(
    world: World, size: int, random: np.random.Generator
) -> tuple[Ints, dict[str, Floats]]:
    """Return true numbers of clouds, of organizations that run 1.5 clouds each on average."""
    run = random.geometric(1 / 1.5, size=size)
    owner = np.repeat(np.arange(size), run)[:size]

    def score() -> Floats:
        together = random.normal(size=size)[owner]
        return np.sqrt(SHARED) * together + np.sqrt(1 - SHARED) * random.normal(size=size)

    z = score()
    logs = {
        "compute_nodes": np.log(25) + 2.0 * (0.9 * z + np.sqrt(0.19) * score()),
        "team_size": np.log(4) + 0.4 * z + 0.7 * score(),
    }
    numbers = {"compute_cores": world.cores(z)} | {name: np.exp(log) for name, log in logs.items()}
    return owner, {name: np.maximum(np.ceil(each), 1) for name, each in numbers.items()}


def codes_of(concept: str, values: Floats) -> Ints:
    """Return the position of the band that holds each number."""
    lows = [band.low for band in CODEBOOK.question(concept, EDITION).bands.values()]
    return np.searchsorted(lows, values, side="right") - 1


def _as_answers(owner: Ints, numbers: Mapping[str, Floats]) -> Responses:
    keys = {"edition": EDITION, "respondent": owner, "organization": owner.astype(str)}
    deployments = pd.DataFrame({**keys, "deployment": np.arange(len(owner)), "copied": False})
    for concept, values in numbers.items():
        labels = list(CODEBOOK.question(concept, EDITION).bands)
        codes = codes_of(concept, values)
        deployments[concept] = pd.Categorical.from_codes(codes, labels, ordered=True)
    respondents = deployments[list(keys)].drop_duplicates("respondent").assign(copied=False)
    nothing = pd.DataFrame()
    return Responses(
        respondents.reset_index(drop=True),
        deployments,
        CODEBOOK,
        nothing,
        nothing,
        Provenance(codebook=(EDITION,)),
    )


@dataclass
class Tally:
    """Counts of what an interval did."""

    asked: int = 0
    below: int = 0  # truth below the interval
    above: int = 0
    length: list[float] = field(default_factory=list)

    def add(self, low: float, high: float, truth: float) -> None:
        """Count one interval; an open end covers all that lies beyond."""
        top = np.inf if np.isnan(high) else high
        self.asked += 1
        self.below += int(truth < low * (1 - 1e-12))
        self.above += int(truth > top * (1 + 1e-12))
        if np.isfinite(top) and low > 0:
            self.length.append(float(np.log10(top / low)))

    def row(self) -> dict[str, float]:
        """Return the tally as columns."""
        missed = self.below + self.above
        return {
            "simulations": self.asked,
            "coverage": round(1 - missed / self.asked, 4),
            "truth_below": round(self.below / self.asked, 4),
            "truth_above": round(self.above / self.asked, 4),
            "median_length_log10": round(float(np.median(self.length)), 3) if self.length else "",
        }


def positions(world: World, size: int, times: int) -> Iterator[dict[str, object]]:
    """Yield the coverage of quantiles, their edges and their hard bounds."""
    random = np.random.default_rng([1, size, len(world.name)])
    tallies = {(q, kind): Tally() for q in QUANTILES for kind in ("interval", "edges", "bounds")}
    truth = _quantiles(world)
    for _ in range(times):
        drawn = draw(world, size, random)
        frame = quantile(drawn.answers, "compute_cores", QUANTILES).frame
        for place, q in enumerate(QUANTILES):
            row = frame.iloc[place]
            tallies[q, "interval"].add(row["low"], row["high"], truth[q])
            tallies[q, "edges"].add(row["low_edge"], row["high_edge"], truth[q])
            own = float(np.quantile(drawn.cores, q, method="inverted_cdf"))
            tallies[q, "bounds"].add(row["lower_bound"], row["upper_bound"], own)
    for (q, kind), tally in tallies.items():
        yield {"statistic": f"quantile {q:g}", "interval": kind, **tally.row()}


def _quantiles(world: World) -> dict[float, float]:
    from scipy.special import ndtri

    return {q: float(np.ceil(world.cores(np.asarray(ndtri(q))))) for q in QUANTILES}


def totals(world: World, model: str, size: int, times: int) -> Iterator[dict[str, object]]:
    """Yield the coverage of the total's intervals and hard bounds."""
    random = np.random.default_rng([2, size, len(world.name), len(model)])
    kinds = ("interval", "given the answers", "bounds", "interval, of the population's mean")
    tallies = {kind: Tally() for kind in kinds}
    for _ in range(times):
        drawn = draw(world, size, random)
        row = total(drawn.answers, "compute_cores", family=model, replicates=400).frame.iloc[0]
        truth = float(drawn.cores.sum())
        tallies[kinds[0]].add(row["draw_low"], row["draw_high"], truth)
        tallies[kinds[1]].add(row["low"], row["high"], truth)
        tallies[kinds[2]].add(row["lower_bound"], row["upper_bound"], truth)
        tallies[kinds[3]].add(row["draw_low"], row["draw_high"], size * world.mean)
    for kind, tally in tallies.items():
        yield {"statistic": f"total ({model})", "interval": kind, **tally.row()}


def relations(world: World, size: int, times: int) -> Iterator[dict[str, object]]:
    """Yield the coverage of the median ratio and of the rank association."""
    random = np.random.default_rng([3, size])
    true_ratio, true_tau = _true_relations(world)
    tallies = {"ratio": Tally(), "bounds": Tally(), "tau": Tally()}
    for _ in range(times):
        drawn = draw(world, size, random)
        row = ratio(drawn.answers, "compute_cores", "compute_nodes", replicates=300).frame.iloc[0]
        tallies["ratio"].add(row["low"], row["high"], true_ratio)
        own = float(np.median(drawn.cores / drawn.nodes))
        tallies["bounds"].add(row["lower_bound"], row["upper_bound"], own)
        found = association(drawn.answers, "compute_cores", "team_size").frame.iloc[0]
        tallies["tau"].add(found["low"], found["high"], true_tau)
    yield {"statistic": "ratio, median", "interval": "interval", **tallies["ratio"].row()}
    yield {"statistic": "ratio, median", "interval": "bounds", **tallies["bounds"].row()}
    yield {"statistic": "Kendall's tau-b", "interval": "interval", **tallies["tau"].row()}


@cache
def _true_relations(world: World) -> tuple[float, float]:
    """Return the median ratio and the rank association of the population, from many clouds."""
    _, numbers = draw_numbers(world, 1_000_000, np.random.default_rng(4))
    cores, team = (
        codes_of(concept, numbers[concept]) for concept in ("compute_cores", "team_size")
    )
    table = np.zeros((cores.max() + 1, team.max() + 1))
    np.add.at(table, (cores, team), 1)
    less = [np.triu(np.ones((each, each)), 1) for each in table.shape]
    tau = rank_measures(table, less[0], less[1])[0]
    return float(np.median(numbers["compute_cores"] / numbers["compute_nodes"])), float(tau)


def calibrate() -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table of all worlds and sizes."""
    yield "bands", pd.DataFrame(_rows(1.0))


def _rows(scale: float) -> Iterator[dict[str, object]]:
    for size in SIZES:
        for world in WORLDS.values():
            for row in _of_world(world, size, scale):
                yield {"world": world.name, "clouds": size, **row}


def _of_world(world: World, size: int, scale: float) -> Iterator[dict[str, object]]:
    yield from positions(world, size, int(1000 * scale))
    models = ("weibull", "lognormal") if world.name == "weibull" else ("lognormal",)
    for model in models:
        yield from totals(world, model, size, int(300 * scale))
    if world.name == "lognormal":
        yield from relations(world, size, int(300 * scale))
