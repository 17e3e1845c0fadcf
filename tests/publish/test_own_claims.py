"""Claims of somebody else against a report: supported, contradicted, undecided or withheld."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.errors import ProjectError, PublishError
from survey.project import read_project
from survey.publish import read_publication, write_report
from survey.publish.own_claims import Verdict, check_claims
from tests.publish import workbook_builders as make

ROWS = [
    make.share_row("Ansible", 0.6, 300.0),
    make.share_row("Kolla", 0.5, 300.0),
    make.share_row("Puppet", 0.2, 300.0, "suppressed"),
    make.share_row("Juju", 0.2, 300.0, "not offered"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reports")
    write_report(make.publication(make.table("tools", ROWS), make.releases_by_edition()), out)
    return out / "2024"


def checked(folder: Path, tmp_path: Path, *lines: str) -> list[tuple[str, str]]:
    file = tmp_path / "claims.toml"
    file.write_text("\n".join(["[[claims]]", 'table = "tools"', *lines]), "utf-8")
    found = check_claims(read_publication(folder), file)
    return [(claim.verdict.value, claim.reason) for claim in found]


@pytest.mark.parametrize(
    ("answer", "limit", "verdict"),
    [
        ("Ansible", 'more_than = "50 %"', Verdict.SUPPORTED),
        ("Ansible", "less_than = 0.5", Verdict.CONTRADICTED),
        ("Kolla", "more_than = 0.5", Verdict.UNDECIDED),
        ("Kolla", "more_than = 0.4\nless_than = 0.6", Verdict.SUPPORTED),
        ("Kolla", "more_than = 0.4\nless_than = 0.42", Verdict.CONTRADICTED),
        ("Puppet", "more_than = 0.1", Verdict.WITHHELD),
        ("Juju", "more_than = 0.1", Verdict.UNDECIDED),
    ],
)
def test_the_interval_decides(
    folder: Path, tmp_path: Path, answer: str, limit: str, verdict: Verdict
) -> None:
    ((found, reason),) = checked(folder, tmp_path, f'answer = "{answer}"', limit)
    assert found == verdict
    assert len(reason.split()) > 3, "a status alone is not a reason"


def test_a_group_is_chosen_by_where(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(
        '[[claims]]\ntext = "Train led"\ntable = "releases_by_edition"\nanswer = "Train"\n'
        'where = { edition = "2021" }\nmore_than = "1 %"\n'
    )
    (claim,) = check_claims(read_publication(folder), file)
    assert claim.text == "Train led"
    assert claim.number is not None


def test_everything_wrong_is_said_at_once(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(
        '[[claims]]\ntable = "tool"\nmore_then = 3\n'
        '[[claims]]\ntable = "tools"\nmore_than = "many"\n'
    )
    with pytest.raises(PublishError) as caught:
        check_claims(read_publication(folder), file)
    said = str(caught.value)
    assert "did you mean 'more_than'" in said
    assert "did you mean 'tools'" in said
    assert "4 rows of 'tools'" in said
    assert "'50 %'" in said or '"50 %"' in said


def test_the_command_prints_verdicts_and_ends_with_1_where_one_is_contradicted(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(
        '[[claims]]\ntext = "Few"\ntable = "tools"\nanswer = "Ansible"\nless_than = 0.5'
    )
    ran = CliRunner().invoke(main, ["claims", str(folder), "--own", str(file)])
    assert ran.exit_code == 1
    assert "contradicted" in ran.output
    ran = CliRunner().invoke(main, ["claims", str(folder), "--own", str(file), "--json"])
    assert '"verdict": "contradicted"' in ran.output


def test_claims_of_the_project_follow_what_can_be_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = Path("survey.toml")
    own.write_text(
        '[[claims]]\ntext = "Most"\ntable = "tools"\nanswer = "Ansible"\nmore_than = 0.5\n'
    )
    ran = CliRunner().invoke(main, ["claims", str(folder)])
    assert ran.exit_code == 0
    assert "Claims of survey.toml" in ran.output
    assert "supported: Most" in ran.output
    ran = CliRunner().invoke(main, ["claims", str(folder), "--json"])
    document = json.loads(ran.output)
    assert [(each["text"], each["verdict"]) for each in document["own"]] == [("Most", "supported")]
    assert document["claims"] == json.loads((folder / "claims.json").read_text("utf-8"))["claims"]
    (claim,) = read_project(tmp_path).claims
    assert check_claims(read_publication(folder), [claim])[0].verdict is Verdict.SUPPORTED
    own.write_text('[[claims]]\ntable = "tools"\nmore_then = 0.5\n')
    with pytest.raises(ProjectError, match="did you mean 'more_than'"):
        read_project(tmp_path)


@pytest.mark.parametrize("command", ["narrative", "quotes"])
def test_a_report_is_told_in_words(folder: Path, command: str) -> None:
    ran = CliRunner().invoke(main, [command, str(folder)])
    assert ran.exit_code == 0
    assert ran.output
    ran = CliRunner().invoke(main, [command, str(folder), "--json"])
    assert ran.exit_code == 0
