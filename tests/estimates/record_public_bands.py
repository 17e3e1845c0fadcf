"""What banded numbers are in public: ``python -m tests.estimates.record_public_bands`` writes it.

The counts are those of invented answers, taken for published ones; the noise is a small one whose
chances are known, a normal one, and none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from survey.estimates import (
    Estimates,
    compare_families,
    distribution,
    mean,
    median,
    quantile,
    ratio,
    share_where,
    tabulate_again,
    total,
)
from survey.estimates.numbers import expected_counts as behind
from survey.estimates.numbers import total_of_counts
from survey.estimates.precision.bootstrap import generator
from survey.estimates.statistic import Noise
from survey.estimates.tabulation import Tabulation
from survey.responses import Responses
from tests.estimates.record_bands import (
    CORES,
    FIGURES,
    NODES,
    PERCENT,
    STAGE,
    TEAM,
    clouds,
    few,
    now,
    other_bands,
    unequal,
)
from tests.estimates.recorded import Case, write

RECORD = Path(__file__).with_name("recorded_public_bands.json")

CHANCES = np.array([[0, 0, 0.8, 0.1, 0.1], [0, 0.3, 0.4, 0.2, 0.1], [0.1, 0.2, 0.4, 0.2, 0.1]])
KNOWN = Noise(1.1, 1.3, 0.95, CHANCES)
NORMAL = Noise(2.0, 1.6, 0.9)
NONE = Noise(0.0, 1.0)


def table_of(**options: Any) -> Estimates:
    return total(clouds(), CORES, replicates=100, **options)


def weighted() -> Estimates:
    return total(now(), CORES, STAGE, replicates=100, weights=unequal(now()))


TABLES: dict[str, Callable[[], Estimates]] = {
    "total": table_of,
    "total by edition": lambda: table_of(by="edition"),
    "total by stage": lambda: table_of(by=STAGE),
    "total by stage and edition": lambda: table_of(by=("edition", STAGE)),
    "total with figures": lambda: table_of(by="edition", published_figures=FIGURES),
    "total with weights": weighted,
    "total of bands that overlap": lambda: total(other_bands(), CORES, "edition", replicates=100),
    "total of nobody": lambda: total(few(None, None), CORES, replicates=100),
    "best total": lambda: table_of(by="edition", family="best"),
    "total without a family": lambda: table_of(by="edition", family="turnbull"),
    "pareto total": lambda: table_of(by="edition", family="pareto", open_band="model"),
    "gamma total": lambda: table_of(family="gamma", open_band=2e6),
    "median": lambda: median(clouds(), CORES, "edition"),
    "median of percentages": lambda: median(clouds(), PERCENT, STAGE),
    "median with weights": lambda: median(now(), CORES, weights=unequal(now())),
    "quantiles": lambda: quantile(clouds(), TEAM, [0.1, 0.5, 0.95], interpolation="log"),
    "quantiles of bands that overlap": lambda: quantile(other_bands(), CORES, [0.25, 0.75]),
    "median of nobody": lambda: median(few(None, None), CORES),
    "shares": lambda: share_where(
        clouds(), "edition", among_at_least={CORES: 1000}, at_most={TEAM: 8}
    ),
    "shares of sizes": lambda: share_where(now(), STAGE, at_most={CORES: 5000, NODES: 99}),
    "shares with weights": lambda: share_where(
        now(), at_most={CORES: 5000}, weights=unequal(now())
    ),
    "shares that nothing decides": lambda: share_where(
        few(3, 3, 3), among_at_least={CORES: 5000}, at_most={CORES: 6000}
    ),
    "shares of nobody": lambda: share_where(few(None), at_most={CORES: 99}),
}


def counted(table: Estimates) -> Tabulation:
    (cells,) = tabulate_again(table)
    return cells


def told(name: str) -> dict[str, Any]:
    """Return the counts, the value and its limits of published counts."""
    table = TABLES[name]()
    cells, record = counted(table), table.statistic
    found: dict[str, Any] = {
        "groups": cells.groups,
        "answers": cells.answers,
        "count": cells.count,
        "weighted count": cells.weighted_count,
        "presence": cells.presence,
        "figures": {", ".join(group): each for group, each in cells.figures.items()},
        "internal": cells.internal,
        "scores": cells.scores,
        "counts": cells.counts,
        "point": record.point(cells, table.arguments).columns,
    }
    for word, noise in (("known", KNOWN), ("normal", NORMAL), ("no", NONE)):
        limits = record.public.limits(cells, table.arguments, noise)
        expected = record.public.expected(cells, noise)
        found[f"{word} noise"] = {
            "low": limits.low,
            "high": limits.high,
            "value": record.point(expected, table.arguments).value,
        }
    return found


def behind_counts(name: str) -> dict[str, Any]:
    """Return what can stand behind published counts, and totals of other draws."""
    table = TABLES[name]()
    cells = counted(table)
    found = behind._behind(cells, CHANCES)
    return {
        "expected": behind.expected_counts(cells, KNOWN).weighted_count,
        "parts": found.parts.max(axis=0),
        "likeliest": found.likeliest,
        "pool": found.pool,
        "chances": found.chances[12],
        "drawn": behind.drawn_counts(cells, KNOWN, generator(), 4),
        "drawn, normal": behind.drawn_counts(cells, NORMAL, generator(), 3),
        "mean weight": behind.mean_weight(cells),
        **{
            f"other draws, {word}": [
                each[:3] for each in total_of_counts.drawn_totals(cells, table.arguments, noise)
            ]
            for word, noise in (("known", KNOWN), ("normal", NORMAL))
        },
    }


def whole_of(answers: Responses) -> dict[str, Any]:
    """Return what the models of totals by several groups are fitted to."""
    found = {}
    for name, by in (("none", None), ("edition", "edition"), ("stage", STAGE)):
        whole = counted(total(answers, CORES, by, replicates=100)).whole
        found[name] = None if whole is None else [whole.names, whole.groups, whole.count]
    crossed = counted(total(answers, CORES, [STAGE, "edition"], replicates=100)).whole
    assert crossed is not None
    return {**found, "both": [crossed.names, crossed.groups, crossed.count]}


def of_few_draws(case: Callable[[str], dict[str, Any]], name: str) -> dict[str, Any]:
    """Return a case with twenty draws: the best family is sought in each of them."""
    with patch.object(total_of_counts, "_DRAWS", 20):
        return case(name)


BEST = "best total"
CASES: dict[str, Case] = {
    **{name: partial(told, name) for name in TABLES if name != BEST},
    BEST: partial(of_few_draws, told, BEST),
    f"behind the {BEST}": partial(of_few_draws, behind_counts, BEST),
    **{
        f"behind the {name}": partial(behind_counts, name)
        for name in (
            "total by stage and edition",
            "total with figures",
            "total with weights",
            "total of bands that overlap",
            "total of nobody",
        )
    },
    "wholes": lambda: whole_of(clouds()),
    "internal ones": lambda: {
        name: str(each.statistic.public)
        for name, each in (
            ("mean", mean(now(), CORES, replicates=100)),
            ("distribution", distribution(now(), CORES)),
            ("families", compare_families(now(), CORES, replicates=100)),
            ("ratio", ratio(now(), CORES, NODES, replicates=100)),
        )
    },
    "who cannot be published": lambda: {
        "gross up": counted(total(now(), CORES, gross_up=True, replicates=100)).internal,
        "organizations": counted(total(now(), CORES, unit="organization", replicates=100)).internal,
        "shares": counted(share_where(now(), at_most={CORES: 99}, unit="organization")).internal,
    },
}


def main() -> None:
    write(RECORD, CASES)


if __name__ == "__main__":
    main()
