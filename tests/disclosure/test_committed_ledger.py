"""An old edition is published again as it was: from exports, key and ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from survey.disclosure import LEDGER_FILE, read_ledger
from survey.errors import SurveyError
from survey.project import project_answers, read_project
from survey.responses.pseudonyms import INVENTED_KEY, key_name
from tests.disclosure.committed import (
    EDITION,
    KEY,
    LEDGER,
    digests,
    project_copy,
    publish,
    recorded,
)

HINT = "if it is meant: python -m tests.disclosure.committed, and a line under Numbers"
pytestmark = pytest.mark.locked  # what an iterative fit gives depends on scipy's version


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which an edition was published once more."""
    folder = project_copy(tmp_path_factory.mktemp("project"))
    publish(folder)
    return folder


def test_every_table_is_the_same_byte_by_byte(project: Path) -> None:
    before, now = recorded(), digests(project / "reports" / EDITION)
    assert len(before) > 30
    changed = [name for name in before if now.get(name) != before[name]]
    assert not changed, f"{', '.join(changed)}: {HINT}"


def test_the_ledger_is_the_same_byte_by_byte(project: Path) -> None:
    before = LEDGER.read_text(encoding="utf-8").splitlines()
    now = set((project / LEDGER_FILE).read_text(encoding="utf-8").splitlines())
    gone = [line[:80] for line in before[1:-1] if line.removesuffix(",") not in _without(now)]
    assert not gone, f"{gone[:3]}: {HINT}"


def _without(lines: set[str]) -> set[str]:
    return {line.removesuffix(",") for line in lines}


def test_the_manifest_names_the_first_publication_of_the_edition(project: Path) -> None:
    """And not how many there were since: a rebuild of an old edition changes no byte."""
    ledger, again = read_ledger(LEDGER), read_ledger(project / LEDGER_FILE)
    assert [edition for edition, _ in ledger.publications][:2] == ["2019", "2020"]
    assert again.publications == ledger.publications
    said = json.loads((project / "reports" / EDITION / "manifest.json").read_text("utf-8"))
    digest = ledger.publications[0][1]
    assert said["ledger"] == {"key": ledger.key, "number": 1, "digest": digest}


def test_the_key_is_the_one_that_everybody_has() -> None:
    assert bytes.fromhex(KEY.read_text(encoding="utf-8")) == INVENTED_KEY
    assert read_ledger(LEDGER).key == key_name(INVENTED_KEY)


def test_a_project_with_a_real_export_refuses_this_key(project: Path) -> None:
    settings = project / "survey.toml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(said.replace("invented = true", "invented = false", 1), encoding="utf-8")
    try:
        with pytest.raises(SurveyError, match="the key of invented data"):
            project_answers(read_project(project), fresh=True)
    finally:
        settings.write_text(said, encoding="utf-8")
