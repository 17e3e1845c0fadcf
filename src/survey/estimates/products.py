"""Counts of many questions crossed with many others, as one matrix product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.indicator import read_indicator
from survey.estimates.sample import Sample
from survey.estimates.table import Base, Status

__all__ = ["Wide", "counted_products", "wide_table"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Single = npt.NDArray[np.float32]

_MOST = 2**24
"""Whole numbers up to here are exact in single precision."""


@dataclass(frozen=True)
class Wide:
    """The answers to several questions side by side."""

    matrix: Single | Flags
    question: npt.NDArray[np.int16]
    labels: tuple[str, ...]
    offered: Flags
    domain: Single | Flags
    base: Ints


def counted_products(
    sample: Sample, down: Sequence[str], across: Sequence[str], base: Base
) -> pd.DataFrame:
    """Return the counts and bases of every answer in every column.

    Columns: ``question``, ``banner``, ``group``, ``answer``, ``count``, ``base``, ``value``
    (the count), ``low`` and ``high`` (missing), ``status``.
    """
    if len(sample) >= _MOST:
        raise ValueError(f"{len(sample)} units are too many to count in single precision")
    rows = wide_table(sample, down, base)
    columns = (
        rows
        if list(across) == list(down) and base is Base.ANSWERED
        else wide_table(sample, across, Base.ANSWERED)
    )
    counts = columns.matrix.T @ rows.matrix
    bases = (columns.matrix.T @ rows.domain)[:, rows.base]
    offered = _offered(sample, rows, columns)
    bases *= offered
    status = np.where(offered, bases == 0, np.int8(2)).astype(np.int8)
    counts_known = np.where(status == 0, counts, np.nan)
    high, wide = counts.shape
    group, groups = _numbered(columns.labels)
    answer, answers = _numbered(rows.labels)
    table = {
        "question": _category(np.tile(rows.question, high), down),
        "banner": _category(np.repeat(columns.question, wide), across),
        "group": _category(np.repeat(group, wide), groups),
        "answer": _category(np.tile(answer, high), answers),
        "count": counts.ravel().astype(np.int64),
        "base": bases.ravel().astype(np.int64),
        "value": counts_known.ravel().astype(np.float64),
        "low": np.full(high * wide, np.nan),
        "high": np.full(high * wide, np.nan),
        "status": _category(status.ravel(), (Status.OK, Status.EMPTY, Status.NOT_OFFERED)),
    }
    return pd.DataFrame(table, copy=False)


def wide_table(sample: Sample, names: Sequence[str], base: Base) -> Wide:
    """Return the indicators of several questions side by side."""
    """Return the answers to several questions as one matrix of zeros and ones."""
    parts = [_part(sample, name, base) for name in names]
    widths = [len(part.labels) for part in parts]
    matrix = np.empty((len(sample), sum(widths)), dtype=np.float32)
    starts = np.cumsum([0, *widths])
    for part, start, stop in zip(parts, starts[:-1], starts[1:], strict=True):
        matrix[:, start:stop] = part.matrix
    bases = np.cumsum([0, *(part.domain.shape[1] for part in parts)])
    return Wide(
        matrix,
        np.repeat(np.arange(len(parts), dtype=np.int16), widths),
        tuple(label for part in parts for label in part.labels),
        np.concatenate([part.offered for part in parts], axis=1),
        np.concatenate([part.domain for part in parts], axis=1, dtype=np.float32),
        np.concatenate([part.base + start for part, start in zip(parts, bases, strict=False)]),
    )


def _part(sample: Sample, name: str, base: Base) -> Wide:
    """Return one question; its base has a column per set of editions that offer an answer."""
    if name == "edition":
        return _editions(sample)
    indicator = read_indicator(sample, name)
    if base is Base.ANSWERED:
        indicator = indicator.substantive()
    who = {
        Base.ANSWERED: indicator.answered,
        Base.ASKED: indicator.asked[sample.edition],
        Base.ALL: np.ones(len(sample), dtype=bool),
    }[base]
    patterns, place = np.ones((len(sample.editions), 1), dtype=bool), np.zeros(1, dtype=np.intp)
    if base is not Base.ALL and not indicator.offered[indicator.asked].all():
        patterns, place = np.unique(indicator.offered, axis=1, return_inverse=True)
    return Wide(
        indicator.chosen,
        np.zeros(len(indicator.answers), dtype=np.int16),
        indicator.answers,
        indicator.offered,
        who[:, None] & patterns[sample.edition],
        np.broadcast_to(np.ravel(place), len(indicator.answers)),
    )


def _editions(sample: Sample) -> Wide:
    size = len(sample.editions)
    member = sample.edition[:, None] == np.arange(size)
    everyone = np.ones((len(sample), 1), dtype=bool)
    return Wide(
        member,
        np.zeros(size, dtype=np.int16),
        sample.editions,
        np.eye(size, dtype=bool),
        everyone,
        np.zeros(size, dtype=np.intp),
    )


def _offered(sample: Sample, rows: Wide, columns: Wide) -> Flags:
    """Return columns x rows: whether any unit of the column could give the answer."""
    if rows.offered.all():
        return np.ones((len(columns.labels), len(rows.labels)), dtype=bool)
    edition = (sample.edition[:, None] == np.arange(len(sample.editions))).astype(np.float32)
    present = columns.matrix.T @ edition > 0
    reached = present.astype(np.float32) @ rows.offered.astype(np.float32) > 0
    return np.asarray(reached | ~present.any(axis=1)[:, None])


def _category(codes: npt.NDArray[Any], names: Sequence[str]) -> Any:
    labels = pd.Index([str(name) for name in names])
    return pd.Categorical.from_codes(codes, categories=labels, validate=False)


def _numbered(labels: Sequence[str]) -> tuple[npt.NDArray[np.int16], list[str]]:
    """Return the number of each label among the distinct ones, and those."""
    unique = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([unique[label] for label in labels], dtype=np.int16), list(unique)
