"""How far a computation has come, said in an interactive session alone.

Whoever waits at a prompt or in a notebook sees it; scripts and commands, which say themselves what
they do, do not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Final, TypeVar

__all__ = ["each"]

_T = TypeVar("_T")
_AT_ONCE: Final = 0.1
"""Seconds that nobody takes for waiting."""


def each(what: str, things: Sequence[_T]) -> Iterator[_T]:
    """Yield things, saying on standard error how many are done, once it takes longer.

    Examples
    --------
    >>> list(each("adding up", [1, 2]))
    [1, 2]
    """
    if len(things) < 2 or not _interactive():
        yield from things
        return
    began, line = monotonic(), ""
    try:
        for done, thing in enumerate(things):
            if monotonic() - began > _AT_ONCE:
                line = f"{what}: {done} of {len(things)}"
                _say(f"\r{line}")
            yield thing
    finally:
        if line:
            _say(f"\r{' ' * len(line)}\r")


def _interactive() -> bool:
    """Whether somebody sits at a prompt or a notebook."""
    return sys.stderr is not None and (hasattr(sys, "ps1") or "ipykernel" in sys.modules)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
