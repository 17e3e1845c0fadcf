"""Mappings that nobody changes, so that what holds them can be copied and sent elsewhere.

``types.MappingProxyType`` is the standard library's read-only mapping, and knows neither ``copy``
nor ``pickle``: whoever caches answers or tables, or hands them to another process, needs both.
"""

from __future__ import annotations

import copyreg
from types import MappingProxyType
from typing import Any

__all__ = ["frozen"]


def frozen(entries: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """Return a read-only mapping of entries that nobody else holds.

    Examples
    --------
    >>> import pickle
    >>> pickle.loads(pickle.dumps(frozen({"a": 1})))["a"]
    1
    """
    return MappingProxyType(entries)


def _parts(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return frozen, (dict(mapping),)


copyreg.pickle(MappingProxyType, _parts)
