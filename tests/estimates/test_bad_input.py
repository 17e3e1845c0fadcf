"""Every verb on every question of odd selections: a whole table, or an error that helps.

A row has a value and limits, or a status that says why not; wrong arguments of any type are a
``SurveyError`` that names the argument. Nothing else may come out, and no warning.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey.estimates as es
from survey.errors import SurveyError
from survey.estimates.table import CORE_COLUMNS, Estimates, Status
from survey.exports import read_export
from survey.responses import Responses, clean, pool
from survey.synthetic import simulate
from tests.estimates import builders as make

GROUPS = (None, "edition", "tools", ["edition", "stage"], "size", "nonsense", "remark")
STATUSES = {status.value for status in Status}
WHOLE = ("topline", "new_clouds")  # verbs that are not asked about a question
EVERY_STAT = ("count", "share", "row share", "verdict", "letters")
FEW = {"replicates": 100}


@cache
def invented() -> Responses:
    """Both editions ask for the size; bands overlap, so that pooling has work to do."""
    from survey.codebook import Band, Choice

    texts = {"1 to 50": Band(1, 50), "51 to 150": Band(51, 150), "more": Band(151, None)}
    other = tuple(Choice(text, text, band) for text, band in texts.items())
    answers = make.invented(3, clouds=60, organizations=25)
    book = make.book(changed={"2018": {"size": {"choices": other}}})
    return Responses(
        answers.respondents,
        answers.deployments,
        book,
        answers.issues,
        answers.repairs,
        answers.provenance,
    )


@cache
def whole_questionnaire(folder: Path) -> Responses:
    tables = []
    for year in ("2019", "2024"):
        simulate(year, respondents=50, seed=3).write(folder / year)
        (path,) = (folder / year).glob("Survey_2*.csv")
        tables.append(clean(read_export(path)))
    return pool(tables)


def selections(answers: Responses) -> Iterator[tuple[str, Responses]]:
    """Everybody, nobody, one cloud, one organization (so one cluster), and one edition."""
    frame = answers.deployments
    largest = frame["organization"].value_counts().index[0]
    yield "everybody", answers
    yield "nobody", answers.where(pd.Series(False, index=frame.index))
    yield "one", answers.where(pd.Series(np.arange(len(frame)) == 0, index=frame.index))
    yield "one organization", answers.where(frame["organization"] == largest)
    yield "one edition", answers.in_edition(answers.editions[-1])


def calls(answers: Responses, concept: str, by: Any, other: str) -> Mapping[str, Callable[[], Any]]:
    first, last = answers.editions[0], answers.editions[-1]
    across = by or "edition"
    stages = {"Production": 0.5, "Testing": 0.3, "Proof of concept": 0.2}
    return {
        "share": lambda: es.share(answers, concept, by),
        "share of all, top": lambda: es.share(answers, concept, by, base="all", top=2),
        "share of organizations": lambda: es.share(answers, concept, by, unit="organization"),
        "share, resampled": lambda: es.share(answers, concept, by, interval="bootstrap"),
        "trend": lambda: es.trend(answers, concept, by),
        "compare": lambda: es.compare(answers, concept, first, last, by),
        "compare medians": lambda: es.compare(
            answers, concept, first, last, by, statistic="median"
        ),
        "compare totals": lambda: es.compare_numbers(
            answers, concept, first, last, by, statistic="total", **FEW
        ),
        "compare ratios": lambda: es.compare_numbers(
            answers, concept, first, last, by, statistic="ratio", per=other, **FEW
        ),
        "compare scores": lambda: es.compare(answers, concept, first, last, by, statistic="nps"),
        "nps": lambda: es.nps(answers, by, concept=concept),
        "median": lambda: es.median(answers, concept, by),
        "quantile": lambda: es.quantile(answers, concept, [0.1, 0.9], by, unit="organization"),
        "total": lambda: es.total(answers, concept, by, **FEW),
        "distribution": lambda: es.distribution(answers, concept, by),
        "families": lambda: es.compare_families(answers, concept, by, **FEW),
        "ratio": lambda: es.ratio(answers, concept, other, by, statistic="mean", **FEW),
        "association": lambda: es.association(answers, concept, other, by),
        "share_where": lambda: es.share_where(
            answers, by, among_at_least={concept: 10}, at_most={other: 99}
        ),
        "crosstab": lambda: es.crosstab(answers, concept, across, stats=EVERY_STAT),
        "crosstab of counts": lambda: es.crosstab(answers, concept, across, stats=["count"]),
        "rank_associations": lambda: es.rank_associations(answers, concept, against=[other]),
        "topline": lambda: es.topline(answers, by),
        "raked": lambda: es.share(
            answers, concept, by, weights=es.rake(answers, {concept: stages})
        ),
        "decompose_change": lambda: es.decompose_change(answers, concept, first, last, by),
        "moves": lambda: es.moves(answers, concept, first, last),
        "growth_above": lambda: es.growth_above(answers, concept, first, last, by),
        "new_clouds": lambda: es.new_clouds(answers, 9, by),
    }


def check(table: Estimates) -> None:
    """Assert that every row has a value with limits, or a status that says why not."""
    frame = table.frame
    place = list(frame.columns).index("answer")
    assert tuple(frame.columns[place : place + 7]) == CORE_COLUMNS
    status = frame["status"].astype(str)
    assert set(status) <= STATUSES
    usable = status.isin(["ok", "imprecise"])
    assert frame.loc[~usable, ["value", "low", "high"]].isna().all().all()
    assert frame.loc[usable, "value"].notna().all()
    limits = frame.loc[usable, ["low", "value", "high"]].dropna()
    assert (limits.diff(axis=1).iloc[:, 1:] >= -1e-9).all().all()
    if {"lower_bound", "upper_bound"} <= set(frame):
        bounds = frame.loc[usable, ["lower_bound", "value", "upper_bound"]].astype(float)
        slack = 1e-9 * bounds["value"].abs()
        assert not (bounds["value"] < bounds["lower_bound"] - slack).any()
        assert not (bounds["value"] > bounds["upper_bound"] + slack).any()
    numbers = frame.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
    assert not np.isinf(numbers).any()
    if not table.spec.method:  # counts alone have no interval
        return
    without = usable & frame[["low", "high"]].isna().any(axis=1)
    # A limit inside the open band does not exist; the row says so.
    assert (frame.loc[without, "imprecise_because"].astype(str) != "").all()
    assert (status[without] == "imprecise").all()
    assert (frame.loc[status == "imprecise", "imprecise_because"].astype(str) != "").all()
    assert repr(table)


def tables_of(result: Any) -> tuple[Estimates, ...]:
    return tuple(result.values()) if isinstance(result, Mapping) else (result,)


def ask_everything(answers: Responses, groups: tuple[Any, ...], other: str) -> dict[str, set[str]]:
    """Ask everything of everything; return which verbs answered, by selection."""
    answered: dict[str, set[str]] = {}
    for name, selected in selections(answers):
        for concept in (*selected.concepts, "region", "nonsense"):
            for by in groups:
                for verb, call in calls(selected, concept, by, other).items():
                    if verb in WHOLE and concept != selected.concepts[0]:
                        continue
                    try:
                        tables = tables_of(call())
                    except SurveyError as error:
                        assert error.problems, (verb, concept, by)
                        continue
                    answered.setdefault(name, set()).add(verb)
                    for table in tables:
                        try:
                            check(table)
                        except AssertionError as error:
                            raise AssertionError(f"{verb} of {name}: {concept} by {by}") from error
    return answered


def test_whole_tables_or_errors_that_help():
    answered = ask_everything(invented(), ("stage",), "size")
    # scores by a question on deployments are counted per deployment, so that they answer, too
    every = set(calls(invented(), "size", None, "size")) - {"new_clouds"}
    assert answered["everybody"] == every
    assert answered["nobody"] == every - {"raked"}
    assert answered["one edition"] == every - {
        "compare",
        "compare medians",
        "compare scores",
        "compare totals",
        "compare ratios",
        "decompose_change",
        "moves",
        "growth_above",
    }


@pytest.mark.nightly
@pytest.mark.parametrize("groups", [pytest.param((by,), id=str(by)) for by in GROUPS])
def test_the_same_in_any_group(groups):
    assert ask_everything(invented(), groups, "size")


@pytest.mark.nightly
def test_the_same_for_the_whole_questionnaire(tmp_path_factory):
    answers = whole_questionnaire(tmp_path_factory.mktemp("invented"))
    answered = ask_everything(answers, (None, "deployment_stage"), "compute_cores")
    assert {"share", "total", "new_clouds", "nps"} <= answered["nobody"]


ODD = (
    *(None, "", 0, -1, 3.7, float("nan"), float("inf"), True, "nonsense", b"x", object(), 10**9),
    *((), [], ["nonsense"], [None], [[1]], ("stage", "stage"), {}, {"x": 1}),
    {"stage": {"a": "b"}},
)
_COMMON = {"by": None, "level": 0.95, "cluster": "organization", "weights": None, "unit": None}
_SHOWN = {"nets": None, "top": None, "items": None, "base": "answered"}
_TWO = {"earlier": "2018", "later": "2019"}
_STAGES = {"Production": 0.5, "Testing": 0.3, "Proof of concept": 0.2}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "share": {"concept": "stage", **_COMMON, **_SHOWN, "interval": "auto"},
    "trend": {"concept": "stage", **_COMMON, **_SHOWN, "interval": "auto", "fdr": 0.05},
    "compare": {"concept": "stage", **_TWO, **_COMMON, **_SHOWN, "fdr": 0.05},
    "compare_numbers": {
        "concept": "size",
        **_TWO,
        **_COMMON,
        "statistic": "mean",
        "per": None,
        **FEW,
    },
    "crosstab": {"rows": "stage", "cols": "size", "stats": ["count", "share"], "fdr": 0.05},
    "nps": {"concept": "score", **_COMMON},
    "median": {"concept": "size", **_COMMON, "interpolation": None},
    "quantile": {"concept": "size", "q": 0.5},
    "total": {
        "concept": "size",
        **_COMMON,
        "published_figures": None,
        "family": "turnbull",
        "open_band": 9,
        **FEW,
    },
    "distribution": {"concept": "size", **_COMMON, "family": "gamma", "open_band": 9},
    "ratio": {"numerator": "size", "denominator": "size", "statistic": "mean", **_COMMON, **FEW},
    "association": {"x": "size", "y": "size", **_COMMON},
    "share_where": {"among_at_least": {"size": 1}, "at_most": {"size": 9}, **_COMMON},
    "rank_associations": {
        "concept": "stage",
        "against": None,
        "level": 0.95,
        "cluster": None,
        "fdr": 0.05,
    },
    "topline": {"by": None, "level": 0.95},
    "compare_families": {"concept": "size", "published_figures": None, **FEW},
    "decompose_change": {"concept": "size", **_TWO, "by": None, "level": 0.95, **FEW},
    "moves": {"concept": "size", **_TWO, "more_than": 1.0, "level": 0.95},
    "growth_above": {"concept": "size", **_TWO, "by": None, "more_than": 1.0, "level": 0.95},
    "rake": {"margins": {"stage": _STAGES}, "trim": None, "tolerance": 1e-9, "iterations": 9},
    "poststratify": {"by": "stage", "targets": _STAGES},
}


@pytest.mark.parametrize("verb", ARGUMENTS)
def test_arguments_of_any_type_are_taken_or_refused_with_a_reason(verb):
    usual = ARGUMENTS[verb]
    refused = set()
    for argument in usual:
        for odd in ODD:
            try:
                result = getattr(es, verb)(invented(), **{**usual, argument: odd})
            except SurveyError as error:
                assert error.problems
                refused.add(argument)
            else:
                assert isinstance(result, Estimates | Mapping | es.Weights)
    assert refused == set(usual)


def test_what_is_refused_is_named():
    with pytest.raises(SurveyError) as caught:
        es.share(invented(), "stage", level="high", unit="cloud", base="some")
    told = str(caught.value)
    assert all(word in told for word in ("level", "unit", "base", "'high'", "such as 0.95"))
    with pytest.raises(SurveyError, match=r"stage.*2 times"):
        es.crosstab(invented(), ["stage", "stage"], "size")
    with pytest.raises(SurveyError, match="at least one answer, or None"):
        es.trend(invented(), "stage", items=[])
