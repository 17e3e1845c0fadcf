"""Numbers published earlier in native charts: marks of their own, with source and method."""

from __future__ import annotations

from survey.estimates import total
from survey.estimates.examples import answers
from survey.estimates.reference import Reference
from survey.publish.workbook.charts import chart_data, chart_of
from survey.publish.workbook.plans import native_plan

EARLIER = Reference({"edition": "2019"}, 9e6, "annual report", "added up", at_least=True)
ELSEWHERE = Reference({"edition": "1999"}, 1.0, "no such edition")


def plan(*references):
    table = total(answers(), "compute_cores", by="edition").held_against(*references)
    found = native_plan(table.named("cores", "footprint", "Cores"))
    assert found is not None
    return found


def test_a_chart_has_earlier_numbers_as_a_series_of_their_own():
    own, earlier = plan(EARLIER, ELSEWHERE).series
    assert own.points == plan().series[0].points
    assert [point.value for point in earlier.points] == [None, 9e6]
    assert earlier.name == "Published earlier"


def test_nothing_is_added_where_no_row_has_an_earlier_number():
    assert plan(ELSEWHERE).series == plan().series


def test_they_have_no_line_and_no_interval_and_the_others_keep_theirs():
    found = plan(EARLIER)
    data = chart_data({"1 Cores": found})
    own, earlier = chart_of(found, data.starts["1 Cores"], 2).series
    assert own.errBars is not None
    assert earlier.errBars is None
    assert earlier.spPr.ln.noFill
    assert not own.spPr.ln.noFill
    assert own.marker.symbol != earlier.marker.symbol


def test_source_and_method_stand_beside_the_number_and_the_description_is_of_our_own():
    found = plan(EARLIER)
    remarks = [row[-1].value for row in chart_data({"1 Cores": found}).grid.rows]
    assert "annual report; at least; added up" in remarks
    assert found.description == plan().description
