"""Each column of an export renamed, dropped, or with a no-break space in its heading.

``make test`` tries some; the nightly profile all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import ExportError
from survey.responses import clean
from tests.exports.small import Rows, answers, read_rows, small

RENAMED = "Changed heading"
KEYS = ("SurveyID", "DeploymentID")
COLUMNS = [heading for heading in small()[0] if heading not in KEYS]
SOME = COLUMNS[::24]


def spaced(heading: str) -> str:
    space = "\u00a0"
    return heading.replace(" ", space) if " " in heading else heading[:3] + space + heading[3:]


def renamed(rows: Rows, heading: str, name: str) -> Rows:
    return [[name if each == heading else each for each in rows[0]], *rows[1:]]


def dropped(rows: Rows, heading: str) -> Rows:
    at = rows[0].index(heading)
    return [row[:at] + row[at + 1 :] for row in rows]


def check(folder: Path, heading: str) -> None:
    rows = small()
    sound = read_rows(folder, rows)
    respelled = read_rows(folder, renamed(rows, heading, spaced(heading)))
    assert answers(respelled) == answers(sound)
    assert heading in set(respelled.repairs["column"])
    for lost in (renamed(rows, heading, RENAMED), dropped(rows, heading)):
        export = read_rows(folder, lost)
        assert export.edition.name == sound.edition.name
        assert answers(export, [RENAMED]) == answers(sound, [heading])
        placed = {export.headings[at] for each in export.placements for at in each.columns}
        assert not {heading, RENAMED} & placed
        absent = export.issues.loc[export.issues["code"] == "absent heading", "column"]
        assert absent.tolist() == [heading]
        clean(export)


@pytest.mark.parametrize("heading", SOME)
def test_what_a_file_lacks_has_no_value_and_the_rest_is_unchanged(
    tmp_path: Path, heading: str
) -> None:
    check(tmp_path, heading)


@pytest.mark.nightly
@pytest.mark.parametrize("heading", COLUMNS)
def test_that_holds_of_every_column(tmp_path: Path, heading: str) -> None:
    check(tmp_path, heading)


@pytest.mark.parametrize("heading", KEYS)
def test_without_the_number_of_the_record_a_file_is_refused(tmp_path: Path, heading: str) -> None:
    for lost in (renamed(small(), heading, RENAMED), dropped(small(), heading)):
        with pytest.raises(ExportError, match=heading):
            read_rows(tmp_path, lost)
