"""Functions of the room with inputs on either side of every limit: what they return is recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from survey.codebook import Band, Choice, Kind, Question, Unit, read_codebook
from survey.exports.drafting.choice_order import as_bands, in_order, round_bands
from survey.exports.few_texts import FewTexts
from survey.exports.layouts.heading_plan import common_share, joiner, known_share
from survey.exports.layouts.numbers import Numbers, band_of, whole
from survey.exports.layouts.table_cells import Spellings
from survey.exports.parse.line_ends import record_stops, returns_in_blocks, usual_returns
from survey.exports.parse.record_blocks import read_records
from survey.exports.realign.realign import begun_after
from survey.exports.recognise.quotable import quotable, too_long
from survey.exports.recognise.record_editions import Stamps, Stretches
from survey.exports.repair.record_numbers import whole_number
from survey.exports.source.mojibake import doubtful_lines, undo_double_encoding
from survey.exports.source.workbook.sheet import column_letters, column_number
from survey.exports.source.workbook.values import Format, number_text, unescaped
from survey.exports.spelling import (
    folded,
    snake_case,
    spaceless,
    unnumbered,
    unwrapped,
    visible,
    with_dots,
)
from survey.exports.splitting import Splitter, spellings
from survey.exports.text_table import (
    TextTable,
    by_text,
    distinct,
    holds_any,
    holds_pattern,
    smallest,
)
from survey.exports.times import Calendar, looks_like_time, moment
from tests.exports.record_results import digest

_TIMES = (
    "2018-05-01 10:00:07", "2018-5-1", "2018/05/01", "2018.05.01", "2018 05 01", "2018-05/01",
    "2018-13-01", "2018-05-32", "2018-02-29", "2020-02-29", "18-05-01", "2018-05-01T10:00", "2018-05-01T10:00Z",
    "2018-05-01_10:00", "2018-05-01-10:00", "2018-05-01, 10:00", "2018-05-01 10h30", "2018-05-01 10h30m15",
    "2018-05-01 24:00", "2018-05-01 23:59:59", "2018-05-01 10:60", "2018-05-01 10:00:60", "2018-05-01 9:05",
    "2018-05-01 12:00 AM", "2018-05-01 12:00 pm", "2018-05-01 1:00 p.m.", "2018-05-01 1:00 a. m.", "2018-05-01 0:30 AM",
    "2018-05-01 13:00 PM", "2018-05-01 11:59 pm", "2018-05-01 下午 3:05", "2018-05-01 上午 3:05", "2018-05-01 오후 3:05",
    "2018-05-01 오전 12:05", "2018-05-01 3:05 下午", "2018-05-01 10:00 +02:00", "2018-05-01 10:00 -0530", "2018-05-01 10:00 +2",
    "2018-05-01 10:00 UTC", "2018-05-01 10:00 GMT", "2018-05-01 10:00 CEST", "2018-05-01 10:00 GMT-3", "2018-05-01 10:00 (UTC)",
    "2018-05-01 10:00 CEST +0200", "2018-05-01 10:00 (Central time)", "2018-05-01 10:00:00.123456", "2018-05-01 10:00:00,5",
    "2018-05-01 10", "2018-05-01 soon", "2018年5月1日", "2018年5月1日 10:00", "2018년 5월 1일 오후 1:00", "2018年13月1日",
    "01/05/2018", "1/5/2018 10:00", "13/05/2018", "05/13/2018", "13/13/2018", "31.08.2024", "08.31.2024", "1.2.2024",
    "12/12/2018", "12/13/18", "1/5/18 1:00 PM", "1-5-2018", "1 5 2018", "32/1/2018", "30/2/2018", "2/30/2018", "0/1/2018", "1/5/201",
    "May 1, 2018", "1 May 2018", "1st May 2018", "2nd of May 2018", "1 de mayo de 2018", "Tuesday, May 1, 2018 at 10:00",
    "Tue, 1 May 2018 10:00:00 +0200", "1. Mai 2018", "1 mars 2018", "3 août 2018", "9 Dez. 2018", "1 Foo 2018", "32 May 2018",
    "Tue May  1 10:00:00 2018", "Tue May 1 10:00:00 CEST 2018", "Tue May 1 10:00 2018", "1-May-18", "01-May-2018 10:00",
    "Jun 31, 2018", "giu 1, 2018", "1 Sept 2018", "1 janv 2018", "1 fev 2018", "1 Okt 2018", "1 ott 2018", "1 ene 2018",
    "20180501", "20180501T100007", "20180501 100007Z", "20180501100007", "2018050110", "201805011000", "18991231", "20991231", "20181301",
    "43221", "43221.5", "43221,25", "36526", "36525", "55152", "55153", "43221.999999", "43221.0000058",
    "1525168807", "1525168807.5", "1525168807123", "1525168807123456", "15251688071", "152516880", "0000000000",
    "0000-00-00 00:00:00", "", "soon", "'2018-05-01'", '"2018-05-01"', "\u00a02018-05-01\u200b", "2018-05-01 ",
)  # fmt: skip


def _told(text: str) -> Any:
    found = moment(text)
    if found is None:
        return None
    each = [str(found.at(order)) for order in ("", "day first", "month first")]
    in_utc = str(found.at("month first", utc=True))
    return [*each, in_utc, found.told, found.offset, found.settled, looks_like_time(text)]


def _calendar(columns: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> Any:
    calendar = Calendar.of(columns, numbers)
    texts = [*dict.fromkeys(text for column in columns for text in column)]
    return [calendar.order, calendar.utc, *((calendar.rewritten(t), calendar.completed(t), calendar.year(t)) for t in texts)]  # fmt: skip


_A, _B, _C, _D = "03/05/2024", "04/05/2024", "05/05/2024", "02/06/2024"
_CALENDARS: tuple[tuple[Any, ...], ...] = (
    ([["04/05/2024 10:00", "04/23/2024 11:00"]],), ([["04/05/2024 10:00", "23/04/2024 11:00"]],),
    ([["04/23/2024", "23/04/2024", _A]],), ([["2024-05-04", "04/05/2024"]],), ([["12/12/2024"]],),
    ([[_A, _B, _C, _D], [_A, _B, _C, _D]], [1, 2, 3, 4]), ([[_A, _B, _C], [_A, _B, _C]], [1, 2, 3]),
    ([[_A, _B, _C, _D], [_A, _B, _C, _D]], [4, 3, 2, 1]), ([[_A, _B, _C, _D]], [1, 2, 3]), ([[], []], []),
    ([["01/02/2024", "02/01/2024", "03/01/2024", "04/01/2024", "05/01/2024"]] * 2, [5, 1, 2, 3, 4]),
    ([["02/01/2024", "01/03/2024", "01/04/2024"], ["03/01/2024", "02/02/2024", "01/05/2024"]], [1, 2, 3]),
    ([["1/2/2024"] * 4, ["2/1/2024"] * 4], [1, 2, 3, 4]), ([["1/2/2024"] * 3, ["2/1/2024"] * 3], [1, 2, 3]),
    ([["1/2/2024"] * 2, ["2/1/2024"] * 2], [1, 2]), ([["2/1/2024"] * 3, ["1/2/2024"] * 3], [1, 2, 3]),
    ([["2024-05-01 10:00 +01:00", "2024-05-01 10:00 +02:00"]],), ([["2024-05-01 10:00 +01:00"]],),
    ([["2024-05-01 10:00 +01:00", "2024-05-01 10:00"]],), ([["2024-05-01 10:00Z", "2024-05-01 10:00 -0130"]],),
    ([["soon", "", "2024-05-01 10:00"]],), ([["2024-02-30", "30/02/2024"]],),
)  # fmt: skip
_NUMBERS = (
    "7", "7.0", "7,0", "1,024", "1.024", "1.024,5", "1,024.5", "1,024,000", "1.024.000", "1.024.00", "1 024", "1'024", "1\u00a0024",
    "10,24", "0,024", "0.024", "1,0240", "12,34,567", "1e3", "1.5E+2", ".5", ",5", "+7", "-7.5", "7.", "x", "", "7 people", "7people", "people",
    "1 02", "1,02,4", "999,999", "1000,000", "0", "00", "1,024e3",
)  # fmt: skip
_BANDED = Question(
    "hours", "Hours", "Hours", Kind.SINGLE, Unit.RESPONDENT,
    choices=(
        Choice("none", "none"), Choice("0-4", "0-4", Band(0, 4)), Choice("5-9", "5-9", Band(5, 9)),
        Choice("11-20", "11-20", Band(11, 20)), Choice("50+", "50+", Band(50, None)),
    ),
)  # fmt: skip


def _readings(text: str) -> Any:
    each = (Numbers(), Numbers(","), Numbers("."), Numbers("", "people"), Numbers(",", "People"))
    return [*(numbers.readings(text) for numbers in each), whole(text), each[3].plain(text), Numbers.told_by([text]).decimal]  # fmt: skip


def _split(known: Sequence[str], separators: Sequence[str], texts: Sequence[str]) -> Any:
    found = []
    for join in (True, False):
        splitter = Splitter({each: each for each in known}, separators, join_unknown=join)
        found += [(s.pieces, s.unknown, s.certain) for s in map(splitter.split, texts)]
    return found


_HYPHENS = ("nova-network", "Hyper-V", "Heat", "V", "a-b", "a", "b", "-", "Hyper")
_LISTS = (
    "", "Heat", "nova-network-Heat", "Heat-nova-network-x-y-Heat", "x-y", "Hyper-V", "a-b", "b-a", "-Heat", "Heat-", "Heat--Heat",
    "x", "Heat, x, y", "Hyper-V-a-b-Hyper-V", "Heat;x", "x;Heat-Heat", " Heat - V ", "--", "Heat-x-V-y", "y-Heat-Heat-x",
)  # fmt: skip
_SPELLED = (
    "Don’t know&nbsp;/ NOT sure", "On\u2011Premises", '"SurveyID"', '"a" b "c"', "&amp;amp;lt;", "&lt", "Ｆｕｌｌ", "ẞ", "a\u00adb", "Survey ID",
    "survey_id", "C++", "a,b", "2nd choice", "_x", ".x", ".2x", "é-x", "ProjectsUsed - Nova (Compute)", "XMLHttp2Request", "__a__", "Q12. How?",
    "Question 3) a", "q1: b", "Q1234. c", "Q12.c", "1. d", "'17", "''17", "'a'", '="x"', '="', '=""', '="a', "=a", "\ufeffPublic\u00a0Cloud\u200b ",
    "a\tb\u2003c", " plain ", "a\u2028b", "", "'", "«quoted»", "‘single’", "—", "ﬁ", "İ",
)  # fmt: skip
_WHOLE = (
    "1400002.0", "1,400,002", "1.400.002", "1.400002E+06", "1.4E+06", "12.5", "\ufeff 17", "", " ", "17.", "17,00", "17.01", "1,40,002", "1e3", "1E0", "1.0E0",
    "1.05E1", "1.50E1", "1,5E+01", "10E+2", "0017", "１７", "'17", '"17"', '="17"', "1 400", "1'400", "1’400", "1400 ", "x17", "-17", "1.2345E+04", "1.2345E+03", "1E+100",
)  # fmt: skip
_SCALES = (
    ["Always", "Never", "Sometimes"], ["Red", "Green"], ["Yes", "No"], ["No", "Yes", "Maybe"], ["Yes", "Unsure"], ["10", "9", "1"], ["2", "1"], ["2", "1", "x"],
    ["Agree", "Disagree"], ["Agree", "Neutral", "Don't know", "Disagree"], ["N/A", "Good", "Bad"], ["Other", "Good", "Poor", "Fair"], ["Prefer not to say", "3", "1", "2"],
    [], ["Never"], ["Never", "Often", "Blue"], ["not applicable to me", "easy", "difficult"], ["no opinion", "1", "3"], ["I don't know", "basic", "expert"], ["unsure", "no", "yes"],
)  # fmt: skip
_BANDS = (
    ["50 or more", "1-9", "10-49"], ["1-9", "10-49"], ["1-9", "10-49", "x"], ["1-9", "10-49", "Don't know", "50+"], ["<5", "5 to 9", ">= 10"], ["less than 5", "5-9", "more than 9"],
    ["up to 5", "6-9", "at least 10"], ["under 1k", "1k-5k", "over 5k"], ["1m+", "100k to 999k", "1 to 99,999"], ["none", "1", "2 or more"], ["0", "1", "2"], ["1-5", "5-9", "10+"],
    ["1-6", "5-9", "10+"], ["1+", "2-9", "5+"], ["1-9", "1-5", "10+"], ["$0 - $9,999", "$10,000 - $49,999", "$50,000 or more"], ["1-20%", "21-40%", "41-100%"], ["1 hour", "2 hours", "3 hours"],
    ["10-49 people", "1-9 people", "50 people or more"], ["1.5-2", "2.5-3", "3.5+"], ["zero", "no more", "1-2", "3+"], ["1 bis 9", "10 bis 49", "50 plus"], ["about 1-9", "10-19", "20 and more"],
    ["0-9", "10-19", "20+", "30+"], ["5", "1-4", "over 5"], ["below 0.5", "0.5 to 1", "at most 9"], ["<= 5", "6 to 9", "> 9"], ["1", "1-9", "10+"], ["1-9", "9", "10+"], ["1+", "1-9", "10-19"], ["< 5", "5 to 9", ">=10"],
)  # fmt: skip
_ASKED = (
    [1, 4, 30, 80, 700], [31_000, 48_000, 75_000], [1], [5], [6], [10], [11], [25], [50], [99], [100], [100.5], [101], [125], [126], [1000], [999], [1001], [0.2, 0.4], [3, 7],
    [101, 1000], [100, 10_000], [101, 10_000], [99, 200], [120, 200], [150_000, 151_000], [500, 500], [2_000, 9_999], [0, 1_000_000], list(range(100)), list(range(20, 400)), list(range(300, 2_000)),
)  # fmt: skip
_LINES = (
    b"a,b\n1,2\n3,4\n", b'a,b\n1,"x\ny"\n2,z\n3,z\n', b"a\r\nb\r\nc\n", b"a\r\r\nb\r\r\n", b"a\nb\r\nc\r\n", b"a\nb\r\nc\n", b"a\r\nb\nc\n", b"", b"a", b"a\r", b'"a\n', b"\n\n\n", b'a,"b""c"\n1,"d\n""e"\nf\n',
)  # fmt: skip
_STAMPS = (
    (list("1234567"), ["2023-05-01 10:00:00"] * 3 + ["2024-05-01 10:00:00"] * 4), (list("123"), ["2023-12-20 10:00:00", "2024-01-10 10:00:00", "2024-02-01 10:00:00"]),
    (list("123"), ["2023-05-01 10:00:00", "", "2024-05-01 10:00:00"]), (["1", "x", "3"], ["2023-05-01 10:00:00", "soon", "2023-05-02 10:00:00"]), ([], []), (["1"], [""]),
    (list("1223"), ["2023-05-01 10:00:00", "", "2024-09-01 10:00:00", "2023-05-01 10:00:00"]), (list("1231"), ["2023-05-01 10:00:00"] * 3 + [""]),
    ([str(n) for n in range(12)], ["2023-05-01 10:00:00"] * 5 + ["2021-05-01 10:00:00"] * 2 + ["2023-05-01 10:00:00"] * 5),
    ([str(n) for n in range(10)], ["2023-05-01 10:00:00"] * 4 + ["2021-05-01 10:00:00"] * 2 + ["2023-05-01 10:00:00"] * 4),
    ([str(n) for n in range(9)], ["2023-05-01 10:00:00"] * 4 + [""] + ["2024-05-01 10:00:00"] * 4), ([str(n) for n in range(41)], ["2023-05-01 10:00:00"] * 40 + ["2020-05-01 10:00:00"]),
    ([str(n) for n in range(20)], ["2023-05-01 10:00:00"] * 19 + ["2020-05-01 10:00:00"]), ([str(n) for n in range(40)], ["2023-05-01 10:00:00"] * 38 + ["2020-05-01 10:00:00"] * 2),
    ([str(n) for n in range(4)], ["03/05/2023", "04/05/2023", "05/05/2023", "06/05/2023"]), (["1", "2", "9"], ["2023-05-01 10:00:00", "2023-05-01 10:00:00", ""]),
)  # fmt: skip


def _stretches(numbers: Sequence[str], begun: Sequence[str]) -> Any:
    found = Stretches.of(Stamps(numbers, begun, begun))
    return [found.years, found.strays, sorted(found.rare), sorted(found.counts.items())]


def _stops(data: bytes) -> Any:
    found = [record_stops(data, size, skip) for size in (1, 2, 4, 9) for skip in (0, 1, 2)]
    returns = [returns_in_blocks(data, stops) for stops in found if stops and b"\n" in data]
    return [found, returns]


def _blocks(count: int, block: int, kinds: int) -> Any:
    """Return what a file gives that is read in blocks: every text where there are many, some lines odd."""
    lines = [
        f"{n},{chr(34) + 'x' + chr(10) + 'y' + chr(34) if n % 50 == 3 else 'x'},t{n % kinds}"
        for n in range(count)
    ]
    lines[1::97] = [f"{line},more" for line in lines[1::97]]
    lines[2::89] = ["" for _ in lines[2::89]]
    data = ("a,b,c\n" + "\n".join(lines)).encode().replace(b"7,x", b"7,x\r")
    found = read_records("f", data, 3, block=block, line_feeds=True, above=2)
    texts = [found.text(column).to_pylist() for column in range(3)]
    return [
        digest(texts), [len(set(each)) for each in texts], found.lines.tolist()[-3:], found.order.tolist()[-3:], digest(found.lines.tolist()),
        [(each.order, each.line, each.cells) for each in found.irregular[:3]], len(found.irregular), list(found.blank_lines[:4]), len(found.blank_lines),
        found.last_line_complete, list(found.carriage_returns[:3]), len(found.carriage_returns),
    ]  # fmt: skip


def _texts(count: int) -> pa.Array:
    return pa.array([f"t{n} - ?{n % 7}" if n % 3 else f"n{n}" for n in range(count)], pa.string())


def _held(count: int) -> Any:
    texts = _texts(count)
    cut = texts.slice(count // 3, count // 2)
    return [
        int(holds_any(texts, "-", "7").sum()), np.flatnonzero(holds_any(texts, "11", "9 ")).tolist()[:9],
        int(holds_pattern(texts, r"- \?[1-3]", "?").sum()), np.flatnonzero(holds_pattern(cut, r"\?6$", "?")).tolist()[:9],
        int(holds_pattern(texts, "n", "+").sum()),
    ]  # fmt: skip


def _kept(count: int) -> Any:
    column = pa.chunked_array([_texts(count).dictionary_encode()])
    own = pa.table([column], names=["0"])
    table = TextTable(own, FewTexts.of(own))
    more = table.with_rows([["t1 - ?1"], ["new"], ["new"], [""]])
    stored = more.stored(0)
    return [
        FewTexts.of(own)[0] is None, np.dtype(smallest(count)).name, str(by_text(np.zeros(2, dtype=np.int64), ["x"] * count).indices.type),
        str(stored.type.index_type), more.column(0).to_pylist()[-5:], len(more.texts(0)), table.nbytes > 0, table.width,
        [found.count_with(0, "1 -", "n") for found in (table, more)], table.count_with(0, "%"),
        [found.count_matching(0, r"- \?[1-3]", "?") for found in (table, more)], table.count_matching(0, "n", "+"),
        more.filled(0, np.array([0, 1, count + 3, count])).tolist(),
        table.differ(0, np.array([0, 1, 0]), np.array([0, 0, 1])).tolist(),
        table.take(np.array([1, 0]), only={0}).row(0), len(table.filter(np.arange(count) < 3)),
    ]  # fmt: skip


def _plain_kept(texts: Sequence[str]) -> Any:
    table = TextTable.of([pa.array(texts, pa.string()), pa.array(texts[::-1], pa.string())])
    shown = [
        table.texts(0),
        table.row(0),
        table.differ(0, np.array([0, 1]), np.array([1, 1])).tolist(),
    ]
    rest = table.with_column(pa.array(["c"] * len(texts))).replaced(1, pa.array(["r"] * len(texts)))
    names, codes = distinct(pa.array(texts).dictionary_encode().take(pa.array([2, 2, 0])))
    kept = table.take(np.array([1]), only={1})
    return [*shown, rest.row(1), rest.width, names, codes.tolist(), kept.row(0), table.with_rows([]) is table, len(table.with_rows([["x", "y"]]))]  # fmt: skip


_TWICE = ("Zoë’s", "Zoë", "é ü", "privé »", "😀", "日本", "a", "Ã©", "ñandú “hi”")


def _encoded(text: str) -> Any:
    found = []
    for data in (
        text.encode(),
        text.encode().decode("latin-1").encode(),
        b"1," + text.encode() + b"\n2,x\n",
    ):
        found += [undo_double_encoding(data)[0].decode(), doubtful_lines(b"x\n" + data)]
    twice = "".join(
        bytes([b]).decode("cp1252", "replace").replace("\ufffd", chr(b)) for b in text.encode()
    )
    both = f"1,{twice}\n2,x {twice} y\n\n3,{twice}\n".encode()
    return [
        *found,
        undo_double_encoding(both)[0].decode(),
        doubtful_lines(both),
        undo_double_encoding(both)[1],
    ]


_FORMATS = (
    "General",
    "0.00",
    "0%",
    "yyyy-mm-dd",
    "[h]:mm",
    "[Red]0",
    '"days" 0',
    "\\d0",
    "_d0",
    "*d0",
    "0;yyyy",
    "general d",
    "[$-409]m/d/yy",
    "@",
    "hh:mm;@",
    "0.0%;yy",
)
_VALUES = ("1.0", "0.07", "43132.5", "43132", "0.5", "59", "60", "61", "0", "-1", "2958465", "2958465.9", "2958466", "1e15", "999999999999999", "-1e15", "1e21", "1e20", "1e999", "nan", "x", "0.1", "123456789012345", "1234567890123456", "0.99999", "43132.99999999", "0.075", "1e-7")  # fmt: skip
_ESCAPED = (
    "a_x000D_b",
    "_x005F_x000D_",
    "_x0000_",
    "_xD83D__xDE00_",
    "_xD83D_",
    "_x00e9_",
    "_x00G0_",
    "_x41_",
    "plain",
    "_x0041__x0042_",
)
_CELLS = (
    ("7", "8", "x"),
    ("7", "7", ""),
    ("8", "7", ""),
    ("7", "", ""),
    ("7", "", "x"),
    ("x", "8", ""),
    ("7", "x", ""),
    ("9", "10", ""),
)


def _each(function: Callable[..., Any], inputs: Sequence[Any]) -> dict[str, Any]:
    return {
        repr(given): function(*given) if isinstance(given, tuple) else function(given)
        for given in inputs
    }


def results() -> dict[str, Any]:
    """Return what each function returns for each of its inputs."""
    tools = read_codebook().question("deployment_tools", "2018")
    sizes = Spellings(
        [Choice("1-9", "few"), Choice("10", "ten"), Choice("1 000", "k"), Choice("10 00", "l")]
    )
    return {
        "times": _each(_told, _TIMES),
        "calendars": _each(_calendar, _CALENDARS),
        "numbers": _each(_readings, _NUMBERS),
        "marks": _each(lambda *texts: Numbers.told_by(texts).decimal, [("1.024", "99,5"), ("1,5", "1.5"), ("7",), ("1.024", "2.5"), ("1,024", "1,5 x")]),
        "bands": _each(lambda number: band_of(_BANDED, number), [-1, 0, 4, 4.5, 5, 9, 9.5, 10, 10.5, 11, 20, 20.9, 21, 49.9, 50, 1e9]),
        "lists": {f"{separators}": _split(_HYPHENS, separators, _LISTS) for separators in (("-",), (", ", "-"), ("-", ";"), (";", "-"))},
        "spelled answers": spellings(tools, {"old": "Ansible", "older": "nothing"}),
        "spellings": _each(lambda t: [visible(t), folded(t), spaceless(t), with_dots(t), snake_case(t), unnumbered(t), unwrapped(t)], _SPELLED),
        "whole numbers": _each(whole_number, _WHOLE),
        "scales": _each(in_order, [*_SCALES]),
        "banded choices": _each(as_bands, [*_BANDS]),
        "round bands": {f"{str(a)[:60]} {len(a)}": round_bands(a) for a in _ASKED},
        "lines": _each(_stops, _LINES),
        "blocks": {f"{given}": _blocks(*given) for given in ((4, 30, 2), (300, 200, 300), (300, 10**6, 300), (700, 3_000, 130), (5_000, 20_000, 4_200), (5_000, 40_000, 4_095))},
        "usual returns": _each(lambda trailing: usual_returns(np.array(trailing, dtype=np.int64)), [[], [0], [1], [0, 1], [0, 1, 1], [1, 0, 0], [2, 1, 1], [0, 2, 2, 2], [0, 2, 1, 0], [0, 1, 1, 0]]),
        "stretches": _each(_stretches, _STAMPS),
        "held": _each(_held, [0, 1, 5, 1023, 1024, 1025, 2000]),
        "kept": _each(_kept, [2, 126, 127, 128, 129, 1023, 1024, 32_766, 32_767, 32_768]),
        "plain": _plain_kept(["a", "b", "a", ""]),
        "encoded": _each(_encoded, _TWICE),
        "formats": _each(lambda code: Format.of(code).value, _FORMATS),
        "workbook numbers": {f"{v} {f.value} {since}": _restored(v, f, since=since) for v, f, since in product(_VALUES, Format, (False, True))},
        "escaped": _each(unescaped, _ESCAPED),
        "columns": [(column_letters(n), column_number(column_letters(n))) for n in (1, 25, 26, 27, 52, 53, 701, 702, 703, 16_384)],
        "begun after": {f"{cells} {at}": begun_after(cells, *at) for cells in _CELLS for at in ((0, 1), (None, 1), (0, None))},
        "quotable": _each(lambda text: [quotable([text, "a"]), too_long(text)], ["a", "17", "-1.5", "1,5", "1.", "2018-05-01 x", "2018-5-1", "a@b.c", "a@b", " 7 ", "x" * 199, "x" * 200, ""]),
        "shares": [(common_share(a, b), known_share(a, b)) for a, b in product(("", "a", "ab", "abc"), repeat=2)],
        "joiners": [joiner(tools), joiner(_BANDED)],
        "codes": _each(sizes.get, ["1-9", "1 – 9", "FEW", "10.0", "11", "ten", "1000", "1 000", "10,0", "x.0", "-10.0"]),
        "spelled": [len(sizes), list(sizes)],
    }  # fmt: skip


def _restored(written: str, shown: Format, *, since: bool) -> list[str]:
    found = number_text(written, shown, since_1904=since)
    return [found.text, found.rule, found.doubt]
