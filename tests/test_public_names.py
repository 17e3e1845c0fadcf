"""The public names, pinned: whoever adds or drops one changes this list on purpose."""

import copy
import importlib
import inspect
import re
import subprocess
import sys

import pytest

import survey
from survey import estimates
from survey.errors import EstimateError
from survey.estimates import CORE_COLUMNS, STATISTICS
from survey.estimates.examples import answers
from survey.renamed import ARGUMENTS, COLUMNS, METHODS, NAMES

PUBLIC = [
    "Base",
    "Design",
    "Estimates",
    "Policy",
    "Publication",
    "Responses",
    "Status",
    "SurveyError",
    "association",
    "audit",
    "bars",
    "clean",
    "compare",
    "crosstab",
    "design",
    "draft_codebook",
    "explore",
    "figure",
    "median",
    "new_clouds",
    "nps",
    "pool",
    "poststratify",
    "protect",
    "quantile",
    "rake",
    "rank_associations",
    "ratio",
    "read_answers",
    "read_codebook",
    "read_editions",
    "read_export",
    "read_frame",
    "read_publication",
    "regress",
    "sensitivity",
    "share",
    "simulate",
    "standing_tables",
    "topline",
    "total",
    "trend",
    "weighting_effect",
    "write_report",
    "write_workbook",
]

HEAVY = ("plotly", "openpyxl", "scipy", "click", "rich", "tomlkit", "pyarrow", "rapidfuzz")


def test_these_and_no_others():
    assert survey.__all__ == PUBLIC


def test_completion_offers_exactly_these():
    offered = [name for name in dir(survey) if not name.startswith("_")]
    assert offered == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_each_is_there_and_says_what_it_is(name):
    found = getattr(survey, name)
    assert inspect.getdoc(found)
    assert found.__module__.startswith("survey.")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'shares'"):
        _ = survey.shares


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_importing_loads_nothing_heavy_and_warns_of_nothing():
    loaded = run("import survey, sys; print(*sys.modules)").split()
    assert not [name for name in HEAVY if name in loaded]


def test_charts_need_no_writer_of_workbooks():
    loaded = run("import survey, sys; survey.bars, survey.figure; print(*sys.modules)").split()
    assert not {"openpyxl", "scipy", "survey.publish.workbook"} & set(loaded)


FIRST_ANSWER = """
import sys, survey as sv
from survey.estimates.examples import answers
sv.read_export, sv.clean
sv.bars(sv.share(answers(), "deployment_tools"))
print(*sys.modules)
"""
MOST_MODULES = 240  # of ours: 222 when this was written, 390 before rooms had doors


def test_a_first_answer_loads_what_it_needs():
    loaded = run(FIRST_ANSWER).split()
    assert "plotly" in loaded
    assert not {"scipy", "openpyxl", "rapidfuzz", "click"} & set(loaded)
    assert sum(name.startswith("survey.") for name in loaded) <= MOST_MODULES


def test_help_loads_nothing_heavy():
    loaded = run("""
import atexit, runpy, sys
atexit.register(lambda: print(*sys.modules))
sys.argv = ["survey", "--help"]
runpy.run_module("survey", run_name="__main__")
""").split()
    assert "click" in loaded
    assert not {"numpy", "pandas", "plotly", "scipy", "openpyxl", "pyarrow"} & set(loaded)


def test_a_star_import_gives_the_same_names():
    given = run("from survey import *; print(*[n for n in dir() if not n.startswith('_')])")
    assert given.split() == sorted(PUBLIC)


@pytest.mark.parametrize(
    ("room", "old", "new"),
    [(room, old, new) for room, names in NAMES.items() for old, new in names.items()],
)
def test_an_old_name_fails_with_the_new_one(room, old, new):
    found = importlib.import_module(room)
    assert not hasattr(found, old)
    inner, _, name = new.rpartition(".")
    assert callable(getattr(importlib.import_module(f"{room}.{inner}".rstrip(".")), name))
    with pytest.raises(AttributeError, match=f"{room}.{old} is now called {new}"):
        getattr(found, old)
    with pytest.raises(ImportError, match=f"{room}.{old} is now called {new}"):
        exec(f"from {room} import {old}")


def test_a_name_that_never_was_is_an_import_error_of_the_usual_kind():
    with pytest.raises(ImportError, match="cannot import name 'shares'"):
        exec("from survey import shares")


@pytest.mark.parametrize("old", METHODS)
def test_an_old_method_says_what_has_become_of_it(old):
    table = survey.share(answers(), "deployment_stage")
    assert not hasattr(table, old)
    with pytest.raises(AttributeError, match=re.escape(f"Estimates.{old} {METHODS[old]}")):
        getattr(table, old)
    with pytest.raises(AttributeError, match="no attribute 'shape'"):
        _ = table.shape
    assert copy.deepcopy(table.spec) == copy.copy(table).spec


@pytest.mark.parametrize("function", ARGUMENTS)
def test_an_old_argument_fails_with_the_new_one(function):
    verb = getattr(estimates, function)
    for old, new in ARGUMENTS[function].items():
        assert new in inspect.signature(verb).parameters
        with pytest.raises(EstimateError, match=f"{old}: got an old name; expected {new}="):
            verb(**{old: None})


def test_an_old_column_fails_with_the_new_one():
    table = survey.share(answers(), "deployment_stage")
    with pytest.raises(EstimateError, match="'rule' is now called 'imprecise_because'"):
        table["rule"]
    for new in COLUMNS.values():
        assert any(new in {*CORE_COLUMNS, *record.columns} for record in STATISTICS.values())
