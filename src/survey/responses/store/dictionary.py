"""The data dictionary of an edition: what a person must know to use the files without us."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.responses.missing import Answered, answered
from survey.responses.responses import Responses
from survey.responses.store.column_words import options

__all__ = ["Counts", "dictionary_files", "missing_counts"]

Plain = Mapping[str, Any]
Counts = Mapping[str, Mapping[str, Mapping[str, int]]]  # concept -> edition -> kind -> how many
_FACTS = (
    "column",
    "concept",
    "unit",
    "kind",
    "type",
    "title",
    "heading",
    "asked",
    "measure",
    "write_in_of",
    "series",
    "personal",
)


def missing_counts(answers: Responses) -> Counts:
    """Count for every concept and edition how many answered, and why the others did not."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    kinds, names = list(Answered), answers.editions
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        frame = answers.frame(unit)
        place = pd.Index(names).get_indexer(pd.Index(frame["edition"].astype(str)))
        for concept in answers.concepts:
            if concept not in frame or answers.question(concept).unit is not unit:
                continue
            codes = answered(answers, concept, unit).cat.codes.to_numpy()
            cells = place[place >= 0] * len(kinds) + codes[place >= 0]
            table = np.bincount(cells, minlength=len(names) * len(kinds))
            counts[concept] = {
                name: {str(kind): int(n) for kind, n in zip(kinds, row, strict=True) if n}
                for name, row in zip(names, table.reshape(len(names), -1), strict=True)
            }
    return counts


def dictionary_files(
    answers: Responses, edition: str, tables: Mapping[str, Sequence[Plain]], counts: Counts
) -> dict[str, bytes]:
    """Return ``dictionary.csv``, ``options.csv`` and ``dictionary.md``.

    Parameters
    ----------
    answers
        The answers.
    edition
        The edition to describe.
    tables
        Table -> what its columns mean, from :func:`~survey.responses.store.column_words.describe`.
    counts
        From :func:`missing_counts`.
    """
    own = {concept: by_edition.get(edition, {}) for concept, by_edition in counts.items()}
    return {
        "dictionary.csv": _csv(_rows(tables, own)),
        "options.csv": _csv(
            {"table": table, **option}
            for table, columns in tables.items()
            for column in columns
            for option in options(column)
        ),
        "dictionary.md": _page(answers, edition, tables, own).encode(),
    }


def _rows(tables: Mapping[str, Sequence[Plain]], counts: Mapping[str, Plain]) -> Iterator[Plain]:
    for table, columns in tables.items():
        for column in columns:
            found = counts.get(column["concept"])
            yield {
                "table": table,
                **{fact: column[fact] for fact in _FACTS},
                "choices": len(column["choices"]),
                **{kind.value: found.get(kind, 0) if found else None for kind in Answered},
                "note": column["note"],
            }


def _csv(rows: Iterable[Plain]) -> bytes:
    text = io.StringIO()
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _page(
    answers: Responses, edition: str, tables: Mapping[str, Sequence[Plain]], counts: Plain
) -> str:
    asked = answers.codebook.edition(edition)
    lines = [f"# Answers of edition {edition}", "", asked.title + "."]
    if answers.provenance.invented:
        lines += ["", "**The answers are invented.** They describe nobody."]
    if asked.assumed:
        lines += ["", "The questionnaire of this edition is not public and is assumed."]
    lines += ["", asked.note] if asked.note else []
    lines += ["", _private(answers), "", *_FILES]
    for table, columns in tables.items():
        lines += ["", f"## {table}", ""]
        lines += ["| column | type in Parquet | what it is |", "|---|---|---|"]
        lines += [_line(column) for column in columns if column["kind"] == "key"]
        for column in columns:
            if column["kind"] != "key":
                lines += ["", *_section(column, counts.get(column["concept"], {}))]
    return "\n".join(lines) + "\n"


def _private(answers: Responses) -> str:
    if answers.identified:
        return "**Confidential**: persons and organizations stand here in clear."
    return (
        "Single answers, not for publication. Names, addresses, member numbers and organizations "
        "are replaced by keyed pseudonyms; free text is as people wrote it."
    )


_FILES = (
    "`dictionary.csv` has one line per column, `options.csv` one per choice, `manifest.json` the",
    "digests of all files. `repairs` is what was put right and `issues` what could not be;",
    "`flags` names single answers that must not be trusted. In CSV, several answers are joined by",
    "`|` (a ranking in its order, a matrix as `row=level`); an answer's own `|`, `=` or backslash",
    'has a backslash before it. Nothing is missing, `""` an empty text. In Parquet, several',
    "answers are a list, a ranking a map from answer to rank, a matrix a map from row to level.",
    "Every edition's files have the same columns and types, so that they can be read as one;",
    "columns of questions that this edition did not ask are empty.",
)


def _line(column: Plain) -> str:
    kind = column["type"].replace("|", "\\|")
    return f"| {column['column']} | {kind} | {column['title']} |"


def _section(column: Plain, counts: Plain) -> Iterator[str]:
    yield f"### {column['column']}"
    yield ""
    yield f"{column['title']}"
    yield ""
    kind = f"{column['kind']}, per {column['unit']}, `{column['type']}`"
    bands = f", bands of {column['measure']}" if column["measure"] else ""
    heading = f", heading `{column['heading']}`" if column["asked"] else ", not asked here"
    yield f"- {kind}{bands}{heading}"
    if counts:
        yield "- " + ", ".join(f"{kind}: {counts[kind]}" for kind in Answered if kind in counts)
    if column["write_in_of"]:
        yield f"- explains 'Other' in {column['write_in_of']}"
    if column["note"]:
        yield f"- {column['note']}"
    offered = [option for option in options(column) if option["offered"]]
    if column["kind"] not in ("country", "countries"):
        yield from (f"  - {_option(option)}" for option in offered)


def _option(option: Plain) -> str:
    text = ("row: " if option["part"] == "row" else "") + option["label"]
    if option["low"] is not None:
        high = "or more" if option["high"] is None else f"to {option['high']:,}"
        text += f" = {option['low']:,} {high}"
    return f"{text} ({option['missing']})" if option["missing"] else text
