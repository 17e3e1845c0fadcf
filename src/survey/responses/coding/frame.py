"""A coding frame: which texts mean which code, as people decided it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from survey.dataclass import dataclass
from survey.responses.coding.wording import joined

__all__ = ["LISTED", "NOTHING", "NOT_CODED", "RESERVED", "Code", "Decision", "Frame", "Proposal"]

LISTED = "A listed option"
NOT_CODED = "Not coded"
NOTHING = "Says nothing"
#: Labels that every coded question has by itself.
RESERVED = frozenset({LISTED, NOT_CODED, NOTHING})


class Decision(StrEnum):
    """What a person decided on a proposal."""

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Attributes
    ----------
    label
        What tables show. A label that is an option of the question gives the option further
        names.
    synonyms
        Texts that mean the code when they are the whole answer, or one of several things that
        it names; the label is one by itself.
    words
        Words or phrases that mean the code wherever a text has them; ``*`` at the end of a
        word stands for any ending: ``"upgrad*"``.
    questions
        Questions that the code is for; empty for all of the frame.
    since, until
        First and last edition that the code is for; empty for no limit.
    note
        What the author wants the next person to know.
    decided
        Day of the decision.
    """

    label: str
    synonyms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    note: str = ""
    decided: date | None = None

    def serves(self, question: str, edition: str) -> bool:
        """Whether the code is for a question of an edition."""
        return (not self.questions or question in self.questions) and (
            (not self.since or self.since <= edition) and (not self.until or edition <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code that the answers suggest; it does nothing until a person accepts it.

    Attributes
    ----------
    label, synonyms, words, question
        As the code would have them, and the question whose answers suggest it.
    decision
        What a person decided. What was rejected is not proposed again.
    score
        From 0 to 1: how alike the texts behind it are, or how alike they are to the option
        that is its label; of words, the share of organizations that used them.
    organizations, answers
        How many wrote it.
    editions
        In which editions.
    evidence
        Why it is proposed, in words.
    """

    label: str
    synonyms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    question: str = ""
    decision: Decision = Decision.UNDECIDED
    score: float = 1.0
    organizations: int = 0
    answers: int = 0
    editions: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def as_code(self) -> Code:
        """The code that it becomes when it is accepted."""
        questions = (self.question,) if self.question else ()
        return Code(self.label, self.synonyms, self.words, questions)


@dataclass(frozen=True)
class Frame:
    """A coding frame, kept under version control and used again next year.

    Attributes
    ----------
    name
        Short name, for notes and provenance.
    questions
        Concepts of the texts that it codes.
    codes
        What was decided.
    proposals
        What was proposed, decided or not.
    decided, by, note
        When, by whom and on what grounds.
    digest
        SHA-256 of the file that it was read from; empty if it was made in Python.

    Examples
    --------
    >>> frame = Frame("wishes", ("further_enhancement",), (Code("Upgrades", words=("upgrad*",)),))
    >>> frame.labels("further_enhancement", "2024")
    ('Upgrades',)
    """

    name: str
    questions: tuple[str, ...]
    codes: tuple[Code, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    decided: date | None = None
    by: str = ""
    note: str = ""
    digest: str = ""
    withheld: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def all_codes(self) -> tuple[Code, ...]:
        """Codes, and proposals that were accepted; those of one label are one code."""
        accepted = (p.as_code for p in self.proposals if p.decision is Decision.ACCEPTED)
        merged: dict[tuple[str, tuple[str, ...]], Code] = {}
        for code in (*self.codes, *accepted):
            key = (code.label, code.questions) if code.questions else (code.label, ())
            known = merged.get((code.label, ())) or merged.get(key)
            merged[key if known is None else (known.label, known.questions)] = (
                code if known is None else _united(known, code)
            )
        return tuple(merged.values())

    def codes_for(self, question: str, edition: str) -> tuple[Code, ...]:
        """Return the codes of a question of an edition, in the order of the frame."""
        return tuple(code for code in self.all_codes if code.serves(question, edition))

    def labels(self, question: str, edition: str) -> tuple[str, ...]:
        """Return the labels of the codes of a question of an edition, each once."""
        return tuple(dict.fromkeys(code.label for code in self.codes_for(question, edition)))

    def settled(self, question: str) -> frozenset[str]:
        """Return what must not be proposed (again) for a question, in joined form."""
        proposed = (p for p in self.proposals if p.question in ("", question))
        texts = (text for p in proposed for text in (p.label, *p.synonyms, *p.words))
        return frozenset(joined(text) for text in (*texts, *_texts(self.all_codes)))

    def with_proposals(self, proposals: Sequence[Proposal]) -> Frame:
        """Return a copy with further proposals."""
        return replace(self, proposals=(*self.proposals, *proposals))


def _united(one: Code, other: Code) -> Code:
    return replace(
        one,
        synonyms=tuple(dict.fromkeys((*one.synonyms, *other.synonyms))),
        words=tuple(dict.fromkeys((*one.words, *other.words))),
    )


def _texts(codes: Iterable[Code]) -> Iterator[str]:
    for code in codes:
        yield from (code.label, *code.synonyms, *code.words)
