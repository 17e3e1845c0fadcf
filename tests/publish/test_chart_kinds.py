"""Every kind of chart: it draws what it is for, hides what is withheld, refuses the rest.

The tests walk the registry, so that a new kind without an example here fails.
"""

import json
import math
import re

import pytest

from survey.codebook.geography import countries, find_country
from survey.errors import PublishError
from survey.estimates.table import Measure
from survey.publish import charts
from survey.publish.charts import chart_of, figure_for
from survey.publish.charts.bands import power, stretches_of, unit_of
from survey.publish.charts.registry import KINDS, beside, drawing_of, plan_of, shape_of
from survey.publish.charts.tiles import BLOCKS, tiles_of
from survey.publish.rows import rows_of
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

SECRET = 0.123456789
TWO = ("2023", "2024")


def shares(answers, editions=("2024",), *, several=True, status="ok", name="kind", by=("edition",)):
    """Shares of answers in editions; the last answer of the last edition has the status."""
    rows = []
    for step, edition in enumerate(editions):
        for place, answer in enumerate(answers):
            last = step == len(editions) - 1 and place == len(answers) - 1
            share = 0.6 / (place + 1) + 0.03 * step
            row = make.share_row(answer, share, 200.0, status if last else "ok", edition=edition)
            rows.append(hidden(row) if last and status not in ("ok", "imprecise") else row)
    if not by:
        rows = [{key: value for key, value in row.items() if key != "edition"} for row in rows]
    return make.table(name, rows, by=by, several=several)


def hidden(row):
    """Leave numbers in a row that has none to show."""
    return row | {"value": SECRET, "low": SECRET / 3, "high": SECRET * 3, "count": 10 * SECRET}


def scores(status):
    rows = [
        {"edition": edition, "answer": "Net promoter score", "count": 300, "base": 300,
         "value": 30.0 + step, "low": 18.0, "high": 43.0, "status": "ok",
         "promoters": 150 + 3 * step, "passives": 90 - 3 * step, "detractors": 60}
        for step, edition in enumerate(("2022", *TWO))
    ]  # fmt: skip
    if status not in ("ok", "imprecise"):
        rows[-1] = hidden(rows[-1]) | {"promoters": SECRET, "detractors": SECRET}
    rows[-1]["status"] = status
    return make.table("nps", rows, by=("edition",), measure=Measure.SCORE, statistic="nps")


def parts(status, values=(5e6, -3e6, 1e6), total=3e6):
    rows = [
        {"answer": answer, "count": 40, "base": 120, "value": value, "low": value - 2e6,
         "high": value + 2e6, "status": "ok"}
        for answer, value in zip(("entered", "left", "stayed", "total"), (*values, total),
                                 strict=True)
    ]  # fmt: skip
    if status not in ("ok", "imprecise"):
        rows[2] = hidden(rows[2])
    rows[2]["status"] = status
    return make.table("parts", rows, measure=Measure.NUMBER, statistic="decompose_change",
                      counts="cores")  # fmt: skip


def ages(status):
    """Two releases with three and two points, and a third with too few to be a line."""
    points = (("Yoga", 5), ("Yoga", 17), ("Yoga", 29), ("Zed", 11), ("Zed", 23), ("Bobcat", 4))
    rows = [
        {**make.share_row(name, 0.2, 100.0, edition=f"20{20 + step}"), "months": float(age)}
        for step, (name, age) in enumerate(points)
    ]
    if status not in ("ok", "imprecise"):
        rows[2] = hidden(rows[2])
    rows[2]["status"] = status
    return make.table("ages", rows, by=("edition",), statistic="adoption", several=True)


def matrix(status):
    rows = [
        {**make.share_row(f"{item} / {level}", 0.3, 100.0), "item": item, "level": level}
        for item in ("Nova", "Heat")
        for level in ("Production", "Testing")
    ]
    if status not in ("ok", "imprecise"):
        rows[-1] = hidden(rows[-1])
    rows[-1]["status"] = status
    return make.table("matrix", rows, several=True)


def changes(status):
    rows = [{**make.share_row(a, 0.1, 90.0), "verdict": "clear change"} for a in ("Nova", "Heat")]
    if status not in ("ok", "imprecise"):
        rows[-1] = hidden(rows[-1])
    rows[-1]["status"] = status
    return make.table("changes", rows, measure=Measure.DIFFERENCE, statistic="compare")


def numbers(status):
    table = parts(status)
    return make.table("numbers", table.frame.to_dict("records"), measure=Measure.NUMBER,
                      statistic="total", counts="cores")  # fmt: skip


def crossed(status):
    sizes, teams = ("Up to 99 cores", "100 to 999 cores"), ("1 to 5 people", "6 or more people")
    rows = [make.share_row(team, 0.5, 90.0, size=size) for size in sizes for team in teams]
    if status not in ("ok", "imprecise"):
        rows[-1] = hidden(rows[-1])
    rows[-1]["status"] = status
    return make.table("crossed", rows, by=("size",))


def bands(status):
    rows = [
        make.share_row(band, share, 320.0)
        for band, share in zip(make.BANDS, make.BANDS_2021, strict=True)
    ]
    if status not in ("ok", "imprecise"):
        rows[-1] = hidden(rows[-1])
    rows[-1]["status"] = status
    return make.table("bands", rows)


TOOLS = ("Ansible", "Kolla", "Puppet", "Juju", "Chef", "Salt", "Helm", "Fuel")
PLACES = ("Germany", "Singapore", "Malta", "Korea, Republic of", "Several countries")
PATHS = ("Yoga to Zed", "Yoga to Antelope", "Zed to Antelope", "The same release")
SUITED = {
    "adoption": ages,
    "bars": lambda status: shares(TOOLS, status=status, by=()),
    "boxes": crossed,
    "differences": changes,
    "diverging": scores,
    "dots": lambda status: shares(TOOLS, TWO, status=status),
    "heatmap": lambda status: shares(TOOLS, TWO, status=status),
    "histogram": bands,
    "lines": lambda status: shares(TOOLS[:4], TWO, status=status),
    "matrix": matrix,
    "multiples": lambda status: shares(TOOLS, TWO, status=status),
    "paths": lambda status: shares(PATHS, status=status, by=()),
    "ranges": numbers,
    "slope": lambda status: shares(TOOLS, TWO, status=status),
    "stacked": lambda status: shares(make.BANDS, TWO, several=False, status=status),
    "tiles": lambda status: shares(PLACES, status=status, by=()),
    "waterfall": parts,
}
"""Kind -> a table that it is for, whose last row has the status."""

NEEDS_ALL = {"histogram"}
"""Kinds that would misrepresent a table with a hole, and refuse it."""


def leaves(value):
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list | tuple):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


def test_every_kind_is_found_by_its_name():
    assert [kind.name for kind in KINDS.values()] == list(KINDS)
    assert "pie" not in KINDS


def test_no_kind_takes_the_name_of_a_function_of_the_package():
    assert list(KINDS.values())
    assert all(callable(getattr(charts, name)) for name in ("bars", "figure", "figure_for"))


def test_every_kind_has_an_example():
    assert set(SUITED) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_draws_what_it_is_for(kind):
    """Each row once, with its value, interval source and status, and words that say how to read."""
    table = SUITED[kind]("ok")
    drawn = drawing_of(plan_of(table, kind))
    cells = [cell for trace in drawn.traces for cell in trace.get("customdata", ())]
    width = len(table.groups)
    known = {(*map(str, row.group), row.answer) for row in rows_of(table)}
    shown = {tuple(map(str, cell[: width + 1])) for cell in cells}
    if kind == "adoption":  # of a release with one point there is no line: the reading names it
        assert "Bobcat" in drawn.reading
        known = {key for key in known if key[-1] != "Bobcat"}
    if kind == "tiles":
        known = {key for key in known if key[-1] != "Several countries"}
    assert shown == known
    assert drawn.reading
    assert drawn.layout["height"] > 0
    assert {"l", "r", "t", "b"} <= set(drawn.layout["margin"])
    assert json.dumps([drawn.traces, dict(drawn.layout)], allow_nan=False)
    assert figure_for(table, kind).layout.meta["kind"] == KINDS[kind].words


@pytest.mark.parametrize("status", ["suppressed", "not offered", "empty"])
@pytest.mark.parametrize("kind", sorted(set(KINDS) - NEEDS_ALL))
def test_what_has_no_value_is_in_no_drawing(kind, status):
    record = figure_for(SUITED[kind](status), kind).to_plotly_json()
    found = leaves([record["data"], record["layout"]])
    factors = [SECRET * f * s for f in (1, 3, 1 / 3, 10) for s in (1, 100)]
    numbers_found = [leaf for leaf in found if isinstance(leaf, int | float)]
    assert not [n for n in numbers_found if any(math.isclose(n, f, rel_tol=1e-6) for f in factors)]
    assert not [t for t in found if isinstance(t, str) and re.search(r"12\.3|0\.123|1\.2345", t)]


@pytest.mark.parametrize("kind", sorted(NEEDS_ALL))
def test_a_kind_that_needs_every_row_refuses_a_hole(kind):
    with pytest.raises(PublishError, match="a share for every band"):
        plan_of(SUITED[kind]("suppressed"), kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_refuses_what_it_would_misrepresent(kind):
    """Over the tables of all kinds: an error that says what is expected, or a true drawing."""
    refused = 0
    for other, table in SUITED.items():
        expected = KINDS[kind].refuses(shape_of(table("ok")), table("ok"))
        if not expected:
            assert drawing_of(plan_of(table("ok"), kind)).traces, other
            continue
        refused += 1
        with pytest.raises(PublishError, match="picks a chart that fits"):
            plan_of(table("ok"), kind)
    assert refused, "some table is not for it"


@pytest.mark.parametrize(
    ("kind", "table", "expected"),
    [
        ("waterfall", parts("ok", total=9e6), "parts that add up to the total"),
        ("slope", shares([f"Tool {n}" for n in range(13)], TWO), "at most 12 answers"),
        ("slope", shares(TOOLS, ("2022", *TWO)), "shares in two editions"),
        ("multiples", shares([f"Tool {n}" for n in range(41)], TWO), "at most 40 answers"),
        ("tiles", shares(TOOLS, by=()), "answers that name countries"),
        ("paths", shares(TOOLS, by=()), "answers that lead from one thing to another"),
        ("histogram", shares(TOOLS, several=False, by=()), "bands of a number"),
        ("boxes", shares(TOOLS, TWO), "shares of bands by the bands of another question"),
        ("diverging", make.score_by_edition(), "with its promoters and detractors"),
    ],
)
def test_what_a_new_kind_refuses(kind, table, expected):
    with pytest.raises(PublishError, match=expected):
        plan_of(table, kind)


def test_no_chart_that_suits_refuses_its_table():
    for table in (*build.everything().tables.values(), *(make_("ok") for make_ in SUITED.values())):
        assert drawing_of(plan_of(table))
        for kind in beside(table):
            assert drawing_of(plan_of(table, kind.name)).traces


def test_a_waterfall_adds_up_and_begins_at_zero_where_a_part_is_missing():
    bars = drawing_of(plan_of(parts("ok"))).traces[0]
    assert bars["base"] == [0.0, 5e6, 2e6, 0.0]
    assert [base + x for base, x in zip(bars["base"], bars["x"], strict=True)][-2:] == [3e6, 3e6]
    drawn = drawing_of(plan_of(parts("suppressed")))
    assert set(drawn.traces[0]["base"]) == {0.0}
    assert "do not add up" in drawn.reading


def test_promoters_less_detractors_is_the_score_that_is_drawn():
    left, right, dots = drawing_of(plan_of(scores("ok"))).traces
    assert [b + a for a, b in zip(left["x"], right["x"], strict=True)] == pytest.approx(dots["x"])


def test_the_area_of_a_band_is_its_share_and_the_curve_holds_the_same():
    traces = drawing_of(plan_of(SUITED["histogram"]("ok"), "histogram")).traces
    areas = [
        y * w for trace in traces[:-1] for y, w in zip(trace["y"], trace["width"], strict=True)
    ]
    values = [100 * row.value for row in rows_of(SUITED["histogram"]("ok"))]
    assert sorted(areas) == pytest.approx(sorted(values))
    curve = traces[-1]
    step = curve["x"][1] - curve["x"][0]
    whole = sum(values)
    assert 0.85 * whole < sum(curve["y"]) * step <= whole * 1.001


def test_a_number_that_changed_is_drawn_around_no_change_with_its_verdict():
    row = {"answer": "median", "count": 300, "base": 300, "value": -290.0, "low": -1700.0,
           "high": 900.0, "status": "ok", "verdict": "could be noise"}  # fmt: skip
    table = make.table("change", [row], measure=Measure.NUMBER, statistic="compare_numbers",
                       counts="cores")  # fmt: skip
    drawn = drawing_of(plan_of(table))
    assert plan_of(table).kind == "differences"
    low, high = drawn.layout["xaxis"]["range"]
    assert low == -high < -1700
    assert [key.label for key in drawn.legend] == ["could be noise"]


def test_bands_of_storage_are_counted_in_bytes_with_short_steps():
    bands_ = stretches_of(["Less than 1 TB", "1 TB to 9 TB", "10 PB to 99 PB", "1 ZB or more"])
    assert unit_of(bands_) == "bytes"
    assert (power(20), power(24), power(27)) == ("100E", "1Y", "1000Y")


def test_scores_are_no_bands():
    assert stretches_of([str(score) for score in range(11)]) == ()


def test_paths_run_from_older_to_newer_releases():
    plan = plan_of(SUITED["paths"]("ok"), "paths")
    assert plan.labels == ("From Yoga", "From Zed", "The same release")
    assert [series.name for series in plan.series] == ["to Zed", "to Antelope", "Any"]


def test_bands_have_edges_or_say_that_they_were_put_there():
    found = stretches_of(["0", "1 to 9", "10 or more"])
    assert [(each.low, each.high, each.open) for each in found] == [
        (0.1, 1.0, True), (1.0, 10.0, False), (10.0, 100.0, True)
    ]  # fmt: skip


def test_the_map_has_a_tile_of_its_own_for_small_countries():
    tiles = [tile for tile in tiles_of([]) if tile.code]
    places = [(tile.region, tile.column, tile.line) for tile in tiles]
    assert len(places) == len(set(places)) == len({tile.code for tile in tiles})
    assert {"SG", "HK", "MT", "BH", "LU", "MU"} <= {tile.code for tile in tiles}
    assert {tile.region for tile in tiles} == set(BLOCKS)
    for tile in tiles:
        country = find_country(tile.code)
        assert country is not None
        assert country.region == tile.region
    large = {"CN", "US", "IN", "BR", "DE", "FR", "GB", "JP", "KR", "AU", "ZA", "NG", "ID", "CA"}
    assert large <= {tile.code for tile in tiles} <= set(countries())


def test_blocks_of_the_map_do_not_overlap():
    sheet = [
        (BLOCKS[tile.region][0] + tile.column, BLOCKS[tile.region][1] + tile.line)
        for tile in tiles_of([])
    ]
    assert len(sheet) == len(set(sheet))


def test_a_country_without_a_tile_is_named_beside_the_map():
    drawn = drawing_of(plan_of(SUITED["tiles"]("ok"), "tiles"))
    (note,) = [n["text"] for n in drawn.layout["annotations"] if "Not on the map" in n["text"]]
    assert "Several countries" in note


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_publication_draws_every_kind_by_name(kind):
    table = SUITED[kind]("ok")
    chart = chart_of(make.publication(table), table.name, kind)
    assert chart["layout"]["meta"]["kind"] == KINDS[kind].words
