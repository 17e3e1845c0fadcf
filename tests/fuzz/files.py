"""Sound files to damage: every layout that can be written, small, and of invented answers."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from survey.codebook import Codebook, Edition, Kind, Unit, read_codebook
from survey.synthetic import TrueAnswers, by_company, by_heading, flat, saved, simulate
from tests.round_trip.slices import Asked, asked

__all__ = ["LINES", "OTHERS", "Base", "base", "records_of"]

EDITIONS = ("2017", "2018", "2019", "2023")
RESPONDENTS = 14


@dataclass(frozen=True, eq=False)
class Base:
    """A sound file and the codebook to read it with.

    ``company`` is the file whose answers a list belongs to, which :func:`survey.responses.clean`
    needs beside it.
    """

    name: str
    data: bytes
    codebook: Codebook
    suffix: str = ".csv"
    delimiter: bytes = b","
    company: Base | None = None

    def __repr__(self) -> str:
        return self.name


@cache
def _answers(edition: str) -> TrueAnswers:
    return saved(simulate(edition, respondents=RESPONDENTS, seed=5).answers)


@cache
def _asked(edition: str, part: int) -> Asked:
    """Return a slice of an edition, or with ``part`` below zero the whole."""
    return asked(edition, whole=part < 0)[max(part, 0)]


@cache
def base(layout: str, edition: str = "2018", part: int = 0) -> Base:
    """Return the file of one layout.

    Parameters
    ----------
    part
        Which slice of the questionnaire is asked; -1 for the whole.
    """
    return (LINES | OTHERS)[layout](edition, part)


def _sliced(edition: str, part: int) -> tuple[Asked, TrueAnswers]:
    found = _asked(edition, part)
    whole = _answers(edition)
    known = found.edition.by_heading
    people = tuple(
        _only(person, known, deployments=tuple(_only(c, known) for c in person.deployments))
        for person in whole.respondents
    )
    return found, TrueAnswers(found.edition, people, whole.option_order)


def _only(record: Any, known: Mapping[str, object], **changes: Any) -> Any:
    from dataclasses import replace

    answers = {name: answer for name, answer in record.answers.items() if name in known}
    return replace(record, answers=answers, **changes)


def _by_heading(edition: str, part: int) -> Base:
    found, answers = _sliced(edition, part)
    return Base(f"by-heading {found}", by_heading(answers), found.codebook)


def _flat(edition: str, part: int) -> Base:
    found, answers = _sliced(edition, part)
    return Base(f"flat {found}", flat(answers), found.codebook)


def _by_company(edition: str, part: int) -> Base:
    found, answers = _sliced(edition, part)
    company = _by_heading(edition, part)
    return Base(f"by-company {found}", by_company(answers), found.codebook, company=company)


def _list(headings: str, unit: str) -> Any:
    def write(edition: str, part: int) -> Base:
        found, answers = _sliced(edition, part)
        numbers = [
            number
            for person in answers.exported()
            for number in (
                [person.respondent]
                if unit == "survey"
                else [cloud.deployment for cloud in person.deployments]
            )
        ]
        rows = [
            [str(number), "2018-06-01 10:00:00", "Zoë Example", "Example- AG", "projects", done]
            + (["2"] if unit == "survey" else [])
            + ["en_US"]
            for number, done in zip(numbers, "1 " * len(numbers), strict=False)
        ]
        lines = ["\t".join(row).replace("\t \t", "\t\t") for row in rows]
        data = "".join(f"{line}\n" for line in (headings, *lines)).encode()
        company = _by_heading(edition, part)
        return Base(f"{unit}-list {found}", data, found.codebook, ".csv", b"\t", company)

    return write


_SURVEYS = (
    "ID\tLastEdited\tCreated By\tOrganization\tCurrent Step\tIs Completed ?\t"
    "Has Deployments ?\tLang"
)
_DEPLOYMENTS = "ID\tLastEdited\tCreated By\tLabel\tCurrent Step\tIs Completed ?\tLang"


def _old_model(edition: str, part: int) -> Base:
    from survey.exports import Layout
    from survey.exports.layouts import LAYOUTS

    book = read_codebook()
    asked_ = book.edition("2015")
    headings = LAYOUTS[Layout.OLD_MODEL](asked_)
    rows = []
    for number in range(1, 9):
        cells = {
            "SurveyID": str(number),
            "DeploymentID": str(100 + number),
            "SurveyCreated": f"2015-04-0{number} 10:00:00",
            "OrgName": f"Example {number}",
            **{
                question.heading: _some(question, number)
                for question in asked_.questions
                if question.heading in headings
            },
        }
        rows.append([cells.get(heading, "") for heading in headings])
    lines = (",".join(cell.replace(",", "-") for cell in row) for row in (headings, *rows))
    book = Codebook({name: book.editions[name] for name in ("2014", "2015", "2017")})
    return Base("old model", "".join(f"{line}\n" for line in lines).encode(), book)


def _some(question: Any, number: int) -> str:
    values = [choice.value for choice in question.choices]
    if not values:
        return "Zoë’s text" if question.kind is Kind.TEXT else ""
    picked = values[number % len(values)], values[(number + 1) % len(values)]
    return "-".join(dict.fromkeys(picked)) if question.kind.several else picked[0]


_TABLE = """
[edition]
name = "developers-2031"
title = "Developer survey 2031"

[layout]
family = "table"
respondent = "ResponseId"
separator = ";"
missing = ["NA"]

[[questions]]
concept = "branch"
heading = "MainBranch"
title = "What describes you"
kind = "single"
unit = "respondent"
choices = ["I am a developer, by profession", "I code primarily as a hobby"]

[[questions]]
concept = "country"
heading = "Country"
title = "Country"
kind = "country"
unit = "respondent"

[[questions]]
concept = "languages"
heading = "LanguageHaveWorkedWith"
title = "Languages worked with"
kind = "multiple"
unit = "respondent"
choices = ["C", "C++", "HTML/CSS", "Python"]
"""


@cache
def _table_book() -> Codebook:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "developers.toml"
        path.write_text(_TABLE, encoding="utf-8")
        editions = read_codebook(path).editions
    return Codebook({name: editions[name] for name in ("developers-2031", "2018")})


def _table(edition: str, part: int) -> Base:
    rows = [
        f"{number},{branch},{country},{languages},Zoë"
        for number, (branch, country, languages) in enumerate(
            [
                ('"I am a developer, by profession"', "Germany", "C;C++;Python"),
                ("I code primarily as a hobby", "NA", "Python"),
                ("NA", '"Korea, Republic of"', "HTML/CSS;C"),
                ("I code primarily as a hobby", "Brazil", "NA"),
                ('"I am a developer, by profession"', "Brazil", "Python;COBOL"),
                ("I code primarily as a hobby", '"Say ""hi"""', "C"),
            ],
            start=1,
        )
    ]
    head = "ResponseId,MainBranch,Country,LanguageHaveWorkedWith,Extra"
    return Base("table", "".join(f"{line}\n" for line in (head, *rows)).encode(), _table_book())


def _dashboard(edition: str, part: int) -> Base:
    sizes = [c.value for c in read_codebook().question("organization_size", "2018").choices]
    lines = ['"SurveyId","Company","Submitter","Email","Answer"']
    lines += [
        f'{number},"Example ""{number}"", AG","Zoë Example","z{number}@a.example","{size}"'
        for number, size in enumerate(sizes * 2, start=1)
    ]
    data = b"\xef\xbb\xbf" + "\n".join(lines).encode()
    return Base("dashboard", data, _near("2018"))


@cache
def _near(name: str) -> Codebook:
    return Codebook({name: read_codebook().edition(name)})


def _api(edition: str, part: int) -> Base:
    asked_: Edition = read_codebook().edition("2018")

    def step(unit: Unit) -> dict[str, object]:
        given = [
            {"id": n, "question": f"<p>{q.title}</p>", "value": _value(q), "step": 1}
            for n, q in enumerate(asked_.of_unit(unit)[:12])
        ]
        return {"id": 1, "name": "about", "state": "COMPLETE", "answers": given}

    surveys = [
        {
            "id": number,
            "last_edited": "2018-06-01 10:00:00",
            "lang": "en_US",
            "state": "COMPLETE",
            "owner": {"id": 70, "first_name": "Zoë", "last_name": "E", "email": "a@b.example"},
            "steps": [step(Unit.RESPONDENT)],
            "entity_surveys": [
                {
                    "id": 100 + number,
                    "state": "SAVED",
                    "lang": "en_US",
                    "steps": [step(Unit.DEPLOYMENT)],
                }
            ],
        }
        for number in (1, 2)
    ]
    return Base("API", json.dumps(surveys).encode(), _near("2018"), ".json")


def _value(question: Any) -> str:
    if not question.choices:
        return "Zoë, text"
    return ", ".join(
        choice.value for choice in question.choices[: 2 if question.kind.several else 1]
    )


def _workbook(edition: str, part: int) -> Base:
    import openpyxl

    from tests.synthetic.replay import table

    found, answers = _sliced(edition, part)
    sheet = openpyxl.Workbook(write_only=True)
    page = sheet.create_sheet()
    for row in table(by_heading(answers)):
        page.append([_typed(text) for text in row])
    buffer = io.BytesIO()
    sheet.save(buffer)
    return Base(f"workbook {found}", buffer.getvalue(), found.codebook, ".xlsx")


def _typed(text: str) -> object:
    clean = re.sub(r"[\x00-\x08\x0b-\x1f]", "", text).lstrip("=")
    return int(clean) if re.fullmatch(r"[1-9]\d{0,14}", clean) else clean or None


LINES = {
    "by-heading": _by_heading,
    "flat": _flat,
    "by-company": _by_company,
    "survey list": _list(_SURVEYS, "survey"),
    "deployment list": _list(_DEPLOYMENTS, "deployment"),
    "old model": _old_model,
    "table": _table,
    "dashboard": _dashboard,
}
"""Layouts that are lines of text."""
OTHERS = {"API": _api, "workbook": _workbook}


def records_of(data: bytes) -> list[tuple[int, int | None]]:
    """Return survey and deployment number of every record of a by-heading or flat file."""
    from tests.synthetic.replay import table

    header, *rows = table(data)
    at = header.index("DeploymentID")
    width = len(header)
    return [
        (int(row[0]), int(row[at + len(row) - width if len(row) > width else at] or -1))
        for row in rows
    ]
