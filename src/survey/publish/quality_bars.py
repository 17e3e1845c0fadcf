"""How complete every question is, as bars that need no script."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survey.publish.html import HTML, element, joined
from survey.responses.quality import Section

__all__ = ["bars_of"]

_PARTS = {
    "answered": "answered",
    "refused": "refused",
    "do_not_know": "do not know",
    "not_answered": "left open",
    "lost": "lost by the exporter",
    "not_asked": "not asked",
}


def bars_of(section: Section) -> HTML | str:
    """Return one fold per edition, the newest open, with a bar for each question."""
    table = section.table
    if table.empty:
        return ""
    editions = list(dict.fromkeys(table["edition"]))
    folds = [
        element(
            "details",
            element("summary", f"{edition}: {len(own)} questions"),
            *(_of_unit(own[own["unit"] == unit], unit) for unit in dict.fromkeys(own["unit"])),
            class_="data",
            open=edition == editions[0],
        )
        for edition in editions
        for own in (table[table["edition"] == edition],)
    ]
    return joined(_legend(), *folds)


def _legend() -> HTML:
    keys = [
        element("li", element("span", class_=f"chip part-{name.replace('_', '-')}"), words)
        for name, words in _PARTS.items()
    ]
    return element("ul", *keys, class_="legend")


def _of_unit(table: pd.DataFrame, unit: str) -> HTML:
    base = int(table["base"].max())
    head = ("Question", f"Of {base:,} {unit}s", "Answered", "Of")
    kinds = (None, None, "number", "number")
    cells = [element("th", h, scope="col", class_=k) for h, k in zip(head, kinds, strict=True)]
    rows = [_row(row) for row in table.to_dict("records")]
    body = element("table", element("thead", element("tr", *cells)), element("tbody", *rows))
    return element(
        "div", body, class_="scroll bars", tabindex=0, role="region", aria_label=f"Per {unit}"
    )


def _row(row: dict[Any, Any]) -> HTML:
    share = row["share"]
    said = "" if pd.isna(share) else f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
    return element(
        "tr",
        element("th", str(row["title"]), " ", element("code", str(row["concept"])), scope="row"),
        element("td", _bar(row), class_="bar-cell"),
        element("td", said, class_="number"),
        element("td", f"{row['asked']:,}", class_="number"),
    )


def _bar(row: dict[Any, Any]) -> HTML:
    """Return a bar of what became of the question, and the same in words."""
    base = row["base"] or 1
    parts = [(name, row[name]) for name in _PARTS if row[name]]
    spans = [
        element(
            "span",
            class_=f"part-{name.replace('_', '-')}",
            style=f"width:{100 * count / base:.2f}%",
        )
        for name, count in parts
    ]
    words = ", ".join(f"{count:,} {_PARTS[name]}" for name, count in parts)
    return element("div", *spans, class_="bar", role="img", aria_label=words, title=words)
