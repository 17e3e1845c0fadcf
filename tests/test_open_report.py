"""A project chooses what its report holds: chapters, tables left out, tables of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey.codebook import read_footprints
from survey.errors import ProjectError
from survey.estimates import rake, share, total
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


def test_closed_questions_are_broken_down_by_what_the_project_names(tmp_path: Path) -> None:
    answers = example_answers()
    edition = answers.editions[-1]
    now = answers.in_edition(edition)
    standing = [
        share(now, "compute_cores").named("compute_cores", "sizes"),
        share(now, "deployment_stage").named("deployment_stage", "stages"),
        share(answers, "compute_cores", by="edition").named("compute_cores_by_edition", "sizes"),
    ]
    plan = project(tmp_path, '[report]\nbreakdowns = ["deployment_stage"]\n')
    found = {table.name: table for table in plan.tables(standing, answers, edition)}
    assert list(found)[3:] == ["compute_cores_by_deployment_stage"]
    made = found["compute_cores_by_deployment_stage"]
    assert made.topic == "sizes"
    wanted = share(now, "compute_cores", by="deployment_stage").frame
    pd.testing.assert_frame_equal(made.frame, wanted)
    wrong = project(tmp_path, '[report]\nbreakdowns = ["deployment_stag"]\n')
    with pytest.raises(ProjectError, match="did you mean 'deployment_stage'"):
        wrong.tables(standing, answers, edition)


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


WEIGHTED = """
[[tables]]
concept = "compute_cores"
weights.deployment_stage = { Production = 40, Testing = 30, "Proof of concept" = 30 }
"""


def test_a_table_is_weighted_to_the_shares_that_the_project_says(tmp_path: Path) -> None:
    answers = example_answers()
    edition = answers.editions[-1]
    (table,) = project(tmp_path, WEIGHTED).tables((), answers, edition)
    now = answers.in_edition(edition)
    margins = {"deployment_stage": {"Production": 40, "Testing": 30, "Proof of concept": 30}}
    weights = rake(now, margins, unit="deployment")
    expected = share(now, "compute_cores", weights=weights)
    assert table.frame.equals(expected.frame)
    assert not table.frame["value"].equals(share(now, "compute_cores").frame["value"])


def test_a_total_takes_the_figures_that_organizations_made_public(tmp_path: Path) -> None:
    own = '[report]\npublished_figures = ["figures.toml"]\n[[tables]]\nconcept = "compute_cores"\n'
    toml = own + 'statistic = "total"\npublished_figures = true\n'
    figure = '[[footprints]]\norganization = "organization 4"\nedition = "2019"\ncores = 5000\n'
    (tmp_path / "figures.toml").write_text(f'{figure}source = "a talk"\n', encoding="utf-8")
    plan = project(tmp_path, toml)
    answers = example_answers()
    known = read_footprints(*plan.figure_files)
    (table,) = plan.tables((), answers, "2019", known)
    now = answers.in_edition("2019")
    expected = total(now, "compute_cores", published_figures=known)
    assert table.frame.equals(expected.frame)
    assert not table.frame["value"].equals(total(now, "compute_cores").frame["value"])


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("weights.x = { a = -1 }", "a share below 0"),
        ("weights.x = { a = 'much' }", "a number"),
        ("weights = 3", "a table"),
        ("published_figures = true", 'statistic = "total"'),
        ("[report]\npublished_figures = ['none.toml']", "none.toml: no such file"),
    ],
)
def test_wrong_weights_and_figures_are_explained(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "survey.toml").write_text(f'[[tables]]\nconcept = "x"\n{toml}\n', "utf-8")
    with pytest.raises(ProjectError) as error:
        read_project(tmp_path, files=True)
    assert said in str(error.value)
