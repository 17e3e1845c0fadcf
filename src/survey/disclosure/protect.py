"""protect: the one way from estimates to a publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import OPENSTACK, Codebook, read_codebook
from survey.codebook.release_questions import with_release_questions
from survey.disclosure.admission import Admission
from survey.disclosure.cells import BASES, STAYING, counted
from survey.disclosure.fold import folded, stood_for
from survey.disclosure.organizations import Organizations
from survey.disclosure.policy import Policy
from survey.disclosure.primary import RULES, primary_of
from survey.disclosure.publication import Publication, sealing
from survey.disclosure.secondary import protected_by
from survey.disclosure.system import System, build
from survey.disclosure.withhold import rounded, unaudited_gone, without
from survey.errors import DisclosureError, Problem
from survey.estimates.table import Estimates, Status
from survey.provenance import Provenance
from survey.responses import Responses, release_facts

__all__ = ["protect"]

Marks = npt.NDArray[np.bool_]


def protect(
    tables: Iterable[Estimates],
    policy: Policy | None = None,
    *,
    title: str,
    edition: str,
    answers: Responses | None = None,
    codebook: Codebook | None = None,
    labels: Iterable[str] = (),
) -> Publication:
    """Return tables that may be published, protected together.

    Rows that tell too much of too few are withheld by the primary rules of ``policy``; further
    rows are withheld until none of the withheld counts can be worked out from what is left, in
    this table or in another one. What is withheld is missing, never 0, and has the status
    ``suppressed``; nothing says which of the two reasons applied.

    Parameters
    ----------
    tables
        Every table of the publication, as calculated. Tables that are published apart cannot
        be protected from each other.
    policy
        The rules; ``Policy()`` by default.
    title, edition
        What the publication is called, and the edition it is about.
    answers
        The answers behind the tables. When given, counts that rest on too few organizations
        are found, and names of organizations and free texts are looked for in every text.
    codebook
        Lists the labels that may stand in a table; the codebook of ``answers``, or the one
        that comes with the package, by default.
    labels
        Labels that are not in the codebook and no write-ins either.

    Returns
    -------
    Publication
        Copies of the tables; the estimates that were given are not changed.

    Raises
    ------
    DisclosureError
        If a table is about, or grouped by, persons, organizations or free text, if a label is
        not known, if a text holds an e-mail address or the name of an organization, or if two
        tables have the same name. The error lists everything.

    Notes
    -----
    What the protection does *not* cover:

    - Tables of different selections of the answers (production clouds alone, without copies)
      are not subtracted from each other, unless they show the same cells.
    - Of medians, totals and scores, what they tell about counts by a sum is audited. What a
      model's value or an interval may tell to one who fits the model again for every possible
      count is not; rounding is all that stands against it. Ratios are rounded, no more.
    - A reader who knows several respondents, or who reasons about why the *smallest* fitting
      count was withheld, may narrow a count down further than the audit says.
    - Publications of earlier years are not known here.

    References
    ----------
    Hundepool, A. et al. (2012). *Statistical Disclosure Control*. Wiley.

    Examples
    --------
    >>> protect([], title="OpenStack User Survey", edition="2019")
    <Publication 'OpenStack User Survey', edition 2019: 0 tables, 0 rows, 0 withheld>
    """
    rules = policy or Policy()
    given = tuple(tables)
    book = with_release_questions(codebook or (answers.codebook if answers else _shipped()))
    vocabulary = answers.vocabulary if answers else OPENSTACK
    answers = release_facts(answers) if answers else None
    _admit(given, Admission(book, frozenset(labels), answers), title, edition)
    marks = _marks(given, rules, Organizations(answers, edition) if answers else None)
    system = build(given, book, edition, rules.digits)
    first = _first(system, marks, rules)
    withheld = protected_by(system, first, rules, stood_for(system, given, first, book))
    protected = [
        folded(rounded(table, rules.digits), book).coarse(rules.threshold)
        for table in unaudited_gone(list(_withhold(system, given, marks, withheld)))
    ]
    names = _names(given)
    with sealing():
        return Publication(
            title,
            edition,
            {
                name: replace(table, name=name, frame=table.frame.reset_index(drop=True))
                for name, table in zip(names, protected, strict=True)
            },
            rules,
            _audit(names, protected, marks),
            Provenance().merge(*(table.provenance for table in given)).then("protected"),
            vocabulary=vocabulary,
        )


@cache
def _shipped() -> Codebook:
    return read_codebook()


def _admit(tables: Sequence[Estimates], admission: Admission, title: str, edition: str) -> None:
    problems = admission.problems(tables, title, edition)
    problems += [
        Problem(
            name,
            f"{number} tables of this name",
            "a name for each table",
            "table.named(name, topic)",
        )
        for name, number in Counter(table.name for table in tables if table.name).items()
        if number > 1
    ]
    if problems:
        raise DisclosureError("This cannot be published", problems)


def _names(tables: Sequence[Estimates]) -> list[str]:
    """Return the names of the tables; one without gets its number."""
    return [table.name or f"table_{number}" for number, table in enumerate(tables, start=1)]


def _marks(
    tables: Sequence[Estimates], policy: Policy, organizations: Organizations | None
) -> list[dict[str, pd.DataFrame]]:
    """Return, per table, column of counts -> which rows fall under which rule."""
    found = []
    for table in tables:
        pairs = counted(table)
        behind = [organizations.behind(table, pair) if organizations else None for pair in pairs]
        found.append(
            {
                pair.count: primary_of(table, pair, policy, known)
                for pair, known in zip(pairs, behind, strict=True)
            }
            or {"value": primary_of(table, None, policy)}
        )
    return found


def _first(system: System, marks: Sequence[Mapping[str, pd.DataFrame]], policy: Policy) -> set[int]:
    """Return the cells that the primary rules withhold.

    A count of units below the threshold for cells is withheld wherever it stands, as a base,
    too; a base between the two thresholds may be known, only not what is in it.
    """
    rows = [{column: _any(mark) for column, mark in each.items()} for each in marks]
    found = {cell for cell in system.left_out if _small(system.values[cell], policy)}
    for cell, places in enumerate(system.places):
        for place in places:
            withheld = (
                _small(system.values[cell], policy)
                if place.column in STAYING
                else rows[place.table][place.column][place.row]
            )
            if withheld:
                found.add(cell)
    return found


def _small(count: float, policy: Policy) -> bool:
    return 0 < count < policy.cell_threshold


def _any(mark: pd.DataFrame) -> Marks:
    return np.asarray(mark.to_numpy(dtype=bool).any(axis=1))


def _withhold(
    system: System,
    tables: Sequence[Estimates],
    marks: Sequence[Mapping[str, pd.DataFrame]],
    withheld: set[int],
) -> Iterator[Estimates]:
    """Yield each table without the rows, bases and refusals that are withheld."""
    rows = [_any(pd.concat(list(each.values()), axis=1)) for each in marks]
    emptied = [{name: np.zeros(len(row), dtype=bool) for name in STAYING} for row in rows]
    for place in (place for cell in withheld for place in system.places[cell]):
        if place.column in STAYING:
            emptied[place.table][place.column][place.row] = True
        if place.column in BASES or place.column not in STAYING:
            rows[place.table][place.row] = True
    for table, row, columns in zip(tables, rows, emptied, strict=True):
        yield without(table, row, columns)


def _audit(
    names: Sequence[str],
    tables: Sequence[Estimates],
    marks: Sequence[Mapping[str, pd.DataFrame]],
) -> pd.DataFrame:
    """Return one row per table: cells, what was withheld and why."""
    found = []
    for name, table, by_column in zip(names, tables, marks, strict=True):
        gone = (table.frame["status"].astype(str) == Status.SUPPRESSED).to_numpy()
        rows = table.frame.index
        rules = {
            rule: gone
            & np.any([mark[rule].to_numpy()[rows] for mark in by_column.values()], axis=0)
            for rule in RULES
        }
        by_rule = int(np.any(list(rules.values()), axis=0).sum())
        found.append(
            {
                "table": name,
                "cells": len(table),
                "withheld": int(gone.sum()),
                "by_rule": by_rule,
                "to_protect_others": int(gone.sum()) - by_rule,
                **{rule: int(mark.sum()) for rule, mark in rules.items()},
            }
        )
    columns = ["table", "cells", "withheld", "by_rule", "to_protect_others", *RULES]
    return pd.DataFrame(found, columns=columns)
