"""Keyed pseudonyms: personal data stops at the door.

A pseudonym is an HMAC-SHA-256 of the folded text under a secret key (NIST FIPS 198-1), cut to
64 bits. Without the key nobody can test whether a known name is behind it; with the same key
the same text has the same pseudonym in every edition.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from survey.errors import Problem, ResponsesError

__all__ = ["Pseudonyms", "read_key", "session_key"]

_BYTES, _BLOCK = 32, 64
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
        folded = " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())
        if not folded:
            return None
        digest = self._digest(f"{what}\0{folded}".encode())
        return f"{what}-{digest[:16]}"

    def all_of(self, what: str, texts: Iterable[object]) -> list[str | None]:
        """Return the pseudonym of each text."""
        known: dict[str | None, str | None] = {}
        given = [text if isinstance(text, str) else None for text in texts]
        return [
            known[text] if text in known else known.setdefault(text, self.of(what, text))
            for text in given
        ]

    def _digest(self, message: bytes) -> str:
        """Return the HMAC, from the hashes of the key that all messages begin with (RFC 2104)."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.hexdigest()


@cache
def session_key() -> bytes:
    """Return a key that lives as long as this process: nothing can be linked later."""
    return secrets.token_bytes(_BYTES)


def read_key(path: Path) -> bytes:
    """Return the key in ``path``, which is made, readable by its owner only, if absent.

    Raises
    ------
    ResponsesError
        If the file holds no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(_BYTES) + "\n", encoding="ascii")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) < 16:
        problem = Problem(
            path.name,
            "no key",
            "at least 32 hexadecimal digits",
            "delete the file to have a new key made; old pseudonyms then end",
        )
        raise ResponsesError("The pseudonym key cannot be read", [problem])
    return key
