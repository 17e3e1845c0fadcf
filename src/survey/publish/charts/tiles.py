"""A map of tiles: a square per country, equally large, so that small countries are seen too.

Squares stand about where countries lie, in five blocks, one for each region of the world. The
places are our own (``data/country-tiles.csv``); nothing is loaded to draw them. The regions are
those of M49, the United Nations' standard.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from survey.codebook.geography import find_country
from survey.dataclass import dataclass
from survey.estimates.table import Estimates, Measure, Status
from survey.publish.charts.canvas import annotation
from survey.publish.charts.gaps import HATCH, KEY
from survey.publish.charts.labels import plain
from survey.publish.charts.traces import Trace, bar, customdata, scatter
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT

__all__ = ["BLOCKS", "ELSEWHERE", "KIND", "Tile", "shade_of", "tiles_of"]

BLOCKS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"Americas": (0, 0), "Europe": (9, 0), "Asia": (19, 0), "Africa": (9, 10), "Oceania": (19, 10)}
)
"""Region -> column and row of its block's corner, on a sheet of 29 columns."""
ELSEWHERE = "Elsewhere"

_COLUMNS, _ROWS, _TILE = 29, 20, 27  # pixels of a tile's height
_LEAST_PLACES = 0.7  # of the answers name a country
_SHADES = len(LIGHT.ordered)


@dataclass(frozen=True, slots=True)
class Tile:
    """A country's square in the block of its region; ``row`` is ``None`` where nobody answered."""

    code: str
    name: str
    region: str
    column: int
    line: int
    row: Row | None


@cache
def _places() -> Mapping[str, tuple[str, int, int]]:
    """Return country code -> region, column and line of its tile."""
    text = files("survey.publish.charts").joinpath("data/country-tiles.csv").read_text("utf-8")
    return MappingProxyType(
        {
            each["code"]: (each["region"], int(each["column"]), int(each["row"]))
            for each in csv.DictReader(text.splitlines())
        }
    )


def tiles_of(rows: Sequence[Row]) -> tuple[Tile, ...]:
    """Return all tiles by region; answers that are no country on the map stand elsewhere.

    Examples
    --------
    >>> (found,) = [tile for tile in tiles_of([]) if tile.code == "SG"]
    >>> found.name, found.region
    ('Singapore', 'Asia')
    """
    answered: dict[str, Row] = {}
    elsewhere: list[Row] = []
    for row in rows:
        country = find_country(row.answer)
        if country is not None and country.code in _places():
            answered[country.code] = row
        else:
            elsewhere.append(row)
    known = [
        Tile(code, _name(code), region, column, line, answered.get(code))
        for code, (region, column, line) in _places().items()
    ]
    others = [Tile("", row.answer, ELSEWHERE, place, 0, row) for place, row in enumerate(elsewhere)]
    return (*known, *others)


def _name(code: str) -> str:
    found = find_country(code)
    return found.name if found else code


def shade_of(row: Row, reach: float) -> int:
    """Return the step of the ramp for a share, where the largest share is ``reach``."""
    return min(_SHADES - 1, int((row.value or 0.0) / reach * _SHADES))


def _suits(shape: Shape) -> bool:
    return False  # bars with intervals come first; a page offers the map beside them


def _offered(shape: Shape, table: Estimates) -> bool:
    return shape.measure is Measure.SHARE and not _refuses(shape, table)


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or shape.groups != 1 or table.groups:
        return "shares of one group"
    rows = rows_of(table)
    named = sum(find_country(row.answer) is not None for row in rows)
    return "" if rows and named >= _LEAST_PLACES * len(rows) else "answers that name countries"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    rows = rows_of(table)
    return tuple(row.answer for row in rows), (Series("", LIGHT.lead, rows),)


def _draw(plan: ChartPlan) -> Drawing:
    """Draw a square per country with its code; the stronger its colour, the larger the share."""
    tiles = tiles_of(plan.rows)
    placed = [tile for tile in tiles if tile.region in BLOCKS]
    reach = max([row.value or 0.0 for row in plan.rows], default=0.0) or 1.0
    shown = [tile for tile in placed if tile.row is not None and tile.row.has_value]
    withheld = [t for t in placed if t.row is not None and t.row.status is Status.SUPPRESSED]
    others = [tile for tile in placed if tile not in shown and tile not in withheld]
    elsewhere = [tile for tile in tiles if tile.region == ELSEWHERE]
    return Drawing(
        KIND.words,
        (
            _squares([], others, [LIGHT.line] * len(others)),
            _squares(
                [hover_of(plan.table, tile.row) for tile in shown if tile.row],
                shown,
                [LIGHT.ordered[shade_of(t.row, reach)] for t in shown if t.row],
            ),
            *([_hatched(plan.table, withheld)] if withheld else []),
            *_codes(placed, reach),
        ),
        _layout(list(_notes(plan.table, elsewhere))),
        "One square per country, about where it lies; stronger colour: larger share. Grey: nobody "
        "named it, or it is not shown.",
        (KEY,) if withheld else (),
    )


def _at(tile: Tile) -> tuple[float, float]:
    column, line = BLOCKS[tile.region]
    return float(column + tile.column), float(line + tile.line + 1)


def _squares(hovers: list[str], tiles: Sequence[Tile], colours: list[str], **given: Any) -> Trace:
    marks = [tile.row for tile in tiles if tile.row is not None]
    places = [_at(tile) for tile in tiles]
    return bar(
        x=[x for x, _ in places],
        y=[0.92] * len(tiles),
        base=[y - 0.46 for _, y in places],
        width=[0.92] * len(tiles),
        marker={"color": colours, "line": {"width": 0}} if colours else HATCH,
        hovertext=hovers or [tile.name for tile in tiles],
        hoverinfo="text",
        customdata=customdata(marks) if len(marks) == len(tiles) else None,
        **{"showlegend": False, **given},
    )


def _hatched(table: Estimates, tiles: Sequence[Tile]) -> Trace:
    hovers = [hover_of(table, tile.row) for tile in tiles if tile.row is not None]
    return _squares(hovers, tiles, [], name=KEY.label)


def _codes(tiles: Sequence[Tile], reach: float) -> Iterator[Trace]:
    """Yield the codes of countries, one trace per colour of text."""
    by_ink: dict[str, list[Tile]] = {}
    for tile in tiles:
        value = tile.row is not None and tile.row.has_value
        shade = shade_of(tile.row, reach) if tile.row is not None and value else -1
        by_ink.setdefault(LIGHT.on(LIGHT.ordered[shade]) if value else LIGHT.quiet, []).append(tile)
    for ink, here in by_ink.items():
        yield scatter(
            x=[_at(tile)[0] for tile in here],
            y=[_at(tile)[1] for tile in here],
            mode="text",
            text=[tile.code for tile in here],
            textfont={"size": 10, "color": ink},
            hoverinfo="skip",
            showlegend=False,
        )


def _notes(table: Estimates, elsewhere: Sequence[Tile]) -> Iterator[dict[str, Any]]:
    for region, (column, line) in BLOCKS.items():
        yield annotation(region, xref="x", yref="y", x=column - 0.5, y=line + 0.02)
    if elsewhere:
        named = [f"{tile.name} {said(table, tile.row)}" for tile in elsewhere if tile.row]
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        yield annotation(
            plain(f"Not on the map: {'; '.join(named[:3])}{more}"),
            xref="paper", yref="paper", x=0, y=0, yanchor="top", yshift=-4,
        )  # fmt: skip


def _layout(notes: list[dict[str, Any]]) -> dict[str, Any]:
    margin = {"l": 12, "r": 12, "t": 6, "b": 22}
    hidden = {"visible": False, "fixedrange": True}
    return {
        "margin": margin,
        "height": _ROWS * _TILE + margin["t"] + margin["b"],
        "xaxis": {**hidden, "range": [-0.55, _COLUMNS - 0.45]},
        "yaxis": {**hidden, "range": [_ROWS - 0.4, -0.4]},
        "barmode": "overlay",
        "annotations": notes,
    }


def _native(plan: ChartPlan) -> Native:
    return Native.NONE


KIND = ChartKind(
    "tiles", "tile map", _suits, _refuses, _arrange, _draw, _native,
    beside="Map", offered=_offered,
)  # fmt: skip
