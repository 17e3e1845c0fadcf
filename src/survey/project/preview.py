"""The preview: what a publication will be, for those who decide on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.dataclass import dataclass
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.disclosure.ledger.register import Register
from survey.disclosure.publication import Publication
from survey.disclosure.release_plan import Fate, PlannedTable
from survey.errors import ProjectError
from survey.estimates.shares.selection import REST
from survey.estimates.table import Estimates, Measure
from survey.responses import ANOTHER

__all__ = ["Preview", "preview"]


@dataclass(frozen=True)
class Preview:
    """What will be published, what not, and what the noise does. For the owner alone.

    Attributes
    ----------
    plan
        The release plan: what becomes of every table, and why.
    noise
        One row per table of shares: how many of its rows can be compared with the exact ones,
        and by how much they differ, in percentage points.
    waiting
        Columns whose corrections wait for more changes -> how many answers changed so far.
    redrawn
        Published columns that would be drawn anew: numbers that readers know would change.
    changes
        Every published count that would change: column, answer, count before and now; nothing
        where it does not stand.
    held
        Columns that are new and wait, as few records of an edition changed since it was published.
    changed
        Edition, unit and number of these records.
    few
        Edition, question and number of the answers to it that changed, where these records are not
        few, but those with another answer to the question are.
    """

    plan: tuple[PlannedTable, ...]
    noise: pd.DataFrame
    waiting: tuple[tuple[str, int], ...]
    redrawn: tuple[str, ...]
    changes: tuple[tuple[str, str, int | None, int | None], ...] = ()
    held: tuple[str, ...] = ()
    changed: tuple[tuple[str, str, int], ...] = ()
    few: tuple[tuple[str, str, int], ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield the preview in words."""
        for fate in Fate:
            tables = [entry for entry in self.plan if entry.fate is fate]
            yield f"{len(tables)} tables {_FATES[fate]}"
            if fate is not Fate.PUBLISHED:
                yield from (f"  {entry.title or entry.name}: {entry.reason}" for entry in tables)
        for entry in self.plan:
            for name, labels in entry.joined:
                yield f"  {entry.name}: {', '.join(labels)} stand together as {name!r}"
            if entry.withheld and entry.fate is Fate.PUBLISHED:
                yield f"  {entry.name}: too small to show: {', '.join(entry.withheld)}"
        if len(self.noise):
            mean, most = self.noise["mean"].mean(), self.noise["largest"].max()
            yield f"Noise moves shares by {mean:.1f} points on average, by {most:.0f} at most."
        yield f"{len(self.redrawn)} published columns would change."
        for name in self.redrawn:
            yield f"  {name}"
            yield from (
                f"    {answer}: {_count(before)} before, {_count(after)} now"
                for column, answer, before, after in self.changes
                if column == name
            )
        yield f"{len(self.waiting)} columns have corrections that wait."
        yield from (f"  {name}: {changed} answers changed" for name, changed in self.waiting)
        yield f"{len(self.held)} columns are new and wait."
        yield from (f"  {name}" for name in self.held)
        yield from (f"  {said}" for said in self.why_held())

    def why_held(self) -> Iterator[str]:
        """Yield why new columns wait, and what to do; nothing where none does."""
        if self.held:
            records = [f"{number} {unit}s of {edition}" for edition, unit, number in self.changed]
            records += [
                f"{n} answers to {concept} of {edition}" for edition, concept, n in self.few
            ]
            yield (
                f"At least {', '.join(records)} differ from what was published. A new column "
                "beside those that are printed again would tell how."
            )
            yield (
                f"Let them wait until {ENOUGH} of each changed; or publish without "
                "the correction; or draw a question at once, which tells more of the changed "
                "records: survey report --final --correct CONCEPT --reason WHY."
            )

    def record(self) -> dict[str, Any]:
        """Return the preview as plain values, for JSON."""
        return {
            "plan": [entry.record() for entry in self.plan],
            "noise": self.noise.to_dict("records"),
            "waiting": dict(self.waiting),
            "redrawn": list(self.redrawn),
            "held": list(self.held),
            "changes": [
                dict(zip(("column", "answer", "before", "now"), each, strict=True))
                for each in self.changes
            ],
        }


_FATES = {
    Fate.PUBLISHED: "will be published",
    Fate.WITHHELD: "are withheld",
    Fate.INTERNAL: "stay internal",
}


@checked(ProjectError)
def preview(tables: Iterable[Estimates], publication: Publication, register: Register) -> Preview:
    """Return what a publication will be.

    Parameters
    ----------
    tables
        The tables as calculated.
    publication, register
        What :func:`survey.protect` made of them, with the register that it was given.

    Examples
    --------
    >>> from survey.disclosure import protect
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> table, register = share(answers(), "deployment_stage").named("stage", "sizes"), Register()
    >>> made = protect(
    ...     [table], title="Survey", edition="2019", answers=answers(), register=register
    ... )
    >>> next(preview([table], made, register).lines())
    '1 tables will be published'
    """
    exact = {table.name: table for table in tables}
    classes = {e.name: frozenset(name for name, _ in e.joined) for e in publication.plan}
    noise = [
        {"table": name, **found}
        for name, table in publication.tables.items()
        if table.measure is Measure.SHARE
        and (found := _moved(exact[name], table, classes.get(name, frozenset())))
    ]
    columns = ["table", "rows", "mean", "largest"]
    return Preview(
        publication.plan,
        pd.DataFrame(noise, columns=columns),
        tuple(sorted(register.waiting.items())),
        tuple(register.redrawn),
        tuple(_changes(register)),
        tuple(sorted(name for name, tables in register.held.items() if tables)),
        tuple(
            (edition, unit, number)
            for edition, units in sorted(register.changed.items())
            for unit, number in units.items()
            if 0 < number < ENOUGH
        ),
        tuple(
            (edition, question, number)
            for edition, questions in sorted(register.few.items())
            if not any(0 < n < ENOUGH for n in register.changed.get(edition, {}).values())
            for question, number in sorted(questions.items())
        ),
    )


def _changes(register: Register) -> Iterator[tuple[str, str, int | None, int | None]]:
    """Yield every published count that would change."""
    for name in register.redrawn:
        before, now = register.ledger.columns[name], register.used[name]
        for answer in dict.fromkeys((*before.answers, *now.answers)):
            counts = tuple(
                int(column.counts[column.places[answer], 0]) if answer in column.places else None
                for column in (before, now)
            )
            if counts[0] != counts[1]:
                yield name, answer, counts[0], counts[1]


def _count(count: int | None) -> str:
    return "none" if count is None else f"{count:,}"


def _moved(exact: Estimates, public: Estimates, classes: frozenset[str]) -> dict[str, float]:
    """Return by how many points shares of the same answers and groups differ in both tables.

    What stands for the rest of the answers is another rest where the tables show other answers,
    and a class may have the name of one of its groups.
    """
    names = [*exact.groups, "answer"]
    both = exact.frame[[*names, "value"]].merge(
        public.frame[[*names, "value"]], on=names, suffixes=("", "_public")
    )
    same = set(exact.frame["answer"]) == set(public.frame["answer"])
    alike = ~both["answer"].isin([] if same else [REST, ANOTHER])
    alike &= ~both[list(exact.groups)].isin(classes).any(axis=1)
    both = both[alike]
    apart = 100 * (both["value_public"] - both["value"]).abs().dropna().to_numpy(dtype=float)
    if not len(apart):
        return {}
    return {
        "rows": len(apart),
        "mean": round(float(np.mean(apart)), 2),
        "largest": round(float(np.max(apart)), 2),
    }
