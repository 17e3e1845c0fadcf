"""One table for publication: the statistic's own computation, from perturbed counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.disclosure.counts import (
    Joined,
    as_printed,
    joined_groups,
    joined_rare,
    over_shown,
)
from survey.disclosure.cuts import Cut, flat, in_order_of_names, listed
from survey.disclosure.effect import design_effect
from survey.disclosure.ledger import ENOUGH, Register
from survey.disclosure.most_frequent import most_frequent
from survey.disclosure.noise import VARIANCE, chance_table
from survey.disclosure.policy import Policy
from survey.disclosure.published_digits import limit_small, printed_limits, rounded, withhold
from survey.errors import DisclosureError, Problem
from survey.estimates.design.places import REGION_OF
from survey.estimates.statistic import Arguments, Noise, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import tabulate_again
from survey.estimates.tabulation import Point, Tabulation
from survey.responses import Responses

__all__ = ["classes_of", "public_table"]

Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]
Counts = npt.NDArray[np.int64]
_TELLING: Final = (Status.OK, Status.IMPRECISE, Status.BELOW, Status.ABOVE)
"""Statuses of rows that tell something about those who answered."""

_JUDGED_BY: Final = ("base", "earlier_base", "value", "low", "high", "earlier", "later")
_JUDGED_AT: Final = 0.95
"""Level of the intervals that shares are judged by, whatever level is printed."""


def public_table(
    table: Estimates, policy: Policy, register: Register | None = None
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
        problem = Problem(
            table.name or table.title,
            "a table that does not know who was counted",
            "a table as a verb returned it",
            "pass the tables of share(), median(), ... and the topics as they are",
        )
        raise DisclosureError("This cannot be published", [problem])
    tabulations = tabulate_again(table)
    if any(cells.internal for cells in tabulations):
        return None
    job = _Job(table, statistic, table.arguments, policy, register or Register())
    classes = classes_of(table, policy)
    rows_in_all = sum(len(cells.groups) * len(cells.shown) for cells in tabulations)
    cuts = Cut.of(table, classes, whole=len(table) == rows_in_all)
    if table.arguments["top"]:
        counts = job.counts_alone()
        job = replace(
            job,
            arguments=most_frequent(
                table.arguments, tabulations[0], counts, by_name=job.lists_what_was_given
            ),
        )
        tabulations = statistic.tabulate(table.design.but(unit=table.spec.unit), job.arguments)
        first = tabulations[0]
        cuts = replace(cuts, answers=tuple(first.answers[place] for place in first.shown))
    parts = [job.rows(joined_groups(cells, classes), cuts) for cells in tabulations]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    frame = pd.DataFrame(rounded(rows, statistic, policy.digits), copy=False)
    made = replace(table, frame=frame).for_publication()
    day = job.register.corrected(table.spec.concept)
    return made.noted(f"Corrected on {day}.") if day else made


@dataclass(frozen=True)
class _Job:
    """One table on its way."""

    table: Estimates
    statistic: Statistic
    arguments: Arguments
    policy: Policy
    register: Register

    @property
    def breakdown(self) -> bool:
        """Whether the table has groups other than editions, or is about a selection."""
        return bool(set(self.arguments.by) - {"edition"}) or self._whole is not None

    @cached_property
    def _whole(self) -> Responses | None:
        """The answers that the table selects from; nothing if it has nearly all of its editions.

        Who leaves out fewer records than a column needs to be drawn anew corrects, and selects not.
        """
        assert self.table.design is not None
        own = self.table.design.answers
        if own.whole is None:
            return None
        whole = own.whole.in_edition(*own.editions)
        left_out = [
            len(every) - len(some)
            for every, some in (
                (whole.respondents, own.respondents),
                (whole.deployments, own.deployments),
            )
        ]
        return whole if max(left_out) >= ENOUGH else None

    def rows(self, cells: Tabulation, cuts: Cut) -> Columns:
        """Return the rows of a table as published, not yet rounded, by column."""
        _refuse_without_keys(self.table, cells)
        rare = self._rare(cells) if self.breakdown else np.zeros(cells.count.shape, dtype=bool)
        joined = joined_rare(cells, rare)._replace(given=self.lists_what_was_given)
        few = self._few_organizations(cells)
        public, bases, few = self.register.perturbed(joined, self._column_names(cells), few)
        public, bases = over_shown(joined, public, bases)
        noise = self._noise()
        assert self.statistic.public is not None
        expected = self.statistic.public.expected(public, noise)
        point = self.statistic.point(expected, self.arguments)
        small = bases.max(axis=1, initial=0) < self.policy.units
        # a change has the groups of both editions behind one row, after those of editions that
        # its model is fitted to: it is hidden if either is
        either = (small | few).reshape(-1, len(point.groups))[-2:]
        hidden = either.any(axis=0)[:, None]
        stands = np.ones((len(point.groups), len(point.answers)), dtype=bool)
        if rare.any():
            shown = list(joined.cells.shown)
            stands = ~joined.gone[:, shown]
            hidden = hidden if cells.exclusive else hidden | rare[:, shown]
        columns = self._columns(public, point, bases, hidden, noise)
        withhold(columns, hidden & np.isin(columns["status"], _TELLING))
        top, given = dict(self.table.spec.options).get("top"), self.lists_what_was_given
        stands &= listed(point, hidden, given=given)
        order = cuts.order(point, public, columns if top or given else None, by_name=given)
        countries = [name for name in point.names if self._of_countries(name)]
        if countries:
            stands &= ~hidden.all(axis=1, keepdims=True)
        groups = in_order_of_names(point, countries)
        return flat(point, columns, stands & cuts.shown(point), order, groups)

    @property
    def lists_what_was_given(self) -> bool:
        """Whether the answers are not those of a list but those that somebody gave."""
        return self._of_countries(self.arguments.concept)

    def _of_countries(self, concept: str) -> bool:
        assert self.table.design is not None
        answers = self.table.design.answers
        return concept in answers.concepts and answers.question(concept).kind.names_countries

    def _noise(self) -> Noise:
        """Return what is known of the noise, with one design effect for the question."""
        assert self.table.design is not None
        of_whom = f"{self._question}|{'+'.join(self.table.design.answers.editions)}"
        effect = self.register.effect(of_whom, design_effect(self.table))
        return Noise(VARIANCE, effect, self.table.spec.level, chance_table())

    def _columns(
        self, public: Tabulation, point: Point, bases: Counts, hidden: Flags, noise: Noise
    ) -> Columns:
        """Return the public columns: values with limits and status, groups x rows."""
        size = (len(point.groups), len(point.answers))
        known = {"count", "base", "value", "status", *self.statistic.public_columns}
        columns = {
            name: np.array(np.broadcast_to(values, size))
            for name, values in point.columns.items()
            if name in known
        }
        assert self.statistic.public is not None
        limits = self.statistic.public.limits(as_printed(public, bases), self.arguments, noise)
        columns["low"], columns["high"] = (
            np.array(np.broadcast_to(each, size), dtype=np.float64)
            for each in (limits.low, limits.high)
        )
        limits = printed_limits(limits, self.statistic)  # a verdict follows from what is printed
        further = self.statistic.public.further(point, limits)
        columns |= {name: np.array(values) for name, values in further.items()}
        others = columns["base"].astype(np.float64) - columns["count"].astype(np.float64)
        _print_bases(columns, point, public, bases)
        if public.ranked:
            few = columns["count"] < self.policy.units
            for name in set(columns) - {"count", "base", "value", "low", "high", "status"}:
                if columns[name].dtype.kind == "f":  # what only those tell who ranked the answer
                    columns[name] = np.where(few, np.nan, columns[name])
        judged = columns
        if self.table.measure is Measure.SHARE and noise.level != _JUDGED_AT:
            at = replace(noise, level=_JUDGED_AT)
            found = self.statistic.public.limits(as_printed(public, bases), self.arguments, at)
            judged = columns | {"low": found.low, "high": found.high}
        columns["status"] = self._status(judged, noise.design_effect, hidden)
        if self.table.measure is Measure.SHARE and self.breakdown:
            limit_small(columns, others, self.policy.small)
        return columns

    def _status(self, columns: Columns, effect: float, hidden: Flags) -> npt.NDArray[np.object_]:
        """Return statuses that follow from what is printed, and from the design effect."""
        status = columns["status"].astype(object)
        good = (status == Status.OK.value) & ~hidden
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

    @property
    def _question(self) -> str:
        """Name of what was asked of whom: what columns of different tables have in common."""
        design, spec = self.table.design, self.table.spec
        assert design is not None
        options = {k: v for k, v in design.options().items() if k not in ("unit", "base", "level")}
        said = ",".join(f"{name}={_plain(value)}" for name, value in sorted(options.items()))
        return f"{spec.unit.value}|{spec.concept}|{spec.base.value}|{said}"

    def _column_names(self, cells: Tabulation) -> list[str]:
        """Return the name of each group's column, the same in every table that shows it."""
        design = self.table.design
        assert design is not None
        flow = [each for each in (self.arguments["earlier"], self.arguments["later"]) if each]
        whole = ">".join(flow) or "+".join(design.answers.editions)
        names = []
        for group in cells.groups:
            labels = dict(zip(cells.names, group, strict=True))
            edition = labels.pop("edition", whole)
            said = ",".join(f"{name}={label}" for name, label in sorted(labels.items()))
            names.append(f"{self._question}|{edition}|{said}")
        return names

    def _rare(self, cells: Tabulation) -> Flags:
        """Return answers of which few are shown in the table without breakdowns, by group."""
        if self.table.measure is not Measure.SHARE or cells.scores is not None:
            return np.zeros(cells.count.shape, dtype=bool)
        by_edition = {
            edition: [shown.get(answer, 0) < self.policy.rare for answer in cells.answers]
            for edition, shown in self._shown_alone().items()
        }
        place = cells.names.index("edition") if "edition" in cells.names else None
        every = [True] * len(cells.answers)
        rare = [
            by_edition.get("" if place is None else group[place], every) for group in cells.groups
        ]
        return np.array(rare, dtype=bool)

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
        everybody, asked_of = self._whole, design.answers.whole or design.answers
        if everybody is not None and _without(everybody, design.answers, self.arguments.concept):
            everybody, asked_of = None, design.answers  # a question of the selection alone
        editions = design.answers.editions
        key = (
            self.statistic.name,
            id(asked_of),
            editions,
            self._question,
            alone,
            repr(dict(options)),
        )
        if key not in self.register.wholes:
            if everybody is not None:  # rare in a selection is not rare in the survey
                design = replace(design, answers=everybody, weights=None)
            arguments = Arguments(self.arguments.concept, alone, options)
            found: dict[str, dict[str, int]] = {}
            for whole in self.statistic.tabulate(design.but(unit=self.table.spec.unit), arguments):
                nothing = np.zeros(whole.count.shape, dtype=bool)
                public = self.register.perturbed(
                    Joined(whole, nothing, nothing, self.lists_what_was_given),
                    self._column_names(whole),
                    self._few_organizations(whole),
                ).cells
                for group, counts in zip(whole.groups, public.count.tolist(), strict=True):
                    own = found.setdefault(group[0] if alone else "", {})
                    own.update(zip(whole.answers, counts, strict=True))
            self.register.wholes[key] = (found, asked_of)  # kept alive for its id
        known: Mapping[str, Mapping[str, int]] = self.register.wholes[key][0]
        return known


def _without(everybody: Responses, chosen: Responses, concept: str) -> bool:
    """Return whether a selection has a question that the answers behind it do not have.

    A codebook can list what is worked out of a selection alone, such as the path of an upgrade: no
    answer of everybody to it is no answer that few gave.
    """
    units = (
        (chosen.respondents, everybody.respondents),
        (chosen.deployments, everybody.deployments),
    )
    added = any(concept in own and concept not in whole for own, whole in units)
    return added or concept not in everybody.concepts


def _plain(value: object) -> str:
    """Return an option as text: weights by what they hold, not by where they lie in memory."""
    return (
        value
        if isinstance(value, str)
        else type(value).__name__
        if hasattr(value, "__dict__")
        else repr(value)
    )


def classes_of(table: Estimates, policy: Policy) -> dict[str, dict[str, str]]:
    """Return grouping concept -> label -> class, for those of which a unit has one answer."""
    if table.design is None or table.arguments is None:
        return {}
    answers = table.design.answers
    sources = {name: REGION_OF.get(name, name) for name in table.arguments.by}
    return {
        name: dict(policy.class_of(name))
        for name, source in sources.items()
        if source in answers.concepts and not answers.question(source).kind.several
    }


def _refuse_without_keys(table: Estimates, cells: Tabulation) -> None:
    if ((cells.count > 0) & (cells.count_keys == 0)).any():
        problem = Problem(
            table.name or table.title,
            "records without keys",
            "answers whose records have keys",
            "clean the exports again: clean(exports, key=...) gives every record its key",
        )
        raise DisclosureError("This cannot be published", [problem])


def _print_bases(columns: Columns, point: Point, public: Tabulation, bases: Counts) -> None:
    """Put the printed base beside each answer that the tabulation names."""
    place = {answer: number for number, answer in enumerate(public.answers)}
    halves = bases.reshape(-1, len(point.groups), len(public.answers))[-2:]
    names = ("base",) if len(halves) == 1 else ("earlier_base", "base")
    for name, half in zip(names, halves, strict=True):
        for column, answer in enumerate(point.answers):
            if answer in place and name in columns:
                columns[name][:, column] = half[:, place[answer]]
