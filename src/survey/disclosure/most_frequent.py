"""Which answers are the most frequent: by published counts, not by true ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from survey.estimates.shares.selection import REST
from survey.estimates.statistic import Arguments
from survey.estimates.tabulation import Tabulation

__all__ = ["most_frequent"]


def most_frequent(
    arguments: Arguments,
    cells: Tabulation,
    counts: Mapping[str, int],
    *,
    by_name: bool,
    gone: Sequence[str] = (),
) -> tuple[Arguments, tuple[str, ...]]:
    """Return what is asked, with the answers behind ``top`` named and the rest as a net; the top.

    That an answer is among the most frequent says that its count is above those of all others:
    of true counts nobody could tell so from what is published.

    Parameters
    ----------
    arguments
        With an option ``top``.
    cells
        Holds all answers of the question.
    counts
        Answer -> its published count in the table without groups.
    by_name
        Whether ties follow the names of the answers, for want of a form that lists them.
    gone
        Answers with a published count that nobody gives any more: they can be in the top, but
        cannot be asked for.
    """
    own = [*(cells.answers[place] for place in cells.elementary.tolist()), *gone]
    if by_name:
        own.sort()
    kept = arguments["items"]
    asked = [answer for answer in own if kept is None or answer in kept]
    size = arguments["top"]
    if size >= len(asked):
        return arguments, ()
    ordered = sorted(asked, key=lambda answer: -counts.get(answer, 0))  # ties as the form has them
    top = tuple(ordered[:size])
    rest = [answer for answer in asked if answer not in top and answer not in gone]
    nets = {**({REST: rest} if rest else {}), **dict(arguments["nets"] or {})}
    items = [answer for answer in top if answer not in gone]
    options = {**arguments.options, "items": items, "nets": nets, "top": None}
    return Arguments(arguments.concept, arguments.by, MappingProxyType(options)), top
