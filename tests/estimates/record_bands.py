"""Results of every verb on banded numbers: ``python -m tests.estimates.record_bands`` writes them.

The answers are invented: organizations with many clouds and with one, two editions with the same
bands and one with others, answers that are missing, groups of one, and records carried over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import PublishedFigure, Question, Unit
from survey.estimates import (
    Estimates,
    Weights,
    compare_families,
    distribution,
    influence,
    mean,
    median,
    population_size,
    quantile,
    ratio,
    regress,
    share_where,
    total,
)
from survey.responses import Responses
from tests.estimates import band_builders as make
from tests.estimates.recorded import Case, write

RECORD = Path(__file__).with_name("recorded_bands.json")
CORES, NODES, TEAM, STAGE = "compute_cores", "compute_nodes", "team_size", "deployment_stage"
PERCENT, NEWEST = "it_share_on_openstack", "2024"
STAGES = (
    "Production / Full Operational Use",
    "Under development / In testing",
    "Proof of Concept",
)
OF_CORES = (5, 14, 22, 26, 12, 7, 2)


@cache
def clouds(editions: tuple[str, ...] = ("2023", "2024"), many: int = 60) -> Responses:
    """Draw clouds of organizations of which the first have most."""
    random = np.random.default_rng(int("".join(editions)) + many)
    rows = []
    for edition in editions:
        for _ in range(many):
            size = int(random.choice(7, p=np.array(OF_CORES) / sum(OF_CORES)))
            near = [int(random.integers(-1, 2)) for _ in range(2)]
            told = random.random(5)
            bands = {
                CORES: size if told[0] < 0.9 else None,
                NODES: min(max(size + near[0], 0), 6) if told[1] < 0.8 else None,
                TEAM: min(max(size + near[1] - 1, 0), 5) if told[2] < 0.8 else None,
                PERCENT: int(random.integers(5)) if told[3] < 0.8 else None,
            }
            asked = make.codebook().edition(edition).by_concept
            rows.append(
                {
                    "edition": edition,
                    "organization": f"org {int(35 * random.random() ** 2)}",
                    "copied": bool(told[4] < 0.1),
                    "is_public": "Public" if told[3] < 0.5 else "Confidential",
                    STAGE: STAGES[int(3 * told[4] ** 2)],
                    **{
                        concept: _label(asked[concept], band)
                        for concept, band in bands.items()
                        if concept in asked
                    },
                }
            )
    people = {
        f"org {place}": {"organization_size": make.label("organization_size", place % 6)}
        for place in range(35)
    }
    return make.answers_of(rows, people)


def _label(question: Question, band: int | None) -> str | None:
    labels = list(question.bands)
    return None if band is None else labels[min(band, len(labels) - 1)]


def now() -> Responses:
    return clouds((NEWEST,))


def other_bands() -> Responses:
    """Two editions with bands that overlap."""
    return clouds(("2014", "2023"), 30)


def unequal(answers: Responses) -> Weights:
    """Return weights from a half to two, alike for no two neighbours."""
    index = pd.MultiIndex.from_frame(answers.deployments[["edition", "deployment"]])
    values = pd.Series(np.resize([0.5, 1.0, 1.25, 2.0, 0.75], len(index)), index=index)
    return Weights(values, Unit.DEPLOYMENT, "hand", pd.DataFrame())


def few(*bands: int | None, concept: str = CORES) -> Responses:
    return make.banded(concept, bands)


FIGURES = (
    PublishedFigure("org 0", "2024", 2_500_000, "a talk"),
    PublishedFigure("org 1", "2024", 30_000, "a talk", at_least=True),
    PublishedFigure("org 2", "2023", 7_000, "a talk"),
    PublishedFigure("nobody", "2024", 7_000, "a talk"),
)
quick = partial(total, replicates=100)

CLOSED: dict[str, Case] = {
    "median by edition": lambda: median(clouds(), CORES, "edition"),
    "median by stage and edition": lambda: median(clouds(), CORES, ["edition", STAGE]),
    "median of percentages": lambda: median(clouds(), PERCENT, "edition"),
    "median on a logarithm": lambda: median(clouds(), CORES, "edition", interpolation="log"),
    "median evenly": lambda: median(now(), CORES, interpolation="linear", level=0.8),
    "median of organizations": lambda: median(clouds(), CORES, "edition", unit="organization"),
    "median of rows": lambda: median(now(), CORES, cluster=None),
    "median with those carried over": lambda: median(now(), CORES, include_carried_over=True),
    "median with weights": lambda: median(clouds(), CORES, "edition", weights=unequal(clouds())),
    "median with strata": lambda: median(clouds(), CORES, strata="edition", cluster=None),
    "median by stage with strata": lambda: median(
        clouds(), CORES, STAGE, strata="edition", cluster=None
    ),
    "median of people": lambda: median(clouds(), "organization_size", "edition"),
    "quantiles": lambda: quantile(now(), CORES, [0.05, 0.25, 0.5, 0.9, 0.99]),
    "quantiles of whole numbers": lambda: quantile(now(), TEAM, [0.1, 0.5, 0.9], "edition"),
    "quantiles of bands that overlap": lambda: quantile(other_bands(), CORES, [0.25, 0.5, 0.9]),
    "bands that overlap by edition": lambda: quantile(other_bands(), CORES, 0.5, "edition"),
    "median of one": lambda: median(few(3), CORES),
    "median between two bands": lambda: median(few(2, 4), CORES),
    "median of bands that touch": lambda: median(few(2, 2, 3, 3), CORES),
    "median in the open band": lambda: median(few(*[6] * 31), CORES),
    "median of nobody": lambda: median(few(None, None), CORES),
    "median of thirty": lambda: median(few(*[2, 3, 3] * 10), CORES),
    "shares of sizes": lambda: share_where(
        clouds(), "edition", among_at_least={CORES: 1000}, at_most={TEAM: 8}
    ),
    "shares of sizes of organizations": lambda: share_where(
        clouds(), "edition", at_most={CORES: 5000}, unit="organization"
    ),
    "shares that nothing decides": lambda: share_where(
        few(3, 3, 3), among_at_least={CORES: 5000}, at_most={CORES: 6000}
    ),
    "shares of nobody": lambda: share_where(few(None), at_most={CORES: 99}),
    "shares of a part": lambda: share_where(
        few(*[0] * 12, *[3] * 12, *[6] * 8), among_at_least={CORES: 10}, at_most={CORES: 3000}
    ),
    "population by editions": lambda: population_size(clouds()),
    "population by two lists": lambda: population_size(
        now(), ["org 0", "org 1", "org 2", "org 3", "org 4", "org 5", "org 33", "other"]
    ),
}


def not_asked() -> Responses:
    """Return two editions of which the earlier did not ask how many people operate a cloud."""
    rows = [
        {"edition": edition, CORES: make.label(CORES, place % 6, edition), **more}
        for edition in ("2019", "2023")
        for place, more in enumerate(
            [{TEAM: make.label(TEAM, 2)} if edition == "2023" else {} for _ in range(12)]
        )
    ]
    return make.answers_of(rows)


def described_twice() -> Responses:
    """Return clouds of which a colleague describes some once more."""
    bands = [2, 2, 3, 4, 4, 5, None, None, 1, 1, 1]
    names = ["a", "a", "b", "c", "c", "d", "e", "e", None, None, "f"]
    return make.answers_of(
        [
            {CORES: make.label(CORES, band), "cloud": name, "organization": f"org {place // 2}"}
            for place, (band, name) in enumerate(zip(bands, names, strict=True))
        ]
    )


def without_model(table: Estimates) -> dict[str, Any]:
    """Return what a table says beside its model: few answers leave the likelihood nearly flat."""
    names = ["count", "asked", "clusters", "lower_bound", "upper_bound", "family", "status"]
    return {"notes": table.notes, **{name: table.frame[name].to_list() for name in names}}


FITTED: dict[str, Case] = {
    "total of all editions": lambda: quick(clouds(), CORES),
    "total of what one edition did not ask": lambda: quick(not_asked(), TEAM, "edition"),
    "median of what one edition did not ask": lambda: median(not_asked(), TEAM, "edition"),
    "shares of what one edition did not ask": lambda: share_where(
        not_asked(), "edition", at_most={TEAM: 5, CORES: 999}
    ),
    "total of clouds described twice": lambda: without_model(quick(described_twice(), CORES)),
    "total of each cloud once": lambda: without_model(
        quick(described_twice(), CORES, one_per_cloud=True)
    ),
    "total with figures of nobody": lambda: quick(
        replace(now(), identified=True), CORES, published_figures=[FIGURES[3]]
    ),
    "total with figures of pseudonyms": lambda: quick(now(), CORES, published_figures=[FIGURES[3]]),
    "total of people with an edge in the open band": lambda: quick(
        now(), TEAM, "edition", open_band=80, family="weibull"
    ),
    "total by edition": lambda: quick(clouds(), CORES, "edition"),
    "total by stage": lambda: quick(now(), CORES, STAGE),
    "total of people": lambda: quick(now(), TEAM, level=0.9),
    "total of organizations": lambda: quick(clouds(), CORES, "edition", unit="organization"),
    "total of all who were asked": lambda: quick(clouds(), CORES, "edition", gross_up=True),
    "total with published figures": lambda: quick(
        clouds(), CORES, "edition", published_figures=FIGURES
    ),
    "total with weights": lambda: quick(clouds(), CORES, "edition", weights=unequal(clouds())),
    "total of bands that overlap": lambda: quick(other_bands(), CORES, "edition"),
    "total of nobody": lambda: quick(few(None), CORES),
    "total of one": lambda: quick(few(4), CORES),
    "total of two bands": lambda: without_model(quick(few(*[2] * 6, *[3] * 4), CORES)),
    **{
        f"total by {family}, {top or 'as usual'}": partial(
            lambda family, top: quick(now(), CORES, family=family, open_band=top), family, top
        )
        for family, top in (
            ("lognormal", None),
            ("weibull", "model"),
            ("gamma", "lower edge"),
            ("average", "model"),
            ("average", 3e6),
            ("turnbull", "model"),
            ("turnbull", "pareto"),
            ("pareto", None),
            ("best", None),
        )
    },
    "families": lambda: compare_families(clouds(), CORES, "edition", replicates=100),
    "families with figures": lambda: compare_families(
        now(), CORES, replicates=100, published_figures=FIGURES
    ),
    "families of bands that overlap": lambda: compare_families(
        other_bands(), CORES, replicates=100
    ),
    "distribution": lambda: distribution(clouds(), CORES, "edition"),
    "distribution of organizations": lambda: distribution(now(), CORES, unit="organization"),
    "distribution without a family": lambda: distribution(now(), NODES, family="turnbull"),
    "distribution of nobody": lambda: distribution(few(None), CORES),
    "mean": lambda: mean(clouds(), CORES, "edition", replicates=100),
    "mean by stage": lambda: mean(now(), TEAM, STAGE, replicates=100, level=0.9),
    "mean of organizations": lambda: mean(now(), CORES, unit="organization", replicates=100),
    "mean of nobody": lambda: mean(few(None), CORES, replicates=100),
    **{
        f"{kind} ratio": partial(
            lambda kind: ratio(clouds(), CORES, NODES, "edition", statistic=kind, replicates=100),
            kind,
        )
        for kind in ("median", "mean", "total")
    },
    "ratio of organizations": lambda: ratio(
        now(), CORES, TEAM, unit="organization", replicates=100, level=0.8
    ),
    "mean ratio of organizations": lambda: ratio(
        now(), TEAM, CORES, statistic="mean", unit="organization", replicates=100
    ),
    "ratio of two clouds": lambda: ratio(
        make.answers_of([{CORES: make.label(CORES, 2), NODES: make.label(NODES, 0)}] * 2),
        CORES,
        NODES,
        replicates=100,
    ),
    "ratio of nobody": lambda: ratio(few(None), CORES, NODES, replicates=100),
    "influence": lambda: influence(now(), CORES, most=4),
    "influence on a change": lambda: influence(clouds(), CORES, earlier="2023", later="2024"),
    "influence with weights": lambda: influence(now(), CORES, most=3, weights=unequal(now())),
    "influence, lognormal": lambda: influence(
        now(), CORES, most=2, family="best", open_band="model"
    ),
    "regression": lambda: regress(clouds(), CORES, [TEAM, STAGE]),
    "regression on people": lambda: regress(now(), NODES, ["organization_size"], level=0.9),
    "regression of few": lambda: regress(clouds((NEWEST,), 20), CORES, [STAGE]),
    "regression with weights": lambda: regress(now(), CORES, [NODES], weights=unequal(now())),
}


ASKED: dict[str, Callable[[], Estimates]] = {
    "median": lambda: median(clouds(), CORES, "edition", interpolation="log", level=0.9),
    "quantile": lambda: quantile(clouds(), TEAM, [0.2, 0.7], unit="organization"),
    "total": lambda: quick(clouds(), CORES, STAGE, family="gamma", open_band=2e6, gross_up=True),
    "families": lambda: compare_families(now(), CORES, "edition", replicates=100, level=0.8),
    "distribution": lambda: distribution(now(), NODES, STAGE, family="turnbull", open_band=3e6),
    "mean": lambda: mean(now(), TEAM, "edition", replicates=120, cluster=None),
    "ratio": lambda: ratio(now(), CORES, NODES, STAGE, statistic="total", replicates=110),
    "shares": lambda: share_where(
        clouds(), "edition", among_at_least={NODES: 10}, at_most={TEAM: 5}
    ),
}
INTERNAL: dict[str, Callable[[], Estimates]] = {
    "influence": lambda: influence(clouds(), CORES, earlier="2023", later="2024", most=3),
    "population": lambda: population_size(clouds(), ["org 1"], level=0.9),
    "regression": lambda: regress(now(), CORES, [TEAM], include_carried_over=True),
}


def declared(table: Estimates) -> dict[str, Any]:
    """Return what a table says of itself, and what its statistic declares."""
    spec, record = table.spec, table.statistic
    found = {each.name: str(getattr(spec, each.name)) for each in fields(spec)}
    found |= {"measure": table.measure.value, "several": table.several, "names": table.groups}
    if record is not None:
        found["columns"] = {
            name: [each.role.value, each.heading, each.public, each.own_words]
            for name, each in record.columns.items()
        }
        found["record"] = [record.name, record.calculates, record.called, record.heading]
        found["more"] = [record.about_answers, record.varies, record.public is not None]
    return found


def same_again(table: Estimates) -> bool:
    """Return whether a table that is asked again by its own design and arguments is the same."""
    assert table.statistic is not None
    assert table.design is not None
    again = table.statistic.ask_again(table.design, table.arguments)
    return again.frame.equals(table.frame) and again.notes == table.notes


TOLD: dict[str, Case] = {
    **{
        f"{name}: what is declared": partial(lambda made: declared(made()), made)
        for name, made in (ASKED | INTERNAL).items()
    },
    "asked again": lambda: {name: same_again(made()) for name, made in ASKED.items()},
}


def main() -> None:
    write(RECORD, CLOSED | TOLD | FITTED)


if __name__ == "__main__":
    main()
