"""What may be published: the rules, as one small value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape

from survey.errors import DisclosureError, Problem

__all__ = ["Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of disclosure control.

    Attributes
    ----------
    threshold
        The base of a group must reach this, or the whole group is withheld; the survey's own
        analytics page withheld below 10. Numbers that are not counts must rest on as many
        answers.
    cell_threshold
        A positive count below this is withheld, and so is a count that leaves fewer than this
        many out: "all but one" tells about the one.
    organizations
        A row must rest on at least so many organizations, where the table says on how many it
        does (column ``clusters``).
    protection
        The least number of units by which the largest and the smallest value that a reader
        can deduce for a withheld count must differ.
    dominance
        A total of which one organization holds more than this part is withheld (column
        ``largest_share``): the (1, k) rule. Where the second largest is known, too (column
        ``second_share``), the p % rule applies with ``estimate_error``.
    estimate_error
        A total is withheld when the second largest organization could work out the largest
        one's figure to within this part of it: the p % rule.
    digits
        Totals, medians and ratios are rounded to so many significant digits: a total of bands
        at full length gives away how many clouds stand in each band.
    zeros
        Whether counts of zero are shown. A zero tells that nobody in the group chose an
        answer, which in a voluntary survey on technology harms nobody; a withheld zero would
        hide what was not chosen.
    unanimous
        Whether a small group (below twice ``threshold``) that gives one and the same answer is
        withheld: whoever is known to be in it would be known to have given it.

    Raises
    ------
    DisclosureError
        If a rule has a value that makes no sense; the error lists all of them.

    Notes
    -----
    Threshold, (n, k) and p % rules and their terms are those of Hundepool et al. (2012),
    *Statistical Disclosure Control*, Wiley, chapters 4 and 5.

    Examples
    --------
    >>> Policy().threshold
    10
    >>> Policy(threshold=0)
    Traceback (most recent call last):
    survey.errors.DisclosureError: The disclosure policy cannot be used
      - Policy: got threshold = 0; expected a whole number from 1.
    """

    threshold: int = 10
    cell_threshold: int = 3
    organizations: int = 3
    protection: int = 2
    dominance: float = 0.75
    estimate_error: float = 0.1
    digits: int = 2
    zeros: bool = True
    unanimous: bool = True

    def __post_init__(self) -> None:
        whole = {
            "threshold": 1,
            "cell_threshold": 1,
            "organizations": 1,
            "protection": 1,
            "digits": 1,
        }
        problems = [
            Problem("Policy", f"{name} = {getattr(self, name)!r}", f"a whole number from {least}")
            for name, least in whole.items()
            if not _whole(getattr(self, name), least)
        ] + [
            Problem("Policy", f"{name} = {getattr(self, name)!r}", "a part between 0 and 1")
            for name in ("dominance", "estimate_error")
            if not _part(getattr(self, name))
        ]
        problems += [
            Problem("Policy", f"{name} = {getattr(self, name)!r}", "true or false, without quotes")
            for name in ("zeros", "unanimous")
            if not isinstance(getattr(self, name), bool)
        ]
        if problems:
            raise DisclosureError("The disclosure policy cannot be used", problems)

    def rules(self) -> dict[str, str]:
        """Return every rule in words, for the notes of a publication.

        Examples
        --------
        >>> Policy().rules()["threshold"]
        'Groups of fewer than 10 are withheld.'
        """
        return {
            "threshold": f"Groups of fewer than {self.threshold} are withheld.",
            "cell_threshold": f"Counts from 1 to {self.cell_threshold - 1}, and counts that leave "
            f"1 to {self.cell_threshold - 1} out, are withheld."
            if self.cell_threshold > 1
            else "No count is withheld for being small.",
            "organizations": f"Rows that rest on fewer than {self.organizations} organizations "
            "are withheld.",
            "protection": "Further rows are withheld until no withheld count can be deduced from "
            f"the others to within less than {self.protection}.",
            "dominance": "Totals of which one organization holds more than "
            f"{self.dominance:.0%} are withheld.",
            "estimate_error": "Totals from which one organization could work out another's figure "
            f"to within {self.estimate_error:.0%} are withheld.",
            "digits": f"Totals, medians and ratios are rounded to {self.digits} significant "
            "digits.",
            "zeros": "Counts of zero are shown." if self.zeros else "Counts of zero are withheld.",
            "unanimous": f"Groups of fewer than {2 * self.threshold} that give one and the same "
            "answer are withheld."
            if self.unanimous
            else "Unanimous groups are shown.",
        }

    def _repr_html_(self) -> str:
        words = self.rules()
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(each.name)}</th>"
            f"<td>{escape(str(getattr(self, each.name)))}</td>"
            f"<td style='text-align:left'>{escape(words[each.name])}</td></tr>"
            for each in fields(self)
        )
        return f"<table><caption>Disclosure policy</caption>{rows}</table>"


def _whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _part(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
