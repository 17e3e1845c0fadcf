"""Every layout: which headings it has, and what they hold; one module per family.

A new layout is its line in :class:`survey.exports.export.Layout`, which names its module here,
and that module, whose ``PLANS`` hold its plan. A module is imported when its layout is asked for:
files of other survey tools come only where the codebook has an edition of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from survey.codebook import Family
from survey.exports.export import Layout
from survey.exports.layouts.heading_plan import Plan

__all__ = ["LAYOUTS", "Plan", "plans_of"]


class _Layouts(Mapping[Layout, Plan]):
    """Layout -> plan, whose module is imported when it is first looked up."""

    def __getitem__(self, layout: Layout) -> Plan:
        plans: tuple[Plan, ...] = import_module(f"{__name__}.{layout.module}").PLANS
        return next(plan for plan in plans if plan.layout is layout)

    def __iter__(self) -> Iterator[Layout]:
        return (layout for layout in Layout if layout.module)

    def __len__(self) -> int:
        return sum(1 for _ in self)


LAYOUTS: Mapping[Layout, Plan] = _Layouts()


@cache
def plans_of(family: Family) -> tuple[Plan, ...]:
    """Return the plans of the layouts in which the editions of a family can come.

    Examples
    --------
    >>> [plan.layout.value for plan in plans_of(Family.TABLE)]
    ['table']
    """
    if family is Family.TABLE:
        return (LAYOUTS[Layout.TABLE],)
    others = (LAYOUTS[layout] for layout in LAYOUTS if layout is not Layout.TABLE)
    return tuple(plan for plan in others if plan.family is family)
