"""Groups: what ``by`` means, in numbers and in labels."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.checks import names as listed
from survey.estimates.design.places import REGION_OF
from survey.estimates.design.sample import Sample
from survey.estimates.tabulation.indicator import Indicator, any_of, read_indicator
from survey.estimates.tabulation.sums import Groups

__all__ = ["Grouping", "group_by"]

Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Grouping:
    """Crossed groups of a sample.

    Attributes
    ----------
    names
        Grouping concepts, outermost first.
    labels
        Labels of each concept.
    groups
        Memberships; groups are numbered with the last concept running fastest.
    stacked
        Concepts of which a unit can be in several groups.
    existing
        Editions x groups: whether the edition offered the group; another edition's groups do
        not exist where editions are grouped by.
    absent
        Editions x groups: whether it would have been one, but the files have no column for it.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    groups: Groups
    stacked: tuple[str, ...]
    existing: Flags
    absent: Flags

    def column(self, place: int) -> npt.NDArray[np.object_]:
        """Return the label of each group on the concept at ``place``."""
        shape = tuple(len(labels) for labels in self.labels)
        codes = np.unravel_index(np.arange(self.groups.count), shape)[place]
        return np.asarray(np.array(self.labels[place], dtype=object)[codes])

    def tuples(self) -> tuple[tuple[str, ...], ...]:
        """Return the labels of each group, one per concept."""
        return tuple(itertools.product(*self.labels))


def group_by(sample: Sample, by: str | Sequence[str] | None) -> Grouping:
    """Return the groups that ``by`` asks for.

    Raises
    ------
    EstimateError
        If something is named twice, unknown, or not a question with listed answers.
    """
    names = listed("by", by, "'edition', a concept that was asked, or several of them")
    _check(sample, names)
    rows: Ints | None = None
    code = np.zeros(len(sample), dtype=np.intp)
    existing = np.ones((len(sample.editions), 1), dtype=bool)
    wanted = existing
    labels, stacked = [], []
    for name in names:
        if name == "edition":
            own, offered = sample.editions, np.eye(len(sample.editions), dtype=bool)
            listed_there = offered
            code = code * len(own) + (sample.edition if rows is None else sample.edition[rows])
        else:
            answer = read_indicator(sample, name).substantive()
            own, offered = answer.answers, answer.offered
            listed_there = offered | answer.absent
            rows, code = _joined(rows, code, answer)
            stacked += [name] if answer.several else []
        labels.append(own)
        existing = _crossed(existing, offered)
        wanted = _crossed(wanted, listed_there)
    groups = Groups(code, existing.shape[1], rows)
    return Grouping(names, tuple(labels), groups, tuple(stacked), existing, wanted & ~existing)


def _crossed(first: Flags, second: Flags) -> Flags:
    """Return editions x pairs of groups: whether both exist."""
    return np.asarray((first[:, :, None] & second[:, None, :]).reshape(len(first), -1))


def _joined(rows: Ints | None, code: Ints, answer: Indicator) -> tuple[Ints | None, Ints]:
    """Join memberships with the groups of one more question."""
    chosen = answer.chosen if rows is None else answer.chosen[rows]
    if answer.several:
        member, place = np.nonzero(chosen)
        unit = member if rows is None else rows[member]
        return unit, code[member] * len(answer.answers) + place
    place = (
        np.where(any_of(chosen), chosen.argmax(axis=1), -1)
        if chosen.shape[1]
        else np.full(len(chosen), -1)
    )
    return rows, np.where((place >= 0) & (code >= 0), code * max(chosen.shape[1], 1) + place, -1)


def _check(sample: Sample, names: Sequence[str]) -> None:
    known = ("edition", *sample.answers.concepts, *REGION_OF)
    problems = [
        Problem(
            "by",
            repr(name),
            "'edition' or a concept that was asked",
            did_you_mean(name, known) or "see answers.concepts",
        )
        for name in names
        if name not in known
    ]
    problems += [
        Problem("by", f"{name!r} {names.count(name)} times", "each grouping once")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise EstimateError("Cannot group the answers", problems)
