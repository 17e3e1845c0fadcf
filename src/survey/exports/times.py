"""Times of records: read in any usual form, and written as the survey system writes them.

Spreadsheets, databases and programs write a time in their own way. Whether ``04/05/2024`` is in
April or in May is told from the whole file: a number above 12 in either place decides, else the
order of the records. What stays open is left missing, with its year known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from survey.dataclass import dataclass
from survey.exports.export import Export
from survey.exports.repair.column_editor import Rewriting
from survey.exports.spelling import visible
from survey.exports.usual_cells import only_times

__all__ = ["MONTH_NAMES", "Calendar", "Moment", "check_times", "looks_like_time", "moment"]

Order = Literal["day first", "month first", ""]
WRITTEN = "%Y-%m-%d %H:%M:%S"
_FINE = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?$"
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").fullmatch
_CUT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?").fullmatch
MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen janv", "feb fev", "mar mrz", "apr avr abr", "may mai mag maj",
            "jun juin giu",
            "jul juil lug", "aug aou ago", "sep set", "oct okt out ott", "nov", "dec dez dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# Forms of few files: `re` compiles one when a time comes that the system did not write.
_CLOCK = (
    r"(?i)(?P<before>[ap]m|上午|下午|오전|오후)?\s*"
    r"(?P<hour>\d{1,2})[:h](?P<minute>\d\d)(?:[:m](?P<second>\d\d)(?:[.,]\d+)?)?\s*"
    r"(?P<half>[ap]\.?\s?m\.?|上午|下午|오전|오후)?\s*"
    r"(?:\(?(?P<zone>z|utc|gmt|[a-z]{3,5})?\s*(?P<offset>[+-]\d{1,2}(?::?\d\d)?)?\)?)?\s*"
    r"(?:\([a-z ]+\))?"
)
_YEAR_FIRST = r"(\d{4})([-/. ])\s?(\d{1,2})\2\s?(\d{1,2})(?=$|[ .T,_-])[ .T,_-]*(.*)"
_YEAR_LAST = r"(\d{1,2})([-/. ])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?=$|[ .T,_-])[ .T,_-]*(.*)"
_EAST_ASIAN = r"(\d{4})[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일]\s*(.*)"
_COMPACT = r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[T _-]?(\d\d)(\d\d)(\d\d)?Z?)?"
_NAMED = (
    r"(?i)(?:[^\W\d]{2,10}[,.-]*\s+)?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(?:de\s+)?([^\W\d]{3,10})\.?"
    r"|([^\W\d]{3,10})\.?[\s,./-]+(\d{1,2})(?:st|nd|rd|th)?)"
    r"[\s,./-]+(?:de\s+)?(\d{4}|\d\d)\b[\s,T-]*(?:at\s+)?(.*)"
)
_AS_C_WRITES = r"(?i)[a-z]{3} ([a-z]{3}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?: [a-z]{3,4})? (\d{4})"
_SERIAL = r"(\d{5})(?:[.,](\d+))?"
_EPOCH = r"(\d{10})(?:\.\d+|\d{3}|\d{6}|\d{9})?"
_AFTERNOON, _HALVES = frozenset({"pm", "下午", "오후"}), frozenset({"am", "上午", "오전"})
_SERIAL_DAYS = range(36_526, 55_153)  # 2000 to 2050
_CENTURY, _MONTHS_OF_YEAR = 2000, 12
_CLEARLY = 3  # records out of order under one reading and none under the other


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as far as one text tells it.

    ``first`` and ``second`` are month and day, or day and month; ``told`` says which, where the
    text itself tells it. ``settled`` are forms in which there is nothing to tell.
    """

    year: int
    first: int
    second: int
    told: Order
    clock: tuple[int, int, int]
    offset: int | None = None
    settled: bool = True

    def at(self, order: Order, *, utc: bool = False) -> datetime | None:
        """Return the time if day and month are told apart, and there is such a day."""
        order = self.told or order
        if not order and self.first != self.second:
            return None
        month, day = self.first, self.second
        if order == "day first":
            month, day = day, month
        try:
            found = datetime(self.year, month, day, *self.clock)
        except ValueError:
            return None
        return found - timedelta(minutes=self.offset or 0) if utc else found


def moment(text: str) -> Moment | None:
    """Return the time that a text tells, or None.

    Examples
    --------
    >>> found = moment("2023/10/05 3:14:07 PM GMT+2")
    >>> found.at(""), found.offset
    (datetime.datetime(2023, 10, 5, 15, 14, 7), 120)
    >>> moment("31.08.2024").at("")
    datetime.datetime(2024, 8, 31, 0, 0)
    >>> moment("soon") is None
    True
    """
    text = visible(text).strip("'\"")
    for read in (_year_first, _year_last, _named, _number):
        found = read(text)
        if found is not None:
            return found
    return None


def _year_first(text: str) -> Moment | None:
    found = re.fullmatch(_YEAR_FIRST, text) or re.fullmatch(_EAST_ASIAN, text)
    if found is None:
        return None
    year, *_, month, day, rest = found.groups()
    return _moment(int(year), int(month), int(day), "month first", rest)


def _year_last(text: str) -> Moment | None:
    found = re.fullmatch(_YEAR_LAST, text)
    if found is None:
        return None
    first, separator, second, year = (found.group(number) for number in (1, 2, 3, 4))
    told: Order = ""
    if int(first) > _MONTHS_OF_YEAR or separator == ".":
        told = "day first"
    elif int(second) > _MONTHS_OF_YEAR:
        told = "month first"
    read = _moment(_whole_year(year), int(first), int(second), told, found.group(5))
    return replace(read, settled=False) if read else None


def _named(text: str) -> Moment | None:
    moved = re.fullmatch(_AS_C_WRITES, text)
    if moved:
        text = "{} {} {} {}".format(*moved.group(2, 1, 4, 3))
    found = re.fullmatch(_NAMED, text)
    if found is None:
        return None
    month = _month(found.group(2) or found.group(3))
    day = int(found.group(1) or found.group(4))
    year, rest = _whole_year(found.group(5)), found.group(6)
    return _moment(year, month, day, "month first", rest) if month else None


def _month(name: str) -> int:
    """Return the number of a month by its name in the languages of the form, or 0."""
    bare = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return MONTH_NAMES.get(bare[:4]) or MONTH_NAMES.get(bare[:3], 0)


def _number(text: str) -> Moment | None:
    """Return the time of a number: digits alone, a spreadsheet's days, or seconds since 1970."""
    compact, serial, epoch = (re.fullmatch(form, text) for form in (_COMPACT, _SERIAL, _EPOCH))
    if compact:
        year, month, day, hour, minute, second = (int(each or 0) for each in compact.groups())
        return _valid(Moment(year, month, day, "month first", (hour, minute, second)))
    if serial and int(serial.group(1)) in _SERIAL_DAYS:
        days = timedelta(days=float(f"{serial.group(1)}.{serial.group(2) or 0}"))
        moved = datetime(1899, 12, 30) + days + timedelta(microseconds=500_000)
    elif epoch:
        moved = datetime(1970, 1, 1) + timedelta(seconds=int(epoch.group(1)))
    else:
        return None
    clock = (moved.hour, moved.minute, moved.second)
    return Moment(moved.year, moved.month, moved.day, "month first", clock)


def _whole_year(digits: str) -> int:
    return int(digits) + (_CENTURY if len(digits) == 2 else 0)


def _moment(year: int, first: int, second: int, told: Order, rest: str) -> Moment | None:
    if not rest:
        return _valid(Moment(year, first, second, told, (0, 0, 0)))
    found = re.fullmatch(_CLOCK, rest.strip())
    if found is None:
        return None
    hour = int(found["hour"])
    half = (found["half"] or found["before"] or "").replace(".", "").replace(" ", "").casefold()
    if half in _AFTERNOON | _HALVES:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    clock = (hour, int(found["minute"]), int(found["second"] or 0))
    return _valid(Moment(year, first, second, told, clock, _offset(found)))


def _offset(found: re.Match[str]) -> int | None:
    """Return the minutes by which a time is ahead of UTC, if it says so in numbers."""
    text = found["offset"]
    if text is None:
        zone = (found["zone"] or "").casefold()
        return 0 if zone in ("z", "utc", "gmt") else None
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return (int(hours) * 60 + int(minutes)) * (-1 if text.startswith("-") else 1)


def _valid(found: Moment) -> Moment | None:
    """Return a time if at least one reading of it is a day that there is."""
    orders: tuple[Order, ...] = ("day first", "month first")
    return found if any(found.at(each) for each in orders) else None


@dataclass(frozen=True)
class Calendar:
    """How the times of one file are to be read: the order of day and month, and zones."""

    order: Order = ""
    utc: bool = False

    @classmethod
    def of(cls, columns: Iterable[Iterable[str]], numbers: Sequence[int] = ()) -> Calendar:
        """Look at all times of a file; ``numbers`` are those of the records, in their order.

        Examples
        --------
        >>> calendar = Calendar.of([["04/05/2024 10:00", "04/23/2024 11:00"]])
        >>> calendar.order, calendar.at("04/05/2024 10:00")
        ('month first', datetime.datetime(2024, 4, 5, 10, 0))
        """
        texts = [tuple(column) for column in columns]
        found = {text: moment(text) for text in {text for column in texts for text in column}}
        moments = [each for each in found.values() if each is not None]
        offsets = {each.offset for each in moments}
        order = _order_of([each for each in moments if not each.settled])
        if order is None:
            rows = [[found[text] for text in column] for column in texts]
            order = _order_by_sequence(rows, numbers)
        return cls(order, len(offsets) > 1 and None not in offsets)

    def at(self, text: str) -> datetime | None:
        """Return the time that a text tells, or None if it tells none with certainty."""
        found = moment(text) if text else None
        return found.at(self.order, utc=self.utc) if found else None

    def year(self, text: str) -> int | None:
        """Return the year that a text tells, whether or not day and month can be told apart."""
        found = moment(text) if text else None
        return found.year if found else None

    def completed(self, text: str) -> str:
        """Return a time that lacks its seconds with them, and any other text as it is."""
        return self.rewritten(text) if _CUT(text) else text

    def rewritten(self, text: str) -> str:
        """Return a time as the survey system writes it; what is none stays as it is."""
        found = None if _TIME(text) else self.at(text)
        return found.strftime(WRITTEN) if found else text


def _order_of(moments: Sequence[Moment]) -> Order | None:
    """Return the order that numbers above 12 tell; ``""`` if they tell two, None if nothing."""
    told = {each.told for each in moments} - {""}
    if len(told) == 1:
        return told.pop()
    return "" if told else None


def _order_by_sequence(rows: Sequence[Sequence[Moment | None]], numbers: Sequence[int]) -> Order:
    """Return the order under which later records are begun later, if it is one only."""
    if not rows or len(rows[0]) != len(numbers):
        return ""
    places = sorted(range(len(numbers)), key=lambda row: numbers[row])
    wrong: dict[Order, int] = {}
    orders: tuple[Order, ...] = ("day first", "month first")
    for order in orders:
        wrong[order] = sum(_descents([rows[0][row] for row in places], order))
        for begun, edited in zip(rows[0], rows[-1], strict=True):
            wrong[order] += sum(_descents([begun, edited], order))
    least = min(orders, key=lambda each: wrong[each])
    return least if not wrong[least] and max(wrong.values()) >= _CLEARLY else ""


def _descents(moments: Sequence[Moment | None], order: Order) -> Iterator[bool]:
    times = [each.at(order) for each in moments if each is not None]
    for before, after in pairwise(times):
        yield before is None or after is None or after < before


def check_times(export: Export) -> Export:
    """Write times as the survey system does, and report those that cannot be read."""
    columns = _time_columns(export)
    table = export.table
    if all(only_times(table.stored(at)) or _all_fine(table.column(at)) for at in columns):
        return export
    calendar = Calendar.of([table.column(at).to_pylist() for at in columns], _numbers(export))
    work = Rewriting(export)
    for column in columns:
        work.map(column, calendar.completed, "time completed")
        work.map(column, calendar.rewritten, "time rewritten")
        _report_unreadable(work, column)
    return work.done() if work.columns or work.issues else export


def _all_fine(cells: pa.ChunkedArray) -> bool:
    """Whether every cell is blank or a time as the survey system writes it."""
    return bool(pc.all(pc.match_substring_regex(cells, _FINE)).as_py())


def _time_columns(export: Export) -> list[int]:
    headings = (export.keys.get(role) for role in ("created", "edited"))
    return [export.headings.index(each) for each in headings if each in export.headings]


def _numbers(export: Export) -> list[int]:
    cells = export.key("respondent")
    texts = [] if cells is None else cells.to_pylist()
    return [int(text) for text in texts] if all(map(str.isdecimal, texts)) else []


def looks_like_time(text: str) -> bool:
    """Whether ``text`` is written like a time, which does not make it one.

    Examples
    --------
    >>> looks_like_time("2018-05-01 10:00:00"), looks_like_time("0000-00-00 00:00:00")
    (True, True)
    """
    return bool(_TIME(text))


def _report_unreadable(work: Rewriting, column: int) -> None:
    distinct = work.distinct(column)
    for code, text in enumerate(distinct.texts):
        if text and not _TIME(text):
            open_order = moment(text) is not None
            message = (
                f"day and month of {text!r} cannot be told apart; it counts as missing"
                if open_order
                else f"{text!r} is not a time such as 2018-05-01 10:00:00; it counts as missing"
            )
            work.doubt(column, distinct.rows(code).tolist(), "unreadable time", message)
