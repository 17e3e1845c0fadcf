"""Texts compared as a person reads them: without the differences that nobody sees or means.

Office programs, browsers and people change spaces, quotes, dashes, case and entities of a text
that they copy. Two headings, or two choices of one question, never differ in these alone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

__all__ = ["folded", "snake_case", "spaceless", "unnumbered", "unwrapped", "visible", "with_dots"]

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
                        "\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")  # fmt: skip
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9\u00b4`\u2039\u203a\uff07"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\uff02"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043"
_ALIKE = str.maketrans(
    {**dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_DASHES, "-")}
)
_IN_QUOTES = re.compile(r'"[^"]+"')
_NUMBER = re.compile(r"^(?:q(?:uestion)? ?)?\d{1,3} ?[.):] ")
_SPACELESS = str.maketrans({" ": "", "_": "", ",": "-"})  # folded texts have no other spaces
_MOST_ENTITIES = 2  # times that a text was escaped, one upon the other


def visible(text: str) -> str:
    r"""Return a text without invisible characters, and with plain spaces.

    Examples
    --------
    >>> visible("\ufeffPublic\u00a0Cloud\u200b ")
    'Public Cloud'
    """
    if text.isascii():
        return text.strip()
    return re.sub(r"[^\S\r\n\t]", " ", _INVISIBLE.sub("", text)).strip()


def unwrapped(text: str) -> str:
    """Return the text in a formula that keeps a spreadsheet from changing it.

    Examples
    --------
    >>> unwrapped('="1400002"'), unwrapped("'17"), unwrapped("=SUM(A1)")
    ('1400002', '17', '=SUM(A1)')
    """
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]
    return text[1:] if text.startswith("'") and "'" not in text[1:] else text


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """Return what two spellings of one text have in common.

    Examples
    --------
    >>> folded("Don’t know&nbsp;/ NOT sure") == folded("Don't know / not sure")
    True
    >>> folded("On\u2011Premises") == folded("on-premises"), folded('"SurveyID"')
    (True, 'surveyid')
    """
    for _ in range(_MOST_ENTITIES):
        text = html.unescape(text) if "&" in text else text
    if text.isascii():
        plain = text.replace("`", "'")  # the one quote of these
    else:
        plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_ALIKE))
        plain = plain.translate(_ALIKE)
    words = " ".join(plain.split()).casefold()
    return words[1:-1].strip() if words[:1] == '"' and _IN_QUOTES.fullmatch(words) else words


@lru_cache(maxsize=1 << 16)
def spaceless(text: str) -> str:
    """Return what two headings have in common whose spaces, underscores or commas differ.

    Examples
    --------
    >>> spaceless("Survey ID") == spaceless("survey_id"), spaceless("C") == spaceless("C++")
    (True, False)
    """
    return folded(text).translate(_SPACELESS)


@lru_cache(maxsize=1 << 16)
def with_dots(heading: str) -> str:
    """Return the name that R's ``make.names()`` makes of a heading, as ``read.csv`` uses it.

    Examples
    --------
    >>> with_dots("ProjectsUsed - Nova (Compute)"), with_dots("2nd choice")
    ('ProjectsUsed...Nova..Compute.', 'X2nd.choice')
    """
    name = re.sub(r"[^\w.]", ".", heading)
    return name if re.match(r"[^\W\d_]|\.(?!\d)", name) else f"X{name}"


@lru_cache(maxsize=1 << 16)
def snake_case(heading: str) -> str:
    """Return the name that databases and R's janitor make of a heading.

    Examples
    --------
    >>> snake_case("ProjectsUsed - Nova (Compute)"), snake_case("SurveyID")
    ('projects_used_nova_compute', 'survey_id')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", heading)
    return re.sub(r"[\W_]+", "_", parted).strip("_").lower()


@lru_cache(maxsize=1 << 16)
def unnumbered(heading: str) -> str:
    """Return what two headings have in common of which one says the number of its question.

    Examples
    --------
    >>> unnumbered("Q12. How large is it?") == unnumbered("How large is it?")
    True
    """
    text = folded(heading)
    return _NUMBER.sub("", text) if text[:1] == "q" or text[:1].isdecimal() else text
