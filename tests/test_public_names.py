"""The public names, pinned: whoever adds or drops one changes this list on purpose."""

import inspect
import subprocess
import sys

import pytest

import survey

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
    "figure",
    "median",
    "new_clouds",
    "nps",
    "pool",
    "poststratify",
    "protect",
    "quantile",
    "rake",
    "ratio",
    "read_answers",
    "read_codebook",
    "read_editions",
    "read_export",
    "read_frame",
    "read_publication",
    "regress",
    "screen",
    "sensitivity",
    "share",
    "simulate",
    "standing_tables",
    "topline",
    "total",
    "trend",
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


def test_a_star_import_gives_the_same_names():
    given = run("from survey import *; print(*[n for n in dir() if not n.startswith('_')])")
    assert given.split() == sorted(PUBLIC)
