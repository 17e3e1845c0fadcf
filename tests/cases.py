"""How many cases a test that needs many of them draws, by profile."""

from __future__ import annotations

import hypothesis

__all__ = ["cases"]

_USUAL = 100  # what the profiles of every day draw; the one on the lowest versions draws less


def cases(least: int, *, night: int = 10_000) -> int:
    """Return ``least`` by day, up to ``night`` at night, and a fifth where a profile asks for few.

    Examples
    --------
    >>> cases(300) >= 60
    True
    """
    profile: int = hypothesis.settings.default.max_examples
    if profile < _USUAL:
        return max(profile, least // 5)
    return max(least, min(profile, night)) if profile > _USUAL else least
