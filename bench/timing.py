"""Two ways of doing one thing, timed side by side.

Seconds differ between machines; the ratio of two runs on the same machine, taken in turns,
differs much less. So every benchmark here is a ratio with the limit that it must keep.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Ratio", "side_by_side"]


@dataclass(frozen=True)
class Ratio:
    """What ours cost, what the reference cost, and how many times the reference is allowed.

    Attributes
    ----------
    name
        What is done, in a few words.
    ours, reference
        Cost of either, in ``unit``.
    against
        What the reference is, in a few words.
    limit
        Largest ratio that is still good; ``None`` where there is none to keep.
    work
        The same ratio in processor time of all threads, which a busy machine disturbs less.
    unit
        ``"s"`` by default; anything that both are measured in, such as ``"MB"``.
    """

    name: str
    ours: float
    reference: float
    against: str
    limit: float | None = None
    unit: str = "s"
    work: float | None = None

    @property
    def value(self) -> float:
        """How many times the reference ours costs."""
        return self.ours / self.reference

    @property
    def verdict(self) -> str:
        """``within`` or ``over`` the limit, or nothing when there is none."""
        if self.limit is None:
            return ""
        return "within" if self.value <= self.limit else "over"


def side_by_side(
    name: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    *,
    against: str,
    limit: float | None = None,
    repeat: int = 5,
) -> Ratio:
    """Run both in turns ``repeat`` times and return the ratio of the best times.

    The limit is on what a person waits; the ratio of processor time is told beside it.
    """
    times: tuple[list[float], list[float]] = ([], [])
    works: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeat):
        for action, kept, worked in zip((ours, reference), times, works, strict=True):
            start, began = time.perf_counter(), time.process_time()
            action()
            kept.append(time.perf_counter() - start)
            worked.append(time.process_time() - began)
    work = min(works[0]) / min(works[1])
    return Ratio(name, min(times[0]), min(times[1]), against, limit, work=work)
