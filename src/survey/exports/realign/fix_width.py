"""Bring all records to one width, in their old order, and count what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from survey.codebook import Family
from survey.dataclass import dataclass
from survey.errors import ExportError, Problem
from survey.exports.export import Issue, Log, Placement, Repair
from survey.exports.layouts import Plan
from survey.exports.parse.csv_strict import Irregular, Records
from survey.exports.realign.realign import Check, Realigned, cell_checks, realign
from survey.exports.realign.unquoted_commas import align
from survey.exports.text_table import TextTable
from survey.exports.usual_cells import matching, only_numbers, only_times

__all__ = ["Mended", "mend"]

_TOO_MANY, _MANY = 0.5, 3
NOTHING: Mapping[int, str] = MappingProxyType({})
_LEAST_FIXED, _FEW_REMARKS = 2, 0.2
_LIKE_A_TIME = r"\d{1,4}.*\D\d"
_FIXED: Mapping[str, str] = MappingProxyType(
    {
        "member": r"^\d{1,18}$",
        "created": _LIKE_A_TIME,
        "edited": _LIKE_A_TIME,
        "language": r"^[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?$",
    }
)
_USUAL = {"member": only_numbers, "created": only_times, "edited": only_times}
_NUMBER, _NUMBER_OR_BLANK, _SOMETHING = r"^\d{1,18}$", r"^\d{0,18}$", r"\S"


@dataclass(frozen=True)
class Mended:
    """Records of one width, with what was done to them."""

    table: TextTable
    lines: npt.NDArray[np.int64]
    log: Log
    counts: Mapping[str, int]
    uncertain: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass
class _Work:
    """What has been found so far in one file."""

    name: str
    headings: Sequence[str]
    plan: Plan
    keys: Mapping[str, str]
    issues: list[Issue] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    put_back: list[tuple[Irregular, Realigned]] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)

    def exclude(self, line: int, code: str, message: str) -> None:
        self.issues.append(Issue(self.name, line, "", code, message, len(self.headings)))
        self.excluded[code] = self.excluded.get(code, 0) + 1


def mend(
    name: str,
    records: Records,
    headings: Sequence[str],
    placed: Sequence[Placement],
    plan: Plan,
    keys: Mapping[str, str],
    *,
    elsewhere: Mapping[int, str] = NOTHING,
) -> Mended:
    """Put irregular records back where that is certain; exclude the others by reason.

    ``elsewhere`` are lines of records that do not belong here, and why.

    Raises
    ------
    ExportError
        If most records are irregular: then the heading line is wrong, not the records.
    """
    read = len(records.table) + len(records.irregular)
    work = _Work(name, headings, plan, keys)
    checks = (plan.bare_commas or cell_checks)(headings, placed, keys) if records.irregular else ()
    candidates = [(record, _explain(record, work, checks)) for record in records.irregular]
    unexplained = [record for record, found in candidates if found is None]
    doubtful = unexplained if plan.bare_commas else records.irregular
    _refuse_wrong_heading_line(name, doubtful, len(headings), read)
    for record, realigned in candidates:
        _place(work, record, realigned)
    table, order, lines = _together(records, work.put_back)
    keep = _with_a_key(work, table, lines)
    _leave_out_remarks(work, keep, table, lines)
    _leave_out(work, keep, lines, elsewhere)
    _refuse_if_none_is_left(name, read, keep, work)
    counts = {"read": read, "kept": int(keep.sum()), **work.excluded}
    _note_edges(work, records)
    uncertain = _uncertain(work, order[keep])
    return Mended(
        table.filter(keep),
        lines[keep],
        Log(tuple(work.repairs), tuple(work.issues)),
        counts,
        uncertain,
    )


def _explain(record: Irregular, work: _Work, checks: Sequence[Check]) -> Realigned | None:
    """Return what a known damage makes of a record of the wrong width."""
    if len(record.cells) == len(work.headings):  # a blank column that it lacks was left out
        return Realigned(record.cells, (), (), shifted=False)
    if work.plan.bare_commas:
        return align(record, len(work.headings), checks)
    if not work.plan.exporter:
        return None
    names = (work.keys.get(role, "") for role in ("respondent", "deployment"))
    respondent_at, at = (
        work.headings.index(name) if name in work.headings else None for name in names
    )
    return realign(record, len(work.headings), at, checks, respondent_at)


def _refuse_wrong_heading_line(
    name: str, irregular: Sequence[Irregular], width: int, read: int
) -> None:
    if read and len(irregular) > _TOO_MANY * read:
        usual = np.bincount([len(record.cells) for record in irregular]).argmax()
        raise ExportError(
            f"Cannot read {name}",
            [
                Problem(
                    f"{name}, line 1",
                    f"{width} headings, but {len(irregular)} of {read} "
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
                "" if work.plan.bare_commas else work.keys["deployment"],
                f"{len(record.cells)} cells",
                f"{width} cells",
                "bare commas" if work.plan.bare_commas else "shifted record put back",
                (record.line,),
            )
        )
    if not work.plan.bare_commas and len(record.cells) > width:
        _note_surplus(work, record, len(record.cells) - width)
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


def _note_surplus(work: _Work, record: Irregular, surplus: int) -> None:
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


def _together(
    records: Records, put_back: Sequence[tuple[Irregular, Realigned]]
) -> tuple[TextTable, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Merge regular and mended records in the order of the file."""
    if not put_back:
        table = TextTable(records.table, records.few_texts)
        return table, records.order, records.lines
    both = TextTable(records.table).with_rows([realigned.cells for _, realigned in put_back])
    order = np.concatenate([records.order, [record.order for record, _ in put_back]])
    lines = np.concatenate([records.lines, [record.line for record, _ in put_back]])
    sequence = np.argsort(order, kind="stable")
    return both.take(sequence), order[sequence], lines[sequence]


def _with_a_key(
    work: _Work, table: TextTable, lines: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which records have the numbers by which they are known."""
    keep = np.ones(len(table), dtype=bool)
    patterns = _key_patterns(work)
    for heading, pattern in patterns.items():
        column = table.stored(work.headings.index(heading))
        if pattern == _SOMETHING or not only_numbers(column, least=pattern == _NUMBER):
            keep &= matching(column, pattern)
    expected = "blank" if _SOMETHING in patterns.values() else "not a number"
    for row in np.flatnonzero(~keep):
        work.exclude(
            int(lines[row]),
            "record without key",
            f"{' or '.join(patterns)} is {expected}; the record is left out",
        )
    return keep


def _refuse_if_none_is_left(name: str, read: int, keep: npt.NDArray[np.bool_], work: _Work) -> None:
    """Refuse a file of which every record would be left out: its numbers are what is wrong."""
    if read >= _MANY and not keep.any():
        why = ", ".join(f"{count} as {code}" for code, count in sorted(work.excluded.items()))
        problem = Problem(
            name,
            f"{read} records, of which none can be kept ({why})",
            f"records with a number under {' or '.join(_key_patterns(work)) or 'their headings'}",
            "restore the numbers of the records, or export the file again",
        )
        raise ExportError(f"Cannot read {name}", [problem])


def _leave_out_remarks(
    work: _Work, keep: npt.NDArray[np.bool_], table: TextTable, lines: npt.NDArray[np.int64]
) -> None:
    """Exclude lines with a number and little else of a record, such as totals below a table.

    The survey system writes account, times and language of every record.
    """
    fixed = [role for role in _FIXED if work.keys.get(role) in work.headings]
    if not work.plan.exporter or len(fixed) < _LEAST_FIXED:
        return
    right = np.zeros(len(table), dtype=np.int64)
    for role in fixed:
        column = table.stored(work.headings.index(work.keys[role]))
        usual = _USUAL.get(role)
        right += True if usual and usual(column) else matching(column, _FIXED[role])
    remarks = keep & (right < _LEAST_FIXED)
    if remarks.sum() <= _FEW_REMARKS * len(table):
        for row in np.flatnonzero(remarks):
            message = "without account, times and language it is no record; it is left out"
            work.exclude(int(lines[row]), "no record", message)
        keep &= ~remarks


def _leave_out(
    work: _Work,
    keep: npt.NDArray[np.bool_],
    lines: npt.NDArray[np.int64],
    elsewhere: Mapping[int, str],
) -> None:
    """Exclude the records of other editions."""
    for row, line in enumerate(lines.tolist()) if elsewhere else ():
        if keep[row] and line in elsewhere:
            keep[row] = False
            work.exclude(line, "another edition", elsewhere[line])


def _key_patterns(work: _Work) -> dict[str, str]:
    """Return what must stand in each key column: a number, or a name in another tool's file."""
    table = work.plan.family is Family.TABLE
    patterns = {}
    for role in ("respondent", "deployment", "answer"):
        heading = work.keys.get(role)
        if heading in work.headings and heading is not None:
            optional = role == "deployment" and "respondent" in work.keys
            number = _NUMBER_OR_BLANK if optional else _NUMBER
            if not (table and optional):
                patterns[heading] = _SOMETHING if table else number
    return patterns


def _note_edges(work: _Work, records: Records) -> None:
    for line in records.blank_lines:
        work.issues.append(Issue(work.name, line, "", "blank line", "an empty line", 0))
    for line in records.carriage_returns:
        message = "ends with a carriage return: the last character of its text, or a line end"
        last = work.headings[-1]
        work.issues.append(Issue(work.name, line, last, "carriage return at the end", message))
    for line in records.encoded_twice:
        message = "looks like UTF-8 that was encoded a second time, and is kept as it is"
        work.issues.append(Issue(work.name, line, "", "double encoding in doubt", message))
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
