"""Results of every verb of change: ``python -m tests.estimates.record_change`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from survey.estimates import (
    Estimates,
    compare,
    compare_numbers,
    contrast,
    decompose_change,
    growth_above,
    moves,
    returner_weights,
    returners,
    tabulate_again,
    transitions,
    trend,
)
from survey.estimates.statistic import Noise
from tests.estimates.change_answers import (
    CORES,
    INDUSTRY,
    NODES,
    STAGE,
    TEAM,
    alike,
    clouds,
    cores,
    neighbours,
    partly_known,
    steady,
)
from tests.estimates.few_answers import lacking
from tests.estimates.recorded import Case, write

RECORDS = {
    name: Path(__file__).with_name(f"recorded_{name}.json")
    for name in ("changes", "changes_of_numbers", "followed")
}
NOISE = Noise(variance=2.5, design_effect=1.4, level=0.9)
_OF_COUNTS = ("count", "base", "weighted_base", "count_keys", "largest", "largest_other")


def whole(table: Estimates) -> dict[str, Any]:
    """Return a table, its question, what a publication says of it, and what it was counted from."""
    spec = table.spec
    said = [str(getattr(note, "public", note)) for note in table.notes]
    found: dict[str, Any] = {
        "title": table.title,
        "asked": [f"{name}: {value}" for name, value in spec.options],
        "spec": [spec.statistic, spec.concept, list(spec.by), spec.unit, spec.base, spec.level,
                 spec.method, spec.counts, table.measure, table.several, table.ordered],
        "notes": list(table.notes),
        "notes of a publication": [text for text in said if text],
        **{name: table.frame[name].to_numpy() for name in table.frame},
    }  # fmt: skip
    return found | (counted(table) if table.statistic and table.statistic.public else {})


def counted(table: Estimates) -> dict[str, Any]:
    """Return the counts behind a table, and the public numbers that they give."""
    record, arguments = table.statistic, table.arguments
    assert record is not None
    assert record.public is not None
    assert arguments is not None
    (cells,) = tabulate_again(table)
    point = record.point(cells, arguments)
    limits = record.public.limits(cells, arguments, NOISE)
    shown = dict(point.columns)
    return {
        "counted answers": list(cells.answers),
        "counted groups": ["/".join(group) for group in cells.groups],
        **{f"counted {name}": getattr(cells, name).tolist() for name in _OF_COUNTS},
        "counted presence": cells.presence.tolist(),
        "counted organizations": cells.organizations.tolist(),
        **{f"public {name}": np.asarray(values).tolist() for name, values in shown.items()},
        "public low": limits.low.tolist(),
        "public high": limits.high.tolist(),
        **{
            f"public {name}": np.asarray(values).tolist()
            for name, values in record.public.further(point, limits, arguments, NOISE).items()
        },
    }


def table(verb: Callable[..., Estimates], *args: Any, **options: Any) -> Case:
    """Return a case that makes a table and lays it out."""
    return lambda: whole(verb(*(each() if callable(each) else each for each in args), **options))


def weights() -> Any:
    return returner_weights(clouds(), "2018", "2019", by="stage").values


PAIR = ("2018", "2019")
LATE = ("2023", "2024")
CHANGES: Mapping[str, Case] = {
    "one answer each": table(compare, clouds, "stage", *PAIR),
    "reworded": table(compare, clouds, "stage", "2017", "2019"),
    "several answers": table(compare, clouds, "tools", *PAIR),
    "by group": table(compare, clouds, "stage", *PAIR, "size", fdr=0.4),
    "by two": table(compare, clouds, "public", *PAIR, ["primary_country", "stage"]),
    "not asked before": table(compare, clouds, "public", "2017", "2019"),
    "weighted": table(compare, clouds, "tools", *PAIR, weights="weight", level=0.8),
    "organizations": table(compare, clouds, "tools", *PAIR, unit="organization"),
    "asked": table(compare, clouds, "tools", *PAIR, base="asked"),
    "carried over": table(compare, clouds, "stage", *PAIR, include_carried_over=True),
    "no clusters": table(compare, clouds, "stage", *PAIR, cluster=None),
    "items": table(compare, clouds, "stage", *PAIR, items=["Testing"]),
    "net": table(
        compare, clouds, "stage", *PAIR, nets={"Not yet": ["Testing", "Proof of concept"]}
    ),
    "top": table(compare, clouds, "tools", *PAIR, top=1),
    "matrix": table(compare, clouds, "projects", *PAIR),
    "same people": table(compare, partial(clouds, 12, 2), "stage", *PAIR),
    "score": table(compare, clouds, "score", *PAIR, statistic="nps"),
    "score by group": table(compare, clouds, "score", *PAIR, "primary_country", statistic="nps"),
    "trend": table(trend, clouds, "stage"),
    "trend of several": table(trend, clouds, "tools", fdr=0.3),
    "trend by group": table(trend, clouds, "public", "primary_country"),
    "trend of top": table(trend, clouds, "tools", top=2, interval="wilson"),
    "trend of net": table(trend, clouds, "tools", nets={"A or P": ["Ansible", "Puppet"]}),
    "trend weighted": table(trend, clouds, "size", weights="weight"),
    "trend with odd weights": table(trend, clouds, "tools", weights="odd_weight"),
    "trend of organizations": table(trend, clouds, "tools", unit="organization", items=["Kolla"]),
    "trend of one edition": table(trend, lambda: clouds().in_edition("2019"), "stage"),
    "contrast": table(contrast, clouds, "stage", "edition", {"2018": -1, "2019": 1}),
    "contrast of three": table(
        contrast, clouds, "tools", "edition", {"2017": 0.5, "2018": 0.5, "2019": -1}
    ),
    "contrast of groups": table(
        contrast, clouds, "public", "size", {"1 to 9": 2, "10 to 99": -1}, items=["Yes"]
    ),
    "contrast of all alike": table(contrast, alike, "stage", "edition", {"2018": -1, "2019": 1}),
    "change of all alike": table(compare, alike, "stage", *PAIR),
    "change of few alike": table(compare, partial(alike, 9), "tools", *PAIR, "size"),
    "change of nobody": table(compare, partial(alike, 14), "size", *PAIR),
    "score of nobody": table(
        compare, partial(alike, 14, ("9", "0")), "score", *PAIR, statistic="nps"
    ),
    "score of nobody content": table(
        compare, partial(alike, 14, ("0", "9")), "score", *PAIR, statistic="nps"
    ),
    "score of all alike": table(compare, alike, "score", *PAIR, statistic="nps"),
    "trend of all alike": table(trend, alike, "stage"),
    "trend of one cloud": table(trend, alike, "stage", "size"),
    "trend of two sizes": table(trend, partial(alike, 10), "size"),
}

NUMBERS: Mapping[str, Case] = {
    "median": table(compare, cores, CORES, *LATE, statistic="median"),
    "other bands": table(compare_numbers, cores, CORES, "2014", "2024"),
    "median by group": table(compare_numbers, cores, CORES, *LATE, STAGE, fdr=0.5),
    "quantile": table(compare_numbers, cores, CORES, *LATE, statistic=0.9, level=0.8),
    "low quantile": table(compare_numbers, cores, CORES, *LATE, statistic=0.1),
    "people": table(compare_numbers, cores, TEAM, *LATE),
    "total": table(compare_numbers, cores, CORES, *LATE, statistic="total"),
    "total by group": table(compare_numbers, cores, CORES, *LATE, STAGE, statistic="total"),
    "mean": table(compare_numbers, cores, CORES, *LATE, statistic="mean"),
    "mean of gamma": table(
        compare_numbers, cores, CORES, *LATE, STAGE, statistic="mean", family="gamma",
        open_band="lower edge",
    ),
    "mean of people": table(compare_numbers, cores, TEAM, *LATE, statistic="mean"),
    "total with copies": table(
        compare_numbers, cores, CORES, *LATE, statistic="total", include_carried_over=True
    ),
    "ratio": table(
        compare, cores, CORES, *LATE, statistic="ratio", per=NODES
    ),
    "ratio by group": table(
        compare_numbers, cores, CORES, *LATE, STAGE, statistic="ratio", per=NODES, replicates=100
    ),
    "median of an open band": table(
        compare_numbers, partial(steady, 36, "100 or more"), "size", *PAIR
    ),
    "median of an open band of few": table(
        compare_numbers, partial(steady, 8, "100 or more"), "size", *PAIR
    ),
    "median that files lack": table(compare_numbers, lacking, "size", *PAIR, "stage"),
    "score of one edition": table(
        compare, lacking, "score", *PAIR, "stage", statistic="nps"
    ),
    "median of nothing": table(compare_numbers, alike, "size", *PAIR),
    "total of what is steady": table(compare, steady, "size", *PAIR, statistic="total"),
    "mean of few that are steady": table(
        compare, partial(steady, 8), "size", *PAIR, statistic="mean"
    ),
    "decomposed steady": table(decompose_change, steady, "size", *PAIR),
    "trend of what is steady": table(trend, steady, "size", statistic="total"),
    "trend of totals": table(trend, cores, CORES, statistic="total"),
    "trend of totals by group": table(
        trend, cores, TEAM, STAGE, statistic="total", family="lognormal", fdr=0.6
    ),
    "trend of one total": table(
        trend, lambda: cores().in_edition("2024"), CORES, statistic="total"
    ),
}  # fmt: skip
FOLLOWED: Mapping[str, Case] = {
    "moves": table(moves, cores, CORES, *LATE),
    "moves of a tenth": table(moves, cores, CORES, *LATE, more_than=0.1, level=0.8),
    "moves with copies": table(moves, cores, TEAM, *LATE, include_carried_over=True),
    "moves of neighbours": table(moves, neighbours, "size", *PAIR),
    "decomposed neighbours": table(decompose_change, neighbours, "size", *PAIR),
    "moves of many": table(moves, partial(alike, 80), "size", *PAIR),
    "moves of who knows whose": table(moves, partly_known, CORES, *LATE),
    "moves of nothing": table(moves, alike, "size", *PAIR, more_than=-0.5),
    "growth of nothing": table(growth_above, alike, "size", *PAIR, more_than=-0.5),
    "other bands": table(moves, cores, CORES, "2014", "2024", more_than=9),
    "growth": table(growth_above, cores, CORES, *LATE),
    "growth by group": table(growth_above, cores, CORES, *LATE, STAGE, more_than=0.5),
    "growth by size": table(growth_above, cores, CORES, *LATE, CORES, more_than=8.9),
    "decomposed": table(decompose_change, cores, CORES, *LATE),
    "decomposed by group": table(decompose_change, cores, CORES, *LATE, STAGE, detail=False),
    "decomposed by size": table(
        decompose_change, cores, CORES, *LATE, CORES, detail=False,
        joined={"small": ["1 to 9 cores", "10 to 99 cores"]},
    ),
    "decomposed with copies": table(
        decompose_change, cores, CORES, *LATE, include_carried_over=True, open_band="lower edge"
    ),
    "decomposed for attrition": table(
        decompose_change, partial(cores, nameless=False), CORES, *LATE,
        attrition=INDUSTRY, detail=False,
    ),
    "decomposed of 2014": table(decompose_change, cores, CORES, "2014", "2023", fdr=0.5),
    "transitions": table(transitions, clouds, "stage", *PAIR),
    "transitions of sizes": table(transitions, clouds, "size", *PAIR, level=0.8),
    "returners": table(returners, clouds, *PAIR),
    "returners by group": table(returners, clouds, *PAIR, "stage"),
    "returners with copies": table(returners, clouds, *PAIR, "tools", include_carried_over=True),
    "returners of all alike": table(returners, alike, *PAIR, "stage"),
    "weights of all alike": lambda: {
        "values": returner_weights(alike(), *PAIR, by=["stage", "size"]).values.to_numpy()
    },
    "weights of returners": lambda: {
        "places": ["/".join(each) for each in weights().index], "values": weights().to_numpy()
    },
}  # fmt: skip
CASES = dict(zip(RECORDS, (CHANGES, NUMBERS, FOLLOWED), strict=True))


if __name__ == "__main__":
    for record, cases in CASES.items():
        write(RECORDS[record], cases)
