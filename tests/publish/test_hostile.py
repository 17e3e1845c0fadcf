"""Texts that attack: nothing runs, nothing is requested, all is shown as it was written.

They come from wherever text can come from: the project's file (title, publisher, titles and notes
of tables, names of answers, chapters), a table of the project's own, and a coding frame; answers
come from an export in the exporter's format.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from survey.cli import main
from survey.publish import write_report
from survey.publish.charts.canvas import compose
from survey.publish.charts.labels import plain, wrapped
from survey.publish.charts.registry import drawing_of, plan_of
from survey.publish.charts.words import words_for_table
from survey.publish.publisher import Publisher
from tests.publish import workbook_builders as make
from tests.publish.browser import FLAGS, opened
from tests.publish.hostile import ATTACKS, CONTROLS, LONG, MARK, drawn, project, visible
from tests.publish.test_chart_kinds import SUITED

SEED = 29
LABEL_COLUMNS = 34 * 3
MATHS = re.compile(r"[$]+[^$]*[$]+")  # what Plotly takes for a formula


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("hostile")
    texts = project(folder, SEED)
    out = folder / "reports-internal"
    ran = CliRunner().invoke(main, ["report", "--project", str(folder), "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    return out / "2024", texts


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'test'")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=os.fspath(chromium), args=FLAGS)
        yield started
        started.close()


def places(root: Path) -> Iterator[tuple[str, str]]:
    """Yield address and block of every page, block and view."""
    for page in sorted(root.glob("*.html")):
        yield page.name, ""
    index = json.loads((root / "blocks" / "index.json").read_text("utf-8"))
    for chapter in index["chapters"]:
        for block in chapter["blocks"]:
            record = json.loads((root / "blocks" / block["file"]).read_text("utf-8"))
            for number, view in enumerate([*record["labels"], *record["edition_views"]]):
                for part in ("", *(["&as=table", "&as=about"] if number == 0 else [])):
                    yield f"{chapter['page']}#q={block['id']}&view={view}{part}", block["id"]


@pytest.mark.browser
def test_nothing_runs_nothing_is_requested_and_all_is_shown(
    report: tuple[Path, list[str]], browser: Any
) -> None:
    root, texts = report
    seen = ""
    for address, block in places(root):
        page = opened(browser, f"{root.as_uri()}/{address}")
        if block:
            page.wait_for_selector(f"#{block}.done", timeout=20_000)
        assert page.evaluate(f"() => {MARK}") is None, address
        assert page.complaints == [], address
        assert [u for u in page.requests if not u.startswith(("file:", "data:"))] == [], address
        tags = "article :is(script, img, iframe, object, form, [onload], [onerror])"
        assert page.locator(tags).count() == 0, address
        assert page.locator("a[href^='javascript:' i]").count() == 0, address
        seen += page.evaluate("() => document.documentElement.textContent")
        page.context.close()
    shown = visible(seen)
    missing = [text for text in texts[:24] if visible(text) not in shown]
    assert missing == []
    assert LONG in shown


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
def test_labels_of_charts_are_whole(
    report: tuple[Path, list[str]], browser: Any, width: int
) -> None:
    root, _ = report
    record = json.loads((root / "blocks" / "customs.json").read_text("utf-8"))
    view = record["views"][0]
    page = opened(browser, f"{root.as_uri()}/{_page(root, 'customs')}#q=customs", width)
    page.wait_for_selector("#customs.done")
    drawn_texts = page.evaluate(
        "() => [...document.querySelectorAll('#customs .plot svg text')].map((t) => t.textContent)"
    )
    together = visible("".join(drawn_texts))
    assert len(view["figure"]["rows"]) >= 4
    for row in view["figure"]["rows"]:
        label = visible(row["label"])
        assert label[: LABEL_COLUMNS // 2] in together, row["label"]
    page.context.close()


def _page(root: Path, block: str) -> str:
    index = json.loads((root / "blocks" / "index.json").read_text("utf-8"))
    return next(
        str(chapter["page"])
        for chapter in index["chapters"]
        for each in chapter["blocks"]
        if each["id"] == block
    )


def test_files_hold_the_texts_as_they_were_written(report: tuple[Path, list[str]]) -> None:
    root, texts = report
    record = json.loads((root / "blocks" / "customs.json").read_text("utf-8"))
    place = [column["key"] for column in record["views"][0]["table"]["columns"]].index("answer")
    answers = {row[place] for row in record["views"][0]["table"]["rows"]}
    known = {" ".join(text.split()) for text in texts} | set(texts)
    assert answers <= known | {"Any other answer", "Not named"}
    table = root / "tables" / "INTERNAL-customs_here.csv"  # a report of one's own is not protected
    rows = csv.DictReader(io.StringIO(table.read_text("utf-8")))
    assert {row["answer"].removeprefix("'") for row in rows} == {
        answer.removeprefix("'") for answer in answers
    }
    book = openpyxl.load_workbook(root / "report-2024.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert not [formula for formula in formulas if "http" in formula or "cmd" in formula]


@pytest.mark.parametrize("text", [*ATTACKS, *CONTROLS, "half \ud83d pair", "\udc00", LONG])
def test_no_chart_takes_a_text_for_markup(text: str) -> None:
    for said in (plain(text), wrapped(text, 34)):
        assert "%{" not in said
        assert not MATHS.search(said)
        assert not re.search(r"<(?!br>)", said)
        assert "\ud83d" not in said
    assert visible(html.unescape(plain(text))) == visible(text)


@pytest.mark.parametrize("kind", sorted(SUITED))
def test_every_kind_of_chart_escapes_its_labels(kind: str) -> None:
    """Titles, notes and answers of every kind; kinds that read bands or countries get a title."""
    table = SUITED[kind]("ok")
    attacked = make.table(
        table.name, table.frame.to_dict("records"), by=table.groups, measure=table.measure,
        several=table.several, statistic=table.spec.statistic, title="".join(ATTACKS),
        notes=ATTACKS, counts=table.spec.counts,
    )  # fmt: skip
    chart = compose(drawing_of(plan_of(attacked, kind)), words_for_table(attacked, internal=True))
    layout = {key: value for key, value in chart["layout"].items()
              if key not in ("template", "meta")}  # fmt: skip
    for text in _texts([chart["data"], layout]):
        assert not re.sub(r"</?(?:b|i|br)>", "", text).count("<"), text
        assert not MATHS.search(text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [t for key, inner in value.items() if key != "customdata" for t in _texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def test_half_a_pair_is_written_everywhere(tmp_path: Path) -> None:
    """A lone surrogate cannot stand in a file: it is replaced, and nothing crashes."""
    rows = [make.share_row("answer", 0.2, 90.0, region="region") for _ in range(4)]
    table = make.table("half\ud83d", rows, by=("region",), several=True, title="T\ud800",
                       topic="\udfff", notes=("N\ud83d",))  # fmt: skip
    halves = [f"half \ud83d{place}" for place in range(4)]
    frame = table.frame.assign(
        answer=pd.Series(halves, dtype=object),
        region=pd.Series(["\udc00", "\udc00", "b", "b"], dtype=object),
    )
    table = table.with_frame(frame)
    files = write_report(
        make.publication(table), tmp_path, publisher=Publisher("P\ud800", licence="\udc00")
    )
    for file in files:
        if file.suffix in (".html", ".json", ".csv", ".md", ".js"):
            assert "\ud83d" not in file.read_text("utf-8", errors="strict")


def test_texts_follow_from_the_seed() -> None:
    assert drawn(3, 40) == drawn(3, 40) != drawn(4, 40)
