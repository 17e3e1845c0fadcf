"""Publications made by hand for the tests of the workbook, named by the shape of their tables.

Shares of the 2021 edition are the published ones; all other numbers are made up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from survey.codebook import Unit
from survey.disclosure.policy import Policy
from survey.disclosure.publication import Publication, sealing
from survey.estimates.notes import RANDOM_DRAW
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Spec
from survey.provenance import Provenance, Source

EDITIONS = ("2019", "2020", "2021", "2022", "2023", "2024")
BANDS = (
    "1-9 cores",
    "10-99 cores",
    "100-999 cores",
    "1,000-9,999 cores",
    "10,000-99,999 cores",
    "100,000-999,999 cores",
    "1,000,000 cores or more",
)
BANDS_2021 = (0.06, 0.17, 0.28, 0.29, 0.13, 0.06, 0.01)
RELEASES_2021 = {
    "Trunk": 0.04, "Wallaby": 0.08, "Victoria": 0.16, "Ussuri": 0.18, "Train": 0.28,
    "Stein": 0.12, "Rocky": 0.14, "Queens": 0.11, "Pike": 0.07, "Ocata": 0.08, "Newton": 0.05,
    "Mitaka": 0.07, "Liberty": 0.02, "Kilo": 0.02,
}  # fmt: skip
STAGES_2021 = {"Production": 0.79, "Under development": 0.13, "Proof of concept": 0.08}
LONG_LABEL = (
    "We rebuild the whole control plane from our own packages every night, and upgrade all "
    "compute nodes during the same week."
)
ODD_LABELS = (
    "=cmd()", "+1 555", "-1", "@here", "中国移动通信集团", "<b>bold</b> & co", LONG_LABEL,
    "#N/A", "bell\x07", "_x0041_", "TRUE", "2024", "line\nbreak", "it's",
)  # fmt: skip
INVENTED = Provenance(
    (Source("Survey_2024.csv", 512_345, "9f" * 32, invented=True),),
    ("2019", "2024 (assumed)"),
    ("read", "repaired 212 cells", "left out 9 copied deployments"),
)
REAL = Provenance((Source("Survey_2021.csv", 812_345, "0a" * 32),), ("2021 (assumed)",), ("read",))


def interval(share: float, base: float) -> tuple[float, float]:
    """Return the Wilson interval, as any share of a publication has one."""
    z = 1.959964
    middle = (share + z * z / (2 * base)) / (1 + z * z / base)
    half = z / (1 + z * z / base) * math.sqrt(share * (1 - share) / base + z * z / 4 / base**2)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_row(
    answer: str, share: float, base: float, status: str = "ok", **groups: str
) -> dict[str, Any]:
    low, high = interval(share, base)
    usable = status in ("ok", "imprecise")
    figures: dict[str, Any] = {
        "count": round(share * base), "base": base, "value": share, "low": low, "high": high,
    }  # fmt: skip
    if not usable:
        figures |= dict.fromkeys(("count", "value", "low", "high"), math.nan)
    return {**groups, "answer": answer, **figures, "status": status}


def table(
    name: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    topic: str = "sizes",
    title: str = "",
    by: Sequence[str] = (),
    measure: Measure = Measure.SHARE,
    several: bool = False,
    statistic: str = "share",
    counts: str = "",
    notes: Sequence[str] = (),
    provenance: Provenance = REAL,
) -> Estimates:
    frame = pd.DataFrame(list(rows), columns=None)
    if frame.empty:
        frame = pd.DataFrame(columns=[*by, *CORE_COLUMNS])
    spec = Spec(
        statistic, name, tuple(by), Unit.DEPLOYMENT, method="Wilson, organizations as clusters",
        counts=counts,
    )  # fmt: skip
    return Estimates(
        frame, spec, provenance, measure, title or name, several, name, topic, tuple(notes)
    )


def publication(
    *tables: Estimates, edition: str = "2024", provenance: Provenance = REAL
) -> Publication:
    tables_by_name = {each.name: each for each in tables}
    with sealing():
        return Publication("OpenStack User Survey", edition, tables_by_name, Policy(), provenance)


def bands_by_edition() -> Estimates:
    """Seven bands over six editions; one withheld, one imprecise, one edition without the top."""
    rows = []
    for step, edition in enumerate(EDITIONS):
        for place, (band, share) in enumerate(zip(BANDS, BANDS_2021, strict=True)):
            status = "ok"
            if (edition, place) in (("2019", 6), ("2019", 5)):
                status = "suppressed"
            elif (edition, place) == ("2020", 6):
                status = "not offered"
            elif place == 6:
                status = "imprecise"
            moved = share + 0.008 * (step - 2) * (place - 3) / 3
            rows.append(
                share_row(band, max(moved, 0.004), 212.0 + 11 * step, status, edition=edition)
            )
    note = "Bands of the editions before 2020 end at 100,000 cores or more."
    return table(
        "compute_cores_by_edition", rows, by=("edition",),
        notes=(RANDOM_DRAW, note, "Copies left out: 9."),
        title="Compute cores of each deployment, by edition",
    )  # fmt: skip


def releases_by_edition() -> Estimates:
    """A question with several answers over editions, releases not offered before they existed."""
    rows = []
    for step, edition in enumerate(EDITIONS):
        for place, (release, share) in enumerate(RELEASES_2021.items()):
            offered = place == 0 or place >= 6 - 2 * step
            moved = max(0.01, share + 0.03 * (step - 2) * (1 if place < 4 else -0.5))
            status = "ok" if offered else "not offered"
            rows.append(share_row(release, moved, 240.0, status, edition=edition))
    return table(
        "releases_by_edition", rows, by=("edition",), several=True, topic="releases",
        title="OpenStack releases in use, by edition", notes=("Copies left out: 9.",),
    )  # fmt: skip


def releases_ungrouped() -> Estimates:
    rows = [share_row(release, share, 235.0) for release, share in RELEASES_2021.items()]
    return table(
        "releases_in_use", rows, several=True, topic="releases",
        title="OpenStack releases in use, 2021",
    )  # fmt: skip


def projects_matrix() -> Estimates:
    """Forty-nine projects, the rarest withheld."""
    rows = []
    for place in range(49):
        share = 0.95 * (1 - place / 52) ** 2
        status = "suppressed" if place >= 47 else "imprecise" if place >= 44 else "ok"
        rows.append(share_row(f"Project {place + 1:02d}", share, 254.0, status))
    return table(
        "projects_used", rows, several=True, topic="landscape", title="Projects used in production"
    )


def stage_by_region() -> Estimates:
    regions = ("Africa", "Americas", "Asia", "Europe", "Oceania")
    rows = [
        share_row(stage, share, 90.0, "suppressed" if region == "Oceania" else "ok", region=region)
        for region in regions
        for stage, share in STAGES_2021.items()
    ]
    return table("stage_by_region", rows, by=("region",), title="Stage of deployments, by region")


def drivers_by_size() -> Estimates:
    rows = [
        share_row(driver, share + 0.1 * step, 130.0, size=size)
        for step, size in enumerate(("Under 1,000 cores", "1,000 cores or more"))
        for driver, share in {
            "OVN": 0.3,
            "Open vSwitch": 0.45,
            "Linux bridge": 0.2,
            "Other": 0.05,
        }.items()
    ]
    return table(
        "network_drivers_by_size", rows, by=("size",), several=True, topic="landscape",
        title="Network drivers, by size of deployment",
    )  # fmt: skip


def score_by_edition() -> Estimates:
    rows = [
        {
            "edition": edition, "answer": "Net promoter score", "count": 100.0 + 4 * step,
            "base": 200.0 + 9 * step, "value": 26.0 + 3 * step, "low": 14.0 + 3 * step,
            "high": 37.0 + 3 * step, "status": "ok",
        }
        for step, edition in enumerate(EDITIONS)
    ]  # fmt: skip
    return table(
        "net_promoter_score", rows, by=("edition",), measure=Measure.SCORE, topic="people",
        title="Would you recommend OpenStack? Net promoter score, by edition", statistic="score",
    )  # fmt: skip


def totals_by_edition() -> Estimates:
    """Totals with their hard bounds; the first edition is withheld, the open top has no limit."""
    rows: list[dict[str, Any]] = []
    for step, edition in enumerate(EDITIONS):
        value = 8_400_000.0 * 1.4**step
        row = {
            "edition": edition, "answer": "all bands", "count": math.nan, "base": 212.0 + 11 * step,
            "value": value, "low": 0.7 * value, "high": 1.6 * value, "status": "ok",
            "lower_bound": 0.5 * value, "upper_bound": math.inf, "open_top_share": 0.41,
        }  # fmt: skip
        if step == 0:
            row |= dict.fromkeys(
                ("value", "low", "high", "lower_bound", "upper_bound", "open_top_share"), math.nan
            )
            row["status"] = "suppressed"
        rows.append(row)
    return table(
        "total_cores", rows, by=("edition",), measure=Measure.NUMBER, statistic="total",
        counts="cores", title="Compute cores in all deployments, by edition",
    )  # fmt: skip


def differences() -> Estimates:
    verdicts = ("clear change", "could be noise", "not comparable")
    rows: list[dict[str, Any]] = []
    for place, (band, share) in enumerate(zip(BANDS, BANDS_2021, strict=True)):
        verdict = verdicts[place % 3]
        usable = verdict != "not comparable"
        change = (share - 0.13) / 2
        rows.append(
            {
                "answer": band, "count": math.nan, "base": 267.0,
                "value": change if usable else math.nan,
                "low": change - 0.05 if usable else math.nan,
                "high": change + 0.05 if usable else math.nan,
                "status": "ok" if usable else "not comparable",
                "p": 0.012 * (place + 1) if usable else math.nan,
                "verdict": verdict,
            }
        )  # fmt: skip
    return table(
        "compute_cores_change", rows, measure=Measure.DIFFERENCE, statistic="compare",
        title="Compute cores of each deployment, change from 2023 to 2024",
        notes=("False discoveries are controlled over the seven bands (Benjamini-Hochberg).",),
    )  # fmt: skip


def odd_labels() -> Estimates:
    rows = [share_row(label, 0.05 * (place + 1), 120.0) for place, label in enumerate(ODD_LABELS)]
    return table(
        "odd labels: [a/b]*?", rows, several=True, topic="landscape",
        title="=cmd() as a title, with <b>markup</b> and the operator's 中国移动 & co",
        notes=("=HYPERLINK(1)", "Copies left out: 9."),
    )  # fmt: skip


def projects_by_level() -> Estimates:
    """A matrix as estimates give it: items and levels joined in the answer, and diagnostics."""
    rows = []
    for place, item in enumerate(("Keystone (Identity)", "Nova (Compute)", "Zun (Containers)")):
        for step, level in enumerate(("Production", "Testing", "Interested")):
            status = "suppressed" if (place, step) == (2, 2) else "ok"
            share = 0.4 / (1 + abs(place - 1)) / (1 + step)
            row = share_row(f"{item} / {level}", share, 254.0, status)
            rows.append(
                {**row, "deff": 1.2, "imprecise_because": None, "item": item, "level": level}
            )
    return table(
        "projects_by_level", rows, several=True, topic="landscape", title="Projects, by level"
    )


def nothing_left() -> Estimates:
    """Every row without a value: suppressed, not offered, not comparable, empty."""
    statuses = ("suppressed", "not offered", "not comparable", "empty")
    rows = [share_row(status.capitalize(), 0.2, 5.0, status) for status in statuses]
    return table("nothing_left", rows, topic="people", title="A table of which nothing is left")


def no_rows() -> Estimates:
    return table("no_rows", [], by=("edition",), topic="people", title="A table without rows")


def everything(provenance: Provenance = INVENTED) -> Publication:
    return publication(
        bands_by_edition(), totals_by_edition(), differences(), stage_by_region(),
        releases_by_edition(), releases_ungrouped(), projects_matrix(), drivers_by_size(),
        score_by_edition(), odd_labels(), nothing_left(), no_rows(),
        projects_by_level(),
        provenance=provenance,
    )  # fmt: skip
