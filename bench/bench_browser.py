"""The first chart of a start page in a browser, beside a bare page with one chart of Plotly.

What counts is the time that the page's main thread is at work until a chart is drawn.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from bench_commands import project
from timing import Ratio, compared

TURNS = 5
DRAWN = ".js-plotly-plot .main-svg"
FLAGS = ["--no-sandbox", "--allow-file-access-from-files"]


def bench_first_chart() -> list[Ratio]:
    """Open the newest edition's page and a bare one in turns, each in a fresh context."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None or find_spec("playwright") is None:
        print("no browser, or no playwright: no first chart", file=sys.stderr)
        return []
    from playwright.sync_api import sync_playwright

    ours = max((project() / "reports").glob("[0-9]*/index.html"))
    times: tuple[list[float], list[float]] = ([], [])
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        bare = _bare(Path(folder))
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for turn in range(TURNS + 1):
            for page, kept in zip((ours, bare), times, strict=True):
                cost = _until_drawn(browser, page)
                if turn:
                    kept.append(cost)
        browser.close()
    return [compared("first chart in the browser", times[0], times[1], "a bare page", 1.3)]


def _bare(folder: Path) -> Path:
    bars = go.Bar(y=["one", "two", "three", "four", "five"], x=[5, 4, 3, 2, 1], orientation="h")
    page = folder / "bare.html"
    go.Figure([bars]).write_html(page, include_plotlyjs=True)
    return page


def _until_drawn(browser: Any, page: Path) -> float:
    """Return the seconds of work of the main thread until a chart is drawn."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    session = context.new_cdp_session(opened)
    session.send("Performance.enable")
    opened.goto(page.as_uri())
    opened.wait_for_selector(DRAWN, state="attached", timeout=120_000)
    metrics = session.send("Performance.getMetrics")["metrics"]
    context.close()
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))
