"""The kind of chart that the page "Add a kind of chart" writes does what the page says."""

from __future__ import annotations

import pytest

from survey.errors import PublishError
from survey.publish.charts import figure_for, registry
from survey.publish.plan import ChartKind
from survey.publish.rows import rows_of
from tests.pages import module_on
from tests.publish.test_chart_kinds import SECRET, SUITED, TOOLS, TWO, leaves, shares


@pytest.fixture(autouse=True)
def points(monkeypatch) -> ChartKind:
    """The kind of the page, in the registry."""
    kind = module_on("add-a-chart-kind.md").KIND
    monkeypatch.setattr(registry, "KINDS", {**registry.KINDS, kind.name: kind})
    return kind


@pytest.mark.parametrize("status", ["ok", "imprecise", "suppressed", "not offered", "empty"])
def test_it_draws_every_row_once_and_nothing_that_is_withheld(points, status):
    table = shares(TOOLS, status=status, by=())
    plan = registry.plan_of(table, "points")
    drawn = registry.drawing_of(plan)
    values = [x for trace in drawn.traces if trace["type"] == "scatter" for x in trace["x"]]
    assert values == [row.scaled(100).value for row in rows_of(table) if row.has_value]
    assert SECRET not in leaves([list(drawn.traces), dict(drawn.layout)])
    assert figure_for(table, "points").layout.meta["kind"] == points.words
    assert len(drawn.layout["annotations"]) == (status not in ("ok", "imprecise"))


def test_it_refuses_what_it_would_misrepresent():
    for table in (shares(TOOLS, TWO), SUITED["waterfall"]("ok"), SUITED["diverging"]("ok")):
        with pytest.raises(PublishError, match="a table of shares without groups"):
            registry.plan_of(table, "points")
