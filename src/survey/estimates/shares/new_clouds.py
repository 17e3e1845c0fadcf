"""New clouds: which share came online within some months before the answer.

The questionnaire asks for the year alone. A cloud of this year came online between 1 January
and the day of the answer, one of last year at some time of that year; so for a window of nine
months some clouds are certainly new, some certainly not, and some cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Question
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import names
from survey.estimates.design.sample import Sample
from survey.estimates.exact_note import ExactNote
from survey.estimates.numbers.banded import Banded
from survey.estimates.numbers.bounded import Membership, bounded_shares, tabulated_memberships
from survey.estimates.shares.share_where import METHOD, SHARE_WHERE
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.banded_answers import BandedAnswers, Cells
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.offers import questions_of
from survey.responses import Responses

__all__ = ["new_clouds"]

Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]
Day = date | str

CONCEPT: Final = "deployment_year"
_YEAR: Final = re.compile(r"\d{4}")
_DATED: Final = ("edited", "created")
_STEP: Final = 0.05
"""Of the part of an open cloud's year that the window holds, in publications."""


@checked(EstimateError)
def new_clouds(
    answers: Responses | Design,
    months: int,
    by: str | Sequence[str] | None = None,
    *,
    as_of: Day | Mapping[str, Day] | None = None,
    dated: str = "edited",
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the share of clouds that came online within some months before the answer.

    Parameters
    ----------
    answers
        Typed answers.
    months
        Length of the window.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    as_of
        The day on which the window ends, for all or per edition; by default the day of each
        answer.
    dated
        Which day of a respondent's record is the day of the answer: ``"edited"`` (last
        change) or ``"created"`` (first visit).
    options
        Who counts, and how, as in :func:`quantile`.

    Returns
    -------
    Estimates
        ``value`` spreads the clouds of a year evenly over it. Beyond the core columns:
        ``lower_bound`` and ``upper_bound``, between which the share among those who answered
        certainly lies; ``undecided`` (clouds of a year that the window cuts), ``clusters``
        and ``imprecise_because``. ``count`` are the clouds that are certainly new.

    Raises
    ------
    EstimateError
        If an argument is not what it should be, or no day of the answers is known.
    ResponsesError
        If none of the editions asks for the year.

    Notes
    -----
    A year after the day of the answer contradicts it and counts as no answer; a note says how
    many there are. An edition whose form lists no year as new as the edition itself is ``not
    offered``: the newest clouds had no answer to give. Bounds: Manski (2003), Partial
    Identification of Probability Distributions, chapter 1.

    Examples
    --------
    >>> from survey.estimates.shares.new_clouds import overlap
    >>> seen = np.array(["2023-08-15"], dtype="datetime64[D]")
    >>> found = overlap(np.array([2022.0]), seen, 9)
    >>> found.certain.tolist(), found.possible.tolist(), found.likely.round(3).tolist()
    ([False], [True], [0.129])
    """
    _check(months, dated)
    window = f"within {months} month{'' if months == 1 else 's'}"
    kept = {
        "answer": window,
        "months": months,
        "as_of": as_of,
        "dated": dated,
    }
    design = design_of(answers, **options)
    arguments = Arguments(CONCEPT, names("by", by), MappingProxyType(kept))
    found = _read(design, arguments)
    everyone = Membership.everyone(len(found.banded.sample))
    return table_of(
        NEW_CLOUDS,
        design,
        arguments,
        found.banded.asked,
        bounded_shares(found.banded, everyone, found.new, arguments),
        names=found.banded.grouping.names,
        title=f"Deployments that came online {window}",
        method=METHOD,
        notes=(
            *_notes(as_of, dated, found.contradictory),
            *_notes_on_years(found.banded),
            *found.banded.notes(),
        ),
    )


class _Found(NamedTuple):
    """Clouds in groups, which of them are new, and how many answers contradict their day."""

    banded: Banded
    new: Membership
    contradictory: int


def _read(design: Design, arguments: Arguments) -> _Found:
    asked = design.asked((CONCEPT,), arguments.by, answered=True)
    sample = design.sample(asked)
    said = _years(sample)
    day = _days(sample, arguments["as_of"], arguments["dated"])
    after = said.year > _calendar_years(day)
    ended = _ended(sample, day)
    offered = ~np.isin(sample.edition, list(ended))
    known = ~np.isnan(said.year) & ~np.isnat(day) & ~after & offered
    code = np.where(known, 0, -1)
    bands = BandedAnswers(CONCEPT, "", _NO_CELLS, code, said.asked & offered, ended)
    grouping = group_by(sample, arguments.by)
    banded = Banded(design, asked, sample, grouping, (bands,), design.weight(sample, asked))
    new = overlap(np.where(known, said.year, np.nan), day, arguments["months"])
    return _Found(banded, new, int((after & offered).sum()))


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    """Count clouds that are new, that are not, and of which it is open.

    What is likely of an open cloud is the mean over all of them: with the part of each cloud's
    own year a class would hold a handful of clouds. The mean is rounded, and no class is named
    after it, since it follows from the days of the records: one record less would move it.
    """
    banded, new, _ = _read(design, arguments)
    open_ones = banded.answered & new.possible & ~new.certain
    part = round(float(new.likely[open_ones].mean()) / _STEP) * _STEP if open_ones.any() else 0.0
    everyone = Membership.everyone(len(banded.sample))
    having = replace(new, likely=np.where(open_ones, part, new.likely))
    found = tabulated_memberships(banded, everyone, having)
    assert found.scores is not None
    certain, possible = found.scores[3:5]
    labels = np.where(certain > 0, "certainly new", np.where(possible > 0, "open", "not new"))
    return (replace(found, answers=tuple(labels.tolist())),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    kept = {name: arguments[name] for name in ("months", "as_of", "dated")}
    return new_clouds(design, by=arguments.by, **kept)


def overlap(year: Floats, day: Days, months: int) -> Membership:
    """Return whether clouds of a year came online within some months before a day.

    Parameters
    ----------
    year
        Year in which each cloud came online; ``-inf`` for "older", ``nan`` for no answer.
    day
        Day of each answer.
    months
        Length of the window, which includes its first day.
    """
    finite = np.isfinite(year)
    first = _day_one(np.where(finite, year, 1970.0))
    last = np.minimum(_day_one(np.where(finite, year + 1, 1971.0)) - np.timedelta64(1, "D"), day)
    opens = _months_before(day, months)
    certain = finite & (first >= opens)
    possible = finite & (last >= opens)
    span = (last - first).astype(np.float64) + 1
    inside = (last - np.maximum(first, opens)).astype(np.float64) + 1
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip(inside / span, 0.0, 1.0)
    return Membership(certain, possible, np.where(possible, np.nan_to_num(part), 0.0))


def _day_one(year: Floats) -> Days:
    return np.asarray(
        (year - 1970).astype(np.int64).astype("datetime64[Y]").astype("datetime64[D]")
    )


def _months_before(day: Days, months: int) -> Days:
    """Return the same day of the month, some months earlier, or that month's last day."""
    month = day.astype("datetime64[M]")
    within = day - month.astype("datetime64[D]")
    then = month - np.timedelta64(months, "M")
    start = then.astype("datetime64[D]")
    last = (then + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.asarray(np.minimum(start + within, last))


@dataclass(frozen=True)
class _Said:
    """Per row: the year that was given (``-inf``: older than any listed), and who was asked."""

    year: Floats
    asked: npt.NDArray[np.bool_]


def _years(sample: Sample) -> _Said:
    column = pd.Series(sample.column(CONCEPT)).astype(object)
    year = np.full(len(sample), np.nan)
    asked = np.zeros(len(sample), dtype=bool)
    for place, question in enumerate(questions_of(sample, CONCEPT)):
        if question is None:
            continue
        rows = sample.edition == place
        asked |= rows
        meaning = {
            label: float(label) if _YEAR.fullmatch(label) else -np.inf
            for label in question.labels
            if label not in question.missing_labels
        }
        year[rows] = column[rows].map(meaning).to_numpy(dtype=np.float64)
    return _Said(year, asked)


def _ended(sample: Sample, day: Days) -> frozenset[int]:
    """Return the editions whose listed years end before their own, so that no cloud is new."""
    ended = set()
    for place, (name, question) in enumerate(
        zip(sample.editions, questions_of(sample, CONCEPT), strict=True)
    ):
        newest = _newest_year(question)
        days = day[(sample.edition == place) & ~np.isnat(day)]
        if newest is None or not (len(days) or _YEAR.fullmatch(name)):
            continue
        own = int(name) if _YEAR.fullmatch(name) else int(np.median(_calendar_years(days)))
        if newest < own:
            ended.add(place)
    return frozenset(ended)


def _newest_year(question: Question | None) -> int | None:
    labels = () if question is None else question.labels
    return max((int(label) for label in labels if _YEAR.fullmatch(label)), default=None)


def _calendar_years(days: Days) -> Floats:
    return np.asarray(days.astype("datetime64[Y]").astype(np.float64) + 1970)


def _notes_on_years(banded: Banded) -> Iterator[str]:
    asked = questions_of(banded.sample, CONCEPT)
    for place in sorted(banded.only.not_offered):
        yield (
            f"The form of {banded.sample.editions[place]} lists years up to "
            f"{_newest_year(asked[place])} alone: clouds of its own year had no answer to give."
        )


def _days(sample: Sample, as_of: Day | Mapping[str, Day] | None, dated: str) -> Days:
    """Return the day on which each row's window ends."""
    if as_of is not None:
        return _fixed_days(sample, as_of)
    people = sample.answers.respondents
    index = pd.MultiIndex.from_frame(people[["edition", "respondent"]].astype(str))
    frame = sample.answers.frame(sample.unit)[["edition", "respondent"]].astype(str)
    place = index.get_indexer(pd.MultiIndex.from_frame(frame))
    stamps = pd.to_datetime(people[dated]).to_numpy().astype("datetime64[D]")
    day = sample.pick(np.append(stamps, np.datetime64("NaT", "D"))[place])
    if len(day) and np.isnat(day).all():
        problem = Problem(
            f"column {dated!r}", "no day in any record", "the day of each answer", "give as_of"
        )
        raise EstimateError("Cannot tell when the answers were given", [problem])
    return day


def _fixed_days(sample: Sample, as_of: Day | Mapping[str, Day]) -> Days:
    by_edition = as_of if isinstance(as_of, Mapping) else dict.fromkeys(sample.editions, as_of)
    problems, days = [], np.full(len(sample.editions), np.datetime64("NaT", "D"), "datetime64[D]")
    for place, edition in enumerate(sample.editions):
        try:
            days[place] = np.datetime64(str(by_edition[edition]), "D")
        except (KeyError, ValueError):
            got = repr(by_edition.get(edition, "no day"))
            problems.append(Problem(f"as_of, edition {edition}", got, "a day such as 2023-08-15"))
    if problems:
        raise EstimateError("Cannot tell when the answers were given", problems)
    return np.asarray(days[sample.edition])


_NO_CELLS = Cells(np.zeros(1), np.zeros(1), np.ones(1), ("a year",))


def _notes(as_of: Day | Mapping[str, Day] | None, dated: str, contradictory: int) -> Iterator[str]:
    asked = "The year alone was asked: records of a year that the window cuts"
    spread = "the value spreads them evenly over the year"
    yield ExactNote(
        f"{asked} count in none or in all of the bounds; {spread}.",
        f"{asked} may be all new or none of them, and the interval reaches to both; {spread}.",
    )
    if as_of is None:
        which = "last changed" if dated == "edited" else "begun"
        yield f"The window ends on the day on which each record was {which}."
    if contradictory:
        yield ExactNote(
            f"{contradictory} answers name a year after the day of the answer and are left out."
        )


def _check(months: int, dated: str) -> None:
    problems = []
    if isinstance(months, bool) or not isinstance(months, int) or months < 1:
        problems.append(Problem("months", repr(months), "a whole number from 1"))
    if dated not in _DATED:
        problems.append(Problem("dated", repr(dated), f"one of {', '.join(_DATED)}"))
    if problems:
        raise EstimateError("Cannot count new clouds", problems)


NEW_CLOUDS: Final = replace(
    SHARE_WHERE,
    name="new_clouds",
    calculates=r"within \d+ months?",
    tabulate=_tabulate,
    ask_again=_ask_again,
)
