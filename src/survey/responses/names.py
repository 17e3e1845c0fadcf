"""Names of organizations, folded until only real differences are left."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

__all__ = ["company_domain", "folded_name", "squeezed_name"]

_WORDS = files("survey.responses").joinpath("data")


def _words(name: str) -> frozenset[str]:
    """Return the entries of a word list, one a line; ``#`` starts a comment."""
    lines = _WORDS.joinpath(name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


_LEGAL_FORMS = _words("legal_forms.txt")
_FORMS_IN_SCRIPTS = tuple(
    unicodedata.normalize("NFKD", form)
    for form in sorted(_words("legal_forms_in_scripts.txt"), key=len, reverse=True)
)


class _Uncombined(dict[int, int | None]):
    """What becomes of a character where accents are dropped, looked up once each."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_ACCENTS = _Uncombined()
_ABBREVIATED = re.compile(r"\b(\w)\.(?=\w\b)")
_BETWEEN_WORDS = re.compile(r"[^\w]+|_")
_ASCII_WORDS = bytes(code if chr(code).isalnum() else 0x20 for code in range(128)).lower()
_ASCII_WORDS = _ASCII_WORDS.ljust(256)  # no more bytes occur
_NOTHING = _words("no_organization.txt")
_PUBLIC_MAIL = _words("public_mail.txt")


def folded_name(name: str) -> str:
    """Return ``name`` without case, accents, width, punctuation and legal form.

    What says that no organization is named ("N/A", "confidential") folds to nothing.

    Examples
    --------
    >>> folded_name("Example Telco- AG"), folded_name("EXAMPLE TELCO, ag")
    ('example telco', 'example telco')
    >>> folded_name("N/A"), folded_name("S.A. Müller & Söhne")
    ('', 'muller and sohne')
    """
    words = _ascii_words(name) if name.isascii() else _words_of(name)
    if not _LEGAL_FORMS.isdisjoint(words):
        words = [word for word in words if word not in _LEGAL_FORMS] or words
    folded = " ".join(words)
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", folded)
    return "" if folded in _NOTHING else folded


def _words_of(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    text = text.translate(_WITHOUT_ACCENTS)
    for form in _FORMS_IN_SCRIPTS:
        if form in text:
            text = text.replace(form, " ")
    return _BETWEEN_WORDS.sub(" ", _ABBREVIATED.sub(r"\1", text)).split()


def _ascii_words(name: str) -> list[str]:
    """Return the same as :func:`_words_of`, for most names several times faster."""
    text = _ABBREVIATED.sub(r"\1", name) if "." in name else name
    if "&" in text:
        text = text.replace("&", " and ")
    return text.encode().translate(_ASCII_WORDS).decode().split()


def squeezed_name(name: str) -> str:
    """Return the folded name without spaces: "Example Telco" and "ExampleTelco" are one.

    Examples
    --------
    >>> squeezed_name("Example-Telco Ltd.")
    'exampletelco'
    """
    return folded_name(name).replace(" ", "")


def company_domain(address: str) -> str:
    """Return the domain of an e-mail address, or ``""`` for a public mail service.

    Examples
    --------
    >>> company_domain("ada@Cloud.Example.org"), company_domain("ada@gmail.com")
    ('cloud.example.org', '')
    """
    domain = address.rpartition("@")[2].strip().casefold().rstrip(".")
    return "" if "." not in domain or domain in _PUBLIC_MAIL else domain
