"""What a log must not say: cells that are out of place can hold anybody's name.

An answer that is not listed is quoted in the log, since it tells what to add to the codebook. But
when a record has shifted, or headings were mixed up, it is a cell of another question: a name, an
address, an organization, a free text. Unless personal data was asked for, such a text is quoted
only if it cannot be that: it resembles a listed answer, or several respondents gave it to a
question that most answered as listed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Edition, Unit
from survey.codebook.geography import BESIDE_COUNTRIES, find_country

__all__ = ["NOT_SHOWN", "discreet_answers", "discreet_issues"]

NOT_SHOWN = "(not shown)"
_SEVERAL, _MOST = 3, 0.5
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,2}")
_ANSWERS = frozenset({"unknown answer", "unknown country"})


def discreet_issues(issues: pd.DataFrame, answered: Mapping[str, int]) -> pd.DataFrame:
    """Return the issues without the texts that may belong to another question.

    Parameters
    ----------
    issues
        As they were made.
    answered
        Heading -> how many answered the question.
    """
    quoting = issues["message"].str.match(_QUOTED).fillna(False).to_numpy(bool)
    if not quoting.any():
        return issues
    keep = _harmless(issues[quoting], answered)
    kept = issues.copy()
    rows = np.flatnonzero(quoting)[~keep]
    messages = kept["message"].astype(object).to_numpy(copy=True)
    for row in rows:
        messages[row] = _QUOTED.sub(f"a text {NOT_SHOWN}", messages[row])
    kept["message"] = pd.Series(messages, index=kept.index, dtype=kept["message"].dtype)
    return kept


def _harmless(issues: pd.DataFrame, answered: Mapping[str, int]) -> Any:
    """Whether the text in each message can be shown."""
    of_column = issues.groupby("column")["line"].transform("nunique")
    of_text = issues.groupby(["column", "message"])["line"].transform("nunique")
    given = issues["column"].map(lambda heading: answered.get(heading, 0))
    common = (of_text >= _SEVERAL) & (of_column <= _MOST * (of_column + given))
    alike = issues["message"].str.contains("did you mean", regex=False)
    return (issues["code"].isin(_ANSWERS) & (alike | common)).to_numpy(bool)


def discreet_answers(frame: pd.DataFrame, edition: Edition, unit: Unit) -> pd.DataFrame:
    """Return answers without texts that stand where no text can: as a country or a language."""
    changed: dict[str, Any] = {}
    if "language" in frame:
        strange = [
            isinstance(text, str) and bool(text) and not _LANGUAGE.fullmatch(text)
            for text in frame["language"]
        ]
        if any(strange):
            changed["language"] = frame["language"].mask(np.array(strange), NOT_SHOWN)
    for question in edition.of_unit(unit):
        if question.kind.one_country and question.concept in frame:
            changed |= _countries(frame[question.concept])
    return frame.assign(**changed) if changed else frame


def _countries(column: pd.Series[Any]) -> dict[str, Any]:
    labels = column.cat.categories
    times = column.value_counts()
    hidden = {
        label
        for label in labels
        if label not in BESIDE_COUNTRIES and find_country(label) is None and times[label] < _SEVERAL
    }
    if not hidden:
        return {}
    texts = column.astype(object).map(lambda text: NOT_SHOWN if text in hidden else text)
    kept = [label for label in labels if label not in hidden]
    dtype = pd.CategoricalDtype(pd.Index([*kept, NOT_SHOWN], dtype=labels.dtype))
    return {str(column.name): texts.astype(dtype)}
