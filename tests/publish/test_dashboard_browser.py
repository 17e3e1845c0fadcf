"""The dashboard in a real browser, from a folder, without a network."""

import csv
import io
import os
from pathlib import Path

import pytest

from survey.publish.dashboard import write_dashboard
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

PUBLISHED = build.everything()
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DRAWN = (
    "() => [...document.querySelectorAll('.plot')].every((box) => box.querySelector('.main-svg'))"
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium):
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'test'")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=os.fspath(chromium), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    write_dashboard(PUBLISHED, folder)
    return (folder / "index.html").as_uri()


def opened(browser, address, width=1440, height=900, **given):
    """Open the page in a fresh profile; complaints and requests are kept on it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **given
    )
    page = context.new_page()
    page.complaints, page.requests = [], []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(address)
    page.wait_for_selector(".plot .main-svg")
    return page


@pytest.fixture
def visit(browser, address):
    """Open a page that only one test uses."""
    pages = []

    def once(**given):
        pages.append(opened(browser, address, **given))
        return pages[-1]

    yield once
    for page in pages:
        page.context.close()


@pytest.fixture(scope="module")
def desk(browser, address):
    """A wide page with every chart drawn, for tests that leave it as it was."""
    page = opened(browser, address)
    page.drawn_at_first = page.locator(".plot:has(.main-svg)").count()
    draw_all(page)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def phone(browser, address):
    page = opened(browser, address, 390, 800)
    draw_all(page)
    yield page
    page.context.close()


def draw_all(page):
    for box in page.locator(".plot").all():
        box.scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)


def values_drawn(page, name):
    """Return what Plotly holds: the values of the first trace of a chart."""
    return page.evaluate("name => document.querySelector(`[data-chart='${name}']`).data[0].x", name)


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_every_chart_draws_without_complaint_or_network(screen, request):
    page = request.getfixturevalue(screen)
    assert page.evaluate(DRAWN)
    assert page.complaints == []
    assert {url.split(":")[0] for url in page.requests} == {"file"}
    wide, window = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window
    assert page.evaluate("() => window.attacked") is None


def test_charts_are_drawn_when_they_come_near(desk):
    assert 0 < desk.drawn_at_first < len(PUBLISHED)


def test_markup_in_answers_is_shown_and_never_run(desk):
    page = desk
    page.locator("#attacks-script").scroll_into_view_if_needed()
    shown = page.locator("#attacks-script .yaxislayer-above").inner_html()
    assert "&lt;script&gt;" in shown
    assert page.locator("article img, article svg a[href^=javascript], article script").count() == 0
    assert page.locator("#attacks-script tbody th").all_text_contents()[:2] == list(
        build.ATTACKS[:2]
    )
    bar = page.locator("#attacks-script .bars .point").first.bounding_box()
    page.mouse.move(bar["x"] + 5, bar["y"] + bar["height"] / 2)
    page.wait_for_selector("#attacks-script .hoverlayer .hovertext")
    assert page.evaluate("() => window.attacked") is None
    assert page.complaints == []


def test_values_reach_the_drawn_chart_and_stay_when_colours_change(desk):
    page = desk
    name = "compute_cores_by_edition"
    light = values_drawn(page, name)
    table = PUBLISHED[name].frame
    first = table[(table["answer"] == make.BANDS[0]) & table["value"].notna()]
    assert light == pytest.approx((100 * first["value"]).tolist())
    page.click("#mode")
    assert values_drawn(page, name) == light
    page.click("#mode")


def test_dark_follows_the_system_and_the_button(visit):
    page = visit(color_scheme="dark")
    background = "() => getComputedStyle(document.body).backgroundColor"
    ink = "() => document.querySelector('.plot .ytick text').style.fill"
    assert page.evaluate(background) == "rgb(15, 19, 23)"
    assert page.evaluate(ink) == "rgb(233, 237, 241)"
    page.click("#mode")
    assert page.evaluate(background) == "rgb(245, 247, 249)"
    assert page.evaluate(ink) == "rgb(21, 28, 36)"
    assert page.get_attribute("#mode", "aria-pressed") == "false"
    page.reload()
    page.wait_for_selector(".plot .main-svg")
    assert page.evaluate(background) == "rgb(245, 247, 249)"


def test_the_search_leaves_what_fits(desk):
    page = desk
    page.fill("#find", "releases train")
    shown = set(page.locator("article:visible").evaluate_all("all => all.map((each) => each.id)"))
    fits = {name for name, table in PUBLISHED.tables.items()
            if table.frame["answer"].eq("Train").any()}  # fmt: skip
    assert shown == fits
    assert page.inner_text("#found") == f"{len(fits)} of {len(PUBLISHED)} charts"
    assert page.locator("nav li[data-for]:visible").count() == len(fits)
    page.press("#find", "Escape")
    assert page.locator("article:visible").count() == len(PUBLISHED)


def test_the_data_is_reached_by_keyboard_alone(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.tagName") == "SUMMARY":
            break
    article = page.evaluate("() => document.activeElement.closest('article').id")
    page.keyboard.press("Enter")
    assert page.locator(f"#{article} table").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "region"


def download(page, article, action):
    page.locator(f"#{article} details").evaluate("(details) => { details.open = true; }")
    with page.expect_download() as caught:
        page.locator(f"#{article} [data-action={action}]").click()
    return Path(caught.value.path()), caught.value.suggested_filename


def test_the_table_downloads_as_numbers(desk):
    path, name = download(desk, "releases_in_use", "csv")
    assert name == "releases_in_use.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    table = PUBLISHED["releases_in_use"].frame
    assert [row["answer"] for row in rows] == table["answer"].tolist()
    for column in ("value", "low", "high", "count", "base"):
        assert [float(row[column]) for row in rows] == pytest.approx(table[column].tolist())


def test_a_download_holds_no_formula_and_no_withheld_number(desk):
    path, _ = download(desk, "attacks-script", "csv")
    answers = [row["answer"] for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))]
    assert "'=HYPERLINK(1)" in answers
    assert not [answer for answer in answers if answer[0] in "=+-@"]
    path, _ = download(desk, "nothing_left", "csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["value"] for row in rows] == [""] * 4
    assert rows[0]["remark"] == "withheld"


def test_a_chart_downloads_as_an_image(desk):
    path, name = download(desk, "stage_by_region", "png")
    content = path.read_bytes()
    assert name == "stage_by_region.png"
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20]) == 1920


def test_printing_draws_everything_in_light_and_in_one_column(visit):
    page = visit(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(DRAWN)
    colours = page.evaluate(
        "() => [...document.querySelectorAll('.plot .ytick text')].map((each) => each.style.fill)"
    )
    assert set(colours) == {"rgb(21, 28, 36)"} | ({"rgb(84, 95, 107)"} & set(colours))
    widths = page.evaluate(
        "() => [...document.querySelectorAll('.main-svg')].map((s) => s.clientWidth)"
    )
    assert max(widths) <= 700
    rules = page.evaluate(
        "() => [...document.querySelectorAll('article')]"
        ".map((each) => getComputedStyle(each).breakInside)"
    )
    assert set(rules) == {"avoid"}
    assert not page.locator("nav").is_visible()
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")


def test_labels_stand_above_the_marks_on_a_phone(phone):
    box = phone.locator("#releases_in_use .plot")
    assert box.locator(".ytick").count() == 0
    labels = box.locator(".annotation-text").all_text_contents()
    assert set(make.RELEASES_2021) <= set(labels)
    heights = box.locator(".annotation-text").evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect().top)"
    )
    assert heights == sorted(heights)


def test_without_scripts_the_data_is_still_there(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#releases_in_use summary").click()
    assert page.locator("#releases_in_use tbody tr").count() == len(make.RELEASES_2021)
    assert "need JavaScript" in page.inner_text("noscript")
    context.close()
