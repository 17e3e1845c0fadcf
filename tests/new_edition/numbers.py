"""The standing tables of a form, read by a draft or by hand, and how two sets of them differ."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from survey.codebook import Codebook, Edition, read_codebook
from survey.estimates import Estimates
from survey.exports import Export, read_export
from survey.new_edition import draft_text
from survey.responses import clean, release_facts
from survey.responses.drafting import Draft, draft_edition
from survey.topics import standing_tables

Key = tuple[str, ...]
_WHAT = ("equal", "marked", "absent", "wrong")


def by_hand(book: Codebook, edition: Edition) -> Codebook:
    """Return a codebook with the edition that somebody who knows the form wrote."""
    return replace(book, editions=MappingProxyType({**book.editions, edition.name: edition}))


def by_draft(
    book: Codebook, name: str, path: Path, earlier: Sequence[Export], folder: Path
) -> tuple[Codebook, Draft]:
    """Return a codebook with a draft that nobody has looked at, read from its file."""
    draft = draft_edition(book, name, [path], earlier)
    file = folder / f"{name}.toml"
    file.write_text(draft_text(draft), encoding="utf-8")
    return read_codebook(file), draft


def tables_of(
    book: Codebook, name: str, path: Path, earlier: Sequence[Path]
) -> dict[str, Estimates]:
    """Return the standing tables of an edition, with earlier ones before it."""
    exports = [read_export(each, codebook=book) for each in earlier]
    exports.append(read_export(path, edition=name, codebook=book))
    answers = clean(exports, key=b"the same in every run")
    return {table.name: table for table in standing_tables(answers, name)}


@dataclass
class Difference:
    """How the values of two sets of tables differ; ``wrong`` are those that nothing marks."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def untouched_right(self) -> float:
        """Share of the values that no change touches that are equal and unmarked."""
        return self._equal("untouched")

    @property
    def unnamed_right(self) -> float:
        """The same with tables that rest on all answers, which any change touches."""
        return self._equal("untouched", "everything")

    def _equal(self, *places: str) -> float:
        of = {place: sum(self.counts[f"{place} {w}"] for w in _WHAT) for place in places}
        equal = sum(self.counts[f"{place} equal"] for place in places)
        return equal / sum(of.values()) if sum(of.values()) else 1.0


def difference(
    right: Mapping[str, Estimates], drafted: Mapping[str, Estimates], touched: Mapping[str, str]
) -> Difference:
    """Compare every value of the drafted tables with the right one."""
    found = Difference()
    names = _derived(touched)
    for name, table in right.items():
        place = _place(table, names)
        other = drafted.get(name)
        if other is None:
            found.counts[f"{place} absent"] += len(table)
            continue
        given = _rows(other)
        for key, values in _rows(table).items():
            what = _what(values, given.get(key), other.unconfirmed)
            found.counts[f"{place} {what}"] += 1
            if what == "wrong":
                found.wrong.append(f"{name} {key}: {values} but {given.get(key)}")
        extra = [key for key, values in given.items() if key not in _rows(table) and values]
        if extra and not other.unconfirmed:
            found.counts[f"{place} wrong"] += len(extra)
            found.wrong.append(f"{name}: values for {extra[:3]}")
    return found


def _derived(touched: Mapping[str, str]) -> set[str]:
    names = set(touched)
    if "releases_in_use" in names:
        names |= {"newest_release", "oldest_release", "releases", "release", "upgrade", "slurp"}
    if names & {"primary_country", "deployment_countries", "user_country"}:
        names.add("region")
    return names


def _place(table: Estimates, names: set[str]) -> str:
    """Return whether a table names something changed, or rests on all answers as clouds do.

    Which descriptions are of the same cloud is told by all answers to questions about it. A
    sensitivity card has one such row, which counts as untouched, too.
    """
    if _uses(table, names):
        return "touched"
    once = table.design is not None and table.design.counts_clouds_once
    return "everything" if once else "untouched"


def _uses(table: Estimates, names: set[str]) -> bool:
    said = f"{table.name} {table.spec}"
    return any(name in said for name in names)


def _what(right: Any, given: Any, marked: bool) -> str:
    if given == right:
        return "marked" if marked else "equal"
    if given is None:
        return "absent"
    return "marked" if marked else "wrong"


def _rows(table: Estimates) -> dict[Key, tuple[float, ...] | None]:
    """Return value, interval and base of each row; None where it has no value."""
    return {
        tuple(str(row[name]) for name in (*table.groups, "answer")): _numbers(row)
        for row in table.frame.to_dict("records")
    }


def _numbers(row: Mapping[str, Any]) -> tuple[float, ...] | None:
    value = row["value"]
    if value is None or value != value:
        return None
    return tuple(_rounded(row[name]) for name in ("value", "low", "high"))


def _rounded(number: Any) -> float:
    number = float(number)
    return float(f"{number:.9g}") if math.isfinite(number) else -1.0


__all__ = ["Difference", "by_draft", "by_hand", "difference", "release_facts", "tables_of"]
