"""Answers from a data frame: any survey that is described by a codebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from survey.checked import checked
from survey.codebook import Codebook
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.exports.frame_export import export_of_frame
from survey.responses.aliases import Aliases
from survey.responses.clean import clean
from survey.responses.responses import Responses

__all__ = ["read_frame"]


@checked(ResponsesError)
def read_frame(
    frame: pd.DataFrame,
    codebook: Codebook,
    *,
    edition: str | None = None,
    name: str = "frame",
    identified: bool = False,
    key: bytes | None = None,
    aliases: Aliases | None = None,
) -> Responses:
    """Return typed answers from a frame that never was an export.

    Parameters
    ----------
    frame
        One row per respondent, or per deployment if it has answers about deployments. Columns
        are named by concept or by heading; several answers are a list (a ranking is in its
        order), a matrix is a mapping from row to answer, or has a column for each row. Columns
        called ``respondent``, ``deployment``, ``created``, ``edited``, ``language``,
        ``member`` and ``organization`` say what they say in answers, as do those that
        ``[layout]`` of the codebook names; without the first two rows are numbered.
    codebook
        Describes the questions: :func:`survey.read_codebook` with a file of your own.
    edition
        The edition that was answered; by default the column ``edition``, or the only edition
        of the codebook that has the columns of the frame.
    name
        What provenance calls the frame.
    identified, key, aliases
        As in :func:`survey.clean`.

    Raises
    ------
    ResponsesError
        If it is not clear which edition was answered, or rows have the same number: no row is
        left out in silence.
    ExportError
        If the codebook does not know a column, or a column is both a key and an answer.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"organization_size": ["1 to 9 employees", None]})
    >>> answers = read_frame(frame, survey.read_codebook(), edition="2019")  # doctest: +SKIP
    """
    exports = [
        export_of_frame(part, codebook.edition(chosen), codebook, name)
        for chosen, part in _by_edition(frame, codebook, edition)
    ]
    answers = clean(exports, identified=identified, key=key, aliases=aliases)
    _refuse_lost_rows(answers)
    return answers


_LOST: Final = {
    "repeated record": "that repeat an earlier row, with its number",
    "contradictory record": "with the number of an earlier row and other answers",
    "contradictory cells": "with another answer of the respondent than an earlier row",
}


def _refuse_lost_rows(answers: Responses) -> None:
    """Refuse rows of which only the first would count, as the lines of a damaged file do."""
    issues = answers.issues
    problems = []
    for code, what in _LOST.items():
        found = issues[issues["code"] == code]
        for edition, some in found.groupby("edition", sort=False):
            rows = some["line"].drop_duplicates().tolist()
            first = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
            hint = (
                "give every row a number of its own in 'respondent' (or 'deployment', if rows "
                "are deployments), or leave that column out; drop_duplicates() drops repeats"
                if code != "contradictory cells"
                else "repeat what a respondent answered once in each of the rows"
            )
            problems.append(
                Problem(
                    f"edition {edition}",
                    f"{len(rows):,} rows {what}: rows {first}",
                    "rows that can all be kept",
                    hint,
                )
            )
    if problems:
        raise ResponsesError("Rows of the frame would be lost", problems)


def _by_edition(
    frame: pd.DataFrame, codebook: Codebook, edition: str | None
) -> Iterator[tuple[str, pd.DataFrame]]:
    if edition is not None:
        yield edition, frame
        return
    if "edition" in frame:
        for chosen, part in frame.groupby(frame["edition"].astype(str), sort=True):
            used = part.dropna(axis="columns", how="all")
            asked = {n for q in codebook.edition(str(chosen)).questions
                     for n in (q.concept, q.heading)}  # fmt: skip
            kept = [c for c in part if c in used or c in asked]
            yield str(chosen), part[kept]
        return
    yield _only(frame, codebook), frame


def _only(frame: pd.DataFrame, codebook: Codebook) -> str:
    """Return the one edition that has most of the frame's columns."""
    columns = set(map(str, frame.columns))
    shared = {
        each.name: len(columns & ({*each.by_concept} | {*each.by_heading})) for each in codebook
    }
    most = max(shared.values(), default=0)
    best = [name for name, number in shared.items() if number == most > 0]
    if len(best) != 1:
        got = f"columns that fit {', '.join(best)}" if best else "columns that fit no edition"
        near = "" if best else did_you_mean(next(iter(columns), ""), codebook.concepts)
        hint = near or "give edition="
        raise ResponsesError(
            "It is not clear which edition was answered",
            [Problem("read_frame()", got, "one edition", hint)],
        )
    return best[0]
