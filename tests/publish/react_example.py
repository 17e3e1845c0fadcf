"""Run the React example of ``docs/web-team.md``.

``python -m tests.publish.react_example REPORT NODE``, where NODE is a folder in which ``npm install
react react-dom esbuild`` was run. The component is taken from the page, rendered on the server,
hydrated in Chromium in strict mode, shown another view, and taken out again. Prints what is wrong,
and ends with status 1 if anything is.
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.publish.browser import FLAGS, opened

PAGE = Path(__file__).parents[2] / "docs" / "web-team.md"
BLOCK, OTHER = "compute_cores", "time-median"
SERVER = """import { readFileSync, writeFileSync } from "node:fs";
import { renderToString } from "react-dom/server";
import { SurveyChart } from "./component.jsx";
const record = JSON.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(renderToString(<SurveyChart key="now" record={record} />));"""
BROWSER = """import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { SurveyChart } from "./component.jsx";
const record = await (await fetch("/blocks/BLOCK.json")).json();
const chart = (view) => (
  <StrictMode><SurveyChart key={view || "now"} record={record} view={view} /></StrictMode>
);
const root = hydrateRoot(document.getElementById("root"), chart(""));
window.show = (view) => root.render(chart(view));
window.leave = () => root.unmount();"""


def built(node: Path, report: Path) -> str:
    """Write the component and its two users to the folder of node; return the server's words."""
    code = re.search(r"```jsx\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]
    node.joinpath("component.jsx").write_text(
        code.replace("https://example.org/survey/latest", ""), "utf-8"
    )
    node.joinpath("server.jsx").write_text(SERVER, "utf-8")
    node.joinpath("browser.jsx").write_text(BROWSER.replace("BLOCK", BLOCK), "utf-8")
    for name, platform in (("server", "node"), ("browser", "browser")):
        subprocess.run(
            [node / "node_modules/.bin/esbuild", f"{name}.jsx", "--bundle", "--format=esm",
             "--jsx=automatic", f"--platform={platform}", f"--outfile={name}.mjs",
             "--log-level=error", "--banner:js="
             + ("import { createRequire } from 'module'; const require = "
                "createRequire(import.meta.url);" if platform == "node" else "")],
            cwd=node, check=True,
        )  # fmt: skip
    command = ["node", "server.mjs", os.fspath(report / "blocks" / f"{BLOCK}.json")]
    return subprocess.run(command, cwd=node, check=True, capture_output=True, text=True).stdout


def served(report: Path, page: str, script: bytes) -> str:
    """Serve the report with the page and its script beside it; return the address."""

    class Site(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            own = {"/site": ("text/html", page.encode()), "/site.mjs": ("text/javascript", script)}
            if self.path not in own:
                super().do_GET()
                return
            kind, content = own[self.path]
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Site, directory=os.fspath(report))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def main(argv: Sequence[str]) -> int:
    from playwright.sync_api import sync_playwright

    report, node = (Path(each).resolve() for each in argv)
    words = built(node, report)
    page_text = (
        "<!doctype html><meta charset=utf-8><title>Site</title>"
        f'<div id="root">{words}</div><script type="module" src="/site.mjs"></script>'
    )
    address = served(report, page_text, node.joinpath("browser.mjs").read_bytes())
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    wrong = [] if "cores" in words else ["the server rendered no words"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        page = opened(browser, f"{address}/site", offline=False)
        page.wait_for_selector("#root .survey-plot .main-svg")
        wrong += _count(page.locator(".survey-plot").count(), 1, "first view")
        page.evaluate("(view) => window.show(view)", OTHER)
        page.wait_for_function("() => document.querySelector('.survey-title')?.textContent"
                               ".includes('edian')")  # fmt: skip
        page.wait_for_selector("#root .survey-plot .main-svg")
        wrong += _count(page.locator(".survey-plot").count(), 1, "another view")
        page.evaluate("() => window.leave()")
        wrong += _count(page.locator("#root *").count(), 0, "taken out")
        outside = [url for url in page.requests if not url.startswith((address, "data:"))]
        wrong += [
            text for text in page.complaints if not re.search("favicon|404|React DevTools", text)
        ]
        wrong += outside
        browser.close()
    print(
        "\n".join(wrong) or "the React example works: server, strict mode, another view, taken out"
    )
    return int(bool(wrong))


def _count(found: int, wanted: int, step: str) -> list[str]:
    return [] if found == wanted else [f"{step}: {found} in place of {wanted}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
