"""Recognize a file by its heading lines: which layout, which edition, which delimiter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey.codebook import Codebook, Edition, Family
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.layouts import LAYOUTS, Plan
from survey.exports.recognise.known_headings import match_headings
from survey.exports.recognise.quotable import quotable, too_long
from survey.exports.source.raw_table import Page

__all__ = ["Match", "recognize"]

_NEARLY = 0.03  # of the headings: how much a year outweighs
_NO_HEADINGS = "the line of headings is missing or damaged: export it again"
_YEAR = re.compile(
    rb"(?:^|[,;\t\"])(?:((?:19|20)\d\d)[-/.]\d\d?[-/.]\d\d?[ T]\d\d?:\d\d"
    rb"|\d\d?[-/.]\d\d?[-/.]((?:19|20)\d\d)\b)"
)
_NO_ANSWERS = (
    (
        frozenset({"0"}),
        "a table of counts",
        "it holds no answers: export them with 'Deployment Survey CSV Download'",
    ),
    (
        frozenset({"Creation", "Edited", "Link"}),
        "company data of the old survey",
        "it holds no answers: use the survey_results export of that time",
    ),
)


@dataclass(frozen=True)
class Match:
    """A layout and an edition, and how much of the headings they explain (0 to 1).

    ``written`` are the headings as they stand in the file, ``headings`` the same with those
    that are known in the spelling of the codebook.
    """

    page: Page
    plan: Plan
    edition: Edition
    delimiter: str
    written: tuple[str, ...]
    headings: tuple[str, ...]
    overlap: float

    @property
    def header_rows(self) -> int:
        """Number of heading lines."""
        return _header_rows(self.edition)


def recognize(
    pages: Sequence[Page], codebook: Codebook, edition: str | None = None
) -> tuple[Match, ...]:
    """Return the layout and edition that explain the headings of one of the pages best.

    Others follow whose headings fit nearly as well: the same layout in other editions, which
    the times of the records tell apart. Of several that fit alike, the first is that of the
    year in which most answers seem to be begun.

    Raises
    ------
    ExportError
        If no layout of any edition explains the headings, or several sheets hold answers.
    """
    editions = (codebook.edition(edition),) if edition else tuple(codebook)
    by_page = [tuple(_matches(page, editions)) for page in pages]
    good = [[match for match in some if match.overlap >= match.plan.enough] for some in by_page]
    holding = [some for some in good if some]
    if not holding:
        raise _unrecognized(pages, by_page, codebook)
    if len(holding) > 1:
        raise _several_sheets([some[0].page for some in holding])
    best = max(match.overlap for match in holding[0])
    fitting = [match for match in holding[0] if match.overlap > best - 1e-9]
    first = fitting[0] if len(fitting) == 1 else _nearest_in_time(fitting)
    near = sorted(holding[0], key=lambda match: -match.overlap)
    others = [match for match in near if match is not first and _alike(match, first)]
    return (first, *others)


def _alike(match: Match, first: Match) -> bool:
    same = match.plan is first.plan and match.delimiter == first.delimiter
    return same and match.overlap > first.overlap - _NEARLY


def _matches(page: Page, editions: Iterable[Edition]) -> Iterator[Match]:
    seen: dict[tuple[str, int], tuple[tuple[str, ...], ...]] = {}
    for edition in editions:
        for plan in LAYOUTS.values():
            if plan.family is not edition.layout.family:
                continue
            expected, fold = plan(edition), plan.fold(edition)
            for delimiter in page.delimiters(_delimiters(plan, edition)):
                lines = (delimiter, _header_rows(edition))
                if lines not in seen:
                    seen[lines] = page.headings(*lines)
                if seen[lines]:
                    written = plan.headline(edition, seen[lines])
                    found = match_headings(written, (*expected, *fold))
                    overlap = plan.overlap(expected, (fold.get(each, each) for each in found))
                    yield Match(page, plan, edition, delimiter, written, found, overlap)


def _delimiters(plan: Plan, edition: Edition) -> tuple[str, ...]:
    table = edition.layout.family is Family.TABLE
    return (edition.layout.delimiter,) if table and edition.layout.delimiter else plan.delimiters


def _header_rows(edition: Edition) -> int:
    return edition.layout.header_rows if edition.layout.family is Family.TABLE else 1


def _nearest_in_time(matches: Sequence[Match]) -> Match:
    """Prefer the edition of the year in which most answers were begun."""
    found = _YEAR.findall(matches[0].page.sample)
    years = Counter(int(first or last) for first, last in found)
    usual = years.most_common(1)[0][0] if years else 0

    def distance(match: Match) -> tuple[int, str]:
        digits = re.search(r"(19|20)\d\d", match.edition.name)
        return (abs(int(digits.group()) - usual) if digits else 9999, match.edition.name)

    return min(matches, key=distance)


def _several_sheets(pages: Sequence[Page]) -> ExportError:
    name = pages[0].name
    problem = Problem(
        name,
        f"{len(pages)} sheets that hold answers",
        "one",
        "keep one sheet in each file, so that it is clear what is read",
    )
    return ExportError(f"Cannot read {name}", [problem])


def _unrecognized(
    pages: Sequence[Page], by_page: Sequence[Sequence[Match]], codebook: Codebook
) -> ExportError:
    """Describe the headings of the page, and the delimiter, that explain most."""
    matches = [match for some in by_page for match in some]
    best = max(matches, key=lambda match: match.overlap, default=None)
    page = best.page if best else pages[0]
    page.refuse_faulty_headings()
    header = best.headings if best else ()
    for headings, kind, hint in _NO_ANSWERS:
        if headings <= set(header) and len(header) < 2 * len(headings) + 4:
            problem = Problem(f"{page.name}, line 1", kind, "the headings of a survey export", hint)
            return ExportError(f"{page.name} holds no answers", [problem])
    hint, strange = _strange(header, codebook)
    if not quotable(header) or any(map(too_long, header)):
        strange, hint = "numbers, dates or addresses", _NO_HEADINGS
    problem = Problem(
        f"{page.name}, line 1",
        f"{len(header)} headings, among them {strange}",
        "the headings of a survey export",
        hint,
    )
    return ExportError(f"{page.name} is not an export that the codebook knows", [problem])


def _strange(header: Sequence[str], codebook: Codebook) -> tuple[str, str]:
    """Return a hint and a few of the headings that no layout knows."""
    known = {
        heading
        for edition in codebook
        for plan in LAYOUTS.values()
        if plan.family is edition.layout.family
        for heading in plan(edition)
    }
    strange = [heading for heading in header if heading not in known]
    shown = ", ".join(repr(heading[:40]) for heading in strange[:5]) or "too few headings"
    related = len(strange) < len(header)
    near = next(filter(None, (did_you_mean(heading, known) for heading in strange[:5])), "")
    hint = (near if related else "") or (
        "export it with 'Deployment Survey CSV Download'; for a later questionnaire bind "
        "headings with 'survey codebook bind'; a file of another survey tool needs a codebook "
        "file with a [layout] table"
    )
    return hint, shown
