"""Our quick data classes against those of the standard library, over shapes of classes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import field
from functools import cached_property, partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey.dataclass as ours

WAYS = {
    "needed": lambda: dataclasses.MISSING,
    "default": lambda: 3,
    "made": lambda: field(default_factory=list),
    "hidden": lambda: field(default=4, repr=False),
    "apart": lambda: field(default=5, compare=False),
    "set by the class": lambda: field(default=6, init=False),
    "made by the class": lambda: field(default_factory=dict, init=False, repr=False, compare=False),
    "by name alone": lambda: field(default=7, kw_only=True),
}
NEEDED = "needed"


def build(make: Callable[..., Any], ways: list[str], **settings: bool) -> type:
    """Return a data class with one field for each way to declare one."""
    ordered = sorted(ways, key=lambda way: way != NEEDED)
    names = {f"field{number}": way for number, way in enumerate(ordered)}
    content: dict[str, Any] = {
        name: value
        for name, way in names.items()
        if (value := WAYS[way]()) is not dataclasses.MISSING
    }
    content |= {"__annotations__": dict.fromkeys(names, "int"), "__doc__": "Fields."}
    made: type = make(**settings)(type("Built", (), content))
    return made


def told(action: Callable[[], Any]) -> object:
    """Return what an action gives, or how it fails."""
    try:
        return action()
    except (TypeError, AttributeError) as error:
        return type(error), str(error)


@given(
    ways=st.lists(st.sampled_from(sorted(WAYS)), max_size=6),
    settings=st.fixed_dictionaries(
        {name: st.booleans() for name in ("eq", "repr", "frozen", "slots")}
    ),
    values=st.lists(st.integers(0, 1), max_size=7),
    others=st.lists(st.integers(0, 1), max_size=7),
)
def test_every_shape_behaves_as_in_the_standard_library(
    ways: list[str], settings: dict[str, bool], values: list[int], others: list[int]
) -> None:
    found = []
    for make in (dataclasses.dataclass, ours.dataclass):
        cls = build(make, ways, **settings)
        one, other = told(lambda c=cls: c(*values)), told(lambda c=cls: c(*others))
        seen: list[object] = [
            str(inspect.signature(cls)),
            cls.__match_args__,  # type: ignore[attr-defined]
            [(each.name, each.type, each.init, each.repr) for each in dataclasses.fields(cls)],
            repr(cls.__dataclass_params__).split(",order")[0],  # type: ignore[attr-defined]
            one if isinstance(one, tuple) else dataclasses.asdict(one),  # type: ignore[call-overload]
            told(lambda c=cls: c(unknown=1)),
        ]
        if isinstance(one, cls):
            seen += [
                one == other,
                one == one,
                told(lambda o=one: hash(o)) == hash_of(one, settings),
            ]
            seen += [repr(one).split(" at ")[0], *changes(one, settings, bool(ways))]
            again = copy.copy(cls(*values))
            seen += [dataclasses.asdict(again), again == cls(*values)]  # type: ignore[call-overload]
        found.append(seen)
    assert found[0] == found[1]


def changes(value: object, settings: dict[str, bool], has_fields: bool) -> list[object]:
    """Return what comes of changing an instance.

    The standard library fails on other names of frozen classes with slots (Python issue 90562).
    """
    names = ["field0"] if has_fields else []
    names += [] if settings["frozen"] and settings["slots"] else ["other"]
    found = [told(partial(setattr, value, name, 9)) for name in names]
    return found + [told(partial(delattr, value, name)) for name in names]


def hash_of(value: Any, settings: dict[str, bool]) -> object:
    """Return what the standard library's generated function gives, where there is one."""
    compared = tuple(
        getattr(value, each.name) for each in dataclasses.fields(value) if each.compare
    )
    if not settings["eq"]:
        return object.__hash__(value)
    return told(lambda: hash(compared)) if settings["frozen"] else None


@ours.dataclass(frozen=True, slots=True)
class Point:
    """A point that is told by its place."""

    x: int
    y: int = 0


@ours.dataclass(frozen=True)
class Named:
    """A value with methods of its own."""

    name: str
    parts: tuple[Named, ...] = ()

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("no name")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        return hash(self.name.lower())

    @cached_property
    def length(self) -> int:
        return len(self.name)


class Titled(Named):
    """A subclass that is no data class itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.title = "Dr."


def test_frozen_values_with_slots_are_copied_pickled_and_matched() -> None:
    point = Point(1, 2)
    assert pickle.loads(pickle.dumps(point)) == copy.deepcopy(point) == point
    assert dataclasses.replace(point, y=5) == Point(1, 5) != point
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 3  # type: ignore[misc]


def test_what_a_class_defines_stays_and_the_rest_is_added() -> None:
    assert Named("a") == Named("A")
    assert hash(Named("a")) == hash("a")
    assert Named("abc").length == 3
    assert repr(Named("a", (Named("b"),))) == "Named(name='a', parts=(Named(name='b', parts=()),))"
    with pytest.raises(ValueError, match="no name"):
        Named("")


def test_subclasses_use_the_init_and_may_have_attributes_of_their_own() -> None:
    titled = Titled("a")
    assert (titled.name, titled.title) == ("a", "Dr.")
    titled.title = "Prof."
    with pytest.raises(dataclasses.FrozenInstanceError):
        titled.name = "b"  # type: ignore[misc]


def test_a_class_that_extends_another_one_is_made_by_the_standard_library() -> None:
    @ours.dataclass(frozen=True)
    class Placed(Point):
        """A point with a label."""

        label: str = ""

    assert repr(Placed(1, label="a")).endswith("Placed(x=1, y=0, label='a')")
    assert [each.name for each in dataclasses.fields(Placed)] == ["x", "y", "label"]


def test_the_signature_shows_types_and_defaults() -> None:
    assert str(inspect.signature(Point)) == "(x: 'int', y: 'int' = 0) -> None"
