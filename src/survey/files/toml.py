"""TOML that people write: what cannot be read is a problem, with the place where that is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from survey.errors import Problem
from survey.files.faults import problem_of
from survey.files.reading import printable, read_file

__all__ = ["read_toml", "toml_of"]

_MOST = 1 << 24  # bytes: no person wrote more
_VALID = "valid TOML in UTF-8"


def read_toml(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the content of a TOML file; None, and a problem, if it cannot be read."""
    try:
        content = read_file(path, most=_MOST)
    except OSError as fault:
        problems.append(problem_of(fault, path, "a TOML file"))
        return None
    return toml_of(printable(path.name), content, problems)


def toml_of(name: str, content: bytes, problems: list[Problem]) -> dict[str, Any] | None:
    """Return what TOML says; None, and a problem, if it is none.

    Examples
    --------
    >>> problems = []
    >>> toml_of("survey.toml", b"title = OpenStack", problems)
    >>> print(problems[0])
    survey.toml: got Invalid value (at line 1, column 9); expected valid TOML in UTF-8.
    """
    import tomllib  # not for those who read the shipped editions, which are JSON, too

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8"
        problems.append(Problem(f"{name}, line {line}", "bytes that are not UTF-8", _VALID, hint))
    except ValueError as error:  # a number of too many digits is no TOMLDecodeError
        problems.append(Problem(name, str(error), _VALID))
    except RecursionError:
        problems.append(Problem(name, "brackets within brackets, too deep to read", _VALID))
    return None
