"""Which model of what lies inside the bands comes closest to the true total, by simulation.

Samples of 150 clouds in five made-up worlds; the survey sees the bands of ``compute_cores``.
For each way to model a total: its ratio to the truth (median over the samples) and the root
mean square of the logarithm, base 10, of that ratio, with Monte Carlo error.

``make calibration`` writes the table to ``calibration/results/totals.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import read_codebook
from survey.estimates.numbers.filling import FILLINGS, fill
from survey.estimates.numbers.models import FAMILIES
from survey.estimates.tabulation.banded_answers import Cells, reach_of

Floats = npt.NDArray[np.float64]

CLOUDS, SAMPLES = 150, 2000
MODELS: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        **{f"{name}, own tail": (name, "model") for name in FAMILIES},
        **{f"{name}, power law at the top": (name, "pareto") for name in FILLINGS[:-1]},
        "the default": ("average", None),
        "average, own tails": ("average", "model"),
        "log-uniform, power law at the top": ("pareto", "pareto"),
    }
)


def _lognormal(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return np.exp(np.log(900) + 2.6 * random.normal(size=shape))


def _heavy_tail(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return a lognormal body with a power law above 20,000 cores, up to 20 million."""
    body = np.exp(np.log(900) + 2.2 * random.normal(size=shape))
    tail = np.minimum(2e4 * random.random(shape) ** (-1 / 0.9), 2e7)
    return np.where(body > 2e4, tail, body)


def _giants(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return middling clouds and, in every sample, three giants of one to some ten million."""
    sizes = np.exp(np.log(700) + 2.0 * random.normal(size=shape))
    known = np.array([6.9e6, 4e6, 1e6]) * np.exp(0.3 * random.normal(size=(shape[0], 3)))
    sizes[:, :3] = np.maximum(known, 1e6)
    return sizes


def _weibull(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return 6000 * random.exponential(size=shape) ** 2.4


def _two_kinds(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return six small test clouds to four large ones: no family is right."""
    small = np.exp(np.log(150) + 1.8 * random.normal(size=shape))
    large = np.exp(np.log(20_000) + 2.0 * random.normal(size=shape))
    return np.where(random.random(shape) < 0.6, small, large)


WORLDS: Mapping[str, Callable[[np.random.Generator, tuple[int, int]], Floats]] = MappingProxyType(
    {
        "lognormal": _lognormal,
        "power law at the top": _heavy_tail,
        "three giants": _giants,
        "weibull": _weibull,
        "small and large": _two_kinds,
    }
)


def scheme() -> Cells:
    """Return the bands of compute cores as cells."""
    bands = read_codebook().question("compute_cores", "2023").bands
    reach = reach_of(bands)
    low = np.array([float(band.low) for band in bands.values()])
    high = np.array([np.inf if band.high is None else band.high for band in bands.values()])
    return Cells(low, high, np.array([reach[label] for label in bands]), tuple(bands))


def rows(name: str, samples: int) -> Iterator[dict[str, object]]:
    """Yield one row per model for a world."""
    random = np.random.default_rng([4, list(WORLDS).index(name)])
    sizes = np.maximum(np.ceil(WORLDS[name](random, (samples, CLOUDS))), 1)
    cells = scheme()
    code = np.searchsorted(cells.low, sizes, side="right") - 1
    counts = np.stack([(code == k).sum(axis=1) for k in range(len(cells))], axis=1).astype(float)
    truth = sizes.sum(axis=1)
    for model, (family, top) in MODELS.items():
        error = np.log10((counts * fill(family, cells, counts, top).means).sum(axis=1) / truth)
        squares = error**2
        rmse = float(np.sqrt(squares.mean()))
        yield {
            "world": name,
            "model": model,
            "samples": samples,
            "median_ratio": round(float(10 ** np.median(error)), 3),
            "rmse_log10": round(rmse, 3),
            "rmse_error": round(float(squares.std() / np.sqrt(samples) / (2 * rmse)), 4),
        }


def calibrate(samples: int = SAMPLES) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table of all worlds and models."""
    yield "totals", pd.DataFrame([row for name in WORLDS for row in rows(name, samples)])
