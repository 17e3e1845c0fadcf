"""Level of the tests of no change: of a whole distribution, of a trend, of association.

Sizes of organizations are those of the survey, or one holds a fifth of the clouds, or they follow
Zipf's law (tests of change alone).
Nothing changes and nothing depends on anything else; 5 % of the samples should be rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from population import Draw, draw

from survey.codebook import Unit
from survey.estimates.change.change import Change
from survey.estimates.change.line import Line
from survey.estimates.design.sample import Sample
from survey.estimates.precision.strength import strength_of
from survey.estimates.tabulation.counting import count
from survey.estimates.tabulation.grouping import Grouping
from survey.estimates.tabulation.indicator import Indicator
from survey.estimates.tabulation.sums import Groups

LEVEL = 0.95
NUMBERS = (40, 100, 300, 1000)
SAMPLES, SEED = 8000, 3
WORLDS = {"of the survey": NUMBERS, "Zipf": (40, 100, 300), "giant": (40, 100, 300)}


def calibrate(samples: int = SAMPLES, seed: int = SEED) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table; a quarter of the samples of 1,000 clouds, and of unequal sizes."""
    yield "trends_of_no_change", pd.DataFrame(_trends(samples, seed))
    yield "tests_of_no_change", pd.DataFrame(_rows(samples, seed))


def _trends(samples: int, seed: int) -> Iterator[dict[str, object]]:
    """Run the test of a trend alone, with all samples, where organizations are unequal."""
    for world in ("Zipf", "giant"):
        for size in WORLDS[world]:
            random = np.random.default_rng([seed, 5, size, len(world)])
            found = []
            for _ in range(samples):
                five = draw(size, 1, random, editions=5, unequal=world.lower())
                found.append(_trend(five, _several(five, (0.3,), random)))
            yield {"sizes": world, "n": size, **_rejected(found)}


def _rows(samples: int, seed: int) -> Iterator[dict[str, object]]:
    """Run every test on answers that do not change and do not depend on each other."""
    for world, numbers in WORLDS.items():
        for size in numbers:
            usual = world == "of the survey"
            random = np.random.default_rng([seed, size] if usual else [seed, size, len(world)])
            found: dict[str, list[float]] = {}
            many = samples if usual and size < 1000 else samples // 4
            for _ in range(many):
                for name, p_value in _p_values(size, random, "" if usual else world.lower()):
                    found.setdefault(name, []).append(p_value)
            for name, p_values in found.items():
                yield {"test": name, "sizes": world, "n": size, **_rejected(p_values)}


def _rejected(p_values: list[float]) -> dict[str, object]:
    known = np.array(p_values)[np.isfinite(p_values)]
    rejects = float(np.mean(known < 0.05))
    error = np.sqrt(rejects * (1 - rejects) / len(known))
    return {
        "samples": len(known),
        "rejects": round(100 * rejects, 1),
        "give or take": round(100 * error, 1),
    }


def _p_values(size: int, random: np.random.Generator, unequal: str) -> Iterator[tuple[str, float]]:
    two = draw(size, 1, random, editions=2, unequal=unequal)
    several = _several(two, (0.15, 0.3, 0.5, 0.3, 0.15), random)
    single = _single(two, random)
    yield "distribution, one answer (Rao-Scott)", _joint(two, single)
    yield "distribution, several answers (Bilder-Loughin)", _joint(two, several)
    five = draw(size, 1, random, editions=5, unequal=unequal)
    line = _several(five, (0.3,), random)
    yield "trend over five editions", _trend(five, line)
    if unequal:
        return
    one = draw(size, 1, random)
    first, second = _single(one, random), _single(_elsewhere(one, random), random)
    yield "association, one answer each", strength_of(first, second, one.organization).p_value
    many = _several(_elsewhere(one, random), (0.2, 0.4, 0.6), random)
    yield "association, one and several", strength_of(first, many, one.organization).p_value


def _elsewhere(sample: Draw, random: np.random.Generator) -> Draw:
    """Give organizations another place, for a question that has nothing to do with the first."""
    place = random.random(int(sample.organization.max()) + 1)
    return replace(sample, place=place[sample.organization])


def _several(sample: Draw, shares: tuple[float, ...], random: np.random.Generator) -> Indicator:
    chosen = np.column_stack(
        [_elsewhere(sample, random).answers(share, 0.4, random) for share in shares]
    )
    return _indicator(sample, chosen, several=len(shares) > 1)


def _single(sample: Draw, random: np.random.Generator) -> Indicator:
    """Return one of four answers: the organization's own at times, else any."""
    habit = random.choice(4, p=(0.4, 0.3, 0.2, 0.1), size=int(sample.organization.max()) + 1)
    other = random.choice(4, p=(0.4, 0.3, 0.2, 0.1), size=len(sample.place))
    keeps = random.random(len(sample.place)) < 0.6
    answer = np.where(keeps, habit[sample.organization], other)
    return _indicator(sample, answer[:, None] == np.arange(4), several=False)


def _indicator(sample: Draw, chosen: npt.NDArray[np.bool_], *, several: bool) -> Indicator:
    editions, size = int(sample.edition.max()) + 1, chosen.shape[1]
    everyone = np.ones(len(chosen), dtype=bool)
    return Indicator(
        tuple(f"answer {place}" for place in range(size)),
        chosen,
        everyone,
        ~everyone,
        offered=np.ones((editions, size), dtype=bool),
        absent=np.zeros((editions, size), dtype=bool),
        asked=np.ones(editions, dtype=bool),
        shown=everyone,
        refusals=np.zeros(size, dtype=bool),
        several=several,
    )


@cache
def _editions(number: int) -> tuple[str, ...]:
    return tuple(str(2015 + place) for place in range(number))


def _counted(sample: Draw, indicator: Indicator) -> object:
    names = _editions(int(sample.edition.max()) + 1)
    drawn = Sample(
        None,
        Unit.DEPLOYMENT,
        None,
        names,
        sample.edition,
        sample.organization,
        int(sample.organization.max()) + 1,
    )
    groups = Groups(sample.edition, len(names))
    each = np.eye(len(names), dtype=bool)
    grouping = Grouping(("edition",), (names,), groups, (), each, np.zeros_like(each))
    return count(drawn, indicator, grouping)


def _joint(sample: Draw, indicator: Indicator) -> float:
    test = Change(_counted(sample, indicator), LEVEL, comparable=True).joint[0]
    return np.nan if test is None else test.p_value


def _trend(sample: Draw, indicator: Indicator) -> float:
    line = Line(_counted(sample, indicator), ("same",) * (int(sample.edition.max()) + 1))
    return float(line.p_value[0, 0])
