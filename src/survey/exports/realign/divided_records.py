"""Records that a carriage return inside a text divided over several lines.

The exporter leaves a lone CR in its cell. An office program takes it for the end of a line: the
record stops there, and the rest stands below without a number, which readers leave out
together with the deployment that it describes. Both are put together again where the codebook
says in one way only which cell was divided; else the record is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from survey.exports.export import Placement, Repair
from survey.exports.parse.columns import Columns
from survey.exports.parse.csv_strict import Irregular
from survey.exports.realign.realign import Check, begun_after, cell_checks
from survey.exports.source.raw_table import Doubt
from survey.exports.text_table import TextTable
from survey.exports.usual_cells import only_numbers

__all__ = ["with_records_joined"]

_MOST_LINES = 20
_RETURN = "\r"
Cells = tuple[str, ...]


def with_records_joined(
    name: str, columns: Columns, placements: Sequence[Placement], keys: Mapping[str, str]
) -> Columns:
    """Return the records with those put together that stand on several lines."""
    work = _Work.of(name, columns, placements, keys)
    if work is None:
        return columns
    for first, below in work.groups():
        work.join(first, below)
    return work.done()


@dataclass
class _Work:
    """The records of a file that has lines without a number, as they are being joined."""

    name: str
    columns: Columns
    checks: Sequence[Check]
    respondent: int
    deployment: int | None
    lines: dict[int, Irregular]
    regular: dict[int, int]
    joined: dict[int, Cells] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        name: str,
        columns: Columns,
        placements: Sequence[Placement],
        keys: Mapping[str, str],
    ) -> _Work | None:
        """Look for lines that do not begin a record; None if there are none."""
        headings, records = columns.headings, columns.records
        if keys.get("respondent") not in headings:
            return None
        respondent = headings.index(keys["respondent"])
        deployment = keys.get("deployment")
        at = headings.index(deployment) if deployment in headings else None
        known = only_numbers(records.table.column(respondent))
        numbers = [] if known else records.text(respondent).to_pylist()
        rows = [row for row, text in enumerate(numbers) if not text.isdecimal()]
        near = {row for each in rows for row in range(max(each - 1, 0), each + 1)}
        if not near and not records.irregular:
            return None
        whole = TextTable(records.table)
        lines = {
            int(records.order[row]): Irregular(
                int(records.order[row]), int(records.lines[row]), whole.row(row)
            )
            for row in near
        }
        lines |= {each.order: each for each in records.irregular}
        regular = {int(records.order[row]): row for row in near}
        checks = cell_checks(headings, placements, keys)
        return cls(name, columns, checks, respondent, at, lines, regular)

    @property
    def width(self) -> int:
        return len(self.columns.headings)

    def begins(self, cells: Cells) -> bool:
        """Whether a line begins with a record's number, as far as it goes."""
        return "".join(cells[self.respondent : self.respondent + 1]).isdecimal()

    def groups(self) -> Iterator[tuple[Irregular, list[Irregular]]]:
        """Yield each line that begins a record, with the lines below it that begin none."""
        for order in sorted(self.lines):
            first = self.lines[order]
            below: list[Irregular] = []
            if not self.begins(first.cells):
                continue
            while len(below) < _MOST_LINES and self._goes_on(order + 1 + len(below)):
                below.append(self.lines[order + 1 + len(below)])
            if below:
                yield first, below

    def _goes_on(self, order: int) -> bool:
        line = self.lines.get(order)
        return line is not None and any(line.cells) and not self.begins(line.cells)

    def join(self, first: Irregular, below: Sequence[Irregular]) -> None:
        """Put lines together, or mark the record that ends in the midst."""
        found = {cells for cells in self._ways(first.cells, below) if self._fits(cells)}
        if len(found) != 1 or not self._supplies(first.cells, below):
            self._mark(first, below)
            return
        cells = found.pop()
        self.joined[first.order] = cells
        self.gone |= {each.order for each in below}
        lines = (first.line, *(each.line for each in below))
        before = f"lines {', '.join(map(str, lines))}"
        self.repairs.append(
            Repair(self.name, "", before, "one record", "divided record put together", lines[:1])
        )
        at = next(n for n, (a, b) in enumerate(zip(cells, first.cells, strict=False)) if a != b)
        message = "a line end stood in this text, and divided the record; it is put together"
        self.doubts.append(Doubt(first.line, at, "divided record", message))

    def _ways(self, first: Cells, below: Sequence[Irregular]) -> Iterator[Cells]:
        """Yield every way to fill the record's cells with those of its lines.

        Lines that end where they were divided say how; an office program fills all lines with
        blanks to one width, and then the last filled cell of each line is the divided one, or
        a text that begins or ends with the line end.
        """
        pieces = [first, *(each.cells for each in below)]
        if sum(map(len, pieces)) - len(below) == self.width:
            yield _chained(pieces)
            return
        if len(below) > 1:
            whole = _chained([_trimmed(piece) for piece in pieces])
            if len(whole) <= self.width:
                yield (*whole, *[""] * (self.width - len(whole)))
            return
        rest = _trimmed(below[0].cells)
        start = len(_trimmed(first))
        for length in range(max(start, 1), self.width - len(rest) + 2):
            whole = _chained([first[:length], rest])
            yield (*whole, *[""] * (self.width - len(whole)))

    def _fits(self, cells: Cells) -> bool:
        if len(cells) != self.width or not begun_after(cells, self.respondent, self.deployment):
            return False
        return all(check(cell) for check, cell in zip(self.checks, cells, strict=True))

    def _supplies(self, first: Cells, below: Sequence[Irregular]) -> bool:
        """Whether the lines below are more than a remark: a remark fills one or two cells."""
        short = len(first) < self.width
        return short or sum(1 for each in below for cell in each.cells if cell) > 2

    def _mark(self, first: Irregular, below: Sequence[Irregular]) -> None:
        message = (
            "the line below has no number: it may be the rest of this record, cut at this text"
        )
        last = max(len(_trimmed(first.cells)) - 1, 0)
        if last < self.width and first.order in self.regular:
            self.doubts.append(Doubt(first.line, last, "record may go on", message))
            beyond = range(last + 1, self.width) if self._supplies(first.cells, below) else ()
            self.doubts += [Doubt(first.line, at, "record may go on", message) for at in beyond]

    def done(self) -> Columns:
        records = self.columns.records
        out = self.gone | set(self.joined)
        keep = ~np.isin(records.order, sorted(out))
        table = TextTable(records.table).filter(keep)
        back = sorted(self.joined)
        table = table.with_rows([self.joined[each] for each in back])
        order = np.concatenate([records.order[keep], np.array(back, dtype=np.int64)])
        starts = np.array([self.lines[each].line for each in back], dtype=np.int64)
        lines = np.concatenate([records.lines[keep], starts])
        sequence = np.argsort(order, kind="stable")
        irregular = tuple(each for each in records.irregular if each.order not in out)
        records = replace(
            records,
            table=table.take(sequence).stored_table if back else records.table,
            order=order[sequence],
            lines=lines[sequence],
            irregular=irregular,
        )
        return replace(
            self.columns,
            records=records,
            repairs=(*self.columns.repairs, *self.repairs),
            doubts=(*self.columns.doubts, *self.doubts),
        )


def _chained(pieces: Sequence[Cells]) -> Cells:
    """Return the cells of several lines in one, the last of each joined to the next's first."""
    whole = list(pieces[0])
    for piece in pieces[1:]:
        whole[-1:] = [f"{whole[-1]}{_RETURN}{piece[0]}", *piece[1:]]
    return tuple(whole)


def _trimmed(cells: Cells) -> Cells:
    """Return cells without the blanks at the end; one is left."""
    end = len(cells)
    while end > 1 and not cells[end - 1]:
        end -= 1
    return cells[:end]
