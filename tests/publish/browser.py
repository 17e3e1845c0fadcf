"""A dashboard in Chromium: open a view, and list every fault that can be seen or measured."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS, MODES = (360, 768, 1440), ("light", "dark")
AXE = Path(__file__).with_name("axe").joinpath("axe.min.js")
"""axe-core 4.14.1, MPL 2.0, from the npm package, unchanged."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """([rules, id]) => axe.run(id ? document.getElementById(id) : document, {
  runOnly: rules, resultTypes: ["violations"], preload: false,
}).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))"""
"""Run axe over the document, or over one element of it."""

BOXES = Path(__file__).with_name("boxes.js").read_text(encoding="utf-8")
"""What overlaps, is cut, or reaches over the edge in a block."""

SHOW = """async ([id, hash, shown]) => {
  const block = document.getElementById(id);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  if (location.hash !== hash) location.hash = hash;
  const started = performance.now();
  while (block.dataset.drawn !== shown) {
    if (performance.now() - started > 20000) return [`not drawn: ${block.dataset.drawn}`];
    await frame();
  }
  await frame();
  return [];
}"""
"""Go to a view in an open page, by its address, and wait until it is drawn."""


@dataclass(frozen=True)
class Place:
    """One view of one block at one width in one mode."""

    page: str
    block: str
    view: str
    part: str
    width: int
    mode: str

    @property
    def address(self) -> str:
        return f"{self.page}{self.hash}"

    @property
    def hash(self) -> str:
        part = f"&as={self.part}" if self.part else ""
        return f"#q={self.block}&view={self.view}{part}"

    @property
    def shown(self) -> str:
        """Return how the page says that it is there."""
        return (
            f"{self.view} {self.part or ('about' if self.view.startswith('depends') else 'chart')}"
        )


def places(folder: Path) -> Iterator[Place]:
    """Yield every block and view, as chart and as table, at every width in every mode."""
    index = json.loads((folder / "blocks" / "index.json").read_text(encoding="utf-8"))
    for chapter in index["chapters"]:
        for block in chapter["blocks"]:
            text = (folder / "blocks" / block["file"]).read_text(encoding="utf-8")
            record = json.loads(text)
            names = [*record["labels"], *record["edition_views"]]
            for place, view in enumerate(names):
                for part in ("", "table", *(["about"] if place == 0 else [])):
                    for width in WIDTHS:
                        for mode in MODES:
                            yield Place(chapter["page"], block["id"], view, part, width, mode)


def sample(folder: Path, size: int, seed: int) -> list[Place]:
    """Return some places, in an order that follows from the seed."""
    found = list(places(folder))
    random.Random(seed).shuffle(found)
    return found[:size]


def opened(browser: Any, address: str, width: int = 1440, height: int = 900, **given: Any) -> Any:
    """Open an address in a fresh profile without a network; what went wrong is kept on it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce",
        **{"offline": True, **given},
    )  # fmt: skip
    page = context.new_page()
    page.complaints, page.requests = [], []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(address)
    return page


def faults(browser: Any, folder: Path, place: Place) -> list[str]:
    """Open a place in a page of its own and return every fault."""
    page = opened(browser, f"{folder.as_uri()}/{place.address}", place.width,
                  color_scheme=place.mode)  # fmt: skip
    try:
        _bring_axe(page)
        return [*_at(page, place), *page.evaluate(RUN_AXE, [RULES, None])]
    finally:
        page.context.close()


def tour(browser: Any, folder: Path, stops: Sequence[Place]) -> Iterator[tuple[Place, list[str]]]:
    """Go through places of one page, one width and one mode, which is loaded once.

    axe reads the whole page when all its blocks are drawn, and the block alone in each view.
    """
    first = stops[0]
    page = opened(browser, f"{folder.as_uri()}/{first.page}", first.width, color_scheme=first.mode)
    try:
        page.wait_for_function(
            "() => document.querySelectorAll('.block:not(.done)').length === 0", timeout=60_000
        )
        _bring_axe(page)
        whole = page.evaluate(RUN_AXE, [RULES, None])
        for place in stops:
            yield place, [*whole, *_at(page, place), *page.evaluate(RUN_AXE, [RULES, place.block])]
            whole = []
    finally:
        page.context.close()


def _bring_axe(page: Any) -> None:
    run = page.context.new_cdp_session(page)
    run.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})


def _at(page: Any, place: Place) -> list[str]:
    """Go to a place and return its faults but for those that axe finds."""
    found = page.evaluate(SHOW, [place.block, place.hash, place.shown])
    found += page.evaluate(BOXES, place.block)
    found += page.complaints
    found += [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))]
    page.complaints.clear()
    page.requests.clear()
    return list(found)
