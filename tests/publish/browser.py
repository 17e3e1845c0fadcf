"""A dashboard in Chromium: open a view, and list every fault that can be seen or measured."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
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
RUN_AXE = """(rules) => axe.run(document, {
  runOnly: rules, resultTypes: ["violations"], preload: false,
}).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))"""

BOXES = """(id) => {
  const found = [];
  const block = document.getElementById(id);
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} wide`);
  const plot = block.querySelector(".plot");
  const edge = plot?.getBoundingClientRect();
  const texts = plot ? [...plot.querySelectorAll("svg text")]
    .filter((text) => text.textContent.trim() && text.getBoundingClientRect().width) : [];
  const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()]);
  for (const [text, box] of boxes) {
    const out = Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top,
      box.bottom - edge.bottom);
    if (out > 1.5) found.push(`cut by ${Math.round(out)}: ${text}`);
  }
  boxes.forEach(([first, a], place) => boxes.slice(place + 1).forEach(([second, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 2 && down > 4) found.push(`overlap: ${first} | ${second}`);
  }));
  const parts = [...block.children].map((part) => part.getBoundingClientRect());
  parts.slice(1).forEach((part, place) => {
    if (part.top < parts[place].bottom - 1) found.push(`parts ${place} and ${place + 1} overlap`);
  });
  return found;
}"""


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
        part = f"&as={self.part}" if self.part else ""
        return f"{self.page}#q={self.block}&view={self.view}{part}"


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
    """Open a place and return every fault: complaints, requests, boxes, accessibility."""
    address = f"{folder.as_uri()}/{place.address}"
    page = opened(browser, address, place.width, color_scheme=place.mode)
    try:
        page.wait_for_selector(f"#{place.block}.done", timeout=20_000)
        page.wait_for_timeout(50)
        found = list(page.evaluate(BOXES, place.block))
        run = page.context.new_cdp_session(page)
        run.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        found += page.evaluate(RUN_AXE, RULES)
        outside = [url for url in page.requests if not url.startswith(("file:", "data:"))]
        return [*found, *page.complaints, *outside]
    finally:
        page.context.close()
