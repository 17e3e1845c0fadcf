"""One table for publication: the statistic's own computation, from perturbed counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook.hierarchies import class_of
from survey.disclosure.counts import joined_groups, joined_rare, rows_of
from survey.disclosure.effect import design_effect
from survey.disclosure.ledger import Register
from survey.disclosure.noise import VARIANCE
from survey.disclosure.policy import Policy
from survey.disclosure.printing import rounded
from survey.errors import DisclosureError, Problem
from survey.estimates.precision.imprecision import judge, too_few
from survey.estimates.statistic import Arguments, Noise, Statistic, tabulate_again
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.places import REGION_OF
from survey.responses import ANOTHER

__all__ = ["classes_of", "public_table"]

Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]
Counts = npt.NDArray[np.int64]
_FEW: Final = (0, 3, 4)
"""Shown counts that a small group does not tell apart."""

_TELLING: Final = (Status.OK, Status.IMPRECISE, Status.BELOW, Status.ABOVE)
"""Statuses of rows that tell something about those who answered."""

_FREEDOM: Final = 40


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
    frames = [job.frame(part) for cells in tabulations for part in job.parts(cells)]
    frame = _as_shown(pd.concat(frames, ignore_index=True), table, classes_of(table))
    printed = rounded(frame, statistic, policy.digits)
    bare = replace(table.coarse(policy.units), frame=printed, stand_ins=())
    made = replace(bare, several=_several(table))
    day = job.register.corrected(table.spec.concept)
    return made.noted(f"Corrected on {day}.") if day else made


def _several(table: Estimates) -> bool:
    """Whether one unit can count in several rows once the nets that stood in are gone."""
    nets = dict(dict(table.spec.options).get("nets") or {})
    if table.design is None or not nets or not set(nets) <= set(table.stand_ins):
        return table.several
    return table.design.answers.question(table.spec.concept).kind.several


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
        """Whether the table has groups other than editions."""
        return bool(set(self.arguments.by) - {"edition"})

    def parts(self, cells: Tabulation) -> Iterator[Tabulation]:
        """Yield the cells as they are published together: of a breakdown, edition by edition."""
        _refuse_without_keys(self.table, cells)
        joined = joined_groups(cells, classes_of(self.table))
        if not self.breakdown or "edition" not in self.arguments.by:
            yield joined
            return
        place = cells.names.index("edition")
        editions = [group[place] for group in joined.groups]
        for edition in dict.fromkeys(editions):
            yield rows_of(joined, [row for row, name in enumerate(editions) if name == edition])

    def frame(self, cells: Tabulation) -> pd.DataFrame:
        """Return the rows of some groups as published, not yet rounded."""
        rare = self._rare(cells) if self.breakdown else np.zeros(len(cells.answers), dtype=bool)
        whole, alone = joined_rare(cells, rare)
        public, bases, few = self.register.perturbed(
            whole, self._column_names(cells), self._few_organizations(cells), alone
        )
        point = self.statistic.point(public, self.arguments)
        columns = self._columns(public, point, bases)
        small = bases.max(axis=1, initial=0) < self.policy.units
        # a change has the groups of both editions behind one row: it is hidden if either is
        either = (small | few).reshape(-1, len(point.groups))
        hidden = np.asarray(either.any(axis=0))[:, None]
        if not cells.exclusive:
            labels = {cells.answers[place] for place in np.flatnonzero(rare)}
            hidden = hidden | np.array([answer in labels for answer in point.answers])[None, :]
        _withhold(columns, hidden & np.isin(columns["status"], _TELLING))
        return Point(point.names, point.groups, point.answers, columns).frame()

    def _columns(self, public: Tabulation, point: Point, bases: Counts) -> Columns:
        """Return the public columns: values with limits and status, groups x rows."""
        size = (len(point.groups), len(point.answers))
        known = {"count", "base", "value", "status", *self.statistic.public_columns}
        columns = {
            name: np.array(np.broadcast_to(values, size))
            for name, values in point.columns.items()
            if name in known
        }
        assert self.statistic.public is not None
        effect = self.register.effect(self._question, design_effect(self.table))
        noise = Noise(VARIANCE, effect, self.table.spec.level)
        limits = self.statistic.public.limits(public, self.arguments, noise)
        columns["low"], columns["high"] = (
            np.array(np.broadcast_to(each, size), dtype=np.float64)
            for each in (limits.low, limits.high)
        )
        further = self.statistic.public.further(point, limits)
        columns |= {name: np.array(values) for name, values in further.items()}
        others = columns["base"].astype(np.float64) - columns["count"].astype(np.float64)
        _print_bases(columns, point, public, bases)
        columns["status"] = self._status(columns, effect)
        if self.table.measure is Measure.SHARE and self.breakdown:
            _limit(columns, others, self.policy.small)
        return columns

    def _status(self, columns: Columns, effect: float) -> npt.NDArray[np.object_]:
        status = columns["status"].astype(object)
        base = columns["base"].astype(np.float64)
        if self.table.measure is Measure.SHARE:
            share = np.clip(np.nan_to_num(columns["value"].astype(np.float64)), 0, 1)
            rule = judge(share, np.maximum(base, 1), np.maximum(base, 1) / effect, _FREEDOM).rule
        else:
            rule = too_few(base, base / effect, _FREEDOM)
        status[(status == Status.OK) & (rule > 0)] = Status.IMPRECISE.value
        return status

    def _few_organizations(self, cells: Tabulation) -> list[bool]:
        """Say of each group whether it has too few organizations to be shown."""
        organizations = cells.organizations
        if len(organizations) != len(cells.groups):
            return [True] * len(cells.groups)
        return [bool(number < self.policy.organizations) for number in organizations]

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
        whole = "+".join(design.answers.editions)
        names = []
        for group in cells.groups:
            labels = dict(zip(cells.names, group, strict=True))
            edition = labels.pop("edition", whole)
            said = ",".join(f"{name}={label}" for name, label in sorted(labels.items()))
            names.append(f"{self._question}|{edition}|{said}")
        return names

    def _rare(self, cells: Tabulation) -> Flags:
        """Return answers of which few are shown in the table without breakdowns."""
        if self.table.measure is not Measure.SHARE or cells.scores is not None:
            return np.zeros(len(cells.answers), dtype=bool)
        edition = cells.groups[0][cells.names.index("edition")] if "edition" in cells.names else ""
        shown = self._shown_alone().get(edition, {})
        return np.array([shown.get(answer, 0) < self.policy.rare for answer in cells.answers])

    def _shown_alone(self) -> Mapping[str, Mapping[str, int]]:
        """Return edition -> answer -> the count in the table without groups."""
        design = self.table.design
        assert design is not None
        alone = tuple(name for name in self.arguments.by if name == "edition")
        options = repr(dict(self.arguments.options))
        key = (self.statistic.name, id(design.answers), self._question, alone, options)
        if key not in self.register.wholes:
            arguments = Arguments(self.arguments.concept, alone, self.arguments.options)
            found: dict[str, dict[str, int]] = {}
            for whole in self.statistic.tabulate(design.but(unit=self.table.spec.unit), arguments):
                public = self.register.perturbed(
                    whole, self._column_names(whole), self._few_organizations(whole)
                ).cells
                for group, counts in zip(whole.groups, public.count.tolist(), strict=True):
                    own = found.setdefault(group[0] if alone else "", {})
                    own.update(zip(whole.answers, counts, strict=True))
            self.register.wholes[key] = (found, design.answers)
        known: Mapping[str, Mapping[str, int]] = self.register.wholes[key][0]
        return known


def _plain(value: object) -> str:
    """Return an option as text: weights by what they hold, not by where they lie in memory."""
    return (
        value
        if isinstance(value, str)
        else type(value).__name__
        if hasattr(value, "__dict__")
        else repr(value)
    )


def classes_of(table: Estimates) -> dict[str, dict[str, str]]:
    """Return grouping concept -> label -> class, for those of which a unit has one answer."""
    if table.design is None or table.arguments is None:
        return {}
    answers = table.design.answers
    sources = {name: REGION_OF.get(name, name) for name in table.arguments.by}
    return {
        name: dict(class_of(name))
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
    halves = bases.reshape(-1, len(point.groups), len(public.answers))
    names = ("base",) if len(halves) == 1 else ("earlier_base", "base")
    for name, half in zip(names, halves, strict=True):
        for column, answer in enumerate(point.answers):
            if answer in place and name in columns:
                columns[name][:, column] = half[:, place[answer]]


def _withhold(columns: Columns, hidden: Flags) -> None:
    """Take away everything of some rows but that they exist."""
    for name, values in columns.items():
        if name == "status":
            values[hidden] = Status.SUPPRESSED.value
        elif values.dtype.kind in "iub":
            columns[name] = np.where(hidden, np.nan, values.astype(np.float64))
        elif values.dtype.kind == "f":
            values[hidden] = np.nan
        elif name not in ("item", "level"):
            values[hidden] = ""


def _limit(columns: Columns, others: npt.NDArray[np.float64], small: int) -> None:
    """In small groups, show a limit in place of shares of few answers, or of all but few."""
    base, count = (columns[name].astype(np.float64) for name in ("base", "count"))
    usable = np.isin(columns["status"], (Status.OK, Status.IMPRECISE)) & (base < small) & (base > 0)
    limit = np.ceil(400 / np.maximum(base, 1) / 5) * 0.05
    below = usable & np.isin(count, _FEW)
    above = usable & ~below & np.isin(others, _FEW)
    for flags, status, end, other in (
        (below, Status.BELOW, "high", "low"),
        (above, Status.ABOVE, "low", "high"),
    ):
        columns["status"][flags] = status.value
        columns[end][flags] = (limit if end == "high" else 1 - limit)[flags]
        columns[other][flags] = np.nan
        columns["value"][flags] = np.nan
    columns["count"] = np.where(below | above, np.nan, count)


def _as_shown(
    frame: pd.DataFrame, table: Estimates, classes: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Keep the rows that the table shows, by the labels of group and answer."""
    given = table.frame
    answers = {str(answer) for answer in given["answer"].unique()}
    groups = given[[*table.groups]].drop_duplicates() if table.groups else given.iloc[:1]
    own = frame["answer"].astype(str)
    if len(given) == len(groups) * len(answers):
        kept = own.isin(answers | {ANOTHER}).to_numpy(dtype=bool)
    else:
        kept = _in_rows(frame, table, classes)
    kept = kept & ~own.isin(table.stand_ins).to_numpy(dtype=bool)
    core = [*table.groups, *CORE_COLUMNS]
    shown = frame.loc[kept, [*core, *(name for name in frame if name not in core)]]
    return _in_the_order_of(given, shown, table.groups).reset_index(drop=True)


def _in_the_order_of(
    given: pd.DataFrame, frame: pd.DataFrame, groups: tuple[str, ...]
) -> pd.DataFrame:
    """Return rows with the answers of each group in the order in which the table has them.

    Tabulations have unions behind their parts; a table may have put "Up to 99" first.
    """
    order = {answer: place for place, answer in enumerate(given["answer"].astype(str).unique())}
    places = frame["answer"].astype(str).map(order)
    if places.isna().any() or not groups:
        return frame
    group = frame.groupby([*groups], sort=False, observed=True, dropna=False).ngroup()
    return (
        frame.assign(_group=group, _place=places)
        .sort_values(["_group", "_place"], kind="stable")
        .drop(columns=["_group", "_place"])
    )


def _in_rows(
    frame: pd.DataFrame, table: Estimates, classes: Mapping[str, Mapping[str, str]]
) -> Flags:
    """Return which rows a table shows that was cut by rows."""
    names = [*table.groups, "answer"]
    shown = {
        tuple(
            classes.get(name, {}).get(str(label), str(label))
            for name, label in zip(names, row, strict=True)
        )
        for row in table.frame[names].itertuples(index=False, name=None)
    }
    groups = {row[:-1] for row in shown}
    kept = [
        (key := tuple(map(str, row))) in shown or (row[-1] == ANOTHER and key[:-1] in groups)
        for row in frame[names].itertuples(index=False, name=None)
    ]
    return np.array(kept, dtype=bool)
