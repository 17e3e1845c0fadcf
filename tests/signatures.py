"""Defaults of the public functions and classes of a room: part of what people rely on.

``python -m tests.signatures`` writes ``tests/ROOM/defaults.json`` anew; do so where a default
changes on purpose, and say it in the changelog.
"""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path

from tests.values import modules_of

HERE = Path(__file__).parent
ROOMS = ("disclosure", "estimates", "exports")


def defaults_of(room: str) -> dict[str, dict[str, str]]:
    """Return the defaults of everything that a module of a room offers to others."""
    found = {}
    for module in [importlib.import_module(f"survey.{room}"), *modules_of(room)]:
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if getattr(thing, "__module__", "").startswith(f"survey.{room}") and (
                own := defaults(thing)
            ):
                found[f"{thing.__module__}.{thing.__qualname__}"] = own
    return dict(sorted(found.items()))


def defaults(thing: object) -> dict[str, str]:
    """Return parameter -> default; values that have no short way to be written are left out."""
    if not callable(thing):
        return {}
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return {}
    given = {each.name: each.default for each in parameters if each.default is not each.empty}
    plain = (bool, int, float, str, tuple, type(None))
    return {name: repr(value) for name, value in given.items() if isinstance(value, plain)}


def recorded(room: str) -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = json.loads(file_of(room).read_text("utf-8"))
    return known


def changed(room: str) -> list[str]:
    """Return every recorded default that is another one; what is new or gone is no default."""
    now = defaults_of(room)
    return [
        f"{name}({parameter}={before}) is now {parameter}={now[name][parameter]}"
        for name, own in recorded(room).items()
        for parameter, before in own.items()
        if now.get(name, {}).get(parameter, before) != before
    ]


def file_of(room: str) -> Path:
    return HERE / room / "defaults.json"


if __name__ == "__main__":
    for each in ROOMS:
        text = json.dumps(defaults_of(each), indent=1, ensure_ascii=False)
        file_of(each).write_text(text + "\n", encoding="utf-8")
