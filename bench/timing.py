"""Two ways of doing one thing, measured side by side.

Seconds differ between machines; the ratio of two runs on the same machine, taken in turns,
differs much less. So every benchmark here is a ratio with the limit that it must keep. What is
measured is processor time, of all threads: threads and processes side by side are no speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["Ratio", "compared", "side_by_side"]


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
    elapsed
        The same ratio in time that passes, which a busy machine disturbs.
    unit
        ``"s"`` of processor time by default; anything that both are measured in, such as ``"MB"``.
    spread
        Lowest and highest ratio of the turns.
    """

    name: str
    ours: float
    reference: float
    against: str
    limit: float | None = None
    unit: str = "s"
    elapsed: float | None = None
    spread: tuple[float, float] | None = None

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


def compared(
    name: str,
    ours: Sequence[float],
    reference: Sequence[float],
    against: str,
    limit: float | None = None,
) -> Ratio:
    """Return the ratio of the medians of two series of turns, with the spread of ours."""
    usual = median(reference)
    spread = min(ours) / usual, max(ours) / usual
    return Ratio(name, median(ours), usual, against, limit, spread=spread)


def side_by_side(
    name: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    *,
    against: str,
    limit: float | None = None,
    repeat: int = 5,
) -> Ratio:
    """Run both in turns ``repeat`` times and return the ratio of the least processor times."""
    times: tuple[list[float], list[float]] = ([], [])
    works: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeat):
        for action, kept, worked in zip((ours, reference), times, works, strict=True):
            start, began = time.perf_counter(), time.process_time()
            action()
            kept.append(time.perf_counter() - start)
            worked.append(time.process_time() - began)
    ratios = [first / second for first, second in zip(*works, strict=True)]
    return Ratio(
        name,
        min(works[0]),
        min(works[1]),
        against,
        limit,
        elapsed=min(times[0]) / min(times[1]),
        spread=(min(ratios), max(ratios)),
    )
