"""Answers that were stored before, if they were made from the same things by the same code.

The unit of reuse is everything that was cleaned together: an organization's pseudonym depends on
all editions, so that one changed file can change the answers of every edition.
"""

from __future__ import annotations

import hmac
import sys
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from survey.codebook import Codebook
from survey.dataclass import dataclass
from survey.errors import ResponsesError
from survey.provenance import VERSION
from survey.responses.responses import Responses
from survey.responses.store.answers_manifest import MANIFEST, Manifest, read_manifest
from survey.responses.store.read import read_set, whole_files

__all__ = ["Kept", "KeptSet", "code_digest", "kept_answers", "kept_set", "keyed_digest"]

_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Kept:
    """Stored answers, or why there are none that can be used."""

    answers: Responses | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeptSet:
    """The folders of stored answers that fit, edition by edition, or why there are none."""

    folders: Mapping[str, Path] = field(default_factory=dict)
    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def editions(self) -> tuple[str, ...]:
        """Editions of the stored answers, oldest first."""
        return tuple(self.manifests)

    @property
    def whole(self) -> bool:
        """Whether there are any, and every file is as it was written."""
        try:
            for name, manifest in self.manifests.items():
                whole_files(self.folders[name], manifest)
        except ResponsesError:
            return False
        return bool(self.manifests)


def keyed_digest(key: bytes, what: str, content: bytes) -> str:
    """Return a digest that tells nobody without the key anything about a short content.

    A plain digest of few words, or of the key, could be found by trying; an HMAC cannot.
    """
    return hmac.new(
        key, b"survey made-from\0" + what.encode() + b"\0" + content, sha256
    ).hexdigest()


@cache
def code_digest() -> str:
    """Return a digest of this package's own files and the versions of what it computes with."""
    digest = sha256()
    versions = (VERSION, sys.version, pd.__version__, np.__version__, pa.__version__)
    for text in versions:
        digest.update(text.encode() + b"\0")
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            name = path.relative_to(_PACKAGE).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def kept_answers(
    root: Path, made_from: Mapping[str, str], codebook: Codebook | None = None
) -> Kept:
    """Return the answers below ``root`` if they were made from just this.

    Parameters
    ----------
    root
        Where the editions' folders stand.
    made_from
        Everything that the answers depend on: name -> digest.
    codebook
        The codebook whose digest is among them.
    """
    found = kept_set(root, made_from)
    if not found.manifests:
        return Kept(None, found.reasons)
    try:
        return Kept(read_set(found.folders, found.manifests, codebook))
    except ResponsesError as error:
        return Kept(None, _said(error))


def kept_set(root: Path, made_from: Mapping[str, str]) -> KeptSet:
    """Return the folders below ``root`` whose answers were made from just this, none read yet."""
    folders = {path.parent.name: path.parent for path in sorted(root.glob(f"*/{MANIFEST}"))}
    if not folders:
        return KeptSet(reasons=("nothing was stored yet",))
    manifests: dict[str, Manifest] = {}
    reasons: list[str] = []
    for name, folder in folders.items():
        try:
            manifests[name] = read_manifest(folder)
        except ResponsesError as error:
            reasons += _said(error)
    fitting = {n: m for n, m in manifests.items() if dict(m.made_from) == dict(made_from)}
    if not fitting:
        return KeptSet(reasons=(*reasons, *_differences(manifests, made_from)))
    wanted = next(iter(fitting.values())).editions
    reasons += [f"{name}: not stored" for name in wanted if name not in fitting]
    mixed = len({manifest.set_digest for manifest in fitting.values()}) > 1
    if mixed:
        reasons.append("folders that were not written together")
    if mixed or any(name not in fitting for name in wanted):
        return KeptSet(reasons=tuple(reasons))
    return KeptSet({n: folders[n] for n in wanted}, {n: fitting[n] for n in wanted})


def _said(error: ResponsesError) -> tuple[str, ...]:
    return tuple(f"{problem.where}: {problem.got}" for problem in error.problems)


def _differences(
    manifests: Mapping[str, Manifest], made_from: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what is not as it was, compared with the stored answers that are nearest."""
    if not manifests:
        return ()
    nearest = max(
        manifests.values(), key=lambda m: sum(m.made_from.get(n) == d for n, d in made_from.items())
    )
    before = nearest.made_from
    changed = [name for name in made_from if name in before and before[name] != made_from[name]]
    if "key" in changed:
        return ("key: changed",)  # and with it every other digest
    return (
        *(f"{name}: changed" for name in changed),
        *(f"{name}: new" for name in made_from if name not in before),
        *(f"{name}: gone" for name in before if name not in made_from),
    )
