"""Answers as the ledger knows them: those that nobody gives any more, and names of unions.

Some answers stand in a table because somebody gave them, as no form lists them. One that nobody
gives any more would leave a reprinted column, and one that is new would join it: either tells
that the record which changed had it. So a kept column has the answers of the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from survey.codebook.geography import BESIDE_COUNTRIES, find_country
from survey.disclosure.ledger.column_names import column_names
from survey.disclosure.ledger.register import Register
from survey.disclosure.perturbation.counts import with_nobody
from survey.disclosure.perturbation.rare_answers import IN_A_UNION, Joined
from survey.estimates.design.places import NOWHERE
from survey.estimates.shares.selection import REST
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation
from survey.responses import ANOTHER

__all__ = [
    "BASE_OF_GIVEN",
    "is_given",
    "name_of_rest",
    "named_in_ledger",
    "place_after",
    "with_published",
    "with_published_groups",
]

BASE_OF_GIVEN: Final = (
    "n is the sum of the published counts. Countries of which none is shown are not in it, so that "
    "n can be lower or higher than the number of those who answered."
)
"""What the base of a question is whose answers are those that somebody gave."""

BETWEEN = " / "
"""Between row and level of a matrix."""
_BESIDE_COUNTRIES: Final = BESIDE_COUNTRIES | {NOWHERE}


def is_given(answer: str, *, of_countries: bool) -> bool:
    """Return whether an answer stands because somebody gave it.

    Examples
    --------
    >>> is_given("Finland", of_countries=True), is_given("Finland", of_countries=False)
    (True, False)
    """
    if answer == ANOTHER or answer.endswith(f"{BETWEEN}{ANOTHER}"):
        return True
    return of_countries and (answer in _BESIDE_COUNTRIES or find_country(answer) is not None)


def name_of_rest(top: Iterable[str], items: Iterable[str] | None) -> str:
    """Return the name of the rest behind a top in the ledger: it says what the rest is not.

    What it consists of would be another name for each answer that somebody gives first.

    Examples
    --------
    >>> name_of_rest(["Xen", "KVM"], None)
    'Any other answer than KVM; Xen'
    """
    name = f"{REST} than {_listed(top)}"
    return name if items is None else f"{name}, of {_listed(items)}"


def _listed(answers: Iterable[str]) -> str:
    return answers if isinstance(answers, str) else "; ".join(sorted(answers))


def named_in_ledger(
    joined: Joined, before: Tabulation, rest: str, nets: Mapping[str, Iterable[str]] | None = None
) -> Joined:
    """Return rare answers as joined, with names in the ledger that say what unions consist of.

    Parameters
    ----------
    joined, before
        The tabulation with rare answers joined, and before.
    rest
        Name of the rest behind a top, see :func:`name_of_rest`; empty without a top.
    nets
        Label -> answers, as they were asked for: two nets of one label are two unions.
    """
    said = {net: f"{net}: {_listed(parts)}" for net, parts in (nets or {}).items()}
    if rest:
        said[REST] = rest
    names = [said.get(name, name) for name in before.answers]
    added = joined.cells.answers[len(names) :]
    if IN_A_UNION in added:
        own = set(before.elementary.tolist())
        unions = _listed(names[place] for place in before.shown if place not in own)
        added = (f"{ANOTHER}, not in {unions}", f"{IN_A_UNION}: {unions}")
    return joined._replace(names=(*names, *added))


def with_published(
    cells: Tabulation, published: Iterable[str], shown: Collection[str] | None
) -> Tabulation:
    """Return a tabulation that also has answers which were published and nobody gives any more.

    Parameters
    ----------
    cells
        True counts.
    published
        The answers: everybody in the base of a group could have given them.
    shown
        Which answers the table shows, where it shows a top; others are in the rest.
    """
    more = tuple(answer for answer in published if answer not in cells.answers)
    if not more:
        return cells
    first = len(cells.answers)
    places = tuple(range(first, first + len(more)))
    stands = [p for p, answer in zip(places, more, strict=True) if shown is None or answer in shown]
    behind = tuple(place for place in places if place not in stands)
    wider = _wider(cells, more)
    parts = [*cells.parts, *((place,) for place in places)]
    if behind and REST not in cells.answers:  # everybody who was behind the top is gone
        wider = _wider(wider, (REST,))
        stands, parts = [*stands, len(parts)], [*parts, behind]
    elif behind:
        parts[cells.answers.index(REST)] += behind
    labels, own = [wider.answers[place] for place in cells.shown], set(_own(cells))
    shown_places = list(cells.shown)
    for place in stands:
        after = place_after(labels, own, wider.answers[place])
        labels.insert(after, wider.answers[place])
        shown_places.insert(after, place)
    return replace(wider, parts=tuple(parts), shown=tuple(shown_places))


def with_published_groups(
    table: Estimates,
    arguments: Arguments,
    cells: Tabulation,
    countries: Sequence[str],
    register: Register,
) -> Tabulation:
    """Return counts with the groups by one question that were published and lost everybody."""
    if len(countries) != 1:
        return cells
    place = cells.names.index(countries[0])
    around = dict.fromkeys((group[:place], group[place + 1 :]) for group in cells.groups)
    blank = replace(cells, groups=tuple((*one, "", *two) for one, two in around))
    before = column_names(table, arguments, blank, of_all=True)
    names = column_names(table, arguments, blank)
    known = [
        (*one, label, *two)
        for (one, two), name, whole in zip(around, before, names, strict=True)
        for label in register.groups_of(name, whole.removeprefix(name))
    ]
    return with_nobody(cells, [group for group in known if group not in cells.groups])


def place_after(answers: Sequence[str], own: Collection[str], answer: str) -> int:
    """Return where an answer stands that no form lists: after those of its question or row.

    Examples
    --------
    >>> place_after(["a", "b", "a or b"], {"a", "b"}, "Another answer")
    2
    """
    row, between, _ = answer.rpartition(BETWEEN)
    alike = [
        place
        for place, known in enumerate(answers)
        if known in own and known.startswith(row + between)
    ]
    return max(alike, default=len(answers) - 1) + 1


def _own(cells: Tabulation) -> list[str]:
    return [cells.answers[place] for place in cells.elementary.tolist()]


def _wider(cells: Tabulation, more: tuple[str, ...]) -> Tabulation:
    """Return a tabulation with further answers, of which nobody gave any."""
    size = (len(cells.groups), len(more))
    most = cells.base.argmax(axis=1)[:, None]
    found: dict[str, Any] = {}
    for name in ("count", "weighted_count", "count_keys", "largest"):
        values = getattr(cells, name)
        found[name] = np.hstack([values, np.zeros(size, dtype=values.dtype)])
    for name in ("base", "weighted_base", "base_keys", "presence"):
        values = getattr(cells, name)
        column = np.take_along_axis(values, most, axis=1)
        found[name] = np.hstack([values, np.repeat(column, size[1], axis=1)])
    largest = np.maximum(cells.largest, cells.largest_other).max(axis=1, keepdims=True)
    found["largest_other"] = np.hstack([cells.largest_other, np.repeat(largest, size[1], axis=1)])
    said = {
        "item": [answer.rpartition(BETWEEN)[0] for answer in more],
        "level": [answer.rpartition(BETWEEN)[2] for answer in more],
    }
    texts = {name: (*values, *said.get(name, more)) for name, values in cells.columns.items()}
    return replace(cells, answers=(*cells.answers, *more), columns=texts, **found)
