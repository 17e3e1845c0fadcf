"""The dashboard in a real browser, from a folder, without a network.

A seeded sample of all blocks, views, widths and modes; ``tests/publish/look.py`` looks at all, and
``tests/publish/tasks.py`` measures tasks on a slow phone.
"""

import csv
import functools
import http.server
import io
import json
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from survey.publish.dashboard import write_dashboard
from survey.publish.dashboard.page_frame import POLICY
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make
from tests.publish.browser import AXE, FLAGS, RULES, RUN_AXE, faults, opened, sample

PUBLISHED = build.everything()
SIZE, SEED = 14, 20
STOPS = 15
TABLES = """async (ids) => {
    const cells = (table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.children]
        .map((cell) => [cell.querySelector("data")?.value ?? null, cell.textContent]));
    const found = [];
    for (const id of ids) {
        const record = await survey.load(id);
        const apart = await Promise.all([...new Set(Object.values(record.apart))].map(survey.load));
        for (const view of [...record.views, ...apart.flat()]) {
            found.push([view.table, cells(survey.tables.table(view))]);
        }
    }
    return found;
}"""

GAP = """(name) => document.getElementById(name).getBoundingClientRect().top
    - document.querySelector(".bar").getBoundingClientRect().bottom"""
"""How far a block stands below the bar of choices, in pixels."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium):
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra 'test'")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=os.fspath(chromium), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("dashboard")
    write_dashboard(PUBLISHED, out)
    return out


@pytest.fixture(scope="module")
def where(folder):
    """Block -> its page."""
    index = json.loads((folder / "blocks" / "index.json").read_text(encoding="utf-8"))
    return {
        block["id"]: chapter["page"] for chapter in index["chapters"] for block in chapter["blocks"]
    }


@pytest.fixture
def visit(browser, folder, where):
    """Open a block; the page is closed after the test."""
    pages = []

    def once(block, state="", root="", **given):
        address = f"{root or folder.as_uri()}/{where[block]}#q={block}{state}"
        page = opened(browser, address, **given)
        pages.append(page)
        page.wait_for_selector(f"#{block}.done")
        return page

    yield once
    for page in pages:
        page.context.close()


def shown(page, block):
    return page.get_attribute(f"#{block}", "data-shown").split(" ")[0]


def test_a_sample_of_all_views_is_drawn_whole_and_readable(browser, folder):
    found = {place: faults(browser, folder, place) for place in sample(folder, SIZE, SEED)}
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_the_other_pages_have_no_fault_either(browser, folder):
    for name in ("index", "questions", "method", "glossary", "downloads", "compare"):
        page = opened(browser, f"{folder.as_uri()}/{name}.html", 360, color_scheme="dark")
        run = page.context.new_cdp_session(page)
        run.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        assert page.evaluate(RUN_AXE, [RULES, None]) == [], name
        assert page.complaints == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
        page.context.close()


def test_markup_in_answers_is_shown_and_never_run(visit):
    page = visit("attacks-script")
    assert page.evaluate("() => window.attacked") is None
    page.click("#attacks-script-tab-table")
    page.wait_for_selector("#attacks-script tbody th")
    assert page.locator("#attacks-script tbody th").all_text_contents()[:2] == list(
        build.ATTACKS[:2]
    )
    assert page.locator("article img, article a[href^=javascript], article script").count() == 0
    assert page.evaluate("() => window.attacked") is None
    assert page.complaints == []


def test_every_cell_of_every_view_reaches_the_table_in_the_page(browser, folder, where):
    """What the files of a block hold is compared with the publication in test_one_number.py."""
    page = opened(browser, f"{folder.as_uri()}/{next(iter(where.values()))}")
    views = page.evaluate(TABLES, list(where))
    for table, shown_rows in views:
        remarks = any(row[-1] for row in table["rows"])
        kept = [c for c in table["columns"] if c["key"] != "status"][: None if remarks else -1]
        places = [table["columns"].index(column) for column in kept]
        for row, cells in zip(table["rows"], shown_rows, strict=True):
            for place, (number, text) in zip(places, cells, strict=True):
                if not table["columns"][place].get("number") or row[place] is None:
                    assert (number, text) == (None, row[place] or "")
                else:
                    assert (float(number), text) == tuple(row[place])
    assert sum(len(rows) for _, rows in views) > 1000
    page.context.close()


def test_the_table_of_a_block_shows_the_numbers_of_its_rows(visit):
    page = visit("releases_in_use", "&as=table")
    rows = page.locator("#releases_in_use tbody tr")
    found = [row.locator("data").first.get_attribute("value") for row in rows.all()]
    table = PUBLISHED["releases_in_use"].frame
    assert [float(value) for value in found] == pytest.approx(table["value"].tolist())
    assert rows.locator("th").all_text_contents() == table["answer"].tolist()


def test_values_reach_the_chart_in_light_and_dark(visit):
    page = visit("releases_in_use")
    read = "() => [...document.querySelector('#releases_in_use .plot').data[0].x]"
    light = page.evaluate(read)
    table = PUBLISHED["releases_in_use"].frame
    assert sorted(light) == pytest.approx(sorted(100 * table["value"]))
    page.click("#mode")
    page.wait_for_timeout(200)
    assert page.evaluate(read) == light
    assert page.get_attribute("#mode", "aria-pressed") == "true"
    page.reload()
    page.wait_for_selector("#releases_in_use.done")
    assert page.evaluate("() => document.documentElement.dataset.mode") == "dark"


def test_the_address_holds_the_view_and_back_works(visit):
    page = visit("compute_cores_by_edition")
    block = "compute_cores_by_edition"
    assert shown(page, block) == "now"
    page.click(f"#{block}-tab-time")
    page.wait_for_selector(f"#{block}[data-shown^='time']")
    assert "view=time" in page.url
    page.select_option("#choose-edition", "2021")
    page.wait_for_selector(f"#{block}[data-shown^='edition-2021']")
    page.select_option("#choose-compare", "2019")
    page.wait_for_selector(f"#{block}[data-shown^='compare-2019-2021']")
    page.go_back()
    page.wait_for_selector(f"#{block}[data-shown^='edition-2021']")
    page.go_back()
    page.wait_for_selector(f"#{block}[data-shown^='time']")
    again = visit(block, "&edition=2021&compare=2019")
    assert shown(again, block) == "compare-2019-2021"


@pytest.mark.parametrize("width", [360, 768])
def test_an_address_stands_at_its_block_whatever_is_drawn_above_it(visit, where, width):
    name = "compute_cores_change"
    others = [block for block, page in where.items() if page == where[name]]
    assert others.index(name) > 1
    for _ in range(5):
        page = visit(name, "&view=time-change", width=width)
        for other in others:
            page.wait_for_selector(f"#{other}.done", state="attached")
        gap = page.evaluate(GAP, name)
        assert 0 <= gap < 24, "under the bar, and nothing of the block above beside it"
    page.mouse.wheel(0, 500)
    page.wait_for_function("([name, gap]) => GAP(name) < gap - 300".replace("GAP", f"({GAP})"),
                           arg=[name, gap])  # fmt: skip


def test_an_address_of_a_question_that_moved_leads_to_its_page(browser, folder, where):
    block, state = "compute_cores_by_edition", "&view=time&as=table&unit=count"
    other = next(page for page in where.values() if page != where[block])
    for first in (other, f"{other}#q={_first(where, other)}", "index.html"):
        page = opened(browser, f"{folder.as_uri()}/{first}")
        page.evaluate("(hash) => { location.hash = hash; }", f"#q={block}{state}")
        page.wait_for_selector(f"#{block}.done")
        assert page.url == f"{folder.as_uri()}/{where[block]}#q={block}{state}"
        assert page.get_attribute(f"#{block}", "data-shown") == "time table"
        page.go_back()
        assert page.url.startswith(f"{folder.as_uri()}/{first}"), "the old address is no step"
        page.context.close()
    page = opened(browser, f"{folder.as_uri()}/{other}#q={block}{state}")
    page.wait_for_selector(f"#{block}.done")
    assert page.complaints == []
    page.context.close()
    page = opened(browser, f"{folder.as_uri()}/{other}#q=never_asked")
    page.wait_for_selector("#message:has-text('no question “never_asked” in this edition')")
    page.context.close()


def _first(where, page):
    return next(block for block, its in where.items() if its == page)


def test_what_is_not_offered_says_why_and_shows_what_there_is(visit):
    page = visit("releases_in_use", "&view=nonsense")
    assert "no view “nonsense”" in page.inner_text("#releases_in_use .message")
    assert shown(page, "releases_in_use") == "now"
    page = visit("releases_in_use", "&by=deployment_stage")
    assert "Not broken down by stage" in page.inner_text("#releases_in_use .message")


def test_counts_intervals_and_order_are_choices(visit):
    read = (
        "() => { const [bars] = document.querySelector('#releases_in_use .plot').data;"
        " return [[...bars.x], Boolean(bars.error_x)]; }"
    )
    table = PUBLISHED["releases_in_use"].frame
    x, intervals = visit("releases_in_use", "&unit=count").evaluate(read)
    assert sorted(x) == sorted(table["count"])
    assert not intervals
    _, intervals = visit("releases_in_use", "&intervals=no").evaluate(read)
    assert not intervals
    page = visit("releases_in_use", "&order=form")
    labels = page.evaluate(
        "() => document.querySelector('#releases_in_use .plot').layout.yaxis.ticktext"
    )
    assert labels == table["answer"].tolist()


def test_stacked_bars_show_intervals_as_a_table_when_asked(visit):
    page = visit("stage_by_region", "&intervals=yes")
    cells = page.locator("#stage_by_region .cell small").all_text_contents()
    assert len(cells) == 12
    assert all(" to " in cell for cell in cells)


def test_a_word_of_many_letters_makes_no_page_wider(browser, tmp_path):
    table = make.releases_ungrouped()
    write_dashboard(make.publication(replace(table, title="long" * 10_000)), tmp_path)
    pages = [path.name for path in tmp_path.glob("*.html") if path.name != "embed.html"]
    assert len(pages) > 6
    for name in pages:
        page = opened(browser, f"{tmp_path.as_uri()}/{name}", 360)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
        page.context.close()


def test_a_wide_table_over_editions_shows_the_newest_first(visit):
    page = visit("releases_by_edition", "&view=time", width=360)
    edges = page.evaluate(
        """() => {
          const box = document.querySelector("#releases_by_edition .scroll");
          const newest = box.querySelector("thead th:last-child");
          const right = newest.getBoundingClientRect().right;
          return [box.scrollWidth - box.clientWidth, right, box.getBoundingClientRect().right];
        }"""
    )
    hidden, newest, edge = edges
    assert hidden > 0, "or there is nothing to show"
    assert newest <= edge + 1


def test_the_search_finds_words_of_answers_and_says_when_it_does_not(browser, folder):
    page = opened(browser, f"{folder.as_uri()}/index.html")
    page.fill("#find", "trains")
    page.press("#find", "Enter")
    page.wait_for_selector("#found:has-text('questions have')")
    fits = {
        name for name, t in PUBLISHED.tables.items()
        if t.frame["answer"].str.contains("train", case=False).any()
    }  # fmt: skip
    listed = page.locator("[data-id]:visible").evaluate_all("all => all.map((e) => e.dataset.id)")
    assert set(listed) == fits
    assert "find=trains" in page.url
    page.fill("#find", "zzz")
    page.wait_for_selector("#found:has-text('Nothing found')")
    page.context.close()


def test_ones_own_cloud_is_compared_in_the_page_alone(browser, tmp_path):
    rows = [
        make.share_row(band, share, 400.0)
        for band, share in zip(make.BANDS, make.BANDS_2021, strict=True)
    ]
    write_dashboard(make.publication(make.table("compute_cores", rows)), tmp_path)
    page = opened(browser, f"{tmp_path.as_uri()}/compare.html")
    page.fill("#own-compute_cores", "1200")
    said = page.inner_text("#compared p").replace("\xa0", " ")
    assert said.startswith("Yours is in the band 1,000-9,999 cores, with 29 %")
    assert "51 % are in smaller bands, 20 % in larger ones" in said
    assert page.locator(".mine").count() == 1
    assert "1200" not in page.url, "values are not in the address until somebody asks"
    page.click("text=Put my values into the address")
    assert "have=compute_cores%3A1200" in page.url
    again = opened(browser, page.url)
    again.wait_for_selector(".mine")
    assert again.input_value("#own-compute_cores") == "1200"
    assert page.complaints == again.complaints == []
    assert {url.split(":")[0] for url in page.requests} == {"file"}
    for each in (page, again):
        each.context.close()


def test_keyboard_alone_reaches_the_first_chart_soon(visit):
    page = visit("releases_in_use")
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    page.goto(page.url.split("#")[0])
    page.wait_for_selector(".block.done")
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.getAttribute('role')") == "tab":
            break
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "tab"
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[role=tab][aria-selected=true]:focus")


def download(page, block, text):
    with page.expect_download() as caught:
        page.locator(f"#{block} .actions button", has_text=text).click()
    return Path(caught.value.path()), caught.value.suggested_filename


@pytest.fixture(scope="module")
def served(folder):
    """A server that sends the policy as a header."""

    class Strict(http.server.SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def log_message(self, *_):
            pass

    handler = functools.partial(Strict, directory=os.fspath(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("way", ["folder", "server"])
def test_downloads_work_under_the_policy(visit, way, request):
    given = {"root": request.getfixturevalue("served"), "offline": False} if way == "server" else {}
    page = visit("releases_in_use", **given)
    path, name = download(page, "releases_in_use", "CSV")
    assert name == "releases_in_use-now-2024.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    table = PUBLISHED["releases_in_use"].frame
    assert [row["answer"] for row in rows] == table["answer"].tolist()
    for column in ("value", "low", "high", "count", "base"):
        assert [float(row[column]) for row in rows] == pytest.approx(table[column].tolist())
    path, name = download(page, "releases_in_use", "PNG")
    content = path.read_bytes()
    assert name.endswith(".png")
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(content[16:20]) == 1700
    path, _ = download(page, "releases_in_use", "SVG")
    svg = path.read_text(encoding="utf-8")
    assert "Source: OpenStack User Survey 2024" in svg
    assert "Invented data" in svg
    assert page.complaints == []


def test_a_download_holds_no_formula_and_no_withheld_number(visit):
    path, _ = download(visit("attacks-script"), "attacks-script", "CSV")
    answers = [row["answer"] for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))]
    assert "'=HYPERLINK(1)" in answers
    assert not [answer for answer in answers if answer[0] in "=+-@"]
    path, _ = download(visit("nothing_left"), "nothing_left", "CSV")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["value"] for row in rows] == [""] * 4
    assert rows[0]["remark"] == "withheld"


def test_links_and_embed_codes_name_the_view(visit, browser):
    page = visit("compute_cores_by_edition", "&view=time")
    page.locator(".actions button", has_text="Embed").first.click()
    code = page.input_value("#compute_cores_by_edition .shown-code")
    assert "embed.html#q=compute_cores_by_edition&amp;view=time" in code
    address = code.split('src="')[1].split('"')[0].replace("&amp;", "&")
    embedded = opened(browser, address)
    embedded.wait_for_selector(".block.done")
    assert embedded.locator("footer:visible").count() == 0
    assert "Source: " in embedded.inner_text(".block")
    assert embedded.complaints == []
    embedded.context.close()


def test_printing_draws_all_in_light(visit, where):
    page = visit("releases_in_use", color_scheme="dark")
    count = page.locator(".block").count()
    page.wait_for_function(f"() => document.querySelectorAll('.block.done').length === {count}")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    colours = page.evaluate(
        "() => [...document.querySelectorAll('.plot .ytick text')].map((each) => each.style.fill)"
    )
    assert set(colours) <= {"rgb(21, 28, 36)", "rgb(84, 95, 107)"}
    rules = page.evaluate(
        "() => [...document.querySelectorAll('.block')].map((b) => getComputedStyle(b).breakInside)"
    )
    assert set(rules) == {"avoid"}
    assert not page.locator(".bar").is_visible()
    page.set_viewport_size({"width": 704, "height": 1000})  # A4 without its margins
    sides = page.evaluate(
        """() => [...document.querySelectorAll('.block, .block .plot')].map((each) => {
          const { left, right } = each.getBoundingClientRect();
          return left < 0 || right > 705;
        })"""
    )
    assert not any(sides)
    page.goto(page.url.split("#")[0].replace(where["releases_in_use"], where["stage_by_region"]))
    page.wait_for_selector(".chip")
    chip = "() => getComputedStyle(document.querySelector('.chip, .cell')).printColorAdjust"
    assert page.evaluate(chip) == "exact"


def test_a_chart_longer_than_a_printed_page_is_made_smaller(visit):
    page = visit("releases_in_use")
    heights = page.evaluate(
        """() => {
          const { view, box } = document.getElementById("releases_in_use").survey;
          const [row] = view.figure.rows;
          const rows = [...Array(70).keys()].map((n) => ({ ...row, label: `${row.label} ${n}` }));
          const drawn = (rows) => {
            survey.draw.draw(box, { ...view, folded: [], figure: { ...view.figure, rows } }, {});
            return box.getBoundingClientRect().height;
          };
          const before = drawn(rows);
          survey.draw.forPrint(true);
          const printed = [drawn(rows), drawn(rows.slice(0, 5))];
          survey.draw.forPrint(false);
          return [before, ...printed, drawn(rows)];
        }"""
    )
    before, long, short, after = heights
    assert before > 1032, "A4 without its margins"
    assert long == pytest.approx(860, abs=2)
    assert short < 200
    assert after == before


def test_the_bar_stays_on_a_phone_and_hides_no_focus(visit):
    page = visit("releases_in_use", width=360, height=640)
    page.locator("footer a").last.focus()
    bar = "document.querySelector('.bar').getBoundingClientRect()"
    assert page.evaluate(f"() => {bar}.top") == 0
    assert page.evaluate(f"() => {bar}.height") <= 56
    hidden = []
    for _ in range(40):  # backwards and upwards, where what is focused comes in at the top
        page.keyboard.press("Shift+Tab")
        page.wait_for_timeout(20)
        hidden += page.evaluate(
            f"""() => {{
              const each = document.activeElement, {{ top }} = each.getBoundingClientRect();
              const above = each.matches(".bar *, header *, .skip, body");
              return top < {bar}.bottom && !above ? [each.outerHTML] : [];
            }}"""
        )
    assert hidden == []


def test_labels_stand_above_the_marks_on_a_phone(visit):
    page = visit("releases_in_use", width=390, height=800)
    box = page.locator("#releases_in_use .plot")
    left = box.locator(".trace.bars").first.bounding_box()["x"]
    labels = {each.text_content(): each.bounding_box() for each in box.locator(".ytick text").all()}
    assert set(make.RELEASES_2021) <= set(labels)
    assert all(edge["x"] >= left for edge in labels.values())


def test_without_scripts_the_numbers_are_still_there(browser, folder, where):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{folder.as_uri()}/{where['releases_in_use']}")
    assert page.locator("#releases_in_use tbody tr").count() == len(make.RELEASES_2021)
    assert "need JavaScript" in page.inner_text("noscript")
    context.close()


def test_a_question_whose_data_cannot_be_loaded_shows_its_table(browser, folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    index = json.loads((copy / "blocks" / "index.json").read_text("utf-8"))
    chapter = next(each for each in index["chapters"] if len(each["blocks"]) > 1)
    lost = chapter["blocks"][1]["id"]
    (copy / "data" / f"{lost}.js").unlink()
    page = opened(browser, f"{copy.as_uri()}/{chapter['page']}#q={lost}")
    page.wait_for_selector(f"#{lost}.failed table td")
    assert page.locator(f"#{lost} noscript").count() == 0
    page.context.close()


def test_a_question_that_is_not_drawn_yet_keeps_the_room_of_a_chart(visit):
    """Else each one that comes near is found small, and lets the next come near, a frame each."""
    page = visit("compute_cores_by_edition")
    undrawn = """() => {
      const block = [...document.querySelectorAll(".block")].at(-1);
      block.classList.remove("drawn");
      block.replaceChildren();
      return block.offsetHeight;
    }"""
    assert page.evaluate(undrawn) > 800
    page.emulate_media(media="print")
    assert page.evaluate(undrawn) < 40


UNDER_BAR = """() => {
  const bar = document.querySelector(".bar");
  const stops = document.querySelectorAll(".block :is(a, button, summary, select, input)");
  const found = [];
  for (const stop of [...stops].filter((each) => each.checkVisibility())) {
    document.activeElement.blur();
    scrollTo(0, stop.getBoundingClientRect().top + scrollY - 5);
    stop.focus();
    if (stop.getBoundingClientRect().top < bar.getBoundingClientRect().bottom - 1) {
      found.push(stop.outerHTML.slice(0, 90));
    }
  }
  return [stops.length, found];
}"""
"""Move each stop of the keyboard under the bar, focus it, and return those that stay there."""


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_what_gets_the_focus_is_not_left_under_the_bar(visit, width):
    page = visit("compute_cores_by_edition", width=width)
    page.wait_for_function("() => !document.querySelector('.block:not(.done)')")
    stops, hidden = page.evaluate(UNDER_BAR)
    assert stops > 20
    assert hidden == []
