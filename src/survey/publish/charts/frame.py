"""What every figure shares: title, subtitle with base and unit, notes, hover texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from survey.disclosure import Publication
from survey.estimates.table import Estimates, Status
from survey.publish.format import interval, label, value_text
from survey.publish.theme import LIGHT, Theme

__all__ = ["INTERNAL", "View", "reason", "usable"]

INTERNAL = "internal: not disclosure checked"
_REASONS: Mapping[str, str] = {
    Status.SUPPRESSED: "withheld",
    Status.NOT_OFFERED: "not offered",
    Status.NOT_COMPARABLE: "not comparable",
    Status.EMPTY: "no answers",
}


@dataclass(frozen=True)
class View:
    """A table to be drawn, and how."""

    table: Estimates
    theme: Theme = LIGHT
    protected: bool = False

    @classmethod
    def of(cls, publication: Publication, name: str, theme: Theme = LIGHT) -> View:
        """Return the view of a published table; it is as invented as the publication."""
        table = publication[name]
        sources = (*table.provenance.sources, *publication.provenance.sources)
        provenance = replace(table.provenance, sources=tuple(dict.fromkeys(sources)))
        return cls(replace(table, provenance=provenance), theme, protected=True)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the table as mappings."""
        return [
            {str(key): value for key, value in row.items()}
            for row in self.table.frame.to_dict("records")
        ]

    def figure(
        self,
        traces: Iterable[Any],
        *,
        height: int,
        notes: Iterable[Mapping[str, Any]] = (),
        **layout: Any,
    ) -> go.Figure:
        """Return a figure with the table's title, subtitle and theme.

        ``notes`` are annotations; they are given all at once because Plotly copies the whole
        list whenever one is added.
        """
        title = {
            "text": f"<b>{label(self.table.title, width=78, lines=2)}</b>",
            "subtitle": {
                "text": self.subtitle,
                "font": {"size": 13, "color": self.theme.quiet},
            },
        }
        given = {
            "template": self.theme.template(),
            "title": title,
            "height": height,
            "annotations": list(notes),
            "showlegend": False,
            **layout,
        }
        return go.Figure(data=list(traces), layout=given)

    def note(
        self, text: str, *, quiet: bool = True, size: int = 12, **place: Any
    ) -> dict[str, Any]:
        """Return an annotation without an arrow."""
        colour = self.theme.quiet if quiet else self.theme.ink
        return {"text": text, "showarrow": False, "font": {"size": size, "color": colour}, **place}

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Names of the grouping columns."""
        return self.table.groups

    @cached_property
    def subtitle(self) -> str:
        """Unit, base, edition and interval of the table, and what must be said of it."""
        table = self.table
        parts = [_bases(table), _editions(table)]
        if table.several:
            parts.append("several answers possible")
        if table.frame["low"].notna().any():
            parts.append(f"{table.spec.level * 100:g} % intervals")
        if table.provenance.invented:
            parts.append("invented data")
        if not self.protected:
            parts.append(INTERNAL)
        return " · ".join(part for part in parts if part)

    def hover(self, row: Mapping[str, Any]) -> str:
        """Return what is said about one row when it is pointed at."""
        heading = " · ".join(
            [
                *(label(str(row[group]), width=60) for group in self.groups),
                label(str(row["answer"]), width=60),
            ]
        )
        lines = [f"<b>{heading}</b>", self.figures(row)]
        if pd.notna(row["base"]) and row["status"] != Status.SUPPRESSED:
            counted = f"{int(row['count']):,} of " if pd.notna(row["count"]) else ""
            lines.append(f"{counted}{int(row['base']):,} {self.table.spec.unit.value}s")
        if row["status"] == Status.IMPRECISE:
            lines.append("imprecise: few answers")
        return "<br>".join(line for line in lines if line)

    def figures(self, row: Mapping[str, Any]) -> str:
        """Return value and interval, or why there is none."""
        if not usable(row):
            return reason(row)
        limits = interval(self.table, row["low"], row["high"])
        return value_text(self.table, row["value"]) + (f" ({limits})" if limits else "")

    def whiskers(self, rows: Sequence[Mapping[str, Any]], scale: float = 1.0) -> dict[str, Any]:
        """Return asymmetric error bars from value to low and high."""
        return {
            "type": "data",
            "symmetric": False,
            "thickness": 1.2,
            "width": 3,
            "color": self.theme.whisker,
            "array": [_gap(row["high"], row["value"], scale) for row in rows],
            "arrayminus": [_gap(row["value"], row["low"], scale) for row in rows],
        }


def usable(row: Mapping[str, Any]) -> bool:
    """Whether a row has a value that may be drawn."""
    return Status(row["status"]).has_value and pd.notna(row["value"])


def reason(row: Mapping[str, Any]) -> str:
    """Return why a row has no value."""
    return _REASONS.get(Status(row["status"]), "no value")


def _gap(upper: float, lower: float, scale: float) -> float | None:
    gap = (upper - lower) * scale
    return float(gap) if pd.notna(gap) and gap > 0 else None


def _bases(table: Estimates) -> str:
    shown = table.frame.loc[table.frame["base"].notna(), "base"]
    unit = f"{table.spec.unit.value}s"
    if not len(shown):
        return unit
    low, high = int(shown.min()), int(shown.max())
    return f"{high:,} {unit}" if low == high else f"{low:,} to {high:,} {unit}"


def _editions(table: Estimates) -> str:
    editions = table.editions
    if not editions:
        return ""
    return editions[0] if len(editions) == 1 else f"{editions[0]} to {editions[-1]}"
