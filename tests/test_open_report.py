"""A project chooses what its report holds: chapters, tables left out, tables of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import ProjectError
from survey.estimates import share
from survey.estimates.examples import answers as example_answers
from survey.project import read_project
from survey.project.report_plan import ReportPlan

TOML = """
[report]
chapters = ["own", "sizes"]
without = ["second"]
topics = ["ours.py"]

[[tables]]
concept = "compute_cores"
statistic = "median"
by = "deployment_stage"
title = "Cores of the median cloud, by stage"
text = "A note of our own."

[[tables]]
concept = "compute_cores"
where = { deployment_stage = ["Production"] }
name = "cores_in_production"
"""
OURS = """
from survey import share

def tables(answers, edition):
    yield share(answers, "deployment_stage").named("stages", "own", "Stages")
"""


def project(folder: Path, toml: str = TOML, ours: str = OURS) -> ReportPlan:
    (folder / "survey.toml").write_text(toml, "utf-8")
    (folder / "ours.py").write_text(ours, "utf-8")
    return read_project(folder).report


def test_a_report_has_the_chapters_and_tables_that_the_project_wants(tmp_path: Path) -> None:
    answers = example_answers()
    edition = answers.editions[-1]
    standing = [
        share(answers, "compute_cores").named("first", "sizes"),
        share(answers, "compute_cores").named("second", "sizes"),
        share(answers, "deployment_stage").named("third", "other"),
    ]
    found = project(tmp_path).tables(standing, answers, edition)
    assert [table.name for table in found] == [
        "own_compute_cores_median_by_deployment_stage",
        "cores_in_production",
        "stages",
        "first",
    ]
    median, production = found[0], found[1]
    assert median.title == "Cores of the median cloud, by stage"
    assert "A note of our own." in median.notes
    now = answers.in_edition(edition)
    kept = share(now.where(deployment_stage=["Production"]), "compute_cores")
    assert production.frame.equals(kept.frame)


def test_without_wishes_a_report_holds_the_standing_tables(tmp_path: Path) -> None:
    answers = example_answers()
    standing = (share(answers, "compute_cores").named("first", "sizes"),)
    assert ReportPlan().tables(standing, answers, answers.editions[-1]) == standing


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[report]\nchapter = ["own"]', "did you mean 'chapters'"),
        ("[[tables]]\nstatistic = 'share'", "no concept"),
        ("[[tables]]\nconcept = 'x'\nstatistic = 'medain'", "did you mean 'median'"),
        ("[[tables]]\nconcept = 'x'\nwhere = { y = 1 }", "an answer, or a list of answers"),
        ("tables = 1", r"a table for each table of the report"),
    ],
)
def test_mistakes_are_explained(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        project(tmp_path, toml)


@pytest.mark.parametrize(
    ("toml", "ours", "said"),
    [
        ('[report]\nwithout = ["frist"]', OURS, "did you mean 'first'"),
        ('[report]\nchapters = ["size"]', OURS, "did you mean 'sizes'"),
        ('[report]\ntopics = ["none.py"]', OURS, "a Python file that is there"),
        ('[report]\ntopics = ["ours.py"]', "x = 1\n", "no function tables"),
        ('[report]\ntopics = ["ours.py"]', "def tables(a, e):\n    return [1]\n", "int as table 1"),
        ('[report]\ntopics = ["ours.py"]', "1 / 0\n", "ZeroDivisionError"),
        ('[[tables]]\nconcept = "compute_cores"\nname = "first"', OURS, "2 tables called 'first'"),
    ],
)
def test_what_cannot_be_put_together_is_explained(
    tmp_path: Path, toml: str, ours: str, said: str
) -> None:
    answers = example_answers()
    standing = (share(answers, "compute_cores").named("first", "sizes"),)
    with pytest.raises(ProjectError, match=said):
        project(tmp_path, toml, ours).tables(standing, answers, answers.editions[-1])
