"""For the web team: what the documentation shows works in a browser, from a server."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey.disclosure.ledger.noted import Noted
from survey.disclosure.publication import sealing
from survey.publish import write_report
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make
from tests.publish.browser import FLAGS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "web-team.md"


def final(edition: str, *tables: Any) -> Any:
    with sealing():
        made = make.publication(*tables, edition=edition)
        return replace(made, final=True, noted=Noted(in_ledger=True, known=frozenset({""})))


def cores() -> Any:
    table = make.bands_by_edition()
    return replace(table, name="compute_cores", spec=replace(table.spec, concept="compute_cores"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    write_report(final("2024", cores(), build.tools_by_edition()), out)
    text = DOCS.read_text("utf-8")
    (page,) = re.findall(r"<!-- plain page -->\n```html\n(.*?)```", text, re.S)
    (out / "plain.html").write_text(page, "utf-8")
    (frame,) = re.findall(r"```html\n(<iframe.*?)```", text, re.S)
    host = frame.replace("https://example.org/survey/", "")
    (out / "host.html").write_text(f"<!doctype html><title>Host</title><p>Ours</p>{host}", "utf-8")
    return out


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # browsers ask for it by themselves
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=os.fspath(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'test'")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=os.fspath(chromium), args=FLAGS)
        yield started
        started.close()


def opened(browser: Any, address: str) -> Any:
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.complaints, page.asked = [], []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    return page


@pytest.mark.browser
def test_the_plain_page_draws_the_chart_in_its_own_font_and_colours(
    browser: Any, address: str
) -> None:
    page = opened(browser, f"{address}/plain.html")
    page.wait_for_selector("#cores .survey-plot svg text", timeout=20_000)
    assert page.complaints == []
    assert all(url.startswith((address, "data:", "blob:")) for url in page.asked)
    font = page.evaluate(
        "() => getComputedStyle(document.querySelector('#cores svg text')).fontFamily"
    )
    assert "Georgia" in font
    bars = page.evaluate("() => document.querySelector('.survey-plot').data[0].marker.color")
    assert "#da1a32" in json.dumps(bars)
    assert "Invented" not in page.inner_text("#cores")
    page.set_viewport_size({"width": 420, "height": 700})
    page.wait_for_function("() => document.querySelector('.survey-plot').layout.width < 500")
    page.close()


@pytest.mark.browser
def test_plotly_is_loaded_when_the_chart_comes_near(browser: Any, address: str, site: Path) -> None:
    text = (site / "plain.html").read_text("utf-8")
    far = text.replace("<h1>", '<div style="height: 4000px">far</div><h1>')
    (site / "far.html").write_text(far, "utf-8")
    page = opened(browser, f"{address}/far.html")
    page.wait_for_timeout(400)
    assert not [url for url in page.asked if "plotly" in url]
    page.evaluate("() => document.getElementById('cores').scrollIntoView()")
    page.wait_for_selector("#cores .survey-plot svg text", timeout=20_000)
    assert [url for url in page.asked if "plotly" in url]
    page.close()


@pytest.mark.browser
def test_a_frame_becomes_as_high_as_what_it_shows(browser: Any, address: str) -> None:
    page = opened(browser, f"{address}/host.html")
    high = "() => parseFloat(document.querySelector('iframe').style.height) || 0"
    page.wait_for_function(f"() => ({high})() > 0", timeout=20_000)
    wide = page.evaluate(high)
    inner = page.frames[1].evaluate("() => document.documentElement.scrollHeight")
    assert abs(inner - wide) <= 2
    page.set_viewport_size({"width": 380, "height": 700})
    page.wait_for_function(f"() => Math.abs(({high})() - {wide}) > 20", timeout=20_000)
    assert page.complaints == []
    page.close()


def test_latest_is_the_newest_final_edition(tmp_path: Path) -> None:
    def shown() -> str:
        return str(json.loads((tmp_path / "latest" / "manifest.json").read_text())["edition"])

    write_report(make.publication(cores(), edition="2022"), tmp_path / "drafts")
    assert not (tmp_path / "drafts" / "latest").exists(), "a draft is nobody's latest"
    write_report(final("2024", cores()), tmp_path)
    assert shown() == "2024"
    write_report(final("2023", cores()), tmp_path)
    assert shown() == "2024", "an older edition that is published again"
    write_report(final("2025", cores()), tmp_path)
    assert shown() == "2025"
    same = {p.relative_to(tmp_path / "latest") for p in (tmp_path / "latest").rglob("*")}
    assert same == {p.relative_to(tmp_path / "2025") for p in (tmp_path / "2025").rglob("*")}


def test_ids_of_blocks_and_views_stay_the_same_over_the_years(tmp_path: Path) -> None:
    """The names that stand in addresses of others; a change here breaks their links."""
    write_report(make.publication(cores(), build.tools_by_edition()), tmp_path)
    record = json.loads((tmp_path / "2024" / "blocks" / "compute_cores.json").read_text("utf-8"))
    assert record["schema_version"] == 1
    assert list(record["labels"]) == ["now", "now-histogram", "time", "time-multiples"] or (
        list(record["labels"]) == ["now", "time", "time-multiples"]
    )
    assert record["edition_views"][:1] == ["edition-2019"]
    assert "compare-2019-2020" in record["edition_views"]
