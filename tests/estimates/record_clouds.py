"""Cases of dated clouds, releases and banded questions of the shipped codebook.

``python -m tests.estimates.record_clouds`` puts their results on record.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.estimates import (
    adoption,
    association,
    end_classes,
    new_clouds,
    nps,
    rank_associations,
    share_where,
    tabulate_again,
)
from survey.estimates.shares.adoption import ADOPTION, _middle_of_month, _months
from survey.estimates.shares.concordance import ASSOCIATION, rank_measures
from survey.estimates.shares.crosstab import CROSSTAB
from survey.estimates.shares.new_clouds import NEW_CLOUDS, overlap
from survey.estimates.shares.nps import NPS
from survey.estimates.shares.rank_associations import RANK_ASSOCIATIONS
from survey.estimates.shares.share import SHARE
from survey.estimates.shares.share_where import SHARE_WHERE
from survey.estimates.statistic import Noise
from survey.responses import AnswerSetArray, Responses
from tests.estimates import band_builders as make
from tests.estimates import records
from tests.estimates.shapes import clustered, few

THEME = "clouds"
CORES, NODES, YEAR, RELEASES = (
    "compute_cores",
    "compute_nodes",
    "deployment_year",
    "releases_in_use",
)
_YEARS = ("2022", "2023", "2021", "2020", "Older", "Don't know", None, "2023", "2022", "2016")
_CYCLES = ("Antelope", "Zed", "Train", "Trunk", "Yoga", "Essex")


@cache
def clouds() -> Responses:
    """Two editions of thirty organizations, each changed on a day of its own."""
    random = np.random.default_rng(17)
    rows = [
        {
            "edition": edition,
            "organization": f"org {number % 30}",
            CORES: make.label(CORES, min(4, (number * 3 + extra) % 6), edition),
            NODES: make.label(NODES, min(4, number % 6), edition) if number % 9 else None,
            YEAR: _YEARS[(number + extra) % 10] if edition == "2023" or number % 4 else "2023",
        }
        for extra, edition in enumerate(("2022", "2023"))
        for number in range(45)
    ]
    made = make.answers_of(rows)
    lists = [[name for name in _CYCLES if random.random() < 0.3] for _ in rows]
    labels = make.codebook().question(RELEASES, "2023").labels
    table = made.deployments.assign(**{RELEASES: AnswerSetArray.from_lists(lists, labels)})
    people = made.respondents
    days = pd.to_timedelta(np.arange(len(people)) * 11 % 150, unit="D")
    people["edited"] = pd.to_datetime(people["edition"] + "-05-20") + days
    people["created"] = people["edited"] - pd.Timedelta(days=40)
    people.loc[people.index[3], "edited"] = pd.NaT
    return made.with_frame(Unit.DEPLOYMENT, table).with_frame(Unit.RESPONDENT, people)


@cache
def ended() -> Responses:
    """The later edition's form lists no year later than 2021."""
    book = make.codebook()
    newest = book.edition("2023")
    questions = tuple(
        replace(each, choices=tuple(c for c in each.choices if c.label not in ("2022", "2023")))
        if each.concept == YEAR
        else each
        for each in newest.questions
    )
    edition = replace(newest, questions=questions)
    return replace(clouds(), codebook=replace(book, editions={**book.editions, "2023": edition}))


def public(table):
    """Return what a publication says of a table from its true counts, with a noise of 3."""
    (counted,) = tabulate_again(table)
    noise = Noise(3.0, 1.4, table.spec.level)
    point = table.statistic.point(counted, table.arguments)
    limits = table.statistic.public.limits(counted, table.arguments, noise)
    further = table.statistic.public.further(point, limits, table.arguments, noise)
    return {
        "answers": counted.answers, "count": counted.count, "base": counted.base,
        **point.columns, "low": limits.low, "high": limits.high, **further,
    }  # fmt: skip


def pairs(organization, cores, nodes):
    """Return clouds of one organization with bands of both by their numbers."""
    return [
        {"organization": organization, CORES: make.label(CORES, x), NODES: make.label(NODES, y)}
        for x, y in zip(cores, nodes, strict=True)
    ]


def days(*texts: str):
    return np.array(texts, dtype="datetime64[D]")


STATISTICS = (
    SHARE,
    NPS,
    CROSSTAB,
    ASSOCIATION,
    RANK_ASSOCIATIONS,
    SHARE_WHERE,
    NEW_CLOUDS,
    ADOPTION,
)
CASES = {
    "new": lambda: new_clouds(clouds(), 9, "edition"),
    "new, a month, crossed": lambda: new_clouds(clouds(), 1, ["edition", CORES], level=0.9),
    "new, two years, begun": lambda: new_clouds(clouds(), 24, dated="created"),
    "new, one day": lambda: new_clouds(clouds(), 12, "edition", as_of="2023-08-31"),
    "new, a day each": lambda: new_clouds(
        clouds(), 6, "edition", as_of={"2022": "2022-07-01", "2023": "2023-12-31"}
    ),
    "new, listed years end": lambda: new_clouds(ended(), 12, "edition"),
    "new, public": lambda: public(new_clouds(clouds(), 9, "edition")),
    "new, two years, public": lambda: public(new_clouds(clouds(), 24, as_of="2023-03-15")),
    "overlap, by day": lambda: vars_of(
        overlap(
            np.array([2023, 2023, 2022, 2022, 2022, 2021, -np.inf, np.nan, 2024, 2020.0]),
            days(*[MARCH] * 3, "2023-01-01", "2023-12-31", *[MARCH] * 4, "2020-12-31"),
            13,
        )
    ),
    "overlap, ends of months": lambda: vars_of(
        overlap(
            np.array([2022.0] * 6),
            days(MARCH, "2023-03-01", "2024-02-29", "2023-01-31", "2022-01-01", "2022-12-31"),
            1,
        )
    ),
    "adoption": lambda: adoption(clouds()),
    "ages": lambda: {
        "result": [
            _months(make.codebook().calendar, name, day and pd.Timestamp(day))
            for name, day in (
                ("Antelope", "2023-03-22"), ("Antelope", "2023-03-21"), ("Antelope", "2023-03-24"),
                ("Antelope", "2024-03-22"), ("Trunk", "2024-03-22"), ("Antelope", None),
            )
        ],
        "middles": [_middle_of_month(pd.Timestamp("2023-02-28 13:00")), _middle_of_month(pd.NaT)],
    },
    "adoption, public": lambda: public(adoption(clouds())),
    "association": lambda: association(clouds(), CORES, NODES),
    "association, by edition": lambda: association(clouds(), NODES, CORES, "edition", level=0.9),
    "association, groups of one": lambda: association(clouds(), CORES, NODES, ["edition", NODES]),
    "association, two organizations": lambda: association(
        make.answers_of([*pairs("a", (1, 2, 3), (1, 3, 2)), *pairs("b", (1, 2), (2, 1))]),
        CORES, NODES,
    ),
    "association, one organization": lambda: association(
        make.answers_of(pairs("a", (1, 2, 3), (1, 3, 2))), CORES, NODES
    ),
    "association, all alike": lambda: association(
        make.answers_of([row for n in range(12) for row in pairs(f"o{n}", (1, 2, 3), (1, 3, 2))]),
        CORES, NODES,
    ),
    "association, all agree": lambda: association(
        make.answers_of([row for n in range(12) for row in pairs(f"o{n}", (1, 2, 3), (0, 1, 4))]),
        CORES, NODES,
    ),
    **{
        f"ends, least {least}": lambda least=least: end_classes(clouds(), CORES, least=least)
        for least in (1, 14, 15, 16, 30, 31, 45, 46, 60, 200)
    },
    "ends by edition": lambda: end_classes(clouds(), NODES, "edition", least=9),
    "rank measures": lambda: {
        str(place): rank_measures(np.array(table, dtype=float), LESS, LESS)
        for place, table in enumerate(TABLES)
    },
    "ranked": lambda: rank_associations(clouds(), CORES, against=[NODES, YEAR, RELEASES]),
    "ranked, several": lambda: rank_associations(clouds(), RELEASES, against=[NODES, YEAR]),
    "where": lambda: share_where(
        clouds(), "edition", among_at_least={CORES: 700}, at_most={NODES: 20, CORES: 30_000}
    ),
    "where, public": lambda: public(share_where(clouds(), "edition", at_most={CORES: 50})),
    "scores, public": lambda: public(nps(clustered(), "edition", concept="score")),
    "scores, few, public": lambda: public(nps(few(), "size", concept="score", level=0.8)),
    **{
        f"statistic {each.name}": lambda each=each: each
        for each in STATISTICS
    },
}  # fmt: skip
MARCH = "2023-03-31"
LESS = np.array([[0.0, 1, 1], [0, 0, 1], [0, 0, 0]])
TABLES = (
    [[3, 1, 0], [1, 3, 1], [0, 2, 4]],
    [[0, 0, 0], [0, 5, 0], [0, 0, 0]],
    [[0, 0, 0]] * 3,
    [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
    [[0, 0, 4], [0, 3, 0], [2, 0, 0]],
)


def vars_of(found):
    return {"certain": found.certain, "possible": found.possible, "likely": found.likely}


if __name__ == "__main__":
    records.write(THEME, CASES)
