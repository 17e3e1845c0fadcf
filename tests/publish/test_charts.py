"""What reaches a chart: values, intervals, words; never what is withheld. No pixels."""

import html
import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import PublishError
from survey.estimates import total
from survey.estimates.examples import answers
from survey.estimates.reference import Reference
from survey.estimates.table import Measure, Status
from survey.publish.chart_json import chart_record, compact_json, write_charts
from survey.publish.charts import INTERNAL, KINDS, bars, figure, figure_for
from survey.publish.charts.labels import columns, lines_of, plain, spread_apart, wrapped
from survey.publish.charts.meanings import colours_of
from survey.publish.charts.order import names_bands
from survey.publish.charts.registry import drawing_of, plan_of
from survey.publish.describe import describe
from survey.publish.format import compact, interval, percent, points, rounded, score
from survey.publish.rows import rows_of
from survey.publish.theme import DARK, LIGHT, luminance
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

PUBLISHED = build.everything()
SECRET = 0.123456789
SPACE = "\N{NO-BREAK SPACE}"


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers(inner)]
    if isinstance(value, list | tuple):
        return [number for inner in value for number in numbers(inner)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def traces(drawn: go.Figure, kind: str = "") -> list[Any]:
    return [trace for trace in drawn.data if not kind or trace.type == kind]


# ---------------------------------------------------------------- values


def test_bars_carry_values_intervals_and_bases_largest_first():
    table = make.releases_ungrouped()
    trace = bars(table).data[0]
    rows = table.frame.sort_values("value", ascending=False, kind="stable")
    assert list(trace.x) == pytest.approx((100 * rows["value"]).tolist())
    assert list(trace.error_x.array) == pytest.approx(
        (100 * (rows["high"] - rows["value"])).tolist()
    )
    assert list(trace.error_x.arrayminus) == pytest.approx(
        (100 * (rows["value"] - rows["low"])).tolist()
    )
    assert [cell[0] for cell in trace.customdata] == rows["answer"].tolist()
    assert {cell[3] for cell in trace.customdata} == {235.0}
    assert list(trace.y) == sorted(trace.y)
    assert "66 of 235 deployments" in trace.hovertext[0]


def test_bands_keep_their_order_and_rests_come_last():
    bands = [
        make.share_row(band, share, 100)
        for band, share in zip(make.BANDS, make.BANDS_2021, strict=True)
    ]
    assert [cell[0] for cell in bars(make.table("bands", bands)).data[0].customdata] == list(
        make.BANDS
    )
    rest = [make.share_row("Other", 0.9, 100), make.share_row("Kolla", 0.2, 100)]
    assert [cell[0] for cell in bars(make.table("rest", rest)).data[0].customdata] == [
        "Kolla",
        "Other",
    ]


def test_imprecise_bars_look_and_read_differently():
    rows = [make.share_row("Sure", 0.5, 200), make.share_row("Unsure", 0.4, 20, "imprecise")]
    drawn = bars(make.table("mixed", rows))
    first, second = drawn.data[0].marker.color
    assert first != second
    assert "Imprecise" in drawn.data[0].hovertext[1]
    assert "imprecise" in drawn.layout.annotations[-1].text


def test_parts_of_a_whole_are_stacked_from_the_shares_of_each_group():
    drawn = figure(PUBLISHED, "stage_by_region")
    parts = [trace for trace in traces(drawn, "bar") if trace.name != "withheld"]
    assert [trace.name for trace in parts] == list(make.STAGES_2021)
    sums = [sum(values) for values in zip(*(trace.x for trace in parts), strict=True)]
    assert sums == pytest.approx([100.0] * 4)


def test_a_matrix_has_a_bar_per_row_and_a_part_per_level():
    drawn = figure(PUBLISHED, "projects_used_by_level")
    parts = {trace.name: trace for trace in traces(drawn, "bar")}
    assert list(parts) == ["Production", "Testing", "Interested", "withheld"]
    assert [len(trace.x) for trace in parts.values()] == [49, 45, 49, 4]
    assert list(parts["Production"].x) == sorted(parts["Production"].x, reverse=True)


def test_lines_leave_gaps_and_break_where_nothing_compares():
    drawn = figure(PUBLISHED, "deployment_tools_by_edition")
    by_name = {trace.name: trace for trace in traces(drawn, "scatter")}
    for trace in by_name.values():
        assert trace.connectgaps is False
        assert trace.y[0] is None
    assert [place for place, y in enumerate(by_name["Kolla"].y) if y is None] == [0, 2]
    assert [place for place, y in enumerate(by_name["Juju"].y) if y is None] == [0, 3]
    words = [note.text for note in drawn.layout.annotations]
    assert "<i>not comparable</i>" in words
    assert [shape.x0 for shape in drawn.layout.shapes] == [0]
    assert "4 not comparable" in words[-1]


def test_a_score_over_editions_has_a_band_from_low_to_high():
    table = make.score_by_edition()
    band, line = figure_for(table).data
    assert list(band.y) == table.frame["high"].tolist() + table.frame["low"].tolist()[::-1]
    assert list(line.y) == table.frame["value"].tolist()


def test_differences_are_in_points_and_coloured_by_verdict():
    table = make.differences()
    drawn = figure_for(table)
    by_verdict = {trace.name: trace for trace in traces(drawn, "scatter")}
    assert set(by_verdict) <= {"clear increase", "clear decrease", "could be noise"}
    drawn_values = sorted(x for trace in by_verdict.values() for x in trace.x)
    assert drawn_values == pytest.approx(sorted(100 * table.frame["value"].dropna()))
    for name, trace in by_verdict.items():
        verdicts = {"Clear change" if "clear" in name else "Could be noise"}
        assert {
            v for v in ("Clear change", "Could be noise") if v in trace.hovertext[0]
        } == verdicts
    low, high = drawn.layout.xaxis.range
    assert low == -high


def test_values_of_bars_stand_in_a_column_at_the_end_of_the_axis():
    drawn = figure(PUBLISHED, "releases_in_use")
    (values,) = [trace for trace in traces(drawn, "scatter") if trace.mode == "text"]
    assert set(values.x) == {drawn.layout.xaxis.range[1]}
    bars = traces(drawn, "bar")[0]
    assert len(values.text) == len(bars.x)


def test_numbers_have_certain_bounds_thin_and_intervals_thick():
    thin, thick, arrows, dots = figure(PUBLISHED, "cores_median").data
    assert thin.line.width < thick.line.width
    frame = build.medians().frame
    assert [x for x in thick.x if x is not None][::2] == frame["low"].tolist()
    assert [x for x in thin.x if x is not None][::2] == frame["lower_bound"].tolist()
    assert list(dots.x) == frame["value"].tolist()
    layout = figure(PUBLISHED, "cores_median").layout
    assert layout.xaxis.type == "log"
    open_end = [x for x in thin.x if x is not None][-1]
    assert open_end == pytest.approx(10 ** layout.xaxis.range[1])
    assert list(arrows.x) == [open_end], "where there is no bound the line ends in an arrow"
    assert list(arrows.marker.symbol) == ["triangle-right"]
    assert list(arrows.hovertext) == ["no upper bound"]
    assert "at least 10,200" in dots.hovertext[5]


def test_numbers_published_earlier_are_diamonds_of_their_own_with_source_and_method():
    whole = total(answers(), "compute_cores", by="edition")
    method = "<b>added up</b>"
    earlier = Reference({"edition": "2019"}, 9e6, "annual report 2020", method, at_least=True)
    elsewhere = Reference({"edition": "1999"}, 1.0, "no such edition")
    table = whole.held_against(earlier, elsewhere)
    plain_chart, drawn = drawing_of(plan_of(whole)), drawing_of(plan_of(table))
    assert len(drawn.traces) == len(plain_chart.traces) + 1
    diamonds, dots = drawn.traces[-1], drawn.traces[2]
    assert (diamonds["x"], diamonds["y"]) == ([9e6], [dots["y"][1]])
    assert diamonds["marker"]["symbol"] != dots["marker"].get("symbol", "circle")
    (hover,) = diamonds["hovertext"]
    assert f"Published earlier: at least 9{SPACE}million cores" in hover
    assert "annual report 2020" in hover
    assert "<b>added" not in hover
    assert "Diamond" in drawn.reading
    assert "Diamond" not in plain_chart.reading
    axis = drawn.layout["xaxis"]
    assert (10 ** axis["range"][1] if axis.get("type") == "log" else axis["range"][1]) > 9e6


def test_a_heat_map_has_a_cell_per_value_and_a_dash_where_nothing_was_offered():
    table = make.releases_by_edition()
    drawn = figure_for(table)
    usable = table.frame["status"].isin(["ok", "imprecise"])
    (cells,) = traces(drawn, "bar")
    assert len(cells.x) == usable.sum()
    shown = dict(zip(((c[0], c[1]) for c in cells.customdata), cells.marker.color, strict=True))
    assert shown["2020", "Train"] != shown["2024", "Kilo"]
    dashes = [text for trace in traces(drawn, "scatter") for text in trace.text if text == "–"]
    assert len(dashes) == (~usable).sum()


def test_groups_stand_beside_each_other_as_dots():
    drawn = figure_for(make.drivers_by_size())
    assert [trace.name for trace in drawn.data] == ["Under 1,000 cores", "1,000 cores or more"]
    assert all(len(trace.error_x.array) == 4 for trace in drawn.data)


# ---------------------------------------------------------------- what has no value


SHAPES = ("bars", "stacked", "dots", "lines", "heatmap", "differences", "ranges", "matrix")


def hidden_table(chart: str, status: str) -> Any:
    """A table that the chart can draw, with a number left in a row that has none."""
    measure = {"differences": Measure.DIFFERENCE, "ranges": Measure.NUMBER}.get(
        chart, Measure.SHARE
    )
    rows = [
        {**make.share_row(f"Item {item} / Level {level}", share, 100.0, state, edition=edition),
         "item": f"Item {item}", "level": f"Level {level}"}
        for edition in ("2023", "2024")
        for item, level, share, state in (
            (1, 1, 0.5, "ok"), (1, 2, 0.2, status), (2, 1, 0.3, "imprecise"), (2, 2, 0.2, "ok"))
    ]  # fmt: skip
    for row in rows:
        if row["status"] == status:
            row |= {"value": SECRET, "low": SECRET / 3, "high": SECRET * 3, "count": 10 * SECRET,
                    "lower_bound": SECRET / 7, "upper_bound": SECRET * 7}  # fmt: skip
    if chart == "matrix":
        rows = [{key: value for key, value in row.items() if key != "edition"} for row in rows[:4]]
    by = () if chart == "matrix" else ("edition",)
    return make.table("hidden", rows, by=by, measure=measure)


@pytest.mark.parametrize("status", ["suppressed", "not offered", "not comparable", "empty"])
@pytest.mark.parametrize("chart", SHAPES)
def test_what_has_no_value_is_not_in_the_figure_even_if_the_frame_still_holds_it(chart, status):
    record = figure_for(hidden_table(chart, status), chart).to_plotly_json()
    multiples = [
        SECRET * factor * scale for factor in (1, 3, 1 / 3, 7, 1 / 7, 10) for scale in (1, 100)
    ]
    found = numbers([record["data"], record["layout"]])
    assert not [n for n in found if any(math.isclose(n, m, rel_tol=1e-6) for m in multiples)]
    assert not [text for text in texts(record) if re.search(r"12\.3|0\.123|1\.2345", text)]


@pytest.mark.parametrize("chart", [chart for chart in SHAPES if chart != "lines"])
def test_what_is_withheld_is_hatched_or_said(chart):
    drawn = figure_for(hidden_table(chart, "suppressed"), chart)
    hatched = [trace for trace in traces(drawn, "bar") if trace.marker.pattern.shape]
    notes = [note.text for note in drawn.layout.annotations]
    assert hatched or "<i>withheld</i>" in notes
    for trace in hatched:
        assert trace.name == "withheld"
        assert trace.xaxis == "x2" or chart == "heatmap"
    assert "2 withheld" in notes[-1] or "1 withheld" in notes[-1]


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_no_figure_draws_more_values_than_the_table_has(name):
    table = PUBLISHED[name]
    known = [factor * v for v in table.frame["value"].dropna() for factor in (1, 100)]
    for trace in figure(PUBLISHED, name).data:
        for cell in trace.customdata or ():
            value = cell[len(table.groups) + 1]
            assert value is None or any(math.isclose(value, each, rel_tol=1e-8) for each in known)
            if cell[-1] not in ("ok", "imprecise"):
                assert value is None
                assert cell[len(table.groups) + 2] is None


def test_a_table_without_rows_says_so():
    drawn = figure(PUBLISHED, "no_rows")
    assert drawn.data == ()
    assert "No deployments to show." in [note.text for note in drawn.layout.annotations]


# ---------------------------------------------------------------- words


def test_whether_a_figure_is_internal_follows_from_what_it_was_drawn_from():
    table = PUBLISHED["releases_in_use"]
    for drawn in (bars(table), figure_for(table), figure(table)):
        assert drawn.layout.title.subtitle.text.startswith(INTERNAL)
    assert INTERNAL not in compact_json(figure(PUBLISHED, "releases_in_use").to_plotly_json())


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_every_figure_says_unit_base_and_that_the_data_is_invented(name):
    drawn = figure(PUBLISHED, name)
    subtitle = drawn.layout.title.subtitle.text
    assert "deployments" in subtitle
    bases = PUBLISHED[name].frame["base"].dropna()
    if len(bases) and len(drawn.data):
        assert f"n\xa0=\xa0{bases.min():,.0f}" in subtitle
    if PUBLISHED[name].provenance.invented:
        assert "Invented data" in drawn.layout.annotations[-1].text
    assert drawn.layout.meta["description"]


def test_several_answers_are_said_not_to_add_up():
    assert (
        f"shares do not add up to 100{SPACE}%"
        in figure(PUBLISHED, "releases_in_use").layout.title.subtitle.text
    )
    assert "add up" not in figure(PUBLISHED, "stage_by_region").layout.title.subtitle.text


def test_the_description_tells_what_the_eye_would_see():
    said = figure(PUBLISHED, "releases_in_use").layout.meta["description"]
    assert "Largest: Train, 28" in said
    assert "Smallest: " in said
    said = figure(PUBLISHED, "net_promoter_score").layout.meta["description"]
    overlap = "+26 (+14 to +37) in 2019, +41 (+29 to +52) in 2024; their intervals overlap."
    assert overlap in said


def test_the_description_names_no_change_that_is_not_clear():
    table = make.differences()
    clear = figure(PUBLISHED, table.name).layout.meta["description"]
    assert "clearly rose" in clear or "clearly fell" in clear
    assert "Largest" not in clear
    unclear = table.with_frame(table.frame.assign(verdict="could be noise"))
    said = describe(unclear, rows_of(unclear))
    assert said.startswith("No change is clear.")
    assert not any(answer in said for answer in table.frame["answer"])


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.6, 0.2), "Then B, 20 % (16 to 25 %)."),
        ((0.3, 0.28), "Then B, 28 % (23 to 33 %); their intervals overlap."),
        ((0.6, 0.2, 0.05, 0.05), "Smallest: 2 answers with 5 %."),
    ],
)
def test_the_description_says_whether_the_largest_is_clear(shares, expected):
    rows = [make.share_row(a, s, 300.0) for a, s in zip("ABCD", shares, strict=False)]
    table = make.table("tools", rows)
    assert expected in describe(table, rows_of(table)).replace(SPACE, " ")


@pytest.mark.parametrize(
    ("rest", "begins"), [(0.02, "Smallest with a name: C"), (0.4, "Smallest: C")]
)
def test_the_smallest_is_said_to_have_a_name_where_a_rest_is_smaller(rest, begins):
    shares = {"A": 0.6, "B": 0.2, "C": 0.05, "Other": rest}
    rows = [make.share_row(answer, share, 300.0) for answer, share in shares.items()]
    table = replace(make.table("tools", rows), title="Tools")
    assert begins in describe(table, rows_of(table))


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_markup_in_labels_is_text(name):
    """Every ``<`` that is left belongs to the few tags that figures write themselves."""
    record = figure(PUBLISHED, name).to_plotly_json()
    record["layout"].pop("template")
    record["layout"].pop("meta")
    for trace in record["data"]:
        trace.pop("customdata", None)  # is never drawn
    for text in texts(record):
        assert not re.sub(r"</?(?:b|i|br)>", "", text).count("<")
        assert "%{" not in text


def test_a_figure_takes_title_width_theme_and_the_largest_answers():
    table = PUBLISHED["releases_in_use"].frame
    drawn = figure(
        PUBLISHED, "releases_in_use", title="Releases <b>", width=640, theme="dark", top=3
    )
    assert drawn.layout.title.text == "<b>Releases &lt;b&gt;</b>"
    assert drawn.layout.width == 640
    largest = sorted(100 * table["value"], reverse=True)[:3]
    assert list(drawn.data[0].x) == pytest.approx(largest)
    assert f"the 3 largest of {len(table)} answers" in drawn.layout.annotations[-1].text
    light = figure(PUBLISHED, "releases_in_use")
    colours = set(re.findall(r"#[0-9a-f]{6}", json.dumps(drawn.to_plotly_json(), default=str)))
    assert not colours & (set(LIGHT.roles().values()) - set(DARK.roles().values()))
    assert list(light.data[0].x) != list(drawn.data[0].x)
    with pytest.raises(PublishError, match="'light' or 'dark'"):
        figure(PUBLISHED, "releases_in_use", theme="blue", width=10, top=0)


@pytest.mark.parametrize("width", [320, 480, 768, 1920])
def test_words_are_wrapped_to_the_width(width):
    """The longest line of title, subtitle and notes is not wider than the figure."""
    title = "A title that is far too long for a narrow figure of a phone, or of a side column"
    drawn = figure(PUBLISHED, "releases_in_use", title=title, width=width)
    said = (drawn.layout.title.text, drawn.layout.title.subtitle.text,
            drawn.layout.annotations[-1].text)  # fmt: skip
    for text, size in zip(said, (10.0, 7.0, 6.6), strict=True):
        lines = re.sub(r"</?b>", "", text).split("<br>")
        assert max(map(len, lines)) * size <= width
    assert title in " ".join(re.sub(r"</?b>", "", said[0]).split("<br>"))


def test_a_heat_map_is_refused_at_a_width_at_which_its_headings_collide():
    table = make.releases_by_edition()
    wide = figure(table, chart="heatmap", width=900)
    assert wide.layout.title.yanchor == "top"
    with pytest.raises(PublishError, match=r"at least [0-9]+ pixels for 6 columns"):
        figure(table, chart="heatmap", width=320)


def test_asking_for_what_is_not_there_helps():
    with pytest.raises(PublishError, match="did you mean 'releases_in_use'"):
        figure(PUBLISHED, "releases_in_us")
    with pytest.raises(PublishError, match="one of adoption, bars, boxes, differences"):
        figure(PUBLISHED, "releases_in_use", "pie")
    with pytest.raises(PublishError, match=r"survey.figure\(table\) picks a chart that fits"):
        bars(make.score_by_edition())
    with pytest.raises(PublishError, match="shares that add up to 1"):
        figure_for(make.releases_by_edition(), "stacked")
    with pytest.raises(PublishError, match="a table by edition"):
        figure_for(make.stage_by_region(), "lines")


# ---------------------------------------------------------------- choice


@pytest.mark.parametrize(
    ("table", "chart", "kind"),
    [
        (make.releases_ungrouped(), "bars", "bar chart"),
        (make.bands_by_edition(), "stacked", "stacked bar chart"),
        (make.stage_by_region(), "stacked", "stacked bar chart"),
        (make.releases_by_edition(), "heatmap", "heat map"),
        (build.tools_by_edition(), "lines", "line chart"),
        (build.projects_by_level(), "matrix", "stacked bar chart"),
        (make.drivers_by_size(), "dots", "dot plot"),
        (make.differences(), "differences", "dot plot"),
        (make.totals_by_edition(), "ranges", "dot plot with ranges"),
        (make.score_by_edition(), "lines", "line chart"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_measure_and_shape_choose_the_chart(table, chart, kind):
    assert plan_of(table).kind == chart
    assert figure_for(table).layout.meta["kind"] == kind


@pytest.mark.parametrize(
    ("chart", "table", "expected"),
    [
        ("matrix", make.releases_ungrouped(), "shares of a matrix question"),
        ("lines", make.releases_by_edition(), "at most 6 lines, not 14"),
        ("heatmap", make.table("wide", [make.share_row("a", 0.2, 90, region=f"r{n}")
                                        for n in range(18)], by=("region",)), "at most 12 groups"),
        ("dots", make.table("many", [make.share_row("a", 0.2, 90, region=f"r{n}")
                                     for n in range(7)], by=("region",)), "at most 6 groups"),
        ("adoption", make.releases_by_edition(), "a table of survey.estimates.adoption"),
    ],
    ids=["matrix", "lines", "heatmap", "dots", "adoption"],
)  # fmt: skip
def test_a_chart_refuses_what_it_would_misrepresent(chart, table, expected):
    with pytest.raises(PublishError, match=expected):
        figure_for(table, chart)


def test_every_kind_refuses_or_draws_every_table():
    """Each kind over each table: a drawing with a mark per value, or an error that helps."""
    for table in PUBLISHED.tables.values():
        for name in KINDS:
            try:
                plan = plan_of(table, name)
            except PublishError as error:
                assert "picks a chart that fits" in str(error)
            else:
                assert {row.answer for row in plan.rows} <= set(table.frame["answer"])
                assert drawing_of(plan).traces or not plan.rows


def test_the_same_meaning_has_the_same_colour_in_every_chart():
    stages = figure(PUBLISHED, "stage_by_region")
    levels = figure(PUBLISHED, "projects_used_by_level")
    of = {trace.name: trace.marker.color for trace in (*stages.data, *levels.data)}
    assert of["Production"] == stages.data[0].marker.color == levels.data[0].marker.color
    assert of["Testing"] == of["Under development"]
    support = colours_of(["End of life", "Maintained", "Unknown", "Unmaintained"])
    shades = [luminance(support[name]) for name in ("Maintained", "Unmaintained", "End of life")]
    assert shades == sorted(shades, reverse=True), "deeper as support ends"
    assert colours_of(["Ansible", "Other"]) is None


def adoption_table(status: str) -> Any:
    """Shares of two releases at three ages, one of them without a value that may be shown."""
    rows = [
        {**make.share_row(name, SECRET / 100 if state != "ok" else 0.2, 100.0, state,
                          edition=edition), "months": months}
        for name, edition, months, state in (
            ("Yoga", "2022", 5.0, "ok"), ("Yoga", "2023", 17.0, "ok"),
            ("Yoga", "2024", 29.0, status),
            ("Zed", "2023", 11.0, "ok"), ("Zed", "2024", 23.0, "ok"))
    ]  # fmt: skip
    table = make.table("adoption", rows, by=("edition",))
    return replace(table, spec=replace(table.spec, statistic="adoption"))


@pytest.mark.parametrize("status", ["suppressed", "not offered", "empty"])
def test_adoption_is_drawn_by_age_without_what_has_no_value(status):
    drawn = figure_for(adoption_table(status))
    lines = {trace.name: (list(trace.x), list(trace.y)) for trace in drawn.data}
    assert lines == {"Yoga": ([5.0, 17.0], [20.0, 20.0]), "Zed": ([11.0, 23.0], [20.0, 20.0])}
    record = drawn.to_plotly_json()
    found = numbers([record["data"], record["layout"]])
    assert not [n for n in found if any(math.isclose(n, SECRET * f) for f in (1, 0.01))]


# ---------------------------------------------------------------- JSON


def test_json_is_plain_and_the_same_each_time(tmp_path):
    first, second = (
        {path.name: path.read_bytes() for path in write_charts(PUBLISHED, tmp_path / name)}
        for name in ("a", "b")
    )
    assert first == second
    assert not [name for name, content in first.items() if b"bdata" in content]
    index = json.loads(first["index.json"])
    assert [chart["name"] for chart in index["charts"]] == list(PUBLISHED.tables)
    assert {chart["file"] for chart in index["charts"]} | {"index.json"} == set(first)


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_the_table_in_the_json_is_the_protected_one(name):
    table = PUBLISHED[name]
    held = chart_record(PUBLISHED, name)["meta"]["table"]
    rows = [dict(zip(held["columns"], row, strict=True)) for row in held["rows"]]
    assert [row["answer"] for row in rows] == table.frame["answer"].tolist()
    for row, mark in zip(rows, rows_of(table), strict=True):
        assert (row["value"] is None) == (mark.value is None)
        assert row["status"] in list(Status)


def test_plotly_accepts_the_json_as_a_figure():
    record = chart_record(PUBLISHED, "compute_cores_by_edition")
    again = go.Figure(json.loads(compact_json({key: record[key] for key in ("data", "layout")})))
    assert len(again.data) == len(record["data"])


def test_rows_in_pixels_tile_the_plot():
    for name in PUBLISHED.tables:
        rows = drawing_of(plan_of(PUBLISHED[name])).rows
        edges = [row.y - row.height / 2 for row in rows]
        assert edges == [sum(row.height for row in rows[:place]) for place in range(len(rows))]


# ---------------------------------------------------------------- numbers and labels


def test_words_for_numbers():
    assert [percent(share) for share in (0, 0.004, 0.125, 0.996, 1)] == [
        f"0{SPACE}%", f"<1{SPACE}%", f"13{SPACE}%", f">99{SPACE}%", f"100{SPACE}%",
    ]  # fmt: skip
    assert [points(each) for each in (0.0341, -0.5, 0.0)] == [
        f"+3.4{SPACE}points", f"−50{SPACE}points", f"±0.0{SPACE}points",
    ]  # fmt: skip
    numbers = (45e6, 999_499, 999_999, 1e12, 12.345, 0.0012)
    assert [compact(each).replace(SPACE, " ") for each in numbers] == [
        "45 million", "999,000", "1 million", "1 trillion", "12.3", "0.0012",
    ]  # fmt: skip
    assert [score(each) for each in (36.4, -0.2, -3)] == ["+36", "±0", "−3"]
    assert interval(make.score_by_edition(), -4.4, 12.0) == "−4 to +12"
    assert interval(make.totals_by_edition(), 8e5, math.inf) == "at least 800,000"
    assert interval(make.totals_by_edition(), math.nan, None) == ""


@given(st.decimals(-1000, 1000, places=3), st.integers(0, 2))
def test_halves_are_rounded_away_from_zero(number, digits):
    shown = rounded(float(number), digits)
    step = Decimal(1).scaleb(-digits)
    assert shown % step == 0
    assert abs(shown - number) <= step / 2
    if abs(shown - number) == step / 2:
        assert abs(shown) > abs(number)


@given(st.floats(0, 1))
def test_a_share_never_reads_as_none_or_all_unless_it_is(share):
    shown = percent(share)
    assert (shown == f"0{SPACE}%") == (share == 0)
    assert (shown == f"100{SPACE}%") == (share == 1)


@given(st.text(max_size=200), st.integers(4, 40))
def test_a_wrapped_label_is_safe_and_fits(text, width):
    shown = wrapped(text, width)
    lines = shown.split("<br>")
    assert len(lines) <= 3
    assert "<" not in shown.replace("<br>", "")
    assert "%{" not in shown
    assert all(columns(line) <= width for line in lines_of(text, width))


@given(st.text(max_size=80))
def test_plain_text_survives_a_reader_of_markup(text):
    read = html.unescape(plain(text)).replace("\N{WORD JOINER}", "")
    assert read.split() == "".join(c for c in text if c.isspace() or c.isprintable()).split()


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_labels_are_moved_apart_and_stay_in_order(places):
    moved = spread_apart(places, 30, 0, 300)
    ordered = [moved[number] for number in sorted(range(len(places)), key=lambda n: places[n])]
    assert all(later - first > 30 - 1e-6 for first, later in pairwise(ordered))
    assert min(moved) >= -1e-6
    assert max(moved) <= 300 + 1e-6


def test_bands_are_told_from_other_answers():
    assert names_bands(["Fewer than 1,000 objects", "1,000 to 9,999", "1 billion or more"])
    assert names_bands(["Less than 1 TB", "1 TB to 9 TB", "1 PB to 9 PB", "Not sure"])
    assert names_bands(make.EDITIONS)
    assert not names_bands(list(make.RELEASES_2021))
    assert not names_bands(["Python 3", "Python 2"])
