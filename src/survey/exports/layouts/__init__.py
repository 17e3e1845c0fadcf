"""Every layout: which headings it has, and what they hold; one module per family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from survey.exports.export import Layout
from survey.exports.layouts import builder, dashboard, lists, old_model, table
from survey.exports.layouts.plan import Plan

__all__ = ["LAYOUTS", "Plan"]

LAYOUTS: Mapping[Layout, Plan] = MappingProxyType(
    {
        plan.layout: plan
        for module in (builder, lists, dashboard, old_model, table)
        for plan in module.PLANS
    }
)
