"""Which values of a room can be changed after they were made, or show what they shall not."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def dataclasses_of(room: str) -> list[type]:
    """Return every dataclass that a module of a room defines."""
    return [
        found
        for module in modules_of(room)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if dataclasses.is_dataclass(found) and found.__module__ == module.__name__
    ]


def modules_of(room: str) -> Iterator[ModuleType]:
    package = importlib.import_module(f"survey.{room}")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def name_of(found: type) -> str:
    return f"{found.__module__.removeprefix('survey.')}.{found.__qualname__}"


def is_frozen(found: type) -> bool:
    return bool(found.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def compares_by_value(found: type) -> bool:
    return bool(found.__dataclass_params__.eq)  # type: ignore[attr-defined]


def shows_its_fields(found: type) -> bool:
    return bool(found.__dataclass_params__.repr)  # type: ignore[attr-defined]
