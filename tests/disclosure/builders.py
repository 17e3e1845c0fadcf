"""Tables made by plain counting, and a reader who tries to deduce what was withheld."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from survey.codebook import Unit, read_codebook
from survey.estimates.table import Estimates, Measure, Spec
from survey.provenance import Provenance

BOOK = read_codebook()
EDITIONS = ("2018", "2019")
STAGES = BOOK.question("deployment_stage").labels
TYPES = BOOK.question("deployment_type").labels
TOOLS = BOOK.question("hypervisors").labels[:4]
LABELS = {
    "edition": EDITIONS,
    "deployment_stage": STAGES,
    "deployment_type": TYPES,
    "hypervisors": TOOLS,
}


def clouds(size: int, seed: int, *, answered: float = 0.9, groups: int = 4) -> pd.DataFrame:
    """Return invented clouds: two single choices, one multiple choice, an organization."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "edition": draw.choice(EDITIONS, size),
            "deployment_stage": draw.choice(STAGES, size, p=[0.1, 0.2, 0.7]),
            "deployment_type": draw.choice(TYPES[:groups], size, p=draw.dirichlet([1] * groups)),
            "organization": draw.integers(0, max(1, size // 2), size),
        }
    )
    for concept in ("deployment_stage", "deployment_type"):
        frame[concept] = frame[concept].where(draw.random(size) < answered)
    chosen = draw.random((size, len(TOOLS))) < draw.uniform(0.02, 0.9, len(TOOLS))
    frame["hypervisors"] = [
        frozenset(tool for tool, yes in zip(TOOLS, row, strict=True) if yes) for row in chosen
    ]
    return frame


def table(frame: pd.DataFrame, concept: str, by: Sequence[str] = (), name: str = "") -> Estimates:
    """Return the shares of answers to ``concept`` by counting, one loop per number."""
    rows = []
    for group in product(*(LABELS[each] for each in by)):
        here = frame
        for column, value in zip(by, group, strict=True):
            here = here[here[column] == value]
        several = concept == "hypervisors"
        told = here[concept].map(bool) if several else here[concept].notna()
        asked = here[told.astype(bool)]
        for label in LABELS[concept]:
            given = [label in value if several else label == value for value in asked[concept]]
            base, count = len(asked), sum(given)
            rows.append(
                {
                    **dict(zip(by, group, strict=True)),
                    "answer": label,
                    "count": count,
                    "base": base,
                    "value": count / base if base else np.nan,
                    "low": 0.9 * count / base if base else np.nan,
                    "high": min(1.0, 1.1 * count / base) if base else np.nan,
                    "status": "ok" if base else "empty",
                    "clusters": asked["organization"].nunique(),
                }
            )
    columns = [*by, "answer", "count", "base", "value", "low", "high", "status", "clusters"]
    return Estimates(
        pd.DataFrame(rows, columns=columns),
        Spec("share", concept, tuple(by), Unit.DEPLOYMENT),
        Provenance(codebook=EDITIONS),
        title=BOOK.question(concept).title,
        several=concept == "hypervisors",
        name=name or "_by_".join((concept, *by)),
        topic="sizes",
    )


STANDING = (
    ("deployment_stage", ()),
    ("deployment_type", ()),
    ("hypervisors", ()),
    ("deployment_stage", ("deployment_type",)),
    ("deployment_type", ("deployment_stage",)),
    ("hypervisors", ("deployment_type",)),
    ("deployment_stage", ("edition",)),
    ("hypervisors", ("edition",)),
    ("deployment_stage", ("edition", "deployment_type")),
)


def standing(frame: pd.DataFrame, which: Sequence[int] = range(len(STANDING))) -> list[Estimates]:
    """Return tables that hang together in every way the audit knows."""
    return [table(frame, *STANDING[each]) for each in sorted(set(which))]


@st.composite
def surveys(draw: st.DrawFn) -> list[Estimates]:
    """Draw some of the standing tables of invented clouds, from thirty to two hundred."""
    frame = clouds(
        draw(st.integers(30, 200)),
        draw(st.integers(0, 10_000)),
        answered=draw(st.sampled_from([1.0, 0.9, 0.6])),
        groups=draw(st.integers(2, 4)),
    )
    which = draw(st.sets(st.integers(0, len(STANDING) - 1), min_size=1))
    return standing(frame, sorted(which))


def counted(
    concept: str, counts: Sequence[int], base: int | None = None, **columns: object
) -> Estimates:
    """Return a table whose counts are given, in the order of the codebook's answers."""
    size = sum(counts) if base is None else base
    frame = pd.DataFrame(
        {
            "answer": LABELS[concept][: len(counts)],
            "count": counts,
            "base": size,
            "value": [count / size for count in counts],
            "low": 0.0,
            "high": 1.0,
            "status": "ok",
            "clusters": size,
        }
    ).assign(**columns)
    spec = Spec("share", concept, (), Unit.DEPLOYMENT)
    return Estimates(
        frame,
        spec,
        Provenance(codebook=("2019",)),
        several=concept == "hypervisors",
        name=concept,
        topic="sizes",
    )


def total_of(largest: Sequence[float]) -> Estimates:
    """Return totals of cores by edition, of which the largest answer holds so much."""
    return _numbers(
        "total", "total", [45_678_901.0] * len(largest), [200] * len(largest)
    ).with_columns(largest_share=list(largest))


def median_of(counts: Sequence[int]) -> Estimates:
    """Return medians of cores by edition, from so many answers."""
    return _numbers("median", "median", [523.4] * len(counts), list(counts))


class _Numbers(Estimates):
    """Estimates that take further columns."""

    def with_columns(self, **columns: object) -> Estimates:
        return self.with_frame(self.frame.assign(**columns))


def _numbers(
    statistic: str, answer: str, values: Sequence[float], counts: Sequence[int]
) -> _Numbers:
    frame = pd.DataFrame(
        {
            "edition": EDITIONS[: len(values)],
            "answer": answer,
            "count": counts,
            "base": counts,
            "value": values,
            "low": [0.9 * value for value in values],
            "high": [1.1 * value for value in values],
            "status": "ok",
        }
    )
    spec = Spec(statistic, "compute_cores", ("edition",), Unit.DEPLOYMENT, counts="cores")
    return _Numbers(
        frame,
        spec,
        Provenance(codebook=EDITIONS),
        Measure.NUMBER,
        name=f"compute_cores_{statistic}",
        topic="sizes",
    )
