"""Record every number that the committed exports give: ``python -m tests.snapshot.record OUT``.

OUT is a folder: one JSON file per table, and ``cleaned.json`` with a digest of every column of
the cleaned answers. Compare two such folders with ``python -m tests.snapshot.compare A B``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from survey.estimates import (
    Estimates,
    association,
    compare,
    compare_families,
    crosstab,
    decompose_change,
    distribution,
    growth_above,
    moves,
    new_clouds,
    nps,
    poststratify,
    quantile,
    rank_associations,
    ratio,
    sensitivity,
    share,
    share_where,
    topline,
    total,
    trend,
)
from survey.exports import read_export
from survey.responses import Responses, clean, pool
from survey.topics import standing_tables

ROOT = Path(__file__).resolve().parents[2]
Table = Callable[[], Estimates]


def main(out: Path) -> None:
    """Write the snapshot of the committed exports."""
    out.mkdir(parents=True, exist_ok=True)
    parts = [
        clean(read_export(path), key=b"snapshot" * 4)
        for path in sorted((ROOT / "data/raw").glob("*.csv"))
    ]
    answers = pool(parts)
    write(out / "cleaned.json", digests(answers))
    for name, table in every_table(answers):
        write(out / f"{re.sub('[^a-z0-9_]+', '_', name)}.json", columns_of(table))


def every_table(answers: Responses) -> Iterator[tuple[str, Estimates]]:
    """Yield the standing tables, then one or more tables of each further verb."""
    for place, table in enumerate(standing_tables(answers)):
        yield f"standing_{place:03}_{table.name}", table
    for name, make in further(answers).items():
        yield f"further_{name}", make()
    for name, table in topline(answers, "edition").items():
        yield f"topline_{name}", table


def further(answers: Responses) -> dict[str, Table]:
    """Return tables that the yearly publication lacks."""
    now = answers.in_edition("2024")
    stages = now.deployments["deployment_stage"].dropna().unique()
    targets = {str(name): 1.0 + place for place, name in enumerate(sorted(stages))}
    weights = poststratify(now, "deployment_stage", targets)
    cores, stage = "compute_cores", "deployment_stage"
    return {
        "share_region": lambda: share(now, "hypervisors", by="region", top=4),
        "share_all": lambda: share(answers, cores, by="edition", base="all", copies=True),
        "share_asked": lambda: share(answers, "hypervisors", by="edition", base="asked"),
        "share_organization": lambda: share(now, "deployment_tools", unit="organization"),
        "share_crossed": lambda: share(answers, stage, by=["edition", "region"]),
        "share_weighted": lambda: share(now, cores, weights=weights),
        "share_stacked": lambda: share(now, stage, by="deployment_tools"),
        "share_bootstrap": lambda: share(now, stage, interval="bootstrap"),
        "share_beta": lambda: share(now, stage, interval="beta", cluster=None),
        "share_region_answers": lambda: share(now, "region"),
        "nps_region": lambda: nps(now, by="region"),
        "quantiles": lambda: quantile(answers, cores, [0.1, 0.25, 0.75, 0.9], by="edition"),
        "quantile_organization": lambda: quantile(now, cores, unit="organization"),
        "quantile_weighted": lambda: quantile(now, cores, weights=weights),
        "total_best": lambda: total(now, cores, family="best", replicates=200),
        "total_gamma": lambda: total(now, cores, by=stage, family="gamma", replicates=200),
        "total_weibull": lambda: total(now, cores, family="weibull", replicates=200),
        "total_pareto": lambda: total(now, cores, open_band="pareto", replicates=200),
        "total_gross": lambda: total(now, cores, gross_up=True, replicates=200),
        "total_turnbull": lambda: total(now, cores, family="turnbull", replicates=200),
        "ratio": lambda: ratio(now, cores, "compute_nodes", stage),
        "crosstab": lambda: crosstab(now, [stage, "hypervisors"], ["region", cores]),
        "crosstab_all": lambda: crosstab(
            now,
            [stage, cores],
            ["region"],
            stats=("share", "count", "row share", "total share", "verdict", "letters"),
        ),
        "compare_multiple": lambda: compare(answers, "hypervisors", "2023", "2024"),
        "compare_nps": lambda: compare(
            answers, "likelihood_to_recommend", "2023", "2024", statistic="nps"
        ),
        "compare_median": lambda: compare(answers, cores, "2023", "2024", statistic="median"),
        "compare_total": lambda: compare(answers, cores, "2023", "2024", statistic="total"),
        "compare_mean": lambda: compare(answers, cores, "2023", "2024", statistic="mean"),
        "trend": lambda: trend(answers, "hypervisors"),
        "growth_stage": lambda: decompose_change(answers, cores, "2023", "2024", stage),
        "moves": lambda: moves(answers, cores, "2023", "2024"),
        "growth_above": lambda: growth_above(answers, cores, "2023", "2024", stage),
        "new_clouds": lambda: new_clouds(answers, 12, by="region"),
        "share_where": lambda: share_where(
            answers, "edition", among_at_least={cores: 1000}, at_most={"team_size": 10}
        ),
        "distribution": lambda: distribution(now, cores),
        "families": lambda: compare_families(now, cores),
        "rank_associations": lambda: rank_associations(now, stage),
        "association": lambda: association(now, cores, "compute_nodes"),
        "sensitivity_nps": lambda: sensitivity(now, nps(now)),
    }


def digests(answers: Responses) -> dict[str, str]:
    """Return a digest of every column of both tables, and of the repairs and issues."""
    frames = {
        "respondents": answers.respondents,
        "deployments": answers.deployments,
        "issues": answers.issues,
        "repairs": answers.repairs,
    }
    return {
        f"{name}.{column}": digest(frame[column])
        for name, frame in frames.items()
        for column in frame
    }


def digest(column: pd.Series) -> str:
    words = "\x1f".join("" if value is None else str(value) for value in column.astype(object))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def columns_of(table: Estimates) -> dict[str, object]:
    """Return what a table holds, with numbers written so that they can be read back exactly."""
    columns = {str(name): [plain(value) for value in table.frame[name]] for name in table.frame}
    return {
        "statistic": table.spec.statistic,
        "title": table.title,
        "notes": [str(note) for note in table.notes],
        "columns": columns,
    }


def plain(value: object) -> object:
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return None if value is None or value is pd.NA else str(value)


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
