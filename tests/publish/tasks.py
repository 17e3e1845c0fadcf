"""Measure how a written dashboard feels on a slow phone: ``python -m tests.publish.tasks FOLDER``.

Chromium runs four times slower than this machine, 360 pixels wide. What a visitor does is traced:
start page, every chapter, every tab, edition, comparison, breakdown, unit, search. Each task of
the page's main thread over the limit is printed with what took longest in it. Time is that of the
thread, so that other work on the machine does not count. Ends with status 1 if a task is longer
than the limit.

The throttle itself takes more time on a machine that does other work: it spins, and what it spins
through is counted. There, ``--loads N`` loads every chapter N times without it, as a slow device
does, and prints the longest task of the quickest load, four times as long.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.publish.browser import FLAGS

LIMIT, THROTTLE, WIDTH = 200, 4, 360
CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline", "v8",
              "blink.user_timing"]  # fmt: skip
SLOW = "Object.defineProperty(window, 'plotlyBusy', { get: () => 999, set: () => {} });"
"""Let the page take the device for a slow one."""

ALL_DONE = "() => document.querySelectorAll('.block:not(.done)').length === 0"
SETTLED = """() => new Promise((done) => {
  const wait = (calm) => requestIdleCallback(() => (calm ? wait(calm - 1) : done()));
  wait(4);
})"""


@dataclass(frozen=True)
class Task:
    """A task of the main thread, in milliseconds, and the longest parts of it."""

    step: str
    length: float
    inside: str


def tasks_of(trace: bytes, step: str) -> list[Task]:
    """Return the tasks of a page's main thread in a trace, the longest first."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"]) for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }  # fmt: skip
    timed = [e for e in events if "tdur" in e and (e["pid"], e["tid"]) in mains]
    found = []
    for event in timed:
        if event["name"] != "RunTask":
            continue
        end = event["ts"] + event["dur"]
        parts = [
            each for each in timed
            if each is not event and each["pid"] == event["pid"] and "RunTask" not in each["name"]
            and event["ts"] <= each["ts"] < end
        ]  # fmt: skip
        longest = sorted(parts, key=lambda each: -each["tdur"])[:5]
        found.append(Task(step, event["tdur"] / 1000, "; ".join(map(_words, longest))))
    return sorted(found, key=lambda task: -task.length)


def _words(event: dict[str, Any]) -> str:
    data = event.get("args", {}).get("data", {})
    about = [data.get("functionName", ""), Path(str(data.get("url", ""))).name]
    return " ".join([event["name"], *filter(None, about), f"{event['tdur'] / 1000:.0f}"])


class Phone:
    """A page on a throttled phone whose steps are traced."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.tasks: list[Task] = []

    @contextmanager
    def page(self, throttle: int = THROTTLE) -> Iterator[Any]:
        context = self.browser.new_context(viewport={"width": WIDTH, "height": 740},
                                           offline=True, reduced_motion="reduce")  # fmt: skip
        page = context.new_page()
        page.goto("about:blank")
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        yield page
        context.close()

    def step(self, name: str, page: Any, act: Callable[[], object]) -> None:
        """Do something in a page and keep the tasks that it took."""
        self.browser.start_tracing(page=page, categories=CATEGORIES)
        act()
        page.evaluate(SETTLED)
        found = tasks_of(self.browser.stop_tracing(), name)
        self.tasks += found
        longest = found[0] if found else Task(name, 0.0, "")
        why = longest.inside if longest.length > LIMIT else ""
        print(f"{longest.length:5.0f} ms  {name}  {why}", flush=True)


def start(phone: Phone) -> None:
    """Load the start page and search from there."""
    with phone.page() as page:
        uri = phone.folder.as_uri()
        phone.step("start page", page, lambda: page.goto(f"{uri}/index.html"))

        def search() -> None:
            page.fill("#find", "country")
            page.press("#find", "Enter")
            page.wait_for_selector("#found:has-text('questions have')")

        phone.step("search", page, search)
        phone.step("search, a letter more", page, lambda: page.type("#find", " x"))


def chapter(phone: Phone, file: str, blocks: Sequence[dict[str, Any]]) -> None:
    """Load a chapter, go through its tabs, and change every choice of its bar."""
    with phone.page() as page:

        def load() -> None:
            page.goto(f"{phone.folder.as_uri()}/{file}")
            page.wait_for_function(ALL_DONE, timeout=120_000)

        phone.step(f"{file} load", page, load)
        for block in blocks:
            for tab in page.locator(f"#{block['id']} [role=tab]").evaluate_all(
                "all => all.map((each) => each.id)"
            ):

                def click(tab: str = tab) -> None:
                    page.evaluate("(id) => document.getElementById(id).click()", tab)

                phone.step(f"{file} {tab}", page, click)
        for select in ("unit", "order", "intervals", "edition", "compare", "by"):
            options = page.locator(f"#choose-{select} option").evaluate_all(
                "all => all.map((each) => each.value).filter(Boolean)"
            )
            for option in options[:1]:
                _choose(phone, page, file, select, option)
            _choose(phone, page, file, select, "")


def _choose(phone: Phone, page: Any, file: str, select: str, option: str) -> None:
    script = """([id, value]) => {
      const select = document.getElementById(id);
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }"""

    def act() -> None:
        page.evaluate(script, [f"choose-{select}", option])
        page.wait_for_timeout(1000)

    phone.step(f"{file} {select} = {option or 'as at first'}", page, act)


def loaded(phone: Phone, file: str, loads: int) -> float:
    """Return the longest task of the quickest of some loads of a chapter, four times as long."""
    longest = []
    for _ in range(loads):
        with phone.page(throttle=1) as page:
            page.add_init_script(SLOW)
            phone.browser.start_tracing(page=page, categories=CATEGORIES)
            page.goto(f"{phone.folder.as_uri()}/{file}")
            page.wait_for_function(ALL_DONE, timeout=120_000)
            page.evaluate(SETTLED)
            longest.append(tasks_of(phone.browser.stop_tracing(), file)[0].length * THROTTLE)
    return min(longest)


def main(argv: Sequence[str]) -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="tests.publish.tasks", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with index.html")
    parser.add_argument("--only", default="", help="part of the name of a page")
    parser.add_argument("--loads", type=int, default=0, help="loads of each chapter, see above")
    given = parser.parse_args(argv)
    root = given.folder.resolve()
    index = json.loads((root / "blocks" / "index.json").read_text(encoding="utf-8"))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        phone = Phone(browser, root)
        chapters = [each for each in index["chapters"] if given.only in each["page"]]
        for each in chapters if given.loads else ():
            length = loaded(phone, each["page"], given.loads)
            phone.tasks.append(Task(each["page"], length, ""))
            print(f"{length:5.0f} ms  {each['page']}", flush=True)
        if given.only in "index.html" and not given.loads:
            start(phone)
        for each in chapters if not given.loads else ():
            chapter(phone, each["page"], each["blocks"])
        browser.close()
    over = [task for task in phone.tasks if task.length > LIMIT]
    longest = max((task.length for task in phone.tasks), default=0.0)
    print(f"{len(over)} of {len(phone.tasks)} tasks over {LIMIT} ms; the longest {longest:.0f} ms")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
