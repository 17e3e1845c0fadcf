"""What to do: exports to ask for again, headings to bind, answers to add to the codebook."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from survey.codebook import Choice, Question
from survey.exports import Layout
from survey.responses.answer_set import AnswerSetArray
from survey.responses.drafting.choices import list_unknown
from survey.responses.drafting.facts import Answered
from survey.responses.drafting.texts import Listing
from survey.responses.quality.column_faults import exports_again, left_out, misfits
from survey.responses.quality.section import Section, Subject, listed, several, span
from survey.responses.quality.unknown import Unknown, unknown_things

__all__ = ["advice"]

_Step = tuple[str, str, str]
_PLURALS = {
    "respondent without deployments": "respondents without deployments",
    "list cut short": "lists cut short",
}


def advice(subject: Subject) -> Section:
    """Say what to do about what is unknown, lost or doubtful, in the order of its worth."""
    found = list(unknown_things(subject))
    renamed = {(each.edition, each.nearest) for each in found if each.what == "heading"}
    steps = [
        *exports_again(subject, renamed),
        *misfits(subject),
        *_bindings(subject, [each for each in found if each.nearest]),
        *_drafts(found),
        *_bindings(subject, [each for each in found if not each.nearest]),
        *_additions(subject, found),
        *_confirmations(subject),
        *_exports(subject),
        *left_out(subject),
    ]
    table = pd.DataFrame(steps, columns=["editions", "do", "why"])
    table = table.groupby(["do"], as_index=False, sort=False).agg({"editions": span, "why": _whys})
    table = table[["editions", "do", "why"]]
    says = ("Nothing to do.",) if table.empty else ()
    return Section("advice", "What to do", says, table, text=_codebook_lines(subject, found))


def _whys(reasons: pd.Series[str]) -> str:
    return listed(dict.fromkeys(reasons), 2)


def _drafts(found: Iterable[Unknown]) -> Iterator[_Step]:
    """Yield the command that drafts the codebook of an edition with headings like none."""
    strange: dict[str, list[Unknown]] = defaultdict(list)
    for each in found:
        if each.what == "heading" and each.edition and not each.nearest:
            strange[each.edition].append(each)
    for edition, some in strange.items():
        why = several(len(some), "column is", "columns are") + " not read"
        yield edition, f"survey new-edition {edition} FILE", why


def _confirmations(subject: Subject) -> Iterator[_Step]:
    """Yield the questions that were read by a draft that nobody has confirmed."""
    for edition in subject.editions:
        asked = subject.answers.codebook.edition(edition).questions
        for question in asked:
            if not question.confirmed:
                do = f"look at {question.concept} in codebook/{edition}.toml (confirmed = false)"
                yield edition, do, "a guess of the draft; outputs say that it is not confirmed"
            for label in question.unconfirmed_labels:
                do = (
                    f"look at {label!r} of {question.concept} in codebook/{edition}.toml "
                    "(confirmed = false)"
                )
                yield edition, do, "nobody gave it, and few did before: its share is not available"


def _bindings(subject: Subject, found: Iterable[Unknown]) -> Iterator[_Step]:
    """Yield how to bind headings that the codebook does not know."""
    for each in found:
        if each.what != "heading":
            continue
        question = subject.asked_under(each.nearest, each.edition) if each.nearest else None
        near = f"the column looks like {each.nearest!r}, which the file lacks"
        if question is not None and question.heading != each.nearest:
            do = f"list the column {each.heading!r} in the codebook, under {question.concept}"
            yield each.edition, do, near
            continue
        concept = question.concept if question else "CONCEPT"
        command = f"survey codebook bind {each.edition} {concept} {json.dumps(each.heading)}"
        unread = "the column is not read; 'survey codebook list' names the concepts"
        yield each.edition, command, near if question else unread


def _additions(subject: Subject, found: Iterable[Unknown]) -> Iterator[_Step]:
    """Yield which answers to look into, question by question."""
    by_question: dict[tuple[str, str], list[Unknown]] = defaultdict(list)
    for each in found:
        if each.what == "answer" and each.concept:
            by_question[each.edition, each.concept].append(each)
    for (edition, concept), some in by_question.items():
        question = subject.answers.codebook.edition(edition).by_concept[concept]
        texts = [repr(each.text) for each in some if each.text]
        times = sum(each.times for each in some)
        if question.kind.names_countries:
            known = f"{listed(texts)}: no country of ISO 3166" if texts else "no country"
            yield (
                edition,
                f"look at {concept}: {known}",
                f"{several(times, 'answer')} have no region",
            )
            continue
        do = (
            f"add to the codebook: {concept}: {listed(texts)}"
            if texts
            else f"look at {concept} in the file: {several(times, 'cell')} out of place"
        )
        yield edition, do, f"{several(times, 'answer')} not counted"


def _exports(subject: Subject) -> Iterator[_Step]:
    """Yield which exports would bring lost answers back."""
    flags = subject.answers.flags
    for reason, do, noun in (
        (
            "last survey",
            "export again with a later end date, and give both files",
            "respondent without deployments",
        ),
        ("cut answer", "give the flat export (Survey_Flat_*.csv), too", "list cut short"),
    ):
        for edition, some in flags[flags["reason"] == reason].groupby("edition"):
            spread = some["concept"].isin(_flat(subject, str(edition)))
            records = some.loc[spread, "id"] if reason == "cut answer" else some["id"]
            if records.empty:
                continue
            what = several(records.nunique(), noun, _PLURALS[noun])
            yield str(edition), do, what


def _flat(subject: Subject, edition: str) -> set[str]:
    """Return the questions that the flat export spreads over columns, unless it was given."""
    given = {export.layout for export in subject.exports if export.edition.name == edition}
    asked = subject.answers.codebook.edition(edition).questions
    return set() if Layout.FLAT in given else {each.concept for each in asked if each.flat}


def _codebook_lines(subject: Subject, found: Sequence[Unknown]) -> str:
    """Return edition files that know the unknown answers, ready to look through and use."""
    wanted: dict[str, dict[str, list[Unknown]]] = defaultdict(lambda: defaultdict(list))
    for each in found:
        if each.what == "answer" and each.text and each.concept and each.edition:
            wanted[each.edition][each.concept].append(each)
    return "\n".join(
        _edition_file(subject, edition, questions) for edition, questions in wanted.items()
    )


def _edition_file(subject: Subject, edition: str, texts: dict[str, list[Unknown]]) -> str:
    asked = subject.answers.codebook.edition(edition).by_concept
    listing = {c: new for c, new in texts.items() if asked[c].choices and not asked[c].rows}
    if not listing:
        return ""
    lines = [
        f"# Save as codebook/{edition}.toml, or let 'survey new-edition {edition} FILE' write it.",
        "[edition]",
        f'name = "{edition}"',
        f'extends = "{edition}"',
    ]
    for concept, new in listing.items():
        lines += ["", "[[questions]]", *_question_lines(subject, asked[concept], edition, new)]
    return "\n".join(lines) + "\n"


def _question_lines(
    subject: Subject, question: Question, edition: str, new: Sequence[Unknown]
) -> Iterator[str]:
    """Yield the lines of a question that lists its unknown answers, by the rules of a draft."""
    listed = Listing(list(question.choices))
    unknown = {each.text: each.times for each in new}
    calendar = subject.answers.codebook.calendar
    given = _given(subject, question, edition)
    list_unknown(listed, question, unknown, given, Answered(""), calendar=calendar, edition=edition)
    yield from (f"# {sentence}" for sentence in listed.evidence)
    yield from (f"# LOOK: {sentence}" for sentence in listed.doubts)
    yield f"concept = {_text(question.concept)}"
    yield "choices = ["
    yield from (f"    {_choice(choice)}," for choice in listed.choices)
    yield "]"
    if listed.doubts:
        yield "confirmed = false  # delete this line once it is right"


def _given(subject: Subject, question: Question, edition: str) -> set[str]:
    """Return the listed answers that somebody gave."""
    frame = subject.rows(question.unit, edition)
    if question.concept not in frame:
        return set()
    answers = frame[question.concept].array
    if isinstance(answers, AnswerSetArray):
        chosen = [bool(some) for some in np.atleast_1d(answers.chosen.any(axis=0))]
        return {str(item) for item, some in zip(answers.items, chosen, strict=True) if some}
    return set(frame[question.concept].dropna().astype(str))


def _choice(choice: Choice) -> str:
    """Return a choice as the codebook writes it."""
    parts = [f"value = {_text(choice.value)}"]
    if choice.label != choice.value:
        parts.append(f"label = {_text(choice.label)}")
    if choice.band is not None:
        parts.append(f"low = {choice.band.low:g}")
        parts += [f"high = {choice.band.high:g}"] if choice.band.high is not None else []
    if choice.missing is not None:
        parts.append(f'missing = "{choice.missing.value}"')
    if choice.renamed_from:
        parts.append(f"renamed_from = [{', '.join(map(_text, choice.renamed_from))}]")
    if not choice.confirmed:
        parts.append("confirmed = false")
    if choice.column:
        parts.append(f"column = {_text(choice.column)}")
    return _text(choice.value) if len(parts) == 1 else "{ " + ", ".join(parts) + " }"


def _text(text: str) -> str:
    """Return a TOML string."""
    return json.dumps(text, ensure_ascii=False)
