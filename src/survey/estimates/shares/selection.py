"""Which answers a table shows: items, nets, the top with a true rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.checks import names, require, text, whole
from survey.estimates.table import Base
from survey.estimates.tabulation.band_nets import net_of_bands
from survey.estimates.tabulation.indicator import Indicator

__all__ = ["REST", "Selection", "keep_items", "keep_top", "nets_of", "select", "shown"]

REST = "Any other answer"
"""Name of the rest behind a top: units that gave at least one answer outside it."""


@dataclass(frozen=True)
class Selection:
    """All answers of a question, then unions of them; and which of them a table shows.

    Attributes
    ----------
    indicator
        The answers of the question, then the rest behind a top, then nets.
    shown
        Positions of the answers that the table shows, in its order.
    parts
        Per answer: positions of the answers that it is a union of; of an answer of the
        question, its own position.
    ranked
        Of a ranking: per shown answer the positions of the answers that divide it by rank.
    """

    indicator: Indicator
    shown: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    ranked: tuple[tuple[int, ...], ...] = ()

    @property
    def elementary(self) -> tuple[int, ...]:
        """Positions of the answers of the question itself: no unions, and not divided by rank."""
        divided = {place for ranks in self.ranked for place in ranks}
        own = [place for place, parts in enumerate(self.parts) if parts == (place,)]
        return tuple(place for place in own if place not in divided) if divided else tuple(own)

    @classmethod
    def of(cls, indicator: Indicator) -> Selection:
        """Return a selection of everything."""
        places = range(len(indicator.answers))
        return cls(indicator, tuple(places), tuple(zip(places, strict=True)))

    def union(
        self, name: str, members: Sequence[int], recut: frozenset[int] = frozenset()
    ) -> Selection:
        """Return a selection that also shows who gave any of some answers."""
        labels = [self.indicator.answers[place] for place in members]
        return Selection(
            self.indicator.union(name, labels, recut),
            (*self.shown, len(self.indicator.answers)),
            (*self.parts, tuple(members)),
        )

    def net(self, name: str, members: Sequence[int]) -> Selection:
        """Return a selection that also shows a net.

        A net of bands holds, in every edition, all bands that lie wholly inside it.
        """
        answers, scales = self.indicator.answers, self.indicator.scales
        if name == REST or not scales:
            return self.union(name, members)
        labels, recut = net_of_bands([answers[place] for place in members], scales)
        places = tuple(answers.index(label) for label in labels if label in answers)
        return self.union(name, places, recut)

    def by_rank(self) -> Selection:
        """Return a selection that also counts, of a ranking, each shown answer by its rank."""
        ranks = self.indicator.ranks
        if ranks is None or not self.shown:
            return self
        most = max(int(ranks.max(initial=0)), 1)
        start, divided, ranked = len(self.indicator.answers), self.indicator, []
        for place in self.shown:
            own = self.indicator.pick(np.full(most, place, dtype=np.intp))
            names = tuple(f"{own.answers[0]}, rank {rank}" for rank in range(1, most + 1))
            chosen = ranks[:, [place]] == np.arange(1, most + 1)
            divided = divided.beside(replace(own, answers=names, chosen=chosen))
            ranked.append(tuple(range(start, start + most)))
            start += most
        parts = (*self.parts, *((place,) for place in range(len(self.indicator.answers), start)))
        return Selection(divided, self.shown, parts, tuple(ranked))


def shown(
    indicator: Indicator,
    base: Base,
    items: Sequence[str] | None = None,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
) -> Indicator:
    """Return the answers that a table shows: listed ones, then nets."""
    found = select(indicator, base, items, nets, top)
    return found.indicator.pick(np.array(found.shown, dtype=np.intp))


def select(
    indicator: Indicator,
    base: Base,
    items: Sequence[str] | None = None,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
) -> Selection:
    """Return all answers of a question, and which of them a table shows: listed ones, then nets.

    Answers that decline to answer are listed unless the base is who answered.

    Raises
    ------
    EstimateError
        If an item or a member of a net is unknown, a net is named like an answer, or ``top`` is
        below 1; all are listed.
    """
    listed = indicator.substantive() if base is Base.ANSWERED else indicator
    found = keep_top(keep_items(Selection.of(listed), items), top)
    if nets is None or nets == {}:
        return found
    for name, members in nets_of(listed, nets).items():
        found = found.net(name, members)
    return found


def keep_items(selection: Selection, items: Sequence[str] | None) -> Selection:
    """Show some answers alone; of a matrix, whole rows, whole levels or single cells.

    Raises
    ------
    EstimateError
        If an item is unknown; all are listed.
    """
    if items is None:
        return selection
    indicator = selection.indicator
    wanted = names("items", items, "answers that the question offers")
    if not wanted:
        raise EstimateError(
            "Nothing to show", [Problem("items", repr(items), "at least one answer, or None")]
        )
    rows = indicator.columns.get("item", indicator.answers)
    levels = indicator.columns.get("level", indicator.answers)
    known = dict.fromkeys((*indicator.answers, *rows, *levels))
    _require(wanted, known, "items")
    cells = {item for item in wanted if item in indicator.answers}
    by_row = {item for item in wanted if item in rows and item not in cells}
    by_level = {item for item in wanted if item in levels and item not in cells | by_row}
    kept = tuple(
        place
        for place, answer in enumerate(indicator.answers)
        if answer in cells
        or (
            (by_row or by_level)
            and (not by_row or rows[place] in by_row)
            and (not by_level or levels[place] in by_level)
        )
    )
    return replace(selection, shown=kept)


def keep_top(selection: Selection, top: int | None) -> Selection:
    """Show the ``top`` most frequent answers and a rest: who gave any of the others shown.

    Frequency is the share among all units that could give the answer; ties keep the
    codebook's order.

    Raises
    ------
    EstimateError
        If ``top`` is below 1.
    """
    if top is None:
        return selection
    require("Cannot keep the top answers", whole("top", top, 1))
    if top >= len(selection.shown):
        return selection
    places = np.array(selection.shown, dtype=np.intp)
    given = selection.indicator.chosen[:, places].sum(axis=0)
    order = places[np.argsort(-given, kind="stable")]
    most = replace(selection, shown=tuple(order[:top].tolist()))
    return most.union(REST, sorted(order[top:].tolist()))


def nets_of(
    indicator: Indicator, nets: Mapping[str, Sequence[str]]
) -> Mapping[str, tuple[int, ...]]:
    """Return the positions of the members of each net.

    Raises
    ------
    EstimateError
        If a net is named like an answer, is empty or has an unknown member; all are listed.
    """
    if not isinstance(nets, Mapping) or any(text("net", name, "a name") for name in nets):
        problem = Problem("nets", repr(nets), "a mapping of names to answers")
        raise EstimateError("Cannot form the nets", [problem])
    wanted = {name: names(f"net {name!r}", members) for name, members in nets.items()}
    problems = [
        Problem("nets", f"{name!r}, which is an answer", "a name of its own")
        for name in nets
        if name in indicator.answers
    ]
    problems += [
        Problem("nets", f"{name!r} without answers", "at least one answer")
        for name, members in wanted.items()
        if not members
    ]
    if problems:
        raise EstimateError("Cannot form the nets", problems)
    for name, members in wanted.items():
        _require(members, dict.fromkeys(indicator.answers), f"net {name!r}")
    return {
        name: tuple(indicator.answers.index(member) for member in members)
        for name, members in wanted.items()
    }


def _require(wanted: Sequence[str], known: Mapping[str, None], where: str) -> None:
    some = ", ".join(repr(item) for item in list(known)[:5])
    problems = [
        Problem(
            where,
            repr(item),
            "an answer that the question offers",
            did_you_mean(item, known) or f"it offers {some} and {max(len(known) - 5, 0)} more",
        )
        for item in wanted
        if item not in known
    ]
    if problems:
        raise EstimateError("Unknown answers", problems)
