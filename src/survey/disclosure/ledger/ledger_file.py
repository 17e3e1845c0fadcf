"""The file of the ledger: what was published so far, for the owner alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from survey.checked import checked
from survey.dataclass import dataclass
from survey.disclosure.ledger.changed_questions import Questions
from survey.disclosure.ledger.changed_records import Records
from survey.disclosure.ledger.ledger_column import Column
from survey.disclosure.ledger.near import Units
from survey.disclosure.perturbation.noise import VARIANCE, VARIANCES
from survey.errors import DisclosureError, Problem
from survey.files import noted_in, read_file, write_file
from survey.files.final_reports import real_path

__all__ = ["LEDGER_FILE", "Ledger", "read_ledger", "refuse_older_ledger", "refuse_other_key"]

LEDGER_FILE: Final = ".survey-ledger.json"
_SCHEMA: Final = 1
_UNNAMED_VARIANCE: Final = 3.0
"""Of ledgers that do not name theirs: they are older than the choice."""


@dataclass(frozen=True)
class Ledger:
    """What was published so far.

    Attributes
    ----------
    key
        Name of the secret key that the noise was drawn with; empty while nothing is published.
    columns
        Name of a column -> the column.
    effects
        Name of a question -> its design effect.
    corrections
        What was drawn anew before its time: question, date and reason.
    variance
        Variance of the noise that its counts were drawn with, and that further ones get.
    records
        Edition -> unit -> its records as they were published, see
        :class:`survey.disclosure.ledger.changed_records.Records`.
    publications
        Edition and digest of each publication that printed anything anew, or was the first of its
        edition; the number of a publication is its place, from 1.
    units
        Unit of observation -> the units behind the columns.
    questions
        Edition -> unit -> its answers as they were published, see
        :class:`survey.disclosure.ledger.changed_questions.Questions`.
    """

    key: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    effects: Mapping[str, float] = field(default_factory=dict)
    corrections: tuple[tuple[str, str, str], ...] = ()
    variance: float = VARIANCE
    records: Mapping[str, Mapping[str, Records]] = field(default_factory=dict)
    publications: tuple[tuple[str, str], ...] = ()

    def number_of(self, edition: str) -> int:
        """Return the number of the newest publication of an edition; 0 if there is none."""
        numbers = enumerate(self.publications, start=1)
        return max((number for number, (own, _) in numbers if own == edition), default=0)

    def with_publication(self, edition: str) -> Self:
        """Return the ledger with one publication more.

        Its digest is an HMAC-SHA-256 of the ledger as it stands, keyed with all its sums of record
        keys: who has not the secret key knows none of them, and can test no guess at a count.
        """
        secret = b"".join(
            column.keys.astype("<u8").tobytes() for _, column in sorted(self.columns.items())
        )
        text = self.text().encode("utf-8", "surrogatepass")
        digest = hmac.new(secret, text, hashlib.sha256).hexdigest()[:32]
        return replace(self, publications=(*self.publications, (edition, digest)))

    units: Mapping[str, Units] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, Questions]] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write the ledger, readable by its owner alone."""
        return write_file(path, self.text(), private=True)

    def text(self) -> str:
        """Return the ledger as it is written."""
        plain = {
            "about": "CONFIDENTIAL: true and published counts. Keep it beside the secret key.",
            "schema": _SCHEMA,
            "key": self.key,
            "variance": self.variance,
            "corrections": [list(each) for each in self.corrections],
            "publications": [list(each) for each in self.publications],
            "effects": dict(sorted(self.effects.items())),
            "records": {
                edition: {unit: _plain_records(each) for unit, each in own.items()}
                for edition, own in sorted(self.records.items())
            },
            "questions": {
                edition: {unit: _plain_questions(each) for unit, each in own.items()}
                for edition, own in sorted(self.questions.items())
            },
            "units": {unit: known.keys.tolist() for unit, known in sorted(self.units.items())},
            "columns": {name: _plain(column) for name, column in sorted(self.columns.items())},
        }
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n"
        return text.replace('},"', '},\n"')


def _plain_records(records: Records) -> dict[str, Any]:
    digests = b64encode(records.digests.astype("<u8").tobytes()).decode()
    return {"columns": list(records.columns), "digests": digests}


def _records(plain: Mapping[str, Any]) -> Records:
    digests = np.frombuffer(b64decode(plain["digests"], validate=True), dtype="<u8")
    return Records(tuple(map(str, plain["columns"])), digests)


def _plain_questions(questions: Questions) -> dict[str, Any]:
    return {
        "columns": list(questions.columns),
        "keys": b64encode(questions.keys.astype("<u8").tobytes()).decode(),
        "digests": b64encode(questions.digests.astype("<u2").tobytes()).decode(),
    }


def _questions(plain: Mapping[str, Any]) -> Questions:
    columns = tuple(map(str, plain["columns"]))
    keys = np.frombuffer(b64decode(plain["keys"], validate=True), dtype="<u8")
    digests = np.frombuffer(b64decode(plain["digests"], validate=True), dtype="<u2")
    return Questions(columns, keys, digests.reshape(len(keys), len(columns)))


def _plain(column: Column) -> dict[str, Any]:
    cells = zip(column.answers, column.counts.tolist(), column.keys.tolist(), strict=True)
    return {
        "declined": column.declined,
        "hidden": column.hidden,
        "exclusive": column.exclusive,
        **({"units": _packed(column.units)} if column.units else {}),
        **({"like": column.like} if column.like else {}),
        **({"weight": column.weight} if column.weight else {}),
        **({"figures": column.figures} if column.figures and any(column.figures[1]) else {}),
        "cells": {answer: [*counts, *keys] for answer, counts, keys in cells},
    }


def _column(plain: Mapping[str, Any]) -> Column:
    cells, figures = list(plain["cells"].values()), plain.get("figures")
    return Column(
        tuple(map(str, plain["cells"])),
        np.array([cell[:5] for cell in cells], dtype=np.int64).reshape(-1, 5),
        np.array([cell[5:] for cell in cells], dtype=np.uint64).reshape(-1, 2),
        int(plain["declined"]),
        bool(plain["hidden"]),
        bool(plain["exclusive"]),
        _unpacked(plain.get("units", "")),
        str(plain.get("like", "")),
        float(plain.get("weight", 0)),
        (float(figures[0]), tuple(map(float, figures[1]))) if figures else None,
    )


def _packed(units: int) -> str:
    """Return a set of units as text: how many of the first are not in it, and the others."""
    none = (units & -units).bit_length() - 1
    return f"{none}:{units >> none:x}"


def _unpacked(text: str) -> int:
    none, _, others = text.partition(":")
    return int(others, 16) << int(none) if text else 0


@checked(DisclosureError)
def read_ledger(path: Path, *, reports: Iterable[Path] = ()) -> Ledger:
    """Return the ledger in a file; an empty one where nothing was published yet.

    Parameters
    ----------
    path
        The file, usually ``folder / LEDGER_FILE``.
    reports
        Folders in which reports stand: the ledger must know the final ones.

    Raises
    ------
    DisclosureError
        If the file is no ledger, or one of noise that this version does not know; if it is an
        older copy than what was published with its key.
    """
    if not path.exists():
        return Ledger()
    try:
        plain = json.loads(read_file(path))
        columns = {name: _column(each) for name, each in plain["columns"].items()}
        effects = {name: float(value) for name, value in plain["effects"].items()}
        corrections = tuple((str(c), str(d), str(r)) for c, d, r in plain["corrections"])
        publications = tuple((str(e), str(d)) for e, d in plain.get("publications", ()))
        variance = float(plain.get("variance", _UNNAMED_VARIANCE))
        records = {
            edition: {unit: _records(each) for unit, each in own.items()}
            for edition, own in plain.get("records", {}).items()
        }
        questions = {
            edition: {unit: _questions(each) for unit, each in own.items()}
            for edition, own in plain.get("questions", {}).items()
        }
        units = {str(unit): Units(keys) for unit, keys in plain.get("units", {}).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        problem = Problem(
            path.name,
            "a file that is no ledger",
            "the ledger that survey report --final wrote",
            "put it back from where you keep a copy; without it published numbers would be drawn "
            "again, which tells more than either report alone",
        )
        raise DisclosureError("The ledger cannot be used", [problem]) from None
    if variance not in VARIANCES:
        problem = Problem(
            path.name,
            f"counts with a noise of variance {variance:g}",
            f"one of {', '.join(f'{each:g}' for each in sorted(VARIANCES))}",
            "use the version of the package that wrote the ledger: what it published cannot be "
            "printed again with other noise",
        )
        raise DisclosureError("The ledger cannot be used", [problem])
    key = str(plain["key"])
    ledger = Ledger(
        key, columns, effects, corrections, variance, records, publications, units, questions
    )
    refuse_older_ledger(ledger, reports)
    return ledger


def refuse_older_ledger(ledger: Ledger, reports: Iterable[Path]) -> None:
    """Refuse a ledger that lacks a final report which was published with its key.

    Raises
    ------
    DisclosureError
        If one has a higher number than the ledger, or another digest than its number has there.
    """
    digests = dict(enumerate((digest for _, digest in ledger.publications), start=1))
    unknown = [
        f"publication {entry.number} ({entry.report})"
        for folder in dict.fromkeys(map(real_path, reports))
        for entry in noted_in(folder)
        if entry.key == ledger.key and digests.get(entry.number) != entry.digest
    ]
    if unknown:
        problem = Problem(
            LEDGER_FILE,
            f"a ledger of {len(digests)} publications without {', '.join(unknown)}",
            "the ledger that was written when this was published",
            "this is an older copy, or one that was continued elsewhere: put back the newest one. "
            "With this one corrections that wait would be printed, and published columns drawn "
            "anew; see docs/secret-key.md",
        )
        raise DisclosureError("The ledger is not the newest one", [problem])


def refuse_other_key(ledger: Ledger, key: str) -> None:
    """Refuse a ledger that was made with another key than the project has.

    Raises
    ------
    DisclosureError
        If the names of the keys differ; the error says what to do.
    """
    if ledger.key in ("", key):
        return
    problem = Problem(
        LEDGER_FILE,
        f"published counts of {ledger.key} beside the key {key}",
        "the key that the ledger was made with",
        f"put {ledger.key} back from where you keep a copy. If it is lost for good, put the ledger "
        "away, too, and publish no edition again that was published before: numbers drawn with "
        "another key, beside those that readers have, tell more than either",
    )
    raise DisclosureError("The key does not belong to the ledger", [problem])
