"""A file whose answers are of a year for which the codebook has no edition.

It is read as the nearest edition whose headings fit. Nothing in the tables shows that: a
question with other answers has them all as another answer, one under a new heading is not
there. So it is said, with what this edition does not know and how to give the right codebook.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from survey.checked import checked
from survey.codebook import Codebook, Question
from survey.errors import CodebookError, ExportError, Problem, did_you_mean
from survey.exports.export import Export, Issue, Layout, Log
from survey.exports.spelling import folded
from survey.exports.splitting import spellings
from survey.exports.usual_cells import only_year

__all__ = ["OTHER_YEAR", "OtherYearWarning", "known_edition", "say_other_year", "year_of"]

OTHER_YEAR = "edition in doubt"
_YEAR = re.compile(r"(?:19|20)\d\d")
_WITH_ALL_QUESTIONS = (Layout.BY_HEADING, Layout.FLAT, Layout.API)


class OtherYearWarning(UserWarning):
    """Answers were read as an edition of another year, because theirs is not known."""


@checked(ExportError)
def year_of(export: Export) -> tuple[str, float]:
    """Return the year in which most records were begun, else edited, and their share of all.

    Nothing where the file has no times.
    """
    for role in ("created", "edited"):
        heading = export.keys.get(role)
        if heading not in export.headings:
            continue
        column = export.headings.index(heading)
        only = only_year(export.table.stored(column))
        if only is not None and _YEAR.match(str(only)):
            return str(only), 1.0
        years = _years(export.table.column(column))
        if years:
            year, times = years.most_common(1)[0]
            return year, times / years.total()
    return "", 0.0


def _years(cells: pa.ChunkedArray) -> Counter[str]:
    """Return how many cells begin with each year."""
    beginnings = pc.value_counts(pc.utf8_slice_codeunits(cells, 0, 4))
    texts, times = (beginnings.field(name).to_pylist() for name in ("values", "counts"))
    return Counter({text: n for text, n in zip(texts, times, strict=True) if _YEAR.match(text)})


def say_other_year(path: Path, exports: Iterable[Export], codebook: Codebook) -> tuple[Export, ...]:
    """Warn of exports that are read as the edition of another year; they get an issue, too."""
    return tuple(_said_of_other_year(path, export, codebook) for export in exports)


def _said_of_other_year(path: Path, export: Export, codebook: Codebook) -> Export:
    year, _ = year_of(export)
    if not year or year in codebook.editions or not _of_a_year(export):
        return export
    message = _message(path, export, year)
    warnings.warn(f"{export.name}: {message}", OtherYearWarning, stacklevel=8)
    issue = Issue(export.name, 1, "", OTHER_YEAR, message, len(export))
    others = (each for each in export.log.kept_issues if each.code != OTHER_YEAR)
    return replace(export, log=Log(export.log.kept_repairs, (*others, issue)))


def _of_a_year(export: Export) -> bool:
    """Whether a file tells its edition: it has all questions, and editions are called by years."""
    by_year = _YEAR.fullmatch(export.edition.name) is not None
    return by_year and export.layout in _WITH_ALL_QUESTIONS


def _message(path: Path, export: Export, year: str) -> str:
    headings = sum(each.code == "unknown heading" for each in export.log.kept_issues)
    strange = _counted(headings, "heading"), _counted(_unknown_answers(export), "answer")
    return (
        f"its answers are dated {year}, and the codebook has no edition {year}: they are read as "
        f"{export.edition.name}, which does not know {' and '.join(strange)}. "
        f"To read them as {year}, {_how_to_give(_files_beside(path), year)}"
    )


def _unknown_answers(export: Export) -> int:
    """Return how many different answers to listed questions the edition does not list."""
    return sum(
        len(_strange(export, placed.question, placed.columns, placed.separator))
        for placed in export.placements
        if placed.question.kind.picked and not placed.items
    )


def _strange(
    export: Export, question: Question, columns: Iterable[int], separator: str
) -> set[str]:
    known = {folded(each) for each in spellings(question)} | {
        folded(each) for each in question.labels
    }
    cells = (
        cell for at in columns for cell in export.table.column(at).unique().to_pylist() if cell
    )
    pieces = (
        piece
        for cell in cells
        for piece in (cell.split(separator) if question.kind.joined else [cell])
    )
    return {text for piece in pieces if (text := folded(piece)) and text not in known}


def known_edition(path: Path, edition: str | None, codebook: Codebook) -> None:
    """Refuse an edition that the codebook does not have, and say how to give it one."""
    if edition is None or edition in codebook.editions:
        return
    files = _files_beside(path)
    near = did_you_mean(edition, codebook.editions).rstrip("?")
    near = near if _file_of(edition) not in files else ""
    hint = "; ".join(filter(None, (near, _how_to_give(files, edition))))
    problem = Problem("the codebook", repr(edition), "a known edition", hint)
    raise CodebookError(f"Unknown edition {edition!r}", [problem])


def _how_to_give(files: Sequence[str], edition: str) -> str:
    """Say how the codebook of an edition is given; files that lie beside the export are named."""
    names = ", ".join(f'"{each}"' for each in files or [_file_of(edition)])
    give = f"codebook=sv.read_codebook({names})"
    if _file_of(edition) in files:
        return f"the project has its codebook: {give}"
    return f"with a codebook of {edition}: {give}; 'survey new-edition {edition} FILE' drafts one"


def _file_of(edition: str) -> str:
    return f"codebook/{edition}.toml"


def _files_beside(path: Path) -> list[str]:
    """Return the codebook files of the project in whose ``data/raw`` a file lies."""
    for folder in path.absolute().parents:
        if folder.name == "raw" and folder.parent.name == "data":
            beside = folder.parent.parent / "codebook"
            return [f"codebook/{each.name}" for each in sorted(beside.glob("*.toml"))]
    return []


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
