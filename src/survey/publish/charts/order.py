"""The order of answers: bands and scales keep theirs, other answers go by size."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from survey.publish.rows import Row

__all__ = ["by_value", "full_name", "group_name", "in_order", "lower_edge", "names_bands"]

_LAST = re.compile(r"^(any )?other\b|^none\b|^(i )?(do not|don['’]t) know\b|^prefer not\b", re.I)
_NUMBER = re.compile(r"\d[\d,.\u00a0\u202f]*")
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
          "gb": 1e9, "tb": 1e12, "pb": 1e15, "eb": 1e18, "zb": 1e21}  # fmt: skip


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, in the order of appearance."""
    return tuple(dict.fromkeys(names))


def group_name(row: Row) -> str:
    """Return the name of a row's group."""
    return ": ".join(row.group)


def full_name(row: Row) -> str:
    """Return the name of a row by group and answer."""
    return ": ".join((*row.group, row.answer))


def by_value(rows: Sequence[Row], key: Callable[[Row], str] = lambda row: row.answer) -> list[str]:
    """Return names, largest value first; then rests such as "Other", then those without value.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> from survey.publish.rows import rows_of
    >>> by_value(rows_of(share(answers(), "deployment_tools")))
    ['Kolla', 'Puppet', 'Ansible', 'Juju']
    """
    best: dict[str, float] = {}
    for row in rows:
        value = -math.inf if row.value is None else row.value
        best[key(row)] = max(best.get(key(row), -math.inf), value)
    return sorted(
        best, key=lambda name: (best[name] == -math.inf, bool(_LAST.match(name)), -best[name])
    )


def names_bands(names: Sequence[str]) -> bool:
    """Whether names are bands or steps in ascending order, so that they must keep it.

    Examples
    --------
    >>> names_bands(["1 to 9 cores", "10 to 99 cores", "1 million cores or more"])
    True
    >>> names_bands(["Less than 1 TB", "1 TB to 9 TB", "10 to 99 PB", "1 EB or more"])
    True
    >>> names_bands(["Train", "Ussuri", "Victoria"]), names_bands(["2 to 9", "1"])
    (False, False)
    """
    firsts = [found for name in names if (found := lower_edge(name)) is not None]
    enough = len(firsts) >= max(2, len(names) - 1)
    return enough and all(a < b for a, b in pairwise(firsts))


def lower_edge(name: str) -> float | None:
    """Return the number at which a band begins, from its label; nothing if it names none.

    Examples
    --------
    >>> lower_edge("1,000 to 9,999 cores"), lower_edge("1 million or more"), lower_edge("Other")
    (1000.0, 1000000.0, None)
    """
    found = _NUMBER.search(name)
    if found is None:
        return None
    digits = re.sub(r"[^\d]", "", found[0].split(".")[0])
    following = name[found.end() :].lower().split()
    if following[:1] == ["to"]:  # "100 to 999 EB": the unit stands behind the second number
        following = following[2:]
    factor = _WORDS.get(following[0], 1.0) if following else 1.0
    least = name.lower().startswith(("fewer", "less", "under", "below", "up to"))
    return (float(digits) * factor - (0.5 if least else 0.0)) if digits else None
