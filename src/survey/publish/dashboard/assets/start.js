/* The page's own name space, and its colours before anything is shown. */
"use strict";

window.survey = (() => {
  const root = document.documentElement;
  const shared = __SHARED__;
  const given = new Map();
  const waiting = new Map();
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];

  const remembered = () => { try { return localStorage.getItem("survey-mode"); } catch { return null; } };
  const remember = (mode) => { try { localStorage.setItem("survey-mode", mode); } catch { /* not allowed */ } };

  root.classList.add("js");
  if (["dark", "light"].includes(remembered())) root.dataset.mode = remembered();

  /** A data file hands over what it holds. */
  const give = (name, value) => {
    given.set(name, value);
    (waiting.get(name) ?? []).forEach((done) => done(value));
    waiting.delete(name);
  };

  /** Load a data file by a script element: fetch fails on a page from a folder. */
  const load = (name) => new Promise((done, failed) => {
    if (given.has(name)) return done(given.get(name));
    const first = !waiting.has(name);
    waiting.set(name, [...(waiting.get(name) ?? []), done]);
    if (!first) return undefined;
    const script = document.createElement("script");
    script.src = `data/${encodeURIComponent(name)}.js`;
    script.onerror = () => { waiting.delete(name); failed(new Error(name)); };
    document.head.append(script);
    return undefined;
  });

  const isDark = () => (root.dataset.mode ? root.dataset.mode === "dark" : system.matches);

  const offerModes = () => {
    const button = document.getElementById("mode");
    if (!button) return;
    const show = () => {
      button.setAttribute("aria-pressed", String(isDark()));
      listeners.forEach((each) => each());
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.mode = isDark() ? "light" : "dark";
      remember(root.dataset.mode);
      show();
    });
    system.addEventListener("change", show);
    button.setAttribute("aria-pressed", String(isDark()));
  };

  document.addEventListener("DOMContentLoaded", offerModes);

  return { shared, give, load, isDark, onColours: (listener) => listeners.push(listener) };
})();

/* Small helpers that every script uses. */
survey.all = (selector, from = document) => [...from.querySelectorAll(selector)];

/** Make an element from a tag, attributes and children; text is always text. */
survey.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
};
