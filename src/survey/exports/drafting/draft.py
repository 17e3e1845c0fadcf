"""Write the first codebook of another survey's file, for a person to correct."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from survey.checked import checked
from survey.codebook.question_rules import TAKEN
from survey.errors import ExportError, Problem
from survey.exports.drafting.choice_order import as_bands, in_order, round_bands
from survey.exports.drafting.guessed_kinds import is_other
from survey.exports.drafting.questions import Draft, questions_of, roles_of
from survey.exports.drafting.raw_columns import Table, read_table, table_of_frame
from survey.exports.frame_export import KEYS
from survey.exports.source import workbook
from survey.exports.source.first_bytes import is_workbook
from survey.exports.source.raw_file import read_raw, text_of
from survey.exports.source.raw_table import TextPage

__all__ = ["draft_codebook"]

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_TIMES = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "%Y-%m-%d %H:%M:%S"),
    (r"\d{4}/\d\d?/\d\d? \d\d?:\d\d:\d\d [AP]M GMT[+-]\d+", "%Y/%m/%d %I:%M:%S %p GMT%z"),
    (r"\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d [AP]M", "%m/%d/%Y %I:%M:%S %p"),
    (r"\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d", "%m/%d/%Y %H:%M:%S"),
    (r"\d\d?/\d\d?/\d{4} \d\d?:\d\d", "%m/%d/%Y %H:%M"),
    (r"\d\d?\.\d\d?\.\d{4} \d\d?:\d\d:\d\d", "%d.%m.%Y %H:%M:%S"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "%Y-%m-%dT%H:%M:%S"),
)
_NAMED = [*KEYS, "organization", "edition"]
_LONGEST = 40
RECOMMEND = "likelihood_to_recommend"  # the concept of which a net promoter score is made


@checked(ExportError)
def draft_codebook(answers: str | Path | pd.DataFrame, *, name: str = "") -> str:
    """Return a codebook in TOML for the file of another survey tool, drafted from its answers.

    What a person must check is in comments: kinds are guessed from what was answered, choices
    that nobody chose are unknown, and texts that several people wrote in the same words look
    like choices.

    Parameters
    ----------
    answers
        A file as SurveyMonkey, Qualtrics, Google Forms, LimeSurvey or another tool writes it,
        or a frame with one row per respondent.
    name
        Name of the edition; by default the name of the file.

    Raises
    ------
    ExportError
        If the file cannot be read or has no records.

    Examples
    --------
    >>> print(draft_codebook("answers.csv"))  # doctest: +SKIP
    """
    table = _table(answers)
    if not table.size:
        problem = Problem(table.name, "no records", "answers below the headings")
        raise ExportError(f"Cannot draft a codebook from {table.name}", [problem])
    edition = name or re.sub(r"[^\w-]+", "-", Path(table.name).stem).strip("-") or "own"
    lines = [*_head(table, edition), *_layout(table)]
    taken: set[str] = set()
    for draft in questions_of(table):
        lines += _question(draft, _concept(draft, taken))
    return "\n".join(lines) + "\n"


def _table(answers: str | Path | pd.DataFrame) -> Table:
    if isinstance(answers, pd.DataFrame):  # without what read_frame knows by its name
        return table_of_frame(answers.drop(columns=_NAMED, errors="ignore"), "frame")
    raw = read_raw(Path(answers))
    pages = workbook.read_sheets(raw) if is_workbook(raw) else (TextPage(text_of(raw)),)
    return read_table(pages[0])


def _text(text: str) -> str:
    """Return a text as TOML writes it: as JSON does, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _head(table: Table, edition: str) -> Iterator[str]:
    yield "# A draft from the answers alone: kinds, choices and their order are guesses. Correct"
    yield "# it, above all choices that nobody chose, and texts that are write-ins."
    yield "[edition]"
    yield f"name = {_text(edition)}"
    yield f"title = {_text(edition)}"
    yield ""
    yield "# [vocabulary]   # the words of the community, for titles and notes"
    yield '# respondent = "member"'


def _layout(table: Table) -> Iterator[str]:
    roles = roles_of(table)
    yield ""
    yield "[layout]"
    yield 'family = "table"'
    if table.delimiter != ",":
        yield f'delimiter = "{_NAMES[table.delimiter]}"'
    if table.header_rows > 1:
        yield f"header_rows = {table.header_rows}"
    if not table.quoted:
        yield "quoted = false"
    for role, heading in roles.items():
        yield f"{role} = {_text(heading)}"
    if "created" in roles and (written := _time_format(table, roles["created"])):
        yield f"time_format = {_text(written)}"


def _time_format(table: Table, heading: str) -> str:
    cells = next(column.cells for column in table.columns if column.heading == heading)
    given = [cell for cell in cells if cell]
    for pattern, written in _TIMES:
        if sum(bool(re.fullmatch(pattern, cell)) for cell in given) > len(given) / 2:
            return written
    return ""


def _concept(draft: Draft, taken: set[str]) -> str:
    """Return a short name of small letters that no other question and no column has."""
    recommends = "recommend" in draft.title.casefold() and "10" in draft.guess.choices
    if recommends and RECOMMEND not in taken:
        taken.add(RECOMMEND)
        return RECOMMEND
    words = re.findall(r"[a-z0-9]+", draft.title.casefold().encode("ascii", "ignore").decode())
    base = "_".join(words)[:_LONGEST].strip("_") or "question"
    base = base if base[0].isalpha() else f"q_{base}"
    name, number = (f"{base}_given" if base in TAKEN else base), 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name


def _question(draft: Draft, concept: str) -> Iterator[str]:
    guess = draft.guess
    yield ""
    yield "[[questions]]"
    yield f"concept = {_text(concept)}"
    yield f"heading = {_text(draft.heading)}"
    yield f"title = {_text(draft.title or draft.heading)}"
    yield f'kind = "{guess.kind.value}"   # {_one_line(guess.why)}'
    yield 'unit = "respondent"'
    if guess.personal:
        yield "personal = true"
    if guess.separator:
        yield f"separator = {_text(guess.separator)}"
    if guess.multiple:
        yield "multiple = true"
    yield from _choices(draft)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _choices(draft: Draft) -> Iterator[str]:
    guess = draft.guess
    if guess.numbers:
        yield 'measure = "units"   # what the numbers count; the bands are a proposal'
        yield from _banded(round_bands(guess.numbers))
        return
    if guess.kind.by_row:
        ordered, scale = in_order(guess.choices)
        yield from (["ordinal = true"] if scale and not guess.multiple else [])
        yield f"choices = {_texts(ordered)}"
        yield from _parts("rows", draft)
        return
    if draft.parts:
        yield from _parts("choices", draft)
    elif guess.kind.picked:
        yield from _listed(draft)


def _listed(draft: Draft) -> Iterator[str]:
    """Yield the choices of a question that has one column."""
    guess = draft.guess
    scores = all(text.isdigit() for text in guess.choices)
    bands = as_bands(guess.choices) if guess.kind.single_choice and not scores else ()
    if bands and not guess.write_ins:
        yield 'measure = "units"   # what the bands count'
        named = {text for text, _, _ in bands}
        yield from _banded(bands, [text for text in guess.choices if text not in named])
        return
    ordered, scale = in_order(guess.choices)
    if scale and guess.kind.single_choice:
        yield "ordinal = true"
    listed = [*ordered]
    if (guess.write_ins or draft.other) and not any(
        text.casefold().startswith("other") for text in listed
    ):
        listed.append("Other")
    yield f"choices = {_texts(listed)}"


def _banded(
    bands: Sequence[tuple[str, float, float | None]], rest: Sequence[str] = ()
) -> Iterator[str]:
    yield "choices = ["
    for text, low, high in bands:
        edge = "" if high is None else f", high = {high:g}"
        yield f"    {{ value = {_text(text)}, low = {low:g}{edge} }},"
    for text in rest:
        yield f"    {{ value = {_text(text)} }},"
    yield "]"


def _parts(key: str, draft: Draft) -> Iterator[str]:
    """Yield the choices or rows that have columns of their own."""
    yield f"{key} = ["
    seen: set[str] = set()
    for part in draft.parts:
        value = part.value if part.value not in seen else f"{part.value} ({part.column})"
        seen.add(value)
        yield f"    {{ value = {_text(value)}, column = {_text(part.column)} }},"
    if draft.other and not any(is_other(part.value) for part in draft.parts):
        yield f'    {{ value = "Other", column = {_text(draft.other)} }},'
    yield "]"
