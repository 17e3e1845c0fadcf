"""A few columns of a committed export, taken away: the rest of every number stays as it is."""

import random
from pathlib import Path

import pytest

from survey.errors import ExportError
from survey.exports import read_export
from tests.presence.export_columns import RAW, drop, written
from tests.presence.sweep import Sweep

SEED, COLUMNS = 20261, 2


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return Sweep(RAW / "Survey_20190831120000.csv", tmp_path_factory.mktemp("sweep"))


def test_nothing_else_changes(sweep: Sweep) -> None:
    places = random.Random(SEED).sample(range(len(sweep.rows[0])), COLUMNS)
    assert [problem for place in places for problem in sweep.problems(place)] == []


@pytest.mark.parametrize("heading", ["SurveyID", "DeploymentID"])
def test_without_its_key_a_file_is_refused(sweep: Sweep, heading: str, tmp_path: Path) -> None:
    rows = drop(sweep.rows, sweep.rows[0].index(heading))
    with pytest.raises(ExportError, match=heading):
        read_export(written(tmp_path / "a.csv", rows))
