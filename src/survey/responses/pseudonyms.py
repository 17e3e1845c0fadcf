"""Keyed pseudonyms: personal data stops at the door.

A pseudonym is an HMAC-SHA-256 of the folded text under a secret key (NIST FIPS 198-1), cut to
64 bits. Without the key nobody can test whether a known name is behind it; with the same key
the same text has the same pseudonym in every edition.
"""

from __future__ import annotations

import os
import secrets
import stat
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pandas as pd

from survey.checked import checked
from survey.errors import Problem, ResponsesError
from survey.files import problem_of, read_file, sweep, write_file, write_new_file

__all__ = [
    "INVENTED_KEY",
    "Pseudonyms",
    "copy_private",
    "key_name",
    "make_key",
    "read_key",
    "session_key",
]

_BYTES, _BLOCK = 32, 64
_LARGEST_KEY = 1 << 16
_MESSAGE = "The pseudonym key cannot be used"
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class Pseudonyms:
    """Turns texts into pseudonyms under one key.

    Examples
    --------
    >>> names = Pseudonyms(b"0123456789abcdef")
    >>> names.of("person", "Ada Example") == names.of("person", " ada  example")
    True
    >>> names.of("person", "") is None
    True
    """

    def __init__(self, key: bytes) -> None:
        block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = sha256(block.translate(_INNER))
        self._outer = sha256(block.translate(_OUTER))

    def of(self, what: str, text: str | None) -> str | None:
        """Return the pseudonym of ``text``; nothing stays nothing."""
        plain = text or ""
        if not plain.isascii():
            plain = unicodedata.normalize("NFKC", plain)
        folded = " ".join(plain.casefold().split())
        if not folded:
            return None
        message = f"{what}\0{folded}".encode()
        return f"{what}-{self.digest(message).hex()[:16]}"

    def digest(self, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of a message under the key."""
        # The hashes of the key, which all messages begin with, are made once (RFC 2104).
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def all_of(self, what: str, texts: Iterable[object]) -> list[str | None]:
        """Return the pseudonym of each text."""
        known: dict[str | None, str | None] = {}
        whole = texts.tolist() if isinstance(texts, pd.Series) else texts
        given = [text if isinstance(text, str) else None for text in whole]
        return [
            known[text] if text in known else known.setdefault(text, self.of(what, text))
            for text in given
        ]


INVENTED_KEY = sha256(b"invented answers need no secret").digest()
"""Key of projects whose answers are all invented: everybody has it, and gets the same noise."""

_ABSENT = (
    "put the key back from where you keep a copy, beside the ledger; if nothing was ever "
    "published, make one: survey key init; see docs/secret-key.md"
)


@cache
def session_key() -> bytes:
    """Return a key that lives as long as this process: nothing can be linked later."""
    return secrets.token_bytes(_BYTES)


@checked(ResponsesError)
def read_key(path: Path, *, make: bool = True) -> bytes:
    """Return the key in ``path``, which is made, readable by its owner only, if absent.

    A key that is there is never written to. One that others can read is refused: whoever has it
    can test names against pseudonyms, and take the noise off published counts.

    Parameters
    ----------
    path
        The file with the key.
    make
        Whether to make a key where there is none. What is final never makes one: with a fresh
        key the same answers get other noise and other pseudonyms.

    Raises
    ------
    ResponsesError
        If the file holds no whole key, others can read it, or it cannot be read or made.
    """
    try:
        if not path.exists():
            if not make:
                raise _no_key(path, "no key", "the project's key", _ABSENT)
            _make_key(path)
        text = read_file(path, most=_LARGEST_KEY).decode("ascii", "replace").strip()
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        problem = problem_of(error, path, "a file with a key")
        raise ResponsesError(_MESSAGE, [problem]) from None
    if os.name == "posix" and mode & 0o077:
        got = f"a key that others can read or write (mode {mode:04o})"
        raise _no_key(path, got, "mode 0600", f"chmod 600 {path.name}")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < _BYTES:
        got = "an empty file" if not text else "no whole key"
        hint = (
            "put the key back from where you keep a copy; only if there is none, delete the file "
            "to have a new one made: pseudonyms of earlier years then match no more"
        )
        raise _no_key(path, got, f"at least {2 * _BYTES} hexadecimal digits", hint)
    return key


def make_key(path: Path) -> bytes:
    """Make a key in ``path``, readable by its owner only, and return it.

    Raises
    ------
    ResponsesError
        If there is a key already, or it cannot be made.
    """
    if path.exists():
        sweep(path.parent)  # a run killed as it made this key left a second name of it
        hint = "keep it: with another key, pseudonyms and noise of earlier years match no more"
        raise _no_key(path, "a key that is there already", "no file of this name", hint)
    return read_key(path)


def key_name(key: bytes) -> str:
    """Return a name for a key that tells nothing about it.

    Examples
    --------
    >>> key_name(bytes(32))
    'key-6ff25278'
    """
    return f"key-{Pseudonyms(key).digest(b'name')[:4].hex()}"


def copy_private(source: Path, target: Path) -> None:
    """Copy a confidential file, readable by its owner only; another file is never replaced.

    Raises
    ------
    ResponsesError
        If a file of other content has the name, or the copy cannot be written.
    """
    try:
        content = read_file(source)
        if target.exists() and read_file(target) != content:
            hint = "name another folder, or look which of the two is the one to keep"
            raise _no_key(target, "another file", "no file of this name, or the same", hint)
        write_file(target, content, private=True)
    except OSError as error:
        raise ResponsesError("The copy cannot be made", [problem_of(error, target)]) from None


def _make_key(path: Path) -> None:
    """Make a key whole before it gets its name; where another run was quicker its key holds."""
    write_new_file(path, secrets.token_hex(_BYTES) + "\n", private=True)


def _no_key(path: Path, got: str, expected: str, hint: str) -> ResponsesError:
    problem = Problem(path.name, got, expected, hint)
    return ResponsesError(_MESSAGE, [problem])
