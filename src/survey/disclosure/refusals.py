"""What cannot be published, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NoReturn

from survey.disclosure.ledger.ledger_file import LEDGER_FILE, Ledger
from survey.disclosure.policy import Policy, Profile
from survey.errors import DisclosureError, Problem, did_you_mean
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation

__all__ = [
    "refuse_final",
    "refuse_unknown_corrections",
    "refuse_unknown_design",
    "refuse_without_keys",
]


def refuse_unknown_design(table: Estimates) -> NoReturn:
    """Refuse a table that does not know how it was counted."""
    problem = Problem(
        table.name or table.title,
        "a table that does not know who was counted",
        "a table as a verb returned it",
        "pass the tables of share(), median(), ... and the topics as they are",
    )
    raise DisclosureError("This cannot be published", [problem])


def refuse_without_keys(table: Estimates, cells: Tabulation) -> None:
    """Refuse counts of records that have no keys: they can have no noise."""
    if ((cells.count > 0) & (cells.count_keys == 0)).any():
        problem = Problem(
            table.name or table.title,
            "records without keys",
            "answers whose records have keys",
            "clean the exports again: clean(exports, key=...) gives every record its key",
        )
        raise DisclosureError("This cannot be published", [problem])


def refuse_final(policy: Policy, ledger: Ledger | None, editions: Iterable[str]) -> None:
    """Refuse to publish what must not be final.

    Parameters
    ----------
    policy
        Exact and complete counts are never published.
    ledger
        What was published before: exact counts are not published of what was published with
        perturbed ones, and nothing without the name of a key. None before it is read.
    editions
        All that have answers: a report has earlier editions in it, too.

    Raises
    ------
    DisclosureError
        If it must not be final; the error says what to do.
    """
    if policy.profile is Profile.INTERNAL:
        hint = 'leave --final out, or write profile = "protected" into [policy]'
        problem = Problem("--final", "the profile internal", "a profile for publication", hint)
        raise DisclosureError("Exact counts are never published", [problem])
    if ledger is None:
        return
    if not ledger.key:
        hint = "name it: Register(replace(read_ledger(path), key=key_name(key)), final=True)"
        problem = Problem(
            "the ledger", "no name of a key", "the key that noise is drawn with", hint
        )
        raise DisclosureError("Nothing is published without a key", [problem])
    published = [
        each for each in sorted(editions) if any(f"|{each}|" in name for name in ledger.columns)
    ]
    if published and policy.profile is Profile.THRESHOLD:
        problem = Problem(
            "[policy] profile",
            f"'threshold', although {LEDGER_FILE} has perturbed counts of {', '.join(published)}",
            "the profile of what was published",
            'write profile = "protected": whoever has both reports would know the noise; for '
            "exact counts of your own leave --final out, and add --out drafts",
        )
        raise DisclosureError("Exact counts never replace published ones", [problem])


def refuse_unknown_corrections(
    corrections: Collection[str], ledger: Ledger, tables: Sequence[Estimates]
) -> None:
    """Refuse to correct a question of which nothing would be drawn anew.

    Raises
    ------
    DisclosureError
        If no table is about one of them, and none was that was published.
    """
    known = {table.spec.concept for table in tables}
    known |= {name.split("|")[1] for name in ledger.columns}
    problems = [
        Problem("--correct", repr(concept), "a question of a table", did_you_mean(concept, known))
        for concept in corrections
        if concept not in known
    ]
    if problems:
        raise DisclosureError("Nothing can be corrected like that", problems)
