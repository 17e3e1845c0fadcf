"""Two folders change places in one step, so that at no moment one of them is absent."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["exchange"]

_HERE = -100  # AT_FDCWD: paths start at the current folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one disk change places; return whether the system could.

    Linux has ``renameat2`` since 3.15 and macOS ``renamex_np`` since 10.12, on most kinds of
    disks; where this returns False nothing has changed.
    """
    rename = _rename()
    if rename is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":  # pragma: no cover  # no Mac at hand
        return bool(rename(*paths, _EXCHANGE) == 0)
    return bool(rename(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0)


@cache
def _rename() -> Any:
    """Return the system's function, None where there is none."""
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    try:
        return getattr(ctypes.CDLL(None), name) if name else None
    except (AttributeError, OSError):
        return None
