"""Names in other scripts, letter by letter in Latin ones: a rough reading, good for comparing."""

from __future__ import annotations

import re
import unicodedata

from survey.responses.names import folded_name

__all__ = ["latin_name"]

_TABLE = """
α a β b γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps
ω o а a б b в v г g д d е e ж zh з z и i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch
ш sh щ shch ъ - ы y ь - э e ю yu я ya є e ґ g ђ dj љ lj њ nj ћ c ј j џ dz і i
"""
_READINGS = _TABLE.split()
_LETTERS = {
    letter: latin.strip("-") for letter, latin in zip(_READINGS[::2], _READINGS[1::2], strict=True)
}
_SAID = re.compile(r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER(?: SMALL)?) (\w+)$")


def latin_name(name: str) -> str:
    """Return the folded name in Latin letters, as far as these can be told letter by letter.

    Cyrillic and Greek are read by a table (after ISO 9 and ISO 843, simplified), Hangul and
    kana by their Unicode names. Han characters have no one reading and stay.

    Examples
    --------
    >>> latin_name("Облако"), latin_name("カナ"), latin_name("클라우드")
    ('oblako', 'kana', 'keulraudeu')
    """
    return "".join(_read(each) for each in folded_name(name))


def _read(character: str) -> str:
    if character.isascii():
        return character
    base = unicodedata.normalize("NFD", character)[0]
    if base in _LETTERS:
        return _LETTERS[base]
    said = _SAID.match(unicodedata.name(character, ""))
    return said[1].lower() if said else character
