"""Look at every block and view of a written dashboard: ``python -m tests.publish.look FOLDER``.

Options: how many places to visit (all by default), and a seed. Prints every fault and ends with
status 1 if there is any.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.publish.browser import FLAGS, faults, sample


def main(folder: str, size: str = "1000000", seed: str = "1") -> int:
    from playwright.sync_api import sync_playwright

    root, wrong = Path(folder).resolve(), 0
    chosen = sample(root, int(size), int(seed))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        for place in chosen:
            found = faults(browser, root, place)
            wrong += bool(found)
            for fault in found[:6]:
                print(f"{place.address} {place.width} {place.mode}: {fault[:160]}", flush=True)
        browser.close()
    print(f"{wrong} of {len(chosen)} places have faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
