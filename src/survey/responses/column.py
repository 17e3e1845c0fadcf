"""Cells of a column while they are parsed: where they stand, what they say, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from survey.codebook import Question
from survey.exports import Issue, Repair
from survey.responses.matching import Found, Matcher

__all__ = ["Distinct", "Ints", "Parsed", "Place", "categorical", "find_all", "labelled"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """Where the cells of a column stand: file, heading, and the line of each.

    ``headings`` are those of all columns, where several hold the answers to one question;
    ``commas_lost`` says whether the file has hyphens where there were commas.
    """

    file: str
    heading: str
    lines: Ints
    separator: str = "|"
    headings: tuple[str, ...] = ()
    commas_lost: bool = True

    def repair(self, rows: Ints, before: str, after: str, rule: str) -> Repair:
        """Describe one repair made on some rows."""
        return Repair(self.file, self.heading, before, after, rule, self.lines[rows])

    def issues(self, rows: Ints, code: str, message: str) -> Iterator[Issue]:
        """Describe one issue per row."""
        for row in rows:
            yield Issue(self.file, int(self.lines[row]), self.heading, code, message)


@dataclass
class Parsed:
    """A typed column, what was repaired and what was not, and the rows that are uncertain."""

    values: Any
    repairs: list[Repair] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    uncertain: dict[int, str] = field(default_factory=dict)

    def doubt(self, place: Place, rows: Ints, code: str, message: str) -> None:
        """Record an issue on each row, and that its answer is uncertain."""
        self.issues.extend(place.issues(rows, code, message))
        self.uncertain.update((int(row), code) for row in rows)


@dataclass(frozen=True)
class Distinct:
    """The distinct texts of a column, and which of them each row has."""

    texts: list[str]
    codes: Ints

    @classmethod
    def of(cls, cells: pa.ChunkedArray | pa.Array) -> Distinct:
        """Return the distinct texts of some cells."""
        array = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        encoded = array.dictionary_encode()
        return cls(
            encoded.dictionary.to_pylist(),
            encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        )

    def rows(self, code: int) -> Ints:
        """Return the rows that hold one of the texts."""
        return np.flatnonzero(self.codes == code)


def find_all(
    distinct: Distinct, matcher: Matcher, place: Place, parsed: Parsed
) -> list[Found | None]:
    """Match each distinct text, logging repairs and unknown answers."""
    found = [matcher.find(text) if text else None for text in distinct.texts]
    for code, (text, match) in enumerate(zip(distinct.texts, found, strict=True)):
        if match is not None and match.rule:
            parsed.repairs.append(place.repair(distinct.rows(code), text, match.label, match.rule))
        elif match is None and text:
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown answer",
                f"{text!r} is not a listed answer; {matcher.hint(text)}",
            )
    return found


def categorical(found: Sequence[Found | None], codes: Ints, question: Question) -> Any:
    """Return a column of labels from the matches of its distinct texts."""
    number = {label: position for position, label in enumerate(question.labels)}
    of_text = np.array([-1 if match is None else number[match.label] for match in found] or [-1])
    return labelled(of_text[codes], question.labels, ordered=question.banded)


def labelled(codes: Ints, labels: Sequence[str], *, ordered: bool = False) -> Any:
    """Return a categorical column; ``-1`` is no answer."""
    dtype = pd.CategoricalDtype(pd.Index(labels, dtype=object), ordered)
    return pd.Categorical.from_codes(codes.astype(np.int64), dtype=dtype)
