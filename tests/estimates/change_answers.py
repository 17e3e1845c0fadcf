"""Invented answers of the same organizations over editions, for the recorded results of change.

``clouds`` has every kind of question; ``cores`` has bands of the shipped codebook, those of 2014
cut otherwise. Organization 0 has many clouds, most have one; some leave, some enter, some answer
with an untouched copy, one is nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Band, Choice, Unit
from survey.responses import Responses
from tests.estimates import band_builders as bands
from tests.estimates import builders as make

YEARS = ("2017", "2018", "2019")
CORES, NODES, TEAM = "compute_cores", "compute_nodes", "team_size"
STAGE, INDUSTRY, DEPLOYED = "deployment_stage", "industry", "deployment_tools"
_STAGES = ("Production / Full Operational Use", "Under development / In testing")
_INDUSTRIES = ("Information Technology", "Telecommunications", "Academic / Research")


def keyed(answers: Responses) -> Responses:
    """Return answers whose records have keys."""
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        frame = answers.frame(unit)
        keys = np.arange(1, len(frame) + 1, dtype=np.uint64) * np.uint64(11_400_714_819_323_198_485)
        answers = answers.with_frame(unit, frame.assign(record_key=keys))
    return answers


def who_answers(random: Random, organizations: int, years: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return edition, organization and whether it is a copy, a row for each cloud."""
    rows = []
    for place in range(organizations):
        many = 5 if place == 0 else 2 if place < 5 else 1
        here = [year for year in years if random.random() < 0.75] or [years[place % len(years)]]
        for year in here:
            for cloud in range(many if random.random() < 0.8 else 1):
                copied = year == years[-1] and len(here) > 1 and random.random() < 0.15
                row = {"edition": year, "organization": f"o{place:02}", "copied": copied}
                rows.append(row | {"cloud": cloud})
    return rows


@cache
def clouds(organizations: int = 56, seed: int = 5) -> Responses:
    """Return answers of every kind of question over three editions; Juju came with the third."""
    random = Random(seed)
    taste = [[random.random() for _ in range(12)] for _ in range(organizations)]
    rows = []
    for row in who_answers(random, organizations, YEARS):
        year = YEARS.index(row["edition"])
        own = [
            random.random() if random.random() < 0.3 else each
            for each in taste[int(row["organization"][1:])]
        ]
        tools = [name for name, use in zip(make.TOOLS, own, strict=False) if use < 0.3 + 0.1 * year]
        given: dict[str, Any] = {
            "score": make.SCORES[min(10, int(9 * own[5]) + year)],
            "stage": make.STAGES[int(3 * own[6] ** 2)],
            "size": (*make.SIZES, "Don't know")[int(4 * own[7])],
            "tools": [name for name in tools if name != "Juju" or year == 2],
            "projects": {"Nova": make.LEVELS[int(3 * own[8])], "Cinder": make.LEVELS[0]},
            "primary_country": ("DE", "US", "JP")[int(3 * own[9])],
        }
        if year > 0:
            given["public"] = bool(own[10] < 0.4)
        kept = {name: value for name, value in given.items() if random.random() > 0.08}
        rows.append({**row, **kept})
    rows.append({"edition": "2018", "organization": None, "respondent": "nobody", **_one()})
    rows.append({"edition": "2019", "organization": None, "respondent": "no one", **_one()})
    listed = make.choices(*(name for name in make.TOOLS if name != "Juju"))
    other: Mapping[str, Mapping[str, Mapping[str, Any] | None]] = {
        "2017": {"tools": {"choices": listed}, "public": None, "stage": {"series": "old stages"}},
        "2018": {"tools": {"choices": listed}},
        "2019": {},
    }
    made = keyed(make.build(rows, make.book(YEARS, other)))
    place = np.arange(len(made.deployments))
    weights = {"weight": 1.0 + 0.5 * (place % 3), "odd_weight": 1.1 + 0.37 * (place % 7)}
    part = made.deployments["edition"].map({"2017": 200, "2018": 160, "2019": 400})
    frame = made.deployments.assign(**weights, part=part.to_numpy(dtype=np.float64))
    return made.with_frame(Unit.DEPLOYMENT, frame)


def _one() -> dict[str, Any]:
    return {"stage": "Testing", "tools": ["Kolla"], "size": "1 to 9", "score": "7"}


@cache
def alike(many: int = 12, scores: tuple[str, str] = ("9", "9")) -> Responses:
    """Return clouds that are all in production in both editions, all but the last of one size."""
    rows = [
        {"edition": year, "organization": f"o{place}", "stage": "Production",
         "size": make.SIZES[place == many - 1], "tools": ["Ansible"],
         "score": scores[place == many - 1]}
        for year in ("2018", "2019")
        for place in range(many)
    ]  # fmt: skip
    idea = {"choices": make.choices(*make.STAGES, "Idea")}
    nothing = Choice(make.SIZES[0], make.SIZES[0], Band(0, 0))
    size = {"choices": (nothing, *make.questionnaire()[5].choices[1:])}
    changed = {"2018": {"stage": idea, "size": size}, "2019": {"size": size}}
    return keyed(make.build(rows, make.book(changed=changed)))


@cache
def partly_known() -> Responses:
    """Return the banded answers of which nobody knows whether some are copies."""
    frame = cores().deployments
    copied = frame["copied"].astype("boolean")
    copied[::5] = pd.NA
    return cores().with_frame(Unit.DEPLOYMENT, frame.assign(copied=copied))


@cache
def steady(many: int = 36, size: str = "10 to 99") -> Responses:
    """Return clouds of one size in both editions."""
    rows = [
        {"edition": year, "organization": f"o{place}", "size": size}
        for year in ("2018", "2019")
        for place in range(many)
    ]
    return keyed(make.build(rows))


@cache
def crowded() -> Responses:
    """Return clouds of which one organization has twenty, another thirteen, and many have one."""
    owners = ["a"] * 20 + ["b"] * 13 + [f"o{place}" for place in range(15)]
    rows = [
        {"edition": ("2018", "2019")[place % 2], "organization": owner,
         "stage": make.STAGES[place * place % 3], "size": make.SIZES[(place + place // 4) % 3],
         "tools": [name for digit, name in enumerate(make.TOOLS) if place >> digit & 1]}
        for place, owner in enumerate(owners)
    ]  # fmt: skip
    return keyed(make.build(rows))


@cache
def neighbours() -> Responses:
    """Return clouds whose sizes meet at an edge: 1 to 9 ends at 10 in the later edition."""
    moved = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (2, 2), (1, 2), (0, 2)]
    rows = [
        {"edition": year, "organization": f"o{place}", "size": make.SIZES[pair[edition]]}
        for place, pair in enumerate(moved)
        for edition, year in enumerate(("2018", "2019"))
    ]
    ten = Choice(make.SIZES[0], make.SIZES[0], Band(1, 10))
    size = {"choices": (ten, *make.questionnaire()[5].choices[1:])}
    return keyed(make.build(rows, make.book(changed={"2019": {"size": size}})))


@cache
def cores(organizations: int = 52, seed: int = 9, *, nameless: bool = True) -> Responses:
    """Return banded answers over three editions; a band more or less from one to the next."""
    random = Random(seed)
    years = ("2014", "2023", "2024")
    size = [int(5 * random.random() ** 1.5) for _ in range(organizations)]
    size[7] = 5  # in the open band at last
    size[2::6] = [3] * len(size[2::6])  # these shrink
    rows = []
    for row in who_answers(random, organizations, years):
        place, year = int(row["organization"][1:]), years.index(row["edition"])
        step = (year - 1) * (-1 if place % 6 == 2 else 1)
        band = min(6, max(0, size[place] + step + (random.random() < 0.2) - (row["cloud"] > 1)))
        said = {
            CORES: band if random.random() < 0.92 else None,
            NODES: max(0, band - 1),
            TEAM: None,
        }
        if row["edition"] != "2014":
            said[TEAM] = min(4, max(0, band // 2 + (random.random() < 0.3)))
        made = {
            name: bands.label(name, where, row["edition"])
            for name, where in said.items()
            if name in bands.codebook().edition(row["edition"]).by_concept
        }
        stage = _STAGES[int(random.random() > 0.6)]
        del row["cloud"]
        rows.append({**row, **made, STAGE: stage if random.random() < 0.9 else None})
    for year in years[1:] if nameless else ():
        rows.append({"edition": year, "organization": None, CORES: bands.label(CORES, 2, year),
                     "respondent": f"nobody {year}"})  # fmt: skip
    people = {f"o{place:02}": {INDUSTRY: _INDUSTRIES[place % 3]} for place in range(organizations)}
    return bands.answers_of(rows, people)
