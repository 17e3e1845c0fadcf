"""Attack and measure the committed editions with every breakdown.

    python -m tests.attacker.committed --seed 1 [--edition 2024] [--cells 4] [--insiders 4]

Whether three values are left is asked of every small count, over the whole system of margins of
an edition; exact bounds and insiders are tried on some. With ``--edition`` a part is attacked.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.disclosure import Policy, Publication, protect
from survey.disclosure.cuts import classes_of
from survey.estimates import Estimates, share
from survey.project import project_answers, read_project
from survey.publish import write_tables
from survey.responses import Responses
from tests.attacker.measure import Found, attack_tables, print_found, stopping
from tests.attacker.reading import PublishedTable, read_folder

BREAKDOWNS = (
    "deployment_stage",
    "compute_cores",
    "industry",
    "organization_size",
    "region",
    "deployment_region",
)
NEVER = {"is_public", "ok_to_contact", "user_country", "likelihood_to_recommend"}


def tables_of(answers: Responses) -> list[Estimates]:
    """Return every closed question by edition, and by edition and every breakdown."""
    newest = answers.codebook.edition(answers.editions[-1])
    asked = [
        q for q in newest.questions if q.kind.closed and not q.personal and q.concept not in NEVER
    ]
    found = []
    for question in asked:
        name = question.concept
        found.append(share(answers, name, by="edition").named(name, "t"))
        for by in BREAKDOWNS:
            if by == name or (question.unit is Unit.RESPONDENT and by.startswith("deploy")):
                continue
            if question.unit is Unit.RESPONDENT and by == "compute_cores":
                continue
            table = share(answers, name, by=["edition", by]).named(f"{name}_by_{by}", "t")
            found.append(table)
    return found


def utility(tables: list[Estimates], made: Publication) -> dict[str, float]:
    """Return what is left of the numbers: in groups shown, and how far shares moved.

    Every printed share counts, rounded as it is printed, also one of 0 that stays 0 and those in
    groups that are joined; what stands as a limit or is withheld does not.
    """
    exact = {table.name: table for table in tables}
    columns = gone = 0.0
    whole: list[np.ndarray] = []
    small: list[np.ndarray] = []
    for name, table in made.tables.items():
        names = [*table.groups, "answer"]
        both = _exact(exact[name]).merge(
            table.frame[[*names, "base", "value"]], on=names, suffixes=("", "_p")
        )
        apart = 100 * (both["value_p"] - both["value"]).abs().to_numpy(dtype=float)
        base = both["base"].to_numpy(dtype=float)
        if table.groups == ("edition",):
            whole.append(apart[(base >= 280) & np.isfinite(apart)])
            continue
        small.append(apart[(base >= 30) & (base < 60) & np.isfinite(apart)])
        for _, rows in table.frame.groupby([*table.groups], sort=False):
            status = rows["status"].astype(str)
            if status.isin(["empty", "not offered", "not available"]).all():
                continue
            columns += 1
            gone += bool((status == "suppressed").all())
    one, few = np.concatenate(whole), np.concatenate(small)
    return {
        "columns": columns,
        "columns withheld, %": 100 * gone / columns,
        "one-way shares on 280 and more": len(one),
        "  mean move, points": float(one.mean()),
        "  99th percentile": float(np.quantile(one, 0.99)),
        "shares in groups of 30 to 59": len(few),
        "  mean move in them": float(few.mean()),
    }


def _exact(table: Estimates) -> pd.DataFrame:
    """Return exact shares in the groups that are published, small ones joined."""
    classes = classes_of(table, Policy())
    frame = table.frame[[*table.groups, "answer", "count", "base"]].astype({"answer": str})
    for name in table.groups:
        own = classes.get(name, {})
        frame[name] = [own.get(label, label) for label in frame[name].astype(str)]
    found = frame.groupby([*table.groups, "answer"], sort=False, as_index=False).sum()
    return found.assign(value=found["count"] / found["base"].where(found["base"] > 0))


def answers_shown(tables: list[Estimates], made: Publication) -> float:
    """Return which part of a breakdown's answers stands in shown groups, in per cent."""
    shown = every = 0.0
    for table in tables:
        if table.groups == ("edition",) or table.name not in made.tables:
            continue
        classes = classes_of(table, Policy())
        public = made[table.name].frame
        seen = {
            tuple(map(str, key))
            for key, rows in public.groupby([*table.groups], sort=False)
            if not (rows["status"].astype(str) == "suppressed").all()
        }
        for key, rows in table.frame.groupby([*table.groups], sort=False):
            own = tuple(
                classes.get(name, {}).get(str(label), str(label))
                for name, label in zip(table.groups, key, strict=True)
            )
            base = float(rows["base"].max())
            every += base
            shown += base * (own in seen)
    return 100 * shown / every


def main() -> None:
    """Protect, measure, attack, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--edition", action="append", help="editions to attack; all by default")
    asked.add_argument("--cells", type=int, default=4, help="counts with exact bounds, by edition")
    asked.add_argument("--insiders", type=int, default=4, help="of these, counts for insiders")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    answers = project_answers(read_project(".")).answers
    tables = tables_of(answers)
    start = time.process_time()
    made = protect(tables, title="T", edition=answers.editions[-1], answers=answers)
    print(
        f"{len(tables)} tables, {sum(map(len, tables)):,} rows: protected in "
        f"{time.process_time() - start:.1f} s"
    )
    for name, value in utility(tables, made).items():
        print(f"{name:<34} {value:10.2f}")
    print(f"{'answers in shown groups, %':<34} {answers_shown(tables, made):10.2f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write_tables(made, Path(folder) / "tables")
        known = read_folder(Path(folder))
    stopping()
    total = Found()
    try:
        for edition in options.edition or answers.editions:
            start = time.process_time()
            drawn = np.random.default_rng([options.seed, int(edition)])
            own = [of_edition(table, edition) for table in known]
            found = attack_tables(own, answers, drawn, options.cells, options.insiders)
            total = total + found
            took = time.process_time() - start
            print(
                f"{edition}: {found.narrow} of {found.bounded:,} narrow, {took:.0f} s", flush=True
            )
    except KeyboardInterrupt:
        print("stopped")
    print_found(total)


def of_edition(table: PublishedTable, edition: str) -> PublishedTable:
    """Return what a table says of one edition: no count of it tells of another one."""
    return replace(table, cells=tuple(cell for cell in table.cells if cell.key[0] == edition))


if __name__ == "__main__":
    main()
