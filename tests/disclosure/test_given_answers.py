"""A final folder written again after one record changed, of answers that no form lists.

A country stands in a table because somebody named it, and "Another answer" because somebody gave
one: a row that goes or comes would tell that the record which changed had it.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey.codebook.geography import country
from survey.project.inputs import KEY_FILE
from survey.synthetic import simulate
from tests.disclosure.test_reissued_folder import contents, run

KEYS = ("5c" * 32, "11" * 32, "9e3779b97f4a7c15" * 4, "d1b54a32d192ed03" * 4)
RARE = ("LI", "AD", "MC", "SM", "MT", "IS", "LU", "CY", "BT", "TV", "NR", "PW", "KI", "WS", "TO")
UNLISTED = "Nothing that any form has"
CLOSED = ("DeploymentType", "ComputeCores", "ComputeNodes", "DeploymentTools", "PrimaryIndustry")
Rows = list[dict[str, str]]


def read(project: Path) -> Rows:
    (file,) = (project / "data" / "raw").iterdir()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(project: Path, rows: Rows) -> None:
    (file,) = (project / "data" / "raw").iterdir()
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.DictWriter(out, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)


def named_by_one(rows: Rows) -> Rows:
    """Give each of some respondents a country of its own, and answers that no form lists."""
    people = list(dict.fromkeys(row["SurveyID"] for row in rows))[: len(RARE)]
    own = dict(zip(people, RARE, strict=True))
    closed = [name for name in rows[0] if name in CLOSED]
    for row in rows:
        if row["SurveyID"] in own:
            settle(row, own[row["SurveyID"]])
    for number, person in enumerate(people):
        for row in rows:
            if row["SurveyID"] == person:
                row[closed[number % len(closed)]] = UNLISTED
    return rows


def settle(row: dict[str, str], code: str) -> None:
    row |= {"PrimaryCountrySydney": country(code).name, "CountriesPhysicalLocation": code}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(key, id=key[:4], marks=[pytest.mark.nightly] if place > 1 else [])
        for place, key in enumerate(KEYS)
    ],
)
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A project with one small edition, published with one of several keys."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "data" / "raw").mkdir(parents=True)
    written = simulate("2023", respondents=70, seed=4).write(folder / "made")
    shutil.copy(written[0], folder / "data" / "raw")
    shutil.rmtree(folder / "made")
    write(folder, named_by_one(read(folder)))
    key = folder / KEY_FILE
    key.write_text(request.param + "\n", encoding="utf-8")
    key.chmod(0o600)
    run(folder, "report", "--final", "--out", str(folder / "reports"))
    yield folder
    shutil.rmtree(folder)


def printed(project: Path, concept: str) -> list[str]:
    """Return the codes of rare countries that have a row."""
    table = next((project / "reports").rglob(f"tables/{concept}.csv"))
    with table.open(encoding="utf-8-sig", newline="") as lines:
        labels = {row["answer"] for row in csv.DictReader(lines)}
    return [code for code in RARE if country(code).name in labels]


def deleted(rows: Rows, code: str) -> Rows:
    """Leave out whoever named a country."""
    return [row for row in rows if row["PrimaryCountrySydney"] != country(code).name]


def changed(rows: Rows, code: str) -> Rows:
    """Let whoever named a country name another one, that nobody named."""
    for row in rows:
        if row["PrimaryCountrySydney"] == country(code).name:
            settle(row, "VU")
            row.update({name: "" for name, said in row.items() if said == UNLISTED})
    return rows


def added(rows: Rows, code: str) -> Rows:
    """Add respondents with countries that nobody named, and with answers that no form lists."""
    for number, new in enumerate(("VU", "FM", "MH", "SC")):
        row = dict(rows[-1 - number])
        row |= {"SurveyID": f"9{number}", "DeploymentID": f"8{number}"}
        row |= {"CreatedByID": f"7{number}", "Email": f"n{number}@n{number}.example"}
        row |= {"Organization": f"N{number}"}
        row |= {name: UNLISTED for name in ("DeploymentStage", "CloudUsers") if name in row}
        settle(row, new)
        rows = [*rows, row]
    return rows


@pytest.mark.parametrize("change", [deleted, changed, added])
def test_no_row_goes_or_comes_with_the_one_who_gave_the_answer(
    published: Path, tmp_path: Path, change: Callable[[Rows, str], Rows]
) -> None:
    folder = Path(shutil.copytree(published, tmp_path / "p"))
    before = contents(folder / "reports")
    names = printed(folder, "primary_country")
    assert names
    rows = read(folder)
    after_change = change(rows, names[0])
    assert after_change != read(folder)
    write(folder, after_change)
    run(folder, "report", "--final", "--out", str(folder / "reports"))
    after = contents(folder / "reports")
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []
