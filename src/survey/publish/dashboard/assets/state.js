/* The state of the page is its address: "#q=compute_cores&view=time&edition=2023". */
"use strict";

survey.state = (() => {
  const NAMES = ["q", "view", "as", "edition", "compare", "by", "unit", "intervals", "order", "find", "have"];
  const listeners = [];

  const read = () => {
    const found = {};
    for (const part of location.hash.slice(1).split("&")) {
      const [name, ...rest] = part.split("=");
      if (!NAMES.includes(name)) continue;
      try { found[name] = decodeURIComponent(rest.join("=").replace(/\+/g, " ")); } catch { /* not an address of ours */ }
    }
    return found;
  };

  /** Write only what is set; the order is fixed, so that one state has one address. */
  const write = (state) => NAMES.filter((name) => state[name])
    .map((name) => `${name}=${encodeURIComponent(state[name])}`).join("&");

  /** Change parts of the state; each change is a step that "back" undoes. */
  const set = (changes, { replace = false } = {}) => {
    const next = write({ ...read(), ...changes });
    const address = location.pathname + location.search + (next ? `#${next}` : "");
    if (next === write(read())) return;
    history[replace ? "replaceState" : "pushState"](null, "", address);
    listeners.forEach((listener) => listener(read()));
  };

  /** Return the part of the state that holds on every page. */
  const kept = () => {
    const { edition, compare, by, unit, intervals, order } = read();
    return { edition, compare, by, unit, intervals, order };
  };

  addEventListener("popstate", () => listeners.forEach((listener) => listener(read())));

  return { read, write, set, kept, onChange: (listener) => listeners.push(listener) };
})();
