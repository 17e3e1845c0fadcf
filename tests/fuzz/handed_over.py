"""What people and programs do with an export before they hand it over.

Each operator takes the cells of a sound export and returns a file, with what it may have
changed: columns, records, and whether a person who looks at the file could still tell every
answer and the edition. What an operator does not name must come out as it was.
"""

from __future__ import annotations

import csv
import html
import io
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pandas as pd

from survey.codebook import read_codebook

__all__ = ["OFFICE", "OPERATORS", "TIMES", "Handed", "Rows", "closed_headings"]

Rows = list[list[str]]
TIMES = ("Created", "LastEdited")
KEYS = ("SurveyID", "CreatedByID", "DeploymentID")
_FORM = "%Y-%m-%d %H:%M:%S"
_ALPHABETS = "αβγ абв 日本語 한국어 עברית العربية ไทย 🙂 e\u0301 \u200b\u00a0 ﬀ Ⅷ ½ \U00020000"


@dataclass
class Handed:
    """A file that was handed over.

    ``columns`` are headings whose cells may have changed, ``records`` places of rows (from 1)
    that may have; ``lost`` are headings that the file no longer has. ``rows`` are the records
    of all editions in it. ``tellable`` is False where nobody could tell all answers.
    """

    data: bytes
    rows: list[tuple[str, Rows]]
    suffix: str = ".csv"
    columns: set[str] = field(default_factory=set)
    records: set[int] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    tellable: bool = True
    coarse: bool = False


Operator = Callable[[str, Rows, Callable[[str], Rows], Random], Handed]


def written(rows: Rows, delimiter: str = ",", end: str = "\n", *, quote: bool = False) -> bytes:
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return buffer.getvalue().encode()


def _copy(rows: Rows) -> Rows:
    return [list(row) for row in rows]


def _column(rows: Rows, heading: str, change: Callable[[str], str]) -> None:
    at = rows[0].index(heading)
    for row in rows[1:]:
        row[at] = change(row[at]) if row[at] else ""


@cache
def closed_headings() -> frozenset[str]:
    """Return the headings of closed questions, in whose answers spelling makes no difference."""
    return frozenset(
        heading
        for edition in read_codebook()
        for question in edition.questions
        if question.kind.closed
        for heading in (question.heading, *question.flat_headings, *question.matrix_headings)
    ) | frozenset(KEYS)


def _texts(rows: Rows) -> set[str]:
    """Headings of free text: long cells, or many different ones."""
    names = {
        "FirstName",
        "Surname",
        "Organization",
        "Label",
        "WhatDoYouLikeMost",
        "NetPromoterReason",
    }
    return {h for h in rows[0] if h in names or "Other" in h or "Feedback" in h or "Further" in h}


# Encodings and separators


def separators(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    delimiter, end = chance.choice([",", ";", "\t"]), chance.choice(["\n", "\r\n", "\r\r\n"])
    data = written(rows, delimiter, end, quote=chance.random() < 0.4)
    top = chance.choice([b"", b"sep=" + delimiter.encode() + b"\r\n", b"\xef\xbb\xbf"])
    return Handed(top + data, [(edition, rows)])


def encodings(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    code = chance.choice(["cp1252", "utf-16", "utf-8-sig", "utf-16-le with mark"])
    text = written(rows).decode()
    if code == "utf-16-le with mark":
        return Handed(b"\xff\xfe" + text.encode("utf-16-le"), [(edition, rows)])
    if code == "cp1252":
        narrow = text.encode("cp1252", "replace").decode("cp1252")
        again = list(csv.reader(io.StringIO(narrow, newline="")))
        return Handed(narrow.encode("cp1252"), [(edition, again)], columns=_texts(rows))
    return Handed(text.encode(code), [(edition, rows)])


# Spreadsheets and pandas


def excel_times(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    forms = (
        "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S+03", "%m/%d/%y %I:%M %p", "%d-%b-%y %H:%M", "%Y/%m/%d %H:%M:%S",
        "%d %B %Y %H:%M", "%Y-%m-%d",
    )  # fmt: skip
    form, rows = chance.choice(forms), _copy(rows)
    for heading in TIMES:
        _column(rows, heading, lambda text: datetime.strptime(text, _FORM).strftime(form))
    return Handed(written(rows), [(edition, rows)], columns=set(TIMES))


def decimals(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    for at in range(len(rows[0])):
        cells = [row[at] for row in rows[1:] if row[at]]
        if cells and all(cell.isdecimal() for cell in cells) and chance.random() < 0.7:
            _column(changed, rows[0][at], lambda text: f"{text}.0")
    return Handed(written(changed), [(edition, rows)], columns=_texts(rows))


def truth_values(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    yes = chance.choice(["TRUE", "True", "WAHR", "VRAI"])
    for at, heading in enumerate(rows[0]):
        if {row[at] for row in rows[1:]} <= {"", "1"}:
            _column(changed, heading, lambda text: yes)
    return Handed(written(changed), [(edition, rows)], columns=_texts(rows))


def number_forms(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    form: Callable[[str], str] = chance.choice(
        [lambda t: f"{int(t):,}", lambda t: f"000{t}", lambda t: f"'{t}", lambda t: f" {t} ",
         lambda t: f"{int(t):,}".replace(",", "\u202f")]
    )  # fmt: skip
    for heading in chance.sample(KEYS, chance.randrange(1, 4)):
        _column(changed, heading, form)
    return Handed(written(changed), [(edition, rows)])


def scientific(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    digits = chance.choice([2, 6, 8])
    for heading in KEYS:
        _column(changed, heading, lambda text: f"{float(text):.{digits}E}")
    return Handed(written(changed), [(edition, rows)], tellable=digits > 5, columns={"CreatedByID"})


def pandas_csv(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    frame = pd.read_csv(io.BytesIO(written(rows)), keep_default_na=False, na_values=[""])
    word = chance.choice(["", "", "NA", "nan", "NULL"])
    data = frame.to_csv(index=chance.random() < 0.5, na_rep=word).encode()
    either = {"CountriesPhysicalLocation"} if word == "NA" else set()
    return Handed(data, [(edition, rows)], columns=_texts(rows) | either)


def typed_workbook(
    edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random
) -> Handed:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    page.append(rows[0])
    typed = chance.random() < 0.7
    for row in rows[1:]:
        page.append([_typed(text) if typed else _clean(text) or None for text in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return Handed(buffer.getvalue(), [(edition, rows)], ".xlsx", _texts(rows))


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " and c != "\ufffe").lstrip("=")


def _typed(text: str) -> Any:
    if text.isdecimal() and len(text) < 15 and str(int(text)) == text:
        return int(text)
    try:
        return datetime.strptime(text, _FORM)
    except ValueError:
        return _clean(text) or None


def resaved(kind: str) -> Operator:
    """Return what LibreOffice makes of an export that it opens and saves."""

    def operator(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
        import tempfile

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "in.csv").write_bytes(written(rows))
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                       "--infilter=CSV:44,34,76,1", "--convert-to", kind, "--outdir",
                       str(folder / "out"), str(folder / "in.csv")]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            path = next((folder / "out").iterdir())
            columns = _texts(rows)
            return Handed(path.read_bytes(), [(edition, rows)], path.suffix, columns, coarse=True)

    return operator


# Several files, lines that are no records


def joined(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    second = chance.choice([e for e in ("2020", "2021", "2022", "2023", "2024") if e != edition])
    below = other(second)
    heading = chance.random() < 0.6
    part = _copy(below)
    if heading and chance.random() < 0.5:
        order = list(range(len(part[0])))
        chance.shuffle(order)
        part = [[row[at] for at in order] for row in part]
    mark = chance.choice([b"", b"\xef\xbb\xbf"]) if heading else b""
    data = written(rows) + mark + written(part if heading else part[1:])
    told = heading or rows[0] == below[0]
    return Handed(data, [(edition, rows), (second, below)], tellable=told)


def divided_and_joined(
    edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random
) -> Handed:
    half = len(rows) // 2
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    below = [[row[at] for at in order] for row in [rows[0], *rows[half:]]]
    return Handed(written(rows[:half]) + written(below), [(edition, rows)])


def remarks(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    width, below = len(rows[0]), []
    for _ in range(chance.randrange(1, 4)):
        line = chance.choice([[], ["Total", str(len(rows) - 1)], ["Source: survey"],
                              [str(len(rows) - 1)], [str(len(rows) - 1)] * width,
                              ["", "Mean", "7.9"], ["=SUM(A2:A99)"]])  # fmt: skip
        below.append([*line, *[""] * (width - len(line))])
    above = [["Survey 2024", *[""] * (width - 1)]] if chance.random() < 0.4 else []
    return Handed(written([*above, *rows, *below]), [(edition, rows)])


def returns(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    sound, lines = _copy(rows), []
    text_at = [rows[0].index(h) for h in ("WhatDoYouLikeMost", "FurtherEnhancement", "Surname")]
    padded, touched = chance.random() < 0.5, set()
    for number, row in enumerate(sound):
        if not number or chance.random() > 0.2:
            lines.append(row)
            continue
        at = chance.choice(text_at)
        touched.add(number)
        row[at] = "one\rtwo"
        parts = [[*row[:at], "one"], ["two", *row[at + 1 :]]]
        lines += [[*p, *[""] * (len(row) - len(p))] if padded else p for p in parts]
    return Handed(written(lines), [(edition, sound)], records=touched)


# Columns and headings


def heading_spellings(
    edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random
) -> Handed:
    changes: list[Callable[[str], str]] = [
        str.upper, str.lower, html.escape, lambda h: h.replace(" ", "\u00a0"), lambda h: f" {h} ",
        lambda h: h.replace("-", "\u2013"), lambda h: h.replace(" ", "\n"), lambda h: f"\ufeff{h}",
        lambda h: h.replace(" ", "_"), lambda h: h.replace(" - ", " \u2014 "),
        lambda h: h.replace(" ", "  "),
    ]  # fmt: skip
    share = chance.choice([0.02, 0.3, 1.0])
    top = [chance.choice(changes)(h) if chance.random() < share else h for h in rows[0]]
    return Handed(written([top, *rows[1:]]), [(edition, rows)])


def headings_cut(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    length = chance.choice([24, 31, 40, 63])
    top = [heading[:length] for heading in rows[0]]
    doubled = {h for h in rows[0] if top.count(h[:length]) > 1}
    alike = bool(doubled & set(top))  # a cut heading is now that of another column
    return Handed(written([top, *rows[1:]]), [(edition, rows)], lost=doubled, tellable=not alike)


def headings_lost(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    safe = [h for h in rows[0] if h not in KEYS and h not in TIMES]
    lost = set(chance.sample(safe, chance.randrange(1, 9)))
    way = chance.choice(["dropped", "renamed", "translated"])
    if way == "dropped":
        keep = [at for at, h in enumerate(rows[0]) if h not in lost]
        return Handed(
            written([[row[at] for at in keep] for row in rows]), [(edition, rows)], lost=lost
        )
    words = (
        ["Frage", "Réponse", "質問", "Вопрос"] if way == "translated" else ["Q", "Column", "new"]
    )
    top = [f"{chance.choice(words)} {at}" if h in lost else h for at, h in enumerate(rows[0])]
    return Handed(written([top, *rows[1:]]), [(edition, rows)], lost=lost)


def columns_added(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(changed[0]) + 1)
        heading = chance.choice(["", "Notes", "Unnamed: 0", "Checked by", "Notes"])
        fill = chance.choice(["", "x", "ok"])
        for number, row in enumerate(changed):
            row.insert(at, fill if number else heading)
    if chance.random() < 0.3:
        changed = [[*row, "", ""] for row in changed]
    return Handed(written(changed), [(edition, rows)])


def reordered(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    order, records = list(range(len(rows[0]))), rows[1:]
    chance.shuffle(order)
    records = chance.sample(records, len(records))
    if chance.random() < 0.5:
        records = records + chance.sample(records, 2)
    return Handed(
        written([[row[at] for at in order] for row in [rows[0], *records]]), [(edition, rows)]
    )


# Characters


def characters(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    for _ in range(20):
        row = chance.choice(changed[1:])
        at = rows[0].index(chance.choice(sorted(_texts(rows))))
        row[at] = "".join(chance.sample(_ALPHABETS, 9)).strip()
    return Handed(written(changed), [(edition, changed)])


def invisible(edition: str, rows: Rows, other: Callable[[str], Rows], chance: Random) -> Handed:
    changed = _copy(rows)
    closed = [h for h in rows[0] if h not in _texts(rows) and h not in TIMES]
    for heading in chance.sample(closed, 30):
        mark = chance.choice(["\ufeff", "\u200b", "\u00a0", "\u2060", " ", "\u00ad"])
        before = chance.random() < 0.5
        _column(changed, heading, lambda t, m=mark, b=before: m + t if b else t + m)  # type: ignore[misc]
    return Handed(written(changed), [(edition, rows)], columns=set(closed) - closed_headings())


OPERATORS: Mapping[str, Operator] = {
    function.__name__.replace("_", " "): function
    for function in (
        separators, encodings, excel_times, decimals, truth_values, number_forms, scientific,
        pandas_csv, typed_workbook, joined, divided_and_joined, remarks, returns, heading_spellings,
        headings_cut, headings_lost, columns_added, reordered, characters, invisible,
    )
}  # fmt: skip
OFFICE: Mapping[str, Operator] = {
    f"LibreOffice {kind}": resaved(kind) for kind in ("xlsx", "ods", "csv")
}
