"""Invented answers in which every personal cell and every free text can be found by one word.

``MARK`` stands in each name, address, organization and text, in the account e-mail and in the
names that only write-ins have; member numbers are long and start with the same digits. Whoever
finds one of them in an output has found a leak; nothing else in this project says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from survey.codebook import Edition, Kind, Question
from survey.synthetic import exporter, simulate
from survey.synthetic.answers import Answer, TrueAnswers, TrueRespondent
from survey.synthetic.saving import saved

__all__ = ["MARK", "TEXT_MARK", "Planted", "planted"]

MARK = "zqxv"  # in everything that identifies
TEXT_MARK = "wjqk"  # in everything else that people wrote themselves
_MEMBER = 987_600_000


@dataclass(frozen=True)
class Planted:
    """The exporter's three files with marked cells, and the words that must not come out.

    ``personal`` identifies somebody; ``texts`` are answers in people's own words.
    """

    files: Mapping[str, bytes]
    members: tuple[str, ...]

    @property
    def personal(self) -> tuple[str, ...]:
        return (MARK, *self.members)

    @property
    def everything(self) -> tuple[str, ...]:
        return (*self.personal, TEXT_MARK)

    def write(self, folder: Path, *names: str) -> list[Path]:
        """Write the files whose name starts with one of ``names``, or all."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, content in self.files.items():
            if not names or name.startswith(names):
                (folder / name).write_bytes(content)
                paths.append(folder / name)
        return paths


def planted(edition: str, respondents: int = 40, seed: int = 5) -> Planted:
    """Return an edition's files in which everything that a person wrote is marked."""
    made = simulate(edition, respondents=respondents, seed=seed)
    numbers = count(1)
    people = tuple(_marked(made.answers.edition, each, next(numbers)) for each in made.answers)
    answers = saved(TrueAnswers(made.answers.edition, people, made.answers.option_order))
    contents = (exporter.by_heading(answers), exporter.flat(answers), exporter.by_company(answers))
    files = dict(zip(made.files, contents, strict=True))
    return Planted(files, tuple(str(each.member) for each in people))


def _marked(edition: Edition, person: TrueRespondent, number: int) -> TrueRespondent:
    """Mark one respondent; organizations stay shared, with the spellings that they differ in."""
    group = sum(map(ord, person.organization)) % 17
    answers = _answers(edition, person.answers, number, group)
    named = {"FirstName": f"Zqxv{number}a", "Surname": f"Ödenzqxv{number}", "Organization": ""}
    named["Organization"] = (f"Zqxv{group}, Söhne & Co", f"ZQXV{group}- Söhne & Co. Ltd")[
        number % 2
    ]
    clouds = tuple(
        replace(cloud, answers=_answers(edition, cloud.answers, number, group))
        for cloud in person.deployments
    )
    return replace(
        person,
        member=_MEMBER + 37 * number,
        account_email=f"p{number}@zqxv{group}.example",
        answers={**answers, **named},
        deployments=clouds,
    )


def _answers(
    edition: Edition, answers: Mapping[str, Answer], number: int, group: int
) -> dict[str, Answer]:
    by_heading = edition.by_heading
    return {
        heading: _answer(by_heading.get(heading), answer, number, group)
        for heading, answer in answers.items()
    }


def _answer(question: Question | None, answer: Answer, number: int, group: int) -> Answer:
    if question is None or question.kind is not Kind.TEXT or not answer:
        return answer
    if question.write_in_of:
        return f"Wjqk{number % 3} stack"
    return f'"Wjqk{number}", said <{group}> & went; wjqk{number}|tail'
