"""Values never change once they are made; some are equal to themselves alone."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import FrozenInstanceError

import pytest

import survey.estimates as room

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
]
CLASSES = {
    f"{each.__module__}.{each.__qualname__}": each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type) and "__dataclass_fields__" in vars(each)
}
BY_IDENTITY = {
    "Arguments",
    "Design",
    "Parts",
    "Point",
    "Statistic",
    "Strata",
    "Tabulation",
    "Tallies",
    "TidyTable",
    "Weights",
}


@pytest.mark.parametrize("name", CLASSES)
def test_no_field_can_be_set(name: str) -> None:
    made = object.__new__(CLASSES[name])
    with pytest.raises((FrozenInstanceError, TypeError)):
        setattr(made, next(iter(CLASSES[name].__dataclass_fields__)), 1)


def test_what_is_one_thing_is_equal_to_itself_alone() -> None:
    found = {each.__name__ for each in CLASSES.values() if each.__eq__ is object.__eq__}
    assert found == BY_IDENTITY
