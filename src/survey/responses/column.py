"""Cells of a column while they are parsed: where they stand, what they say, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Question
from survey.dataclass import dataclass
from survey.exports import Issue, Repair
from survey.exports.text_table import distinct
from survey.responses.matching import Found, Matcher
from survey.responses.ordinal import ordinal

__all__ = [
    "ANOTHER",
    "Distinct",
    "Ints",
    "Parsed",
    "Place",
    "categorical",
    "find_all",
    "labelled",
    "text_column",
    "with_another",
]

ANOTHER = "Another answer"
"""Label of an answer that the codebook does not list: it was given, so that it counts."""
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
        return cls(*distinct(cells))

    def places(self) -> Iterator[tuple[str, Ints]]:
        """Yield each text with the rows that hold it."""
        order = np.argsort(self.codes, kind="stable")
        bounds = np.searchsorted(self.codes[order], np.arange(len(self.texts) + 1))
        for code, text in enumerate(self.texts):
            yield text, order[bounds[code] : bounds[code + 1]]

    def rows(self, code: int) -> Ints:
        """Return the rows that hold one of the texts."""
        return np.flatnonzero(self.codes == code)


def text_column(cells: pa.ChunkedArray | pa.Array) -> Any:
    """Return a column of text as pandas keeps it; blank is no answer."""
    dtype = pd.Series(np.array([""], dtype=object)).dtype
    answered = pc.not_equal(cells, "")
    if isinstance(dtype, pd.StringDtype) and pc.any(answered).as_py():
        given = pc.if_else(answered, cells, pa.scalar(None, pa.string()))
        return dtype.__from_arrow__(given)  # type: ignore[attr-defined]  # not in the stubs
    texts = np.array(cells.to_pylist(), dtype=object)
    texts[texts == ""] = None
    return texts


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


def categorical(
    found: Sequence[Found | None], distinct: Distinct, question: Question, separator: str = "|"
) -> Any:
    """Return a column of labels from the matches of its distinct texts.

    A text that is not listed is another answer; several in one cell are none in particular.
    """
    given = [
        match.label if match is not None else ANOTHER if text and separator not in text else ""
        for match, text in zip(found, distinct.texts, strict=True)
    ]
    labels = with_another(question.labels, ANOTHER in given)
    number = {label: position for position, label in enumerate(labels)}
    of_text = np.array([number.get(label, -1) for label in given] or [-1], dtype=np.int16)
    return labelled(of_text[distinct.codes], question, labels)


def with_another(labels: Sequence[str], occurs: bool) -> tuple[str, ...]:
    """Return labels, and a last one for unlisted answers where there are any.

    Examples
    --------
    >>> with_another(["KVM", "Xen"], True)
    ('KVM', 'Xen', 'Another answer')
    """
    return tuple(dict.fromkeys((*labels, ANOTHER) if occurs else labels))


def labelled(
    codes: npt.NDArray[np.integer], question: Question, labels: Sequence[str] | None = None
) -> Any:
    """Return a categorical column of the answers to a question; ``-1`` is no answer."""
    names = question.labels if labels is None else labels
    apart = (*(label for label in names if label in question.missing_labels), ANOTHER)
    return ordinal(codes, _index_of(tuple(names)), ordered=question.ordered, apart=apart)


@lru_cache(maxsize=1 << 9)
def _index_of(labels: tuple[str, ...]) -> pd.Index[str]:
    """Return labels as pandas keeps them; the columns of many files and editions share theirs."""
    return pd.Index(list(labels), dtype=object)
