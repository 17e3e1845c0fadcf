/* Draws charts when they come near the screen; search, colours, downloads and printing. */
"use strict";

(() => {
  const NARROW = 560; // pixels; below, labels of rows stand above their marks
  const PAPER_WIDTH = 660; // pixels that a chart takes on a printed page
  const IMAGE_WIDTH = 960;
  const CHARACTER = 7.4; // pixels, generously
  const LINE = 17;
  const BELOW_LABEL = 6;
  const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

  const root = document.documentElement;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const shared = read("shared");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const boxes = all("[data-chart]");
  const charts = new Map();
  const drawn = new Set();
  const system = matchMedia("(prefers-color-scheme: dark)");
  let printing = false;

  const chartOf = (name) => {
    if (!charts.has(name)) charts.set(name, read(`chart:${name}`));
    return charts.get(name);
  };

  // ---------------------------------------------------------------- colours

  const isDark = () => !printing && (root.dataset.mode ? root.dataset.mode === "dark" : system.matches);

  /** Return a copy of a value in which every colour has become that of the dark theme. */
  const darkened = (value) => {
    if (typeof value === "string") return shared.exchange[value] ?? value;
    if (Array.isArray(value)) return value.map(darkened);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, darkened(inner)]));
    }
    return value;
  };

  // ---------------------------------------------------------------- narrow screens

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  const wrapped = (text, width) => {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const line = lines[lines.length - 1];
      if (!line || line.length + word.length + 1 <= width) lines[lines.length - 1] = line ? `${line} ${word}` : word;
      else lines.push(word);
    }
    return lines;
  };

  /** Lay rows out anew, each label above its marks. */
  const stackedRows = (rows, width) => {
    let top = 0;
    return rows.map((row) => {
      const lines = wrapped(row.label, Math.floor((width - 12) / CHARACTER));
      const label = lines.length * LINE + BELOW_LABEL;
      const placed = { row, lines, top, middle: top + label + row.marks / 2 };
      top += label + row.marks + 2;
      return { ...placed, end: top };
    });
  };

  const narrowed = (chart, width) => {
    const rows = stackedRows(chart.rows, width - 6);
    const edge = (row) => row.y - row.height / 2;
    const moved = (y) => {
      const found = rows.find(({ row }) => y >= edge(row) && y <= edge(row) + row.height) ?? rows[0];
      return found.middle + (y - found.row.y);
    };
    const top = (y) => rows.find(({ row }) => Math.abs(edge(row) - y) < 1)?.top ?? y;
    const traces = chart.data.map((trace) =>
      trace.type === "bar" && trace.orientation !== "h" ? movedCells(trace, rows, edge) : { ...roomy(trace, chart, width), y: trace.y.map((y) => (y === null ? y : moved(y))) });
    const total = rows[rows.length - 1].end;
    const old = chart.layout;
    const labels = rows.map(({ lines, top: y }) => ({
      text: lines.map(escaped).join("<br>"), xref: "paper", x: 0, xanchor: "left", yref: "y", y,
      yanchor: "top", align: "left", showarrow: false, borderpad: 1,
      bgcolor: shared.template.layout.paper_bgcolor,
    }));
    const notes = (old.annotations ?? []).map((note) => (note.yref === "y" ? { ...note, y: moved(note.y) } : note));
    const shapes = (old.shapes ?? []).map((shape) => (shape.yref === "y" ? { ...shape, y0: top(shape.y0), y1: top(shape.y1) } : shape));
    return {
      data: traces,
      layout: {
        ...old, annotations: [...notes, ...labels], shapes,
        yaxis: { ...old.yaxis, range: [total, 0], showticklabels: false },
        margin: { ...old.margin, l: 6 },
        height: total + old.margin.t + old.margin.b,
      },
    };
  };

  /** Leave numbers out that do not fit into their part of a bar. */
  const roomy = (trace, { layout }, width) => {
    if (trace.textposition !== "inside") return trace;
    const [low, high] = layout.xaxis.range;
    const scale = (width - 6 - layout.margin.r) / (high - low);
    return { ...trace, text: trace.text.map((text, place) => (trace.x[place] * scale < 32 ? "" : text)) };
  };

  /** Move the cells of a heat map: upright bars, each from the top of its row. */
  const movedCells = (trace, rows, edge) => {
    const found = trace.base.map((base, place) => rows.find(({ row }) => Math.abs(base + trace.y[place] / 2 - row.y) < 1) ?? rows[0]);
    const height = (row) => row.marks - 2;
    return {
      ...trace,
      y: found.map(({ row }) => height(row)),
      base: found.map(({ row, middle }) => middle - height(row) / 2),
    };
  };

  /** Give a chart over editions less room for names, and short years. */
  const tightened = (chart) => {
    const axis = chart.layout.xaxis ?? {};
    const years = (axis.ticktext ?? []).map((text) => text.replace(/^(?:19|20)(\d\d)$/, "’$1"));
    const margin = { ...chart.layout.margin, l: 40, r: Math.min(chart.layout.margin.r, 118) };
    return { data: chart.data, layout: { ...chart.layout, margin, xaxis: { ...axis, ticktext: years } } };
  };

  // ---------------------------------------------------------------- drawing

  const fitted = (chart, width) => {
    if (width >= NARROW) return { data: chart.data, layout: chart.layout };
    return chart.rows.length ? narrowed(chart, width) : tightened(chart);
  };

  const figureFor = (chart, width, dark) => {
    const { data, layout } = fitted(chart, width);
    const figure = { data, layout: { ...layout, width, template: shared.template } };
    return dark ? darkened(figure) : figure;
  };

  const widthOf = (box) => (printing ? PAPER_WIDTH : box.clientWidth);

  const draw = (box) => {
    const width = widthOf(box);
    if (!width) return;
    const { data, layout } = figureFor(chartOf(box.dataset.chart), width, isDark());
    box.style.height = `${layout.height}px`;
    drawn.add(box);
    box.dataset.width = width;
    window.Plotly.react(box, data, layout, CONFIG);
  };

  const drawAgain = () => drawn.forEach(draw);
  const drawAll = () => boxes.forEach(draw);

  const reserve = (box) => {
    if (!drawn.has(box)) box.style.height = `${figureFor(chartOf(box.dataset.chart), widthOf(box) || NARROW, false).layout.height}px`;
  };

  const drawWhenNear = () => {
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          watcher.unobserve(target);
          draw(target);
        }
      }
    }, { rootMargin: "800px 0px" });
    boxes.forEach((box) => watcher.observe(box));
  };

  const drawOnResize = () => {
    let waiting = 0;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        boxes.forEach((box) => (drawn.has(box) ? box.clientWidth !== Number(box.dataset.width) && draw(box) : reserve(box)));
      }, 120);
    });
  };

  const drawForPrint = () => {
    addEventListener("beforeprint", () => { printing = true; drawAll(); });
    addEventListener("afterprint", () => { printing = false; drawAgain(); });
  };

  // ---------------------------------------------------------------- light and dark

  const remember = (mode) => { try { localStorage.setItem("survey-mode", mode); } catch { /* not allowed */ } };
  const remembered = () => { try { return localStorage.getItem("survey-mode"); } catch { return null; } };

  const offerModes = () => {
    const button = document.getElementById("mode");
    const show = () => {
      button.setAttribute("aria-pressed", String(isDark()));
      drawAgain();
    };
    if (["dark", "light"].includes(remembered())) root.dataset.mode = remembered();
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.mode = isDark() ? "light" : "dark";
      remember(root.dataset.mode);
      show();
    });
    system.addEventListener("change", show);
    show();
  };

  // ---------------------------------------------------------------- contents and search

  const followReading = () => {
    const links = new Map(all("nav a").map((link) => [link.getAttribute("href").slice(1), link]));
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        const link = links.get(target.id);
        if (isIntersecting && link) {
          links.forEach((each) => each.removeAttribute("aria-current"));
          link.setAttribute("aria-current", "true");
          const nav = link.closest("nav");
          if (nav.scrollHeight > nav.clientHeight) nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
        }
      }
    }, { rootMargin: "-15% 0px -75% 0px" });
    all("article").forEach((article) => watcher.observe(article));
  };

  const find = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (article) => words.every((word) => article.dataset.words.includes(word));
    let count = 0;
    for (const article of all("article")) {
      article.hidden = !fits(article);
      count += !article.hidden;
      all(`nav [data-for="${CSS.escape(article.id)}"]`).forEach((entry) => { entry.hidden = article.hidden; });
    }
    for (const chapter of all(".chapter")) chapter.hidden = !chapter.querySelector("article:not([hidden])");
    document.getElementById("found").textContent = words.length ? `${count} of ${boxes.length} charts` : "";
    boxes.forEach(reserve);
  };

  const offerSearch = () => {
    const field = document.getElementById("find");
    field.closest(".find").hidden = false;
    field.addEventListener("input", () => find(field.value));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && field.value) { field.value = ""; find(""); }
    });
    if (field.value) find(field.value);
  };

  const foldContents = () => {
    const folded = matchMedia("(max-width: 60rem)");
    const contents = document.querySelector("nav details");
    const fold = () => { contents.open = !folded.matches; };
    folded.addEventListener("change", fold);
    fold();
  };

  // ---------------------------------------------------------------- downloads

  /** Keep a spreadsheet from taking text for a formula: an apostrophe makes it text. */
  const harmless = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const cell = (td) => quoted(td.querySelector("data")?.value ?? harmless(td.textContent));

  const csvOf = (table) => {
    const head = all("thead th", table).map((th) => quoted(th.dataset.key));
    const rows = all("tbody tr", table).map((tr) => [...tr.cells].map(cell));
    return [head, ...rows].map((row) => row.join(",")).join("\r\n") + "\r\n";
  };

  const save = (address, name) => {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
  };

  const saveTable = (name) => {
    const table = document.getElementById(name).querySelector("table");
    const address = URL.createObjectURL(new Blob(["\ufeff", csvOf(table)], { type: "text/csv;charset=utf-8" }));
    save(address, `${name}.csv`);
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  /** Return a chart with title, legend and notes in it, to stand alone as an image. */
  const complete = (chart) => {
    const { data, layout } = chart;
    const title = wrapped(chart.title, 84);
    const subtitle = wrapped(chart.subtitle, 118);
    const notes = chart.notes.filter(Boolean).flatMap((note) => wrapped(note, 128));
    const header = 34 + 25 * title.length + 18 * subtitle.length;
    const top = header + 24 * Math.ceil(chart.legend.length / 5);
    const bottom = 22 + 16 * notes.length;
    const height = layout.height + top + bottom;
    const { margin } = layout;
    const note = {
      text: notes.map(escaped).join("<br>"), xref: "paper", yref: "paper", x: 0, y: 0, xshift: 14 - margin.l,
      yshift: -margin.b - 8, xanchor: "left", yanchor: "top", align: "left", showarrow: false,
      font: { size: 12, color: shared.template.layout.yaxis.title.font.color },
    };
    return {
      data,
      layout: {
        ...layout, template: shared.template, width: IMAGE_WIDTH, height,
        showlegend: chart.legend.length > 0,
        legend: { orientation: "h", yref: "container", y: 1 - header / height, yanchor: "top", x: 0 },
        margin: { ...margin, t: margin.t + top, b: margin.b + bottom },
        annotations: [...(layout.annotations ?? []), note],
        title: {
          text: `<b>${title.map(escaped).join("<br>")}</b>`, xref: "container", x: 0, pad: { l: 14, t: 16 },
          subtitle: { text: subtitle.map(escaped).join("<br>"), font: { size: 13 } },
        },
      },
    };
  };

  const saveImage = async (name) => {
    const { data, layout } = complete(chartOf(name));
    const size = { format: "png", scale: 2, width: layout.width, height: layout.height };
    save(await window.Plotly.toImage({ data, layout, config: CONFIG }, size), `${name}.png`);
  };

  const offerDownloads = () => {
    const actions = { csv: saveTable, png: saveImage };
    all(".actions").forEach((each) => { each.hidden = false; });
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-action]");
      if (button) actions[button.dataset.action](button.dataset.for);
    });
  };

  // ---------------------------------------------------------------- begin

  foldContents();
  offerModes();
  offerSearch();
  offerDownloads();
  boxes.forEach(reserve);
  drawWhenNear();
  drawOnResize();
  drawForPrint();
  followReading();
})();
