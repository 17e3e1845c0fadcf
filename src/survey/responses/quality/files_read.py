"""What was read: files, records, respondents."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from survey.codebook import Unit
from survey.exports import Export
from survey.responses.quality.section import Section, Subject, in_brief, several

__all__ = ["files", "who_answered"]

_ENCODINGS = MappingProxyType(
    {
        "utf-16": "UTF-16",
        "cp1252": "Windows-1252",
        "byte-order-mark": "UTF-8, marked",
        "double encoding": "UTF-8, encoded twice",
    }
)
_KEPT = ("read", "kept")


def who_answered(subject: Subject) -> Section:
    """Say how many answered in each edition, and how many of them do not count."""
    rows = []
    for edition in subject.editions:
        people, clouds = (subject.rows(u, edition) for u in (Unit.RESPONDENT, Unit.DEPLOYMENT))
        row = {
            "edition": edition,
            "respondents": len(people),
            "deployments": len(clouds),
            "organizations": people["organization"].nunique(),
            "untouched_copies": int(people["copied"].sum()),
            "their_deployments": int(clouds["copied"].sum()),
        }
        if "completed" in people:
            row["marked_complete"] = int(people["completed"].fillna(False).sum())
        rows.append(row)
    table = pd.DataFrame(rows)
    glance = ("respondents", int(table["respondents"].sum()))
    says = (_counted(subject.editions),)
    return Section("answers", "Who answered", says, table, glance=glance)


def _counted(editions: tuple[str, ...]) -> str:
    if len(editions) == 1:
        return (
            "One edition. Records carried over from an earlier edition and never edited count: "
            "only beside that edition are they known. Give the edition before, too."
        )
    return (
        f"{len(editions)} editions. Records carried over from an earlier edition and never edited "
        "are kept here; estimates exclude them unless asked (answers.with_copies())."
    )


def files(subject: Subject) -> Section:
    """Say which files were read, and that every record is accounted for."""
    answers = subject.answers
    exports = {export.name: export for export in subject.exports}
    size = {source.name: source.size for source in answers.provenance.sources}
    rows = []
    for name, counts in answers.counts.items():
        excluded = {reason: n for reason, n in counts.items() if reason not in _KEPT}
        read, kept = counts.get("read", 0), counts.get("kept", 0)
        row = {"file": name, "edition": subject.edition_of.get(name, "")}
        if name in exports:
            row |= _written(exports[name])
        rows.append(
            {
                **row,
                "bytes": size.get(name, 0),
                "read": read,
                "kept": kept,
                "excluded": "; ".join(_left_out(n, reason) for reason, n in excluded.items()),
                "adds_up": read == kept + sum(excluded.values()),
            }
        )
    table = pd.DataFrame(rows)
    odd = int((~table["adds_up"]).sum()) if len(table) else 0
    brief = in_brief(table, ("file", "edition", "read", "kept", "excluded"), 40)
    glance = ("records read", int(table["read"].sum()) if len(table) else 0)
    return Section("files", "What was read", (_said(table, odd),), table, odd, brief, glance)


def _left_out(number: int, reason: str) -> str:
    """Return how many records a reason excludes: "4 records without key", "2 short records"."""
    plural = reason.replace("record", "records", 1) if "records" not in reason else reason
    return several(number, reason, plural)


def _written(export: Export) -> dict[str, str]:
    """Return how a file was written."""
    rules = {repair.rule for repair in export.log.kept_repairs}
    codes = {issue.code for issue in export.log.kept_issues}
    marks = [words for rule, words in _ENCODINGS.items() if rule in rules | codes]
    return {"layout": export.layout.value, "encoding": ", ".join(marks) or "UTF-8"}


def _said(table: pd.DataFrame, odd: int) -> str:
    if table.empty:
        return "No file."
    read = f"{several(len(table), 'file')}, {several(int(table['read'].sum()), 'record')}"
    if odd:
        return f"{read}. In {several(odd, 'file')} the counts do not add up: report this."
    return f"{read}. All are accounted for: those read are those kept and those excluded."
