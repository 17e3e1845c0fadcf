"""Look at every block and view of a written dashboard: ``python -m tests.publish.look FOLDER``.

Each chapter is loaded once for each width and mode, and its views are gone through in the page.
Options: how many places to visit (all by default), the seed that chooses them, and a share of the
work ("1/2": the first half, so that two of them can run side by side). Prints every fault, and
ends with status 1 if there is any.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.publish.browser import FLAGS, Place, sample, tour

_SHOWN = 6  # faults of a place


def tours(chosen: Sequence[Place], number: int, of: int) -> list[list[Place]]:
    """Return places by page, width and mode: the share of one of several that work side by side."""
    found: dict[tuple[str, int, str], list[Place]] = defaultdict(list)
    for place in chosen:
        found[place.page, place.width, place.mode].append(place)
    ordered = [
        sorted(stops, key=lambda place: (place.block, place.view, place.part))
        for stops in found.values()
    ]
    shares: list[list[list[Place]]] = [[] for _ in range(of)]
    for stops in sorted(ordered, key=len, reverse=True):
        min(shares, key=lambda share: sum(map(len, share))).append(stops)
    return shares[number - 1]


def main(argv: Sequence[str]) -> int:
    from playwright.sync_api import sync_playwright

    given = _arguments(argv)
    root, wrong, seen, started = given.folder.resolve(), 0, 0, time.monotonic()
    number, of = map(int, given.share.split("/"))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for stops in tours(sample(root, given.size, given.seed), number, of):
            for place, found in tour(browser, root, stops):
                seen += 1
                wrong += bool(found)
                for fault in found[:_SHOWN]:
                    print(f"{place.address} {place.width} {place.mode}: {fault[:160]}", flush=True)
        browser.close()
    print(f"{wrong} of {seen} places have faults ({time.monotonic() - started:.0f} s)")
    return int(wrong > 0)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.publish.look", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with index.html")
    parser.add_argument("size", type=int, nargs="?", default=1_000_000, help="how many places")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--share", default="1/1", help="share of the work, such as 1/2")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
