"""Bring all records to one width, in their old order, and count what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from survey.errors import ExportError, Problem
from survey.exports.export import Issue, Log, Placement, Repair
from survey.exports.records import Irregular, Records
from survey.exports.repair import Realigned, cell_checks, realign

__all__ = ["Mended", "mend"]

_TOO_MANY = 0.5


@dataclass(frozen=True)
class Mended:
    """Records of one width, with what was done to them."""

    table: pa.Table
    lines: npt.NDArray[np.int64]
    log: Log
    counts: Mapping[str, int]
    uncertain: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass
class _Work:
    """What has been found so far in one file."""

    name: str
    headings: Sequence[str]
    issues: list[Issue] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    put_back: list[tuple[Irregular, Realigned]] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)

    def exclude(self, line: int, code: str, message: str) -> None:
        self.issues.append(Issue(self.name, line, "", code, message, len(self.headings)))
        self.excluded[code] = self.excluded.get(code, 0) + 1


def mend(
    name: str, records: Records, headings: Sequence[str], placed: Sequence[Placement]
) -> Mended:
    """Put irregular records back where that is certain; exclude the others by reason.

    Raises
    ------
    ExportError
        If most records are irregular: then the heading line is wrong, not the records.
    """
    read = len(records.table) + len(records.irregular)
    _refuse_wrong_heading_line(name, records, len(headings), read)
    work = _Work(name, headings)
    checks = cell_checks(headings, placed)
    deployment_at = headings.index("DeploymentID") if "DeploymentID" in headings else None
    for record in records.irregular:
        _place(work, record, realign(record, len(headings), deployment_at, checks))
    table, order, lines = _together(records, work.put_back)
    keep = _with_a_key(work, table, lines)
    counts = {"read": read, "kept": int(keep.sum()), **work.excluded}
    _note_edges(work, records)
    uncertain = _uncertain(work, order[keep])
    return Mended(
        table.filter(pa.array(keep)),
        lines[keep],
        Log(tuple(work.repairs), tuple(work.issues)),
        counts,
        uncertain,
    )


def _refuse_wrong_heading_line(name: str, records: Records, width: int, read: int) -> None:
    if read and len(records.irregular) > _TOO_MANY * read:
        usual = np.bincount([len(record.cells) for record in records.irregular]).argmax()
        raise ExportError(
            f"Cannot read {name}",
            [
                Problem(
                    f"{name}, line 1",
                    f"{width} headings, but {len(records.irregular)} of {read} "
                    f"records have another number of cells (most often {usual})",
                    "as many headings as cells",
                    "a heading was lost or added, or the separators were changed: export it again",
                )
            ],
        )


def _place(work: _Work, record: Irregular, realigned: Realigned | None) -> None:
    width = len(work.headings)
    if realigned is None:
        cells = len(record.cells)
        code = "short record" if cells < width else "long record"
        work.exclude(
            record.line,
            code,
            f"{cells} cells where the heading line has {width}, and "
            "no known damage explains it; the record is left out",
        )
        return
    work.put_back.append((record, realigned))
    if realigned.shifted:
        work.repairs.append(
            Repair(
                work.name,
                "DeploymentID",
                f"{len(record.cells)} cells",
                f"{width} cells",
                "shifted record put back",
                (record.line,),
            )
        )
    surplus = len(record.cells) - width
    work.issues.append(
        Issue(
            work.name,
            record.line,
            "",
            "surplus cell",
            f"{surplus} cell(s) belong to no heading (an answer to a question that this edition "
            "does not ask) and are left out",
            surplus,
        )
    )
    for column in realigned.uncertain:
        work.issues.append(
            Issue(
                work.name,
                record.line,
                work.headings[column],
                "uncertain cell",
                "the record had shifted and this cell cannot be placed",
            )
        )


def _together(
    records: Records, put_back: Sequence[tuple[Irregular, Realigned]]
) -> tuple[pa.Table, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Merge regular and mended records in the order of the file."""
    if not put_back:
        return records.table, records.order, records.lines
    columns = zip(*(realigned.cells for _, realigned in put_back), strict=True)
    mended = pa.table(
        {str(number): pa.array(cells, pa.string()) for number, cells in enumerate(columns)}
    )
    order = np.concatenate([records.order, [record.order for record, _ in put_back]])
    lines = np.concatenate([records.lines, [record.line for record, _ in put_back]])
    sequence = np.argsort(order, kind="stable")
    table = pa.concat_tables([records.table, mended]).take(pa.array(sequence))
    return table, order[sequence], lines[sequence]


def _with_a_key(
    work: _Work, table: pa.Table, lines: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which records have a number for a survey and, if any, for a deployment."""
    keep = np.ones(len(table), dtype=bool)
    for heading, pattern in (("SurveyID", r"^\d{1,18}$"), ("DeploymentID", r"^\d{0,18}$")):
        if heading not in work.headings:
            continue
        column = table.column(list(work.headings).index(heading))
        keep &= np.asarray(pc.match_substring_regex(column, pattern).combine_chunks())
    for row in np.flatnonzero(~keep):
        work.exclude(
            int(lines[row]),
            "record without key",
            "SurveyID or DeploymentID is not a number; the record is left out",
        )
    return keep


def _note_edges(work: _Work, records: Records) -> None:
    for line in records.blank_lines:
        work.issues.append(Issue(work.name, line, "", "blank line", "an empty line", 0))
    if not records.last_line_complete and len(records.lines):
        last = max([*records.lines[-1:], *(record.line for record in records.irregular[-1:])])
        work.issues.append(
            Issue(
                work.name,
                int(last),
                work.headings[-1],
                "no line end",
                "the file does not end with a line end: it may be cut; its last cell is uncertain",
            )
        )


def _uncertain(
    work: _Work, order: npt.NDArray[np.int64]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    row_of = {int(number): row for row, number in enumerate(order)}
    return tuple(
        (row_of[record.order], realigned.uncertain)
        for record, realigned in work.put_back
        if realigned.uncertain and record.order in row_of
    )
