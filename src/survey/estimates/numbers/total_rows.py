"""Rows of totals, one per group: the edges of the bands, the model, and what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.numbers.banded import Banded
from survey.estimates.numbers.filling import Filling, fill
from survey.estimates.numbers.known import Known
from survey.estimates.numbers.resample_pool import Pool
from survey.estimates.numbers.total_notes import Choice
from survey.estimates.numbers.total_of_counts import chosen_family, models_of
from survey.estimates.precision.bootstrap import percentile_limits
from survey.estimates.statistic import GroupLabels

__all__ = ["rows_of_totals"]

Floats = npt.NDArray[np.float64]
_MODEL: Final = (
    "value",
    "low",
    "high",
    "draw_low",
    "draw_high",
    "open_top_share",
    "largest_share",
    "models_low",
    "models_high",
)


def rows_of_totals(
    banded: Banded,
    pool: Pool,
    known: Known,
    choice: Choice,
    drawn: tuple[Floats, np.random.Generator],
    values_of: GroupLabels | None = None,
) -> pd.DataFrame:
    """Return one row per group.

    With ``values_of`` rows of other groups lack what the model says, and all the interval of
    another draw of organizations. Their random numbers are passed over, so that no other changes.
    """
    weight, random = drawn
    counts = weight @ pool.by_cluster
    family = chosen_family(choice.family, banded.only.cells, counts[:1])
    filling = fill(family, banded.only.cells, counts, choice.top, pool.mean_weight)
    # alone, as changes are modelled: a fit of many replicates stops a little later
    observed = fill(family, banded.only.cells, counts[:1], choice.top, pool.mean_weight)
    filling = replace(filling, means=np.vstack([observed.means, filling.means[1:]]))
    models = models_of(banded.only.cells, counts[:1], pool.mean_weight)
    rows = []
    for group, labels in enumerate(banded.labels()):
        bounds = _bounds(banded, pool, known, group)
        if values_of is not None and labels not in values_of:
            filling.pass_over(2 * counts.size, random)
            rows.append(bounds | dict.fromkeys(_MODEL, np.nan))
            continue
        model = _model(banded, pool, group, filling, weight if values_of is None else None, random)
        over = _over_models(pool.parts(group)[1].sum(axis=0), models, model["value"])
        rows.append(bounds | _inside(model, bounds) | over)
    frame = pd.DataFrame(rows)
    frame["settled"] = bool(filling.settled[0])
    frame["family"] = family if filling.settled[0] else "log-uniform"
    return _grossed(frame) if choice.gross_up else frame


def _bounds(banded: Banded, pool: Pool, known: Known, group: int) -> dict[str, Any]:
    """Return what the edges of the bands say about one group's total."""
    cells = banded.only.cells
    counts = pool.parts(group)[1].sum(axis=0)
    members = banded.members(group)
    answered = members[banded.answered[members]]
    open_top = int(cells.open[banded.only.code[answered]].sum())
    closed = float(counts @ np.where(cells.open, 0.0, cells.high))
    return {
        "answer": "total",
        "count": len(answered),
        "lower_bound": float(counts @ cells.low),
        "upper_bound": np.nan if open_top else closed,
        "upper_closed": closed,
        "open_top": open_top,
        "known_count": int(known.replaced[members].sum()),
        "answered": len(answered),
        "asked": int(banded.was_asked[members].sum()),
        "clusters": len(pool.parts(group)[0]),
    }


def _model(
    banded: Banded,
    pool: Pool,
    group: int,
    filling: Filling,
    weight: Floats | None,
    random: np.random.Generator,
) -> dict[str, float]:
    """Return the model's total of one group, its intervals, and what it rests on.

    Without weights of other draws of organizations, their random numbers are passed over.
    """
    clusters, parts = pool.parts(group)
    counts = parts.sum(axis=0)
    expected = counts * filling.means[0]
    value = float(expected.sum())
    alike = np.broadcast_to(counts, (len(filling.means), len(counts)))
    if weight is None:
        filling.pass_over(alike.size, random)
        other = np.full(2, np.nan)
    else:
        other = filling.drawn_totals(weight[:, clusters] @ parts, random)[1:]
    same = filling.drawn_totals(alike, random)[1:]
    draw_low, draw_high = percentile_limits(other, banded.asked.level)
    low, high = percentile_limits(same, banded.asked.level)
    largest = pool.mean_weight * filling.means[0][counts > 0].max(initial=0.0)
    return {
        "value": value,
        "low": float(low),
        "high": float(high),
        "draw_low": float(np.minimum(draw_low, value)),
        "draw_high": float(np.maximum(draw_high, value)),
        "open_top_share": float(expected[banded.only.cells.open].sum() / (value or 1.0)),
        "largest_share": float(min(largest / (value or 1.0), 1.0)),
    }


def _inside(model: dict[str, float], bounds: dict[str, Any]) -> dict[str, float]:
    """Return the numbers with the interval around the value and within the certain bounds.

    Percentiles of the drawn totals of few answers can lie on one side of what is expected.
    """
    most = np.inf if np.isnan(bounds["upper_bound"]) else bounds["upper_bound"]
    value = min(max(model["value"], bounds["lower_bound"]), most)
    low = max(min(model["low"], value), bounds["lower_bound"])
    high = min(max(model["high"], value), most)
    return model | {"value": value, "low": low, "high": high}


def _grossed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as if who did not answer were like the mean of those who did."""
    factor = frame["asked"] / frame["answered"].where(frame["answered"] > 0)
    numbers = ["value", "low", "high", "draw_low", "draw_high", "models_low", "models_high"]
    return frame.assign(**{name: frame[name] * factor.fillna(1.0) for name in numbers})


def _over_models(counts: Floats, models: Floats, value: float) -> dict[str, float]:
    """Return the smallest and the largest total that the models give, this one included."""
    found = np.append((counts * models).sum(axis=1), value)
    return {"models_low": float(found.min()), "models_high": float(found.max())}
