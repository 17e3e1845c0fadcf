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
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, cast

__all__ = ["dataclass"]

_Methods = dict[str, Callable[..., Any]]
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
    methods = {"__init__": _init_of(made), **_refusing(made)}
    methods |= _compared(made) if settings.get("eq", True) else {}
    methods |= {"__repr__": _printed(made)} if settings.get("repr", True) else {}
    methods |= _stateful(made) if slots else {}
    for name, method in methods.items():
        if own.get(name) is None:  # Python sets __hash__ to None beside an own __eq__
            method.__name__, method.__qualname__ = name, f"{cls.__qualname__}.{name}"
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
    made.__annotations__ = {each.name: each.type for each in fields(cls)} | {"return": None}
    return made


def _refusing(cls: type) -> _Methods:
    """Refuse changes; a subclass may have attributes of its own that change."""
    names = frozenset(each.name for each in fields(cls))

    def assign(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)  # type: ignore[arg-type]

    def delete(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)  # type: ignore[arg-type]

    return {"__setattr__": assign, "__delattr__": delete}


def _compared(cls: type) -> _Methods:
    """Compare instances of the class by their fields."""
    compared = _values_of(each.name for each in fields(cls) if each.compare)
    digested = _values_of(
        each.name for each in fields(cls) if (each.compare if each.hash is None else each.hash)
    )

    def equal(self: object, other: object) -> Any:
        same = other.__class__ is self.__class__
        return compared(self) == compared(other) if same else NotImplemented

    def digest(self: object) -> int:
        return hash(digested(self))

    return {"__eq__": equal, "__hash__": digest}


def _values_of(names: Iterable[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return the function that reads some fields of an instance."""
    wanted = tuple(names)
    if len(wanted) > 1:
        return attrgetter(*wanted)
    return lambda instance: tuple(getattr(instance, name) for name in wanted)


def _printed(cls: type) -> Callable[[Any], str]:
    shown = tuple(each.name for each in fields(cls) if each.repr)

    @recursive_repr()
    def printed(self: object) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({inside})"

    return printed


def _stateful(cls: type) -> _Methods:
    """Let instances with slots be copied and pickled, which sets their fields."""
    names = tuple(each.name for each in fields(cls))

    def state_of(self: object) -> list[Any]:
        return [getattr(self, name) for name in names]

    def set_state(self: object, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": state_of, "__setstate__": set_state}
