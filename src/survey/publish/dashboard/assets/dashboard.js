"use strict";
(function () {
  const root = document.documentElement;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const templates = read("templates");
  const drawn = new Set();
  const config = { responsive: true, displaylogo: false, displayModeBar: false };

  function draw(box) {
    const name = box.dataset.chart;
    const mode = root.dataset.mode;
    const chart = read("chart-" + name)[mode];
    const layout = Object.assign({ autosize: true, template: templates[mode] }, chart.layout);
    if (box.clientWidth < 520) { narrow(layout); }
    window.Plotly.react(box, chart.data, layout, config);
    box.style.minHeight = "";
    drawn.add(box);
  }

  // On a phone long labels would leave no room for the bars.
  function narrow(layout) {
    const axis = layout.yaxis || {};
    layout.yaxis = Object.assign({}, axis, { tickfont: { size: 11 } });
    layout.margin = Object.assign({}, layout.margin, { l: 8, r: 8 });
  }

  const boxes = Array.from(document.querySelectorAll(".chart"));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && !drawn.has(entry.target)) { draw(entry.target); }
    }
  }, { rootMargin: "600px 0px" });

  const button = document.getElementById("mode");
  function setMode(mode) {
    root.dataset.mode = mode;
    button.setAttribute("aria-pressed", String(mode === "dark"));
    drawn.forEach(draw);
  }
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  setMode(prefersDark.matches ? "dark" : "light");
  prefersDark.addEventListener("change", (event) => setMode(event.matches ? "dark" : "light"));
  button.addEventListener("click", () => setMode(root.dataset.mode === "dark" ? "light" : "dark"));
  boxes.forEach((box) => watcher.observe(box));

  let modeBefore = null;
  window.addEventListener("beforeprint", () => {
    modeBefore = root.dataset.mode;
    root.dataset.mode = "light";
    boxes.forEach(draw);
  });
  window.addEventListener("afterprint", () => { if (modeBefore) { setMode(modeBefore); } });

  const find = document.getElementById("find");
  const found = document.getElementById("found");
  function filter() {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of document.querySelectorAll(".card")) {
      const fits = words.every((word) => card.dataset.words.includes(word));
      card.hidden = !fits;
      shown += fits ? 1 : 0;
      const entry = document.querySelector('nav li[data-for="' + CSS.escape(card.id) + '"]');
      if (entry) { entry.hidden = !fits; }
    }
    for (const chapter of document.querySelectorAll(".chapter")) {
      chapter.hidden = !chapter.querySelector(".card:not([hidden])");
    }
    found.textContent = words.length ? shown + (shown === 1 ? " chart" : " charts") : "";
  }
  find.addEventListener("input", filter);

  // A spreadsheet must not take a label for a formula.
  function cell(text) {
    const safe = /^[=+\-@\t\r]/.test(text) && isNaN(Number(text)) ? "'" + text : text;
    return '"' + safe.replace(/"/g, '""') + '"';
  }
  function csv(name) {
    const record = read("table-" + name);
    const lines = [record.columns].concat(record.rows);
    return lines.map((line) => line.map((value) =>
      value === null ? "" : typeof value === "number" ? String(value) : cell(String(value))
    ).join(",")).join("\r\n") + "\r\n";
  }
  for (const each of document.querySelectorAll("button.csv")) {
    each.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff", csv(each.dataset.table)], { type: "text/csv" }));
      link.download = each.dataset.table + ".csv";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
}());
