"""Blocks: every table about one question, arranged as the views of one block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.disclosure.publication import Publication
from survey.estimates.table import Estimates, Measure
from survey.publish.chart_json import file_names
from survey.publish.charts.registry import beside
from survey.publish.words import humanised

__all__ = ["Block", "Tab", "View", "blocks_of"]

_ALONE = frozenset({"ratio", "association", "share_where"})
"""Statistics over two questions: their tables are blocks of their own."""

_LABELS = {
    "share": "Shares",
    "median": "Median",
    "quantile": "Quantile",
    "mean": "Mean",
    "total": "Total",
    "compare": "Change",
    "adoption": "By age",
    "decompose_change": "Where the change comes from",
    "growth_above": "Growth that bands show",
    "nps": "Score",
    "ratio": "Ratio",
    "association": "Association",
    "new_clouds": "New",
    "share_where": "Share",
}
_SENSITIVITY = "sensitivity"
_CHARTS = "charts"
_MOVES = frozenset({"decompose_change", "growth_above"})


class Tab:
    """Names of the tabs of a block."""

    NOW, TIME, BY, TABLE, ABOUT = "now", "time", "by", "table", "about"


@dataclass(frozen=True)
class View:
    """One table as one view of a block.

    Attributes
    ----------
    name
        Stands in addresses and never changes: ``now``, ``time``, ``time-median``,
        ``by-deployment_stage``, ``edition-2023``, ``compare-2023-2024``.
    tab
        The tab under which it stands.
    label
        What it is called beside other views of the tab.
    table
        Its table.
    apart
        Whether it is loaded when somebody asks for it, and from which file.
    chart
        Name of another chart than the one that suits.
    """

    name: str
    tab: str
    label: str
    table: Estimates
    apart: str = ""
    chart: str | None = None


@dataclass(frozen=True)
class Block:
    """One question with all that is published about it."""

    id: str
    concept: str
    topic: str
    edition: str
    tables: tuple[Estimates, ...]

    @property
    def main(self) -> Estimates:
        """The table that a reader sees first."""
        return self.views[0].table

    @cached_property
    def views(self) -> tuple[View, ...]:
        """All views, the first one first; names are unique."""
        found: dict[str, View] = {}
        placed = [*self._newest(), *(_view_of(table) for table in self.tables)]
        order = (Tab.NOW, Tab.TIME, Tab.BY, Tab.ABOUT)
        for view in sorted(placed, key=lambda each: order.index(each.tab)):
            name, number = view.name, 2
            while name in found:
                name, number = f"{view.name}-{number}", number + 1
            found[name] = replace(view, name=name)
        placed = [self._apart(view) for view in _by_unit(list(found.values()))]
        return tuple(each for view in placed for each in (view, *_beside(view)))

    def _newest(self) -> list[View]:
        """Return the newest edition out of all, where no table has it alone."""
        table = self.over_editions
        alone = any(_view_of(each).tab == Tab.NOW for each in self.tables)
        if alone or table is None or self.edition not in table.editions:
            return []
        return [View(Tab.NOW, Tab.NOW, "Shares", _of_edition(table, self.edition))]

    def _apart(self, view: View) -> View:
        """Mark breakdowns as loaded on demand, unless one is all that the block has."""
        alone = not any(_view_of(table).tab in (Tab.NOW, Tab.TIME) for table in self.tables)
        return view if view.tab != Tab.BY or alone else replace(view, apart=view.name)

    @cached_property
    def over_editions(self) -> Estimates | None:
        """The shares of answers over the editions, from which single editions are taken."""
        for table in self.tables:
            plain = table.groups == ("edition",) and table.measure is Measure.SHARE
            if plain and table.spec.statistic == "share":
                return table
        return None

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Editions that can be chosen, oldest first."""
        table = self.over_editions
        known = table.editions if table is not None else ()
        return known if self.edition in known else (*known, self.edition)

    @cached_property
    def edition_views(self) -> tuple[View, ...]:
        """Views of other editions, and of each two editions side by side, loaded on demand."""
        table = self.over_editions
        if table is None:
            return ()
        single = [
            View(f"edition-{edition}", Tab.NOW, edition, _of_edition(table, edition), "editions")
            for edition in table.editions
            if edition != self.edition
        ]
        pairs = [
            View(f"compare-{first}-{second}", Tab.NOW, f"{first} and {second}",
                 replace(_of_editions(table, (first, second)),
                         title=f"{self.main.title}, {first} and {second}"), "editions")
            for first, second in combinations(table.editions, 2)
        ]  # fmt: skip
        return (*single, *pairs)

    @property
    def change(self) -> Estimates | None:
        """The table of changes from the edition before, if there is one."""
        for table in self.tables:
            if table.measure is Measure.DIFFERENCE and not table.groups:
                return table
        return None

    @property
    def cuts(self) -> tuple[str, ...]:
        """Concepts by which the block is broken down."""
        found = [view.table.groups[0] for view in self.views if view.tab == Tab.BY]
        return tuple(dict.fromkeys(found))


def blocks_of(publication: Publication) -> tuple[Block, ...]:
    """Return the blocks of a publication, in the order in which their first tables come."""
    found: dict[tuple[str, str], list[Estimates]] = {}
    for name, table in publication.tables.items():
        spec = table.spec
        alone = spec.statistic in _ALONE or not spec.concept
        key = ("table", name) if alone else ("concept", spec.concept)
        found.setdefault(key, []).append(table)
    ids = file_names(name for _, name in found)
    return tuple(
        Block(ids[name], tables[0].spec.concept, _topic(tables), publication.edition, tuple(tables))
        for (_, name), tables in found.items()
    )


def _by_unit(views: Sequence[View]) -> list[View]:
    """Call shares of the edition by what they count, where organizations are counted beside."""
    if not any(view.tab == Tab.NOW and _of_organizations(view.table) for view in views):
        return list(views)
    return [
        replace(view, label=view.table.vocabulary.noun(view.table.spec.unit, 2).capitalize())
        if view.tab == Tab.NOW and view.table.spec.statistic == "share"
        else view
        for view in views
    ]


def _beside(view: View) -> list[View]:
    """Return the other charts that a page offers of a view's table; they are loaded on demand."""
    if view.tab == Tab.ABOUT:
        return []
    return [
        View(f"{view.name}-{kind.name}", view.tab, kind.beside, view.table, _CHARTS, kind.name)
        for kind in beside(view.table)
    ]


def _topic(tables: Sequence[Estimates]) -> str:
    return tables[0].topic


def _view_of(table: Estimates) -> View:
    label = _LABELS.get(table.spec.statistic, humanised(table.spec.statistic))
    if table.spec.statistic == _SENSITIVITY:
        return View("depends", Tab.ABOUT, "What it depends on", table)
    if statistic := _number_that_changed(table):
        label = f"Change of the {statistic}"
        if not table.groups:
            return View(f"time-change-{statistic}", Tab.TIME, label, table)
    moves = table.measure is Measure.DIFFERENCE or table.spec.statistic in _MOVES
    if moves or "edition" in table.groups:
        tab = Tab.TIME
        others = [humanised(name).lower() for name in table.groups if name != "edition"]
        label = f"{label} by {' and '.join(others)}" if others else label
    else:
        tab = Tab.BY if table.groups else Tab.NOW
    return View(_name(table, tab), tab, label, table)


def _number_that_changed(table: Estimates) -> str:
    """Return which number of two editions a table compares, such as ``median``; or none."""
    number = table.measure is not Measure.DIFFERENCE and "verdict" in table.frame
    statistic = dict(table.spec.options).get("statistic") if number else None
    return str(statistic).replace("_", "-") if statistic else ""


def _of_organizations(table: Estimates) -> bool:
    return table.spec.unit is Unit.ORGANIZATION and table.spec.statistic == "share"


def _name(table: Estimates, tab: str) -> str:
    if tab == Tab.NOW and _of_organizations(table):
        return f"{tab}-organizations"
    statistic = table.spec.statistic
    suffix = "" if statistic == "share" else f"-{statistic.replace('_', '-')}"
    if tab == Tab.BY:
        return f"by-{'-'.join(table.groups)}{suffix}"
    if tab == Tab.TIME and table.measure is Measure.DIFFERENCE:
        return "time-change"
    return f"{tab}{suffix}"


def _of_edition(table: Estimates, edition: str) -> Estimates:
    frame = table.frame[table.frame["edition"].astype(str) == edition].drop(columns="edition")
    spec = replace(table.spec, by=())
    return replace(table.with_frame(frame.reset_index(drop=True)), spec=spec)


def _of_editions(table: Estimates, editions: Iterable[str]) -> Estimates:
    kept = table.frame["edition"].astype(str).isin(list(editions))
    return table.with_frame(table.frame[kept].reset_index(drop=True))
