"""Countries and regions as answers: codes in, names for readers out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.codebook.geography import REGIONS, find_country

__all__ = ["NOWHERE", "REGION_OF", "gathered", "place_name", "region_name", "regions"]

NOWHERE: Final = "Any country"
REGION_OF: Final = MappingProxyType(
    {
        "region": "primary_country",
        "deployment_region": "deployment_countries",
    }
)
"""Concepts that no question asks: the M49 regions of the countries that another one names."""


def place_name(code: str) -> str:
    """Return the display name of a country code; other answers stay as they are.

    Examples
    --------
    >>> place_name("TR"), place_name("Worldwide")
    ('Türkiye', 'Worldwide')
    """
    found = find_country(code)
    return found.name if found else code


def region_name(code: str) -> str:
    """Return the M49 region of a country code, ``""`` for anything else.

    Examples
    --------
    >>> region_name("NO"), region_name("Prefer not to say")
    ('Europe', '')
    """
    found = find_country(code)
    return found.region if found else ""


def gathered(
    chosen: npt.NDArray[np.bool_], names: Sequence[str], order: Iterable[str] = ()
) -> tuple[tuple[str, ...], npt.NDArray[np.bool_]]:
    """Join columns of the same name; most frequent first unless an ``order`` is given.

    Columns without a name, and names that nobody gave unless ``order`` lists them, go. If
    nothing is left, one answer that nobody gave keeps the table's shape.
    """
    fixed = tuple(order)
    unique = fixed or tuple(sorted({name for name in names if name}))
    joined = np.zeros((len(chosen), len(unique)), dtype=bool)
    for column, name in enumerate(names):
        if name:
            joined[:, unique.index(name)] |= chosen[:, column]
    if fixed:
        return fixed, joined
    given = joined.sum(axis=0)
    ranking = [place for place in np.argsort(-given, kind="stable") if given[place]]
    if not ranking:
        return (NOWHERE,), np.zeros((len(chosen), 1), dtype=bool)
    return tuple(unique[place] for place in ranking), joined[:, ranking]


def regions() -> tuple[str, ...]:
    """Return the regions that people live in, in M49's alphabetical order."""
    return tuple(region for region in REGIONS if region != "Antarctica")
