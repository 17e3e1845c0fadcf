"""Answers built by hand for the tests of banded questions, named by shape.

They use the shipped codebook, so that bands are the real ones: ``cores(3)`` is the label of
the third band of ``compute_cores``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Codebook, Unit, read_codebook
from survey.provenance import Provenance
from survey.responses import Responses

EDITION = "2023"


@cache
def codebook() -> Codebook:
    return read_codebook()


def label(concept: str, band: int | None, edition: str = EDITION) -> str | None:
    """Return the label of a band by its number, from 0; ``None`` is no answer."""
    if band is None:
        return None
    return list(codebook().question(concept, edition).bands)[band]


def answers_of(
    deployments: Sequence[Mapping[str, Any]],
    respondents: Mapping[str, Mapping[str, Any]] | None = None,
    book: Codebook | None = None,
) -> Responses:
    """Build answers from one mapping per deployment.

    Keys: ``edition``, ``organization``, ``copied``, ``respondent``; anything else is a concept
    with its label. ``respondents`` gives answers per organization.
    """
    rows = []
    for number, given in enumerate(deployments):
        row = {"edition": EDITION, "organization": f"org {number}", "copied": False, **given}
        row["deployment"] = f"d{number}"
        row.setdefault("respondent", f"{row['edition']} {row['organization']}")
        rows.append(row)
    table = pd.DataFrame(rows, columns=_columns(rows))
    people = table.drop_duplicates(["edition", "respondent"])[
        ["edition", "respondent", "organization", "copied"]
    ].reset_index(drop=True)
    people["member"] = people["respondent"]
    stamp = pd.to_datetime(people["edition"] + "-08-15")
    people = people.assign(created=stamp, edited=stamp, language="en_US")
    for concept in sorted({name for said in (respondents or {}).values() for name in said}):
        people[concept] = [
            (respondents or {}).get(name, {}).get(concept) for name in people["organization"]
        ]
    used = book or codebook()
    empty = pd.DataFrame()
    return Responses(
        _typed(people, used).assign(record_key=_keys("respondent", people["respondent"])),
        _typed(table, used).assign(record_key=_keys("deployment", table["deployment"])),
        used,
        empty,
        empty,
        Provenance(codebook=tuple(dict.fromkeys(table["edition"]))),
    )


def _keys(unit: str, records: Iterable[str]) -> npt.NDArray[np.uint64]:
    digests = [sha256(f"{unit} {record}".encode()).digest()[:8] for record in records]
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def banded(concept: str, bands: Sequence[int | None], **same: Any) -> Responses:
    """Answers to one concept: one deployment per band number, each its own organization."""
    edition = same.get("edition", EDITION)
    return answers_of([{concept: label(concept, band, edition), **same} for band in bands])


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    keys = ["edition", "deployment", "respondent", "organization", "copied"]
    return keys + sorted({name for row in rows for name in row} - set(keys))


def _typed(frame: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Give single-choice columns the type that cleaning gives them."""
    frame = frame.copy()
    editions = set(frame["edition"])
    for concept in frame.columns:
        asking = [
            e.by_concept[concept] for e in book if e.name in editions and concept in e.by_concept
        ]
        if asking and asking[-1].kind.closed and asking[-1].unit in Unit:
            labels = dict.fromkeys(name for question in asking for name in question.labels)
            observed = dict.fromkeys(frame[concept].dropna())
            frame[concept] = pd.Categorical(
                frame[concept], list({**labels, **observed}), ordered=asking[-1].banded
            )
    return frame


def book_without(edition: str, concepts: Sequence[str]) -> Codebook:
    """Return the shipped codebook with one more edition, which does not ask some concepts."""
    newest = codebook().edition(EDITION)
    kept = tuple(question for question in newest.questions if question.concept not in concepts)
    added = replace(newest, name=edition, questions=kept)
    return Codebook({**codebook().editions, edition: added})
