"""Consent to be named: who gave it, where it is old, and who may see the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from survey import read_export
from survey.cli import main
from survey.errors import ResponsesError
from survey.responses import clean, may_be_named
from survey.synthetic import simulate


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("exports")
    return [
        simulate(edition, respondents=50, seed=7).write(folder / edition)[0]
        for edition in ("2023", "2024")
    ]


def test_consent_is_what_was_ticked_and_old_consent_is_marked(files: list[Path]) -> None:
    answers = clean([read_export(path) for path in files], identified=True)
    found = may_be_named(answers)
    clouds = answers.deployments
    ticked = clouds["is_public"].astype(object).eq("Public")
    assert len(found) == int(ticked.sum())
    assert 0 < len(found) < len(clouds)
    assert set(found["organization"]) <= set(answers.respondents["organization_name"].dropna())
    copies = clouds.loc[ticked & clouds["copied"], "deployment"]
    marked = found.loc[found["carried_over"] & (found["edition"] == "2024"), "deployment"]
    assert set(copies) <= set(marked)
    assert not found["carried_over"].all()


def test_pseudonyms_name_nobody(files: list[Path]) -> None:
    with pytest.raises(ResponsesError, match="pseudonyms"):
        may_be_named(clean(read_export(files[0])))


def test_the_list_is_shown_only_when_asked_for(files: list[Path]) -> None:
    command = ["organizations", "may-be-named", str(files[0])]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 2
    assert "--identified" in refused.output
    shown = CliRunner().invoke(main, [*command, "--identified"])
    assert shown.exit_code == 0, shown.output
    assert "for staff" in shown.output
