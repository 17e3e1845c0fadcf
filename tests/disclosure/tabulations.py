"""Tabulations by hand: the key of a cell is the shift that its count gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from survey.codebook import Unit
from survey.estimates.tabulation import Tabulation

__all__ = ["by_hand", "keys_as_shifts"]

Rows = Sequence[Sequence[int]]


def by_hand(
    count: Rows,
    base: Rows,
    shifts: Rows | None = None,
    base_shifts: Rows | None = None,
    **changed: Any,
) -> Tabulation:
    """Return a tabulation of answers a, b, ... in groups g, h, ...; keys are small numbers."""
    counts, bases = np.array(count), np.array(base)
    answers = changed.get("answers") or tuple("abcdefgh"[: counts.shape[1]])
    keys = np.array(count if shifts is None else shifts).astype(np.uint64)
    base_keys = np.array(base if base_shifts is None else base_shifts).astype(np.uint64)
    groups = tuple((label,) for label in "ghijkl"[: len(counts)])
    values: dict[str, Any] = {
        "names": ("edition",),
        "groups": groups,
        "answers": answers,
        "unit": Unit.DEPLOYMENT,
        "count": counts,
        "base": bases,
        "weighted_count": counts * 1.0,
        "weighted_base": bases * 1.0,
        "count_keys": keys,
        "base_keys": base_keys,
        "largest": np.minimum(counts, 1),
        "largest_other": np.minimum(bases - counts, 1),
        "presence": np.where(bases > 0, "ok", "empty").astype(object),
        "exclusive": True,
        "parts": tuple((place,) for place in range(counts.shape[1])),
        "shown": tuple(range(counts.shape[1])),
        "declined": np.zeros(len(counts), dtype=np.int64),
        "declined_keys": np.zeros(len(counts), dtype=np.uint64),
    }
    return Tabulation(**(values | changed))


def keys_as_shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the key of a cell be what is added to its count, times how large one organization is."""

    def perturb(
        counts: np.ndarray, keys: np.ndarray, largest: np.ndarray | None = None, **_: float
    ) -> np.ndarray:
        times = 1 if largest is None else np.maximum(1, largest)
        return np.asarray(counts + keys.astype(np.int64) * times)

    monkeypatch.setattr("survey.disclosure.perturbation.counts.perturb", perturb)
