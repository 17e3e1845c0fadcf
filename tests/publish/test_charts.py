"""What reaches the chart: values, intervals, reasons; never what was withheld."""

import json
import math
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from survey.errors import PublishError
from survey.publish.chart_json import chart_record, compact_json, write_charts
from survey.publish.charts import INTERNAL, bars, figure
from survey.publish.format import compact, interval, label, percent

make = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("workbook_builders.py"))))
PUBLISHED = make.everything()
SECRET = 0.123456789123


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers(inner)]
    if isinstance(value, list | tuple):
        return [number for inner in value for number in numbers(inner)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def drawn(name: str) -> dict[str, Any]:
    return chart_record(PUBLISHED, name)


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_every_table_can_be_drawn(name: str) -> None:
    record = drawn(name)
    assert record["meta"]["title"] == PUBLISHED[name].title
    assert INTERNAL not in json.dumps(record)


def test_bars_carry_values_and_limits() -> None:
    table = make.releases_ungrouped()
    trace = figure(table).data[0]
    rows = table.frame[table.frame["value"].notna()].sort_values("value", ascending=False)
    assert list(trace.x) == rows["value"].tolist()
    assert list(trace.error_x.array) == pytest.approx((rows["high"] - rows["value"]).tolist())
    assert list(trace.error_x.arrayminus) == pytest.approx((rows["value"] - rows["low"]).tolist())


@pytest.mark.parametrize("status", ["suppressed", "not offered", "not comparable", "empty"])
def test_a_row_without_a_value_is_named_and_never_drawn(status: str) -> None:
    rows = [make.share_row("Shown", 0.5, 100.0), make.share_row("Gone", 0.2, 100.0, status)]
    rows[1] |= {"value": SECRET, "low": SECRET, "high": SECRET}  # even if it were still there
    record = figure(make.table("gone", rows)).to_plotly_json()
    assert not any(math.isclose(SECRET, number) for number in numbers(record["data"]))
    assert list(record["data"][0]["y"]) == ["Shown"]
    texts = [note["text"] for note in record["layout"]["annotations"]]
    reason = {"suppressed": "withheld", "empty": "no answers"}.get(status, status)
    assert f"<i>{reason}</i>" in texts


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_no_chart_holds_a_number_that_the_table_does_not_show(name: str) -> None:
    table = PUBLISHED[name]
    hidden = ~table.frame["status"].isin(["ok", "imprecise"])
    assert table.frame.loc[hidden, "value"].isna().all()
    shown = int((~hidden).sum())
    marks = sum(len(trace.get("hovertext") or ()) for trace in drawn(name)["data"]
                if trace["type"] != "heatmap")
    assert marks <= shown


def test_an_analysts_chart_says_that_it_was_not_checked() -> None:
    table = make.releases_ungrouped()
    assert INTERNAL in figure(table).layout.title.subtitle.text
    assert INTERNAL in bars(table).layout.title.subtitle.text
    assert INTERNAL not in figure(PUBLISHED, table.name).layout.title.subtitle.text


def test_invented_answers_are_called_so_on_every_chart() -> None:
    for name in PUBLISHED.tables:
        assert "invented data" in figure(PUBLISHED, name).layout.title.subtitle.text


def test_markup_in_labels_is_text() -> None:
    text = compact_json(drawn(make.odd_labels().name)["data"])
    assert "<b>bold</b> & co<" not in text.replace("<b><b>", "")
    assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_json_is_plain_and_the_same_each_time(tmp_path: Path) -> None:
    first, second = ({path.name: path.read_bytes() for path in write_charts(PUBLISHED, tmp_path / n)}
                     for n in ("a", "b"))
    assert first == second
    assert b"bdata" not in b"".join(first.values())
    index = json.loads(first["index.json"])
    assert [chart["name"] for chart in index["charts"]] == list(PUBLISHED.tables)


def test_asking_for_what_is_not_there_helps() -> None:
    with pytest.raises(PublishError, match="did you mean 'releases_"):
        figure(PUBLISHED, "releases_in_us")
    with pytest.raises(PublishError, match="survey.figure"):
        bars(make.score_by_edition())


def test_words_for_numbers() -> None:
    assert [percent(each) for each in (0, 0.004, 0.125, 1)] == [
        "0\u202f%", "0.4\u202f%", "12\u202f%", "100\u202f%"]
    assert [compact(each) for each in (45e6, 999, 1e12, 5.3e6)] == [
        "45 million", "999", "1 trillion", "5.3 million"]
    assert interval(make.score_by_edition(), -4.4, 12.0) == "−4 to 12"
    assert label("a " * 200).endswith("…")
