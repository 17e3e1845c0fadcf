"""The vendored plotly.js, changed so that it starts in short tasks.

The unchanged bundle starts in one task, about 400 ms on a phone four times slower than a desktop,
of which 170 ms compile what stands in its wrapper a second time. Here the wrapper is left out (the
browser then compiles the script once, beside the page), and the modules start one after the other
in the recorded order, 30 ms at a time. ``window.plotlyReady`` is a promise of ``window.Plotly``;
``window.plotlyBusy`` then says how many milliseconds the start took, and so how fast the device is.
"""

from __future__ import annotations

from importlib.resources import files

__all__ = ["BUNDLE", "ORDER", "PLOTLY", "WRAPPER", "plotly_in_steps"]

PLOTLY = "plotly-basic.js"
"""Name of the changed script in a dashboard."""

_ASSETS = files("survey.publish.dashboard").joinpath("assets")
BUNDLE = _ASSETS.joinpath("plotly-basic.min.js")
ORDER = _ASSETS.joinpath("plotly-basic.order.txt")
"""Names of the bundle's modules as they start, by ``python -m tests.publish.plotly_order``."""

WRAPPER = (
    "W=(e,r)=>()=>{try{return r||e((r={exports:{}}).exports,r),r.exports}catch(t){throw r=0,t}}"
)
"""How the bundle wraps a module, so that it starts when it is first asked for."""

_HEAD = '"use strict";var Plotly=(()=>{'
_TAIL = "})();\n/*! Bundled license information:"
_STEPS = """
const steps = [%s];
let busy = 0;
return new Promise((done, failed) => {
  const slice = () => {
    const started = performance.now();
    let module;
    try {
      while (steps.length && performance.now() - started < 30) module = steps.shift()();
    } catch (error) { return failed(error); }
    busy += performance.now() - started;
    if (steps.length) return setTimeout(slice);
    window.Plotly = module;
    window.plotlyBusy = busy;
    return done(module);
  };
  slice();
});
"""


def plotly_in_steps() -> str:
    """Return the vendored plotly.js as a script that starts in short tasks.

    Raises
    ------
    ValueError
        If the bundle is not made as the recorded order says.
    """
    script = BUNDLE.read_text(encoding="utf-8")
    names = ORDER.read_text(encoding="utf-8").split()
    start = f"return {names[-1]}();"
    before, head, rest = script.partition(_HEAD)
    body, found, licences = rest.partition(start + _TAIL)
    if not (head and found):
        raise ValueError(
            "plotly_in_steps: the bundle is not the one whose order was recorded; run "
            "`python -m tests.publish.plotly_order` and see plotly-basic.txt"
        )
    licence = before.partition("*/")[0] + "*/\n"
    licences = licences.partition("*/")[0] + "*/\n"
    changed = "/* Changed: it starts in steps; see plotly-basic.txt. */\n"
    return (
        f'{licence}{changed}window.plotlyReady = (() => {{"use strict";{body}'
        f"{_STEPS % ','.join(names)}}})();\n/*! Bundled license information:{licences}"
    )
