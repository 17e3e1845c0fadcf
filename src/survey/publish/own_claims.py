"""Claims that somebody else made, held against a published report.

A claim names a row and what it says of its number. It is *supported* if the whole interval agrees,
*contradicted* if none of it does, *withheld* where the number is, and else it cannot be decided.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import pandas as pd

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import Problem, PublishError, did_you_mean
from survey.files import read_file
from survey.publish.read_back import ReadPublication
from survey.publish.statuses import words_of

__all__ = ["CLAIM_KEYS", "CheckedClaim", "Verdict", "check_claims"]

_MESSAGE = "The claims cannot be checked"
CLAIM_KEYS: Final = ("text", "table", "answer", "where", "more_than", "less_than")


class Verdict(StrEnum):
    """What a report says of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNDECIDED = "cannot be decided"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with the number that decides it.

    Attributes
    ----------
    text, table
        The claim in words, and the table that it was held against.
    verdict, reason
        What the report says, and why.
    number, low, high
        The number and its interval in the table's own measure; ``None`` where there is none.
    """

    text: str
    table: str
    verdict: Verdict
    reason: str
    number: float | None = None
    low: float | None = None
    high: float | None = None


@checked(PublishError)
def check_claims(
    publication: ReadPublication, claims: str | Path | Sequence[Mapping[str, Any]]
) -> tuple[CheckedClaim, ...]:
    """Hold claims against a report.

    Parameters
    ----------
    publication
        A report, from :func:`survey.read_publication`.
    claims
        A TOML file with one ``[[claims]]`` for each, or such entries, as
        ``read_project().claims`` has them: ``text``, ``table``, ``answer`` (where the table has
        several), ``where`` (group -> value, where it has groups), and ``more_than``,
        ``less_than`` or both: numbers in the table's measure, or text such as ``"50 %"``.

    Raises
    ------
    PublishError
        If a file cannot be read or a claim names no row; everything wrong is listed.

    Examples
    --------
    >>> check_claims(read_publication("reports/2024"), "claims.toml")  # doctest: +SKIP
    """
    entries: Sequence[Mapping[str, Any]]
    if isinstance(claims, str | Path):
        source, entries = f"{Path(claims).name}, [[claims]]", _entries(Path(claims))
    else:
        source, entries = "[[claims]]", claims
    problems = [
        problem
        for number, entry in enumerate(entries, start=1)
        for problem in _wrong(entry, f"{source} {number}", publication)
    ]
    if problems:
        raise PublishError(_MESSAGE, problems)
    return tuple(_checked(entry, publication) for entry in entries)


def _entries(file: Path) -> Sequence[Mapping[str, Any]]:
    try:
        found = tomllib.loads(read_file(file).decode("utf-8")).get("claims", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = Problem(file.name, str(error), "a TOML file with [[claims]]")
        raise PublishError(_MESSAGE, [problem]) from None
    if not isinstance(found, list) or not found or not all(isinstance(e, dict) for e in found):
        problem = Problem(file.name, "no [[claims]]", "a [[claims]] for each claim")
        raise PublishError(_MESSAGE, [problem])
    return found


def _wrong(entry: Mapping[str, Any], where: str, publication: ReadPublication) -> Iterator[Problem]:
    for key in sorted(set(entry) - set(CLAIM_KEYS)):
        known = f"one of {', '.join(CLAIM_KEYS)}"
        yield Problem(where, f"the key {key!r}", known, did_you_mean(key, CLAIM_KEYS))
    for key in ("more_than", "less_than"):
        if key in entry and _threshold(entry[key]) is None:
            yield Problem(where, f"{key} = {entry[key]!r}", 'a number, or text such as "50 %"')
    if not {"more_than", "less_than"} & set(entry):
        yield Problem(where, "neither 'more_than' nor 'less_than'", "one of them, or both")
    name = str(entry.get("table", ""))
    if name not in publication.tables:
        hint = did_you_mean(name, publication.tables)
        yield Problem(where, f"the table {name!r}", "a table of the report", hint)
        return
    rows = _rows(entry, publication)
    if len(rows) != 1:
        groups = ", ".join(map(str, publication.about[name]["by"])) or "no groups"
        expected = f"one: 'answer' and 'where' choose it (the table has {groups})"
        yield Problem(where, f"{len(rows)} rows of {name!r}", expected)


def _rows(entry: Mapping[str, Any], publication: ReadPublication) -> pd.DataFrame:
    frame = publication[str(entry["table"])]
    chosen = dict(entry.get("where") or {})
    if "answer" in entry:
        chosen["answer"] = entry["answer"]
    for column, value in chosen.items():
        if column not in frame:
            return frame.iloc[:0]
        frame = frame[frame[column].astype(str) == str(value)]
    return frame


def _threshold(value: Any) -> float | None:
    """Return a number; per cent become a fraction."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    text = value.replace("\N{NO-BREAK SPACE}", " ").strip()
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


def _checked(entry: Mapping[str, Any], publication: ReadPublication) -> CheckedClaim:
    row = _rows(entry, publication).iloc[0]
    text, table = str(entry.get("text") or entry["table"]), str(entry["table"])
    status = str(row["status"])
    number, low, high = (_number(row[name]) for name in ("value", "low", "high"))
    if status == "suppressed":
        reason = "the number is withheld to protect those who answered"
        return CheckedClaim(text, table, Verdict.WITHHELD, reason)
    if low is None and high is None:
        why = words_of(status).meaning if number is None else "there is no interval"
        reason = why.replace("\N{NO-BREAK SPACE}", " ")
        return CheckedClaim(text, table, Verdict.UNDECIDED, reason, number)
    verdicts = [_held(low, high, *limit) for limit in _limits(entry)]
    verdict = next((v for v in (Verdict.CONTRADICTED, Verdict.UNDECIDED) if v in verdicts),
                   Verdict.SUPPORTED)  # fmt: skip
    reason = {
        Verdict.SUPPORTED: "the whole interval agrees",
        Verdict.CONTRADICTED: "no part of the interval agrees",
        Verdict.UNDECIDED: "the interval holds numbers that agree and numbers that do not",
    }[verdict]
    if status == "imprecise":
        reason += "; the number is imprecise"
    return CheckedClaim(text, table, verdict, reason, number, low, high)


def _limits(entry: Mapping[str, Any]) -> Iterator[tuple[float, bool]]:
    for key in ("more_than", "less_than"):
        limit = _threshold(entry.get(key))
        if limit is not None:
            yield limit, key == "more_than"


def _held(low: float | None, high: float | None, limit: float, above: bool) -> Verdict:
    """Return the verdict of an interval, of which an end may be open, against one limit."""
    if low is not None and low > limit:
        return Verdict.SUPPORTED if above else Verdict.CONTRADICTED
    if high is not None and high < limit:
        return Verdict.CONTRADICTED if above else Verdict.SUPPORTED
    return Verdict.UNDECIDED


def _number(value: Any) -> float | None:
    return None if value is None or value == "" or pd.isna(value) else float(value)
