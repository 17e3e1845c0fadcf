"""Data classes that are quick to define.

:func:`dataclasses.dataclass` writes six functions for each class and compiles them when the module
is imported: a third of what importing the toolkit took, for classes of which a program uses some.
Here reading and comparing fields is done by functions that all classes share, and ``__init__`` is
compiled when it is first used. What is made is a data class in every other respect: ``fields``,
``replace``, ``asdict``, ``match``, signatures and error messages are those of the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_USUAL = {"eq": True, "repr": True, "frozen": False, "slots": False}
_set_field = object.__setattr__


class _Made:
    """The default of an argument whose field is made anew for each instance."""

    def __repr__(self) -> str:
        return "<factory>"


_made_anew = _Made()


class _Init:
    """An ``__init__`` that compiles itself and takes its own place when it is first asked for."""

    def __init__(self, owner: type) -> None:
        self.owner = owner

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        made = _written_init(self.owner)
        type.__setattr__(self.owner, "__init__", made)
        return made if instance is None else made.__get__(instance, owner)


def _written_init(cls: type) -> Callable[..., None]:
    """Compile the ``__init__`` of a class from its fields."""
    given = [each for each in fields(cls) if each.init]
    names: dict[str, Any] = {"__name__": cls.__module__, "_set": _set_field, "_anew": _made_anew}
    arguments = ["self", *(_argument(each, names) for each in given if not each.kw_only)]
    if keywords := [_argument(each, names) for each in given if each.kw_only]:
        arguments += ["*", *keywords]
    frozen = cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    lines = []
    for each in fields(cls):
        value = _value(each, names, slots="__slots__" in vars(cls))
        if value:
            simple = f"self.{each.name} = {value}"
            lines.append(f"_set(self, {each.name!r}, {value})" if frozen else simple)
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "".join(f"\n    {line}" for line in lines or ["pass"])
    exec(f"def __init__({', '.join(arguments)}):{body}", names)  # names of fields alone
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {each.name: each.type for each in given} | {"return": None}
    return made


def _argument(each: Field[Any], names: dict[str, Any]) -> str:
    if each.default is not MISSING:
        names[f"_default_{each.name}"] = each.default
        return f"{each.name}=_default_{each.name}"
    return each.name if each.default_factory is MISSING else f"{each.name}=_anew"


def _value(each: Field[Any], names: dict[str, Any], *, slots: bool) -> str:
    """Return the expression of what a field is set to; nothing where its class has the default."""
    if each.default_factory is not MISSING:
        names[f"_make_{each.name}"] = each.default_factory
        made = f"_make_{each.name}()"
        return f"{made} if {each.name} is _anew else {each.name}" if each.init else made
    if each.init:
        return each.name
    if slots and each.default is not MISSING:
        names[f"_default_{each.name}"] = each.default
        return f"_default_{each.name}"
    return ""


def _values_of(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """Return the function that reads some fields of an instance."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _add_comparison(cls: type, *, frozen: bool) -> None:
    compared = _values_of(tuple(each.name for each in fields(cls) if each.compare))

    def equal(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    _add(cls, "__eq__", equal)
    if not frozen:
        if "__hash__" not in vars(cls):
            cls.__hash__ = None  # type: ignore[assignment]
    elif vars(cls).get("__hash__") is None:  # Python's own, where a class defines equality
        _add_hash(cls)


def _add_hash(cls: type) -> None:
    used = [each for each in fields(cls) if (each.compare if each.hash is None else each.hash)]
    hashed = _values_of(tuple(each.name for each in used))

    def digest(self: object) -> int:
        return hash(hashed(self))

    cls.__hash__ = _named(cls, "__hash__", digest)  # type: ignore[method-assign]


def _add_repr(cls: type) -> None:
    shown = tuple(each.name for each in fields(cls) if each.repr)

    @recursive_repr()
    def printed(self: object) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({inside})"

    _add(cls, "__repr__", printed)


def _freeze(cls: type) -> None:
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

    _add(cls, "__setattr__", assign)
    _add(cls, "__delattr__", delete)


def _add_state(cls: type) -> None:
    """Let frozen instances with slots be copied and pickled, which sets their fields."""
    names = tuple(each.name for each in fields(cls))

    def state_of(self: object) -> list[Any]:
        return [getattr(self, name) for name in names]

    def set_state(self: object, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            _set_field(self, name, value)

    _add(cls, "__getstate__", state_of)
    _add(cls, "__setstate__", set_state)


def _add(cls: type, name: str, function: Callable[..., Any]) -> None:
    """Give a class a method, unless it has defined its own."""
    if name not in vars(cls):
        setattr(cls, name, _named(cls, name, function))


def _named(cls: type, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    function.__name__, function.__qualname__ = name, f"{cls.__qualname__}.{name}"
    function.__module__ = cls.__module__
    return function


if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: Any = None, /, **settings: bool) -> Any:
        """Make a class a data class, as :func:`dataclasses.dataclass` does, at a tenth of the cost.

        Parameters
        ----------
        cls
            The class with annotated fields.
        **settings
            ``eq``, ``repr``, ``frozen`` and ``slots`` as in the standard library, which makes
            the class where there are others, or where it extends another data class.

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
        extends = any(dataclasses.is_dataclass(base) for base in cls.__mro__[1:])
        if extends or not settings.keys() <= _USUAL.keys():
            return dataclasses.dataclass(**settings)(cls)
        return _made(cls, {**_USUAL, **settings})


def _made(cls: type, settings: dict[str, bool]) -> type:
    own_init = "__init__" in vars(cls)
    if not cls.__doc__:
        cls.__doc__ = cls.__name__  # the standard library would print the signature, at a cost
    slots, frozen = settings["slots"], settings["frozen"]
    make = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)
    made: type = make(cls)
    for name, value in {"init": True, **settings}.items():
        if name != "slots":
            setattr(made.__dataclass_params__, name, value)  # type: ignore[attr-defined]
    if not own_init:
        made.__init__ = _Init(made)  # type: ignore[misc]
    if settings["eq"]:
        _add_comparison(made, frozen=frozen)
    if settings["repr"]:
        _add_repr(made)
    if frozen:
        _freeze(made)
    if frozen and slots:
        _add_state(made)
    return made
