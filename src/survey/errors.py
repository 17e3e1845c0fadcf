"""Errors that help.

Every error that this package raises on purpose descends from one root, with one class per
room of the house::

    SurveyError
    |-- ProjectError      survey.toml or the command line asks for something that is not there
    |-- CodebookError     a codebook file is wrong, or was asked for what it does not hold
    |-- ExportError       a file cannot be read as an export
    |-- ResponsesError    an export cannot be turned into typed answers
    |-- EstimateError     a statistic was asked of answers that cannot give it
    |-- DisclosureError   something was about to leave unprotected
    |-- PublishError      an output cannot be written

An error carries *all* problems that were found, each with the place, what was expected, what
came and what to do; ``str(error)`` reads like a work list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.dataclass import dataclass

__all__ = [
    "CodebookError",
    "DisclosureError",
    "EstimateError",
    "ExportError",
    "Problem",
    "ProjectError",
    "PublishError",
    "ResponsesError",
    "SurveyError",
    "did_you_mean",
]

_SHOWN = 20
_NEAR, _SLIP = 0.6, 0.8  # of difflib's ratio, from 0 to 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what to do about it.

    Parameters
    ----------
    where
        Place as a reader would look it up: ``"Survey_2024.csv, line 7, column 'NetPromoter'"``.
    got
        What was found there.
    expected
        What should have been there; empty when there is nothing to add.
    hint
        What to do next, often a "did you mean".

    Examples
    --------
    >>> print(Problem("survey.toml, [policy]", "threshold = -1", "a whole number from 1", "use 10"))
    survey.toml, [policy]: got threshold = -1; expected a whole number from 1. Hint: use 10.
    """

    where: str
    got: str
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: got {self.got}" if self.where else f"got {self.got}"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.hint:
            text += f". Hint: {self.hint}"
        return text if text.endswith((".", "?")) else f"{text}."


class SurveyError(Exception):
    """Root of the package's errors.

    Parameters
    ----------
    message
        One sentence that says what could not be done.
    problems
        Everything found wrong, in reading order.

    Examples
    --------
    >>> error = SurveyError("Cannot read x.csv", [Problem("x.csv, line 1", "no header")])
    >>> print(error)
    Cannot read x.csv
      - x.csv, line 1: got no header.
    """

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems: tuple[Problem, ...] = tuple(problems)

    def __str__(self) -> str:
        lines = [self.message, *(f"  - {problem}" for problem in self.problems[:_SHOWN])]
        if len(self.problems) > _SHOWN:
            lines.append(f"  ... and {len(self.problems) - _SHOWN} more (see .problems)")
        return "\n".join(lines)


class ProjectError(SurveyError):
    """``survey.toml`` or the command line asks for something that is not there."""


class CodebookError(SurveyError):
    """A codebook file is wrong, or was asked for what it does not hold."""


class ExportError(SurveyError):
    """A file cannot be read as an export."""


class ResponsesError(SurveyError):
    """An export cannot be turned into typed answers."""


class EstimateError(SurveyError):
    """A statistic was asked of answers that cannot give it."""


class DisclosureError(SurveyError):
    """Something was about to leave unprotected."""


class PublishError(SurveyError):
    """An output cannot be written."""


def did_you_mean(word: object, known: Iterable[str], *, most: int = 3) -> str:
    """Return a question naming the nearest known words, or ``""`` when none is near.

    Names that hold every word that was written come first, then those that are spelled nearly
    like it. What is no text is near to none.

    Examples
    --------
    >>> did_you_mean("compute_core", ["compute_cores", "team_size"])
    "did you mean 'compute_cores'?"
    >>> did_you_mean("cores", ["roles", "compute_cores"])
    "did you mean 'compute_cores'?"
    >>> did_you_mean("zzz", ["compute_cores"])
    ''
    """
    from difflib import get_close_matches  # which nobody needs who makes no slip

    by_folded = {name.casefold(): name for name in known}
    if not isinstance(word, str):
        return ""
    folded = word.casefold()
    near = _holding(folded, by_folded)[:most]
    # beside a name that holds the word, only a slip of the pen is as near
    cutoff = _SLIP if near else _NEAR
    slips = get_close_matches(folded, by_folded, n=most, cutoff=cutoff)
    near = list(dict.fromkeys([*slips, *near]))[:most]
    if not near:
        return ""
    return "did you mean " + " or ".join(repr(by_folded[name]) for name in near) + "?"


def _holding(folded: str, names: Iterable[str]) -> list[str]:
    """Return the names that hold every word of a text, those with the fewest others first."""
    wanted = _words(folded)
    held = [(len(words), name) for name in names if wanted <= (words := _words(name))]
    return [name for _, name in sorted(held, key=lambda each: each[0])] if wanted else []


def _words(folded: str) -> frozenset[str]:
    """Return the words of a name, each without the s of its plural."""
    return frozenset(
        word.removesuffix("s") for word in re.findall(r"\w+", folded.replace("_", " "))
    )
