"""The exporter's model against the real exporter's bytes (recorded fixture, skipped without)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from survey.codebook import Unit, read_codebook
from survey.synthetic import by_company, by_heading, flat
from tests.synthetic import replay

NO_LIMIT = "9999-12-31"
WRITERS = {"Survey_": by_heading, "Survey_Flat_": flat, "Survey_by_companies": by_company}


@pytest.fixture(scope="module")
def recorded(shared):
    return shared / "fixtures" / "exporter_2018"


def recorded_file(folder: Path, start: str) -> bytes:
    (path,) = (p for p in folder.glob("*.csv") if p.name.removeprefix(start)[:1].isdigit())
    return path.read_bytes()


@pytest.fixture(scope="module")
def answers(recorded):
    """Return the exporter's input, as far as the fixture's truth states it.

    Two things are not in the truth and are taken from the file: in which order the options
    were created, and who ticked both of two options of the same name.
    """
    edition = read_codebook().edition("2018")
    documents = [
        json.loads((recorded / f"truth_{unit}.json").read_text(encoding="utf-8"))
        for unit in ("respondents", "deployments")
    ]
    header, *rows = replay.table(recorded_file(recorded, "Survey_"))
    flat_header = replay.table(recorded_file(recorded, "Survey_Flat_"))[0]
    order = replay.option_order(edition, header, flat_header, rows)
    found = replay.true_answers(edition, *documents, order)
    return twice_ticked(found, header, rows)


def twice_ticked(answers, header, rows):
    key = header.index("DeploymentID")
    doubled = {
        (int(row[key]), name): tuple(row[header.index(name)].split("|"))
        for name in replay.duplicated(answers.edition, Unit.DEPLOYMENT)
        for row in rows
        if len(set(items := row[header.index(name)].split("|"))) < len(items)
    }
    people = []
    for person in answers.respondents:
        clouds = [
            replace(
                cloud,
                answers={
                    **cloud.answers,
                    **{
                        name: doubled.get((cloud.deployment, name), answer)
                        for name, answer in cloud.answers.items()
                    },
                },
            )
            for cloud in person.deployments
        ]
        people.append(replace(person, deployments=tuple(clouds)))
    return replace(answers, respondents=tuple(people))


@pytest.mark.parametrize("start", WRITERS)
def test_every_byte_is_as_the_exporter_wrote_it(recorded, answers, start):
    assert WRITERS[start](answers, NO_LIMIT) == recorded_file(recorded, start)


@pytest.mark.parametrize("start", WRITERS)
def test_an_earlier_end_date_gives_the_earlier_file(recorded, answers, start):
    earlier = recorded / "until_aug15"
    assert WRITERS[start](answers, "2018-08-15") == recorded_file(earlier, start)
