"""Fold: a class stands in for bands of which some had to be withheld."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd

from survey.codebook import Codebook, Unit
from survey.disclosure.cells import nets_of
from survey.disclosure.system import Place, System
from survey.estimates.places import REGION_OF
from survey.estimates.table import Estimates, Status

__all__ = ["JOINED", "folded", "stood_for"]

_COUNTS = frozenset({"count", "earlier_count"})
JOINED = "Bands that hold too few answers to be shown are joined."


def stood_for(
    system: System, tables: Sequence[Estimates], withheld: Collection[int], codebook: Codebook
) -> set[int]:
    """Return the cells that will go because a stand-in takes the place of one that is withheld.

    They protect it, so that nothing else may have to go.

    Parameters
    ----------
    system
        Cells of ``tables``, and where they stand.
    tables
        Estimates, before anything is withheld.
    withheld
        Cells that are withheld already.
    codebook
        Says which answers a net joins.
    """
    joined = [_joined(table, codebook) for table in tables]
    found = {
        (place.table, joined[place.table][answer])
        for cell in withheld
        for place in system.places[cell]
        if (answer := _answer(tables, place)) in joined[place.table] and place.column in _COUNTS
    }

    def goes(place: Place) -> bool:
        return (place.table, joined[place.table].get(_answer(tables, place))) in found

    return {
        cell
        for cell, places in enumerate(system.places)
        if places and all(place.column in _COUNTS and goes(place) for place in places)
    }


def _joined(table: Estimates, codebook: Codebook) -> dict[str, str]:
    """Return answer -> the stand-in that joins it."""
    nets = nets_of(table, codebook) if table.stand_ins else {}
    return {member: name for name in table.stand_ins for member in nets[name]}


def _answer(tables: Sequence[Estimates], place: Place) -> str:
    return str(tables[place.table].frame["answer"].iloc[place.row])


def folded(table: Estimates, codebook: Codebook) -> Estimates:
    """Return ``table`` with each of its stand-ins, or with the answers that it stands for.

    A stand-in takes the place of its answers, in every group, where any of them is withheld in
    any group; else it goes. The index of the frame says which rows are left.

    Parameters
    ----------
    table
        Estimates from which rows were withheld.
    codebook
        Says which questions have one answer.
    """
    if not table.stand_ins:
        return table
    nets = nets_of(table, codebook)
    answers = table.frame["answer"].astype(str)
    withheld = set(answers[table.frame["status"].astype(str) == Status.SUPPRESSED])
    standing = [name for name in table.stand_ins if withheld & {name, *nets[name]}]
    gone = {name for name in table.stand_ins if name not in standing}
    gone |= {member for name in standing for member in nets[name]}
    kept = {name: members for name, members in nets.items() if name not in table.stand_ins}
    frame = _in_place(table, {name: nets[name] for name in standing}, gone)
    options = dict(table.spec.options)
    options.pop("nets", None)
    if kept or standing:
        options["nets"] = kept | {name: nets[name] for name in standing}
    spec = replace(table.spec, options=tuple(sorted(options.items())))
    whole = _one_answer(table, codebook) and not kept
    table = replace(table, frame=frame, spec=spec, several=table.several and not whole)
    return table.noted(JOINED) if standing else table


def _in_place(
    table: Estimates, standing: dict[str, tuple[str, ...]], gone: set[str]
) -> pd.DataFrame:
    """Return the rows that stay; those of a stand-in where its answers stood."""
    answers = table.frame["answer"].astype(str)
    order = list(dict.fromkeys(answers))
    place = {answer: float(order.index(answer)) for answer in order}
    place |= {
        name: min(place[member] for member in members if member in place) - 0.5
        for name, members in standing.items()
    }
    groups = [key for key, _ in table.per_group()]
    keys = table.frame[list(table.groups)].itertuples(index=False, name=None)
    group = [groups.index(key) for key in keys] if table.groups else [0] * len(answers)
    rows = sorted(
        (number for number, answer in enumerate(answers) if answer not in gone),
        key=lambda number: (group[number], place[answers.iloc[number]]),
    )
    return table.frame.iloc[rows]


def _one_answer(table: Estimates, codebook: Codebook) -> bool:
    source = REGION_OF.get(table.spec.concept, table.spec.concept)
    one = source in codebook.concepts and not codebook.question(source).kind.several
    return one and table.spec.unit is not Unit.ORGANIZATION
