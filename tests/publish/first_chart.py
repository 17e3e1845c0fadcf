"""Measure how soon the first chart stands: ``python -m tests.publish.first_chart FOLDER``.

Every chapter of a dashboard is loaded beside a bare page that has the same script and the same
chart and nothing else. Both draw in a fresh profile, in turns; the ratio of the medians should be
at most 1.3, on a machine that does nothing else.
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
from typing import Any

from tests.publish.browser import FLAGS, opened

MOST = 1.3
BARE = """<!doctype html><meta charset="utf-8"><body><div id="chart"></div>
<script src="{plotly}"></script>
<script>plotlyReady.then((Plotly) => Plotly.newPlot("chart", {figure}, {{displayModeBar: false}}))
.then(() => {{ window.drawnAt = performance.now(); }});</script>"""
WATCH = """
const watcher = new MutationObserver(() => {
  if (!document.querySelector(".block .plot .main-svg .xy, .block .heat, .block .tiles")) return;
  window.drawnAt = performance.now();
  watcher.disconnect();
});
watcher.observe(document, { childList: true, subtree: true });
"""


def drawn_at(browser: Any, address: str, script: str = "") -> float:
    """Return after how many milliseconds the first chart of a page stood."""
    page = opened(browser, "about:blank")
    page.add_init_script(script)
    page.goto(address)
    page.wait_for_function("() => window.drawnAt", timeout=60_000)
    found = float(page.evaluate("() => window.drawnAt"))
    page.context.close()
    return found


def bare_page(folder: Path, record: dict[str, Any], out: Path) -> Path:
    """Write a page with the first chart of a block, drawn by the script of the dashboard."""
    plotly = folder / "assets" / "plotly-basic.js"
    figure = record["views"][0]["figure"]
    text = json.dumps({"data": figure["data"], "layout": figure["layout"]}).replace("<", "\\u003c")
    file = out / f"{record['id']}.html"
    file.write_text(BARE.format(plotly=plotly.as_uri(), figure=text), "utf-8")
    return file


def main(argv: Sequence[str]) -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="tests.publish.first_chart", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with index.html")
    parser.add_argument("--turns", type=int, default=7)
    given = parser.parse_args(argv)
    root = given.folder.resolve()
    index = json.loads((root / "blocks" / "index.json").read_text("utf-8"))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    slow = 0
    print(f"start page {root.joinpath('index.html').stat().st_size / 1000:.0f} kB")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for chapter in index["chapters"]:
            record = json.loads((root / "blocks" / chapter["blocks"][0]["file"]).read_text("utf-8"))
            bare = bare_page(root, record, Path(folder)).as_uri()
            address = f"{root.as_uri()}/{chapter['page']}"
            times = [
                (drawn_at(browser, address, WATCH), drawn_at(browser, bare))
                for _ in range(given.turns)
            ]
            own, other = (statistics.median(each) for each in zip(*times, strict=True))
            slow += own > MOST * other
            print(f"{own / other:.2f}  {own:.0f} ms beside {other:.0f}  {chapter['page']}")
        browser.close()
    print(f"{slow} of {len(index['chapters'])} chapters above {MOST} x a bare page")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
