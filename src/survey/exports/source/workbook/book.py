"""A workbook's sheets, shared texts and number formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from posixpath import join, normpath

from survey.dataclass import dataclass
from survey.exports.export import Issue
from survey.exports.source.raw_file import Raw, fault
from survey.exports.source.workbook.open_document import read_open_document
from survey.exports.source.workbook.package import Events, Package, Start
from survey.exports.source.workbook.sheet import Book, SheetPage, read_sheet
from survey.exports.source.workbook.values import Format

__all__ = ["read_sheets"]

_WORKSHEET = "/worksheet"
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_BUILT_IN_PERCENTAGES = {9, 10}


def read_sheets(raw: Raw) -> tuple[SheetPage, ...]:
    """Return the sheets of a workbook that are not hidden.

    Raises
    ------
    ExportError
        If it cannot be read safely, or a cell stands far from all others.
    """
    package = Package.of(raw)
    if package.is_open_document:
        return read_open_document(package)
    outline = _Outline.of(package)
    shown = [sheet for sheet in outline.sheets if sheet.shown]
    if not shown:
        hint = "show the sheet with the export and save the workbook again"
        raise fault(raw.name, "a workbook without a visible sheet", "a sheet of an export", hint)
    book = Book(raw.name, _shared_texts(package), _formats(package), outline.since_1904)
    notes = tuple(_notes(package, outline.sheets))
    return tuple(
        read_sheet(package, sheet.part, book, (*notes, *_others(raw.name, sheet, shown)))
        for sheet in shown
    )


@dataclass(frozen=True)
class _Sheet:
    title: str
    part: str
    shown: bool


@dataclass
class _Outline:
    """What ``workbook.xml`` says."""

    sheets: list[_Sheet] = field(default_factory=list)
    since_1904: bool = False

    @classmethod
    def of(cls, package: Package) -> _Outline:
        target: dict[str, tuple[str, str]] = {}
        outline = cls()

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                kind, path = attributes.get("Type", ""), attributes.get("Target", "")
                target[attributes.get("Id", "")] = (kind, path)

        def part(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                outline.since_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet":
                key = next((value for key, value in attributes.items() if key.endswith(" id")), "")
                kind, path = target.get(key, ("", ""))
                found = path.lstrip("/") if path.startswith("/") else normpath(join("xl", path))
                if kind.endswith(_WORKSHEET) and found in package.parts:
                    shown = attributes.get("state", "visible") == "visible"
                    outline.sheets.append(_Sheet(attributes.get("name", ""), found, shown))

        if "xl/_rels/workbook.xml.rels" in package.parts:
            package.parse("xl/_rels/workbook.xml.rels", _starts(relation))
        package.parse("xl/workbook.xml", _starts(part))
        return outline


def _starts(start: Start) -> Events:
    return Events(start, lambda name: None, lambda text: None)


def _notes(package: Package, sheets: Sequence[_Sheet]) -> Iterator[Issue]:
    hidden = [sheet.title for sheet in sheets if not sheet.shown]
    if hidden:
        message = f"{len(hidden)} hidden sheet(s) are not read: {', '.join(map(repr, hidden[:5]))}"
        yield Issue(package.name, 1, "", "hidden sheet", message, 0)
    if any(part.startswith("xl/externalLinks/") for part in package.parts):
        message = "the workbook refers to other files; nothing is fetched from them"
        yield Issue(package.name, 1, "", "external link", message, 0)


def _others(name: str, sheet: _Sheet, shown: Sequence[_Sheet]) -> Iterator[Issue]:
    others = [each.title for each in shown if each is not sheet]
    if others:
        message = f"sheet {sheet.title!r} is read, the others are not: " + ", ".join(
            map(repr, others[:5])
        )
        yield Issue(name, 1, "", "other sheet", message, 0)


def _shared_texts(package: Package) -> list[str]:
    """Return the texts that cells refer to by number; readings beside them are no part of them."""
    texts: list[str] = []
    state = {"text": False, "reading": False}
    pieces: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            state["reading"] = True
        elif name == "t":
            state["text"] = not state["reading"]

    def end(name: str) -> None:
        if name == "si":
            texts.append("".join(pieces))
        elif name == "rPh":
            state["reading"] = False
        elif name == "t":
            state["text"] = False

    def text(data: str) -> None:
        if state["text"]:
            pieces.append(data)

    if "xl/sharedStrings.xml" in package.parts:
        package.parse("xl/sharedStrings.xml", Events(start, end, text))
    return texts


def _formats(package: Package) -> list[Format]:
    """Return how each cell style shows numbers."""
    custom: dict[int, Format] = {}
    formats: list[Format] = []
    inside = {"styles": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            custom[_whole(attributes.get("numFmtId"))] = Format.of(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            inside["styles"] = True
        elif name == "xf" and inside["styles"]:
            number = _whole(attributes.get("numFmtId"))
            formats.append(custom.get(number) or _built_in(number))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside["styles"] = False

    if "xl/styles.xml" in package.parts:
        package.parse("xl/styles.xml", Events(start, end, lambda text: None))
    return formats


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _built_in(number: int) -> Format:
    if number in _BUILT_IN_DATES:
        return Format.DATE
    return Format.PERCENT if number in _BUILT_IN_PERCENTAGES else Format.PLAIN
