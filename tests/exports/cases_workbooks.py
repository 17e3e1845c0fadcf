"""Cases of workbooks: what a spreadsheet made of cells, sheets and rows, and what it must not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from tests.exports.record_results import Case
from tests.exports.survey_files import COMPANY, MAIN

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = f"{_REL}/worksheet"
_STYLES = (
    f'<styleSheet {_MAIN}><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="0.00%"/><numFmt numFmtId="166" formatCode="0 &quot;days&quot;"/>'
    '<numFmt numFmtId="167" formatCode="[h]:mm"/><numFmt numFmtId="168" formatCode="General"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 22, 9, 164, 165, 166, 167, 168, 13, 23, 10, 27, 36, 37, 45, 47, 48, 50, 58, 59, 11))
    + "</cellXfs></styleSheet>"
)  # fmt: skip


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def _cell(text: str, column: int, row: int) -> str:
    """Return a cell; a text that begins with ``<`` is the inside of the element, as it is."""
    place = f'r="{_letters(column)}{row}"'
    if text.startswith("<c"):
        return text.replace("<c", f"<c {place}", 1)
    return f'<c {place} t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else ""


def _sheet(
    rows: Sequence[Sequence[str]], *, above: str = "", below: str = "", first: int = 1
) -> str:
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(t, at, number) for at, t in enumerate(row, start=1))}</row>'
        for number, row in enumerate(rows, start=first)
    )
    return f"<worksheet {_MAIN}>{above}<sheetData>{lines}</sheetData>{below}</worksheet>"


def _packed(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _book(
    *sheets: str,
    states: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    dates: str = "",
    shared: str = "",
) -> bytes:
    """Return a workbook of some sheets, of which some are hidden."""
    shown = [*states, *["visible"] * len(sheets)]
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" state="{shown[n - 1]}" r:id="rId{n}"/>'
        for n in range(1, len(sheets) + 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_TYPE}" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_REL}">{dates}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
        "xl/styles.xml": _STYLES,
        **({"xl/sharedStrings.xml": f"<sst {_MAIN}>{shared}</sst>"} if shared else {}),
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, start=1)},
    }
    return _packed({**parts, **(more or {})})


_LIKED, _STAGE = MAIN[0].index("WhatDoYouLikeMost"), MAIN[0].index("DeploymentStage")


def _with(
    cells: Sequence[str], at: int = _LIKED, rows: Sequence[Sequence[str]] = MAIN
) -> list[list[str]]:
    """Return rows with other cells in one column."""
    found = [[*row] for row in rows]
    for row, cell in zip(found[1:], cells, strict=False):
        row[at] = cell
    return found


def _number(value: str, style: int = 0, kind: str = "n") -> str:
    return f'<c t="{kind}" s="{style}"><v>{value}</v></c>'


def _formula(formula: str, value: str = "", kind: str = "str") -> str:
    return f'<c t="{kind}"><f>{formula}</f><v>{value}</v></c>'


_KEYS = _with([_number(row[0]) for row in MAIN[1:]], 0)
_DAYS = _with([_number(f"4322{n}.4375", 2) for n in range(1, 7)], 3)
_SI = "<si><t>one</t></si><si><r><t>two </t></r><r><t>parts</t></r><rPh><t>read</t></rPh></si><si><t/></si>"
_LISTED = tuple(
    map(MAIN[0].index, ("DeploymentStage", "DocsFeedback", "ComputeCores", "OrgSizeSydney"))
)
SHEETS = {
    "untouched": _book(_sheet(MAIN)),
    "numbers": _book(_sheet(_KEYS)),
    "times": _book(_sheet(_DAYS)),
    "times since 1904": _book(_sheet(_DAYS), dates='<workbookPr date1904="1"/>'),
    "times since 1904, true": _book(_sheet(_DAYS), dates='<workbookPr date1904="true"/>'),
    "times since 1904, false": _book(_sheet(_DAYS), dates='<workbookPr date1904="0"/>'),
    "numbers in texts": _book(_sheet(_with([_number(v) for v in ("1.0", "0.1", "1e3", "123456789012345", "1234567890123456", "-7")]))),
    "large numbers": _book(_sheet(_with([_number(v) for v in ("999999999999999", "1000000000000000", "1E+20", "1E+21", "1e999", "x")]))),
    "small numbers": _book(_sheet(_with([_number(v) for v in ("0.1234567890123456", "1e-7", "-0.5", "1.10", "007", "1234567890123456.5")]))),
    "days": _book(_sheet(_with([_number(v, 1) for v in ("43221", "43221.5", "0.5", "59", "60", "61")]))),
    "days at the edges": _book(_sheet(_with([_number(v, 4) for v in ("0", "-1", "2958465", "2958466", "1", "0.99999999")]))),
    "days since 1904": _book(_sheet(_with([_number(v, 4) for v in ("0", "59", "60", "1", "0.25", "40000.999995")])), dates='<workbookPr date1904="1"/>'),
    "percentages": _book(_sheet(_with([_number(v, s) for v, s in (("0.07", 3), ("0.075", 5), ("1", 11), ("0.123456789012345678", 3), ("x", 3), ("-0.5", 3))]))),
    **{
        f"formats from {first}": _book(_sheet(_with([_number("43221.25", s) for s in range(first, first + 6)])))
        for first in (0, 6, 12, 18)
    },
    "truth values": _book(_sheet(_with([_number(v, 0, "b") for v in ("1", "0", "true", "2")]))),
    "errors": _book(_sheet(_with([_number(v, 0, "e") for v in ("#REF!", "#N/A")], _STAGE))),
    "days as ISO": _book(_sheet(_with([_number(v, 0, "d") for v in ("2018-05-01T10:00:00Z", "2018-05-01", "10:00")]))),
    "days as ISO in times": _book(_sheet(_with([_number("2018-05-01T10:00:00", 0, "d")], 3))),
    "formulas": _book(_sheet(_with([_formula("1+1", "2"), _formula("A1", "x"), _formula("SUM($B$2)", "3", "n"), _formula("AB+C", "#NAME?", "e"), _formula("A2", "1", "s")])), shared=_SI),
    "shared texts": _book(_sheet(_with([_number(v, 0, "s") for v in ("0", "1", "2")])), shared=_SI),
    "shared texts beyond": _book(_sheet(_with([_number("3", 0, "s")])), shared=_SI),
    "shared texts below": _book(_sheet(_with([_number("-1", 0, "s")])), shared=_SI),
    "shared texts without any": _book(_sheet(_with([_number("0", 0, "s")]))),
    "escapes": _book(_sheet(_with(["a_x000D_b", "_x005F_x000D_", "_x0000_", "_xD83D__xDE00_", "_xD83D_", "_x00e9_"]))),
    "texts of the longest": _book(_sheet(_with(["x" * 32_766, "x" * 32_767, "x" * 32_768]))),
    "blanks around": _book(_sheet(_with(["  a ", "a\nb", "a\tb", "=1+1", "'a", '"a"']))),
    "merged cells": _book(_sheet(MAIN, below='<mergeCells><mergeCell ref="AA2:AB3"/></mergeCells>')),
    "merged cells, one": _book(_sheet(MAIN, below='<mergeCells><mergeCell ref="AA2:AA2"/><mergeCell ref="AA2"/></mergeCells>')),
    "merged cells, many": _book(_sheet(MAIN, below='<mergeCells><mergeCell ref="A1:CV100"/></mergeCells>')),
    "merged cells, too many": _book(_sheet(MAIN, below='<mergeCells><mergeCell ref="A1:CW100"/></mergeCells>')),
    "hidden columns": _book(_sheet(MAIN, above='<cols><col min="1" hidden="1"/><col min="2"/><col hidden="true"/></cols>')),
    "hidden rows": _book(_sheet(MAIN).replace('<row r="3"', '<row hidden="1" r="3"').replace('<row r="4"', '<row hidden="0" r="4"')),
    "rows without numbers": _book(_sheet(MAIN).replace('<row r="3"', "<row").replace('<row r="5"', '<row r="x"')),
    "rows apart": _book(_sheet(MAIN).replace('r="7"', 'r="17"').replace("7\"", "17\"")),
    "row zero": _book(_sheet(MAIN).replace('<row r="3"', '<row r="0"')),
    "a cell in row zero": _book(_sheet(MAIN).replace('r="A3"', 'r="A0"')),
    "a cell with a strange place": _book(_sheet(MAIN).replace('r="A3"', 'r="a3"').replace('r="B3"', 'r="AAAA3"')),
    "row too far": _book(_sheet(MAIN).replace('<row r="3"', '<row r="1048577"')),
    "cells without places": _book("".join(part for part in [f"<worksheet {_MAIN}><sheetData>", *["<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(t)}</t></is></c>' for t in row) + "</row>" for row in COMPANY], "</sheetData></worksheet>"])),
    "a cell far to the right": _book(_sheet(MAIN).replace("</row>", '<c r="XFD1"><v>1</v></c></row>', 1)),
    "a cell far below": _book(_sheet(MAIN, below="").replace("</sheetData>", '<row r="900000"><c r="A900000"><v>1</v></c></row></sheetData>')),
    "a cell beyond the sheet": _book(_sheet(MAIN).replace("</row>", '<c r="XFE1"><v>1</v></c></row>', 1)),
    "a row beyond the sheet": _book(_sheet(MAIN).replace("</row>", '<c r="A1048577"><v>1</v></c></row>', 1)),
    "a title above": _book(_sheet([["Export of 2018"], [], *MAIN])),
    "headings again": _book(_sheet([*MAIN[:4], MAIN[0], *MAIN[4:]])),
    "headings again, other order": _book(_sheet([*_with([_number("43221", 1)])[:4], MAIN[0][::-1], *[row[::-1] for row in _with(["", "", "", _number("43222", 1)])[4:]]])),
    "one cell more": _book(_sheet([*MAIN[:3], [*MAIN[3], "x"], *MAIN[4:]])),
    "two sheets with answers": _book(_sheet(MAIN), _sheet(MAIN)),
    "another sheet": _book(_sheet([["Notes"], ["about"]]), _sheet(MAIN)),
    "an empty sheet": _book(_sheet([]), _sheet(MAIN)),
    "a hidden sheet": _book(_sheet(MAIN), _sheet(MAIN), states=["visible", "hidden"]),
    "a very hidden sheet": _book(_sheet(MAIN), _sheet(MAIN), states=["veryHidden", "visible"]),
    "all sheets hidden": _book(_sheet(MAIN), states=["hidden"]),
    "seven sheets": _book(_sheet(MAIN), *[_sheet([["x"]])] * 6),
    "seven sheets, six hidden": _book(_sheet(MAIN), *[_sheet([["x"]])] * 6, states=["visible", *["hidden"] * 6]),
    "other workbooks": _book(_sheet(MAIN), more={"xl/externalLinks/externalLink1.xml": "<a/>"}),
    "macros": _book(_sheet(MAIN), more={"xl/vbaProject.bin": "x"}),
    "document type": _book(_sheet(MAIN).replace("<worksheet", "<!DOCTYPE a><worksheet", 1)),
    "broken xml": _book(_sheet(MAIN)[:-20]),
    "no styles": _book(_sheet(_DAYS), more={"xl/styles.xml": f"<styleSheet {_MAIN}/>"}),
    "an absolute target": _book(_sheet(MAIN), more={"xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{_TYPE}" Target="/xl/worksheets/sheet1.xml"/></Relationships>'}),
    "a target of another kind": _book(_sheet(MAIN), more={"xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Type="x/chartsheet" Target="worksheets/sheet1.xml"/></Relationships>'}),
    **{
        f"words for a blank in {columns} listed columns": _book(_sheet([MAIN[0], *[[cell or ("N/A" if at in (*_LISTED[:columns], 9, 15) else "") for at, cell in enumerate(row)] for row in MAIN[1:]]]))
        for columns in (1, 2, 3, 4)
    },
    "a company list": _book(_sheet(COMPANY)),
    "an xlsb": _packed({"xl/workbook.bin": "x"}),
    "a text document": _packed({"word/document.xml": "x"}),
    "an open text document": _packed({"content.xml": "x"}),
    "an archive": _packed({"a.txt": "x"}),
    "many parts": _packed({"xl/workbook.xml": "x", **{f"a{n}": "" for n in range(1_999)}}),
    "too many parts": _packed({"xl/workbook.xml": "x", **{f"a{n}": "" for n in range(2_000)}}),
    "parts that unfold": _packed({"xl/workbook.xml": "x", "a": "\0" * ((1 << 24) - 1)}),
}  # fmt: skip
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NS = 'xmlns:table="t" xmlns:office="o" xmlns:text="x"'


def open_workbook(
    rows: Sequence[Sequence[str]], *, extra: str = "", tables: int = 1, nested: str = ""
) -> bytes:
    """Return an OpenDocument workbook; a cell that begins with ``<`` stands as it is."""
    lines = "".join(
        f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>" for row in rows
    )
    table = f'<table:table table:name="S">{nested}{lines}{extra}</table:table>'
    content = f"<office:document-content {_NS}>{table * tables}</office:document-content>"
    return _packed({"mimetype": _ODS, "content.xml": content})


def _open_cell(text: str) -> str:
    if text.startswith("<"):
        return text
    return (
        f"<table:table-cell><text:p>{escape(text)}</text:p></table:table-cell>"
        if text
        else "<table:table-cell/>"
    )


def _typed(kind: str, value: str, name: str = "value", shown: str = "shown") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"><text:p>{shown}</text:p></table:table-cell>'


_P = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
_FAR = '<table:table-row table:number-rows-repeated="{}"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>'
OPEN = {
    "ods": open_workbook(MAIN),
    "ods, typed": open_workbook(_with([_typed("float", "9.0"), _typed("currency", "1E3"), _typed("percentage", "0.07"), _typed("string", "x"), _typed("boolean", "true", "boolean-value"), _typed("boolean", "false", "boolean-value")])),
    "ods, days": open_workbook(_with([_typed("date", d, "date-value") for d in ("2018-05-01T10:00:00.5", "2018-05-01", "2018-05-01T10:00:00Z")], 3)),
    "ods, texts": open_workbook(_with([_P.format('a<text:s text:c="3"/>b'), _P.format("a<text:s/>b"), _P.format("a<text:line-break/>b"), _P.format("a<text:tab/>b"), _P.format("a</text:p><text:p>b"), _P.format("<text:span>a</text:span>b")])),
    "ods, repeated rows": open_workbook([*MAIN[:2], *[["1001", "71", "", "2018-05-01 10:00:00"]]], extra=_FAR.format(3)),
    "ods, repeated cells": open_workbook([*MAIN[:2], ["1003", '<table:table-cell table:number-columns-repeated="2"><text:p>72</text:p></table:table-cell>', "2018-05-01 10:00:00"]]),
    "ods, covered cells": open_workbook([*MAIN[:2], ["1003", "<table:covered-table-cell/>", "b", "2018-05-01 10:00:00"]]),
    "ods, blank rows by the million": open_workbook(MAIN, extra='<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row>'),
    "ods, ten thousand rows": open_workbook(COMPANY, extra=_FAR.format(10_000)),
    "ods, more rows": open_workbook(COMPANY, extra=_FAR.format(10_001)),
    "ods, more cells": open_workbook([*COMPANY, ['<table:table-cell table:number-columns-repeated="10001"><text:p>x</text:p></table:table-cell>']]),
    "ods, ten thousand cells": open_workbook([*COMPANY, ['<table:table-cell table:number-columns-repeated="10000"><text:p>x</text:p></table:table-cell>']]),
    "ods, counts that are none": open_workbook([*COMPANY, ["7", '<table:table-cell table:number-columns-repeated="x"><text:p>x</text:p></table:table-cell>', '<table:table-cell table:number-columns-repeated="999999999"><text:p>y</text:p></table:table-cell>']]),
    "ods, rows above": open_workbook([["Export"], [], *MAIN]),
    "ods, two sheets": open_workbook(MAIN, tables=2),
    "ods, an inner table": open_workbook(MAIN, nested='<table:table table:name="in"><table:table-row/></table:table>'),
    "ods, empty": open_workbook([]),
    "ods, encrypted": _packed({"mimetype": _ODS, "content.xml": "x", "META-INF/manifest.xml": "<encryption-data/>"}),
    "ods, broken": _packed({"mimetype": _ODS, "content.xml": "<a>"}),
}  # fmt: skip
CASES = [Case(name, data, "book.xlsx") for group in (SHEETS, OPEN) for name, data in group.items()]
