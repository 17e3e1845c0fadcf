/* Search: every title, wording and answer; the words stay in the address. */
"use strict";

(() => {
  const { all, state } = survey;
  const QUESTIONS = "questions.html";

  /** Return a word without the ending of a plural: "countries" and "country" are found alike. */
  const stem = (word) => word.toLowerCase().replace(/ies$/, "y").replace(/(s|es)$/, "");

  const fits = (words, text) => words.every((word) => text.includes(word) || text.includes(word.replace(/y$/, "i")));

  const show = async () => {
    const asked = state.read().find ?? "";
    const field = document.getElementById("find");
    const found = document.getElementById("found");
    if (field && field.value !== asked) field.value = asked;
    if (!found) return;
    const index = new Map((await survey.load("search")).map(({ id, words }) => [id, words]));
    const words = asked.split(/\s+/).filter(Boolean).map(stem);
    const entries = all("[data-id]");
    let count = 0;
    for (const entry of entries) {
      entry.hidden = words.length > 0 && !fits(words, index.get(entry.dataset.id) ?? "");
      count += !entry.hidden;
    }
    for (const section of all("main section")) section.hidden = !section.querySelector("[data-id]:not([hidden])");
    found.textContent = !words.length ? `${entries.length} questions`
      : count ? `${count} of ${entries.length} questions have “${asked}” in their title, wording or answers.`
        : `Nothing found for “${asked}”. Titles, wordings and answers were searched.`;
  };

  const offer = () => {
    const form = document.querySelector(".find");
    const field = document.getElementById("find");
    const here = document.body.dataset.page === QUESTIONS;
    const query = new URLSearchParams(location.search).get("find");
    if (query && !state.read().find) state.set({ find: query }, { replace: true });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (here) state.set({ find: field.value.trim() });
      else location.href = `${QUESTIONS}#${state.write({ find: field.value.trim() })}`;
    });
    if (here) field.addEventListener("input", () => state.set({ find: field.value.trim() }, { replace: true }));
    show();
  };

  /** Menus close when the reader leaves them. */
  const menus = () => {
    document.addEventListener("click", ({ target }) => all("details.menu[open]").forEach((menu) => menu.contains(target) || (menu.open = false)));
    document.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      for (const menu of all("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  };

  state.onChange(show);
  document.addEventListener("DOMContentLoaded", () => { offer(); menus(); });
})();
