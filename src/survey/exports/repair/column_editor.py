"""Cells of an export rewritten column by column, once per distinct text, with a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.dataclass import dataclass
from survey.exports.export import Export, Issue, Repair
from survey.exports.text_table import by_text, distinct

__all__ = ["Distinct", "Rewriting"]

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Distinct:
    """The distinct texts of a column, and which of them each row has."""

    texts: list[str]
    codes: Rows

    @classmethod
    def of(cls, cells: pa.ChunkedArray | pa.Array) -> Distinct:
        """Look at a column of text.

        Examples
        --------
        >>> found = Distinct.of(pa.array(["b", "a", "b"]))
        >>> found.texts, found.rows(0).tolist()
        (['b', 'a'], [0, 2])
        """
        return cls(*distinct(cells))

    def rows(self, code: int) -> Rows:
        """Return the rows that have one of the texts."""
        return np.flatnonzero(self.codes == code)

    def cells(self, texts: list[str]) -> pa.Array:
        """Return the column with other texts in place of these."""
        number: dict[str, int] = {}
        codes = [number.setdefault(text, len(number)) for text in texts]
        lookup = np.array(codes, dtype=np.int64)
        return by_text(lookup[self.codes], list(number))


@dataclass
class Rewriting:
    """An export whose cells are being brought into the form that parsing expects."""

    export: Export
    columns: dict[int, pa.Array] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    uncertain: dict[int, set[int]] = field(default_factory=dict)

    def distinct(self, column: int) -> Distinct:
        """Return the texts of a column as it is by now."""
        changed = self.columns.get(column)
        return Distinct.of(self.export.table.stored(column) if changed is None else changed)

    def texts(self, column: int) -> Sequence[str]:
        """Return the texts that a column can hold: all that it has, and perhaps some more."""
        changed = self.columns.get(column)
        return self.export.table.texts(column) if changed is None else Distinct.of(changed).texts

    def map(self, column: int, change: Callable[[str], str], rule: str = "") -> None:
        """Replace the texts of a column; with a ``rule``, each change is a repair."""
        distinct = self.distinct(column)
        changed = [change(text) for text in distinct.texts]
        if changed == distinct.texts:
            return
        self.columns[column] = distinct.cells(changed)
        for code, (before, after) in enumerate(zip(distinct.texts, changed, strict=True)):
            if rule and before != after:
                self.repair(column, distinct.rows(code), before, after, rule)

    def restore(self, column: int, damage: str, original: str, rule: str) -> None:
        """Undo one kind of damage inside texts; the log shows it without the text around it."""
        distinct = self.distinct(column)
        hurt = [code for code, text in enumerate(distinct.texts) if damage in text]
        if hurt:
            self.columns[column] = distinct.cells(
                [text.replace(damage, original) for text in distinct.texts]
            )
            rows = np.flatnonzero(np.isin(distinct.codes, hurt))
            self.repair(column, rows, damage, original, rule)

    def repair(self, column: int, rows: Rows, before: str, after: str, rule: str) -> None:
        """Log one repair made on some rows."""
        export = self.export
        lines = export.lines[rows]
        heading = export.headings[column]
        self.repairs.append(Repair(export.name, heading, before, after, rule, lines))

    def doubt(self, column: int, rows: Iterable[int], code: str, message: str) -> None:
        """Record that cells of a column must not be trusted."""
        export = self.export
        for row in rows:
            line, heading = int(export.lines[row]), export.headings[column]
            self.issues.append(Issue(export.name, line, heading, code, message))
            self.uncertain.setdefault(int(row), set()).add(column)

    def doubt_lists(self, column: int, certain: Callable[[str], bool]) -> None:
        """Doubt lists that can be divided into answers in more than one way."""
        distinct = self.distinct(column)
        for code, text in enumerate(distinct.texts):
            if not certain(text):
                message = f"{text!r} can be divided into listed answers in more than one way"
                self.doubt(column, distinct.rows(code).tolist(), "ambiguous list", message)

    def note(self, column: str, code: str, message: str, touched: int) -> None:
        """Record what concerns the file, or a whole column of it."""
        self.issues.append(Issue(self.export.name, 1, column, code, message, touched))

    def done(self) -> Export:
        """Return the export with everything that was changed."""
        export = self.export
        table = export.table
        for column, cells in sorted(self.columns.items()):
            table = table.replaced(column, cells)
        return replace(
            export,
            table=table,
            log=export.log.plus(self.repairs, self.issues),
            uncertain=_merged(export.uncertain, self.uncertain),
        )


def _merged(
    before: Iterable[tuple[int, tuple[int, ...]]], more: Mapping[int, set[int]]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Add uncertain cells to those that are known already."""
    every = {row: set(columns) for row, columns in before}
    for row, columns in more.items():
        every.setdefault(row, set()).update(columns)
    return tuple((row, tuple(sorted(every[row]))) for row in sorted(every))
