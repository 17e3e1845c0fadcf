"""The dashboard in a real browser, from a folder, without a network."""

import csv
import io
import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from survey.publish.dashboard import write_dashboard

make = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("workbook_builders.py"))))
PUBLISHED = make.everything()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the extra 'test'")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=os.fspath(chromium), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    write_dashboard(PUBLISHED, folder)
    return (folder / "index.html").as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.complaints, opened.requests = [], []
    opened.on("console", lambda said: opened.complaints.append(said.text)
              if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.goto(address)
    opened.wait_for_selector(".chart .main-svg")
    yield opened
    context.close()


def draw_all(page: Any) -> None:
    for name in PUBLISHED.tables:
        page.evaluate("name => document.getElementById(name).scrollIntoView()", name)
        page.wait_for_function(
            "name => document.querySelector(`[data-chart='${CSS.escape(name)}'] .main-svg`)",
            arg=name)


def test_every_chart_draws_without_complaint_or_network(page: Any) -> None:
    draw_all(page)
    assert page.complaints == []
    assert all(url.startswith("file:") or url.startswith("blob:") for url in page.requests)


def test_markup_in_answers_is_shown_not_run(page: Any) -> None:
    draw_all(page)
    assert page.locator("article b", has_text="bold").count() == 0
    assert page.locator("td, th", has_text="<b>bold</b> & co").count() > 0


def test_the_search_leaves_what_fits(page: Any) -> None:
    page.fill("#find", "releases")
    shown = page.locator(".card:visible").evaluate_all("cards => cards.map(card => card.id)")
    assert shown
    assert all("release" in PUBLISHED[name].title.casefold() or "release" in name for name in shown)
    assert page.locator("#found").inner_text().startswith(str(len(shown)))


def test_the_data_can_be_reached_by_keyboard_and_downloaded(page: Any) -> None:
    name = make.releases_ungrouped().name
    summary = page.locator(f"#{name} summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(f"#{name} table").is_visible()
    with page.expect_download() as caught:
        page.locator(f"#{name} button.csv").click()
    text = Path(caught.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    table = PUBLISHED[name].frame
    assert [row["answer"] for row in rows] == table["answer"].tolist()
    assert [float(row["value"]) for row in rows if row["value"]] == \
        table["value"].dropna().tolist()


def test_a_formula_in_a_label_is_text_in_the_download(page: Any) -> None:
    with page.expect_download() as caught:
        page.locator("button.csv[data-table^='odd labels']").evaluate("button => button.click()")
    text = Path(caught.value.path()).read_text(encoding="utf-8-sig")
    assert "'=cmd()" in text


def test_dark_mode_redraws_and_keeps_the_values(page: Any) -> None:
    def first_bars() -> Any:
        return page.evaluate("() => document.querySelector('.chart').data.map(t => t.x)")

    light = first_bars()
    page.click("#mode")
    assert page.evaluate("() => document.documentElement.dataset.mode") == "dark"
    assert first_bars() == light
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(11, 16, 21)"


def test_it_fits_a_phone(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened = context.new_page()
    opened.goto(address)
    opened.wait_for_selector(".chart .main-svg")
    assert opened.evaluate("() => document.documentElement.scrollWidth") <= 390
    context.close()


def test_printing_draws_what_was_not_yet_seen(page: Any) -> None:
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(
        "() => [...document.querySelectorAll('.chart')].every(b => b.querySelector('.main-svg'))")
