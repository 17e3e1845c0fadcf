"""Draw the small pictures of the gallery and of the README. Needs Chromium.

``python docs/pictures.py`` draws the charts of the gallery; with the folder of a report, such as
``reports/2024``, it takes the pictures of the README from its pages.

Pictures are not compared by any test, since fonts differ between machines: draw them again when a
chart looks different, and look at them.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
BLOCK = re.compile(r"^## (.*?)$|^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WIDTH, SCALE = 720, 2 / 3
PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<script src="{plotly}"></script><div id="chart"></div>
<script>Plotly.newPlot("chart", {figure}, {{displayModeBar: false}});</script>"""


def main() -> None:
    """Write ``pictures/gallery-<name>.png`` for each chart of the gallery."""
    from playwright.sync_api import sync_playwright

    plotly = files("survey.publish.dashboard").joinpath("assets/plotly-basic.min.js")
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    os.chdir(ROOT.parent)  # the gallery reads data/raw
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, device_scale_factor=SCALE)
        for name, chart in charts():
            chart.update_layout(width=WIDTH)
            file = Path(folder) / "chart.html"
            address = Path(str(plotly)).resolve().as_uri()
            figure = f"{chart.to_json()}.data, {chart.to_json()}.layout"
            file.write_text(PAGE.format(plotly=address, figure=figure), "utf-8")
            page.goto(file.as_uri())
            page.wait_for_selector(".main-svg text")
            page.locator("#chart").screenshot(path=ROOT / "pictures" / f"gallery-{name}.png")
        browser.close()


README = (
    ("dashboard", "index.html", 1280, 900, "light", 0.6, ""),
    ("question-over-time", "chapter-releases.html#q=releases_in_use&view=time", 1000, 900, "light",
     0.72, "#releases_in_use"),
    ("phone-dark", "chapter-sizes.html#q=compute_cores", 360, 740, "dark", 0.866, ""),
)  # fmt: skip
"""Name, address, width and height, mode and scale of each, and the element that it shows."""


def take(report: Path) -> None:
    """Write the pictures of the README from the pages of a report."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, address, width, height, mode, scale, element in README:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=mode,
                device_scale_factor=scale, reduced_motion="reduce",
            )  # fmt: skip
            page = context.new_page()
            page.goto(f"{report.resolve().as_uri()}/{address}")
            page.wait_for_function("() => !document.querySelector('.block:not(.done)')")
            shown = page.locator(element) if element else page
            shown.screenshot(path=ROOT / "pictures" / f"{name}.png")
        browser.close()


def charts() -> list[tuple[str, Any]]:
    """Return the charts of the gallery by the names of their sections."""
    found, names, title = [], {}, ""
    for match in BLOCK.finditer((ROOT / "gallery.md").read_text("utf-8")):
        if match[1]:
            title = re.sub(r"[^a-z0-9]+", "-", match[1].lower()).strip("-")
            continue
        exec(match[2], names)
        if (chart := names.pop("chart", None)) is not None:
            found.append((title, chart))
    return found


if __name__ == "__main__":
    take(Path(sys.argv[1])) if sys.argv[1:] else main()
