"""How many cases a test that needs many of them draws, by profile."""

from __future__ import annotations

import hypothesis

__all__ = ["cases"]

_USUAL = 100  # what the profiles of every day draw; below it is the one on lowest versions


def cases(least: int) -> int:
    """Return ``least`` by day, more at night, and a fifth where a profile asks for few.

    Examples
    --------
    >>> cases(300) >= 60
    True
    """
    profile: int = hypothesis.settings.default.max_examples
    return max(least, profile) if profile >= _USUAL else max(profile, least // 5)
