"""The code that a page of the documentation writes, as a module."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"


def module_on(page: str) -> ModuleType:
    """Return the first block of Python on a how-to page, run as a module of its own."""
    path = HOW_TO / page
    code = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)[0]
    module = ModuleType(f"written_on_{path.stem}".replace("-", "_"))
    sys.modules[module.__name__] = module
    exec(compile(code, str(path), "exec"), module.__dict__)
    return module
