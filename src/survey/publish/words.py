"""Identifiers as words, and notes sorted by who reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.estimates.notes import RANDOM_DRAW, TOTALS_APART
from survey.estimates.table import Estimates

__all__ = [
    "capital",
    "divided",
    "humanised",
    "intervals_words",
    "is_method_note",
    "legible",
    "merged",
    "sentence",
]

_SHORT = {
    "nps": "NPS", "ip": "IP", "it": "IT", "api": "API", "sdk": "SDK", "paas": "PaaS",
    "slurp": "SLURP", "openstack": "OpenStack",
}  # fmt: skip
_LEFT_OUT = re.compile(r"^(.+?) (?:is|are) left out: (.+?)\.?$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_METHOD = re.compile(
    r"\b(logit|Student|Wilson|Rao|Bilder|Benjamini|bootstrap|jackknife|MOVER|percentile|"
    r"linearized|clusters?|p [=<]|F\(|one_per_cloud|\w+\(\)|columns? '|"
    r"maximum likelihood|Fisher|domain of|distribution|a model of|catalogue|flat export|"
    r"heading, wording)",
)


def humanised(name: str) -> str:
    """Return an identifier as words.

    Examples
    --------
    >>> humanised("compute_cores"), humanised("nps_by_edition"), humanised("ip_addresses")
    ('Compute cores', 'NPS by edition', 'IP addresses')
    """
    words = name.replace("_", " ").split()
    return capital(" ".join(_SHORT.get(word, word) for word in words))


def capital(text: str) -> str:
    """Return a text that begins with a capital, the rest as it is.

    Examples
    --------
    >>> capital("withheld")
    'Withheld'
    """
    return text[:1].upper() + text[1:]


def legible(text: str) -> str:
    """Return a text in which halves of surrogate pairs, which no file can hold, are replaced.

    Examples
    --------
    >>> legible("a" + chr(0xD800) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def intervals_words(tables: Iterable[Estimates]) -> str:
    """Return which question the intervals of tables answer, the same on every page.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> intervals_words([share(answers(), "compute_cores")])
    'Respondents are self-selected. Intervals treat them as a random sample.'
    """
    totals = any(table.statistic is not None and table.statistic.about_answers for table in tables)
    return f"{RANDOM_DRAW} {TOTALS_APART}" if totals else RANDOM_DRAW


def merged(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return sentences; those that leave records out for the same reason become one.

    Examples
    --------
    >>> merged(["About 20 in 2024 are left out: copies.", "About 70 in 2019 are left out: copies."])
    ('Left out: copies (about 20 in 2024; about 70 in 2019).',)
    """
    found: dict[str, list[str]] = {}
    for said in dict.fromkeys(map(str, sentences)):
        match = _LEFT_OUT.match(said)
        found.setdefault(match[2] if match else said, []).extend([match[1]] if match else [])
    return tuple(
        f"Left out: {said} ({'; '.join(each[:1].lower() + each[1:] for each in who)})."
        if who
        else said
        for said, who in found.items()
    )


def sentence(text: str) -> str:
    """Return a text that ends like a sentence.

    Examples
    --------
    >>> sentence("Nobody answered"), sentence("Why?")
    ('Nobody answered.', 'Why?')
    """
    stripped = text.strip()
    return stripped if not stripped or stripped[-1] in ".?!" else f"{stripped}."


def is_method_note(note: str) -> bool:
    """Whether a note is for analysts: it names a statistical method, a column or a function.

    The words are those of methods, which a note may use whatever made its table; nothing here
    depends on which statistic that was.

    Examples
    --------
    >>> is_method_note("p = 0.198 (Rao-Scott)"), is_method_note("Some answers were not offered.")
    (True, False)
    """
    return bool(_METHOD.search(note))


def divided(notes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return notes for everybody, and method notes."""
    found = [str(note) for note in notes]
    return (
        tuple(note for note in found if not is_method_note(note)),
        tuple(note for note in found if is_method_note(note)),
    )
