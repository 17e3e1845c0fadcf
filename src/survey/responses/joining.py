"""Tables of one's own joined to answers: on organization, record, country or question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.codebook.geography import find_country
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.aliases import Aliases
from survey.responses.frame_access import FrameAccess
from survey.responses.names import squeezed_name
from survey.responses.organizations import Respondent, organization_keys
from survey.responses.pseudonyms import Pseudonyms

__all__ = ["joined"]

Table = pd.DataFrame | pd.Series
_RECORDS: Mapping[str, Unit] = {"respondent": Unit.RESPONDENT, "deployment": Unit.DEPLOYMENT}


def joined(
    answers: FrameAccess, table: Table, on: str, aliases: Aliases | None, key: bytes | None
) -> tuple[Unit, pd.DataFrame]:
    """Return the rows of a table for each unit of the answers, and which unit that is.

    Raises
    ------
    ResponsesError
        If there is nothing to join on, a key stands twice in the table, or none is found.
    """
    keyed = _keyed(table, on)
    unit, keys = _keys(answers, on)
    wanted = _translated(answers, keyed.index, on, aliases, key)
    place = _places(wanted, on)
    editions = answers.frame(unit)["edition"].astype(str)
    rows = np.array(
        [
            place.get((edition, value), place.get(("", value), -1))
            for edition, value in zip(editions, keys, strict=True)
        ],
        dtype=np.intp,
    )
    if len(rows) and (rows < 0).all():
        hint = "organizations are found by name in answers read with identified=True, or with key="
        problem = Problem(
            f"join(on={on!r})",
            f"a table of {len(keyed)} keys, none of which is in the answers",
            "keys that the answers have",
            hint if on == "organization" else "",
        )
        raise ResponsesError("Nothing can be joined", [problem])
    found = keyed.reset_index(drop=True).reindex(np.where(rows < 0, len(keyed), rows))
    return unit, found.set_axis(answers.frame(unit).index)


def _keyed(table: Table, on: str) -> pd.DataFrame:
    """Return a table whose index are the keys."""
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    if on in frame.columns:
        frame = frame.set_index(on)
    twice = int(frame.index.duplicated().sum())
    if twice:
        problem = Problem(f"join(on={on!r})", f"{twice} keys more than once", "each key once")
        raise ResponsesError("Cannot join the table", [problem])
    return frame


def _keys(answers: FrameAccess, on: str) -> tuple[Unit, list[Any]]:
    """Return the unit that a key belongs to, and the key of each row."""
    if on in _RECORDS:
        unit = _RECORDS[on]
        return unit, answers.frame(unit)[on].astype("int64").tolist()
    if on == "organization":
        return Unit.RESPONDENT, answers.respondents[on].astype(object).tolist()
    known = ("organization", *_RECORDS, *answers.concepts)
    if on not in answers.concepts:
        problem = Problem("join()", f"on={on!r}", "a key or a question", did_you_mean(on, known))
        raise ResponsesError("Cannot join the table", [problem])
    question = answers.question(on)
    if not question.kind.one_label:
        got = f"on={on!r}, a question of kind {question.kind.value!r}"
        problem = Problem("join()", got, "a question with one answer from a list")
        raise ResponsesError("Cannot join the table", [problem])
    column = answers.column(on)
    return question.unit, column.astype(object).where(column.notna(), None).tolist()


def _translated(
    answers: FrameAccess, keys: pd.Index[Any], on: str, aliases: Aliases | None, key: bytes | None
) -> list[dict[tuple[str, Any], None]]:
    """Return for each key of the table what it is called in the answers: (edition or "", value)."""
    if on == "organization":
        return _organizations(answers, keys, aliases or Aliases(), key)
    if on in _RECORDS:
        return [{("", int(each)): None} for each in keys]
    if answers.question(on).kind.one_country:
        found = [find_country(str(each)) for each in keys]
        pairs = zip(keys, found, strict=True)
        return [{("", country.code if country else str(each)): None} for each, country in pairs]
    return [{("", str(each)): None} for each in keys]


def _organizations(
    answers: FrameAccess, keys: pd.Index[Any], aliases: Aliases, key: bytes | None
) -> list[dict[tuple[str, Any], None]]:
    """Find organizations by pseudonym, under the key, or by the names that they gave."""
    people = answers.respondents
    known = set(people["organization"].dropna())
    by_name = _by_name(people, aliases) if "organization_name" in people else {}
    pseudonyms = Pseudonyms(key) if key else None
    found = []
    for each in keys:
        name = str(each)
        here: dict[tuple[str, Any], None] = {("", name): None} if name in known else {}
        for edition in () if here else answers.editions:
            squeezed = aliases.current(squeezed_name(name), edition)
            here.update(dict.fromkeys((edition, o) for o in by_name.get((edition, squeezed), ())))
            if pseudonyms:
                asked = Respondent(edition, 0, "", name, squeezed_name(name), ())
                own = pseudonyms.of("org", organization_keys([asked], aliases)[0])
                here[edition, own] = None
        found.append(here)
    return found


def _by_name(people: pd.DataFrame, aliases: Aliases) -> dict[tuple[str, str], set[str]]:
    """Return edition and folded name -> the organizations of those who gave it."""
    found: dict[tuple[str, str], set[str]] = {}
    told = people[["edition", "organization_name", "organization"]].dropna()
    for edition, name, organization in told.itertuples(index=False):
        squeezed = aliases.current(squeezed_name(str(name)), str(edition))
        if squeezed:
            found.setdefault((str(edition), squeezed), set()).add(organization)
    return found


def _places(wanted: list[dict[tuple[str, Any], None]], on: str) -> dict[tuple[str, Any], int]:
    """Return what the answers call a key -> its row in the table; refuse two rows for one."""
    place: dict[tuple[str, Any], int] = {}
    twice = 0
    for row, names in enumerate(wanted):
        for name in names:
            twice += place.setdefault(name, row) != row
    if twice:
        got = f"{twice} keys that are spellings of another one"
        problem = Problem(f"join(on={on!r})", got, "each key once")
        raise ResponsesError("Cannot join the table", [problem])
    return place
