"""The annual report in words: a paragraph for each question, each number with the row it is from.

Sentences follow from published tables alone and say no more than these carry: who leads only where
the intervals part, what changed only where its test says so. A number is printed as everywhere
else, and names table, row and column, so that a reader finds it and a test compares it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from survey.checked import checked
from survey.codebook import Codebook
from survey.dataclass import dataclass
from survey.disclosure import Publication
from survey.disclosure.policy import INTERNAL
from survey.errors import PublishError
from survey.estimates.shares.selection import REST
from survey.estimates.table import Estimates, Measure
from survey.estimates.unconfirmed import said_unconfirmed
from survey.files import write_file
from survey.publish.chart_json import plain, stems_of
from survey.publish.dashboard.blocks import Block
from survey.publish.dashboard.context import Context
from survey.publish.describe import clear_changes, overlap
from survey.publish.format import integer, interval, value_text
from survey.publish.placing import refuse_place
from survey.publish.publisher import Publisher
from survey.publish.rows import Row, rows_of, says_nothing
from survey.publish.words import intervals_words, legible, sentence

__all__ = ["Paragraph", "Quoted", "Section", "Sentence", "narrative_of", "write_narrative"]

_LIMITED = frozenset({"suppressed", "below", "above"})
_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A number as it is printed, and where it stands.

    Attributes
    ----------
    printed
        The number, or the interval, in words.
    table, row, columns
        Name of the table, place of its row from 0, and the columns.
    values
        What the columns hold, in the table's own measure.
    """

    printed: str
    table: str
    row: int
    columns: tuple[str, ...]
    values: tuple[float | None, ...]


Part = str | Quoted


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and numbers in their order."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentence without links."""
        return "".join(p if isinstance(p, str) else p.printed for p in self.parts)

    @property
    def numbers(self) -> tuple[Quoted, ...]:
        """The numbers alone."""
        return tuple(part for part in self.parts if isinstance(part, Quoted))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is said about one question."""

    block: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the report."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@checked(PublishError)
def narrative_of(publication: Publication, codebook: Codebook | None = None) -> tuple[Section, ...]:
    """Return the paragraphs of the annual report, chapter by chapter.

    Examples
    --------
    >>> from survey.disclosure import protect
    >>> narrative_of(protect([], title="OpenStack User Survey", edition="2024"))
    ()
    """
    context = Context(publication, Publisher(), codebook)
    found = []
    for chapter in context.chapters:
        paragraphs = [_paragraph(block, context) for block in chapter.blocks]
        said = tuple(each for each in paragraphs if each.sentences)
        if said:
            found.append(Section(chapter.title, said))
    return tuple(found)


def _paragraph(block: Block, context: Context) -> Paragraph:
    title = _title(block.main) or block.id
    written = [_Writer(table, context, title) for table in block.tables]
    said = {writer.table.name: tuple(writer.sentences()) for writer in written}
    used = [table for table in block.tables if said[table.name]]
    notes = dict.fromkeys(note for table in used for note in said_unconfirmed(table.notes))
    sentences = [each for some in said.values() for each in some]
    return Paragraph(block.id, title, (*sentences, *(Sentence((str(note),)) for note in notes)))


def _title(table: Estimates) -> str:
    """Return the title without the mark of exact numbers, which the head of the text carries."""
    return table.title.removeprefix(f"{INTERNAL}: ")


@dataclass(frozen=True)
class _Writer:
    """Sentences about one table."""

    table: Estimates
    context: Context
    said: str  # the title of the paragraph, which no sentence repeats

    @property
    def edition(self) -> str:
        return self.context.publication.edition

    def sentences(self) -> Iterator[Sentence]:
        """Yield what the table says of the edition; breakdowns stay with their charts."""
        table = self.table
        if table.measure is Measure.DIFFERENCE and not table.groups:
            yield from self._changes()
        elif table.groups not in ((), ("edition",)) or "level" in table.frame:
            return
        elif table.measure is not Measure.SHARE or self._single():
            yield from self._number()
        elif not table.groups:
            yield from self._shares()

    def _single(self) -> bool:
        return self.table.frame["answer"].nunique() == 1

    def _rows(self, edition: str = "") -> list[tuple[int, Row]]:
        wanted = edition or self.edition
        rows = enumerate(rows_of(self.table))
        return [(n, row) for n, row in rows if not self.table.groups or row.group == (wanted,)]

    def _value(self, place: int, row: Row) -> Quoted:
        printed = value_text(self.table, row.value or 0.0)
        return Quoted(printed, self.table.name, place, ("value",), (row.value,))

    def _limits(self, place: int, row: Row) -> tuple[Part, ...]:
        printed = interval(self.table, row.low, row.high)
        if not printed:
            return ()
        numbers = Quoted(printed, self.table.name, place, ("low", "high"), (row.low, row.high))
        return (" (", numbers, ")")

    def _told(self, place: int, row: Row) -> tuple[Part, ...]:
        bound = ("at least ",) if row.at_least else ()
        return (*bound, self._value(place, row), *self._limits(place, row))

    def _shares(self) -> Iterator[Sentence]:
        """Say which answers are largest, and whether their order is certain."""
        rows = self._rows()
        valued = [each for each in rows if each[1].has_value]
        shown = sorted((each for each in valued if not each[1].is_rest),
                       key=lambda each: -(each[1].value or 0.0))  # fmt: skip
        if not shown or shown[0][1].base is None:
            return
        first = shown[0]
        base = Quoted(integer(first[1].base or 0), self.table.name, first[0], ("base",),
                      (first[1].base,))  # fmt: skip
        units = self.context.words.noun(self.table.spec.unit, int(first[1].base or 0))
        limited = any(str(row.status) in _LIMITED for _, row in rows)
        rests = [row.value or 0.0 for _, row in valued if row.is_rest and row.answer != REST]
        start = (
            "Of the answers that may be shown, the most frequent is"
            if limited
            else "Of the answers with a name, the most frequent is"
            if max(rests, default=0.0) > (first[1].value or 0.0)
            else "The most frequent answer is"
        )
        parts: list[Part] = [f"{start} {first[1].name} with ", *self._told(*first), " of ", base,
                             f" {units}"]  # fmt: skip
        if len(shown) > 1:
            parts += [f", before {shown[1][1].name} with ", *self._told(*shown[1])]
            if overlap(first[1], shown[1][1]):
                parts.append("; their intervals overlap")
        yield Sentence((*parts, "."))

    def _number(self) -> Iterator[Sentence]:
        """Say a number of this edition and of the one before; tables of changes test a change."""
        title = (_title(self.table) or self.table.name).rstrip(".")
        title = "" if title == self.said else title
        for place, row in self._rows():
            if not row.has_value or says_nothing(self.table, row):
                continue
            name = "" if self._single() else row.answer
            about = ", ".join(filter(None, (title, name)))
            parts: list[Part] = [f"{about}: " if about else "", *self._told(place, row)]
            parts += [f" in {self.edition}"] if self.table.groups else []
            parts += self._before(row)
            yield Sentence((*parts, "."))

    def _before(self, row: Row) -> list[Part]:
        earlier = [e for e in self.table.editions if e < self.edition] if self.table.groups else []
        for place, old in self._rows(earlier[-1]) if earlier else ():
            same = old.answer == row.answer and old.has_value
            if same and not says_nothing(self.table, old):
                return [", after ", *self._told(place, old), f" in {earlier[-1]}"]
        return []

    def _changes(self) -> Iterator[Sentence]:
        """Say what changed clearly, largest change first."""
        since = str(dict(self.table.spec.options).get("earlier", "the edition before"))
        rows = rows_of(self.table)
        place_of = {id(row): place for place, row in enumerate(rows) if row.has_value}
        clear = clear_changes(rows)
        if place_of and not clear:
            yield Sentence((f"No answer changed clearly since {since}.",))
        for row in clear:
            verb = "rose" if (row.value or 0.0) > 0 else "fell"
            told = self._told(place_of[id(row)], row)
            yield Sentence((f"{row.answer} {verb} clearly since {since}: ", *told, "."))


@checked(PublishError)
def write_narrative(
    publication: Publication, folder: str | Path, *, codebook: Codebook | None = None
) -> tuple[Path, ...]:
    """Write ``narrative.md`` for people and ``narrative.json`` for programs; return both.

    A number links to its row: ``tables/<file>.csv#row=N`` counts lines from the heading on, which
    is line 1, as RFC 7111 says.
    """
    refuse_place(publication, folder)
    root, sections = Path(folder), narrative_of(publication, codebook)
    text, data = root / "narrative.md", root / "narrative.json"
    write_file(text, legible(_markdown(publication, sections)))
    record = {
        "title": publication.title,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "stamp": publication.stamp,
        "sections": [_record(section) for section in sections],
    }
    write_file(data, json.dumps(plain(record), ensure_ascii=False, indent=1) + "\n")
    return text, data


def _record(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "paragraphs": [
            {
                "block": each.block,
                "title": each.title,
                "sentences": [
                    {
                        "text": said.text,
                        "numbers": [
                            {"printed": n.printed, "table": n.table, "row": n.row,
                             "columns": list(n.columns), "values": list(n.values)}
                            for n in said.numbers
                        ],
                    }
                    for said in each.sentences
                ],
            }
            for each in section.paragraphs
        ],
    }  # fmt: skip


def _markdown(publication: Publication, sections: Sequence[Section]) -> str:
    files = stems_of(publication)
    lines = [f"# {_escaped(publication.title)} {publication.edition}", ""]
    if publication.provenance.invented:
        nothing = publication.vocabulary.fill("Nothing here is about real {units}.")
        lines += [f"**Invented data.** {nothing}", ""]
    if publication.stamp:
        lines += [f"**{_escaped(publication.stamp)}**", ""]
    lines += [intervals_words(publication.tables.values()), ""]
    for section in sections:
        lines += [f"## {_escaped(section.title)}", ""]
        for paragraph in section.paragraphs:
            said = " ".join(_linked(each, files) for each in paragraph.sentences)
            lines += [f"**{_escaped(sentence(paragraph.title))}** {said}", ""]
    return "\n".join(lines)


def _linked(said: Sentence, files: dict[str, str]) -> str:
    return "".join(
        _escaped(part)
        if isinstance(part, str)
        else f"[{_escaped(part.printed)}](tables/{files[part.table]}.csv#row={part.row + 2})"
        for part in said.parts
    )


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", re.sub(r"[^\S\u00a0\u202f]+", " ", text))
