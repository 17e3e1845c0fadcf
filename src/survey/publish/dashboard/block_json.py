"""The JSON of a block, which the pages draw and a web team can use; see docs/block-json.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.publish.charts.canvas import meta_of
from survey.publish.charts.registry import drawing_of, plan_of
from survey.publish.charts.tiles import shade_of, tiles_of
from survey.publish.charts.traces import pruned
from survey.publish.charts.words import words_for_table
from survey.publish.dashboard.blocks import Block, Tab, View
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.data_table import table_record
from survey.publish.dashboard.findings import change_sentence, finding_of
from survey.publish.describe import describe
from survey.publish.format import integer, interval, value_text
from survey.publish.plan import ChartPlan
from survey.publish.rows import Row
from survey.publish.statuses import words_of
from survey.publish.theme import LIGHT
from survey.publish.words import divided, humanised

__all__ = ["SCHEMA_VERSION", "block_record", "view_record"]

SCHEMA_VERSION = 1
"""Raised by a change that breaks readers; the changelog says so."""

_AS_TABLE = frozenset({"heatmap", "stacked", "matrix", "paths"})
_TINY, _MANY = 0.01, 8  # rows under one per cent fold where there are more than eight


def block_record(block: Block, context: Context) -> dict[str, Any]:
    """Return a block with the views that are not loaded apart."""
    publication = context.publication
    chapter = context.chapter_of[block.id]
    main = block.main
    return {
        "schema_version": SCHEMA_VERSION,
        "id": block.id,
        "concept": block.concept,
        "chapter": chapter.id,
        "order": chapter.blocks.index(block) + 1,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "title": main.title or humanised(block.id),
        "finding": finding_of(block),
        "change": change_sentence(block),
        "question": question_record(block, context),
        "unit": main.spec.unit.value,
        "units": context.words.noun(main.spec.unit, 2),
        "editions": list(block.editions),
        "edition_views": [view.name for view in block.edition_views],
        "cuts": _cuts(block, context),
        "views": [view_record(view, context) for view in block.views if not view.apart],
        "apart": {view.name: f"{block.id}-{view.apart}" for view in block.views if view.apart}
        | {view.name: f"{block.id}-{view.apart}" for view in block.edition_views},
        "labels": {view.name: view.label for view in block.views},
        "source": context.source,
        "licence": context.publisher.licence,
    }


def question_record(block: Block, context: Context) -> dict[str, Any]:
    """Return how the question was asked: wording, kind, editions, and what to know of it."""
    question = context.question(block)
    asked = context.asked_in(block)
    if question is None or question.coded_from:
        return {"title": block.main.title, "kind": "", "asked_in": list(asked), "note": ""}
    return {
        "title": question.title,
        "kind": question.kind.value,
        "several": question.kind.several,
        "asked_in": list(asked),
        "choices": list(question.labels),
        "note": question.note,
    }


def _cuts(block: Block, context: Context) -> list[dict[str, Any]]:
    """Return the breakdowns of the bar, and of each that is not offered why not."""
    return [
        {
            "name": name,
            "label": label,
            "offered": name in block.cuts,
            "reason": "" if name in block.cuts else context.why_not(block, name),
            "views": [v.name for v in block.views if v.tab == Tab.BY and v.table.groups[0] == name],
        }
        for name, label in context.cuts.items()
    ]


def view_record(view: View, context: Context) -> dict[str, Any]:
    """Return one view: words, chart and table."""
    table = view.table
    words = words_for_table(table, internal=False, edition=context.publication.edition)
    plan = plan_of(table, view.chart)
    drawing = drawing_of(plan)
    own = [note for note in words.notes if note not in context.common_notes]
    notes, method_notes = divided(own)
    common = [note for note in words.notes if note in context.common_notes]
    return {
        "name": view.name,
        "tab": view.tab,
        "label": view.label,
        "table_name": table.name,
        "chart": plan.kind,
        "title": words.title,
        "subtitle": words.subtitle,
        "description": describe(plan.table, plan.rows),
        "reading": drawing.reading,
        "gaps": words.gaps,
        "measure": table.measure.value,
        "level": table.spec.level,
        "notes": list(notes),
        "method_notes": [*filter(None, (words.method,)), *method_notes],
        "common_notes": common,
        "ordered": bool(table.ordered),
        "folded": _folded(plan),
        "legend": [_legend(key.label, key.colour, hatched=key.hatched) for key in drawing.legend],
        "figure": {
            "data": list(drawing.traces),
            "layout": pruned({**drawing.layout, "showlegend": False}),
            "rows": meta_of(drawing, words)["rows"],
        },
        "heat": _heat(plan) if plan.kind in _AS_TABLE else None,
        "table": table_record(table),
        **({"tiles": _tiles(plan)} if plan.kind == "tiles" else {}),
    }


def _tiles(plan: ChartPlan) -> list[dict[str, Any]]:
    """Return the regions of a map with their tiles, to be shown as lists."""
    reach = max([row.value or 0.0 for row in plan.rows], default=0.0) or 1.0
    found: dict[str, list[dict[str, Any]]] = {}
    for tile in tiles_of(plan.rows):
        row, said = tile.row, words_of(tile.row.status) if tile.row else None
        entry: dict[str, Any] = {"code": tile.code, "name": tile.name, "column": tile.column,
                                 "row": tile.line, "text": "", "status": ""}  # fmt: skip
        if row is not None and said is not None:
            entry |= {"status": str(row.status), "text": said.sign or said.reason,
                      "look": said.look}  # fmt: skip
        if row is not None and row.value is not None:
            entry |= {
                "text": value_text(plan.table, row.value),
                "interval": interval(plan.table, row.low, row.high),
                "shade": shade_of(row, reach),
            }
        found.setdefault(tile.region, []).append(entry)
    return [{"region": region, "tiles": tiles} for region, tiles in found.items()]


def _legend(label: str, colour: str, *, hatched: bool) -> Mapping[str, str]:
    role = "hatched" if hatched else LIGHT.role_of(colour)
    return {"label": label, "role": role, "colour": colour}


def _folded(plan: ChartPlan) -> list[str]:
    """Return labels of rows to fold: nothing is there to see, and others are."""
    if plan.kind not in ("bars", "heatmap") or len(plan.labels) <= _MANY:
        return []
    tiny = []
    for place, label in enumerate(plan.labels):
        here = [row for series in plan.series if (row := series.rows[place]) is not None]
        if all(_is_tiny(row) for row in here):
            tiny.append(label)
    return tiny if len(tiny) > 1 and len(tiny) < len(plan.labels) else []


def _is_tiny(row: Row) -> bool:
    if row.value is None:
        return str(row.status) in ("not offered", "not available", "empty")
    return row.value < _TINY


def _heat(plan: ChartPlan) -> dict[str, Any]:
    """Return the cells of a heat map, to be shown as a table.

    Stacked bars have one, too: it shows the intervals, which bars have no room for.
    """
    reach = max([row.value or 0.0 for row in plan.rows], default=0.0) or 1.0
    shades = len(LIGHT.ordered)

    def cell(row: Row | None) -> dict[str, Any] | None:
        if row is None:
            return None
        said = words_of(row.status)
        found: dict[str, Any] = {"status": str(row.status), "look": said.look}
        if row.value is None:
            return found | {"text": said.sign or said.reason, "says": said.reason}
        shade = min(shades - 1, int(row.value / reach * shades))
        return found | {
            "text": value_text(plan.table, row.value),
            "interval": interval(plan.table, row.low, row.high),
            "count": "" if row.count is None else integer(row.count),
            "base": "" if row.base is None else integer(row.base),
            "shade": shade,
        }

    return {
        "columns": [series.name for series in plan.series],
        "rows": [
            {"label": label, "cells": [cell(series.rows[place]) for series in plan.series]}
            for place, label in enumerate(plan.labels)
        ],
    }
