"""How alike two headings or two answers are worded."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from survey.codebook import Question

__all__ = ["alike", "heading_likeness", "same_words", "snake_case", "words"]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_SEASONS = frozenset({"sydney", "berlin", "denver", "shanghai", "please", "specify"})


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a heading or a concept, small, without the name of a summit.

    Examples
    --------
    >>> words("OrgSizeSydney"), words("compute_cores"), words("GPUCount 2026")
    (('org', 'size'), ('compute', 'cores'), ('gpu', 'count'))
    """
    found = [part.casefold() for part in _CAMEL.split(name) if part]
    return tuple(
        part for part in found if part not in _SEASONS and not re.fullmatch(r"20\d\d", part)
    )


def snake_case(heading: str) -> str:
    """Return a heading as the name of a concept.

    Examples
    --------
    >>> snake_case("GPUCount"), snake_case("2nd choice")
    ('gpu_count', 'question_2nd_choice')
    """
    name = "_".join(re.sub(r"[^a-z0-9]", "", word) for word in words(heading)).strip("_")
    name = re.sub(r"__+", "_", name)
    return name if re.match(r"[a-z]", name) else f"question_{name}".strip("_")


def heading_likeness(heading: str, question: Question) -> float:
    """Return how alike a heading is to what names a question, from 0 to 1.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> asked = read_codebook().question("compute_cores")
    >>> heading_likeness("NumberOfComputeCores", asked) > heading_likeness("ComputeNodes", asked)
    True
    """
    own = " ".join(words(heading))
    names = (question.heading, question.concept, question.title)
    return (
        max(
            max(fuzz.token_sort_ratio(own, text), 0.92 * fuzz.token_set_ratio(own, text))
            for text in (" ".join(words(name)) for name in names)
        )
        / 100
    )


def alike(one: str, other: str) -> float:
    """Return how alike two answers are worded, from 0 to 1.

    Examples
    --------
    >>> alike("Public Cloud", "Public cloud (hosted)") > 0.8 > alike("Public Cloud", "Community")
    True
    """
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return 0.0
    return max(fuzz.ratio(first, second), 0.9 * fuzz.token_set_ratio(first, second)) / 100


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in capitals, spaces and punctuation alone."""
    first, second = (re.sub(r"[\W_]", "", text.casefold()) for text in (one, other))
    return bool(first) and first == second


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
