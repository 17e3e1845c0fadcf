"""Recognize a file by its heading lines: which layout, which edition, which delimiter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from survey.codebook import Codebook, Edition, Family
from survey.dataclass import dataclass
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.layouts import Plan, plans_of
from survey.exports.layouts.heading_plan import Overlap
from survey.exports.layouts.kept import by_identity
from survey.exports.recognise.known_headings import match_headings
from survey.exports.recognise.quotable import quotable, too_long
from survey.exports.source.raw_table import Page

__all__ = ["Match", "recognize"]

_NEARLY = 0.03  # of the headings: how much a year outweighs
_ALIKE = 1e-9
_NO_HEADINGS = "the line of headings is missing or damaged: export it again"
_YEAR = re.compile(
    rb"[,;\t\"]?(?:((?:19|20)\d\d)[-/.]\d\d?[-/.]\d\d?[ T]\d\d?:\d\d"
    rb"|\d\d?[-/.]\d\d?[-/.]((?:19|20)\d\d)\b)"
)
_BLOCK = 1 << 16
_PARTS = b"-./"  # of a day, which are neighbours in this order
_CLASS_OF = np.zeros(256, dtype=np.uint8)
for _number, _some in enumerate((b',;\t"', b"0123456789", _PARTS, b" T", b":"), start=1):
    _CLASS_OF[list(_some)] = _number
_TIME_SHAPE = _CLASS_OF[list(b",2024-01-01 00:00")]
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
    holding = [some for page in pages if (some := _fitting(page, codebook, edition))]
    if not holding:
        raise _unrecognized(pages, _every_match(pages, codebook, edition), codebook)
    if len(holding) > 1:
        raise _several_sheets([some[0].page for some in holding])
    best = max(match.overlap for match in holding[0])
    fitting = [match for match in holding[0] if match.overlap > best - _ALIKE]
    first = fitting[0] if len(fitting) == 1 else _nearest_in_time(fitting)
    near = sorted(holding[0], key=lambda match: -match.overlap)
    others = [match for match in near if match is not first and _alike(match, first)]
    return (first, *others)


def _alike(match: Match, first: Match) -> bool:
    same = match.plan is first.plan and match.delimiter == first.delimiter
    return same and match.overlap > first.overlap - _NEARLY


_Compared = tuple[Plan, Edition, str, tuple[str, ...], tuple[str, ...], float]
_Rows = tuple[tuple[str, ...], ...]
_Divided = tuple[tuple[str, _Rows], ...]  # delimiter, heading lines
_Lines = tuple[tuple[tuple[tuple[str, ...], int], _Divided], ...]


class _Candidate(NamedTuple):
    """A layout and an edition whose headings were not yet compared with those of the file."""

    plan: Plan
    edition: Edition
    delimiter: str
    written: tuple[str, ...]

    def most(self, count: int) -> float:
        """Return how much ``count`` headings can explain at most.

        Any of them may be another spelling of one that is known.
        """
        own = len(self.plan.own(self.edition))
        if self.plan.fold(self.edition):  # where several headings can stand for one
            return min(count / max(own, 1), 1.0)
        return _most(self.plan.overlap, own, count)

    def compared(self) -> _Compared:
        """Compare the headings; return what :class:`Match` has of them."""
        plan, edition = self.plan, self.edition
        fold = plan.fold(edition)
        found = match_headings(self.written, plan.known(edition))
        whole = [fold.get(each, each) for each in found] if fold else found
        overlap = plan.overlap(plan.own(edition), whole)
        return plan, edition, self.delimiter, self.written, found, overlap


@cache
def _most(overlap: Overlap, own: int, count: int) -> float:
    """Return the share of two sets that have as much in common as their sizes allow."""
    common = min(count, own)
    return overlap(map(str, range(own)), map(str, range(own - common, own - common + count)))


def _fitting(page: Page, codebook: Codebook, edition: str | None) -> list[Match]:
    """Return the layouts and editions that explain the headings of a page well."""
    lines = _heading_lines(page, codebook, edition)
    return [Match(page, *each) for each in _good_matches(codebook, edition, lines)]


def _every_match(
    pages: Sequence[Page], codebook: Codebook, edition: str | None
) -> list[list[Match]]:
    """Return what each layout of each edition explains of the headings of each page."""
    found = []
    for page in pages:
        lines = _heading_lines(page, codebook, edition)
        candidates = _candidates(codebook, edition, lines, every=True)
        found.append([Match(page, *each.compared()) for each in candidates])
    return found


@by_identity
def _good_matches(codebook: Codebook, edition: str | None, lines: _Lines) -> list[_Compared]:
    """Return what explains enough of the headings, and nearly as much as any other.

    It is kept, as many files have the same headings.
    """
    candidates = list(_candidates(codebook, edition, lines))
    sizes = {id(each.written): len(set(each.written) - {""}) for each in candidates}
    most = [each.most(sizes[id(each.written)]) for each in candidates]
    best, found = 0.0, dict[int, _Compared]()
    for at in sorted(range(len(candidates)), key=lambda at: -most[at]):
        plan = candidates[at].plan
        if most[at] >= max(best - _NEARLY, plan.enough) - _ALIKE:
            compared = candidates[at].compared()
            overlap = compared[-1]
            if overlap >= plan.enough:
                best, found[at] = max(best, overlap), compared
    return [found[at] for at in sorted(found)]


def _candidates(
    codebook: Codebook, edition: str | None, lines: _Lines, *, every: bool = False
) -> Iterator[_Candidate]:
    """Yield layouts and editions that have few enough headings for the file, or every one."""
    divided = dict(lines)
    for each, plan in _layouts(codebook, edition):
        for delimiter, rows in divided[_delimiters(plan, each), _header_rows(each)]:
            count = max(map(len, rows), default=0)
            if rows and (every or count >= plan.enough * len(plan.own(each))):
                yield _Candidate(plan, each, delimiter, plan.headline(each, rows))


def _heading_lines(page: Page, codebook: Codebook, edition: str | None) -> _Lines:
    """Return the heading lines of a page, divided in each of the ways that there can be."""
    headings = cache(page.headings)
    return tuple(
        ((usual, count), tuple((each, headings(each, count)) for each in page.delimiters(usual)))
        for usual, count in _ways(codebook, edition)
    )


@by_identity
def _ways(codebook: Codebook, edition: str | None) -> list[tuple[tuple[str, ...], int]]:
    """Return the delimiters and the numbers of heading lines of all layouts."""
    layouts = _layouts(codebook, edition)
    return list(dict.fromkeys((_delimiters(p, each), _header_rows(each)) for each, p in layouts))


def _layouts(codebook: Codebook, edition: str | None) -> Iterator[tuple[Edition, Plan]]:
    """Yield each edition, or one, with the layouts in which it can come."""
    for each in (codebook.edition(edition),) if edition else codebook:
        for plan in plans_of(each.layout.family):
            yield each, plan


def _delimiters(plan: Plan, edition: Edition) -> tuple[str, ...]:
    table = edition.layout.family is Family.TABLE
    return (edition.layout.delimiter,) if table and edition.layout.delimiter else plan.delimiters


def _header_rows(edition: Edition) -> int:
    return edition.layout.header_rows if edition.layout.family is Family.TABLE else 1


def _nearest_in_time(matches: Sequence[Match]) -> Match:
    """Prefer the edition of the year in which most answers were begun."""
    usual = _year_of_all(matches[0])
    if usual is None:
        years = _years(matches[0].page.sample)
        usual = years.most_common(1)[0][0] if years else 0

    def distance(match: Match) -> tuple[int, str]:
        digits = re.search(r"(19|20)\d\d", match.edition.name)
        return (abs(int(digits.group()) - usual) if digits else 9999, match.edition.name)

    return min(matches, key=distance)


def _year_of_all(match: Match) -> int | None:
    """Return the year in which every record was begun, if all lines say it in the same cell."""
    created = match.plan.keys(match.edition).get("created")
    if not match.plan.exporter or created not in match.headings:
        return None
    data = match.page.sample
    cell, years = _time_in_cell(match.headings.index(created), match.delimiter), set[bytes]()
    start = data.find(b"\n") + 1
    while 0 < start < len(data):
        found = cell(data, start)
        if found is None:
            return None
        years.add(found[1])
        start = data.find(b"\n", start) + 1
    return int(years.pop()) if len(years) == 1 else None


@cache
def _time_in_cell(number: int, delimiter: str) -> Callable[[bytes, int], re.Match[bytes] | None]:
    """Return what finds the year of a time in a cell of a line without quotes before it."""
    mark = re.escape(delimiter.encode())
    other = rb'[^%b"\r\n]*' % mark
    time = rb"((?:19|20)\d\d)-\d\d-\d\d \d\d:\d\d:\d\d"
    return re.compile(rb"(?:%b%b){%d}%b(?:%b|\r?\n)" % (other, mark, number, time, mark)).match


def _years(data: bytes) -> Counter[int]:
    r"""Return how many cells begin like a time or a day of each year.

    Examples
    --------
    >>> _years(b"2024-05-01 10:00,7,x\n,31.12.2023,2024-05-01")
    Counter({2024: 1, 2023: 1})
    """
    bytes_ = np.frombuffer(data, dtype=np.uint8)
    before = _before_numbers(bytes_)
    begins = before[_CLASS_OF[bytes_[before]] == _CLASS_OF[ord(",")]]
    part = {n: _is_part(bytes_, begins, n) for n in (2, 3, 5)}
    begins = begins[part[2] | part[3] | part[5]]
    part = {n: _is_part(bytes_, begins, n) for n in range(2, 9)}
    day_first = (part[2] | part[3]) & (part[4] | part[5] | part[6])
    begins = begins[day_first | (part[5] & (part[7] | part[8]))]
    usual, years = _usual_times(bytes_, begins)
    rest = (*([0] if data[:1].isdigit() else []), *begins[~usual].tolist())
    found = (match for match in (_YEAR.match(data, at) for at in rest) if match)
    counts = Counter(int(match[1] or match[2]) for match in found)
    for year, times in zip(*np.unique(years, return_counts=True), strict=True):
        counts[int(year)] += int(times)
    return counts


def _before_numbers(bytes_: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Return the place in front of each number, in blocks that the processor's cache holds."""
    found = [np.array([], dtype=np.int64)]
    for start in range(0, len(bytes_), _BLOCK):
        digit = (bytes_[start : start + _BLOCK + 1] - ord("0")) < 10  # modulo 256
        found.append(np.flatnonzero(digit[1:] > digit[:-1]) + start)
    return np.concatenate(found)


def _is_part(
    bytes_: npt.NDArray[np.uint8], begins: npt.NDArray[np.int64], after: int
) -> npt.NDArray[np.bool_]:
    """Return whether what divides the parts of a day stands some places after each of others."""
    return np.asarray((bytes_.take(begins + after, mode="clip") - ord("-")) < len(_PARTS))


def _usual_times(
    bytes_: npt.NDArray[np.uint8], begins: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return which cells begin as the survey system writes times, and the years of these."""
    usual = begins + len(_TIME_SHAPE) <= len(bytes_)
    if not usual.any():
        return usual, begins[usual]
    cells = sliding_window_view(bytes_, len(_TIME_SHAPE))[begins[usual]]
    right = (_CLASS_OF[cells] == _TIME_SHAPE).all(axis=1)
    usual[usual] = right
    years = (cells[right, 1:5].astype(np.int64) - ord("0")) @ np.array([1000, 100, 10, 1])
    known = (years >= 1900) & (years < 2100)
    usual[usual] = known
    return usual, years[known]


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
        for plan in plans_of(edition.layout.family)
        for heading in plan(edition)
    }
    strange = [heading for heading in header if heading not in known]
    shown = ", ".join(repr(heading[:40]) for heading in strange[:5]) or "too few headings"
    related = len(strange) < len(header)
    listed = sorted(known)  # so that of names that are equally near always the same are shown
    near = next(filter(None, (did_you_mean(heading, listed) for heading in strange[:5])), "")
    hint = (near if related else "") or (
        "export it with 'Deployment Survey CSV Download'; for a later questionnaire bind "
        "headings with 'survey codebook bind'; a file of another survey tool needs a codebook "
        "file with a [layout] table"
    )
    return hint, shown
