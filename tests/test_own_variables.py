"""``[[variables]]``: the same as in Python, wherever a question can stand."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.disclosure import protect
from survey.errors import ProjectError
from survey.estimates import share
from survey.exports import read_export
from survey.project import project_answers, read_project
from survey.project.own_variables import with_variables
from survey.responses import Responses, clean

TOML = """
[[variables]]
name = "cloud_size"
of = "compute_cores"
title = "Size of the cloud"
topic = "landscape"
groups.Small = { at_most = "100 to 999 cores" }
groups.Large = { at_least = "1,000 to 9,999 cores" }

[[variables]]
name = "kernel_based"
of = "hypervisors"
groups = { "KVM or QEMU" = ["KVM (x86)", "QEMU"], "LXC" = ["LXC"] }

[[variables]]
name = "large_cloud"
of = "compute_cores"
at_least = "10,000 to 99,999 cores"
labels = ["Large clouds", "Other clouds"]

[[variables]]
name = "large_production"
where = { deployment_stage = "Production / Full Operational Use", cloud_size = "Large" }

[[variables]]
file = "customs.csv"
on = "primary_country"
columns = ["customs"]
"""
CUSTOMS = "primary_country,customs\nGermany,EU\nFR,EU\nUS,Other\n"
EXPORT = Path(__file__).resolve().parents[1] / "data" / "raw" / "Survey_20240831120000.csv"


@cache
def cleaned() -> Responses:
    return clean(read_export(EXPORT), key=b"k" * 32)


def made(folder: Path, toml: str = TOML) -> tuple[Responses, Responses]:
    (folder / "survey.toml").write_text(toml, "utf-8")
    (folder / "customs.csv").write_text(CUSTOMS, "utf-8")
    answers = cleaned()
    return answers, read_project(folder, files=True).with_variables(answers)


def test_each_kind_is_what_python_gives(tmp_path: Path) -> None:
    answers, own = made(tmp_path)
    cores = answers.deployments["compute_cores"]
    sized = own.deployments["cloud_size"].astype(object)
    assert (sized[cores.notna() & (cores <= "100 to 999 cores")] == "Small").all()
    assert (sized[cores >= "1,000 to 9,999 cores"] == "Large").all()
    assert own.question("cloud_size").bands["Small"].high == 999
    in_python = answers.derive("big", lambda d: d["compute_cores"] >= "10,000 to 99,999 cores")
    expected = in_python.deployments["big"].map({True: "Large clouds", False: "Other clouds"})
    assert (
        own.deployments["large_cloud"].astype(object).fillna("").tolist()
        == expected.astype(object).fillna("").tolist()
    )
    used = own.deployments["kernel_based"].array
    both = answers.deployments["hypervisors"].array
    of_either = both.chosen[:, [both.items.index("KVM (x86)"), both.items.index("QEMU")]].any(
        axis=1
    )
    assert np.array_equal(used.chosen[:, 0], of_either)
    production = own.deployments["large_production"].astype(object) == "Yes"
    stage = (
        own.deployments["deployment_stage"].astype(object) == "Production / Full Operational Use"
    )
    assert production.equals((sized == "Large") & stage)
    countries = own.respondents["primary_country"].astype(object)
    assert set(own.respondents["customs"].astype(object)[countries == "DE"]) == {"EU"}


def test_missing_answers_stay_missing(tmp_path: Path) -> None:
    answers, own = made(tmp_path)
    unanswered = answers.deployments["compute_cores"].isna()
    assert unanswered.any()
    for name in ("cloud_size", "large_cloud", "large_production"):
        assert own.deployments.loc[unanswered, name].isna().all()


def test_groups_and_conditions_take_it(tmp_path: Path) -> None:
    _, own = made(tmp_path)
    table = share(own, "hypervisors", by="large_cloud")
    assert set(table.frame["large_cloud"]) == {"Large clouds", "Other clouds"}
    assert len(own.where(cloud_size="Large").deployments) == int(
        (own.deployments["cloud_size"].astype(object) == "Large").sum()
    )
    assert not share(own, "customs").frame.empty


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[variables]]\nname = 'x'", "got no values; expected one of groups"),
        ("[[variables]]\nname = 'x'\nat_least = 'A'", "no of"),
        ("[[variables]]\nname = 'x'\nof = 'y'\ngroup = {}", "did you mean 'groups'"),
        ("[[variables]]\nfile = 'customs.csv'", "no on"),
        ("[[variables]]\nfile = 'custom.csv'\non = 'primary_country'", "customs.csv"),
        ("[[variables]]\nname='x'\nof='y'\nat_least='A'\nlabels=['One']", "not two"),
        ("[[variables]]\nname='x'\nof='compute_cores'\nat_least='10 cores'", "did you mean"),
        ("[[variables]]\nname='x'\nof='compute_core'\nat_least='10 cores'", "compute_cores"),
        ("[[variables]]\nname='x'\nwhere={deployment_stage='Productive'}", "it offers"),
        ("[[variables]]\nfile='customs.csv'\non='primary_country'\ncolumns=['custom']", "customs"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ProjectError) as error:
        made(tmp_path, toml)
    assert said in str(error.value)
    assert "[[variables]], entry 1" in str(error.value) or "custom.csv" in toml


def test_the_shell_and_the_report_take_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    shutil.copy(EXPORT, tmp_path / "data" / "raw")
    listed = f'[[exports]]\nfile = "data/raw/{EXPORT.name}"\ninvented = true\n'
    own_table = '[[tables]]\nconcept = "hypervisors"\nby = "cloud_size"\n'
    (tmp_path / "survey.toml").write_text(listed + own_table + TOML, "utf-8")
    (tmp_path / "customs.csv").write_text(CUSTOMS, "utf-8")
    out = tmp_path / "table.json"
    arguments = [
        "table",
        "hypervisors",
        "--by",
        "cloud_size",
        "--where",
        "large_cloud=Large clouds",
    ]
    ran = CliRunner().invoke(main, [*arguments, "--out", str(out), "--project", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    assert "Large" in json.dumps(json.loads(out.read_text("utf-8")))
    again = project_answers(read_project(tmp_path))
    assert again.reused
    assert isinstance(again.answers.deployments["cloud_size"].dtype, pd.CategoricalDtype)
    plan = read_project(tmp_path).report
    names = [table.name for table in plan.tables((), again.answers, "2024")]
    assert names == ["own_hypervisors_share_by_cloud_size"]


def test_variables_that_a_python_file_makes_are_the_same(tmp_path: Path) -> None:
    answers, own = made(tmp_path)
    assert with_variables(answers, ()) is answers
    assert own.concepts[: len(answers.concepts)] == answers.concepts


def test_a_variable_of_a_selection_can_be_protected() -> None:
    chosen = cleaned().where(deployment_type="Public Cloud")
    own = chosen.derive("large", lambda d: d["compute_cores"] >= "1,000 to 9,999 cores")
    made = protect([share(own, "large").named("large", "own")], title="x", edition="2024",
                   answers=own)  # fmt: skip
    assert made.plan
