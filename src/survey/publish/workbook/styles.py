"""Looks of the workbook: fonts, colours, borders and number formats, all in one place.

Sans serif at 12 points with strong contrast, as the accessibility guidance asks. Colour is only
ever a second sign: what it says is also said by a word, a symbol or a position.
"""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from survey.estimates.table import Measure

INK, MUTED, ACCENT, PAPER, RULE = "1B2733", "51606E", "9E1B32", "F3F5F7", "C5CDD5"
LINK = "0B57A4"
FACE = "Arial"

BODY = Font(name=FACE, size=12, color=INK)
BOLD = Font(name=FACE, size=12, color=INK, bold=True)
QUIET = Font(name=FACE, size=12, color=MUTED)
TITLE = Font(name=FACE, size=16, color=INK, bold=True)
COVER_TITLE = Font(name=FACE, size=28, color=INK, bold=True)
COVER_EDITION = Font(name=FACE, size=16, color=MUTED)
SECTION = Font(name=FACE, size=14, color=INK, bold=True)
WARNING = Font(name=FACE, size=12, color=ACCENT, bold=True)
HYPERLINK = Font(name=FACE, size=12, color=LINK, underline="single")

HEADER_FILL = PatternFill("solid", fgColor=PAPER)
HEADER_BORDER = Border(top=Side("thin", color=INK), bottom=Side("medium", color=INK))
ROW_BORDER = Border(bottom=Side("hair", color=RULE))
BLOCK_BORDER = Border(top=Side("thin", color=INK), bottom=Side("hair", color=RULE))
LAST_BORDER = Border(bottom=Side("thin", color=INK))
COVER_BORDER = Border(bottom=Side("thick", color=ACCENT))

LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
INDENTED = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
RIGHT = Alignment(horizontal="right", vertical="center")
PLAIN = Alignment(horizontal="left", vertical="center")
PLAIN_INDENTED = Alignment(horizontal="left", vertical="center", indent=1)
HEAD_LEFT = Alignment(horizontal="left", vertical="bottom", wrap_text=True)
HEAD_INDENTED = Alignment(horizontal="left", vertical="bottom", wrap_text=True, indent=1)
HEAD_RIGHT = Alignment(horizontal="right", vertical="bottom", wrap_text=True)
LINE = Alignment(horizontal="left", vertical="center")

COUNT_FORMAT = "#,##0"
SHARE_FORMAT = "0%"
FINE_SHARE_FORMAT = "[=0]0%;[<0.01]0.0%;0%"
PLAIN_FORMAT = "#,##0.00"
PROBABILITY_FORMAT = "0.000"

_FORMATS = {
    Measure.SHARE: FINE_SHARE_FORMAT,
    Measure.DIFFERENCE: "+0.0;-0.0;0.0",
    Measure.NUMBER: COUNT_FORMAT,
    Measure.SCORE: "+0;-0;0",
    Measure.RATIO: PLAIN_FORMAT,
}


def value_format(measure: Measure, *, mark: str = "") -> str:
    """Return the number format of ``value``, ``low`` and ``high``.

    ``mark`` stands beside the number without being part of the value.

    Examples
    --------
    >>> value_format(Measure.SCORE)
    '+0;-0;0'
    >>> value_format(Measure.SCORE, mark="[u]")
    '+0" [u]";-0" [u]";0" [u]"'
    """
    if not mark:
        return _FORMATS[measure]
    return ";".join(f'{part}" {mark}"' for part in _FORMATS[measure].split(";"))


CATEGORIES = ("2F6690", "9E1B32", "3A7D44", "C77700", "6B4E9B", "5B6770")
_RAMP = ("E3EEF6", "C2D9EA", "9ABFDB", "6F9FC6", "4A7FAE", "2F6690", "214D70", "163550", "0D2235")


def ramp(steps: int) -> tuple[str, ...]:
    """Return colours from light to dark for answers that have an order.

    Examples
    --------
    >>> ramp(2)
    ('9ABFDB', '2F6690')
    """
    if steps <= 3:
        return ("9ABFDB", "2F6690", "163550")[:steps]
    last = len(_RAMP) - 1
    return tuple(_RAMP[round(index * last / (steps - 1))] for index in range(steps))


def readable_on(colour: str) -> str:
    """Return black or white, whichever reads better on ``colour`` (WCAG 2 relative luminance).

    Examples
    --------
    >>> readable_on("E3EEF6"), readable_on("0D2235")
    ('1B2733', 'FFFFFF')
    """
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if luminance > 0.25 else "FFFFFF"
