"""Python's collector of cycles, held back while many values are made that all stay.

CPython looks for cycles whenever it has made 700 values that hold others, and now and then goes
through every value of the program. While thousands of values come of a table and none is thrown
away, it finds nothing: it looks once afterwards.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["collecting_less", "collector_paused"]

_NEW_OBJECTS = 50_000
"""After so many the collector runs where it runs less; by itself after 700."""


@contextmanager
def collector_paused() -> Generator[None, None, None]:
    """Keep the collector from running inside; afterwards it is as it was, whatever happens.

    It is for a single table of values that stay, no longer than some hundredths of a second: the
    collector belongs to the program. Where two threads pause it, it runs again when one is done.

    Examples
    --------
    >>> with collector_paused():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@contextmanager
def collecting_less() -> Generator[None, None, None]:
    """Look for unreachable values less often inside: nearly all that a report makes it keeps.

    Examples
    --------
    >>> with collecting_less():
    ...     gc.get_threshold()[0]
    50000
    """
    usual = gc.get_threshold()
    gc.set_threshold(max(_NEW_OBJECTS, usual[0]), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
