"""Cases of encoding, delimiters, quotes and line ends."""

from __future__ import annotations

import codecs

from tests.exports.record_results import Case
from tests.exports.survey_files import COMPANY, MAIN, put, text, without

_TEXT = "WhatDoYouLikeMost"
_PLAIN = text(MAIN)
_WIDTH = len(MAIN[0])
_ASCII = text(put(MAIN, {(4, "Organization"): "Zoe", (3, "OrgSizeSydney"): ""}))


def _said(*texts: str) -> bytes:
    """Return the file with free texts in its records."""
    return text(put(MAIN, {(number, _TEXT): each for number, each in enumerate(texts, start=1)}))


def _with_cell(cell: bytes, number: int = 2, base: bytes = _PLAIN) -> bytes:
    """Return the file with a cell in the first free text, written as it is."""
    lines = base.split(b"\n")
    cells = lines[number].split(b",")
    cells[MAIN[0].index(_TEXT)] = cell
    lines[number] = b",".join(cells)
    return b"\n".join(lines)


def _twice(data: bytes, encoding: str = "cp1252") -> bytes:
    return data.decode().encode().decode(encoding).encode()


ENCODINGS = {
    "untouched": _PLAIN,
    "byte order mark": codecs.BOM_UTF8 + _PLAIN,
    "two byte order marks": codecs.BOM_UTF8 * 2 + _PLAIN,
    "byte order mark and bad byte": codecs.BOM_UTF8 + _with_cell(b"\xff"),
    "utf-16 little with mark": codecs.BOM_UTF16_LE + _PLAIN.decode().encode("utf-16-le"),
    "utf-16 big with mark": codecs.BOM_UTF16_BE + _PLAIN.decode().encode("utf-16-be"),
    "utf-16 little without mark": _PLAIN.decode().encode("utf-16-le"),
    "utf-16 big without mark": _PLAIN.decode().encode("utf-16-be"),
    "utf-16 cut in the midst of a character": codecs.BOM_UTF16_LE
    + _PLAIN.decode().encode("utf-16-le")[:-1],
    "utf-16 without mark, odd": _PLAIN.decode().encode("utf-16-le")[:-1],
    "windows-1252": _PLAIN.decode().encode("cp1252"),
    "windows-1252 without a listed text": _with_cell(b"caf\xe9", base=_ASCII),
    "windows-1252 and utf-8 in other lines": _with_cell(b"caf\xe9"),
    "windows-1252 that looks like utf-8 once": _with_cell(b"\xc3\xa9 \xe9 \xe8 \xe7", base=_ASCII),
    "as many good as broken": _with_cell(b"\xc3\xa9 \xe9", base=_ASCII),
    "a control character and a broken byte": _with_cell(b"\xc2\x80 \xe9", base=_ASCII),
    "windows-1252 in the first byte": b"\xa0" + _ASCII,
    "cut in the midst of a character": _PLAIN + b"1009,\xc3",
    "cut in the midst of its only character": _ASCII + b"1009,\xe2\x80",
    "undefined in windows-1252": _with_cell(b"\x81", base=_ASCII),
    "broken utf-8": _with_cell(b"\xc3("),
    "nul byte": _with_cell(b"a\0b"),
    "end of file mark of DOS": _PLAIN + b"\x1a",
    "emoji": _said("good \U0001f600", "日本語"),
    "encoded twice": _twice(_said("it’s fine", "Zoë")),
    "encoded twice, latin-1": _twice(
        _said("it’s fine", "Zoë").replace(b"\xe2\x80\x99", b"'"), "latin-1"
    ),
    "encoded twice, one short run": _twice(_with_cell("é".encode(), base=_ASCII)),
    "encoded twice, one run of two people": _twice(
        _with_cell("é".encode(), 5, _with_cell("é".encode(), 4, _ASCII))
    ),
    "encoded twice, two runs of two people": _twice(
        _with_cell("é".encode(), 5, _with_cell("ü".encode(), 4, _ASCII))
    ),
    "encoded twice, two runs of one person": _twice(_with_cell("é ü".encode(), 5, _ASCII)),
    "encoded twice, one long run": _twice(_with_cell("’".encode(), base=_ASCII)),
    "encoded twice, one of two characters": _twice(_with_cell("éü".encode(), base=_ASCII)),
    "a quotation mark behind a letter": _with_cell("privé »".encode(), base=_ASCII),
    "in doubt on two lines": _said("ZoÃ«", "it was Ã¼ber"),
    "in doubt, four bytes": _said("Ã°Å¸Ëœâ‚¬", "Zoë"),
    "in doubt twice on a line": _said("ZoÃ« Ã©", "Zoë"),
    "empty": b"",
    "blank": b" \n\n",
    "gzip": b"\x1f\x8b\x08abc",
    "pdf": b"%PDF-1.7\n",
    "parquet": b"PAR1....",
    "sqlite": b"SQLite format 3\0",
    "web page": b"<!DOCTYPE html><html></html>",
    "table of a web page, capital letters": b"  <TABLE><tr></tr></TABLE>",
    "xml with mark": codecs.BOM_UTF8 + b"<?xml version='1.0'?>",
    "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
    "encrypted workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + "EncryptedPackage".encode("utf-16-le"),
    "no workbook in the archive": b"PK\x03\x04" + bytes(20),
}
DELIMITERS = {
    "semicolons": text(MAIN, ";"),
    "tabs": text(MAIN, "\t"),
    "bars": text([[cell.replace("|", "/") for cell in row] for row in MAIN], "|"),
    "colons": text(MAIN, ":"),
    "separator line": b"sep=;\n" + text(MAIN, ";"),
    "separator line in quotes": b'"sep=,"\r\n' + _PLAIN,
    "separator line with delimiters": b"SEP=;;;\n" + text(MAIN, ";"),
    "separator line that is none": b"separator=;\n" + text(MAIN, ";"),
}
LINE_ENDS = {
    "carriage return and line feed": text(MAIN, end="\r\n"),
    "two carriage returns": text(MAIN, end="\r\r\n"),
    "three carriage returns": text(MAIN, end="\r\r\r\n"),
    "carriage returns alone": text(MAIN, end="\r"),
    "a carriage return on one line": _PLAIN.replace(b"Nothing", b"Nothing").replace(
        b"No current plans\n", b"No current plans\r\n"
    ),
    "a carriage return on half of the lines": _PLAIN.replace(b"\n", b"\r\n", 4),
    "a carriage return below the headings": _PLAIN.replace(b"\n", b"\r\n").replace(
        b"\r\n", b"\n", 1
    ),
    "a carriage return on most lines": _PLAIN[::-1].replace(b"\n", b"\n\r", 5)[::-1],
    "a carriage return in a cell": _said("one\rtwo", "end\r"),
    "no line end": _PLAIN[:-1],
    "no line end, irregular last line": _PLAIN + b"1009,76",
    "no line end, irregular line before": _PLAIN.replace(b"\n1008,", b"\n1007,1\n1008,")[:-1],
    "blank lines": _PLAIN.replace(b"\n1003", b"\n\n1003").replace(b"\n1006", b"\n\n\n1006") + b"\n",
    "a line of blanks": _PLAIN.replace(b"\n1003", b"\n  \n1003"),
    "a line of delimiters": _PLAIN.replace(b"\n1003", b"\n" + b"," * (_WIDTH - 1) + b"\n1003"),
    "headings alone": text(MAIN[:1]),
    "headings alone, no line end": text(MAIN[:1])[:-1],
    "headings and one record": text(MAIN[:2]),
}
QUOTES = {
    "every cell quoted": b"".join(
        b",".join(b'"' + cell.encode() + b'"' for cell in row) + b"\n" for row in MAIN
    ),
    "headings quoted": b",".join(b'"' + cell.encode() + b'"' for cell in MAIN[0])
    + b"\n"
    + text(MAIN[1:]),
    "doubled quotes": _said('say "hi"', '"', '""', 'end"', '"begin'),
    "quoted comma": _with_cell(b'"a, b"'),
    "quoted line feed": _with_cell(b'"a\nb"'),
    "quoted line feeds": _with_cell(b'"a\n\nb\n"'),
    "quoted line feed and number": _with_cell(b'"a\n17,b"'),
    "quoted line feed and as many cells": _with_cell(b'"a\n' + b"x," * (_WIDTH - 1) + b'b"'),
    "quoted line feed and one cell less": _with_cell(b'"a\n' + b"x," * (_WIDTH - 2) + b'b"'),
    "quoted carriage return": _with_cell(b'"a\rb"'),
    "quoted empty": _with_cell(b'""'),
    "quote at the beginning": _with_cell(b'"a'),
    "quote at the end": _with_cell(b'a"'),
    "quote in the midst": _with_cell(b'a"b'),
    "two quotes in the midst": _with_cell(b'a"b"c'),
    "text behind a quote": _with_cell(b'"a"b'),
    "blank behind a quote": _with_cell(b'"a" '),
    "blank before a quote": _with_cell(b' "a"'),
    "three quotes": _with_cell(b'"""'),
    "quote swallows a record": _with_cell(b'"a', 2, _with_cell(b'b"', 3)),
    "quote swallows two records": _with_cell(b'"a', 2, _with_cell(b'b"', 4)),
    "escaped quotes": _with_cell(b'"the \\"x\\" family"'),
    "escaped and doubled quotes": _with_cell(
        b'"the \\"x\\" family"', 2, _with_cell(b'"a ""b"""', 5)
    ),
    "backslash before a quote in the exporter's way": _with_cell(b'"a\\""b"'),
    "escaped quote that does not help": _with_cell(b'"the \\"x\\" family', 2),
    "quote in the headings": _PLAIN.replace(b"Created,", b'Cre"ated,', 1),
    "quote left open in the headings": _PLAIN.replace(b"Created,", b'"Created,', 1),
    "line feed in a heading": _PLAIN.replace(b"FirstName,", b'"First\nName",', 1),
    "quote on a line below blank ones": b"\n\n" + _with_cell(b'a"b', 5),
    "quote with a separator line": b"sep=,\n" + _with_cell(b'a"b', 5),
    "quoted with tabs": text(put(MAIN, {(1, _TEXT): 'say "hi"'}), "\t"),
    "formula at the beginning": _said("=1+1", "+49", "@x", "-"),
    "quoted last cell": _PLAIN.replace(b"No current plans\n", b'"No current plans"\n'),
    "quoted last cell with carriage return": text(MAIN, end="\r\n").replace(
        b"No current plans\r", b'"No current plans"\r'
    ),
    "quoted last cell, two carriage returns": text(MAIN, end="\r\r\n").replace(
        b"No current plans\r", b'"No current plans"\r'
    ),
    "first cell quoted": _PLAIN.replace(b"\n1003,", b'\n"1003",'),
}
OTHER = {
    "company list": text(COMPANY),
    "company list, windows-1252": text(COMPANY).replace(b"Probe", b"Caf\xe9"),
    "company list with semicolons": text(COMPANY, ";"),
    "company list, no addresses": text(without(COMPANY, "Email")),
    "company list, other order": text([[row[2], row[0], row[1]] for row in COMPANY]),
    "company list, bad number": text([*COMPANY, ["x", "y", "z"]]),
    "company list, one cell more": text([*COMPANY, ["1009", "y", "z", "w"]]),
    "company list, one cell less": text([*COMPANY, ["1009", "y"]]),
    "bytes of nothing": b"abc",
    "one heading": b"SurveyID\n1\n",
    "numbers for headings": text(MAIN[1:]),
    "counts": b"Question,0,1,2\nA,1,2,3\n",
    "company data": b"Org,Creation,Edited,Link\na,b,c,d\n",
    "other headings": b"Name,Colour,Email addres\na,b,c\n",
    "nearly the headings": b"SurveyId,Emial,Creatd,LastEditd,Languag\n1,a,b,c,d\n",
    "long headings": b"SurveyID," + b"x" * 200 + b"\n1,2\n",
    "headings of 199 letters": b"SurveyID," + b"x" * 199 + b"\n1,2\n",
}
CASES = [
    Case(name, data)
    for group in (ENCODINGS, DELIMITERS, LINE_ENDS, QUOTES, OTHER)
    for name, data in group.items()
] + [
    Case("unknown edition", _PLAIN, edition="2031"),
    Case("nearly a known edition", _PLAIN, edition="20018"),
    Case("another edition", _PLAIN, edition="2019"),
    Case("named edition", _PLAIN, edition="2018"),
    Case("edition of the old survey", _PLAIN, edition="2014"),
    Case("no edition and no times", text(without(MAIN, "Created", "LastEdited"))),
]
