"""Shares: which part of a group gave each answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked, is_ordered, title_of
from survey.estimates.design.checks import names
from survey.estimates.design.sample import Sample
from survey.estimates.notes import notes_on
from survey.estimates.precision.imprecision import REVIEWS, RULES
from survey.estimates.precision.precision import METHODS, Precision
from survey.estimates.precision.public_limits import limits_of_shares
from survey.estimates.precision.replicates import measured_each
from survey.estimates.shares.selection import Selection, select
from survey.estimates.statistic import Arguments, Column, Public, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Point, Tabulation, tabulated
from survey.estimates.tabulation.counting import Counted, count_each
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tabulation.point import frames_of
from survey.estimates.tabulation.sums import Cells
from survey.responses import Responses

__all__ = ["SHARE", "Answered", "count_answers", "point_of_shares", "share", "shares_of"]

Floats = npt.NDArray[np.float64]
_RULES, _REVIEWS = (np.array(texts, dtype=object) for texts in (RULES, REVIEWS))


@checked(EstimateError)
def share(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
    items: Sequence[str] | None = None,
    interval: str = "auto",
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the share of units that gave each answer to a closed question.

    Parameters
    ----------
    answers
        Typed answers of one or several editions, or a design of them.
    concept
        A closed question, or ``"region"`` (of the organization) or ``"deployment_region"``.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed. Where a
        unit can be in several groups it counts in each of them.
    nets
        Name -> answers: further rows that count units which gave any of the answers.
    top
        Keep only the most frequent answers, and a rest: units that gave any of the others.
    items
        Keep only these answers; of a matrix, rows, levels or ``"row / level"``.
    interval
        ``"auto"`` (Wilson for independent units, logit for clustered ones), ``"wilson"``,
        ``"logit"``, ``"beta"`` (Korn and Graubard) or ``"bootstrap"`` (of clusters).
    options
        Who counts, and how, as :func:`design` takes it: ``unit``, ``base``, ``cluster``,
        ``weights``, ``include_carried_over``, ``one_per_cloud``, ``level``. An organization
        counts in every answer that any of its units gave. Those who declined or did not know
        are counted in the column ``declined`` unless the base is who was asked. A matrix is
        answered by whoever filled in any of its rows. An answer that some edition did not
        offer has its base in the others.

    Returns
    -------
    Estimates
        Beyond the core columns: ``n_eff`` (effective number of units), ``deff`` (design
        effect), ``clusters``, ``se``, ``imprecise_because``, ``check`` (what to look at
        in a share that is not imprecise: a share of 0 or 1, an imprecise complement) and
        ``declined``; ``item`` and ``level`` for a matrix, ``mean_rank`` and
        ``share_ranked_first`` for a ranking, ``weighted_base`` with weights.

    Raises
    ------
    EstimateError
        If the question is not closed, or an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    Independent units have Wilson's interval (1927). With clusters the variance is linearized
    (Binder 1983) and the interval is symmetric on the logit scale with a Student reference,
    as ``svyciprop(df=)`` of R's ``survey`` has it; by simulation it covers nominally over the
    sizes and clusters of this survey, where Korn and Graubard's is longer and Wilson's at the
    effective number of units sometimes too short. Degrees of freedom are the effective number
    of organizations (Kish 1965) less one: of equal ones their number less one, few where one
    organization holds many of the clouds. Answers that fewer than 20 effective units gave (or
    did not give), and shares of 0 and 1, have Jeffreys' interval (Brown, Cai and DasGupta 2001)
    at the design effect of all answers to the question, or halfway to their own where that is
    larger, because too few organizations stand behind their own; this assumes that the clouds of
    an organization are about as alike in one answer as in another. Their limit near 0 or 1 is
    one-sided where they can be missed on one side alone (Feldman and Cousins 1998). A status
    ``imprecise`` follows the presentation standards of the NCHS (Parker et al. 2017) without
    their limits of the relative width: fewer than 30 units, or effectively so by the design
    effect of the question, an interval of 30 points or more, or few degrees of freedom.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "deployment_stage", by="edition")
    >>> table.frame[["edition", "answer", "count", "base"]].head(2)
      edition      answer  count  base
    0    2018  Production     16    23
    1    2018     Testing      4    23
    """
    design = design_of(answers, **options)
    kept = {"items": items, "nets": nets, "top": top, "interval": interval}
    return shares_of(design, (concept,), names("by", by), kept)[0]


def shares_of(
    design: Design, concepts: Sequence[str], by: tuple[str, ...], options: Mapping[str, Any]
) -> list[Estimates]:
    """Return the table of each question; what they have in common is computed once."""
    kept = MappingProxyType(dict(options))
    questions = [Arguments(concept, by, kept) for concept in concepts]
    answered = count_questions(design, questions)
    tables = [each.tabulation(keys=False) for each in answered]
    frames = _frames(answered, tables, questions, options["interval"])
    once = (
        columns.CountedOnce(SHARE, design, table, found.counted.behind)
        for table, found in zip(tables, answered, strict=True)
    )
    asked = [replace(each, counted=own) for each, own in zip(questions, once, strict=True)]
    return [_table(design, *each) for each in zip(asked, answered, frames, strict=True)]


def _table(
    design: Design, arguments: Arguments, found: Answered, frame: Callable[[], pd.DataFrame]
) -> Estimates:
    counted, asked, concept = found.counted, found.asked, arguments.concept
    several = counted.indicator.several or asked.unit is Unit.ORGANIZATION
    return table_of(
        SHARE,
        design,
        arguments,
        asked,
        frame,
        names=counted.grouping.names,
        title=title_of(design.answers, concept),
        method=METHODS[arguments["interval"]],
        notes=notes_on(counted, asked, concept, design.cluster),
        several=several or bool(arguments["nets"]),
        ordered=is_ordered(design.answers, concept),
    )


@dataclass(frozen=True)
class Answered:
    """A closed question, counted in groups: all of its answers, and which of them are shown."""

    asked: Asked
    selection: Selection
    counted: Counted

    def tabulation(self, *, keys: bool = True) -> Tabulation:
        """Return the counts, with the sums of record keys or without."""
        return tabulated(
            self.counted,
            self.asked.unit,
            exclusive=not self.counted.indicator.several,
            parts=self.selection.parts,
            shown=self.selection.shown,
            ranked=self.selection.ranked,
            keys=keys,
        )

    def showing(self, *places: int) -> Answered:
        """Return a copy of which a table shows the answers at some places."""
        return replace(self, selection=replace(self.selection, shown=places))

    def frame(self, arguments: Arguments, interval: str = "auto") -> pd.DataFrame:
        """Return the rows of a table of shares, with intervals from sums by cluster."""
        return _frames([self], [self.tabulation(keys=False)], [arguments], interval)[0]()


def _frames(
    answered: Sequence[Answered],
    tables: Sequence[Tabulation],
    questions: Sequence[Arguments],
    interval: str,
) -> list[Callable[[], pd.DataFrame]]:
    """Return what makes the frame of each table from its numbers.

    Questions in the same groups have one set of intervals.
    """
    columns: dict[int, dict[str, npt.NDArray[Any]]] = {}
    for places in _alike(id(each.counted.grouping) for each in answered):
        some = [answered[place] for place in places]
        presence = [tables[place].presence for place in places]
        for place, found in zip(places, _precision_of_each(some, presence, interval), strict=True):
            columns[place] = found
    points = [point_of_shares(*each) for each in zip(tables, questions, strict=True)]
    return frames_of(points, [columns[place] for place in range(len(points))])


def _precision_of_each(
    answered: Sequence[Answered], presence: Sequence[npt.NDArray[np.object_]], interval: str
) -> Iterator[dict[str, npt.NDArray[Any]]]:
    """Yield, of each question, what is known of the uncertainty of the answers that it shows."""
    counted = [each.counted for each in answered]
    elementary = [each.selection.elementary for each in answered]
    precision = measured_each(counted, answered[0].asked.level, interval, elementary)
    cells = Cells.beside([each.cells for each in counted])
    found = precision_columns(cells, np.concatenate(presence, axis=1), precision)
    if counted[0].weight is None:
        del found["weighted_base"]
    end = 0
    for each in answered:
        start, end = end, end + each.counted.cells.share.shape[1]
        shown = each.selection.shown
        places: Any = slice(start, end)
        if shown != tuple(range(end - start)):
            places = start + np.array(shown, dtype=np.intp)
        yield {name: values[:, places] for name, values in found.items()}


def _alike(keys: Iterable[Hashable]) -> Iterable[list[int]]:
    """Return the places of equal keys."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return places.values()


def count_answers(
    design: Design, arguments: Arguments, editions: Sequence[str] | None = None
) -> Answered:
    """Count all answers to a closed question in groups, of all editions or of some."""
    return count_questions(design, [arguments], editions)[0]


def count_questions(
    design: Design, questions: Sequence[Arguments], editions: Sequence[str] | None = None
) -> list[Answered]:
    """Count the answers to several questions; those about the same rows are counted at once."""
    found: dict[int, Answered] = {}
    read = [_read(design, arguments, editions) for arguments in questions]
    for places in _alike(
        (asked, id(sample), each.by)
        for each, (asked, sample, _) in zip(questions, read, strict=True)
    ):
        asked, sample, _ = read[places[0]]
        selections = [read[place][2] for place in places]
        counted = count_each(
            sample,
            [each.indicator for each in selections],
            group_by(sample, questions[places[0]].by),
            asked.base,
            design.weight(sample, asked),
            organizations=asked.unit is Unit.ORGANIZATION,
        )
        for place, selection, cells in zip(places, selections, counted, strict=True):
            found[place] = Answered(asked, selection, cells)
    return [found[place] for place in range(len(questions))]


def _read(
    design: Design, arguments: Arguments, editions: Sequence[str] | None
) -> tuple[Asked, Sample, Selection]:
    """Return who is asked what, and which answers there are."""
    asked = design.asked((arguments.concept,), arguments.by)
    sample = design.sample(asked, editions, stratified=True)
    selection = select(
        read_indicator(sample, arguments.concept),
        asked.base,
        arguments["items"],
        arguments["nets"],
        arguments["top"],
    )
    return asked, sample, selection.by_rank()


def point_of_shares(table: Tabulation, arguments: Arguments) -> Point:
    """Return the shares of the answers that a table shows: weighted counts over weighted bases."""
    shown = table.places
    known = table.known
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(known, table.weighted_count / table.weighted_base, np.nan)
    found: dict[str, npt.NDArray[Any]] = {
        "count": np.where(known, table.count, 0)[:, shown],
        "base": table.base[:, shown],
        "value": value[:, shown],
        "status": table.presence[:, shown],
        "declined": table.declined[:, None],
    }
    found |= {
        name: np.array([values[place] for place in table.shown], dtype=object)[None, :]
        for name, values in table.columns.items()
    }
    if table.ranked:
        found |= _ranking(table)
    every = isinstance(shown, slice)
    answers = table.answers if every else tuple(table.answers[i] for i in table.shown)
    return Point(table.names, table.groups, answers, found)


def _ranking(table: Tabulation) -> dict[str, Floats]:
    """Return the mean rank among those who ranked an item, and the share that put it first."""
    known, base = table.known[:, list(table.shown)], table.weighted_base[:, list(table.shown)]
    mean, first = np.full(known.shape, np.nan), np.full(known.shape, np.nan)
    for place, ranks in enumerate(table.ranked):
        times = table.weighted_count[:, list(ranks)]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean[:, place] = times @ np.arange(1.0, len(ranks) + 1) / times.sum(axis=1)
            first[:, place] = times[:, 0] / base[:, place]
    return {
        "mean_rank": np.where(known, mean, np.nan),
        "share_ranked_first": np.where(known, first, np.nan),
    }


def precision_columns(
    cells: Cells, status: npt.NDArray[np.object_], precision: Precision
) -> dict[str, npt.NDArray[Any]]:
    """Return what is known of the uncertainty of each cell, groups x answers, by column."""
    known = status == Status.OK.value
    broken = known & (precision.rule > 0)
    status = np.where(broken, Status.IMPRECISE.value, status)
    with np.errstate(invalid="ignore"):
        deff = cells.base / precision.effective

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan))

    return {
        "low": masked(precision.limits.low),
        "high": masked(precision.limits.high),
        "status": status,
        "n_eff": masked(precision.effective),
        "deff": masked(deff),
        "clusters": np.where(known, cells.clusters, 0),
        "se": masked(precision.se),
        "imprecise_because": _RULES[np.where(broken, precision.rule, 0)],
        "check": _REVIEWS[np.where(known, precision.review, 0)],
        "weighted_base": masked(cells.weighted_base),
    }


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    return (count_answers(design, arguments).tabulation(),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return share(design, arguments.concept, arguments.by, **arguments.options)


COLUMNS: Final = MappingProxyType(
    {
        "n_eff": columns.EFFECTIVE,
        "deff": columns.DESIGN_EFFECT,
        "clusters": columns.CLUSTERS,
        "se": columns.STANDARD_ERROR,
        "imprecise_because": columns.RULE,
        "check": columns.REVIEW,
        "weighted_base": columns.WEIGHTED_BASE,
        "declined": columns.DECLINED,
        "item": Column(Role.TEXT, "item", public=True),
        "level": Column(Role.TEXT, "level", public=True),
        "mean_rank": Column(Role.NUMBER, "mean rank", public=True),
        "share_ranked_first": Column(Role.SHARE, "ranked first", public=True),
    }
)
"""Columns of every table of shares beyond the core ones."""

SHARE: Final = Statistic(
    name="share",
    measure=Measure.SHARE,
    columns=COLUMNS,
    tabulate=_tabulate,
    point=point_of_shares,
    ask_again=_ask_again,
    public=Public(limits_of_shares),
    varies=("base", "unit"),
)
