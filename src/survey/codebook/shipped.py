"""The content of the shipped edition files, as JSON: a tenth of the time that their TOML takes.

``data/editions.json`` holds what each file says, with the digest of the file. A file whose digest
is another one is read as TOML, so that an edited file counts at once.
``python -m survey.codebook.shipped`` writes the JSON anew; a test holds both together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from survey.files import read_file, read_toml, write_file
from survey.provenance import digest_of

__all__ = ["content_of", "kept_contents"]

_DAYS = ("opened", "closed")


def content_of(path: Path) -> dict[str, Any] | None:
    """Return what a shipped file says; None where it is not as it was when JSON was written.

    Examples
    --------
    >>> content_of(Path("elsewhere/2019.toml")) is None
    True
    """
    kept = _kept().get(path.name)
    if kept is None or not path.is_file() or digest_of(read_file(path)) != kept["digest"]:
        return None
    content: dict[str, Any] = kept["content"]
    days = {key: date.fromisoformat(text) for key, text in kept["days"].items()}
    return {**content, "edition": {**content["edition"], **days}}


@cache
def _kept() -> Mapping[str, Any]:
    try:
        text = files("survey.codebook").joinpath("data/editions.json").read_bytes()
    except FileNotFoundError:
        return {}
    kept: Mapping[str, Any] = json.loads(text)
    return kept


def kept_contents() -> bytes:
    """Return the JSON of the shipped files."""
    kept = {}
    with as_file(files("survey.codebook").joinpath("data/editions")) as folder:
        for path in sorted(folder.glob("*.toml")):
            content = read_toml(path, []) or {}
            head = content["edition"]
            days = {key: head.pop(key).isoformat() for key in _DAYS if key in head}
            digest = digest_of(read_file(path))
            kept[path.name] = {"digest": digest, "days": days, "content": content}
    lines = (f"{json.dumps(name)}: {json.dumps(each)}" for name, each in kept.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


if __name__ == "__main__":
    write_file(Path(__file__).parent / "data" / "editions.json", kept_contents())
