"""Results that were looked at once and are kept: cases, one readable file each, and a comparison.

A case is a name and a function without arguments. What it returns (a table, arrays, values that
hold arrays) is laid out as plain lists and texts, one line each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import EstimateError
from survey.estimates import Estimates

Case = Callable[[], Any]


def laid_out(found: Any) -> Any:
    """Return a result as mappings of lists, numbers and texts."""
    if isinstance(found, Estimates):
        spec = {"title": found.title, "method": found.spec.method, "notes": laid_out(found.notes)}
        return {**spec, "answers of": str(found.spec.unit), **laid_out(found.frame)}
    if isinstance(found, pd.DataFrame):
        return {str(name): laid_out(found[name].to_numpy()) for name in found.columns}
    if isinstance(found, EstimateError):
        return str(found).splitlines()
    if is_dataclass(found) and not isinstance(found, type):
        return {each.name: laid_out(getattr(found, each.name)) for each in fields(found)}
    if isinstance(found, Mapping):
        return {str(name): laid_out(value) for name, value in found.items()}
    if hasattr(found, "_asdict"):
        return laid_out(found._asdict())
    if isinstance(found, np.ndarray | list | tuple | pd.Index):
        return [laid_out(each) for each in found]
    return _plain(found)


def _plain(found: Any) -> Any:
    if found is None:
        return None
    if isinstance(found, bool | np.bool_):
        return bool(found)
    if isinstance(found, int | np.integer):
        return int(found)
    if isinstance(found, float | np.floating):
        return float(f"{found:.12g}") if np.isfinite(found) else str(float(found))
    return str(found)  # also of a note that knows its wording for publication


def write(path: Path, cases: Mapping[str, Case]) -> None:
    """Record every case anew."""
    parts = []
    for name, case in cases.items():
        found = laid_out(case())
        held = found if isinstance(found, dict) else {"": found}
        lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in held.items()]
        parts.append(f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Return what was recorded, by case."""
    kept: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return kept


def differences(found: Any, kept: dict[str, Any], near: float) -> list[str]:
    """Return what differs from the record, numbers by more than ``near`` of their size."""
    laid = laid_out(found)
    return list(_differ("", laid if isinstance(laid, dict) else {"": laid}, kept, near))


def _differ(where: str, found: Any, kept: Any, near: float) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(kept, dict):
        if list(found) != list(kept):
            yield f"{where}: {list(found)} instead of {list(kept)}"
        for name in found.keys() & kept.keys():
            yield from _differ(f"{where} {name}", found[name], kept[name], near)
    elif isinstance(found, list) and isinstance(kept, list) and len(found) == len(kept):
        for place, (own, other) in enumerate(zip(found, kept, strict=True)):
            yield from _differ(f"{where} {place}", own, other, near)
    elif isinstance(found, float) and isinstance(kept, float):
        if found != pytest.approx(kept, rel=near, abs=1e-13):
            yield f"{where}: {found} instead of {kept}"
    elif type(found) is not type(kept) or found != kept:
        yield f"{where}: {found!r} instead of {kept!r}"
