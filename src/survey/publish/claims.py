"""The sentences that a survey is quoted for, each from a published table or not at all.

"45 million cores", "12 % of clouds came online this year", "recent releases are gaining
traction": every such sentence is a function that reads protected tables and returns a
:class:`Claim` with the number, its interval, its base and what must be said with it. Where the
table is missing or its number withheld, the claim says that it cannot be made, and why. No number
comes from anywhere but the tables, so that a claim is never more precise than the publication.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from survey.disclosure import Publication
from survey.estimates.table import Estimates, Status
from survey.publish.chart_json import plain
from survey.publish.claims_text import as_markdown
from survey.publish.format import compact, count_text, interval, percent, points, value_text

__all__ = ["Claim", "claims", "write_claims"]

Row = Mapping[str, Any]

_PRODUCTION: Final = "Production / Full Operational Use"
_REASONS: Final = {
    Status.SUPPRESSED: "the number is withheld to protect those who answered",
    Status.NOT_OFFERED: "this edition did not ask for it",
    Status.NOT_COMPARABLE: "the question was worded differently",
    Status.EMPTY: "nobody answered",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence with what it rests on.

    Attributes
    ----------
    name
        Stable identifier.
    text
        The sentence; where it cannot be said, why not.
    said
        Whether it can be said.
    number, low, high
        The number in the sentence and its interval, in the table's own measure.
    base
        What the number rests on, in words.
    caveat
        What must be said with it.
    table
        Name of the table that it was read from.
    """

    name: str
    text: str
    said: bool
    number: float | None = None
    low: float | None = None
    high: float | None = None
    base: str = ""
    caveat: str = ""
    table: str = ""

    def __str__(self) -> str:
        rests = f" ({self.base})" if self.base else ""
        return f"{self.text}{rests}{' ' + self.caveat if self.caveat else ''}"


class _CannotSayError(Exception):
    """Why a claim cannot be made."""


@dataclass(frozen=True)
class _Source:
    """A publication as claims read it."""

    publication: Publication

    @property
    def edition(self) -> str:
        return self.publication.edition

    def table(self, name: str) -> Estimates:
        """Return a table, or say that it is missing."""
        found = self.publication.tables.get(name)
        if found is None:
            raise _CannotSayError(f"the publication has no table {name!r}")
        return found

    def row(self, name: str, edition: str = "", **where: str) -> tuple[Estimates, Row]:
        """Return the one row of a table that may be used, or say why there is none."""
        table = self.table(name)
        wanted = {"edition": edition or self.edition, **where}
        frame = table.frame
        for column, value in wanted.items():
            if column in frame:
                frame = frame[frame[column].astype(str) == value]
        if not len(frame):
            raise _CannotSayError(f"the table {name!r} has no row for {_listed(wanted)}")
        row = _record(frame.iloc[0])
        status = Status(str(row["status"]))
        if not status.has_value or pd.isna(row["value"]):
            raise _CannotSayError(_REASONS.get(status, "there is no number"))
        return table, row

    def changes(self, name: str) -> tuple[Estimates, list[Row]]:
        """Return a table of changes and its clear ones, largest first, or say why there is none."""
        table = self.table(name)
        known = table.frame[table.frame["value"].notna()]
        if "verdict" not in known or not len(known):
            raise _CannotSayError("no change of a single answer may be shown")
        clear = known[known["verdict"].astype(str) == "clear change"]
        clear = clear.sort_values("value", ascending=False, kind="stable")
        return table, [_record(row) for _, row in clear.iterrows()]


def claims(publication: Publication) -> tuple[Claim, ...]:
    """Return every claim, in reading order, those that cannot be made included.

    Parameters
    ----------
    publication
        Protected tables, from :func:`survey.protect`.

    Examples
    --------
    >>> from survey.disclosure import protect
    >>> nothing = protect([], title="OpenStack User Survey", edition="2024")
    >>> print(claims(nothing)[0])
    Total cores: cannot be said, since the publication has no table 'compute_cores_total'.
    """
    return tuple(_claim(name, make, publication) for name, make in _CLAIMS.items())


def _claim(name: str, make: Callable[[_Source], Claim], publication: Publication) -> Claim:
    try:
        return make(_Source(publication))
    except _CannotSayError as reason:
        words = name.replace("_", " ").capitalize()
        return Claim(name, f"{words}: cannot be said, since {reason}.", said=False)


def _made(name: str, text: str, table: Estimates, row: Row, caveat: str = "") -> Claim:
    """Return a claim about the value of a row."""
    low, high = _number(row.get("low")), _number(row.get("high"))
    limits = interval(table, low, high)
    note = f"{percent(table.spec.level)} interval: {limits}. {caveat}" if limits else caveat
    if row["status"] == Status.IMPRECISE:
        note += " The number is imprecise."
    return Claim(
        name,
        text,
        True,
        float(row["value"]),
        low,
        high,
        _base(table, row),
        note.strip(),
        table.name,
    )


def _base(table: Estimates, row: Row) -> str:
    base = _number(row.get("base"))
    return "" if base is None else f"base: {count_text(base, table.spec.unit.value)}"


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) or math.isinf(value) else float(value)


def _total_cores(source: _Source) -> Claim:
    table, row = source.row("compute_cores_total")
    caveat = "A model of what lies inside the bands, over the clouds that answered."
    bound, top = _number(row.get("lower_bound")), _number(row.get("open_top_share"))
    if bound is not None:
        caveat += f" Certain: at least {compact(bound)}."
    if top:
        caveat += f" {percent(top)} of it rests on the band without an upper edge."
    text = f"The clouds in the {source.edition} survey run about {value_text(table, row['value'])}."
    return _made("total_cores", text, table, row, caveat)


def _core_growth(source: _Source) -> Claim:
    before = _edition_before(source, "compute_cores_total")
    table, row = source.row("compute_cores_total")
    _, old = source.row("compute_cores_total", before)
    ratio = row["value"] / old["value"] - 1
    direction = "more" if ratio >= 0 else "fewer"
    text = (
        f"The clouds in the {source.edition} survey run {percent(abs(ratio))} {direction} "
        f"cores than those in the {before} survey did: {compact(row['value'])} after "
        f"{compact(old['value'])}."
    )
    overlap = old["low"] <= row["high"] and row["low"] <= old["high"]
    caveat = "The intervals of the two totals overlap: this could be noise. " if overlap else ""
    caveat += "Other clouds answered each time; this is not the growth of the same clouds."
    return Claim(
        "core_growth", text, True, float(ratio), None, None, _base(table, row), caveat, table.name
    )


def _edition_before(source: _Source, name: str) -> str:
    earlier = [edition for edition in source.table(name).editions if edition < source.edition]
    if not earlier:
        raise _CannotSayError("there is no earlier edition to compare with")
    return earlier[-1]


def _median_cores(source: _Source) -> Claim:
    table, row = source.row("compute_cores_median")
    text = f"The median cloud runs about {value_text(table, row['value'])}."
    band = str(row.get("band") or "")
    return _made("median_cores", text, table, row, f"Certain: the band {band!r}." if band else "")


def _growth_across_sizes(source: _Source) -> Claim:
    table, clear = source.changes("compute_cores_change")
    changed = ", ".join(f"{row['answer']} ({points(row['value'])})" for row in clear)
    text = (
        f"The mix of cloud sizes changed: {changed}."
        if clear
        else f"No size of cloud{_shown(table)} became clearly more or less frequent."
    )
    caveat = "Whether clouds of every size grew cannot be read from shares, which add up to 100 %."
    return Claim(
        "growth_across_sizes",
        text,
        True,
        base=_bases(table),
        caveat=f"{_withheld(table)}{caveat}",
        table=table.name,
    )


def _production(source: _Source) -> Claim:
    if "deployment_stage" in source.publication.tables:
        table, row = source.row("deployment_stage", answer=_PRODUCTION)
        text = f"{percent(row['value'])} of clouds are in production."
        return _made("production", text, table, row)
    table, row = source.row("deployment_stage_change", answer=_PRODUCTION)
    share = _number(row.get("later"))
    if share is None:
        raise _CannotSayError("the share of this edition is not published")
    return Claim(
        "production",
        f"{percent(share)} of clouds are in production.",
        True,
        share,
        base=_base(table, row),
        table=table.name,
    )


def _new_clouds(source: _Source) -> Claim:
    if "new_clouds" in source.publication.tables:
        table, row = source.row("new_clouds")
        return _made("new_clouds", f"{percent(row['value'])} of clouds are new.", table, row)
    table, row = source.row("deployment_year", answer=source.edition)
    text = f"{percent(row['value'])} of clouds came online in {source.edition}."
    return _made(
        "new_clouds",
        text,
        table,
        row,
        "Answers name the year alone; nothing finer can be said of months.",
    )


def _most_used_release(source: _Source) -> Claim:
    table = source.table("releases_in_use")
    known = table.frame[table.frame["value"].notna()].reset_index(drop=True)
    if not len(known):
        raise _CannotSayError("no share may be shown")
    row = _record(known.iloc[int(known["value"].astype(float).argmax())])
    text = f"{row['answer']} is the release that most clouds run: {percent(row['value'])}."
    return _made("most_used_release", text, table, row, "A cloud can run several releases.")


def _release_traction(source: _Source) -> Claim:
    table, clear = source.changes("releases_in_use_change")
    gained = ", ".join(f"{r['answer']} ({points(r['value'])})" for r in clear if r["value"] > 0)
    lost = ", ".join(f"{r['answer']} ({points(r['value'])})" for r in clear if r["value"] < 0)
    text = (f"{gained} gained" if gained else f"No release{_shown(table)} clearly gained") + (
        f"; {lost} lost." if lost else "; none clearly lost."
    )
    new = table.frame["answer"][table.frame["status"].astype(str) == Status.NOT_OFFERED]
    caveat = f"Not offered in both editions: {', '.join(new.astype(str))}." if len(new) else ""
    return Claim(
        "release_traction",
        text,
        True,
        base=_bases(table),
        caveat=_withheld(table) + caveat,
        table=table.name,
    )


def _team_size(source: _Source) -> Claim:
    table, row = source.row("team_size_median")
    text = f"The median cloud is operated by about {value_text(table, row['value'])}."
    return _made("team_size", text, table, row)


def _teams_over_years(source: _Source) -> Claim:
    before = _edition_before(source, "team_size_median")
    table, row = source.row("team_size_median")
    _, old = source.row("team_size_median", before)
    apart = row["high"] < old["low"] or old["high"] < row["low"]
    change = ("smaller" if row["value"] < old["value"] else "larger") if apart else ""
    text = (
        f"Teams are {change} than in {before}: {value_text(table, row['value'])} after "
        f"{compact(old['value'])} in the median."
        if apart
        else f"That teams became smaller or larger since {before} could be noise: "
        f"{value_text(table, row['value'])} after {compact(old['value'])} in the median."
    )
    return _made("teams_over_years", text, table, row)


def _recommendation(source: _Source) -> Claim:
    table, row = source.row("nps_by_edition")
    return _made(
        "recommendation",
        f"The net promoter score is {value_text(table, row['value'])}.",
        table,
        row,
    )


def _record(row: pd.Series[Any]) -> Row:
    return {str(key): value for key, value in row.to_dict().items()}


def _shown(table: Estimates) -> str:
    """Say that answers are missing from the table."""
    return " that is shown" if _withheld(table) else ""


def _bases(table: Estimates) -> str:
    bases = table.frame["base"].dropna()
    return f"base: {count_text(bases.max(), table.spec.unit.value)}" if len(bases) else ""


def _withheld(table: Estimates) -> str:
    gone = int((table.frame["status"].astype(str) == Status.SUPPRESSED).sum())
    return f"{gone} of {len(table)} answers are withheld. " if gone else ""


def _listed(wanted: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in wanted.items())


_CLAIMS: Final[Mapping[str, Callable[[_Source], Claim]]] = {
    "total_cores": _total_cores,
    "core_growth": _core_growth,
    "median_cores": _median_cores,
    "growth_across_sizes": _growth_across_sizes,
    "production": _production,
    "new_clouds": _new_clouds,
    "most_used_release": _most_used_release,
    "release_traction": _release_traction,
    "team_size": _team_size,
    "teams_over_years": _teams_over_years,
    "recommendation": _recommendation,
}


def write_claims(publication: Publication, folder: str | Path) -> tuple[Path, ...]:
    """Write ``claims.md`` for people and ``claims.json`` for programs; return both."""
    found = claims(publication)
    root = Path(folder)
    text, data = root / "claims.md", root / "claims.json"
    text.write_text(as_markdown(publication, found), encoding="utf-8", newline="\n")
    record = {
        "title": publication.title,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "claims": [asdict(claim) for claim in found],
    }
    data.write_text(
        json.dumps(plain(record), ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
        newline="\n",
    )
    return text, data
