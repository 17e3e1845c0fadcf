"""What a file shows before its layout is known: heading lines, and records once it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from survey.dataclass import dataclass
from survey.errors import ExportError
from survey.exports.export import Issue, Repair
from survey.exports.parse.csv_strict import Records, headings_of
from survey.exports.parse.record_blocks import read_records
from survey.exports.source.raw_file import Text

__all__ = ["Doubt", "Page", "TextPage", "heading_again"]

_SAMPLE = 1 << 22  # bytes


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that was changed for good before the file came here."""

    line: int
    column: int
    code: str
    message: str


class Page(Protocol):
    """A text file, or one sheet of a workbook."""

    @property
    def name(self) -> str:
        """Name of the file."""

    @property
    def sample(self) -> bytes:
        """The beginning of the content, to date it by."""

    @property
    def repairs(self) -> Sequence[Repair]:
        """What was done to read it at all."""

    @property
    def issues(self) -> Sequence[Issue]:
        """What was noticed on the way."""

    @property
    def doubts(self) -> Iterable[Doubt]:
        """Cells that must not be trusted, whatever they hold."""

    def delimiters(self, usual: Sequence[str]) -> tuple[str, ...]:
        """Return which of the ``usual`` delimiters can stand between its cells."""

    def headings(self, delimiter: str, count: int) -> tuple[tuple[str, ...], ...]:
        """Return the cells of the first ``count`` heading lines."""

    def refuse_faulty_headings(self) -> None:
        """Raise an error if there are no headings because a heading line is damaged."""

    def records(self, delimiter: str, width: int, skip: int, *, line_feeds: bool) -> Records:
        """Return the records below ``skip`` heading lines."""


def heading_again(name: str, line: int) -> Issue:
    """Return what there is to say of a heading line in the midst of a file."""
    message = "another heading line: the records below it are read by it"
    return Issue(name, line, "", "heading line again", message, 0)


@dataclass(frozen=True)
class TextPage:
    """A text file, or with ``below`` the part of one below another heading line."""

    text: Text
    below: bool = False

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.text.name

    @property
    def sample(self) -> bytes:
        """The beginning of the content."""
        return self.text.data[:_SAMPLE]

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was done to its encoding."""
        return tuple(
            Repair(self.name, "", "", explanation, rule, (1,))
            for rule, explanation in self.text.notes
        )

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Whether it is a part of a file, below the heading line of another part."""
        return (heading_again(self.name, self.text.above + 1),) if self.below else ()

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Nothing: text is as it was written."""
        return ()

    def delimiters(self, usual: Sequence[str]) -> tuple[str, ...]:
        """Return the delimiters that occur near the beginning; the first always counts."""
        beginning = self.text.data[: 1 << 16]
        return tuple(
            each for number, each in enumerate(usual) if number == 0 or each.encode() in beginning
        )

    def headings(self, delimiter: str, count: int) -> tuple[tuple[str, ...], ...]:
        """Return the cells of the first ``count`` heading lines; none if they are faulty."""
        try:
            return headings_of(self.name, self.text.data, delimiter, count)
        except ExportError:
            return ()

    def refuse_faulty_headings(self) -> None:
        """Raise an error if the quotes of the heading line do not pair up."""
        headings_of(self.name, self.text.data)

    def records(self, delimiter: str, width: int, skip: int, *, line_feeds: bool) -> Records:
        """Return the records below ``skip`` heading lines."""
        return read_records(
            self.name,
            self.text.data,
            width,
            delimiter,
            skip=skip,
            line_feeds=line_feeds,
            above=self.text.above,
        )
