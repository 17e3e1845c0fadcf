"""Looks of the workbook: fonts, colours, borders and number formats, all in one place.

Sans serif at 12 points with strong contrast, as the accessibility guidance asks. Colour is only
ever a second sign: what it says is also said by a word, a symbol or a position.
"""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from survey.estimates.table import Measure
from survey.publish.theme import LIGHT, ordered_colours, text_on


def _plain(colour: str) -> str:
    """Return a colour of the theme as the file format writes it."""
    return colour.removeprefix("#").upper()


INK, MUTED, LEAD = _plain(LIGHT.ink), _plain(LIGHT.quiet), _plain(LIGHT.lead)
ACCENT, RULE, LINK = _plain(LIGHT.accent), _plain(LIGHT.line), _plain(LIGHT.lead)
PAPER = "F3F5F7"
CATEGORIES = tuple(map(_plain, LIGHT.qualitative))
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
NO_BORDER = Border()
ROW_BORDER = Border(bottom=Side("hair", color=RULE))
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
FINE_SHARE_FORMAT = "[=0]0%;[<0.0095]0.0%;0%"
PLAIN_FORMAT = "#,##0.00"
PROBABILITY_FORMAT = '[<0.001]"<0.001";0.000'

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


def beside(number_format: str, mark: str) -> str:
    """Return a format with a mark beside the number, or with room for one.

    Examples
    --------
    >>> beside("0%", "[u]"), beside("0%", "")
    ('0%" [u]"', '0%_ _ _ _u')
    """
    added = f'" {mark}"' if mark else "_ _ _ _u"  # as wide as " [u]" in the body font
    return ";".join(part + added for part in number_format.split(";"))


def ramp(steps: int) -> tuple[str, ...]:
    """Return colours from light to dark for answers that have an order.

    Examples
    --------
    >>> len(ramp(7))
    7
    """
    return tuple(map(_plain, ordered_colours(LIGHT, steps)))


def readable_on(colour: str) -> str:
    """Return dark or white letters, whichever read better on ``colour``.

    Examples
    --------
    >>> readable_on("08305C")
    'FEFEFE'
    """
    return _plain(text_on(f"#{colour}", LIGHT))


INTERNAL_TAB = "C00000"
"""Colour of the tabs of sheets with exact counts."""
