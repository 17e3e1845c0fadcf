"""What kind of question stands in a column that no codebook knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from survey.codebook import Choice, Kind, Question, Unit
from survey.codebook.bands import readings
from survey.codebook.geography import find_country
from survey.dataclass import dataclass
from survey.responses.drafting.facts import SEPARATOR, Column
from survey.responses.drafting.fit import looks_open
from survey.responses.drafting.likeness import snake_case, words
from survey.responses.drafting.scales import declines, in_order, is_other
from survey.responses.drafting.texts import new_choice
from survey.responses.drafting.unlisted_bands import band_choices

__all__ = ["New", "free_concept", "new_matrix", "new_question", "topic_of"]

_ABBREVIATIONS = {
    **{each.casefold(): each for each in ("AI", "HPC", "ML", "OS")},
    **{
        f"{each.casefold()}{end}": f"{each}{end}"
        for each in ("API", "CPU", "DPU", "FPGA", "GPU", "IP", "SDK", "SLA", "VM")
        for end in ("", "s")
    },
}
_LONGEST = 160
_MOST_CHOICES = 60
_REPEATED = 1.5
_FEW_CHOICES = 6
_PERSONAL = re.compile(r"name|mail|phone|contact|linkedin|twitter|github|irc", re.IGNORECASE)
_TOPICS: Mapping[str, frozenset[str]] = {
    "releases": frozenset({"release", "releases", "upgrade", "upgrades", "version", "versions"}),
    "teams": frozenset({"team", "teams", "people", "staff", "operators", "engineers", "fte"}),
    "footprint": frozenset(
        {"cores", "nodes", "instances", "users", "addresses", "tb", "objects", "gpus", "servers"}
    ),
}


@dataclass(frozen=True)
class New:
    """A new question and what speaks for its kind."""

    question: Question
    evidence: tuple[str, ...]
    doubts: tuple[str, ...]


def new_question(column: Column, concept: str, private: Collection[str]) -> New:
    """Return the question that a column seems to hold.

    Parameters
    ----------
    column
        The column.
    concept
        Name for it.
    private
        Texts of columns that may hold names: none of them becomes a choice.
    """
    kind, choices, measure, ordinal, why, doubts = _looks_like(column, private)
    question = Question(
        concept,
        column.heading,
        _title(column.heading),
        kind,
        column.unit,
        tuple(choices),
        series=concept,
        measure=measure,
        personal=kind.free_text and _personal(column),
        ordinal=ordinal,
        topic=topic_of(column, measure) if kind.closed else "",
    )
    said = f"new question: {why}; {column.answered} of {column.records} answered"
    if not kind.free_text:
        doubts.insert(0, f"{kind.value} question under a new heading: check title and choices")
    return New(question, (said,), tuple(doubts))


def _title(heading: str) -> str:
    """Return a heading as a title, with abbreviations as people write them."""
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in words(heading))
    return text[:1].upper() + text[1:] or heading


_Look = tuple[Kind, Sequence[Choice], str, bool, str, list[str]]


def _looks_like(column: Column, private: Collection[str]) -> _Look:
    texts = [text for text in column.texts if not declines(text)]
    if not column.answered or not texts:
        return Kind.TEXT, (), "", False, "nobody has answered it, so that its kind is not known", []
    if set(column.texts) == {"1"}:
        return Kind.CHECKBOX, (), "", False, "every answer is 1", []
    for kind, split in ((Kind.COUNTRY, ""), (Kind.COUNTRIES, "-")):
        if len(texts) > 1 and all(_countries(text, split) for text in texts):
            return kind, (), "", False, "every answer is a country", []
    closed = _closed(column, private)
    return closed or (Kind.TEXT, (), "", False, "answers in people's own words", [])


def _countries(text: str, split: str) -> bool:
    parts = text.split(split) if split else [text]
    return all(find_country(part) for part in parts)


def _closed(column: Column, private: Collection[str]) -> _Look | None:
    kind = Kind.MULTIPLE if column.several else Kind.SINGLE
    answers = dict(column.pieces if column.several else column.texts)
    if _hold_no_list(column, answers):
        return None
    named = [text for text in answers if text in private and not _says_no_name(text)]
    answers = {text: times for text, times in answers.items() if text not in named}
    doubts = (
        [f"{len(named)} answers also stand under a heading that can hold names; not listed"]
        if named
        else []
    )
    if kind.single_choice and _banded(answers):
        bands, measure, faults = band_choices(list(answers))
        if bands:
            return kind, bands, measure, False, "every answer is a band", [*doubts, *faults]
    order, scale = in_order(answers)
    choices = [new_choice(text) for text in order]
    why = f"{len(choices)} answers are given over and over"
    if kind.multiple_choice:
        why += f", {column.several} cells hold several"
    elif scale:
        why += ", in the order of a scale"
    return kind, choices, "", scale and kind.single_choice, why, doubts


def _says_no_name(text: str) -> bool:
    """Whether a text is a number, a band or a word that declines, whoever else wrote it."""
    return bool(readings(text) or declines(text) or is_other(text))


def _hold_no_list(column: Column, answers: Mapping[str, int]) -> bool:
    """Whether answers are too many, too long or too seldom the same to come from a list."""
    given = sum(answers.values())
    return (
        not answers
        or any("@" in text or len(text) > _LONGEST for text in answers)
        or len(answers) > _MOST_CHOICES
        or (len(answers) > _FEW_CHOICES and given / len(answers) < _REPEATED)
        or (SEPARATOR not in "".join(column.texts) and looks_open(column))
    )


def _banded(answers: Mapping[str, int]) -> bool:
    """Whether answers are bands rather than single numbers or plain words."""
    main = [text for text in answers if not declines(text)]
    read = [readings(text) for text in main]
    wide = any(each.band.low != each.band.high for some in read for each in some)
    return len(main) > 1 and all(read) and wide


def _personal(column: Column) -> bool:
    return bool(_PERSONAL.search(column.heading)) or any("@" in text for text in column.texts)


def new_matrix(heading: str, columns: Sequence[Column], concept: str) -> New:
    """Return the matrix that several columns ``<heading> - <row>`` hold."""
    texts: dict[str, int] = {}
    for column in columns:
        for text, times in column.texts.items():
            texts[text] = texts.get(text, 0) + times
    order, _ = in_order(texts)
    rows = tuple(new_choice(column.heading[len(heading) + 3 :]) for column in columns)
    question = Question(
        concept,
        heading,
        _title(heading),
        Kind.MATRIX,
        columns[0].unit,
        tuple(new_choice(text) for text in order),
        rows,
        series=concept,
    )
    said = f"new question: {len(rows)} columns {heading!r} - ..., one per row of a matrix"
    return New(question, (said,), ("matrix under a new heading: check title, rows and choices",))


def topic_of(column: Column, measure: str) -> str:
    """Return the topic that a new question seems to belong to."""
    said = {*words(column.heading), measure}
    found = next((topic for topic, own in _TOPICS.items() if own & said), "")
    if column.unit is Unit.RESPONDENT:
        return "respondents"
    return found or "landscape"


def free_concept(heading: str, taken: Collection[str]) -> str:
    """Return a name for a new concept that nothing else has."""
    return next(name for name in _names(snake_case(heading)) if name not in taken)


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
