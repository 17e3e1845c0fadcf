"""Measure how soon the first chart stands: ``python -m tests.publish.first_chart FOLDER``.

Every chapter of a dashboard is loaded beside a bare page that has the same script and the same
chart and nothing else, each in a fresh profile, in turns. Two times are compared until the chart
stands: that on the clock, and that of the page's main thread, which other work on the machine
hardly changes. Printed are the medians of the ratios of the pairs; the first should be at most 1.3.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.publish.browser import FLAGS, opened

MOST = 1.3
BEGIN = """performance.mark("page-began");
window.chartDrawn = () => {
  performance.mark("chart-drawn");
  console.debug(performance.now());
};
"""
BARE = """<!doctype html><meta charset="utf-8"><body><div id="chart"></div>
<script src="{plotly}"></script>
<script>plotlyReady.then((Plotly) => Plotly.newPlot("chart", {figure}, {{displayModeBar: false}}))
.then(chartDrawn);</script>"""
WATCH = """
const watcher = new MutationObserver(() => {
  if (!document.querySelector(".block .plot .main-svg .xy, .block .heat, .block .tiles")) return;
  chartDrawn();
  watcher.disconnect();
});
watcher.observe(document, { childList: true, subtree: true });
"""


class Until(NamedTuple):
    """Milliseconds until the first chart: on the clock, and of the page's main thread."""

    clock: float
    thread: float


def until_drawn(browser: Any, address: str, script: str = "") -> Until:
    """Load a page and return how long its first chart took."""
    page = opened(browser, "about:blank")
    page.add_init_script(BEGIN + script)
    browser.start_tracing(page=page, categories=["blink.user_timing"])
    with page.expect_console_message(lambda said: said.type == "debug") as said:
        page.goto(address, wait_until="commit")  # asking the page again and again would delay it
    clock = float(said.value.text)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.context.close()
    spent = {event["name"]: event["tts"] for event in events if "tts" in event}
    return Until(clock, (spent["chart-drawn"] - spent["page-began"]) / 1000)


def bare_page(folder: Path, record: dict[str, Any], out: Path) -> Path:
    """Write a page with the first chart of a block, drawn by the script of the dashboard."""
    plotly = folder / "assets" / "plotly-basic.js"
    figure = record["views"][0]["figure"]
    text = json.dumps({"data": figure["data"], "layout": figure["layout"]}).replace("<", "\\u003c")
    file = out / f"{record['id']}.html"
    file.write_text(BARE.format(plotly=plotly.as_uri(), figure=text), "utf-8")
    return file


def ratios(pairs: Sequence[tuple[Until, Until]]) -> Until:
    """Return the medians of the ratios of pairs: a page's time by that of the bare page."""
    return Until(
        statistics.median(own.clock / bare.clock for own, bare in pairs),
        statistics.median(own.thread / bare.thread for own, bare in pairs),
    )


def main(argv: Sequence[str]) -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="tests.publish.first_chart", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with index.html")
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--only", default="", help="part of the name of a page")
    given = parser.parse_args(argv)
    root = given.folder.resolve()
    index = json.loads((root / "blocks" / "index.json").read_text("utf-8"))
    chapters = [each for each in index["chapters"] if given.only in each["page"]]
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    slow = 0
    print(f"start page {root.joinpath('index.html').stat().st_size / 1000:.0f} kB")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for chapter in chapters:
            record = json.loads((root / "blocks" / chapter["blocks"][0]["file"]).read_text("utf-8"))
            bare = bare_page(root, record, Path(folder)).as_uri()
            address = f"{root.as_uri()}/{chapter['page']}"
            pairs = [
                (until_drawn(browser, address, WATCH), until_drawn(browser, bare))
                for _ in range(given.turns)
            ]
            found = ratios(pairs)
            own, other = (
                statistics.median(each.clock for each in side) for side in zip(*pairs, strict=True)
            )
            slow += found.clock > MOST
            print(f"{found.clock:.2f} on the clock, {found.thread:.2f} of the thread  "
                  f"{own:.0f} ms beside {other:.0f}  {chapter['page']}", flush=True)  # fmt: skip
        browser.close()
    print(f"{slow} of {len(chapters)} chapters above {MOST} x a bare page")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
