"""What a draft proposes: questions with their evidence, and what only a person can decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from survey.codebook import Question
from survey.codebook.releases import Release
from survey.dataclass import dataclass

__all__ = ["Draft", "Proposal"]


@dataclass(frozen=True)
class Proposal:
    """One question as a draft has it.

    Attributes
    ----------
    question
        As it should be read.
    inherited
        The same question in the edition that the draft extends; None if it is new.
    evidence
        Why, one sentence each.
    doubts
        What a person must decide; without any, the proposal is sure.
    after
        Concept behind which the form asks a new question.
    remarks
        Label of a choice -> what is remarkable about it.
    """

    question: Question
    inherited: Question | None = None
    evidence: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    after: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def sure(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.doubts

    def confirmed(self) -> Proposal:
        """Return a copy that a person has agreed to."""
        question = replace(self.question, confirmed=True)
        return replace(self, question=question, doubts=(), evidence=(*self.evidence, *self.doubts))


@dataclass(frozen=True)
class Draft:
    """The questionnaire of an edition, as far as a file tells it.

    Attributes
    ----------
    edition
        Name of the edition.
    extends
        The edition from which it takes what it does not say.
    proposals
        Questions that differ from that edition, in the order of the file.
    not_asked
        Concept that the file lacks -> why.
    releases
        Series that the calendar lacks -> why.
    unchanged
        How many questions are as they were.
    other_years
        File whose records are nearly all dated in another year -> that year.
    """

    edition: str
    extends: str
    proposals: tuple[Proposal, ...] = ()
    not_asked: Mapping[str, str] = field(default_factory=dict)
    releases: Mapping[Release, str] = field(default_factory=dict)
    unchanged: int = 0
    other_years: Mapping[str, str] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Proposal, ...]:
        """Proposals that a person must look at."""
        return tuple(each for each in self.proposals if not each.sure)

    def __bool__(self) -> bool:
        return bool(self.proposals or self.not_asked or self.releases)
