"""Group write-ins that are spellings of one thing, and propose a code for each group."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from survey.responses.coding.coder import Coder
from survey.responses.coding.frame import Proposal
from survey.responses.coding.listed import Name
from survey.responses.coding.voices import Said, Tally
from survey.responses.coding.wording import joined, words_of

__all__ = ["proposed_spellings"]

_ALIKE = 0.85
_VERSION = re.compile(r"v?\d[\d.]*|lts|release|edition")


@dataclass
class _Group:
    """Spellings that resemble the most common of them."""

    label: str
    said: Said
    spellings: list[tuple[str, Said, float]]

    @property
    def score(self) -> float:
        """Mean likeness of the answers to the label."""
        weights = [len(said.rows) for _, said, _ in self.spellings]
        likeness = [score for _, _, score in self.spellings]
        return sum(w * s for w, s in zip(weights, likeness, strict=True)) / sum(weights)


def proposed_spellings(
    tally: Tally, question: str, least: int, settled: Collection[str], near: Coder | None
) -> Iterator[Proposal]:
    """Yield a proposal for each group that enough organizations wrote.

    A spelling is shown only if so many organizations wrote just this one; the others are
    counted, and a later coding recognizes those that are one slip away.
    """
    for group in _groups(tally):
        shown = [each for each in group.spellings if len(each[1].organizations) >= least]
        if not shown or shown[0][0] in settled:
            continue
        like = near.near(group.label) if near else None
        synonyms = tuple(said.label for _, said, _ in shown if said.label != group.label)
        if like is not None:
            synonyms = (group.label, *synonyms)
        yield Proposal(
            label=group.label if like is None else like.label,
            synonyms=synonyms,
            question=question,
            score=group.score if like is None else like.score * group.score,
            organizations=len(group.said.organizations),
            answers=len(group.said.rows),
            editions=tuple(sorted(group.said.editions)),
            evidence=_evidence(group, like),
        )


def _groups(tally: Tally) -> list[_Group]:
    """Gather spellings around the most common ones, each with the one that it is most like."""
    groups: list[_Group] = []
    for key, said in tally.by_size():
        likeness = [(_likeness(key, said.label, group), group) for group in groups]
        best, group = max(likeness, key=lambda pair: pair[0], default=(0.0, None))
        if group is not None and best >= _ALIKE:
            group.spellings.append((key, said, best))
            group.said.add(said)
        else:
            whole = Said()
            whole.add(said)
            groups.append(_Group(said.label, whole, [(key, said, 1.0)]))
    return sorted(groups, key=lambda each: (-len(each.said.organizations), each.label))


def _likeness(key: str, text: str, group: _Group) -> float:
    """Return how alike a spelling is to the head of a group; 0 where digits tell them apart."""
    from rapidfuzz import fuzz

    head = group.spellings[0][0]
    one, other = _unversioned(text), _unversioned(group.label)
    if one and one == other:
        return 0.95
    if re.sub(r"\D", "", key) != re.sub(r"\D", "", head) or min(len(key), len(head)) < 5:
        return 0.0
    return float(fuzz.ratio(key, head, score_cutoff=100 * _ALIKE) / 100)


def _unversioned(text: str) -> str:
    """Return "rockylinux" of "Rocky Linux 9.2"."""
    return joined(" ".join(word for word in words_of(text) if not _VERSION.fullmatch(word)))


def _evidence(group: _Group, like: Name | None) -> str:
    spellings = len(group.spellings)
    said = f"{spellings} spellings" if spellings > 1 else "one spelling"
    if like is None:
        return said
    return f"{said}; {like.rule} of {like.label!r}, {like.score:.0%} alike"
