"""Which answers a table shows: items, nets, the top with a true rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.checks import names, require, text, whole
from survey.estimates.indicator import Indicator
from survey.estimates.table import Base

__all__ = ["REST", "keep_items", "keep_top", "nets_of", "shown"]

REST = "Any other answer"
"""Name of the rest behind a top: units that gave at least one answer outside it."""


def shown(
    indicator: Indicator,
    base: Base,
    items: Sequence[str] | None = None,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
) -> Indicator:
    """Return the answers that a table shows: listed ones, then nets."""
    listed = indicator.substantive() if base is Base.ANSWERED else indicator
    kept = keep_top(keep_items(listed, items), top)
    return kept if nets is None or nets == {} else kept.beside(nets_of(listed, nets))


def keep_items(indicator: Indicator, items: Sequence[str] | None) -> Indicator:
    """Keep some answers; of a matrix, whole rows, whole levels or single cells.

    Raises
    ------
    EstimateError
        If an item is unknown; all are listed.
    """
    if items is None:
        return indicator
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
    places = [
        place
        for place, answer in enumerate(indicator.answers)
        if answer in cells
        or (
            (by_row or by_level)
            and (not by_row or rows[place] in by_row)
            and (not by_level or levels[place] in by_level)
        )
    ]
    return indicator.pick(np.array(places, dtype=np.intp))


def nets_of(indicator: Indicator, nets: Mapping[str, Sequence[str]]) -> Indicator:
    """Return nets as answers: the union of some answers, in which each unit counts once.

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
    netted = indicator
    for name, members in wanted.items():
        _require(members, dict.fromkeys(indicator.answers), f"net {name!r}")
        netted = netted.union(name, members)
    return netted.pick(np.arange(len(indicator.answers), len(netted.answers)))


def keep_top(indicator: Indicator, top: int | None) -> Indicator:
    """Keep the ``top`` most frequent answers and add a rest: who gave any of the others.

    Frequency is the share among all units that could give the answer; ties keep the
    codebook's order.

    Raises
    ------
    EstimateError
        If ``top`` is below 1.
    """
    if top is None:
        return indicator
    require("Cannot keep the top answers", whole("top", top, 1))
    if top >= len(indicator.answers):
        return indicator
    given = indicator.chosen.sum(axis=0)
    order = np.argsort(-given, kind="stable")
    rest = [indicator.answers[place] for place in sorted(order[top:])]
    with_rest = indicator.union(REST, rest)
    return with_rest.pick(np.append(order[:top], len(indicator.answers)))


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
