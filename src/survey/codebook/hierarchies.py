"""Hierarchies: the classes in which groups are published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["class_of"]


@cache
def class_of(concept: str) -> Mapping[str, str]:
    """Return answer -> the class in which groups by ``concept`` are published.

    An answer that is not in the mapping is a group of its own.

    Examples
    --------
    >>> class_of("region")["Oceania"]
    'Asia and Oceania'
    >>> dict(class_of("hypervisors"))
    {}
    """
    classes = _hierarchies().get(concept, {})
    return MappingProxyType(
        {answer: name for name, answers in classes.items() for answer in answers}
    )


@cache
def _hierarchies() -> Mapping[str, Mapping[str, list[str]]]:
    import tomllib  # only here

    path = files("survey.codebook") / "data" / "hierarchies.toml"
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))
