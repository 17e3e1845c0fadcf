"""Country names and continents as the survey system knows them.

The system has its own list of 250 codes and a table of continents that covers 146 of them;
Turkey counts as Europe, Oceania and Australia are two continents, and the rest has none.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["NO_CONTINENT", "continent_of", "country_names"]

NO_CONTINENT = "N/a"


@cache
def _table() -> tuple[Mapping[str, str], Mapping[str, str]]:
    text = files("survey.synthetic").joinpath("data/countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = {row["code"]: row["name"] for row in rows}
    return MappingProxyType(names), MappingProxyType({r["code"]: r["continent"] for r in rows})


def country_names() -> Mapping[str, str]:
    """Return ISO code -> name in the survey system.

    Examples
    --------
    >>> country_names()["KR"]
    'Korea, Republic of'
    """
    return _table()[0]


def continent_of(answer: str) -> str:
    """Return the continent that an export shows beside a country answer.

    An answer that is no known code or name gives ``"N/a"``, a known country without a
    continent an empty cell.

    Examples
    --------
    >>> continent_of("TR"), continent_of("OM"), continent_of("Atlantis")
    ('Europe', '', 'N/a')
    """
    names, continents = _table()
    if answer in continents:
        return continents[answer]
    by_name = {name: code for code, name in names.items()}
    return continents[by_name[answer]] if answer in by_name else NO_CONTINENT
