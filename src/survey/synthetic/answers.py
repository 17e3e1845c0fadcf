"""True answers: what people told the survey system, before an export damages it.

Answers are kept as the survey system stores them: by question Name (the column heading), with
the stored values of choices. That is the exporter's input, and the truth to score against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property

from survey.codebook import Edition, Question
from survey.dataclass import dataclass

__all__ = [
    "Answer",
    "Copy",
    "TrueAnswers",
    "TrueDeployment",
    "TrueRespondent",
    "exported_deployments",
]

Answer = str | tuple[str, ...] | Mapping[str, str]
"""Text and single choices are a string, several choices a tuple, a matrix row -> column.

An empty answer (``""``, ``()``) is a stored answer without content, which carry-over leaves
behind when no old option has a counterpart; a question without an answer is absent.
"""


@dataclass(frozen=True)
class Copy:
    """Where answers were copied from, and what found no counterpart in the new edition.

    ``kind`` is ``"migrated_copy"`` for the copies that the system made in one go for people who
    never came, ``"exact_copy"`` for forms that were opened, which pre-fills them, and left at
    that, ``"unchanged"`` for pre-filled forms that someone went through and sent off as they
    were, ``"clouds_unchanged"`` for clouds left as they were by someone who answered the rest
    anew, and ``"revised"`` for pre-filled answers of which some were changed: ``changed`` says
    to which questions.
    """

    edition: str
    source: int
    kind: str
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrueDeployment:
    """One cloud as one person described it.

    Attributes
    ----------
    deployment
        Number in the survey system.
    answers
        Question Name -> answer.
    cloud
        Which cloud it really is; two people can describe the same one.
    test
        Whether staff marked it as a test, which keeps it out of exports.
    copy
        Set if the answers were copied from an earlier edition.
    flags
        What is special about it, for readers of the truth.
    """

    deployment: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    cloud: str = ""
    test: bool = False
    copy: Copy | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrueRespondent:
    """One survey: a person's answers in one edition, with the clouds that they describe.

    Attributes
    ----------
    respondent, member
        Numbers of the survey and of the person's account.
    account_email
        E-mail of the account, which the form's own answer may hide in an export.
    created, edited
        First visit and last change, ``"2019-02-11 09:15:04"``.
    organization, organization_name
        Identity and present true name of the organization, however it was typed.
    merged_into
        Identity of the organization that has taken it over, if one has.
    state
        ``COMPLETE``, ``SAVED`` or ``INCOMPLETE``; exports do not show it.
    test, member_deleted
        Reasons why an export leaves the survey out.
    """

    respondent: int
    member: int
    account_email: str
    created: str
    edited: str
    language: str = "en_US"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    deployments: tuple[TrueDeployment, ...] = ()
    organization: str = ""
    organization_name: str = ""
    merged_into: str = ""
    state: str = "COMPLETE"
    test: bool = False
    member_deleted: bool = False
    copy: Copy | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrueAnswers:
    """Everything that was answered in one edition: the exporter's input.

    Attributes
    ----------
    edition
        The questionnaire.
    respondents
        In any order; exports sort them by number.
    option_order
        Question Name -> stored values (rows, for a matrix) in the order in which the survey
        system created them, where that is not the order of the form. Lists in exports follow it.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> cloud = TrueDeployment(2, {"Label": "Prod, west", "IsPublic": "0"})
    >>> person = TrueRespondent(1, 70, "ada@a.example", "2019-02-11 09:15:04",
    ...     "2019-02-11 09:20:00", answers={"Organization": "Acme"}, deployments=(cloud,))
    >>> answers = TrueAnswers(read_codebook().edition("2019"), (person,))
    >>> [each.respondent for each in answers.exported()]
    [1]
    """

    edition: Edition
    respondents: tuple[TrueRespondent, ...]
    option_order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def exported(self, until: str = "9999-12-31") -> tuple[TrueRespondent, ...]:
        """Return the respondents that an export holds, in its order.

        Left out are test surveys, deleted accounts, surveys without a single stored answer and
        those last changed after the day ``until``.
        """
        kept = (each for each in self.respondents if not (each.test or each.member_deleted))
        found = (each for each in kept if each.answers and each.edited[:10] <= until)
        return tuple(sorted(found, key=lambda each: each.respondent))

    def options(self, question: Question) -> tuple[str, ...]:
        """Return the stored values of a question's choices (rows, for a matrix), oldest first."""
        return self._options[question.heading]

    @cached_property
    def _options(self) -> Mapping[str, tuple[str, ...]]:
        listed = {
            question.heading: tuple(choice.value for choice in question.rows or question.choices)
            for question in self.edition.questions
        }
        return {**listed, **self.option_order}

    def __iter__(self) -> Iterator[TrueRespondent]:
        return iter(self.respondents)


def exported_deployments(respondent: TrueRespondent) -> tuple[TrueDeployment, ...]:
    """Return the clouds of one respondent that an export holds, in its order."""
    found = (each for each in respondent.deployments if each.answers and not each.test)
    return tuple(sorted(found, key=lambda each: each.deployment))
