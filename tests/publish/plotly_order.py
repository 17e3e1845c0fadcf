"""Record in what order the modules of the vendored plotly.js start: ``python -m
tests.publish.plotly_order``, needed when another version is vendored.

The order goes into ``plotly-basic.order.txt`` beside the bundle; the dashboard starts the modules
in it, some at a time. A module that another one needs while it starts itself (a cycle) is left
out: it starts inside the other one, as in the unchanged bundle.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from survey.publish.dashboard.plotly_bundle import BUNDLE, ORDER, WRAPPER
from tests.publish.browser import FLAGS

NAMED = """W=(name,run,module)=>()=>{
  const {stack,inner,order}=window.recorded;
  if(module){
    const at=stack.lastIndexOf(name);
    if(at>=0)stack.slice(at+1).forEach((each)=>inner.add(each));
    return module.exports;
  }
  stack.push(name);
  module={exports:{}};
  run(module.exports,module);
  stack.pop();
  order.push(name);
  return module.exports;
}"""


def order_of(script: str) -> list[str]:
    """Return the names of the modules of a bundle in the order in which they finish starting."""
    from playwright.sync_api import sync_playwright

    if WRAPPER not in script:
        raise ValueError("plotly_order: the bundle is not made as the one of version 4.1.1")
    named = re.sub(r"([\w$]+)=W\(", r'\1=W("\1",', script.replace(WRAPPER, "@@"))
    recorded = "window.recorded={stack:[],inner:new Set(),order:[]};"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        Path(folder, "bundle.js").write_text(recorded + named.replace("@@", NAMED), "utf-8")
        page_file = Path(folder, "page.html")
        page_file.write_text("<!doctype html><meta charset=utf-8><script src=bundle.js></script>")
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
        page = driver.chromium.launch(executable_path=program, args=FLAGS).new_page()
        page.goto(page_file.as_uri())
        found = page.evaluate(
            "() => window.recorded.order.filter((each) => !window.recorded.inner.has(each))"
        )
    return list(found)


if __name__ == "__main__":
    names = order_of(BUNDLE.read_text(encoding="utf-8"))
    Path(os.fspath(ORDER)).write_text(" ".join(names) + "\n", encoding="utf-8")
    print(f"{len(names)} modules")
