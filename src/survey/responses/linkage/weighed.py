"""What speaks for and against two organizations being one, weighed in bits.

Each agreement weighs log2(m / u): how much more often it is seen in the same organization (m)
than in two different ones (u) (Fellegi and Sunter 1969, *JASA* 64). How often different
organizations agree is counted in the answers themselves, so that agreeing on what is rare
weighs more than on what many share (Winkler 1990); how often the same one agrees with itself
is assumed below. A weight of 3 bits makes the odds eight times higher.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from survey.dataclass import dataclass
from survey.responses.linkage.profile import Profile

__all__ = ["OTHER_NAMES", "Evidence", "Weigher"]

OTHER_NAMES = "other names"

_M_WORD, _M_FACT, _M_DOMAIN, _M_MEMBER, _M_CLOUD = 0.8, 0.7, 0.6, 0.4, 0.3
_M_NAME, _M_ABBREVIATION = 0.5, 0.1
#: Same organizations whose names look alike are joined by rule: of those left, many do not.
_OTHER_NAMES = -1.5
_OTHER_WORD, _OTHER_DOMAIN, _OTHER_FACT = -2.0, -1.0, -1.5
_ONE_SLIP = -1.0
_SHORTEST_SLIP = 5
_NO_WAY = -99.0
_LEAST, _LEAST_TELLING = 0.5, 0.1
_TELLING = frozenset({"domain", "member", "name", "spelled"})
_FACT_WORDS: Mapping[str, str] = {
    "primary_country": "country",
    "primary_city": "city",
    "primary_state": "state",
    "industry": "industry",
    "organization_size": "size",
}
_PLACES = ("primary_country", "primary_city", "primary_state")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against, and its weight in bits.

    A ``circumstance`` (place, industry, size, clouds) is true of many; several of them go
    together, and cannot make two organizations one.
    """

    what: str
    bits: float
    circumstance: bool = False

    def __str__(self) -> str:
        return f"{self.what} ({self.bits:+.1f})"


class Weigher:
    """Weighs pairs of profiles by how common their features are among all of them."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._size = max(len(profiles), 2)
        self._often: dict[str, Counter[str]] = {
            kind: Counter(value for profile in profiles for value in values(profile))
            for kind, values in _FEATURES.items()
        }
        for concept in _FACT_WORDS:
            self._often[concept] = Counter(
                value for profile in profiles for value in profile.facts.get(concept, ())
            )

        self._with_word: dict[str, set[int]] = defaultdict(set)
        for place, profile in enumerate(profiles):
            for word in profile.tokens:
                self._with_word[word].add(place)

    def weigh(self, one: Profile, other: Profile) -> list[Evidence]:
        """Return everything that speaks for or against the two being one."""
        found = [self._names(one, other)]
        found += self._shared("domain", "mail domain", _M_DOMAIN, one.domains, other.domains)
        if one.domains and other.domains and not one.domains & other.domains:
            found.append(Evidence("other mail domains", _OTHER_DOMAIN))
        found += self._shared("member", "account", _M_MEMBER, one.members, other.members)
        found += self._circumstances(one, other)
        return [each for each in found if each.bits]

    def _circumstances(self, one: Profile, other: Profile) -> Iterator[Evidence]:
        """Yield what is true of many, so that it can only add to other evidence."""
        found = list(self._shared("cloud", "name of a cloud", _M_CLOUD, one.labels, other.labels))
        places = [e for concept in _PLACES for e in self._fact(concept, one, other)]
        if places:  # a city lies in its country: together they say no more than the one
            found.append(max(places, key=lambda each: (each.bits > 0, abs(each.bits))))
        for concept in ("industry", "organization_size"):
            found += self._fact(concept, one, other)
        yield from (replace(each, circumstance=True) for each in found)

    def _bits(self, kind: str, value: str, m: float) -> float:
        """Return log2(m / u) of agreeing on one value; u is how many others have it.

        What only the two have is not for that reason impossible by chance: it counts as if a
        part of an organization had it, a smaller one where values are made to tell apart.
        """
        least = _LEAST_TELLING if kind in _TELLING else _LEAST
        u = max(self._often[kind][value] - 2, least) / self._size
        return math.log2(m / min(u, 1.0))

    def _shared(
        self, kind: str, word: str, m: float, one: Set[str], other: Set[str]
    ) -> Iterator[Evidence]:
        weights = [self._bits(kind, value, m) for value in one & other]
        if weights and max(weights) > 0:
            yield Evidence(f"same {word}", max(weights))

    def _fact(self, concept: str, one: Profile, other: Profile) -> Iterator[Evidence]:
        word = _FACT_WORDS[concept]
        mine, theirs = one.facts.get(concept, set()), other.facts.get(concept, set())
        if mine and theirs and not mine & theirs and concept != "organization_size":
            yield Evidence(f"other {word}", _OTHER_FACT)
        yield from self._shared(concept, word, _M_FACT, mine, theirs)

    # Names

    def _names(self, one: Profile, other: Profile) -> Evidence:
        """Return the best way in which any of the names agree."""
        ways = [self._whole(one, other), self._abbreviation(one, other), self._domain(one, other)]
        ways += [self._words(a.split(), b.split()) for a in one.latin for b in other.latin]
        return max(ways, key=lambda each: each.bits)

    def _whole(self, one: Profile, other: Profile) -> Evidence:
        mine, theirs = one.whole, other.whole
        bits = [self._bits("name", name, _M_NAME) for name in mine & theirs]
        if bits:
            return Evidence("same name in Latin letters", max(bits))
        slips = [
            self._bits("name", a, _M_NAME) + _ONE_SLIP * distance
            for a in mine
            for b in theirs
            if (distance := _distance(a, b)) is not None
        ]
        return Evidence("names one or two letters apart", max(slips, default=_NO_WAY))

    def _abbreviation(self, one: Profile, other: Profile) -> Evidence:
        shared = (one.whole & other.initials) | (other.whole & one.initials)
        bits = [self._bits("initials", name, _M_ABBREVIATION) for name in shared if len(name) > 1]
        return Evidence("initials of the other", max(bits, default=_NO_WAY))

    def _domain(self, one: Profile, other: Profile) -> Evidence:
        if one.domains & other.domains:  # weighed as a domain already
            return Evidence("the same mail domain", _NO_WAY)
        shared = (one.whole & other.closed_up) | (other.whole & one.closed_up)
        bits = [self._bits("spelled", name, _M_NAME) for name in shared if len(name) > 3]
        return Evidence("the name that the other's mail domain spells", max(bits, default=_NO_WAY))

    def _words(self, one: Sequence[str], other: Sequence[str]) -> Evidence:
        """Return the weight of the words that two names share, and of those that they do not.

        Words that often come together ("Research Institute") weigh no more than one of them.
        """
        left, shared, slips = list(other), [], 0
        for word in one:
            same = word if word in left else _misspelt(word, left)
            if same is not None:
                left.remove(same)
                shared.append(same)
                slips += same != word
        missing = min(len(one), len(other)) - len(shared)
        further = abs(len(one) - len(other))
        against = _OTHER_WORD * (2 * missing + 0.5 * further)
        if not shared:
            return Evidence(OTHER_NAMES, _OTHER_NAMES)
        bits = max(self._together(shared) + _ONE_SLIP * slips + against, _OTHER_NAMES)
        return Evidence(f"{len(shared)} of {max(len(one), len(other))} words of the names", bits)

    def _together(self, words: Sequence[str]) -> float:
        """Return the bits of sharing all of some words: u is how many others have them all."""
        others = len(set.intersection(*(self._with_word[word] for word in words))) - 2
        u = max(others, _LEAST) / self._size
        return math.log2(_M_WORD / min(u, 1.0))


_FEATURES: Mapping[str, Callable[[Profile], Iterable[str]]] = {
    "domain": lambda profile: profile.domains,
    "member": lambda profile: profile.members,
    "cloud": lambda profile: profile.labels,
    "name": lambda profile: profile.whole,
    "spelled": lambda profile: profile.closed_up,
    "initials": lambda profile: profile.initials | profile.whole,
}


def _misspelt(word: str, known: Sequence[str]) -> str | None:
    return next((each for each in known if _distance(word, each) is not None), None)


def _distance(one: str, other: str) -> int | None:
    """Return how many letters two words differ in, if they are as good as one word."""
    from rapidfuzz.distance import OSA

    shortest = min(len(one), len(other))
    most = 2 if shortest >= 2 * _SHORTEST_SLIP else 1
    if shortest < _SHORTEST_SLIP or abs(len(one) - len(other)) > most:
        return None
    distance = OSA.distance(one, other, score_cutoff=most)
    return int(distance) if distance <= most else None
