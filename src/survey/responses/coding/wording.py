"""Texts made comparable: what two spellings of one thing share."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

__all__ = ["PERSONAL", "joined", "plain", "says_nothing", "word_list", "words_of"]

#: E-mail addresses, web addresses, and runs of digits as long as a telephone number.
PERSONAL = re.compile(
    r"\S+@\S+\.\w+|\S+\s*[\[(]at[\])]\s*\S+|(?:https?://|www\.)\S+|(?:\+|\b)\d[\d\s()/.-]{5,}\d",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w+#]+(?:['.][\w+#]+)*")
_DROPPED = re.compile(r"^[+#]+|['_]|(?<!\d)\.|\.(?!\d)")


def word_list(name: str) -> frozenset[str]:
    """Return the entries of a word list of this package, one a line; ``#`` starts a comment."""
    lines = files("survey.responses").joinpath("data", name).read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and line[0] != "#")


def plain(text: str) -> str:
    """Return ``text`` without case, accents, width and typographic marks.

    Examples
    --------
    >>> plain("  Café’s ＣＥＰＨ ")
    "cafe's ceph"
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    bare = "".join(each for each in folded if not "\u0300" <= each <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", bare).split())


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in plain form; version numbers stay whole.

    Examples
    --------
    >>> words_of("C++, Rocky-Linux 9.2!")
    ['c++', 'rocky', 'linux', '9.2']
    """
    return _WORD.findall(plain(text))


def joined(text: str) -> str:
    """Return ``text`` without what spellings differ in: case, accents, spaces, punctuation.

    Commas turned into hyphens are among that. ``+`` and ``#`` stay where they end a word, and
    numbers stay apart: C is not C++, 1.11 is not 11.1.

    Examples
    --------
    >>> joined("Kolla- Ansible") == joined("kolla ansible") == joined("Kolla, Ansible")
    True
    >>> joined("C") == joined("C++"), joined("k8s + Gardener")
    (False, 'k8sgardener')
    """
    kept = " ".join(_DROPPED.sub("", word) for word in words_of(text))
    return re.sub(r"(?<=\d) +(?=\d)", ".", kept).replace(" ", "")


def says_nothing(text: str) -> bool:
    """Whether a text declines to say anything: "n/a", "none", "-".

    Examples
    --------
    >>> says_nothing(" N/A "), says_nothing("--"), says_nothing("Nomad")
    (True, True, False)
    """
    return joined(text) in _NOTHING


_NOTHING = frozenset({"", *(joined(entry) for entry in word_list("says_nothing.txt"))})
