"""Frozen data classes that are quick to define.

For a frozen class, :func:`dataclasses.dataclass` writes six functions as text and compiles each
when the module is imported (up to Python 3.12). Of these, ``__init__`` alone depends on the fields'
names; the others do the same for every class, and are written once here. Fields, ``replace``,
``asdict`` and ``match`` come from the standard library, and so does every class that is not frozen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from functools import partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, cast

__all__ = ["dataclass"]

_Values = Callable[[Any], tuple[Any, ...]]
_SETTINGS = frozenset({"frozen", "slots", "eq", "repr"})


class _Made:
    """The default of an argument whose field is made anew for each instance."""

    def __repr__(self) -> str:
        return "<factory>"


_MADE = _Made()

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: Any = None, /, **settings: bool) -> Any:
        """Make a class a data class, as :func:`dataclasses.dataclass` does.

        Parameters
        ----------
        cls
            The class with annotated fields.
        **settings
            Those of the standard library.

        Returns
        -------
        type
            The class, or one with the same content if it has slots.

        Examples
        --------
        >>> @dataclass(frozen=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(1)
        Point(x=1, y=0)
        """
        if cls is None:
            return lambda cls: dataclass(cls, **settings)
        if not settings.get("frozen") or not settings.keys() <= _SETTINGS or _unusual(cls):
            return dataclasses.dataclass(**settings)(cls)
        return _frozen(cls, **settings)


def _unusual(cls: type) -> bool:
    """Whether a class extends a data class, or has fields that are no usual arguments."""
    given = [value for value in vars(cls).values() if isinstance(value, Field)]
    return any(map(dataclasses.is_dataclass, cls.__mro__[1:])) or not all(
        each.init and each.kw_only is MISSING for each in given
    )


def _frozen(cls: type, *, slots: bool = False, **settings: bool) -> type:
    own = dict(vars(cls))
    cls.__doc__ = cls.__doc__ or cls.__name__  # the standard library would print the signature
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    for name, value in {"init": True, "eq": True, "repr": True, **settings}.items():
        setattr(made.__dataclass_params__, name, value)
    methods = {"__init__": _init_of(made), "__setattr__": _assign, "__delattr__": _delete}
    if settings.get("eq", True):
        made.__values__, made.__hashed__ = _compared(made), _digested(made)
        methods |= {"__eq__": _equal, "__hash__": _hash}
    if settings.get("repr", True):
        methods["__repr__"] = _printed
    if slots:
        methods |= {"__getstate__": _state_of, "__setstate__": _set_state}
    for name, method in methods.items():
        if own.get(name) is None:  # Python sets __hash__ to None beside an own __eq__
            setattr(made, name, method)
    return cast("type", made)


def _init_of(cls: type) -> Callable[..., None]:
    """Compile ``__init__``, a text in which the names of the fields alone differ."""
    names: dict[str, Any] = {"__name__": cls.__module__, "_set": object.__setattr__, "_MADE": _MADE}
    arguments, lines = ["self"], []
    for each in fields(cls):
        name, value = each.name, each.name
        default: Any = each.default
        if each.default_factory is not MISSING:
            names[f"_make_{name}"] = each.default_factory
            default, value = _MADE, f"_make_{name}() if {name} is _MADE else {name}"
        names[f"_default_{name}"] = default
        arguments.append(name if default is MISSING else f"{name}=_default_{name}")
        lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "".join(f"\n  {line}" for line in lines or ["pass"])
    exec(f"def __init__({', '.join(arguments)}):{body}", names)
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {each.name: each.type for each in fields(cls)} | {"return": None}
    return made


def _compared(cls: type) -> _Values:
    return _values_of(each.name for each in fields(cls) if each.compare)


def _digested(cls: type) -> _Values:
    return _values_of(
        each.name for each in fields(cls) if (each.compare if each.hash is None else each.hash)
    )


def _values_of(names: Iterable[str]) -> _Values:
    """Return the function that reads some fields of an instance."""
    wanted = tuple(names)
    if len(wanted) > 1:
        return attrgetter(*wanted)
    return partial(_few_values, wanted)


def _few_values(names: tuple[str, ...], instance: object) -> tuple[Any, ...]:
    return tuple(getattr(instance, name) for name in names)


# What follows are methods, of every class alike.


def _refuse(self: Any, name: str, what: str) -> None:
    """Refuse a change; a subclass may have attributes of its own that change."""
    if "__dataclass_fields__" in vars(type(self)) or name in self.__dataclass_fields__:
        raise FrozenInstanceError(f"cannot {what} field {name!r}")


def _assign(self: Any, name: str, value: object) -> None:
    _refuse(self, name, "assign to")
    object.__setattr__(self, name, value)


def _delete(self: Any, name: str) -> None:
    _refuse(self, name, "delete")
    object.__delattr__(self, name)


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values: _Values = self.__class__.__values__
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(self.__class__.__hashed__(self))


@recursive_repr()
def _printed(self: Any) -> str:
    shown = (each.name for each in fields(self) if each.repr)
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__}({inside})"


def _state_of(self: Any) -> list[Any]:
    """Return what copies and pickles of an instance with slots keep."""
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
