"""How numbers and tables read, and what depends on what.

``python -m tests.estimates.record_reading`` writes it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates import (
    STATISTICS,
    Base,
    Estimates,
    Measure,
    Status,
    association,
    compare,
    decompose_change,
    design,
    growth_above,
    median,
    nps,
    percentages,
    quantile,
    rake,
    ratio,
    round_preserving,
    sensitivity,
    share,
    total,
    trend,
    weighting_effect,
)
from survey.estimates import number_format as words
from survey.estimates.design.arguments import source_of
from survey.estimates.design.sample import draw
from survey.estimates.examples import answers
from survey.estimates.notes import (
    base_words,
    bounds_hold,
    edition_before,
    sample_notes,
    weights_note,
)
from survey.estimates.statistic import Public
from survey.estimates.tidy import Spec
from survey.estimates.unconfirmed import said_unconfirmed
from survey.estimates.view import as_html, as_text, printable
from survey.provenance import Unconfirmed
from survey.responses import Responses
from tests.estimates.change_answers import CORES, NODES, STAGE, clouds, cores
from tests.estimates.few_answers import few, lacking, unlisted
from tests.estimates.recorded import Case, write

RECORDS = {
    name: Path(__file__).with_name(f"recorded_{name}.json")
    for name in ("numbers_in_words", "tables_in_words", "other_choices")
}
SHARES = (0, 1e-9, 0.00499, 0.005, 0.00999, 0.01, 0.0101, 0.125, 0.284, 0.285, 0.5, 0.984, 0.985,
          0.99, 0.991, 0.995, 0.9999, 1, 1.1, -0.2)  # fmt: skip
DIFFERENCES = (0, 0.0004, -0.0004, 0.0005, 0.0342, -0.0342, 0.0994, 0.0995, 0.09949, 0.0996, 0.17,
               -0.175, 1, -1)  # fmt: skip
NUMBERS = (0, 0.001234, 0.5, 1, 7.5, 9.995, 12.345, 99.95, 999.4, 999.5, 12_345, 999_499, 999_500,
           1e6, 45_234_567, 999_499_999, 999_500_000, 1e9, 9.995e11, 9.994e11, 1e12, 3.2e15,
           -7.5, -2e6, np.inf, -np.inf, np.nan)  # fmt: skip
CHANCES = (0, 0.0009, 0.00099, 0.001, 0.0014, 0.0312, 0.0994, 0.0995, 0.09999, 0.1, 0.104, 0.5, 1)
COUNTS = (0, 1, 999, 1267.0, 12.25, 12.35, 1e6, -3, -0.5)


def written(write_one: Callable[..., Any], values: tuple[float, ...], *more: Any) -> Case:
    return lambda: [str(write_one(value, *more)) for value in values]


def rounded(*calls: tuple[list[float], int]) -> Case:
    return lambda: [round_preserving(values, digits) for values, digits in calls]


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
            "csv": [line[:120] for line in str(table.to_csv()).splitlines()][:6],
            **{f"printed {name}": frame[name].to_numpy() for name in frame},
            "wide": spread.to_numpy(),
            "wide columns": list(spread.columns),
            "wide rows": [str(each) for each in spread.index],
            "per group": [[str(key), len(rows)] for key, rows in table.per_group()],
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


def effect(make: Callable[[Responses], Estimates], **margins: Mapping[str, float]) -> Case:
    def asked() -> dict[str, Any]:
        weights: Any = rake(clouds(), margins) if margins else "weight"
        found = weighting_effect(make(clouds()), weights)
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


def record(name: str) -> Case:
    def laid() -> dict[str, Any]:
        statistic = STATISTICS[name]
        columns = {
            name: [str(column.role), column.heading, column.public, column.own_words]
            for name, column in statistic.columns.items()
        }
        plain = ("measure", "calculates", "called", "heading", "about_answers", "varies")
        return {
            **{each: getattr(statistic, each) for each in plain},
            "public": statistic.public is not None,
            "asks values": statistic.ask_values is not None,
            **columns,
        }

    return laid


def judged() -> dict[str, Any]:
    """Return which printed values are imprecise, at each side of every limit."""
    printed = {
        "low": np.array([0.4, 0.1, 0.4, np.nan, 0.35, 0.3, 0.0]),
        "high": np.array([0.5, 0.9, 0.5, 0.5, 0.65, 0.6, np.inf]),
        "base": np.array([30.0, 30, 29, 40, 100, 99, 60]),
        "earlier_base": np.array([31.0, 30, 50, 40, 100, 100, 29]),
    }
    effective = np.array([30.0, 30, 40, 40, 100, 99, 9])
    public = Public(lambda *_: None)  # type: ignore[arg-type, return-value]
    return {measure.value: public.judged(measure, printed, effective) for measure in Measure}


def about_samples() -> dict[str, Any]:
    """Return what is said of samples and their bases."""
    asked = {
        f"{unit} {base}": design(few(), unit=unit, base=base).asked(("size",), ())
        for unit in ("deployment", "organization")
        for base in ("answered", "asked", "all")
    }
    one = few().in_edition("2018")
    sample = draw(few(), Unit.DEPLOYMENT)
    usual = asked["deployment answered"]
    return {
        **{name: base_words(each, few().vocabulary) for name, each in asked.items()},
        "bounds": [bounds_hold(w, u) for w in (None, "w") for u in Unit],
        "weights": [str(note) for note in weights_note("w")] + [str(n) for n in weights_note(None)],
        "edition before": [edition_before(each) for each in (few(), one, answers())],
        "clusters": {str(each): list(sample_notes(sample, usual, each))
                     for each in ("organization", "respondent", None)},
        "sources": [source_of(few(), each) for each in ("size", "region", "deployment_region")],
    }  # fmt: skip


def invented() -> dict[str, Any]:
    """Return the answers that stand in the examples of the documentation."""
    found = answers()
    people = found.respondents.drop(columns="record_key").astype(str)
    columns = {name: " ".join(people[name]) for name in people}
    frame = found.deployments.drop(columns=["record_key", "deployment_tools"]).astype(str)
    tools = found.deployments["deployment_tools"].array
    keys = found.deployments["record_key"].astype(str)
    bands = found.question("compute_cores").bands.values()
    return {
        **columns,
        **{f"cloud's {name}": " ".join(frame[name]) for name in frame},
        "tools": ["".join(map(str, row)) for row in tools.codes.tolist()],
        "keys": " ".join(keys),
        "bands": [[band.low, band.high] for band in bands],
        "questions": [each.title for each in found.codebook.edition("2019").questions],
    }


IN_WORDS: Mapping[str, Case] = {
    "shares": written(words.percent, SHARES),
    "shares with a digit": written(words.percent, SHARES, 1),
    "differences": written(words.points, DIFFERENCES),
    "numbers": written(words.compact, NUMBERS),
    "scores": written(words.score, (0, 0.4, 0.5, -0.5, -0.49, 36.4, -3, 100)),
    "counts": written(words.integer, COUNTS),
    "p-values": written(words.probability, CHANCES),
    "rounded": written(words.rounded, (0.5, -0.5, -0.4, 2.675, 23.66, 12_350), 0),
    "rounded to hundreds": written(words.rounded, (49.9, 50, 12_350, -50), -2),
    "rounded to cents": written(words.rounded, (2.675, 0.005, -0.005, 1.005), 2),
    "writers": lambda: {name: write_one(0.25) for name, write_one in words.WRITE.items()},
    "sums kept": rounded(
        ([33.4, 33.3, 33.3], 0),
        ([14.3, 14.3, 71.4], 0),
        ([0.5, 0.5], 0),
        ([1 / 3] * 3, 2),
        ([np.nan, 49.5, 50.5], 0),
        ([], 0),
        ([2.25, 2.25, 95.5], 1),
        ([12.5, 12.5, 75], -1),
    ),
    "percentages": lambda: percentages(share(few(), "stage", "edition")),
    "percentages of several answers": lambda: percentages(share(few(), "tools"), 1),
    "percentages that nearly add up": lambda: [
        percentages(with_rows(share(few(), "size"), value=[0.4, 0.3, 0.3 - less]))
        for less in (0, 1e-10, 1e-8, 0.005)
    ],
    "percentages of a part": lambda: percentages(share(few(), "stage", items=["Testing"]), 1),
    "status": lambda: {each: [each.has_value] for each in Status},
    "bases": lambda: list(Base),
    "spec": lambda: {each.name: getattr(Spec("share", "x"), each.name) for each in fields(Spec)},
    "judged": judged,
    "samples": about_samples,
    "examples": invented,
    **{name: record(name) for name in STATISTICS},
}
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
    "weighted median": effect(lambda who: median(who, "size")),
    "raked": effect(
        lambda who: share(who, "tools"),
        stage={"Production": 0.5, "Testing": 0.3, "Proof of concept": 0.2},
    ),
    "weighted change": effect(lambda who: compare(who, "tools", "2018", "2019", items=["Kolla"])),
    "an effect again": refused_again("weighting_effect"),
    "a card again": refused_again("sensitivity"),
}  # fmt: skip
CASES = dict(zip(RECORDS, (IN_WORDS, TABLES, CHOICES), strict=True))


if __name__ == "__main__":
    for kept, cases in CASES.items():
        write(RECORDS[kept], cases)
