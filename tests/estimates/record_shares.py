"""Cases of shares, scores, cross tables and weights.

``python -m tests.estimates.record_shares`` puts their results on record.
"""

from __future__ import annotations

import numpy as np

from survey.estimates import (
    association,
    crosstab,
    end_classes,
    nonresponse_bounds,
    nps,
    poststratify,
    rake,
    rank_associations,
    share,
    share_where,
    topline,
)
from survey.estimates.shares.banner import alphabet, letters, pairs_of
from survey.estimates.shares.selection import REST
from tests.estimates import builders as make
from tests.estimates import records
from tests.estimates.shapes import (
    alone,
    changed,
    chosen,
    clustered,
    few,
    lacking,
    recut,
    same_names,
)

THEME = "shares"
NETS = {"Not in production": ["Testing", "Proof of concept"], "Begun": ["Testing"]}
EVERYTHING = ("share", "row share", "total share", "verdict", "letters")
SIZES = {"1 to 9": 3, "10 to 99": 2, "100 or more": 1}
PUBLIC = {"Yes": 300, "No": 700}
THOUSAND = {"Production": 500, "Testing": 300, "Proof of concept": 200}
STAGES = {"Production": 0.5, "Testing": 0.3, "Proof of concept": 0.2}


CASES = {
    "share, clustered": lambda: share(clustered(), "stage", "edition"),
    "share, alone": lambda: share(alone(), "stage"),
    "share of few": lambda: share(few(), "stage", "edition"),
    "share of few, copies": lambda: share(few(), "stage", "edition", include_carried_over=True),
    "share of what an edition lacks": lambda: share(changed(), "tools", "edition"),
    "share of what an edition does not list": lambda: share(changed(), "stage", "edition"),
    "share, net": lambda: share(clustered(), "stage", nets=NETS),
    "share, net of bands": lambda: share(
        clustered(), "size", "edition", nets={"10 or more": ["10 to 99", "100 or more"]}
    ),
    "share, top": lambda: share(clustered(), "tools", top=2),
    "share, top of all": lambda: share(clustered(), "tools", top=5, level=0.9),
    "share, items": lambda: share(clustered(), "tools", items=["Kolla", "Ansible"]),
    "share, rows of a matrix": lambda: share(clustered(), "projects", items=["Nova", "Cinder"]),
    "share, a level and a row": lambda: share(
        clustered(), "projects", items=["Nova", "Testing", "Cinder / Production"]
    ),
    "share, a row named as a level": lambda: share(same_names(), "projects", items=["Testing"]),
    "share, ranks": lambda: share(clustered(), "drivers", "edition"),
    "share, ranks, items": lambda: share(alone(), "drivers", items=["Other", "Save money"]),
    "share, ranks that nobody gave": lambda: share(few(), "drivers", "edition"),
    "share, check box": lambda: share(alone(), "public"),
    "share, countries": lambda: share(clustered(), "deployment_countries", top=2),
    "share, regions": lambda: share(clustered(), "deployment_region"),
    "share, asked": lambda: share(clustered(), "size", "edition", base="asked"),
    "share, all": lambda: share(clustered(), "tools", base="all", unit="deployment"),
    "share, weighted": lambda: share(clustered(), "tools", "edition", weights="weight"),
    "share, strata": lambda: share(clustered(), "stage", strata="stratum", fpc="population"),
    "share, finite": lambda: share(clustered(), "tools", fpc=200),
    "share, organizations": lambda: share(clustered(), "stage", unit="organization"),
    "share, no clusters": lambda: share(clustered(), "tools", cluster=None, level=0.8),
    "share, beta": lambda: share(clustered(), "tools", interval="beta"),
    "share, logit": lambda: share(clustered(), "tools", interval="logit"),
    "share, wilson": lambda: share(clustered(), "tools", interval="wilson", weights="weight"),
    "share, bootstrap": lambda: share(clustered(), "stage", "edition", interval="bootstrap"),
    "share, bootstrap of few": lambda: share(few(), "stage", "edition", interval="bootstrap"),
    "share, crossed": lambda: share(few(), "stage", ["edition", "size"]),
    "share, selected": lambda: share(chosen(), "tools", "edition"),
    "topline, beginnings": lambda: {
        name: [table.title, *table.frame["count"].head(2)]
        for name, table in topline(clustered(), "stage", top=3).items()
    },
    "bounds of nonresponse": lambda: nonresponse_bounds(clustered(), "stage", "edition"),
    "bounds of nonresponse, weighted": lambda: nonresponse_bounds(
        clustered(), "size", weights="weight"
    ),
    "bounds of nonresponse of few": lambda: nonresponse_bounds(few(), "stage", "size"),
    "nps": lambda: nps(clustered(), "edition", concept="score"),
    "nps, weighted": lambda: nps(clustered(), "stage", concept="score", weights="weight"),
    "nps, alone": lambda: nps(alone(), concept="score", level=0.9),
    "nps of few": lambda: nps(few(), "edition", concept="score"),
    "nps of single clouds": lambda: nps(few(), ["edition", "size"], concept="score"),
    "nps of what an edition lacks": lambda: nps(changed(), "edition", concept="score"),
    "nps, strata": lambda: nps(clustered(), concept="score", strata="stratum", fpc="population"),
    "nps of two kinds alone": lambda: nps(few(), "stage", concept="score"),
    "where": lambda: share_where(clustered(), "edition", at_most={"size": 50}),
    "where, among": lambda: share_where(
        clustered(), among_at_least={"size": 10}, at_most={"size": 99}, weights="weight"
    ),
    "where, below all": lambda: share_where(few(), "edition", at_most={"size": 0}),
    "where, in the open band": lambda: share_where(clustered(), at_most={"size": 500.5}),
    "where, at an edge": lambda: share_where(clustered(), at_most={"size": 9}),
    "where, above all": lambda: share_where(
        alone(), among_at_least={"size": 100}, at_most={"size": 1e6}
    ),
    "where, a large number": lambda: share_where(clustered(), at_most={"size": 1_234_567}),
    "association": lambda: association(clustered(), "size", "size", "edition"),
    "crossed, counts": lambda: crosstab(few(), ["stage", "tools"], ["size"], stats=["count"]),
    "crossed": lambda: crosstab(clustered(), "stage", "size", stats=EVERYTHING),
    "crossed, several": lambda: crosstab(
        clustered(), ["tools", "projects"], ["edition", "tools"], stats=("verdict", "letters")
    ),
    "crossed, weighted": lambda: crosstab(
        clustered(), "tools", ["stage"], stats=EVERYTHING, weights="weight", fdr=0.4
    ),
    "crossed, few": lambda: crosstab(few(), "stage", ["edition", "size"], stats=EVERYTHING),
    "crossed, lacking": lambda: crosstab(changed(), "tools", "edition", stats=EVERYTHING),
    "crossed, organizations": lambda: crosstab(
        clustered(), "stage", "public", unit="organization", level=0.9
    ),
    "crossed, three questions": lambda: crosstab(
        few(), ["stage", "size", "tools"], ["edition", "stage", "size"], stats=["count"]
    ),
    "crossed, ten in a column": lambda: crosstab(alone(), "stage", "tools", stats=EVERYTHING),
    "crossed, letters": lambda: {
        "alphabet": alphabet(54)[24:], "three letters": alphabet(703)[701:], "pairs": pairs_of(4),
        "of one": letters(np.zeros((0, 2), dtype=bool), np.zeros((0, 2), dtype=bool), 1),
    },
    "crossed, four questions": lambda: crosstab(
        alone(), ["stage", "size", "tools", "public"], "stage", stats=["count"]
    ),
    "ranked associations": lambda: rank_associations(clustered(), "size"),
    "ranked associations, several": lambda: rank_associations(
        clustered(), "tools", against=["projects", "stage", "drivers"], fdr=0.2, level=0.9
    ),
    "ranked associations of few": lambda: rank_associations(few(), "stage"),
    "ranked associations, alone": lambda: rank_associations(alone(), "tools"),
    "ranked associations, lacking": lambda: rank_associations(
        changed().where(edition="2018"), "stage", against=["size", "public"]
    ),
    "ends": lambda: end_classes(clustered(), "size", least=40),
    "ends by edition": lambda: end_classes(clustered(), "size", "edition", least=25),
    "ends, enough": lambda: end_classes(clustered(), "size", least=1),
    "ends, too few": lambda: end_classes(few(), "size", least=100),
    "bands cut anew, nets": lambda: share(
        recut(), "size", "edition",
        nets={"Some": ["10 to 99"], REST: ["10 to 99"], "Most": ["10 to 49", "50 to 99"]},
    ),
    "bands cut anew, top": lambda: share(recut(), "size", top=2),
    "bands cut anew, where": lambda: share_where(recut(), "edition", at_most={"size": 49}),
    "bands cut anew, association": lambda: association(recut(), "size", "size"),
    "bands cut anew, ends": lambda: end_classes(recut(), "size", least=25),
    "not in the file, share": lambda: share(lacking(), "tools", "edition"),
    "not in the file, matrix": lambda: share(lacking(), "projects", "edition", items=["Testing"]),
    "not in the file, score": lambda: nps(lacking(), "edition", concept="score"),
    "not in the file, crossed": lambda: crosstab(
        lacking(), ["tools", "stage"], ["edition", "size"], stats=("share", "verdict", "letters")
    ),
    "not in the file, counts": lambda: crosstab(lacking(), "tools", "edition", stats=["count"]),
    "not in the file, ranked": lambda: rank_associations(
        lacking().where(edition="2018"), "stage", against=["tools", "public", "size"]
    ),
    "not in the file, ranked by": lambda: rank_associations(
        lacking().where(edition="2018"), "tools", against=["public", "stage"]
    ),
    "not in the file, where": lambda: share_where(lacking(), "edition", at_most={"size": 50}),
    "not in the file, association": lambda: association(lacking(), "size", "size", "edition"),
    "not in the file, bounds": lambda: nonresponse_bounds(lacking(), "tools", "edition"),
    "not in the file, ends": lambda: end_classes(lacking(), "size", "edition", least=25),
    "raked, totals that differ": lambda: rake(
        clustered(), {"stage": {**THOUSAND, "Testing": 300.002}, "public": PUBLIC}
    ),
    "raked, totals that hardly differ": lambda: rake(
        clustered(), {"stage": {**THOUSAND, "Testing": 300.0005}, "public": PUBLIC}
    ),
    "raked": lambda: rake(clustered(), {"stage": STAGES}),
    "raked, two margins": lambda: rake(
        clustered(), {"stage": STAGES, "size": dict(zip(make.SIZES, (0.3, 0.3, 0.4), strict=True))}
    ),
    "raked, trimmed": lambda: rake(
        clustered(), {"stage": {**STAGES, "Testing": 0.45, "Production": 0.35}}, trim=(0.6, 2.0),
        tolerance=0.05,
    ),
    "raked, without copies": lambda: rake(few(), {"stage": {"Production": 1, "Testing": 1}}),
    "poststratified, without copies": lambda: poststratify(few(), "size", SIZES),
    "poststratified, copies": lambda: poststratify(few(), "size", SIZES, copies=True),
    "raked, one answered, and weighs little": lambda: rake(
        make.build([{"size": make.SIZES[place > 0], "stage": None if place else "Testing"}
                    for place in range(8)]),
        {"size": {"1 to 9": 0.1, "10 to 99": 0.9}, "stage": {"Testing": 1}},
    ),
    "raked, some did not answer": lambda: rake(few(), {"size": SIZES}, tolerance=1e-12),
    "poststratified": lambda: poststratify(
        alone(), ["stage", "size"],
        {(a, b): 1 + len(a) + len(b) for a in make.STAGES for b in make.SIZES[:2]},
    ),
}  # fmt: skip

if __name__ == "__main__":
    records.write(THEME, CASES)
