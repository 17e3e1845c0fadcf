"""How numbers and tables read, and what depends on what.

``python -m tests.estimates.record_reading`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from survey.errors import EstimateError
from survey.estimates import (
    STATISTICS,
    Estimates,
    Status,
    association,
    compare,
    decompose_change,
    design,
    growth_above,
    median,
    nps,
    quantile,
    rake,
    ratio,
    sensitivity,
    share,
    total,
    trend,
    weighting_effect,
)
from survey.estimates.examples import answers
from survey.estimates.unconfirmed import said_unconfirmed
from survey.estimates.view import as_html, as_text, printable
from survey.provenance import Unconfirmed
from survey.responses import Responses
from tests.estimates.change_answers import CORES, NODES, STAGE, clouds, cores
from tests.estimates.few_answers import few, lacking, partly_lacking, unlisted
from tests.estimates.recorded import Case, write

RECORDS = {
    name: Path(__file__).with_name(f"recorded_{name}.json")
    for name in ("tables_in_words", "other_choices")
}


def read(make: Callable[[], Estimates], *, wide: str = "value") -> Case:
    """Return a case that reads a table in every way."""

    def in_words() -> dict[str, Any]:
        table = make()
        frame = printable(table)
        html = as_html(table, exact=table.design is not None)
        spread = table.wide(wide)
        return {
            "text": as_text(table).splitlines(),
            "html": html.replace("</tr>", "</tr>\n").splitlines(),
            "markdown": table.to_markdown().splitlines(),
            "csv": [str(table.to_csv()).splitlines()[0], str(table.to_csv()).count("\n")],
            **{f"printed {name}": frame[name].to_numpy() for name in frame},
            "wide": spread.to_numpy(),
            "wide columns": list(spread.columns),
            "wide rows": [str(each) for each in spread.index],
            "per group": [[str(key), len(rows)] for key, rows in table.per_group()],
            "fields": next(iter(table))._fields,
            "length": len(table),
            "groups": table.groups,
            "editions": table.editions,
            "left out": [str(note) for note in table.left_out],
            "unconfirmed": [table.unconfirmed, *said_unconfirmed(table.notes)],
            "for publication": list(table.for_publication().notes),
        }

    return in_words


def with_rows(table: Estimates, **columns: Any) -> Estimates:
    return table.with_frame(table.frame.assign(**columns))


def odd() -> Estimates:
    """Return a table with every status, open limits and hostile labels."""
    table = share(answers(), "likelihood_to_recommend")
    status = [*(each.value for each in Status), "ok", "ok"]
    low = [0.1, np.nan, np.nan, 0.3, *[np.nan] * 5, np.nan, 0.2]
    high = [0.2, 0.9, 0.1, np.nan, *[np.nan] * 5, 0.4, np.nan]
    answer = ["a | b", "*bold*", "a\nb", "`code`", *(f"{place}" * 60 for place in range(7))]
    return with_rows(table, status=status, low=low, high=high, answer=answer)


def bounded() -> Estimates:
    """Return bounds that are alike, open above, open below, and missing."""
    table = growth_above(cores(), CORES, "2023", "2024", CORES)
    frame = table.frame.head(4)
    edges = {"lower_bound": [0.2, 0.1, -np.inf, np.nan], "upper_bound": [0.2, np.inf, 0.3, np.nan]}
    return table.with_frame(frame.assign(**edges))


def unsure() -> Responses:
    marks = (
        Unconfirmed("2018", "stage"),
        Unconfirmed("2019", "stage"),
        Unconfirmed("2019", "size"),
    )
    provenance = replace(few().provenance, unconfirmed=marks)
    cloud = np.arange(len(few().deployments)) // 2
    return replace(few(), provenance=provenance, deployments=few().deployments.assign(cloud=cloud))


def by_cloud() -> Responses:
    """Return clouds of which every third is described twice."""
    place = np.arange(len(clouds().deployments))
    cloud = np.where(place % 3 == 1, place - 1, place)
    return replace(clouds(), deployments=clouds().deployments.assign(cloud=cloud))


def card(source: Callable[[], Responses], make: Callable[[Responses], Estimates]) -> Case:
    def asked() -> dict[str, Any]:
        found = sensitivity(source(), make(source()))
        columns = {name: found.frame[name].to_numpy() for name in found.frame}
        flags = {"flags": [found.several, found.ordered, found.spec.statistic]}
        return {"title": found.title, "notes": list(found.notes)[:3], **flags, **columns}

    return asked


def effect(
    make: Callable[[Responses], Estimates],
    source: Callable[[], Responses] = clouds,
    weights: str = "weight",
    **margins: Mapping[str, float],
) -> Case:
    def asked() -> dict[str, Any]:
        used: Any = rake(source(), margins) if margins else weights
        found = weighting_effect(make(source()), used)
        columns = {name: found.frame[name].to_numpy() for name in found.frame}
        return {"title": found.title, "notes": list(found.notes)[:4], **columns}

    return asked


def refused_again(name: str) -> Case:
    def said() -> list[str]:
        try:
            STATISTICS[name].ask_again(design(few()), None)  # type: ignore[arg-type]
        except EstimateError as error:
            return str(error).splitlines()
        raise AssertionError(name)

    return said


TABLES: Mapping[str, Case] = {
    "shares": read(lambda: share(few(), "stage", "edition"), wide="count"),
    "one group": read(lambda: share(few(), "tools")),
    "two groups": read(lambda: share(few(), "public", ["edition", "stage"]), wide="status"),
    "asked": read(lambda: share(few(), "size", base="asked")),
    "weighted": read(lambda: share(few(), "size", weights="weight")),
    "organizations": read(lambda: share(few(), "tools", unit="organization")),
    "what files lack": read(lambda: share(lacking(), "tools", "edition")),
    "rows that files lack": read(lambda: share(lacking(), "projects")),
    "three choices that files lack": read(lambda: share(lacking(3), "tools")),
    "four choices that files lack": read(lambda: share(lacking(4), "tools")),
    "a question that one file lacks": read(lambda: share(partly_lacking(), "tools", "edition")),
    "asked by files that have it": read(lambda: share(partly_lacking(), "tools", base="asked")),
    "a question that files lack": read(lambda: share(lacking(), "stage", "edition")),
    "a net that other bands cut": read(
        lambda: share(cores(), CORES, "edition", nets={"small": ["1 to 9 cores", "10 to 99 cores"]})
    ),
    "finite": read(
        lambda: share(design(clouds(), strata="edition", cluster=None, fpc="part"), "size")
    ),
    "what nobody listed": read(lambda: share(unlisted(), "stage")),
    "selected": read(lambda: share(few().where(stage="Testing"), "tools")),
    "nobody selected": read(
        lambda: share(few().where(stage="Testing", size="100 or more"), "tools")
    ),
    "people, selected by clouds": read(
        lambda: share(few().where(stage="Production"), "score", unit="respondent")
    ),
    "people of one score": read(lambda: share(few().where(score="9"), "score", unit="respondent")),
    "everybody selected": read(
        lambda: share(few().where(few().deployments["edition"].notna()), "score", unit="respondent")
    ),
    "copies": read(lambda: share(few(), "stage", include_carried_over=True)),
    "one edition": read(lambda: share(few().in_edition("2019"), "stage")),
    "strata": read(lambda: share(design(clouds(), strata="edition", cluster=None), "size")),
    "unsure": read(lambda: share(unsure(), "tools", "stage")),
    "unsure of all": read(lambda: share(unsure(), "tools", one_per_cloud=True)),
    "many rows": read(lambda: share(clouds(), "score", ["edition", "size"])),
    "odd": read(odd),
    "bounds": read(bounded),
    "change": read(lambda: compare(clouds(), "stage", "2018", "2019")),
    "score": read(lambda: nps(few(), "edition", concept="score")),
    "numbers": read(lambda: median(cores(), CORES, STAGE)),
    "total": read(lambda: total(cores(), CORES, "edition")),
    "decomposed": read(lambda: decompose_change(cores(), CORES, "2023", "2024", detail=False)),
    "strength": read(lambda: association(cores(), CORES, NODES)),
}
CHOICES: Mapping[str, Case] = {
    "share": card(few, lambda who: share(who, "stage")),
    "share by edition": card(few, lambda who: share(who, "tools", "edition", base="asked")),
    "share of copies": card(few, lambda who: share(who, "stage", include_carried_over=True)),
    "share of clouds": card(by_cloud, lambda who: share(who, "stage", items=["Testing"])),
    "each cloud once": card(by_cloud, lambda who: share(who, "stage", one_per_cloud=True)),
    "unsure": card(unsure, lambda who: share(who, "stage", items=["Testing"])),
    "one edition": card(
        lambda: clouds().in_edition("2019"), lambda who: share(who, "stage", items=["Testing"])
    ),
    "score": card(few, lambda who: nps(who, "edition", concept="score")),
    "median": card(cores, lambda who: median(who, CORES, STAGE)),
    "quantile": card(cores, lambda who: quantile(who, CORES, 0.9)),
    "total": card(cores, lambda who: total(who, CORES)),
    "ratio": card(
        cores, lambda who: ratio(who, CORES, NODES, replicates=150)
    ),
    "change": card(clouds, lambda who: compare(who, "stage", "2018", "2019")),
    "trend": card(clouds, lambda who: trend(who, "stage", items=["Testing"])),
    "weighted share": effect(lambda who: share(who, "stage")),
    "weighted by group": effect(lambda who: share(who, "stage", ["edition", "size"], level=0.8)),
    "weighted score": effect(lambda who: nps(who, "edition", concept="score", unit="deployment")),
    "weighted groups of nobody": effect(
        lambda who: share(who, "stage", ["edition", "tools"], level=0.8), few
    ),
    "light weights": effect(lambda who: share(who, "stage", "size"), few, "light"),
    "weighted median": effect(lambda who: median(who, "size")),
    "raked": effect(
        lambda who: share(who, "tools"),
        stage={"Production": 0.5, "Testing": 0.3, "Proof of concept": 0.2},
    ),
    "weighted change": effect(lambda who: compare(who, "tools", "2018", "2019", items=["Kolla"])),
    "an effect again": refused_again("weighting_effect"),
    "a card again": refused_again("sensitivity"),
}  # fmt: skip
CASES = dict(zip(RECORDS, (TABLES, CHOICES), strict=True))


if __name__ == "__main__":
    for kept, cases in CASES.items():
        write(RECORDS[kept], cases)
