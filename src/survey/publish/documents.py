"""Tables and prose of a published document: Markdown, reStructuredText, HTML or plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from html.parser import HTMLParser

from survey.dataclass import dataclass

__all__ = ["Document", "FoundTable", "Line", "read_document"]

_GRID = re.compile(r"^\s*\+[-=+]+\+\s*$")
_SIMPLE = re.compile(r"^\s*=+(?:\s+=+)+\s*$")
_RULE = re.compile(r"^\s*(?:\|\s*)?:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*(?:\|\s*)?$")
_UNDERLINE = re.compile(r"^\s*([=\-~^\"'#*+`])\1{2,}\s*$")
_BLOCKS = frozenset({"p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "tr", "br"})
_ITEM = re.compile(  # runs are taken whole: a long one is not tried at each of its places
    r"^\s*+(?:[-*+\u2022]\s++|\d+[.)]\s++)?(?P<label>[^\d\s].*?)"
    r"(?<![\s:\u2013\u2014-])[\s:\u2013\u2014-]+"
    r"(?:(?P<count>\d[\d,]*)\s*\(\s*(?P<second>\d+(?:\.\d+)?\s*%)\s*\)"
    r"|(?P<first>\d+(?:\.\d+)?\s*%)\s*\(\s*(?:n\s*=\s*)?(?P<behind>\d[\d,]*)\s*\))\s*[.;]?\s*$"
)
_LEAST_ITEMS = 3
_MARKUP = re.compile(r"[*`_]{1,2}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of prose with its number in the file."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table: its heading cells, its rows with their line numbers, and the prose around it."""

    heading: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    section: str = ""

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The cells column by column; short rows are filled up."""
        width = max([len(self.heading), *(len(cells) for _, cells in self.rows)], default=0)
        filled = [(*cells, *[""] * (width - len(cells))) for _, cells in self.rows]
        return tuple(zip(*filled, strict=True))


@dataclass(frozen=True, slots=True)
class Document:
    """A document as an audit reads it."""

    lines: tuple[Line, ...]
    tables: tuple[FoundTable, ...] = field(default=())


def read_document(text: str, suffix: str = "") -> Document:
    r"""Return prose and tables of a document.

    Parameters
    ----------
    text
        The document.
    suffix
        Ending of its file name; ``.html`` and ``.htm`` are read as HTML, and so is a text that
        begins like it. All else is looked at for tables of Markdown and reStructuredText.

    Examples
    --------
    >>> found = read_document("| Answer | Users |\n|---|---|\n| Yes | 12 |\n")
    >>> found.tables[0].heading, found.tables[0].rows
    (('Answer', 'Users'), ((3, ('Yes', '12')),))
    """
    if suffix.lower() in (".html", ".htm", ".xhtml") or text.lstrip()[:9].lower() in (
        "<!doctype",
        "<html>",
    ):
        return _html(text)
    lines = text.splitlines()
    taken: set[int] = set()
    raw = [*_grids(lines, taken), *_simple(lines, taken), *_pipes(lines, taken),
           *_list_tables(lines, taken)]  # fmt: skip
    prose = [Line(n, line) for n, line in enumerate(lines, 1) if n - 1 not in taken]
    raw += _counted_lists(prose)
    sections = _sections(lines)
    tables = [FoundTable(heading, rows, sections[rows[0][0] - 1]) for heading, rows in raw if rows]
    return Document(tuple(prose), tuple(sorted(tables, key=lambda each: each.rows[0][0])))


_Raw = tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]


def _sections(lines: Sequence[str]) -> list[str]:
    """Return for each line the prose of the section that it stands in."""
    starts = [0]
    for number, line in enumerate(lines):
        underlined = _UNDERLINE.match(line) and number and lines[number - 1].strip()
        if underlined and not _SIMPLE.match(line):
            starts.append(number - 1)
        elif re.match(r"^#{1,6}\s", line):
            starts.append(number)
    found = [""] * len(lines)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = "\n".join(
            line for line in lines[start:end] if not line.lstrip().startswith(("|", "+"))
        )
        found[start:end] = [text] * (end - start)
    return found


def _counted_lists(lines: Sequence[Line]) -> Iterator[_Raw]:
    """Yield lists whose items end in a count and a percentage, or the other way round."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line in [*lines, Line(-1, "end")]:
        item = _ITEM.match(line.text)
        if item:
            counted = (item["count"] or item["behind"], item["first"] or item["second"])
            rows.append((line.number, (item["label"].strip(" :*_-\u2013\u2014"), *counted)))
        elif line.text.strip():
            if len(rows) >= _LEAST_ITEMS:
                yield ("Answer", "Count", "%"), tuple(rows)
            rows = []


def _divided(rows: Sequence[tuple[int, tuple[str, ...]]]) -> _Raw:
    return (rows[0][1], tuple(rows[1:])) if rows else ((), ())


def _grids(lines: Sequence[str], taken: set[int]) -> Iterator[_Raw]:
    """Yield grid tables: cells of several lines are joined."""
    number = 0
    while number < len(lines):
        if not _GRID.match(lines[number]):
            number += 1
            continue
        rows: list[tuple[int, tuple[str, ...]]] = []
        held: list[list[str]] = []
        first = number
        while number < len(lines) and (
            _GRID.match(lines[number]) or lines[number].lstrip().startswith("|")
        ):
            taken.add(number)
            if _GRID.match(lines[number]):
                if held:
                    rows.append(
                        (first, tuple(" ".join(filter(None, c)) for c in zip(*held, strict=False)))
                    )
                held, first = [], number + 2
            else:
                held.append([cell.strip() for cell in lines[number].strip().strip("|").split("|")])
            number += 1
        yield _divided(rows)


def _simple(lines: Sequence[str], taken: set[int]) -> Iterator[_Raw]:
    """Yield simple tables, whose columns stand under their rules."""
    rules = [n for n, line in enumerate(lines) if _SIMPLE.match(line) and n not in taken]
    while len(rules) > 2:
        top, under, bottom = rules[0], rules[1], rules[2]
        spans = [(m.start(), m.end()) for m in re.finditer(r"=+", lines[top])]
        ends = [*(start for start, _ in spans[1:]), None]
        places = [(start, end) for (start, _), end in zip(spans, ends, strict=True)]
        rows = [
            (n + 1, tuple(lines[n][start:end].strip() for start, end in places))
            for n in (*range(top + 1, under), *range(under + 1, bottom))
            if lines[n].strip()
        ]
        taken.update(range(top, bottom + 1))
        yield _divided(rows)
        rules = rules[3:]


def _pipes(lines: Sequence[str], taken: set[int]) -> Iterator[_Raw]:
    """Yield tables of Markdown."""
    for number, line in enumerate(lines[:-1]):
        if number in taken or "|" not in line or not _RULE.match(lines[number + 1]):
            continue
        heading = _cells(line)
        rows = []
        for place in range(number + 2, len(lines)):
            if "|" not in lines[place]:
                break
            rows.append((place + 1, _cells(lines[place])))
        taken.update(range(number, number + 2 + len(rows)))
        yield heading, tuple(rows)


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(_MARKUP.sub("", cell).strip() for cell in re.split(r"(?<!\\)\|", inner))


def _list_tables(lines: Sequence[str], taken: set[int]) -> Iterator[_Raw]:
    """Yield tables written as lists of lists."""
    number = 0
    while number < len(lines):
        if not re.match(r"\s*\.\. list-table::", lines[number]):
            number += 1
            continue
        rows: list[tuple[int, list[str]]] = []
        number += 1
        while number < len(lines) and (not lines[number].strip() or lines[number][:1].isspace()):
            if start := re.match(r"\s+\* -\s?(.*)", lines[number]):
                rows.append((number + 1, [start[1].strip()]))
            elif rows and (more := re.match(r"\s+-\s?(.*)", lines[number])):
                rows[-1][1].append(more[1].strip())
            elif rows and lines[number].strip():
                rows[-1][1][-1] += f" {lines[number].strip()}"
            taken.add(number)
            number += 1
        yield _divided([(line, tuple(cells)) for line, cells in rows])


class _Reader(HTMLParser):
    """Collects tables and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[FoundTable] = []
        self.lines: list[Line] = []
        self.rows: list[tuple[int, list[str]]] | None = None
        self.skipped = 0
        self.section: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.skipped += 1
        elif tag == "table":
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append((self.getpos()[0], []))
        elif tag in ("td", "th") and self.rows:
            self.rows[-1][1].append("")
        elif tag in ("h1", "h2", "h3", "article", "section"):
            self.section = []
        if tag in _BLOCKS and self.rows is None:
            self.lines.append(Line(self.getpos()[0], ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.skipped -= 1
        elif tag == "table" and self.rows is not None:
            rows = [
                (n, tuple(" ".join(c.split()) for c in cells)) for n, cells in self.rows if cells
            ]
            if len(rows) > 1:
                self.tables.append(FoundTable(rows[0][1], tuple(rows[1:]), " ".join(self.section)))
            self.rows = None

    def handle_data(self, data: str) -> None:
        if self.skipped:
            return
        if self.rows is not None:
            if self.rows and self.rows[-1][1]:
                self.rows[-1][1][-1] += data
        else:
            self.section.append(data)
            last = self.lines[-1] if self.lines else Line(self.getpos()[0], "")
            joined = Line(last.number, f"{last.text} {data}".strip())
            self.lines[-1:] = [joined]


def _html(text: str) -> Document:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    prose = tuple(  # each block is a paragraph
        each for line in reader.lines if line.text for each in (line, Line(line.number, ""))
    )
    around = " ".join(line.text for line in prose if line.text)
    lists = [FoundTable(heading, rows, around) for heading, rows in _counted_lists(prose)]
    return Document(prose, (*reader.tables, *lists))
