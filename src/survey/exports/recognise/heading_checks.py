"""What there is to say of the headings of a file: unknown, absent, twice, out of place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from survey.codebook import Edition
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.export import Issue, Repair
from survey.exports.recognise.heading_order import out_of_place
from survey.exports.recognise.match import Match
from survey.exports.recognise.quotable import quotable, too_long

__all__ = ["heading_issues", "refuse_headings", "respelled_headings", "unnamed", "with_names"]

_REQUIRED = ("respondent", "deployment", "answer")


@cache
def unnamed(number: int) -> str:
    """Return what stands for the heading of a column that has none."""
    return f"(column {number})"


def with_names(headings: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return headings of which none stands twice but those that are known.

    Examples
    --------
    >>> with_names(["Email", "Notes", "", "Notes", "Email"], ["Email"])
    ('Email', 'Notes', '(column 3)', 'Notes (column 4)', 'Email')
    """
    seen: set[str] = set()
    names = []
    for number, heading in enumerate(headings, start=1):
        name = heading or unnamed(number)
        again = heading in seen and heading not in {*known, ""}
        names.append(f"{name} {unnamed(number)}" if again else name)
        seen.add(heading)
    return tuple(names)


def respelled_headings(name: str, match: Match) -> Iterator[Repair]:
    """Yield a repair for each heading that was found in another spelling."""
    for written, found in zip(match.written, match.headings, strict=True):
        if written != found:
            rule = "cut heading" if found.startswith(written) else "heading spelling"
            yield Repair(name, found, written, found, rule, (1,))


def refuse_headings(name: str, match: Match, header: Sequence[str]) -> None:
    """Refuse columns that cannot be told apart, and records that could not be."""
    quoted = quotable(header)
    keys = match.plan.keys(match.edition)
    problems = [
        Problem(
            f"{name}, line 1",
            f"the heading {heading if quoted else '...'!r} more than once",
            "each heading once",
            "the columns cannot be told apart: rename one of them in a copy, or export it again",
        )
        for heading, times in Counter(header).items()
        if times > 1
    ]
    problems += [
        Problem(
            f"{name}, line 1",
            f"no heading {keys[role]!r}",
            "the number by which each record is known",
            "export the file again and leave its columns as they are",
        )
        for role in _REQUIRED
        if role in keys and keys[role] not in header
    ]
    if problems:
        raise ExportError(f"Cannot read {name}", problems)


def heading_issues(name: str, match: Match, header: Sequence[str]) -> Iterator[Issue]:
    """Yield an issue for each heading that is unknown, absent, or out of place."""
    expected, fold = match.plan(match.edition), match.plan.fold(match.edition)
    present = {fold.get(heading, heading) for heading in header} | set(header)
    lacking = [heading for heading in expected if heading not in present]
    known, quoted = set(expected), quotable(header)
    strange = [heading for heading in header if heading not in known and heading not in fold]
    in_place = _stands_for(expected, header, lacking, strange)
    for number, heading in enumerate(header, start=1):
        if heading not in known and heading not in fold:
            hint = did_you_mean(heading, lacking) or in_place or _bind_hint(match.edition)
            message = f"the codebook of {match.edition.name} does not know it; {hint}"
            shown = heading if quoted and not too_long(heading) else unnamed(number)
            yield Issue(name, 1, shown, "unknown heading", message)
    if match.plan.whole:
        message = f"the codebook of {match.edition.name} expects it; its answers are missing"
        for heading in lacking:
            yield Issue(name, 1, heading, "absent heading", message)
    if match.plan.ordered:
        yield from _moved_headings(name, out_of_place(match.edition, expected, header))


def _stands_for(
    expected: Sequence[str], header: Sequence[str], lacking: Sequence[str], strange: Sequence[str]
) -> str:
    """Return what the only unknown heading stands for: the only absent one, if in its place."""
    if len(lacking) != 1 or len(strange) != 1:
        return ""
    there, here = expected.index(lacking[0]), header.index(strange[0])
    before = expected[there - 1] if there else None
    if before != (header[here - 1] if here else None):
        return ""
    return f"did you mean {lacking[0]!r}? It stands in its place"


def _moved_headings(name: str, headings: Sequence[str]) -> Iterator[Issue]:
    message = (
        "the survey system writes it elsewhere: if the heading was moved without its column, "
        "the answers beneath it belong to another question"
    )
    for heading in headings:
        yield Issue(name, 1, heading, "heading out of place", message, 0)


def _bind_hint(edition: Edition) -> str:
    return f"bind it with: survey codebook bind {edition.name} CONCEPT HEADING"
