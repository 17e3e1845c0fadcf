"""The quality page: every section on what was read, repaired, lost, unknown, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import ResponsesError
from survey.exports import Export
from survey.responses.quality.advice import advice
from survey.responses.quality.completeness import completeness
from survey.responses.quality.copies import carry_overs, organizations, same_clouds
from survey.responses.quality.files_read import files, who_answered
from survey.responses.quality.losing import HARMLESS, issues, lost
from survey.responses.quality.own_words import own_words
from survey.responses.quality.plausible import plausible
from survey.responses.quality.repairing import repairs
from survey.responses.quality.section import Section, Subject
from survey.responses.quality.unknown import unknown
from survey.responses.responses import Responses

__all__ = ["HARMLESS", "SECTIONS", "Quality", "quality"]

SECTIONS: tuple[Callable[[Subject], Section], ...] = (
    who_answered,
    files,
    advice,
    issues,
    unknown,
    lost,
    repairs,
    plausible,
    same_clouds,
    carry_overs,
    organizations,
    own_words,
    completeness,
)
"""What makes each section, in reading order. A new section is one more function here."""


@dataclass(frozen=True)
class Quality:
    """One page on the quality of some answers.

    Attributes
    ----------
    sections
        In reading order; ``page["lost"]`` is one by name.
    editions
        Which editions it is about.
    invented
        Whether any of the answers are made up.

    Examples
    --------
    >>> page = quality(answers)  # doctest: +SKIP
    >>> page["completeness"].table.sort_values("share").head()  # doctest: +SKIP
    """

    sections: tuple[Section, ...]
    editions: tuple[str, ...] = ()
    invented: bool = False

    @cached_property
    def _by_name(self) -> Mapping[str, Section]:
        return {section.name: section for section in self.sections}

    def __getitem__(self, name: str) -> Section:
        return self._by_name[name]

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)

    @property
    def findings(self) -> int:
        """How much there is that touches an answer or needs a person's eye."""
        return sum(section.notable for section in self.sections)


@checked(ResponsesError)
def quality(answers: Responses, exports: Iterable[Export] = ()) -> Quality:
    """Summarize what was read, put right, lost and unknown, and how complete it is.

    Nothing personal stands in it: repairs are shown of listed answers alone, and what the
    codebook does not know only where it cannot be a name.

    Parameters
    ----------
    answers
        Answers of one or several editions.
    exports
        What they were cleaned from; adds how files were written, and spellings.

    Examples
    --------
    >>> quality(answers).findings  # doctest: +SKIP
    0
    """
    subject = Subject(answers, tuple(exports))
    return Quality(
        tuple(make(subject) for make in SECTIONS), subject.editions, answers.provenance.invented
    )
