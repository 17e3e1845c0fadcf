"""Tables made by hand: for what is refused whatever its counts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from survey.codebook import Unit, read_codebook
from survey.estimates.table import Estimates, Spec
from survey.provenance import Provenance

BOOK = read_codebook()


def counted(
    concept: str, counts: Sequence[int], base: int | None = None, **columns: object
) -> Estimates:
    """Return a table whose counts are given, in the order of the codebook's answers."""
    size = sum(counts) if base is None else base
    frame = pd.DataFrame(
        {
            "answer": BOOK.question(concept).labels[: len(counts)],
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
