"""Countries and regions, with the spellings of the survey and of its exporter.

Sources of ``data/countries.csv``: codes are ISO 3166-1 alpha-2; names are its current short
names in reading order, without articles and without formal additions that nothing else needs
to be told apart; regions and subregions are those of the United Nations' M49 standard. M49
leaves out ``TW`` and ``XK``, which stand with their neighbours. ``survey_name`` is the spelling
of the form, and ``continent`` what an export shows for it: the survey's own table, which knows
147 codes and leaves the rest blank.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import CodebookError, Problem, did_you_mean

__all__ = [
    "BESIDE_COUNTRIES",
    "REGIONS",
    "Country",
    "countries",
    "country",
    "find_country",
    "region_of",
    "subregion_of",
]

BESIDE_COUNTRIES = frozenset({"Prefer not to say", "Worldwide", "Too many to list"})
"""What a question on countries takes besides countries."""

REGIONS = ("Africa", "Americas", "Antarctica", "Asia", "Europe", "Oceania")
_SPACES = str.maketrans(dict.fromkeys(",-.()'’", " "))


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory that an answer can name.

    Attributes
    ----------
    code
        ISO 3166-1 alpha-2 code.
    name
        Name for readers.
    status
        ``"current"``, ``"withdrawn"`` (a code that ISO took back, yet answers have it) or
        ``"user-assigned"`` (in use, but not assigned by ISO).
    survey_name
        Spelling of the form, commas included; empty where the form does not offer it.
    region, subregion
        Where M49 places it.
    continent
        What an export writes in its ``Continent`` column; empty for many.
    aliases
        Other spellings that are understood.
    note
        What is peculiar about it.
    """

    code: str
    name: str
    status: str
    survey_name: str
    region: str
    subregion: str
    continent: str
    aliases: tuple[str, ...] = ()
    note: str = ""


@cache
def countries() -> Mapping[str, Country]:
    """Return every country, by code.

    Examples
    --------
    >>> len(countries()), countries()["NA"].name
    (252, 'Namibia')
    """
    text = files("survey.codebook").joinpath("data/countries.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: _country(row) for row in rows})


def find_country(text: str) -> Country | None:
    """Return the country that ``text`` names, or None.

    Understood are codes in capitals; and, whatever the case and the accents, the spelling of
    the form with commas or with the hyphens that the exporter puts in their place, the current
    name, and some common other names.

    Examples
    --------
    >>> find_country("Korea- Republic of").code, find_country("KR").code
    ('KR', 'KR')
    >>> find_country("Atlantis") is None
    True
    """
    return countries().get(text.strip()) or _by_spelling().get(_folded(text))


@checked(CodebookError)
def country(text: str) -> Country:
    """Return the country that ``text`` names.

    Raises
    ------
    CodebookError
        If no country goes by that name.

    Examples
    --------
    >>> country("turkey").name, country("Turkey").region
    ('Türkiye', 'Asia')
    """
    found = find_country(text)
    if found is None:
        names = (each.name for each in countries().values())
        hint = did_you_mean(text, names) or "ISO 3166-1 alpha-2 codes always work, such as 'DE'"
        problem = Problem("", repr(text), "a country or its code", hint)
        raise CodebookError(f"Unknown country {text!r}", [problem])
    return found


@checked(CodebookError)
def region_of(text: str) -> str:
    """Return the M49 region of a country: one of :data:`REGIONS`.

    Raises
    ------
    CodebookError
        If no country goes by that name.

    Examples
    --------
    >>> region_of("TR"), region_of("FX"), region_of("TW")
    ('Asia', 'Europe', 'Asia')
    """
    return country(text).region


@checked(CodebookError)
def subregion_of(text: str) -> str:
    """Return the M49 subregion of a country.

    Raises
    ------
    CodebookError
        If no country goes by that name.

    Examples
    --------
    >>> subregion_of("BR")
    'Latin America and the Caribbean'
    """
    return country(text).subregion


@cache
def _by_spelling() -> Mapping[str, Country]:
    spellings = (
        (_folded(spelling), each)
        for each in countries().values()
        for spelling in (each.name, each.survey_name, *each.aliases)
    )
    return MappingProxyType({folded: each for folded, each in spellings if folded})


def _folded(text: str) -> str:
    """Fold case and accents, and take commas, hyphens and the like for spaces."""
    plain = text.casefold().translate(_SPACES)
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(plain.split())


def _country(row: Mapping[str, str]) -> Country:
    plain = {key: text for key, text in row.items() if key != "aliases"}
    return Country(**plain, aliases=tuple(filter(None, row["aliases"].split("; "))))
