"""What may be published: a profile and its rules, as one small value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from html import escape
from typing import Any, Final

from survey.codebook.hierarchies import class_of
from survey.dataclass import dataclass
from survey.errors import DisclosureError, Problem, did_you_mean

__all__ = ["INTERNAL", "Policy", "Profile"]

Classes = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
INTERNAL: Final = "INTERNAL"
"""First word of every title of a report with exact counts."""


class Profile(StrEnum):
    """How answers are protected."""

    PROTECTED = "protected"
    """Counts are perturbed; groups, rare answers and small shares follow the rules below."""

    THRESHOLD = "threshold"
    """Exact counts, in tables without breakdowns only, of groups that are large enough."""

    INTERNAL = "internal"
    """Exact and complete; never for publication."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of disclosure control.

    Attributes
    ----------
    profile
        ``"protected"`` (the default), ``"threshold"`` or ``"internal"``.
    units, organizations
        A group stands in a table from so many units and organizations.
    rare
        An answer of which fewer are shown overall stands in tables without breakdowns alone.
    small
        In groups of fewer than this, shares of few answers are shown as below or above a limit.
    digits
        Totals, medians and ratios are rounded to so many significant digits.
    threshold
        Of the profile ``"threshold"`` alone: groups of fewer are not shown.
    reason
        Why a rule is looser than the default; published with the rules.
    classes
        Question -> class -> the answers that it joins, where groups are published in other classes
        than the codebook's: ``[policy.classes.industry]`` in ``survey.toml``. Choose them once:
        they are the same every year, so that none tells how many answers a group had.

    Raises
    ------
    DisclosureError
        If a rule has a value that makes no sense, or is looser without a reason; all are listed.

    Examples
    --------
    >>> Policy().profile.value
    'protected'
    >>> Policy(units=5)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    survey.errors.DisclosureError: The disclosure policy cannot be used
      - [policy] units: got 5, looser than the default of 20, and no reason; ...
    """

    profile: Profile = Profile.PROTECTED
    units: int = 20
    organizations: int = 5
    rare: int = 5
    small: int = 30
    digits: int = 2
    threshold: int = 10
    reason: str = ""
    classes: Mapping[str, Mapping[str, Sequence[str]]] | Classes = ()

    def __post_init__(self) -> None:
        problems = [*_wrong(self), *_wrong_classes(self.classes)]
        if not problems:
            object.__setattr__(self, "profile", Profile(self.profile))
            object.__setattr__(self, "classes", _plain(self.classes))
            problems = [*_loose(self)]
        if problems:
            raise DisclosureError("The disclosure policy cannot be used", problems)

    def rules(self) -> dict[str, str]:
        """Return every rule in words, for the notes of a publication.

        Examples
        --------
        >>> Policy().rules()["groups"]
        'Groups of fewer than 20 units or 5 organizations are joined with others or not shown.'
        """
        if self.profile is Profile.INTERNAL:
            return {"profile": "Internal: counts are exact and complete. Not for publication."}
        if self.profile is Profile.THRESHOLD:
            words = {
                "profile": "Counts are exact; "
                f"groups under {self.threshold} are not shown, and tables have no breakdowns."
            }
        else:
            words = _PROTECTED | {
                "groups": f"Groups of fewer than {self.units} units or {self.organizations} "
                "organizations are joined with others or not shown.",
                "rare": f"Answers of which fewer than {self.rare} are shown stand in tables "
                "without breakdowns; elsewhere they are 'another answer'.",
                "small": f"In groups of fewer than {self.small}, shares of few answers are shown "
                "as below or above a limit.",
                "digits": "Shares, their differences and scores are whole, their limits halves. "
                f"Other numbers have {self.digits} significant digits, and one where the upper "
                "limit is more than twice the lower one, or a change is less sure than that.",
            }
        if own := [name for name, _ in _plain(self.classes)]:
            words["classes"] = f"Groups by {', '.join(own)} stand in classes of the publisher."
        return words | ({"reason": self.reason} if self.reason else {})

    def class_of(self, concept: str) -> Mapping[str, str]:
        """Return answer -> the class in which groups by a question are published.

        Examples
        --------
        >>> policy = Policy(classes={"industry": {"Public": ["Nonprofit", "Healthcare"]}})
        >>> policy.class_of("industry")
        {'Nonprofit': 'Public', 'Healthcare': 'Public'}
        """
        for name, classes in _plain(self.classes):
            if name == concept:
                return {answer: label for label, answers in classes for answer in answers}
        return class_of(concept)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(rule)}</td></tr>"
            for name, rule in self.rules().items()
        )
        return f"<table><caption>Disclosure policy: {self.profile}</caption>{rows}</table>"


_PROTECTED: Final = {
    "noise": "To protect respondents, published counts carry a small random adjustment, usually "
    "at most 5. The same answers carry the same adjustment wherever they are counted.",
    "size": "Where 280 or more answered, nine in ten percentages move by less than a point, few "
    "by more than two; a change between editions has the adjustments of both.",
    "sums": "Parts may not add up to wholes of other tables. Where one answer is possible, the "
    "base is the sum of the published counts: with many answers it moves by more than one count.",
}
#: Rule -> least and most value.
_RANGES: Final = {
    "units": (3, 1000),
    "organizations": (3, 1000),
    "rare": (3, 1000),
    "small": (0, 1000),
    "digits": (1, 6),
    "threshold": (3, 1000),
}


def _wrong(policy: Policy) -> list[Problem]:
    """Return what has the wrong type or is out of range."""
    known = [profile.value for profile in Profile]
    problems = []
    if policy.profile not in known:
        got = repr(policy.profile)
        hint = did_you_mean(str(policy.profile), known)
        problems.append(Problem("[policy] profile", got, f"one of {', '.join(known)}", hint))
    for name, (least, most) in _RANGES.items():
        value: Any = getattr(policy, name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            wanted = f"a whole number from {least} to {most}"
            problems.append(Problem(f"[policy] {name}", repr(value), wanted))
    if not isinstance(policy.reason, str):
        problems.append(Problem("[policy] reason", repr(policy.reason), "a sentence"))
    return problems


def _wrong_classes(classes: Any) -> Iterator[Problem]:
    """Yield what is no class of answers, and answers that stand in two."""
    if classes == () or isinstance(classes, tuple):
        return
    wanted = 'answers that stand together: "Public sector" = ["Government / Defense", ...]'
    if not isinstance(classes, Mapping):
        yield Problem("[policy] classes", repr(classes), "a table for each question")
        return
    for concept, own in classes.items():
        where = f"[policy.classes.{concept}]"
        seen: set[str] = set()
        if not isinstance(own, Mapping):
            yield Problem(where, repr(own), wanted)
            continue
        for label, answers in own.items():
            if not isinstance(answers, list | tuple) or not all(
                isinstance(answer, str) for answer in answers
            ):
                yield Problem(f"{where} {label}", repr(answers), wanted)
                continue
            for answer in answers:
                if answer in seen:
                    yield Problem(f"{where} {label}", f"{answer!r} in two classes", "one class")
                seen.add(answer)


def _plain(classes: Any) -> Classes:
    """Return classes as tuples, which nobody changes."""
    if isinstance(classes, tuple):
        return classes
    return tuple(
        (str(concept), tuple((str(label), tuple(answers)) for label, answers in own.items()))
        for concept, own in classes.items()
    )


def _loose(policy: Policy) -> list[Problem]:
    """Return rules that are looser than the default although nobody says why."""
    if policy.reason.strip() or policy.profile is Profile.INTERNAL:
        return []
    hint = 'add a line that says why, such as: reason = "agreed with ..."'
    return [
        Problem(
            f"[policy] {each.name}",
            f"{getattr(policy, each.name)}, looser than the default of {each.default}, and no "
            "reason",
            "a reason",
            hint,
        )
        for each in fields(policy)
        if each.name in _RANGES and _looser(each.name, getattr(policy, each.name), each.default)
    ]


def _looser(name: str, value: int, default: Any) -> bool:
    return bool(value > default if name == "digits" else value < default)
