"""One table for publication: the statistic's own computation, from perturbed counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.disclosure.asked import Asked
from survey.disclosure.cuts import (
    Cut,
    classes_of,
    flat,
    given_groups,
    in_order_of_names,
    listed,
    rows_of,
    unseen,
)
from survey.disclosure.effect import USUAL, design_effect
from survey.disclosure.ledger.changed_records import note_of_waiting
from survey.disclosure.ledger.column_names import asks_its_own, column_names, question_name
from survey.disclosure.ledger.near import Leader, notes_of
from survey.disclosure.ledger.published_answers import (
    BASE_OF_GIVEN,
    name_of_rest,
    named_in_ledger,
    with_published,
    with_published_groups,
)
from survey.disclosure.ledger.register import Register
from survey.disclosure.most_frequent import most_frequent
from survey.disclosure.perturbation.counts import (
    as_printed,
    joined_groups,
    over_shown,
    without_groups,
)
from survey.disclosure.perturbation.noise import chance_table
from survey.disclosure.perturbation.rare_answers import Joined, joined_rare
from survey.disclosure.policy import Policy
from survey.disclosure.published_digits import (
    few_in_small,
    limit_small,
    others_of,
    print_bases,
    printed_limits,
    rounded,
    withhold,
    withhold_ranks,
)
from survey.disclosure.refusals import refuse_unknown_design, refuse_without_keys
from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Arguments, Noise
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import tabulate_again
from survey.estimates.tabulation import Point, Tabulation

__all__ = ["public_table"]

Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]
Counts = npt.NDArray[np.int64]
_TELLING: Final = (Status.OK, Status.IMPRECISE, Status.BELOW, Status.ABOVE)
"""Statuses of rows that tell something about those who answered."""

_JUDGED_BY: Final = ("base", "earlier_base", "value", "low", "high", "earlier", "later")
_JUDGED_AT: Final = 0.95
"""Level of the intervals that shares are judged by, whatever level is printed."""


def public_table(
    table: Estimates,
    policy: Policy,
    register: Register | None = None,
) -> Estimates | None:
    """Return a table for publication; nothing where its statistic is internal only.

    Parameters
    ----------
    table
        What a verb returned: it knows its statistic, its design and what was asked.
    policy
        The rules for groups, rare answers and small shares.
    register
        The columns of the publication; by default nothing was published before.

    Raises
    ------
    DisclosureError
        If the table cannot be tabulated again, or its records have no keys.
    """
    statistic = table.statistic
    if statistic is None or statistic.public is None:
        return None
    if table.design is None or table.arguments is None:
        refuse_unknown_design(table)
    tabulations = tabulate_again(table)
    if any(cells.internal for cells in tabulations):
        return None
    job = _Job(table, statistic, table.arguments, policy, register or Register())
    held = job.register.held.copy()
    classes = classes_of(table, policy)
    rows_in_all = sum(len(cells.groups) * len(cells.shown) for cells in tabulations)
    cuts = Cut.of(table, classes, whole=len(table) == rows_in_all)
    if table.arguments["top"]:
        job = job.with_top(tabulations[0])
        tabulations = statistic.tabulate(table.design.but(unit=table.spec.unit), job.arguments)
        first = tabulations[0]
        cuts = replace(cuts, answers=tuple(first.answers[place] for place in first.shown))
    joined = [job.with_groups(joined_groups(each, classes)) for each in tabulations]
    parts = [job.rows(cells, cuts) for cells in joined]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    frame = pd.DataFrame(rounded(rows, statistic, policy.digits), copy=False)
    made = replace(table, frame=frame).for_publication()
    for said in notes_of(job.like, tabulations[0].names, rows, job.title_of):
        made = made.noted(said)
    if said := note_of_waiting(job.register.held - held):
        made = made.noted(said)
    day = job.register.corrected(table.spec.concept)
    if job.lists_what_was_given and all(cells.exclusive for cells in tabulations):
        made = made.noted(BASE_OF_GIVEN)
    return made.noted(f"Corrected on {day}.") if day else made


@dataclass(frozen=True)
class _Job(Asked):
    """One table on its way; ``like`` notes the groups that have numbers of other columns."""

    like: dict[tuple[str, ...], Leader] = field(default_factory=dict)

    def rows(self, cells: Tabulation, cuts: Cut) -> Columns:
        """Return the rows of a table as published, not yet rounded, by column."""
        refuse_without_keys(self.table, cells)
        asked, cut = cells, cuts
        cells = self._with_published(asked)
        cuts = cut.wider(cells, cells.answers[len(asked.answers) :])
        rare = self._rare(cells) if self.breakdown else np.zeros(cells.count.shape, dtype=bool)
        joined = self._named(joined_rare(cells, rare), cells)
        given = self.given(cells.answers)
        names = column_names(self.table, self.arguments, cells)
        public, bases, few, waits, lacking, like = self.register.perturbed(
            joined._replace(given=given), names, self._few_organizations(cells), self.policy.units
        )
        self.like.update(like)
        small = bases.max(axis=1, initial=0) < self.policy.units
        countries = [name for name in cells.names if self.of_countries(name)]
        there = given_groups(cells, countries)
        gone = there & unseen(cells, small | few)
        if gone.any() and not gone.all():  # nor shall anything follow from their being there
            return self.rows(without_groups(asked, gone), cut)
        public, bases = over_shown(joined, public, bases, self.table.spec.base)
        held = self.register.hold(names, waits.any(axis=1), there)
        figures = {g: f for g, f in public.figures.items() if cells.groups.index(g) not in held}
        public = replace(public, figures=figures)
        noise = self._noise()
        assert self.statistic.public is not None
        expected = self.statistic.public.expected(public, noise)
        point = self.statistic.point(expected, self.arguments)
        # a change has the groups of both editions behind one row, after those of editions that
        # its model is fitted to: it is hidden if either is
        either = (small | few).reshape(-1, len(point.groups))[-2:]
        waiting = rows_of(waits, point, public)
        hidden = either.any(axis=0)[:, None] | waiting | rows_of(lacking, point, public)
        stands = np.ones((len(point.groups), len(point.answers)), dtype=bool)
        if rare.any():
            shown = list(joined.cells.shown)
            stands = ~joined.gone[:, shown]
            hidden = hidden if cells.exclusive else hidden | rare[:, shown]
        by_name = self.lists_what_was_given
        most = dict(self.table.spec.options).get("top") or by_name
        stands &= listed(point, hidden, self.given(point.answers))
        there = there[len(there) - len(point.groups) :]
        stands &= ~(there[:, None] & hidden.all(axis=1, keepdims=True))
        printed = stands & cuts.shown(point)
        columns = self._columns(public, point, bases, printed & ~hidden, noise)
        withhold(columns, hidden & np.isin(columns["status"], _TELLING))
        withhold(columns, waiting)
        order = cuts.order(point, public, columns if most else None, by_name=by_name)
        groups = in_order_of_names(point, countries)
        return flat(point, columns, printed, order, groups)

    def with_groups(self, cells: Tabulation) -> Tabulation:
        """Return counts with the countries that were published as groups and lost everybody."""
        countries = [name for name in cells.names if self.of_countries(name)]
        if self.table.measure is not Measure.SHARE or {*cells.names} - {"edition"} != {*countries}:
            return cells
        return with_published_groups(self.table, self.arguments, cells, countries, self.register)

    def with_top(self, cells: Tabulation) -> _Job:
        """Return what is asked with the most frequent answers named, by published counts."""
        counts = self.counts_alone()
        given = self.given(tuple(counts))
        gone = [a for a, own in zip(counts, given, strict=True) if own and a not in cells.answers]
        asked, top = most_frequent(
            self.arguments, cells, counts, by_name=self.lists_what_was_given, gone=gone
        )
        return replace(self, arguments=asked, top=top)

    def _named(self, joined: Joined, cells: Tabulation) -> Joined:
        """Return joined answers with their names in the ledger."""
        assert self.table.arguments is not None
        asked = self.table.arguments
        rest = name_of_rest(self.top, asked["items"]) if self.top else ""
        return named_in_ledger(joined, cells, rest, asked["nets"])

    def _with_published(self, cells: Tabulation, *, alone: bool = False) -> Tabulation:
        """Return counts that have the answers which nobody gives any more, as published.

        ``alone`` says that these are the counts without groups.
        """
        assert self.table.arguments is not None
        numbers = cells.bands is not None or cells.scores is not None or bool(cells.ranked)
        chosen = self.table.arguments["items"] is not None
        assert self.table.design is not None
        selects = self.table.design.answers.whole is not None
        nothing = not (selects or self.register.ledger.columns)
        if nothing or numbers or chosen or not self._of_question(cells):
            return cells
        if self.breakdown and not alone and self.table.measure is Measure.SHARE:
            known = tuple(self.counts_alone())
        elif selects or alone or not self.breakdown:
            own = column_names(self.table, self.arguments, cells)
            of_all = column_names(self.table, self.arguments, cells, of_all=True)
            known = self.register.answers_of([*of_all, *own])
        else:
            return cells
        given = self.given(known)
        published = [answer for answer, is_own in zip(known, given, strict=True) if is_own]
        return with_published(cells, published, self.top or None)

    def _of_question(self, cells: Tabulation) -> bool:
        """Return whether the answers are those of the question, and not made of them."""
        own = [cells.answers[place] for place in cells.elementary.tolist()]
        if self.lists_what_was_given:
            return bool(self.given(own).any())
        assert self.table.design is not None
        answers = self.table.design.answers
        concept = self.arguments.concept
        return concept in answers.concepts and not {*own}.isdisjoint(
            answers.question(concept).labels
        )

    def _noise(self) -> Noise:
        """Return what is known of the noise, with one design effect for the question."""
        assert self.table.design is not None
        design = self.table.design
        editions = design.answers.editions
        of_whom = f"{question_name(self.table)}|{'+'.join(editions)}"
        effect, variance = USUAL, self.register.ledger.variance
        if steady := self.register.steady(of_whom, editions):
            if steady != editions:
                design = replace(design, answers=design.answers.in_edition(*steady), weights=None)
            effect = self.register.effect(
                of_whom, design_effect(replace(self.table, design=design))
            )
        return Noise(variance, effect, self.table.spec.level, chance_table(variance))

    def _columns(
        self, public: Tabulation, point: Point, bases: Counts, shown: Flags, noise: Noise
    ) -> Columns:
        """Return the public columns, groups x rows; rows that are not ``shown`` tell nothing."""
        size = (len(point.groups), len(point.answers))
        known = {"count", "base", "value", "status", *self.statistic.public_columns}
        columns = {
            name: np.array(np.broadcast_to(values, size))
            for name, values in point.columns.items()
            if name in known
        }
        assert self.statistic.public is not None
        limits = self.statistic.public.limits(as_printed(public, bases), self.arguments, noise)
        for name, each in zip(("low", "high"), limits, strict=True):
            columns[name] = np.array(np.broadcast_to(each, size), dtype=np.float64)
        limits = printed_limits(limits, self.statistic)
        seen = Limits(*(np.where(shown, each, np.nan) for each in limits))
        further = self.statistic.public.further(point, seen, self.arguments, noise)
        columns |= {name: np.array(values) for name, values in further.items()}
        others = others_of(columns)
        print_bases(columns, point, public, bases)
        if public.ranked:
            withhold_ranks(columns, self.policy.units)
        judged = columns
        if self.table.measure is Measure.SHARE and noise.level != _JUDGED_AT:
            at = replace(noise, level=_JUDGED_AT)
            found = self.statistic.public.limits(as_printed(public, bases), self.arguments, at)
            judged = columns | {"low": found.low, "high": found.high}
        columns["status"] = self._status(judged, noise.design_effect)
        if self.table.measure is Measure.SHARE and self.breakdown:
            limit_small(columns, others["count"], self.policy.small)
        elif self.table.measure is Measure.DIFFERENCE and self.breakdown:
            withhold(columns, few_in_small(columns, others, self.policy.small))
        return columns

    def _status(self, columns: Columns, effect: float) -> npt.NDArray[np.object_]:
        """Return statuses that follow from what is printed, and from the design effect."""
        status = columns["status"].astype(object)
        good = status == Status.OK.value
        rows: Columns = {name: columns[name][good] for name in _JUDGED_BY if name in columns}
        printed = {
            name: np.asarray(values, dtype=np.float64)
            for name, values in rounded(rows, self.statistic, self.policy.digits).items()
        }
        assert self.statistic.public is not None
        effective = rows["base"].astype(np.float64) / effect
        imprecise = self.statistic.public.judged(self.table.measure, printed, effective)
        status[good] = np.where(imprecise, Status.IMPRECISE.value, Status.OK.value)
        return status

    def _few_organizations(self, cells: Tabulation) -> Flags:
        """Say of each group whether it has too few organizations to be shown."""
        if len(cells.organizations) != len(cells.groups):
            return np.ones(len(cells.groups), dtype=bool)
        return np.asarray(cells.organizations < self.policy.organizations)

    def _rare(self, cells: Tabulation) -> Flags:
        """Return answers of which few are shown in the table without breakdowns, by group."""
        if self.table.measure is not Measure.SHARE or cells.scores is not None:
            return np.zeros(cells.count.shape, dtype=bool)
        by_edition = {
            edition: [shown.get(answer, 0) < self.policy.rare for answer in cells.answers]
            for edition, shown in self._shown_alone().items()
        }
        place = cells.names.index("edition") if "edition" in cells.names else None
        every, nothing = [True] * len(cells.answers), [False] * len(cells.answers)
        alone = self._groups_of_all(cells)
        rare = [
            nothing
            if group in alone
            else by_edition.get("" if place is None else group[place], every)
            for group in cells.groups
        ]
        found = np.array(rare, dtype=bool)
        if self.register.changed:
            names = column_names(self.table, self.arguments, cells)
            # where nothing is shown, nothing is joined: the alone column may wait, too
            found[[self.register.holds(name) for name in names]] = False
        return found

    def _groups_of_all(self, cells: Tabulation) -> set[tuple[str, ...]]:
        """Return the editions in which a selection without groups has the numbers of all."""
        if set(cells.names) - {"edition"}:
            return set()
        own = column_names(self.table, self.arguments, cells)
        of_all = column_names(self.table, self.arguments, cells, of_all=True)
        alike = self.register.alike(cells, own, of_all)
        return {group for group, is_alike in zip(cells.groups, alike, strict=True) if is_alike}

    def counts_alone(self) -> Mapping[str, int]:
        """Return answer -> its published count, all editions together."""
        found: Counter[str] = Counter()
        for shown in self._shown_alone().values():
            found.update(shown)
        return found

    def _shown_alone(self) -> Mapping[str, Mapping[str, int]]:
        """Return edition -> answer -> the count in the table without groups."""
        design = self.table.design
        assert design is not None
        alone = tuple(name for name in self.arguments.by if name == "edition")
        # a rest behind a top of true counts is another union than the one that is printed
        options = MappingProxyType({**self.arguments.options, "top": None})
        everybody, asked_of = self.whole, design.answers.whole or design.answers
        if everybody is not None and asks_its_own(
            everybody, design.answers, self.arguments.concept
        ):
            everybody, asked_of = None, design.answers  # a question of the selection alone
        editions = design.answers.editions
        asked = question_name(self.table), alone, repr(dict(options))
        key = (self.statistic.name, id(asked_of), editions, *asked)
        if key not in self.register.wholes:
            if everybody is not None:  # rare in a selection is not rare in the survey
                design = replace(design, answers=everybody, weights=None)
            arguments = Arguments(self.arguments.concept, alone, options)
            found: dict[str, dict[str, int]] = {}
            tabulated = self.statistic.tabulate(design.but(unit=self.table.spec.unit), arguments)
            for whole in (self._with_published(each, alone=True) for each in tabulated):
                nothing = np.zeros(whole.count.shape, dtype=bool)
                joined = Joined(whole, nothing, nothing, self.given(whole.answers))
                public = self.register.perturbed(
                    self._named(joined, whole),
                    column_names(self.table, self.arguments, whole, of_all=everybody is not None),
                    self._few_organizations(whole),
                    self.policy.units,
                ).cells
                for group, counts in zip(whole.groups, public.count.tolist(), strict=True):
                    own = found.setdefault(group[0] if alone else "", {})
                    own.update(zip(whole.answers, counts, strict=True))
            self.register.wholes[key] = (found, asked_of)  # kept alive for its id
        known: Mapping[str, Mapping[str, int]] = self.register.wholes[key][0]
        return known
