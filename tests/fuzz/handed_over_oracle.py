"""Whether a file that was handed over came out as it was, or was refused or named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from survey.codebook import damaged
from survey.errors import SurveyError
from survey.exports import Export, read_editions
from survey.exports.spelling import folded, visible
from survey.responses import clean
from tests.exports.small import small
from tests.fuzz.handed_over import OFFICE, OPERATORS, TIMES, Handed, Rows, closed_headings

__all__ = ["Judged", "draw", "judge"]

EDITIONS = ("2019", "2020", "2022", "2023", "2024")
RESPONDENTS = (8, 20)
_REMARKS = ("ambiguous text", "lone question marks")
Record = Mapping[str, str]


@dataclass(frozen=True)
class Judged:
    """What became of a file: ``read`` or ``refused``, and what went wrong."""

    kind: str
    word: str
    tellable: bool
    findings: tuple[str, ...] = ()
    said: str = ""


def draw(seed: int, *, office: bool = False) -> tuple[str, Handed]:
    """Return the kind and the file of a seed."""
    chance = Random(seed)
    operators = {**OPERATORS, **OFFICE} if office else OPERATORS
    kind = sorted(operators)[seed % len(operators)]
    size = chance.choice(RESPONDENTS)
    layout = chance.choice(["by-heading", "flat"])
    edition = chance.choice(EDITIONS)

    def other(name: str) -> Rows:
        return small(name, layout, size)

    return kind, operators[kind](edition, other(edition), other, chance)


def judge(folder: Path, seed: int, *, office: bool = False) -> Judged:
    """Read the file of a seed, clean it, and compare every record with what it was."""
    kind, handed = draw(seed, office=office)
    path = folder / f"handed{handed.suffix}"
    path.write_bytes(handed.data)
    try:
        exports = read_editions(path)
        clean(exports)
    except SurveyError as error:
        findings = () if error.problems else ("an error without a problem",)
        return Judged(kind, "refused", handed.tellable, findings, str(error)[:300])
    return Judged(kind, "read", handed.tellable, tuple(_findings(exports, handed)))


def _findings(exports: tuple[Export, ...], handed: Handed) -> Iterator[str]:
    editions = {edition for edition, _ in handed.rows}
    for export in exports:
        if export.edition.name not in editions:
            yield f"edition {export.edition.name}, not {sorted(editions)}"
        if export.counts["read"] != sum(n for why, n in export.counts.items() if why != "read"):
            yield f"records do not add up: {dict(export.counts)}"
    for edition, rows in handed.rows:
        yield from _lost_or_changed(exports, edition, rows, handed)


def _lost_or_changed(
    exports: tuple[Export, ...], edition: str, rows: Rows, handed: Handed
) -> Iterator[str]:
    own = [export for export in exports if export.edition.name == edition]
    found = {key: each for export in own for key, each in _records(export).items()}
    named = {
        each.column
        for export in exports
        for each in export.log.kept_issues
        if each.code not in _REMARKS
    }
    lines = {int(line) for export in exports for line in export.issues["line"]} - {1}
    for number, row in enumerate(rows[1:], start=1):
        before = dict(zip(rows[0], row, strict=True))
        if number in handed.records:
            continue
        key = (before["SurveyID"], before["DeploymentID"])
        if key not in found:
            if not any("record" in code for each in exports for code in each.issues["code"]):
                yield f"record {key} is missing without a word"
            continue
        line, after = found[key]
        for heading, text in before.items():
            if heading in handed.columns | handed.lost or heading in named or line in lines:
                continue
            if heading not in after:
                yield f"{heading} is missing without a word"
            elif not _same(heading, text, after[heading], handed):
                yield f"{key}, {heading}: {after[heading]!r}, not {text!r}"
    for heading in handed.lost:
        for line, after in found.values():
            if after.get(heading):
                yield f"line {line}: {heading} has {after[heading]!r}, and is not in the file"


def _records(export: Export) -> dict[tuple[str, str], tuple[int, Record]]:
    at = [export.headings.index(heading) for heading in ("SurveyID", "DeploymentID")]
    rows = zip(*(column.to_pylist() for column in export.table.columns), strict=True)
    return {
        (str(int(row[at[0]])), str(int(row[at[1]])) if row[at[1]] else ""): (
            int(line),
            dict(zip(export.headings, row, strict=True)),
        )
        for line, row in zip(export.lines, rows, strict=True)
    }


def _same(heading: str, before: str, after: str, handed: Handed) -> bool:
    if before == after or heading in TIMES:
        return True
    if before.isdecimal() and after.isdecimal():
        return int(before) == int(after)
    return heading in closed_headings() and folded(damaged(visible(after))) == folded(
        damaged(before)
    )
