"""Public functions check the types of their arguments against their own annotations.

``@checked(EstimateError)`` above a function makes every argument of another type a problem that
names it, all in one error, before anything is computed. Ranges and names are checked by the
function itself. Where an annotation says nothing that can be checked, anything passes.
"""

from __future__ import annotations

import builtins
import collections.abc
import inspect
import numbers
import os
import re
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin

from survey.dataclass import dataclass
from survey.errors import Problem, SurveyError
from survey.renamed import renamed_arguments

__all__ = ["checked", "fits", "takes_texts"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_LOOKED_AT = (list, tuple, set, frozenset, dict)  # an iterator is not used up by a look at it
_LONGEST = 40
_YEAR = re.compile("(19|20)[0-9]{2}")
_WORDS: Mapping[object, str] = {
    str: "text",
    bytes: "bytes",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    type(None): "None",
    Ellipsis: "...",
}


def checked(error: type[SurveyError]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Make a function raise ``error`` for arguments that are not of the annotated types.

    Examples
    --------
    >>> from survey.errors import EstimateError
    >>> @checked(EstimateError)
    ... def largest(concept: str, *, top: int | None = None) -> None: ...
    >>> largest("compute_cores", top="5")
    Traceback (most recent call last):
    survey.errors.EstimateError: largest() cannot be called like this
      - top: got '5'; expected a whole number or None.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        asked = cache(lambda: inspect.signature(function))  # of few functions in a session
        hints = cache(lambda: _hints(function, asked()))

        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            signature = asked()
            old = renamed_arguments(function.__name__, kwargs, signature.parameters)
            if old:
                raise error(f"{function.__name__}() cannot be called like this", old)
            try:
                given = signature.bind(*args, **kwargs).arguments
            except TypeError:  # Python's own message names what is missing or too much
                return function(*args, **kwargs)
            problems = [
                Problem(name, shown(value), expected(hints()[name]), _as_text(value, hints()[name]))
                for name, value in _each(signature, given)
                if name in hints() and not _passes(value, hints()[name])
            ]
            if problems:
                raise error(f"{function.__name__}() cannot be called like this", problems)
            return function(*args, **kwargs)

        return call

    return decorate


def takes_texts(error: type[SurveyError]) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Make a method that takes names alone raise ``error`` for anything else.

    It asks less than :func:`checked` and is faster, for methods that are called for every cell.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> read_codebook().question(["team_size"])
    Traceback (most recent call last):
    survey.errors.CodebookError: question() cannot be called like this
      - concept: got a list; expected text. Hint: write 'team_size'.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        names = tuple(inspect.signature(function).parameters)

        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            for value in (*args[1:], *kwargs.values()):
                if value is not None and not isinstance(value, str):
                    given = {**dict(zip(names[1:], args[1:], strict=False)), **kwargs}
                    wrong = {n: v for n, v in given.items() if not isinstance(v, str | None)}
                    problems = [
                        Problem(n, shown(v), expected(str), _as_text(v, str))
                        for n, v in wrong.items()
                    ]
                    raise error(f"{function.__name__}() cannot be called like this", problems)
            return function(*args, **kwargs)

        return call

    return decorate


@dataclass(frozen=True)
class _Named:
    """A class that is known by its name alone, since its module imports ours."""

    __name__: str


class _Names(dict[str, Any]):
    """What a function can see; a name that only the type checker has stands for itself."""

    def __missing__(self, name: str) -> _Named:
        return _Named(name)


def _hints(function: Callable[..., Any], signature: inspect.Signature) -> dict[str, Any]:
    """Return the annotation of every parameter that can be evaluated."""
    found: dict[str, Any] = {}
    names = _Names({**vars(builtins), **vars(typing), **getattr(function, "__globals__", {})})
    for name, parameter in signature.parameters.items():
        hint = parameter.annotation
        if isinstance(hint, str) and hint.startswith("npt."):
            hint = Any  # numpy says itself what it makes an array of
        elif isinstance(hint, str):
            try:
                hint = eval(hint, {}, names)  # the function's own source
            except (NameError, TypeError):  # more of it only the type checker has
                hint = Any
        if hint is not inspect.Parameter.empty:
            found[name] = hint
    return found


def _each(signature: inspect.Signature, given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every argument by name; those gathered by a star one by one."""
    for name, value in given.items():
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            yield from ((name, each) for each in value)
        elif kind is not inspect.Parameter.VAR_KEYWORD:
            yield name, value


def _passes(value: object, hint: Any) -> bool:
    """Whether a value is of an annotated type, and a path one that the system can have."""
    names = isinstance(value, str | os.PathLike) and "\0" in str(value)
    kinds = get_args(hint) or (hint,)
    paths = any(isinstance(kind, type) and issubclass(kind, os.PathLike) for kind in kinds)
    return fits(value, hint) and not (names and paths)


def fits(value: object, hint: Any) -> bool:
    """Whether a value is of an annotated type.

    Truth values are no numbers, whole numbers are numbers, a text is no list of texts.

    Examples
    --------
    >>> fits(["a"], list[str]), fits("a", list[str]), fits(True, int), fits(1, float)
    (True, False, False, True)
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, each) for each in inner)
    if origin is typing.Literal:
        return any(type(value) is type(each) for each in inner)
    if origin is typing.Annotated:
        return fits(value, inner[0])
    if origin is collections.abc.Callable:
        return callable(value)
    if isinstance(origin, type):
        return _fits_collection(value, origin, inner)
    return _fits_class(value, hint)


def _is_truth(value: object) -> bool:
    kind = type(value)  # of numpy's, too, which need not be imported for that
    return kind is bool or (kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_"))


_PLAIN: Mapping[object, Callable[[object], bool]] = {
    Any: lambda _: True,
    object: lambda _: True,
    None: lambda value: value is None,
    bool: _is_truth,
    int: lambda value: isinstance(value, numbers.Integral) and not isinstance(value, bool),
    float: lambda value: isinstance(value, numbers.Real) and not isinstance(value, bool),
}


def _fits_class(value: object, hint: Any) -> bool:
    if hint in _PLAIN:
        return _PLAIN[hint](value)
    if isinstance(hint, _Named):
        return any(kind.__name__ == hint.__name__ for kind in type(value).__mro__)
    if not isinstance(hint, type):  # Any, a type variable, an alias of numpy's
        return True
    if isinstance(value, str | bytes) and not issubclass(hint, str | bytes):
        return isinstance(value, hint) and not issubclass(hint, Collection)
    try:
        return isinstance(value, hint)
    except TypeError:  # a protocol that exists for the type checker alone
        return True


def _fits_collection(value: object, origin: type, inner: tuple[Any, ...]) -> bool:
    if origin is type:
        return isinstance(value, type)
    if isinstance(value, str | bytes) or not isinstance(value, origin):
        return False
    if isinstance(value, Mapping) and issubclass(origin, Mapping):
        key, member = inner if len(inner) == 2 else (Any, Any)
        return all(fits(k, key) and fits(v, member) for k, v in value.items())
    if origin is tuple and inner and inner[-1] is not Ellipsis:
        whole = typing.cast("tuple[object, ...]", value)
        return len(whole) == len(inner) and all(map(fits, whole, inner))
    if inner and isinstance(value, _LOOKED_AT):
        return all(fits(each, inner[0]) for each in value)
    return True


def expected(hint: Any) -> str:
    """Return an annotated type in words.

    Examples
    --------
    >>> expected(str | list[str] | None)
    'text, a list of text or None'
    """
    origin, inner = get_origin(hint), get_args(hint)
    if (known := _known_kind(hint, origin)) is not None:
        return known
    if origin in (Union, types.UnionType):
        words = list(dict.fromkeys(map(expected, inner)))
        return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return (
            f"a mapping of {expected(inner[0])} to {expected(inner[1])}" if inner else "a mapping"
        )
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return f"a list of {expected(inner[0])}" if inner and inner[0] is not Any else "a list"
    name = getattr(hint, "__name__", str(hint))
    return _WORDS.get(hint, f"{'an' if name[0] in 'AEIOU' else 'a'} {name}")


def _known_kind(hint: Any, origin: Any) -> str | None:
    """Return a function, an array or a path in words, whatever is in it."""
    if origin is collections.abc.Callable:
        return "a function"
    if getattr(origin, "__module__", "") == "numpy":
        return "an array"
    return "a path" if isinstance(hint, type) and issubclass(hint, os.PathLike) else None


def _as_text(value: object, hint: Any) -> str:
    """Return how to write a year that came as a number, or a list, where text is expected."""
    many = isinstance(value, list | tuple)
    given = list(value) if isinstance(value, list | tuple) else [value]
    if hint is str and many and given and all(isinstance(each, str) for each in given):
        return f"write {given[0]!r}" if len(given) == 1 else "ask for one at a time"
    years = [str(each) for each in given if isinstance(each, numbers.Integral)]
    if not years or not all(map(_YEAR.fullmatch, years)) or len(years) < len(given):
        return ""
    wanted = years if many else years[0]
    return f"write {wanted!r}" if fits(wanted, hint) else ""


def shown(value: object) -> str:
    """Return a value as an error may show it: short, and no table of answers."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        text = repr(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
