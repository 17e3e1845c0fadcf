"""Headings of a file compared with those that are known, as a person would compare them.

A heading is found by its text, else by what is left of it without differences that nobody
means (:mod:`survey.exports.spelling`), else as what R or a database makes of one, else as the
beginning of one known heading, where a program cut all headings at the same length. What fits
two known headings, or two headings of the file, fits none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from survey.exports.spelling import folded, snake_case, spaceless, unnumbered, with_dots

__all__ = ["match_headings"]

_SHORTEST_CUT = 16  # characters; fewer say too little


def match_headings(found: Sequence[str], known: tuple[str, ...]) -> tuple[str, ...]:
    r"""Return the headings of a file, those that are known in the spelling that is known.

    Examples
    --------
    >>> known = ("SurveyID", "Compute - Nova")
    >>> match_headings(["survey\u00a0id", "Compute \u2013 Nova", "Notes"], known)
    ('SurveyID', 'Compute - Nova', 'Notes')
    """
    return _respelled(tuple(found), known)


@lru_cache(maxsize=1 << 10)
def _respelled(found: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    names = set(known)
    strange = [heading for heading in found if heading and heading not in names]
    free = names.difference(found)
    if not strange or not free:
        return found
    respelled: dict[str, str] = {}
    for matched in _WAYS:
        taken = set(respelled.values())
        rest = [heading for heading in strange if heading not in respelled]
        pairs = [(h, name) for h, name in matched(rest, known, found) if name in free - taken]
        times = Counter(name for _, name in pairs)
        respelled |= {heading: name for heading, name in pairs if times[name] == 1}
    return tuple(respelled.get(heading, heading) for heading in found)


_Matched = Callable[[Sequence[str], tuple[str, ...], Sequence[str]], Iterator[tuple[str, str]]]


def _by(key: Callable[[str], str]) -> _Matched:
    def matched(
        strange: Sequence[str], known: tuple[str, ...], found: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        index = _index(known, key) if strange else {}
        for heading in strange:
            name = index.get(key(heading), "")
            if name:
                yield heading, name

    return matched


def _by_program(renamed: Callable[[str], str]) -> _Matched:
    """Match what a program made of all headings of a file, not of some."""

    def matched(
        strange: Sequence[str], known: tuple[str, ...], found: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        if all(renamed(heading) == heading for heading in found if heading):
            yield from _by(renamed)(strange, known, found)

    return matched


@lru_cache(maxsize=256)
def _index(known: tuple[str, ...], key: Callable[[str], str]) -> Mapping[str, str]:
    """Return key -> heading; a key that two headings share leads to none."""
    index: dict[str, str] = {}
    for name in known:
        found = key(name)
        index[found] = "" if found in index else name
    return index


def _by_beginning(
    strange: Sequence[str], known: tuple[str, ...], found: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield headings that were cut at the length of the longest heading in the file."""
    length = max(map(len, found), default=0)
    if length < _SHORTEST_CUT or not any(len(name) > length for name in known):
        return
    for heading in strange:
        if len(heading) in (length, length - 1):
            whole = [name for name in known if len(name) > length and name.startswith(heading)]
            if len(whole) == 1:
                yield heading, whole[0]


_WAYS = (
    _by(folded),
    _by(spaceless),
    _by(unnumbered),
    _by_program(with_dots),
    _by_program(snake_case),
    _by_beginning,
)
