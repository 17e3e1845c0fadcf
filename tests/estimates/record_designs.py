"""Cases of who counts and of what is refused; ``python -m tests.estimates.record_designs`` writes.

Refusals are on record as a person reads them: where, what came, what was expected, what to do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.estimates import (
    association,
    crosstab,
    end_classes,
    new_clouds,
    nonresponse_bounds,
    nps,
    poststratify,
    rake,
    rank_associations,
    share,
    share_where,
)
from survey.estimates.design import checks, design, design_of
from survey.estimates.design.arguments import ask, given, is_ordered, source_of, title_of
from survey.estimates.design.design_columns import column_of, numbers_of
from survey.estimates.design.editions import edition_problems, same_words
from survey.estimates.design.left_out import LeftOut, Why
from survey.estimates.design.places import gathered, place_name, region_name, regions
from survey.estimates.design.sample import draw
from survey.estimates.design.strata_of import strata_of_clusters
from survey.estimates.design.weights import Weights, weight_of
from tests.estimates import builders as make
from tests.estimates import record_clouds as dated
from tests.estimates import records
from tests.estimates.shapes import alone, chosen, clustered, few, with_column

THEME = "designs"
STAGES = {"Production": 0.5, "Testing": 0.3, "Proof of concept": 0.2}
COUNTRIES = dict.fromkeys(("Germany", "United States", "Japan", "Brazil"), 5)
PEOPLE, CLOUDS = Unit.RESPONDENT, Unit.DEPLOYMENT


def drawn(answers, unit="deployment", **options):
    found = draw(answers, Unit(unit), **options)
    return {
        "rows": None if found.rows is None else [len(found.rows), *found.rows[:4]],
        "editions": found.editions, "edition": np.bincount(found.edition).tolist(),
        "cluster": found.cluster[:12], "clusters": found.clusters, "left_out": found.left_out,
        "repeated": found.repeated, "copies": found.copies,
        "organizations": int(found.organization.max()) + 1,
        "members": found.membership.sum(axis=1), "keys": found.record_keys[:2].astype(str),
    }  # fmt: skip


def asked(*concepts, by=None, who=None, answered=False, **options):
    made = design(who or clustered(), **options).asked(concepts, by, answered=answered)
    return {"unit": made.unit, "rows": made.rows, "base": made.base, "level": made.level,
            "cluster": made.cluster("stratum"), "no cluster": made.cluster(None)}  # fmt: skip


def strata(answers, strata="stratum", fpc=None, whole=None):
    sample = draw(answers, CLOUDS)
    found = strata_of_clusters(strata, fpc, sample, draw(whole or answers, CLOUDS))
    return {"first": found.of_cluster[:9], "clusters": found.clusters, "sampled": found.sampled}


def people() -> Weights:
    return rake(clustered(), {"primary_country": COUNTRIES}, unit="respondent")


def uneven(values):
    frame = clustered().deployments
    index = pd.MultiIndex.from_frame(frame[["edition", "deployment"]].astype(str))
    return Weights(pd.Series(np.resize(values, len(index)), index), CLOUDS, "hand", frame)


def undated():
    answers = dated.clouds()
    return answers.with_frame(PEOPLE, answers.respondents.assign(edited=pd.NaT))


def scored(scale):
    """Return answers to a question with these scores."""
    listed = {"choices": make.choices(*map(str, scale))}
    return replace(alone(), codebook=make.book(("2019",), {"2019": {"score": listed}}))


def words(weighted):
    return {
        "effect": weighted.design_effect, "effective": weighted.effective,
        "range": weighted.range, "words": repr(weighted),
    }  # fmt: skip


def says(design_):
    words_ = repr(design_).rpartition("pseudonyms: ")[2]
    return {"options": design_.options(), "spoken": design_.spoken(), "words": words_}


CASES = {
    "rows": lambda: drawn(few()),
    "rows, copies": lambda: drawn(few(), copies=True),
    "rows, one edition": lambda: drawn(few(), editions=["2019"]),
    "rows, no clusters": lambda: drawn(few(), cluster=None),
    "rows, another cluster": lambda: drawn(clustered(), cluster="stratum", once=True),
    "rows of people": lambda: drawn(clustered(), "respondent"),
    "rows of a selection": lambda: drawn(chosen()),
    "rows, clusters that some lack": lambda: drawn(
        with_column(few(), "team", ["a", None, "b", "b", None, "a", "a", None, "c"]), cluster="team"
    ),
    "asked, people": lambda: asked("score"),
    "asked, clouds": lambda: asked("stage", by="edition", level=0.9, base="all"),
    "asked, both": lambda: asked("score", by=["size"], unit="organization"),
    "asked, organizations of people": lambda: asked("score", unit="organization"),
    "asked, regions": lambda: asked("region", by="deployment_region", unit="deployment"),
    "asked, of those who answered": lambda: asked("stage", answered=True, base="asked"),
    "designs": lambda: says(design(clustered())),
    "designs, changed": lambda: says(
        design(clustered(), unit="organization", cluster=None, strata="stratum", fpc=9.5,
               include_carried_over=True, one_per_cloud=True, level=0.5, base="all")
    ),
    "designs, changed again": lambda: says(design(few(), level=0.5).but(level=0.95, copies=True)),
    "designs, only": lambda: says(design(few(), level=0.5).only("level")),
    "designs, only others": lambda: design(few(), level=0.5, fpc=9).only("level", "base"),
    "designs, no answers": lambda: design_of([1, 2]),
    "designs, all wrong": lambda: design_of(
        few(), unit="deploymnt", base="answer", level=1.0, cluster=3, weights=[1], strata=1, fpc=0,
        one_per_cloud=1, include_carried_over="yes", levl=0.9,
    ),
    "designs, other limits": lambda: design_of(few(), level=0, fpc=True, unit=3),
    "designs, more limits": lambda: design_of(few(), level=True, fpc=float("inf")),
    "titles": lambda: {
        name: [each(clustered(), name) for each in (source_of, title_of, is_ordered)]
        for name in ("size", "stage", "region", "deployment_region")
    } | {"given": given({"a": None, "b": False, "c": 0, "d": ["x"], "e": {"n": ["y"]}, "f": True})},
    "unknown concept": lambda: ask(clustered(), ["stagee"]),
    "no concept": lambda: ask(clustered(), [3]),
    "unknown unit": lambda: ask(clustered(), ["stage"], unit="clouds", base="aked", level=2),
    "unknown group": lambda: share(clustered(), "stage", 7),
    "question of clouds, counted by people": lambda: share(clustered(), "stage", unit="respondent"),
    "unknown cluster": lambda: share(clustered(), "stage", cluster="organisation"),
    "unlike any cluster": lambda: share(clustered(), "stage", cluster="zzz"),
    "strata": lambda: strata(clustered()),
    "strata, finite": lambda: strata(clustered(), fpc="population"),
    "strata, one number": lambda: strata(clustered(), None, 60.5),
    "strata, the whole": lambda: strata(clustered(), None, 43),
    "strata, of a selection": lambda: strata(chosen(), fpc="population", whole=clustered()),
    "strata, too small": lambda: strata(clustered(), "stratum", 15.0),
    "strata, single": lambda: strata(
        with_column(few(), "s", ["a", "a", *"bbbbbbb"]), "s", 1
    ),
    "strata, torn": lambda: strata(with_column(few(), "s", list("abaabbabb")), "s"),
    "strata, missing": lambda: strata(with_column(few(), "s", ["a", None, *"aabbbbb"]), "s"),
    "strata, differing": lambda: strata(with_column(few(), "n", range(20, 29)), None, "n"),
    "strata, unknown": lambda: strata(few(), "strata"),
    "strata, unknown to the verb": lambda: crosstab(clustered(), "stage", "size", strata="stratum"),
    "finite, unknown to the verb": lambda: rank_associations(clustered(), "stage", fpc=90),
    "columns": lambda: {
        "own": column_of(clustered(), "weight", CLOUDS, "weights").head(3).tolist(),
        "people's": column_of(dated.clouds(), "language", CLOUDS, "weights")[:2].tolist(),
        "numbers": numbers_of(clustered(), "weight", CLOUDS, "weights")[:4],
        "some": numbers_of(clustered(), "uneven", CLOUDS, "weights", np.array([0, 1])),
    },
    "columns, missing numbers": lambda: numbers_of(clustered(), "uneven", CLOUDS, "weights"),
    "columns, odd numbers": lambda: numbers_of(
        with_column(few(), "w", ["1", "x", "0", "-1", "inf", "2", "3", None, "4"]),
        "w", CLOUDS, "weights",
    ),
    "columns, no such": lambda: column_of(clustered(), "wieght", PEOPLE, "weights"),
    "columns, none like it": lambda: column_of(clustered(), "zzzz", CLOUDS, "weights"),
    "editions": lambda: {
        "fine": edition_problems(few(), "2018", "2019"),
        "same": edition_problems(few(), "2018", "2018"),
        "unknown": edition_problems(few(), "2017", "2109"),
        "words": [same_words(each) for each in _QUESTIONS],
    },
    "left out": lambda: {
        "result": [
            LeftOut(1, CLOUDS, ("2018",), Why.COPIES),
            LeftOut(1200, PEOPLE, ("2018", "2019"), Why.SAME_CLOUD, ("one", "many")),
            LeftOut(2, PEOPLE, ("2018", "2019", "2020"), Why.COPIES),
            LeftOut(0, PEOPLE, (), Why.COPIES),
        ]
    },
    "places": lambda: {
        "names": [place_name("DE"), place_name("Mars"), region_name("JP"), region_name("Mars")],
        "regions": regions(),
        "gathered": gathered(_GIVEN, ["b", "a", "", "b"])[0],
        "gathered rows": gathered(_GIVEN, ["b", "a", "", "b"])[1],
        "in order": gathered(_GIVEN, ["b", "a", "", "b"], ["c", "b", "a"])[1],
        "nobody": gathered(_GIVEN[:, 2:3], ["z"])[0],
    },
    "checks": lambda: {
        "fraction": [len(checks.fraction("x", each, 0.5)) for each in FRACTIONS],
        "number": [len(checks.number("x", each, "y", 1.0)) for each in NUMBERS],
        "any number": [len(checks.number("x", each, "y")) for each in FINITE],
        "whole": [len(checks.whole("x", each, 2, 4)) for each in (1, 2, 3, 4, 5, 2.0, True)],
        "told": [*checks.whole("x", 0, 1000), *checks.whole("x", 0, 1, 20_000),
                 *checks.whole("x", 0, 100, checks.MOST_REPLICATES),
                 *checks.one_of("x", "resy", ("rest", "all")), *checks.one_of("x", 3, ("rest",))],
        "names": [checks.names("by", each) for each in (None, "a", ["a", "b"], ())],
    },
    "checks, no names": lambda: checks.names("by", b"a"),
    "checks, a mapping": lambda: checks.names("by", {"a": 1}, "a list"),
    "checks, some names": lambda: checks.names("by", ["a", 1]),
    "weights": lambda: words(uneven([1.0, 2, 3, 0.5])),
    "weights of people": people,
    "weights of their clouds": lambda: people().of_deployments(clustered()),
    "weights of clouds of clouds": lambda: uneven([1.0]).of_deployments(clustered()),
    "weights of others": lambda: share(clustered(), "stage", weights=people()),
    "weights of clouds for people": lambda: nps(
        clustered(), concept="score", weights=uneven([1.0])
    ),
    "weights for organizations": lambda: share(
        clustered(), "stage", unit="organization", weights="weight"
    ),
    "weights of no kind": lambda: share(clustered(), "stage", weights=3),
    "weights that some lack": lambda: share(clustered(), "stage", weights=uneven([1.0, np.nan, 2])),
    "weights of nothing": lambda: share(
        clustered(), "stage", weights=uneven([1.0, 0.0, np.inf, 2])
    ),
    "weights told twice": lambda: share(
        few(), "stage", weights=Weights(pd.concat([uneven([1.0]).values] * 2), CLOUDS, "", None)
    ),
    "weights told to nobody": lambda: weight_of(
        draw(few(), CLOUDS), ask(few(), ["stage"]), 3
    ),
    "raking to nothing": lambda: rake(clustered(), {}),
    "raking, all wrong": lambda: rake(
        clustered(), {"stage": {"Testing": "a"}, "size": {}}, trim=(1,), tolerance=0, iterations=0
    ),
    "raking, odd limits": lambda: rake(clustered(), {"stage": STAGES}, trim=(1.0, 2)),
    "raking, too many rounds": lambda: rake(clustered(), {"stage": STAGES}, iterations=1_000_001),
    "raking, limits that are words": lambda: rake(clustered(), {"stage": STAGES}, trim=("a", 2)),
    "raking, no sum of 1": lambda: rake(clustered(), {"stage": {**STAGES, "Testing": 0.4}}),
    "raking, two sums": lambda: rake(
        clustered(), {"stage": {**STAGES, "Testing": 5}, "size": dict.fromkeys(make.SIZES, 2)}
    ),
    "raking, answers": lambda: rake(
        alone(), {"size": {"1 to 9": 1.5, "10 to 9": 0.5, "100 or more": -1}, "tools": {"Kolla": 1}}
    ),
    "raking, untargeted": lambda: rake(alone(), {"size": {"1 to 9": 1}}),
    "raking, limits too narrow": lambda: rake(
        clustered(), {"stage": STAGES}, trim=(0.9, 1.1), iterations=3
    ),
    "raking, copies": lambda: rake(few(), {"stage": {"Production": 1, "Testing": 1}}, copies=True),
    "cells of nothing": lambda: poststratify(clustered(), [], {"a": 1}),
    "cells, no targets": lambda: poststratify(clustered(), "stage", {}),
    "cells of people": lambda: poststratify(
        clustered(), "primary_country", COUNTRIES, unit="respondent"
    ),
    "shares of texts": lambda: share(clustered(), "remark"),
    "shares, intervals": lambda: share(clustered(), "stage", interval="wislon"),
    "shares, items": lambda: share(clustered(), "tools", items=["Kola", "Xyz"]),
    "shares, no items": lambda: share(clustered(), "tools", items=[]),
    "shares, items of a matrix": lambda: share(clustered(), "projects", items=["zzz"]),
    "shares, top": lambda: share(clustered(), "tools", top=0),
    "shares, nets": lambda: share(
        clustered(), "tools", nets={"Kolla": ["Juju"], "None": [], "Some": ["Jujuu"]}
    ),
    "shares, members of nets": lambda: share(clustered(), "tools", nets={"Some": ["Jujuu"]}),
    "shares, odd nets": lambda: share(clustered(), "tools", nets=["Kolla"]),
    "shares, unnamed nets": lambda: share(clustered(), "tools", nets={3: ["Kolla"]}),
    "scores of stages": lambda: nps(clustered(), concept="stage"),
    "scores of clouds alone": lambda: nps(
        clustered().where(edition="2018"), concept="size", unit="deployment"
    ),
    "scores to eleven": lambda: nps(scored(range(12)), concept="score"),
    "scores from below nothing": lambda: nps(scored(range(-1, 11)), concept="score"),
    "scores of which one is a word": lambda: nps(scored([*range(10), "ten"]), concept="score"),
    "scores of organizations": lambda: nps(clustered(), concept="score", unit="organization"),
    "scores, asked": lambda: nps(clustered(), concept="score", base="asked"),
    "crossed, all wrong": lambda: crosstab(
        clustered(), ["stage", "stage"], [], stats=["shares", "zzz"], fdr=0
    ),
    "crossed, twice": lambda: crosstab(clustered(), "stage", ["size", "tools", "size"], stats=[]),
    "ranked, unknown": lambda: rank_associations(
        clustered(), "stage", against=["sise", "zzz"], fdr=1
    ),
    "association of stages": lambda: association(clustered(), "stage", "size"),
    "new, all wrong": lambda: new_clouds(dated.clouds(), 0, dated="opened"),
    "new, whole months": lambda: new_clouds(dated.clouds(), True),
    "new, no day": lambda: new_clouds(dated.clouds(), 9, as_of={"2022": "2022-13-01"}),
    "new, days lost": lambda: new_clouds(undated(), 9),
    "new, one date": lambda: new_clouds(dated.clouds(), 9, as_of=date(2023, 3, 1)),
    "new, asked": lambda: new_clouds(dated.clouds(), 9, base="asked"),
    "where, all wrong": lambda: share_where(clustered(), among_at_least=[1], at_most={"size": "9"}),
    "where, nothing": lambda: share_where(clustered(), at_most={}),
    "where, stages": lambda: share_where(clustered(), at_most={"stage": 9}),
    "unchecked, limits": lambda: share_where.__wrapped__(
        clustered(), among_at_least=[1], at_most={"size": "9", "stage": True}
    ),
    "unchecked, no limits": lambda: share_where.__wrapped__(clustered(), at_most=[]),
    "unchecked, raking": lambda: rake.__wrapped__(
        clustered(), {"stage": {"Testing": "a"}, "size": {}}, trim=(1,), tolerance=0, iterations=0
    ),
    "unchecked, trimming": lambda: rake.__wrapped__(clustered(), {"stage": STAGES}, trim=3),
    "unchecked, no limit": lambda: rake.__wrapped__(clustered(), [], trim=("a", 2)),
    "unchecked, months": lambda: new_clouds.__wrapped__(dated.clouds(), True, dated="opened"),
    "unchecked, half a month": lambda: new_clouds.__wrapped__(dated.clouds(), 0.5),
    "unchecked, cells": lambda: poststratify.__wrapped__(clustered(), "stage", [1]),
    "unchecked, nets": lambda: share.__wrapped__(clustered(), "tools", nets=["Kolla"]),
    "unchecked, names of nets": lambda: share.__wrapped__(
        clustered(), "tools", nets={3: ["Kolla"]}
    ),
    "ends of stages": lambda: end_classes(clustered(), "stage"),
    "bounds, base": lambda: nonresponse_bounds(clustered(), "stage", base="asked"),
    "bounds, organizations": lambda: nonresponse_bounds(clustered(), "stage", unit="organization"),
}  # fmt: skip
FRACTIONS = (0, 1e-9, 0.5, 1, True, "a", None)
NUMBERS = (1, 1.1, np.inf, np.nan, 10**400)
FINITE = (-1e308, -np.inf, False, "1")
_GIVEN = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 1], [0, 1, 0, 0]], dtype=bool)
_ASKED = make.questionnaire()[4]
_QUESTIONS = (
    [replace(_ASKED, series="a"), None, replace(_ASKED, series="a")],
    [replace(_ASKED, series="a"), replace(_ASKED, series="b")],
    [None],
)

if __name__ == "__main__":
    records.write(THEME, CASES)
