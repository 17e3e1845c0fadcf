"""The command line: exit codes, messages, JSON, and nothing half written."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.codebook import read_codebook
from survey.exports import Layout
from survey.exports.layouts import LAYOUTS

CODEBOOK = read_codebook()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def export(folder: Path, *, cores: str = "10 to 99 cores", name: str = "Survey_1.csv") -> Path:
    headings = LAYOUTS[Layout.BY_HEADING](CODEBOOK.edition("2018"))
    cells = {
        "SurveyID": "1",
        "CreatedByID": "5",
        "Created": "2018-05-01 10:00:00",
        "LastEdited": "2018-05-02 10:00:00",
        "Language": "en_US",
        "DeploymentID": "10",
        "FirstName": "Ada",
        "Organization": "Example- Ltd",
        "ComputeCores": cores,
    }
    last = {"SurveyID": "2", "Created": "2018-05-01 10:00:00", "DeploymentID": "20"}
    rows = [",".join(h.replace(",", "-") for h in headings)]
    rows += [",".join(each.get(heading, "") for heading in headings) for each in (cells, last)]
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_check_is_quiet_about_a_good_file(tmp_path: Path) -> None:
    result = run("check", export(tmp_path))
    assert result.exit_code == 0, result.output
    assert "2018" in result.output


def test_check_exits_with_1_when_something_was_found(tmp_path: Path) -> None:
    result = run("check", export(tmp_path, cores="dozens"), "--json")
    assert result.exit_code == 1
    page = json.loads(result.stdout)
    assert page["findings"] == 1
    assert page["issues"][0]["code"] == "unknown answer"


def test_an_unusable_file_exits_with_2_and_says_why(tmp_path: Path) -> None:
    result = run("check", tmp_path / "nothing.csv")
    assert result.exit_code == 2
    assert "nothing.csv: got no such file" in result.stderr
    assert "Traceback" not in result.output


def test_all_unusable_files_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nbread\n")
    result = run("check", tmp_path / "a.csv", tmp_path / "b.csv", export(tmp_path), "--json")
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    assert {problem["where"].split(",")[0] for problem in problems} == {"a.csv", "b.csv"}


def test_an_unknown_edition_gets_a_hint(tmp_path: Path) -> None:
    result = run("check", export(tmp_path), "--edition", "20018")
    assert result.exit_code == 2
    assert "did you mean '2018'" in result.stderr


def test_clean_writes_both_tables_and_the_logs(tmp_path: Path) -> None:
    path, out = export(tmp_path), tmp_path / "out"
    before = path.read_bytes()
    result = run(
        "clean",
        path,
        "--out",
        out,
        "--layout",
        "by-heading",
        "--format",
        "json",
        "--key",
        tmp_path / "key",
    )
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in (out / "2018").iterdir()) == [
        "deployments.json",
        "issues.csv",
        "manifest.json",
        "repairs.csv",
        "respondents.json",
    ]
    (deployment, _) = json.loads((out / "2018/deployments.json").read_text())
    assert (deployment["ComputeCores"], deployment["SurveyID"]) == ("10 to 99 cores", 1)
    text = "".join(file.read_text() for file in (out / "2018").iterdir())
    assert not re.search("Ada|Example", text)
    assert path.read_bytes() == before


def test_clean_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path, key = export(tmp_path), tmp_path / "key"
    for out in ("first", "second"):
        assert run("clean", path, "--out", tmp_path / out, "--key", key).exit_code == 0
    first, second = (
        {file.name: file.read_bytes() for file in (tmp_path / out / "2018").iterdir()}
        for out in ("first", "second")
    )
    assert first == second


def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    run("clean", export(tmp_path), "--out", tmp_path / "out", "--key", tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_clean_that_fails_leaves_the_old_result(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("clean", export(tmp_path), "--out", out, "--key", tmp_path / "key")
    before = {file: file.read_bytes() for file in (out / "2018").iterdir()}
    broken = tmp_path / "broken.csv"
    broken.write_text(export(tmp_path).read_text() + '3,"stray\n')
    assert run("clean", broken, "--out", out, "--key", tmp_path / "key").exit_code == 2
    assert {file: file.read_bytes() for file in (out / "2018").iterdir()} == before


def test_codebook_list_and_show() -> None:
    editions = json.loads(run("codebook", "list", "--json").stdout)
    assert {"edition": "2018", "status": "observed"}.items() <= next(
        each for each in editions if each["edition"] == "2018"
    ).items()
    shown = json.loads(run("codebook", "show", "compute_cores", "--json").stdout)
    assert shown["choices"][-1]["low"] == 1_000_000
    wrong = run("codebook", "show", "compute_core")
    assert wrong.exit_code == 2
    assert "did you mean 'compute_cores'" in wrong.stderr


def test_codebook_diff_names_renamed_headings() -> None:
    changes = json.loads(run("codebook", "diff", "2017", "2018", "--json").stdout)
    renamed = {change["concept"] for change in changes if "renamed" in change["change"]}
    assert "organization_size" in renamed


def test_bind_is_kept_in_the_project_file_with_its_comments(tmp_path: Path) -> None:
    project = tmp_path / "survey.toml"
    project.write_text('# ours\ntitle = "Test"  # kept\n')
    result = run("codebook", "bind", "2024", "team_size", "OpsPeople", "--project", tmp_path)
    assert result.exit_code == 0, result.output
    assert project.read_text().startswith('# ours\ntitle = "Test"  # kept\n')
    shown = json.loads(
        run(
            "codebook", "show", "team_size", "--edition", "2024", "--json", "--project", tmp_path
        ).stdout
    )
    assert shown["heading"] == "OpsPeople"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("2024", "team_sise", "X"), "did you mean 'team_size'"),
        (("2042", "team_size", "X"), "Unknown edition"),
        (("2024", "team_size", "ComputeCores"), "already holds 'compute_cores'"),
    ],
)
def test_a_wrong_binding_changes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = run("codebook", "bind", *arguments, "--project", tmp_path)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / "survey.toml").exists()


def test_a_wrong_project_file_lists_every_mistake(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text(
        'titel = "x"\n[policy]\nthreshhold = 3\n[publisher]\nlicense = "x"\n'
        '[[exports]]\nfil = "a.csv"\n'
    )
    result = run("report", "--project", tmp_path, "--out", tmp_path / "reports")
    assert result.exit_code == 2
    for hint in ("'title'", "'threshold'", "'licence'", "'file'"):
        assert f"did you mean {hint}" in result.stderr
    assert not (tmp_path / "reports").exists()


def test_a_project_without_exports_says_what_to_do(tmp_path: Path) -> None:
    result = run("report", "--project", tmp_path)
    assert result.exit_code == 2
    assert "survey simulate" in result.stderr
