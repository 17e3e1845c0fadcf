"""Frozen dataclasses as plain JSON values and back, by their type hints alone.

What holds its default is left out, so that a codebook of thirteen editions stays readable.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, Union, get_args, get_origin, get_type_hints

__all__ = ["decode", "encode"]


def encode(value: Any) -> Any:
    """Return a dataclass, or anything made of them, as JSON can hold it.

    Examples
    --------
    >>> from survey.provenance import Source
    >>> encode(Source("a.csv", 3, "ab12"))
    {'name': 'a.csv', 'size': 3, 'sha256': 'ab12'}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(getattr(value, field.name))
            for field in fields(value)
            if field.init and not _is_default(field, getattr(value, field.name))
        }
    if isinstance(value, Mapping):
        return {str(name): encode(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [encode(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"cannot store a {type(value).__name__}")


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and bool(value == field.default_factory())


def decode(hint: Any, plain: Any) -> Any:
    """Return what :func:`encode` was given, of the type that ``hint`` names.

    Raises
    ------
    TypeError, ValueError, KeyError
        If ``plain`` does not hold such a thing.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _decode_union(inner, plain)
    if origin is tuple:
        return tuple(decode(inner[0], each) for each in plain)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return MappingProxyType({name: decode(inner[1], each) for name, each in plain.items()})
    if is_dataclass(hint):
        hints = _hints(hint)  # type: ignore[arg-type]
        return hint(**{name: decode(hints[name], each) for name, each in plain.items()})  # type: ignore[operator]
    if issubclass(hint, Enum):
        return hint(plain)
    return hint.fromisoformat(plain) if hint is date else _checked(hint, plain)


def _decode_union(hints: tuple[Any, ...], plain: Any) -> Any:
    if plain is None:
        return None
    (hint,) = (hint for hint in hints if hint is not type(None))
    return decode(hint, plain)


def _checked(hint: Any, plain: Any) -> Any:
    if not isinstance(plain, (int, float) if hint is float else hint):
        raise TypeError(f"{plain!r} is not {hint.__name__}")
    return plain


@cache
def _hints(owner: type) -> dict[str, Any]:
    return get_type_hints(owner)
