"""Lists of answers that were written otherwise than the codebook says, as it says.

A script writes a list as it prints one (``["a", "b"]``), a spreadsheet was told to put another
sign between answers. Such a cell is rewritten only if every answer in it is a listed one, or the
brackets tell that it is a list.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container

__all__ = ["with_separator"]

_SEPARATORS = ("|", ";", "\n", "\t", ",", "/")
_LONGEST = 1 << 14


def with_separator(known: Container[str], separator: str) -> Callable[[str], str]:
    r"""Return what rewrites a list with the usual separator between its answers.

    Examples
    --------
    >>> rewrite = with_separator({"Chef", "Salt"}, ";")
    >>> rewrite('["Chef", "Salt"]'), rewrite("{Chef,Salt}"), rewrite("Chef | Salt")
    ('Chef;Salt', 'Chef;Salt', 'Chef;Salt')
    >>> rewrite("Chef | our own"), rewrite("[]")
    ('Chef | our own', '')
    """

    def rewritten(text: str) -> str:
        bare = text.strip()
        pieces = _printed(bare)
        if pieces is not None:
            return separator.join(pieces)
        if bare in known or separator in bare.strip("{}"):
            return text
        inner = bare[1:-1] if bare.startswith("{") and bare.endswith("}") else bare
        for each in _SEPARATORS:
            pieces = [piece.strip().strip('"') for piece in inner.split(each) if piece.strip()]
            if len(pieces) > 1 and all(piece in known for piece in pieces):
                return separator.join(pieces)
        return text

    return rewritten


def _printed(text: str) -> list[str] | None:
    """Return the texts of a list as JSON or Python prints it; None if it is none."""
    if not (text.startswith("[") and text.endswith("]")) or len(text) > _LONGEST:
        return None
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(e, str) for e in found) else None
