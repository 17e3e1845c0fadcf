"""Published tables of invented answers: ``python -m tests.disclosure.record_tables`` records them.

One row each: labels of group and answer, then count, base, value, limits, further columns and
status. Look at what changed before it is recorded anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.disclosure import Ledger, Policy, Publication, Register, protect
from survey.estimates import Estimates, compare, median, nps, returners, share, total
from survey.responses import Responses
from tests.disclosure.surveys import invented

__all__ = ["RECORDED", "found"]

RECORDED = Path(__file__).with_name("recorded_tables.json")
SERVICES = {"Services": ["Finance", "Insurance", "Travel"]}
RECOMMEND = "likelihood_to_recommend"
BOTH = {"Both": ["Finance", "Insurance"]}


def tables(corrected: bool = False) -> Iterator[Estimates]:
    """Yield tables with each kind of question, group, selection and statistic."""
    two = invented(240, 5, ("2018", "2019"))
    if corrected:
        two = without_rarest_country(without(two, 2))
    one, few = two.in_edition("2019"), invented(70, 7, ("2020",))
    stage = two.deployments["deployment_stage"].astype(object)
    testing = two.where(stage.eq("Under development / In testing"))
    size, edition = "organization_size", "edition"
    made = {
        "single": share(two, "deployment_stage", by=edition),
        "several": share(two, "deployment_tools", by=edition),
        "several by stage": share(one, "deployment_tools", by="deployment_stage"),
        "bands by industry": share(one, "compute_cores", by="industry"),
        "bands of few": share(few, "compute_cores", by="deployment_stage"),
        "tools of few": share(few, "deployment_tools", by=size),
        "countries": share(two, "primary_country", by=edition),
        "most frequent countries": share(two, "primary_country", by=edition, top=3),
        "by country": share(two, "deployment_stage", by=[edition, "primary_country"]),
        "most frequent tools by size": share(one, "deployment_tools", by=size, top=3),
        "most frequent, some": share(one, "industry", items=["Finance", "Gaming", "Energy"], top=2),
        "union with rare parts": share(one, "industry", by=size, nets=SERVICES),
        "some answers": share(one, "industry", items=["Finance", "Insurance"], nets=BOTH),
        "selected": share(testing, "hypervisors", by=edition),
        "of all": share(one, "compute_cores", base="all"),
        "at 90 %": share(one, "hypervisors", level=0.9),
        "organizations": share(one, "industry", unit="organization"),
        "score": nps(two, by=edition),
        "score by size": nps(one, by=size),
        "median": median(one, "compute_cores", by="deployment_stage"),
        "total": total(two, "compute_cores", by=edition, replicates=100),
        "total by country": total(
            two, "compute_cores", by=[edition, "primary_country"], replicates=100
        ),
        "change": compare(two, "hypervisors", "2018", "2019"),
        "change by size": compare(two, "deployment_stage", "2018", "2019", by=size),
        "change of a score": compare(two, RECOMMEND, "2018", "2019", statistic="nps"),
        "change of a median": compare(two, "compute_cores", "2018", "2019", statistic="median"),
        "flows": returners(two, "2018", "2019", "compute_cores"),
    }  # fmt: skip
    for name, table in made.items():
        yield table.named(name, "t")


def without(answers: Responses, number: int) -> Responses:
    """Leave the first deployments of the last edition out, as if they had never been there."""
    frame = answers.deployments
    kept = np.ones(len(frame), dtype=bool)
    kept[np.flatnonzero(frame["edition"] == "2019")[:number]] = False
    some = answers.where(pd.Series(kept, index=frame.index))
    return replace(some, selected=(), whole=None)


def without_rarest_country(answers: Responses) -> Responses:
    """Leave out who named the country of the last edition that fewest did."""
    people = answers.respondents
    last = people["edition"].eq("2019")
    countries = people["primary_country"].astype(str)
    rarest = countries[last].value_counts().index[-1]
    kept = ~(last & countries.eq(rarest))
    return replace(answers, respondents=people[kept].reset_index(drop=True))


def written(publication: Publication) -> dict[str, list[str]]:
    """Return name -> rows of each table."""
    return {
        name: [" | ".join(_text(value) for value in row) for row in table.frame.to_numpy(object)]
        for name, table in publication.tables.items()
    }


def _text(value: Any) -> str:
    if value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def found() -> dict[str, Any]:
    """Return what is recorded."""
    register = Register(Ledger("k"), final=True)
    made = protect(list(tables()), title="T", edition="2019", register=register)
    strict = Policy(units=40, organizations=9, rare=9, small=60, digits=1)
    asked = [each for each in tables() if each.name in ("several by stage", "median", "by country")]
    two = invented(240, 5, ("2018", "2019"))
    later = Register(register.entries("k"), {"hypervisors": ("2020-01-02", "why")}, final=True)
    again = [
        share(without(two, number), name, by="edition").named(name, "t")
        for name, number in (("deployment_stage", 30), ("deployment_tools", 12), ("hypervisors", 1))
    ]
    second = protect(again, title="T", edition="2019", register=later)
    third = Register(register.entries("k"), final=True)
    corrected = written(protect(list(tables(True)), title="T", edition="2019", register=third))
    reprinted = written(made)
    return {
        "tables": reprinted,
        "not reprinted": [name for name, rows in corrected.items() if rows != reprinted[name]],
        "corrections that wait": third.waiting,
        "strict": written(protect(asked, strict, title="T", edition="2019")),
        "second issue": written(second),
        "notes": {name: list(map(str, table.notes)) for name, table in second.tables.items()},
        "plan": {
            each.name: [each.fate.value, each.reason, *each.withheld, *map(str, each.joined)]
            for each in made.plan
        },
        "effects": dict(register.effects),
        "columns": sorted(register.used),
        "waiting": later.waiting,
        "redrawn": list(later.redrawn),
    }


def main() -> None:
    """Record the tables."""
    text = json.dumps(found(), indent=0, ensure_ascii=False)
    RECORDED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
