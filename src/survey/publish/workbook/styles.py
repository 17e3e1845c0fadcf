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

LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="top")
PLAIN = Alignment(horizontal="left", vertical="top")
HEAD_LEFT = Alignment(horizontal="left", vertical="bottom", wrap_text=True)
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


def value_format(measure: Measure) -> str:
    """Return the number format of ``value``, ``low`` and ``high``.

    Examples
    --------
    >>> value_format(Measure.SCORE)
    '+0;-0;0'
    """
    return _FORMATS[measure]
