"""Lines of TOML: the standard library reads them, but writes none."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["toml_line"]


def toml_line(key: str, value: Any) -> str:
    r"""Return one line of TOML; texts are quoted, dates and numbers are not.

    Examples
    --------
    >>> toml_line("names", ['say "hi"', "ООО"])
    'names = ["say \\"hi\\"", "ООО"]'
    """
    return f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        # A JSON string is a TOML string, but for the one control character that JSON allows.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
