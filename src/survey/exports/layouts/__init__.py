"""Every layout: which headings it has, and what they hold; one module per family.

A new layout is its line in :class:`survey.exports.export.Layout`, which names its module here,
and that module, whose ``PLANS`` hold its plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from survey.exports.export import Layout
from survey.exports.layouts.heading_plan import Plan

__all__ = ["LAYOUTS", "Plan"]


def _plans(module: str) -> tuple[Plan, ...]:
    plans: tuple[Plan, ...] = import_module(f"{__name__}.{module}").PLANS
    return plans


LAYOUTS: Mapping[Layout, Plan] = MappingProxyType(
    {
        plan.layout: plan
        for module in dict.fromkeys(layout.module for layout in Layout if layout.module)
        for plan in _plans(module)
    }
)
