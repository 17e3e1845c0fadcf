"""The same organizations in two editions: what each of them said, as an interval.

An organization's footprint is the sum over its clouds: at least the sum of the lower edges of
their bands, at most the sum of the upper ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.sample import Sample, draw
from survey.estimates.numbers.known import Figures, apply_known
from survey.estimates.tabulation.banded_answers import BandedAnswers, check_additive, read_bands
from survey.estimates.tabulation.grouping import Grouping, group_by
from survey.responses import Responses

__all__ = ["CLASSES", "Matched", "join_groups", "match_editions"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Edges = tuple[float, float, float]

CLASSES: Final = ("entered", "left", "grew", "shrank", "same band", "undecided", "unknown")
"""What can have happened to an organization between two editions."""


@dataclass(frozen=True)
class Side:
    """What organizations said in one edition, one entry per organization.

    Attributes
    ----------
    present
        Whether it took part.
    complete
        Whether it gave a band for each of its clouds.
    clouds
        Number of clouds with a band.
    low, high
        Sums of the edges, those of open bands left out of ``high``.
    endless
        Number of clouds in an open band.
    model
        Sum of expected numbers.
    label
        The band of the only cloud, else ``""``.
    """

    present: Flags
    complete: Flags
    clouds: Ints
    low: Floats
    high: Floats
    endless: Ints
    model: Floats
    label: npt.NDArray[np.object_]

    @property
    def top(self) -> Floats:
        """Sum of the upper edges; infinite with a cloud in an open band."""
        return np.asarray(np.where(self.endless > 0, np.inf, self.high))


@dataclass(frozen=True)
class Matched:
    """Organizations of two editions.

    Attributes
    ----------
    sample, grouping
        Rows of both editions, and their groups.
    counts
        What the numbers count.
    earlier, later
        What was said in each edition.
    kind
        Per organization: position of its class in :data:`CLASSES`.
    group
        Per organization: its group, that of its largest cloud in the earlier edition (in the
        later one for organizations that entered); -1 for none.
    carried
        Number of organizations whose later answers were all carried over from the earlier.
    """

    sample: Sample
    grouping: Grouping
    counts: str
    earlier: Side
    later: Side
    kind: Ints
    group: Ints
    carried: int

    @property
    def both(self) -> Flags:
        """Organizations that gave complete answers in both editions."""
        return np.asarray(self.earlier.complete & self.later.complete)


def match_editions(
    answers: Responses,
    concept: str,
    editions: tuple[str, str],
    by: str | Sequence[str] | None = None,
    *,
    copies: bool = False,
    once: bool = False,
    figures: Figures | None = None,
    expected: Mapping[Edges, float] | None = None,
) -> Matched:
    """Match organizations over two editions.

    Parameters
    ----------
    answers, concept, editions, by
        What was asked of whom.
    copies, once
        Whether answers that were carried over count, and each cloud once.
    figures
        Published figures that replace bands.
    expected
        Edges of a band -> the expected number in it; without them no sums are modelled.

    Raises
    ------
    EstimateError
        If an edition is not there, a grouping has several answers per cloud, or the answers
        are not bands of a number.
    """
    _check(answers, editions)
    sample = draw(answers, Unit.DEPLOYMENT, copies=True, once=once, editions=editions)
    bands = read_bands(sample, concept)
    check_additive(bands)
    grouping = group_by(sample, by)
    if grouping.stacked or "edition" in grouping.names:
        name = "edition" if "edition" in grouping.names else grouping.stacked[0]
        problem = Problem("by", repr(name), "a question with one answer per cloud")
        raise EstimateError("Cannot group organizations", [problem])
    frame = sample.answers.deployments
    copied = sample.pick(frame["copied"].fillna(False).to_numpy(dtype=bool))
    counted = copies or answers.copies_count
    fresh = np.ones(len(sample), dtype=bool) if counted else ~copied
    sample = replace(sample, copies=counted, left_out=int((~fresh).sum()))
    bands = apply_known(sample, bands, figures or Figures(), fresh).bands
    usable = np.where(fresh, bands.code, -1)
    nameless = sample.pick(frame["organization"].isna().to_numpy(dtype=bool))
    model = _expected(bands, usable, expected or {})
    sides = [_side(sample, bands, usable, model, sample.edition == place) for place in range(2)]
    kind = _kinds(sides[0], sides[1])
    alone = np.bincount(sample.cluster, weights=nameless, minlength=sample.clusters) > 0
    kind[alone] = CLASSES.index("unknown")
    stale = sides[1].present & (sides[1].clouds == 0)
    had = (
        np.bincount(
            sample.cluster, weights=copied & (sample.edition == 1), minlength=sample.clusters
        )
        > 0
    )
    group = _groups(sample, grouping, bands)
    return Matched(
        sample, grouping, bands.counts, sides[0], sides[1], kind, group, int((stale & had).sum())
    )


def join_groups(matched: Matched, joined: Mapping[str, Sequence[str]]) -> Matched:
    """Return the organizations in groups of which some are taken together.

    Raises
    ------
    EstimateError
        If there is not one grouping, or a group is unknown or in two classes; all are listed.
    """
    labels = matched.grouping.labels[0] if len(matched.grouping.labels) == 1 else ()
    members = [member for each in joined.values() for member in each]
    problems = [
        Problem("joined", repr(member), "a group of 'by'", did_you_mean(member, labels))
        for member in members
        if member not in labels
    ] + [
        Problem("joined", f"{member!r} {members.count(member)} times", "each group once")
        for member in dict.fromkeys(members)
        if members.count(member) > 1
    ]
    if problems:
        raise EstimateError("Cannot join the groups", problems)
    name_of = {member: name for name, each in joined.items() for member in each}
    names = tuple(dict.fromkeys(name_of.get(label, label) for label in labels))
    place = np.array([*(names.index(name_of.get(label, label)) for label in labels), -1])
    groups = replace(matched.grouping.groups, count=len(names))
    grouping = replace(matched.grouping, labels=(names,), groups=groups)
    return replace(matched, grouping=grouping, group=place[matched.group])


def _expected(bands: BandedAnswers, code: Ints, expected: Mapping[Edges, float]) -> Floats:
    """Return the expected number of each row; 0 for rows without a band."""
    edges = zip(bands.cells.low, bands.cells.high, bands.cells.reach, strict=True)
    means = [expected.get(each, 0.0) for each in edges]
    return np.asarray(np.array([*means, 0.0])[code])


def _side(sample: Sample, bands: BandedAnswers, code: Ints, model: Floats, rows: Flags) -> Side:
    """Return what each organization said in one edition."""

    def added(values: npt.NDArray[np.generic]) -> Floats:
        kept = np.where(rows, values, 0).astype(np.float64)
        sums = np.bincount(sample.cluster, weights=kept, minlength=sample.clusters)
        return sums.astype(np.float64)

    answered = (code >= 0) & rows
    is_open = np.append(bands.cells.open, False)[code]
    low = np.append(bands.cells.low, 0.0)[code]
    high = np.where(is_open, 0.0, np.append(bands.cells.high, 0.0)[code])
    here, clouds = added(rows), added(answered)
    labels = np.full(sample.clusters, "", dtype=object)
    single = answered & (clouds == 1)[sample.cluster]
    labels[sample.cluster[single]] = np.array(bands.cells.labels, dtype=object)[code[single]]
    return Side(
        present=here > 0,
        complete=(clouds > 0) & (clouds == here),
        clouds=clouds.astype(np.intp),
        low=added(low),
        high=added(high),
        endless=added(is_open & answered).astype(np.intp),
        model=added(np.where(answered, model, 0.0)),
        label=labels,
    )


def _kinds(earlier: Side, later: Side) -> Ints:
    """Return the class of each organization."""
    conditions = [
        ~earlier.present,
        ~later.present,
        ~(earlier.complete & later.complete),
        later.low > earlier.top,
        later.top < earlier.low,
        (later.low == earlier.low) & (later.top == earlier.top),
    ]
    names = ("entered", "left", "unknown", "grew", "shrank", "same band")
    places = [CLASSES.index(name) for name in names]
    return np.select(conditions, places, CLASSES.index("undecided")).astype(np.intp)


def _groups(sample: Sample, grouping: Grouping, bands: BandedAnswers) -> Ints:
    """Return the group of each organization: that of its largest earlier cloud."""
    code = grouping.groups.code
    size = np.nan_to_num(bands.edge("low"), nan=-1.0)
    table = pd.DataFrame(
        {"cluster": sample.cluster, "edition": sample.edition, "size": -size, "group": code}
    )
    ordered = table[code >= 0].sort_values(["cluster", "edition", "size"], kind="stable")
    first = ordered.drop_duplicates("cluster")
    group = np.full(sample.clusters, -1, dtype=np.intp)
    group[first["cluster"].to_numpy()] = first["group"].to_numpy()
    return group


def _check(answers: Responses, editions: tuple[str, str]) -> None:
    problems = [
        Problem(
            where,
            repr(name),
            f"one of {', '.join(answers.editions)}",
            did_you_mean(str(name), answers.editions),
        )
        for where, name in zip(("earlier", "later"), editions, strict=True)
        if name not in answers.editions
    ]
    if not problems and answers.editions.index(editions[0]) >= answers.editions.index(editions[1]):
        problems.append(
            Problem(
                "earlier, later",
                " and ".join(map(repr, editions)),
                "two editions, the older one first",
            )
        )
    if problems:
        raise EstimateError("Cannot follow organizations over editions", problems)
