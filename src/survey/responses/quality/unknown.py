"""What the codebook does not know: headings and answers, with the nearest that it does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pandas as pd

from survey.dataclass import dataclass
from survey.errors import did_you_mean
from survey.responses.quality.column_faults import absent_columns
from survey.responses.quality.section import Section, Subject, in_brief, several

__all__ = ["NOT_SHOWN", "Unknown", "unknown", "unknown_things"]

NOT_SHOWN = "(not shown)"
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_OPEN_TO_ALL = 3
_LONGEST = 120


@dataclass(frozen=True)
class Unknown:
    """A heading or an answer that the codebook does not know.

    ``text`` is empty where it could be anything: a cell of another question, a name.
    """

    edition: str
    what: str
    heading: str
    concept: str
    text: str
    times: int
    nearest: str

    @property
    def shown(self) -> str:
        """The text, or that it is not shown."""
        return self.text or NOT_SHOWN


def unknown(subject: Subject) -> Section:
    """Say which headings and answers the codebook does not know."""
    found = list(unknown_things(subject))
    table = pd.DataFrame(
        [
            {
                "edition": each.edition,
                "what": each.what,
                "question": each.concept if each.what == "answer" else "",
                "text": each.shown,
                "times": each.times,
                "did_you_mean": each.nearest,
            }
            for each in found
        ],
        columns=["edition", "what", "question", "text", "times", "did_you_mean"],
    )
    brief = in_brief(table, ("edition", "question", "text", "times", "did_you_mean"), 20)
    glance = ("unknown headings and answers", sum(each.times for each in found))
    return Section(
        "unknown",
        "Unknown to the codebook",
        _said(subject, found),
        table,
        brief=brief,
        glance=glance,
    )


def _said(subject: Subject, found: list[Unknown]) -> tuple[str, ...]:
    absent = sum(map(len, absent_columns(subject).values()))
    if absent and not found:
        lacks = several(absent, "heading of the codebook is", "headings of the codebook are")
        return (f"{lacks} absent: see What to do. Those that are there are known.",)
    if not found:
        return ("Every heading and every listed answer is known.",)
    headings = sum(each.what == "heading" for each in found)
    answers = sum(each.times for each in found if each.what != "heading")
    counts = [several(headings, "heading")] * bool(headings)
    counts += [several(answers, "answer")] * bool(answers)
    verb = "is" if headings + answers == 1 else "are"
    says = [f"{' and '.join(counts)} {verb} not in the codebook: see What to do."]
    if any(not each.text for each in found):
        says.append(
            f"A text is shown where it resembles a listed answer, or where {_OPEN_TO_ALL} and "
            "more respondents gave it: anything else can be a name that is out of place."
        )
    return tuple(says)


def unknown_things(subject: Subject) -> Iterator[Unknown]:
    """Yield headings and answers that the codebook does not know, headings first.

    What several files of one edition hold counts once.
    """
    found: dict[tuple[str, str, str, str], Unknown] = {}
    for each in _of_files(subject):
        key = (each.edition, each.what, each.concept or each.heading, each.text)
        if key not in found or found[key].times < each.times:
            found[key] = each
    yield from found.values()


def _of_files(subject: Subject) -> Iterator[Unknown]:
    log = subject.answers.issues
    for (file, heading), some in log[log["code"] == "unknown heading"].groupby(
        ["file", "column"], sort=False
    ):
        edition = subject.edition_of.get(str(file), "")
        nearest = _quoted(str(some["message"].iloc[0]))
        yield Unknown(edition, "heading", str(heading), "", str(heading), len(some), nearest)
    strange = log[log["code"].isin(["unknown answer", "unknown country"])]
    strange = strange.assign(text=[_text_of(message) for message in strange["message"]])
    for (file, column), of_column in strange.groupby(["file", "column"], sort=False):
        yield from _answers(subject, str(file), str(column), of_column)


def _answers(subject: Subject, file: str, column: str, log: pd.DataFrame) -> Iterator[Unknown]:
    """Yield the unknown answers in one column of one file, those not to be shown together."""
    edition = subject.edition_of.get(file, "")
    question = subject.asked_under(column, edition)
    concept, labels = (question.concept, question.labels) if question else ("", ())
    hidden = 0
    for text, some in log.groupby("text", sort=False):
        nearest = did_you_mean(str(text), labels) if text else ""
        common = some["line"].nunique() >= _OPEN_TO_ALL
        if text and len(str(text)) <= _LONGEST and (nearest or common):
            near = _quoted(nearest)
            yield Unknown(edition, "answer", column, concept, str(text), len(some), near)
        else:
            hidden += len(some)
    if hidden:
        yield Unknown(edition, "answer", column, concept, "", hidden, "")


def _quoted(hint: str) -> str:
    """Return what a hint "did you mean 'x'" names."""
    found = _QUOTED.search(hint or "")
    return str(ast.literal_eval(found.group())) if found else ""


def _text_of(message: str) -> str:
    """Return the text that a message quotes at its beginning."""
    found = _QUOTED.match(message)
    return str(ast.literal_eval(found.group())) if found else ""
