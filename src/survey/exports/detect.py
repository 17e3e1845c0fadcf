"""Recognize a file by its heading line: which layout, which edition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.codebook import Codebook, Edition
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.export import Layout
from survey.exports.layouts import LAYOUTS

__all__ = ["Match", "recognize"]

_ENOUGH = 0.5
_YEAR = re.compile(rb"(?:^|[,\"])((?:19|20)\d\d)-\d\d-\d\d \d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Match:
    """A layout and an edition, and how much of the headings they explain (0 to 1)."""

    layout: Layout
    edition: Edition
    overlap: float


def recognize(
    name: str, header: Sequence[str], data: bytes, codebook: Codebook, edition: str | None = None
) -> Match:
    """Return the layout and edition that explain the heading line best.

    Editions with the same headings are told apart by the years in which answers were begun.

    Raises
    ------
    ExportError
        If no layout of any edition explains the headings.
    """
    editions = (codebook.edition(edition),) if edition else tuple(codebook)
    matches = [_match(layout, each, header) for layout in LAYOUTS for each in editions]
    best = max(match.overlap for match in matches)
    if best < _ENOUGH:
        raise _unrecognized(name, header, codebook)
    fitting = [match for match in matches if match.overlap > best - 1e-9]
    return fitting[0] if len(fitting) == 1 else _nearest_in_time(fitting, data)


def _match(layout: Layout, edition: Edition, header: Sequence[str]) -> Match:
    expected, present = set(LAYOUTS[layout](edition)), set(header)
    return Match(layout, edition, len(expected & present) / len(expected | present))


def _nearest_in_time(matches: Iterable[Match], data: bytes) -> Match:
    """Prefer the edition of the year in which most answers were begun."""
    years = Counter(int(year) for year in _YEAR.findall(data, 0, 1 << 22))
    usual = years.most_common(1)[0][0] if years else 0

    def distance(match: Match) -> tuple[int, str]:
        digits = re.search(r"(19|20)\d\d", match.edition.name)
        return (abs(int(digits.group()) - usual) if digits else 9999, match.edition.name)

    return min(matches, key=distance)


def _unrecognized(name: str, header: Sequence[str], codebook: Codebook) -> ExportError:
    known = {
        heading for layout in LAYOUTS for each in codebook for heading in LAYOUTS[layout](each)
    }
    strange = [heading for heading in header if heading not in known]
    shown = ", ".join(repr(heading[:40]) for heading in strange[:5]) or "too few headings"
    related = len(strange) < len(header)
    near = next(filter(None, (did_you_mean(heading, known) for heading in strange[:5])), "")
    hint = (near if related else "") or (
        "export it with 'Deployment Survey CSV Download'; for a later "
        "questionnaire bind headings with 'survey codebook bind'"
    )
    problem = Problem(
        f"{name}, line 1",
        f"{len(header)} headings, among them {shown}",
        "the headings of a survey export",
        hint,
    )
    return ExportError(f"{name} is not an export that the codebook knows", [problem])
