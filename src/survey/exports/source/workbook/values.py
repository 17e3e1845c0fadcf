"""What a spreadsheet made of a text, turned back into the text."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from enum import Enum

from survey.dataclass import dataclass

__all__ = ["Format", "Restored", "number_text", "unescaped"]

_ESCAPES = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INTEGER = re.compile(r"-?\d{1,15}").fullmatch
_DATE_CODES = re.compile(r"[ymdhs]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DIGITS = 15


class Format(Enum):
    """How a spreadsheet shows a number."""

    PLAIN = "plain"
    DATE = "date"
    PERCENT = "percent"

    @classmethod
    def of(cls, code: str) -> Format:
        r"""Tell a number format.

        Examples
        --------
        >>> Format.of("yyyy\\-mm\\-dd hh:mm").value, Format.of('0 "days"').value
        ('date', 'plain')
        """
        bare = _QUOTED.sub("", code.split(";", maxsplit=1)[0])
        if _DATE_CODES.search(bare) and "general" not in bare.lower():
            return cls.DATE
        return cls.PERCENT if "%" in bare else cls.PLAIN


@dataclass(frozen=True, slots=True)
class Restored:
    """A text, the repair that led to it, why it is not certain, and what the log shows.

    The log shows no text that somebody typed.
    """

    text: str
    rule: str = ""
    doubt: str = ""
    before: str = ""
    after: str = ""


def number_text(written: str, shown: Format, *, since_1904: bool = False) -> Restored:
    """Return the text that became a number.

    Examples
    --------
    >>> number_text("1.0", Format.PLAIN).text, number_text("0.07", Format.PERCENT).text
    ('1', '7%')
    >>> number_text("43132.5", Format.DATE).text
    '2018-02-01 12:00:00'
    """
    if shown is Format.PLAIN and _INTEGER(written):
        return Restored(written)
    number = _finite(written)
    if number is None:
        return Restored(written)
    if shown is Format.DATE:
        found = _moment(number, since_1904=since_1904)
        if found:
            return Restored(found, "date restored", "date", written, found)
    if shown is Format.PERCENT:
        share = f"{number * 100:.{_DIGITS}g}%"
        return Restored(share, "percentage restored", "", written, share)
    if abs(number) >= 10**_DIGITS:
        return Restored(_plain(number), "", "digits lost")
    return Restored(_plain(number))


def _finite(written: str) -> float | None:
    """Return a number, unless it is none or larger than any (``1e999``, 400 digits)."""
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(number: float) -> str:
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    return f"{number:.{_DIGITS}g}"


def _moment(number: float, *, since_1904: bool) -> str:
    """Return a day, and the time unless it is midnight."""
    if not 0 <= number < 2_958_466:
        return ""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    early = not since_1904 and number < 60  # 1900 counts as a leap year
    try:
        moment = start + timedelta(days=number + early) + timedelta(microseconds=500_000)
    except OverflowError:  # in the year 10000
        return ""
    moment = moment.replace(microsecond=0)
    if number < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d" if number == int(number) else "%Y-%m-%d %H:%M:%S")


def unescaped(text: str) -> str:
    r"""Return a text whose ``_x000D_`` are characters again.

    Examples
    --------
    >>> unescaped("two_x000D_lines, and _x005F_x000D_ as it was typed")
    'two\rlines, and _x000D_ as it was typed'
    """
    return _ESCAPES.sub(_characters, text) if "_x" in text else text


def _characters(found: re.Match[str]) -> str:
    codes = [int(code, 16) for code in _ESCAPE.findall(found.group())]
    if 0 in codes:
        return found.group()
    try:
        units = b"".join(code.to_bytes(2, "little") for code in codes)
        return units.decode("utf-16-le")
    except UnicodeDecodeError:
        return found.group()
