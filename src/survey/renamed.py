"""Names that were given up: whoever uses an old one is told the new one.

One table per kind of name. A name stays here for a few editions of the survey; what a name once
meant is never used for something else in the same place.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NoReturn

from survey.errors import Problem

__all__ = [
    "ARGUMENTS",
    "COLUMNS",
    "METHODS",
    "NAMES",
    "missing_method",
    "missing_name",
    "renamed_arguments",
    "renamed_column",
]

NAMES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "survey": {
            "screen": "rank_associations",
            "growth": "estimates.decompose_change",
            "share_of": "estimates.share_where",
        },
        "survey.estimates": {
            "growth": "decompose_change",
            "screen": "rank_associations",
            "share_of": "share_where",
        },
        "survey.codebook": {"Footprint": "PublishedFigure"},
        "survey.topics": {"cards": "sensitivity", "growth": "changes"},
    }
)
"""Room -> public name -> what it is called now."""

METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "coarse": "is now called for_publication()",
        "stand_ins": "is gone: no band is withheld any more, so that no class stands in for it",
        "standing_in": "is gone: no band is withheld any more, so that no class stands in for it",
    }
)
"""Method or attribute of a table of estimates -> what has become of it."""

_MODEL: Final = {"top": "open_band"}
_FIGURES: Final = {"known": "published_figures"}
ARGUMENTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "compare": {"of": "statistic", "rate": "fdr"},
        "compare_families": _FIGURES,
        "compare_numbers": {"of": "statistic", "rate": "fdr", **_MODEL},
        "crosstab": {"rate": "fdr"},
        "decompose_change": _MODEL,
        "distribution": _MODEL,
        "median": {"spread": "interpolation"},
        "quantile": {"spread": "interpolation"},
        "rank_associations": {"rate": "fdr"},
        "ratio": {"of": "statistic"},
        "share_where": {"at_least": "among_at_least"},
        "total": {**_FIGURES, **_MODEL},
        "trend": {"rate": "fdr"},
    }
)
"""Function -> argument -> what it is called now."""

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "effective": "n_eff",
        "exceeds": "higher_than",
        "first": "share_ranked_first",
        "of": "original_answer",
        "review": "check",
        "rule": "imprecise_because",
        "within_high": "high",
        "within_low": "low",
    }
)
"""Column of a table of estimates -> what it is called now."""


_IMPORTERS: Final = ("importlib._bootstrap", "_frozen_importlib")


def missing_name(room: str, name: str) -> NoReturn:
    """Raise the error for a name that a room does not have; only its ``__getattr__`` calls it.

    ``from room import name`` would say of an ``AttributeError`` that it cannot import the name, and
    drop what the error says.

    Examples
    --------
    >>> missing_name("survey.estimates", "growth")
    Traceback (most recent call last):
    AttributeError: survey.estimates.growth is now called decompose_change
    """
    new = NAMES.get(room, {}).get(name)
    if new is not None:
        importing = sys._getframe(2).f_globals.get("__name__") in _IMPORTERS
        error = ImportError if importing else AttributeError
        raise error(f"{room}.{name} is now called {new}")
    raise AttributeError(f"module {room!r} has no attribute {name!r}")


def missing_method(name: str) -> NoReturn:
    """Raise the error for an attribute that a table of estimates does not have.

    Examples
    --------
    >>> missing_method("coarse")
    Traceback (most recent call last):
    AttributeError: Estimates.coarse is now called for_publication()
    """
    if name in METHODS:
        raise AttributeError(f"Estimates.{name} {METHODS[name]}")
    raise AttributeError(f"'Estimates' object has no attribute {name!r}")


def renamed_arguments(function: str, given: Iterable[str], has: Iterable[str]) -> list[Problem]:
    """Return a problem for every argument that goes by an old name.

    Examples
    --------
    >>> [str(each) for each in renamed_arguments("total", ["top"], ["concept", "open_band"])]
    ['top: got an old name; expected open_band=.']
    """
    renamed = ARGUMENTS.get(function, {})
    known = set(has)
    return [
        Problem(name, "an old name", f"{renamed[name]}=")
        for name in given
        if name in renamed and name not in known
    ]


def renamed_column(name: object, columns: Iterable[str]) -> str:
    """Return the present name of a column, as a hint; empty where the table has no such column.

    Examples
    --------
    >>> renamed_column("rule", ["answer", "imprecise_because"])
    "'rule' is now called 'imprecise_because'"
    """
    new = COLUMNS.get(name) if isinstance(name, str) else None
    return f"{name!r} is now called {new!r}" if new is not None and new in set(columns) else ""
