"""Frames and alias files from survey.toml and the command line; and what they let out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.exports import read_export
from survey.responses import clean, read_aliases, read_coding_frame
from survey.responses.coding.frame_file import parse_frame
from survey.synthetic import simulate
from tests.privacy import find_personal

FRAME = """\
[frame]
name = "wishes"
questions = ["further_enhancement"]

[[codes]]
label = "Upgrades at last"
words = ["upgrad*"]
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    simulate("2024", respondents=250, seed=3).write(folder / "data/raw")
    (folder / "wishes.toml").write_text(FRAME, encoding="utf-8")
    (folder / "survey.toml").write_text(
        'frames = ["wishes.toml"]\nfold = ["container_formats"]\n[[exports]]\n'
        f'file = "data/raw/{export(folder).name}"\ninvented = true\n',
        encoding="utf-8",
    )
    return folder


def export(folder: Path) -> Path:
    return next((folder / "data/raw").glob("Survey_2*.csv"))


def answers(folder: Path):
    return clean([read_export(export(folder))], identified=True)


def test_a_report_publishes_codes_and_not_one_text(project: Path, tmp_path: Path) -> None:
    result = run("report", "--project", project, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    pages = [path for path in tmp_path.rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert any("Upgrades at last" in path.read_text("utf-8") for path in pages)
    texts = answers(project).respondents["further_enhancement"].dropna().unique()
    telling = [text for text in texts if isinstance(text, str) and len(text.split()) > 3]
    assert telling
    assert find_personal(tmp_path, telling) == []


def test_clean_codes_folds_and_writes_what_it_recoded(project: Path, tmp_path: Path) -> None:
    result = run("clean", export(project), "--out", tmp_path, "--project", project,
                 "--key", tmp_path / "key", "--format", "json")  # fmt: skip
    assert result.exit_code == 0, result.output
    rows = json.loads((tmp_path / "2024/respondents.json").read_text("utf-8"))
    coded = [row["further_enhancement_coded"] for row in rows if row["further_enhancement_coded"]]
    assert ["Upgrades at last"] in coded
    recoded = pd.read_csv(tmp_path / "2024/recoded.csv")
    assert set(recoded["concept"]) == {"container_formats"}
    assert set(recoded["source"]) == {"container_formats_other"}


def test_without_a_project_nothing_is_coded_or_folded(project: Path, tmp_path: Path) -> None:
    result = run("clean", export(project), "--out", tmp_path / "out", "--project", tmp_path,
                 "--key", tmp_path / "key")  # fmt: skip
    assert result.exit_code == 0, result.output
    recoded = pd.read_csv(tmp_path / "out/2024/recoded.csv")
    assert recoded.empty
    assert "_coded" not in (tmp_path / "out/2024/respondents.csv").read_text("utf-8")


def test_check_reports_the_unmatched_share(project: Path) -> None:
    page = json.loads(run("check", export(project), "--project", project, "--json").stdout)
    (row,) = [each for each in page["own_words"] if each["concept"] == "further_enhancement"]
    assert row["coded"] > 0
    assert row["share"] == pytest.approx(
        row["unmatched"] / (row["texts"] - row["says_nothing"]), abs=1e-4
    )
    assert any(each["concept"] == "databases_other" for each in page["own_words"])


def test_a_frame_is_proposed_decided_checked_and_used(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "tools.toml"
    result = run(
        "frame", "propose", export(project), "--question", "keystone_feedback", "--out", path
    )
    assert result.exit_code == 0, result.output
    assert read_coding_frame(path).name == "tools"
    path.write_text(path.read_text("utf-8").replace("undecided", "accepted"), "utf-8")
    checked = run("frame", "check", path, "--answers", export(project), "--json")
    assert checked.exit_code == 0, checked.output
    record = json.loads(checked.stdout)
    assert record["frames"][0]["undecided"] == 0
    assert record["frames"][0]["accepted"] == record["frames"][0]["codes"] > 0
    assert record["answers"][0]["coded"] > 0
    again = run("frame", "propose", export(project), "--out", path, "--json")
    assert json.loads(again.stdout)["written"] == 0


def test_what_few_wrote_is_shown_only_when_asked_for(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    refused = run(
        "frame",
        "propose",
        export(project),
        "--question",
        "keystone_feedback",
        "--least",
        1,
        "--out",
        path,
    )
    assert refused.exit_code == 2
    assert "--identified" in refused.stderr
    assert not path.exists()
    allowed = run(
        "frame",
        "propose",
        export(project),
        "--question",
        "keystone_feedback",
        "--identified",
        "--out",
        path,
    )
    assert allowed.exit_code == 0, allowed.output
    assert min(each.organizations for each in read_coding_frame(path).proposals) < 3


def test_a_frame_for_an_unknown_question_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_text('[frame]\nname = "f"\nquestions = ["workloads"]\n', encoding="utf-8")
    result = run("frame", "check", path)
    assert result.exit_code == 2
    assert "workloads_other" in result.stderr


def test_organizations_are_named_only_in_the_file_asked_for(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "aliases.toml"
    command = ("organizations", "propose", export(project), "--out", path, "--least", 0.001)
    refused = run(*command)
    assert refused.exit_code == 2
    assert not path.exists()
    written = run(*command, "--identified")
    assert written.exit_code == 0, written.output
    assert "[[same]]" in path.read_text("utf-8")
    names = answers(project).respondents["organization_name"].dropna().str.strip()
    assert any(name in path.read_text("utf-8") for name in names)
    assert not [name for name in names if len(name) > 3 and name in written.output]
    assert run("organizations", "check", path).exit_code == 0


def test_aliases_reach_clean_and_check(project: Path, tmp_path: Path) -> None:
    names = answers(project).respondents.drop_duplicates("organization")["organization_name"]
    one, other = names.dropna().iloc[:2]
    path = tmp_path / "aliases.toml"
    path.write_text(
        f"[[same]]\nnames = {json.dumps([one, other])}\ndecided = 2025-01-02\n", "utf-8"
    )

    def organizations(*options: object) -> int:
        out = tmp_path / f"out{len(options)}"
        result = run("clean", export(project), "--out", out, "--key", tmp_path / "key", *options)
        assert result.exit_code == 0, result.output
        assert one not in result.output
        return pd.read_csv(out / "2024/respondents.csv")["organization"].nunique()

    assert organizations("--aliases", path) == organizations() - 1
    assert run("check", export(project), "--aliases", path).exit_code in (0, 1)


def test_wrong_decisions_in_the_project_file_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text('frame = []\naliases = 3\nfold = "x"\nframes = [1]\n')
    result = run("report", "--project", tmp_path)
    assert result.exit_code == 2
    for expected in ("did you mean 'frames'", "aliases: got 3", "frames: got [1]"):
        assert expected in result.stderr


def blocks(language: str) -> list[str]:
    """Return the code of one language in the documentation page."""
    page = (Path(__file__).parents[2] / "docs/coding-frames.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_documentation_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(compile(block, "coding-frames.md", "exec"), names)
    assert len(names["publication"]) == 1


def test_the_files_in_the_documentation_page_can_be_used(tmp_path: Path) -> None:
    proposal, frame, _, aliases = blocks("toml")
    read = parse_frame("page.toml", (frame + proposal).encode())
    assert read.labels("further_enhancement", "2024") == ("Upgrades",)
    (tmp_path / "aliases.toml").write_text(aliases, encoding="utf-8")
    known = read_aliases(tmp_path / "aliases.toml")
    assert known.current("exampletelco", "2020") == known.current("examplemobile", "2020")
