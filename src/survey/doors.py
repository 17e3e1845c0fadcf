"""Rooms whose public names are fetched from their modules when they are first used.

A chart of one question needs a fifth of the toolkit. A room that imports all of its modules
makes everyone wait for the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from survey.renamed import missing_name

__all__ = ["open_room"]


class _Room(ModuleType):
    """A package with doors; a public function may have the name of its module."""

    _doors: Mapping[str, str]

    def __getattr__(self, name: str) -> Any:
        doors: Mapping[str, str] = self.__dict__["_doors"]
        if name not in doors:
            missing_name(self.__name__, name)
        value = getattr(import_module(f"{self.__name__}.{doors[name]}"), name)
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._doors and isinstance(value, ModuleType):
            return  # the import of a module; the name is that of its function
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._doors})


def open_room(name: str, doors: Mapping[str, str]) -> None:
    """Let a package fetch its public names when they are first used.

    Parameters
    ----------
    name
        The package's ``__name__``.
    doors
        Public name -> the module of the package that has it.
    """
    room = sys.modules[name]
    room.__dict__["_doors"] = doors
    room.__class__ = _Room
