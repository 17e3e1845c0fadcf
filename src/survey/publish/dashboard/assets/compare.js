/* A reader's own numbers beside the published ones; nothing leaves the page. */
"use strict";

(() => {
  const { make, state } = survey;
  const form = document.getElementById("own");
  const out = document.getElementById("compared");

  const fieldOf = (question) => {
    const id = `own-${question.id}`;
    const input = question.kind === "size"
      ? make("input", { id, type: "number", min: "0", step: "any", inputmode: "decimal", autocomplete: "off" })
      : make("select", { id }, make("option", { value: "" }, "not chosen"), question.rows.map(({ label }) => make("option", { value: label }, label)));
    input.dataset.question = question.id;
    return make("p", {}, make("label", { for: id }, question.title), input);
  };

  const ownRow = (question, value) => {
    if (question.kind === "choice") return question.rows.find(({ label }) => label === value);
    const number = Number(value);
    return [...question.rows].reverse().find(({ edge }) => edge <= number) ?? null;
  };

  const sentence = (question, row, value) => {
    if (!row) return `${value} is below the smallest band.`;
    const limits = row.interval ? ` (${row.interval})` : "";
    if (question.kind === "choice") return `${row.label}: ${row.text}${limits} of ${question.units}.`;
    const around = row.below && row.above ? ` ${row.below} are in smaller bands, ${row.above} in larger ones.` : "";
    return `Yours is in the band ${row.label}, with ${row.text}${limits} of ${question.units}.${around}`;
  };

  const bars = (question, own) => {
    const most = Math.max(0, ...question.rows.map(({ share }) => share ?? 0)) || 1;
    const shown = question.kind === "size" ? question.rows
      : question.rows.filter((row) => row === own || (row.share ?? 0) >= 0.05).slice(0, 12);
    return make("ul", { class: "own-bars" }, shown.map((row) => {
      const mine = row === own;
      const bar = make("span", { class: "own-bar", "aria-hidden": "true" });
      bar.style.setProperty("--share", String((row.share ?? 0) / most));
      return make("li", { class: mine ? "mine" : null }, make("span", { class: "own-label" }, row.label, mine ? make("b", {}, " – yours") : null), bar, make("span", { class: "number" }, row.text));
    }));
  };

  const values = () => Object.fromEntries([...form.querySelectorAll("[data-question]")]
    .map((input) => [input.dataset.question, input.value.trim()]).filter(([, value]) => value !== ""));

  const show = (questions) => {
    const entered = values();
    const found = questions.filter(({ id }) => id in entered).map((question) => {
      const own = ownRow(question, entered[question.id]);
      return make("section", {}, make("h2", {}, make("a", { href: `${question.page}#q=${question.id}` }, question.title)),
        make("p", {}, sentence(question, own, entered[question.id])), bars(question, own));
    });
    out.replaceChildren(...found);
  };

  /** Values stand in the address only when the reader asks: "cores:1200~team:5". */
  const written = () => Object.entries(values()).map(([id, value]) => `${id}:${value}`).join("~");
  const read = () => Object.fromEntries((state.read().have ?? "").split("~").filter(Boolean)
    .map((part) => [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)]));

  document.addEventListener("DOMContentLoaded", async () => {
    const questions = await survey.load("compare");
    if (!questions.length) {
      form.hidden = true;
      out.textContent = "This publication has no question to compare.";
      return;
    }
    const put = make("button", { type: "button" }, "Put my values into the address");
    const clear = make("button", { type: "reset" }, "Clear");
    form.append(...questions.map(fieldOf), make("p", { class: "actions" }, put, clear));
    const given = read();
    for (const input of form.querySelectorAll("[data-question]")) {
      if (given[input.dataset.question] !== undefined) input.value = given[input.dataset.question];
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => show(questions));
    form.addEventListener("reset", () => setTimeout(() => { state.set({ have: "" }, { replace: true }); show(questions); }, 0));
    put.addEventListener("click", () => state.set({ have: written() }, { replace: true }));
    show(questions);
  });
})();
