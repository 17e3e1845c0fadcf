"""One table from the shell: protected like the report, exact only when asked, never over a file."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

import survey as sv
from survey.cli import main
from survey.project import project_answers, read_project
from survey.synthetic import simulate


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    simulate("2024", respondents=120, seed=3).write(folder / "data" / "raw")
    project_answers(read_project(folder))
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_exact_table_is_that_of_python(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "tools-internal.csv"
    where = ("--where", "deployment_stage=Production / Full Operational Use")
    result = run("table", "deployment_tools", *where, "--project", project, "--out", out,
                 "--internal")  # fmt: skip
    assert result.exit_code == 0, result.output
    answers = project_answers(read_project(project)).answers
    selected = answers.where(deployment_stage=["Production / Full Operational Use"])
    expected = sv.share(selected, "deployment_tools")
    assert [int(row["count"]) for row in rows(out)] == expected.df["count"].tolist()


def test_the_protected_table_is_that_of_the_publication(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "tools.csv"
    assert run("table", "deployment_tools", "--project", project, "--out", out).exit_code == 0
    answers = project_answers(read_project(project)).answers
    made = sv.share(answers.in_edition("2024"), "deployment_tools")
    publication = sv.protect([made], title="x", edition="2024", answers=answers)
    (shown,) = publication.tables.values()
    assert out.read_text(encoding="utf-8") == shown.to_csv()
    assert [row["count"] for row in rows(out)] != [str(n) for n in made.df["count"]]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "html", "json"])
def test_the_same_table_is_the_same_file(project: Path, tmp_path: Path, kind: str) -> None:
    for name in (f"one.{kind}", f"two.{kind}"):
        asked = ("--project", project, "--out", tmp_path / name)
        assert run("table", "deployment_tools", *asked).exit_code == 0
    assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


@pytest.mark.parametrize("kind", ["xlsx", "html", "json"])
def test_every_kind_of_file(project: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"tools.{kind}"
    options = ("--project", project, "--out", out, "--by", "deployment_stage")
    assert run("table", "deployment_tools", *options).exit_code == 0
    if kind == "xlsx":
        assert load_workbook(out).worksheets[0].max_row > 5
    elif kind == "json":
        assert json.loads(out.read_text(encoding="utf-8"))["internal"] is False
    else:
        text = out.read_text(encoding="utf-8")
        assert "Deployment and management tools" in text
        page = re.sub(r"(<script[^>]*>).*?</script>", r"\1", text, flags=re.DOTALL)
        assert 'src="http' not in page  # plotly.js itself holds such words
    before = out.read_bytes()
    again = run("table", "deployment_tools", *options)
    assert again.exit_code == 2
    assert "a file that is there" in again.stderr
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("deployment_tool",), "did you mean 'deployment_tools'"),
        (("deployment_tools", "--where", "deployment_stage"), "--where"),
        (("deployment_tools", "--where", "deployment_stag=x"), "did you mean 'deployment_stage'"),
        (("deployment_tools", "--edition", "2023"), "2023"),
        (("deployment_tools", "--out", "x.pdf"), ".xlsx"),
        (("deployment_tools", "--out", "x.csv", "--internal"), "x-internal.csv"),
    ],
)
def test_what_cannot_be_asked_says_why(
    project: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run("table", *arguments, "--project", project)
    assert result.exit_code == 2, result.output
    assert said in result.stderr
    assert not Path("x.csv").exists()


@pytest.mark.parametrize("place", ["2024/tables/new/t.csv", "2024/t-internal.csv", "t.csv"])
def test_no_table_is_written_among_what_is_published(
    project: Path, tmp_path: Path, place: str
) -> None:
    """Neither into a final report, nor below or beside one; a draft of a report bars nothing."""
    manifest = tmp_path / "reports" / "2024" / "manifest.json"
    out = tmp_path / "reports" / place
    manifest.parent.mkdir(parents=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"status": "final"}), encoding="utf-8")
    exact = ["--internal"] if "internal" in place else []
    asked = ["table", "deployment_tools", "--project", project, *exact]
    refused = run(*asked, "--out", out)
    assert refused.exit_code == 2, refused.output
    assert "never stands among what is published" in refused.stderr
    assert f"drafts/{out.name}" in " ".join(refused.stderr.split())
    assert not out.exists()
    link = tmp_path / "link"
    link.symlink_to(out.parent)
    assert run(*asked, "--out", link / out.name).exit_code == 2
    assert not out.exists()
    manifest.write_text(json.dumps({"status": "draft"}), encoding="utf-8")
    assert run(*asked, "--out", out).exit_code == 0
    assert out.exists()


def test_without_a_file_it_is_printed(project: Path) -> None:
    result = run("table", "team_size", "--project", project, "--statistic", "median")
    assert result.exit_code == 0, result.output
    assert "|" in result.stdout


def test_by_edition_takes_all_editions(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    for seed, edition in enumerate(("2023", "2024")):
        simulate(edition, respondents=60, seed=seed).write(folder / "data" / "raw" / edition)
    command = ("table", "deployment_stage", "--by", "edition", "--project", folder, "--internal")
    both = tmp_path / "both-internal.csv"
    result = run(*command, "--out", both)
    assert result.exit_code == 0, result.output
    assert {row["edition"] for row in rows(both)} == {"2023", "2024"}
    one = tmp_path / "one-internal.csv"
    assert run(*command, "--edition", "2023", "--out", one).exit_code == 0
    assert {row["edition"] for row in rows(one)} == {"2023"}


def test_a_table_of_the_report_is_not_taken_for_a_mistyped_question(project: Path) -> None:
    result = run("table", "new_clouds", "--project", project)
    assert result.exit_code == 2
    assert "'new_clouds', a table of the report" in result.stderr
    assert "did you mean" not in result.stderr
    assert "did you mean" in run("table", "compute_cors", "--project", project).stderr
