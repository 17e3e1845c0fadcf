/* Puts a question of the survey into a page of one's own: surveyChart.mount(element, { block }).

   Loads the block's JSON, and Plotly only when the chart comes near the part of the page that is
   seen. Takes the font and the colours of the page; needs no build. */
"use strict";

window.surveyChart = (() => {
  const here = new URL(".", document.currentScript.src).href; // the folder "assets"
  const shared = __SHARED__;
  const scripts = new Map();

  /** Load a script of this folder once. */
  const script = (name) => {
    if (!scripts.has(name)) {
      scripts.set(name, new Promise((done, failed) => {
        const element = document.createElement("script");
        element.src = here + name;
        element.onload = done;
        element.onerror = () => failed(new Error(`${name} cannot be loaded`));
        document.head.append(element);
      }));
    }
    return scripts.get(name);
  };

  const ready = async () => {
    window.survey ??= { shared };
    if (!window.survey.layout) await script("layout.js");
    if (!window.Plotly) {
      await script("plotly-basic.js");
      await window.plotlyReady;
    }
  };

  const near = (element) => new Promise((done) => {
    const watcher = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      watcher.disconnect();
      done();
    }, { rootMargin: "400px" });
    watcher.observe(element);
  });

  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  /** Return a copy of a figure with colours exchanged: a mapping from colour to colour. */
  const recoloured = (value, colours) => {
    if (typeof value === "string") return colours[value] ?? value;
    if (Array.isArray(value)) return value.map((each) => recoloured(each, colours));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, recoloured(inner, colours)]));
    }
    return value;
  };

  /** Draw a block into an element; what stands there stays until the chart can be drawn.

      options: block (its id), view (its name, by default the first), dark (whether the page is
      dark), font (by default that of the element), colours (colour of ours -> colour of yours).
      Returns a function that takes the chart out again. */
  const mount = (element, { block, view: wanted = "", dark = false, font = "", colours = {} }) => {
    let gone = false;
    const parts = {};
    const exchange = { ...(dark ? shared.exchange : {}), ...colours };
    const draw = () => {
      const width = parts.plot?.clientWidth;
      if (gone || !width) return;
      const { data, layout } = window.survey.layout.fitted(parts.view, width, {});
      const family = font || getComputedStyle(element).fontFamily;
      const look = { ...layout, width, template: shared.template, font: { family }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
      const figure = recoloured({ data, layout: look }, exchange);
      window.Plotly.react(parts.plot, figure.data, figure.layout, { displayModeBar: false, showSendToCloud: false, typesetMath: false, scrollZoom: false });
      parts.plot.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    };
    const watcher = new ResizeObserver(draw);

    const run = async () => {
      const answer = await fetch(`${here}../blocks/${encodeURIComponent(block)}.json`);
      if (!answer.ok) throw new Error(`There is no question “${block}”`);
      const record = await answer.json();
      parts.view = record.views.find(({ name }) => name === wanted) ?? record.views[0];
      await near(element);
      await ready();
      if (gone) return;
      const title = parts.view === record.views[0] ? record.finding : parts.view.title;
      parts.plot = make("div", "", "survey-plot");
      parts.plot.setAttribute("role", "img");
      parts.plot.setAttribute("aria-label", `${title}. ${parts.view.description}`);
      const legend = make("p", "", "survey-legend");
      for (const { label, colour } of parts.view.legend) {
        const chip = make("span", "\u25a0 "); // a square
        chip.style.color = recoloured(colour, exchange);
        legend.append(chip, `${label}  `);
      }
      const invented = record.invented ? "Invented data: nobody gave these answers. " : "";
      element.replaceChildren(
        make("p", title, "survey-title"), make("p", parts.view.subtitle, "survey-subtitle"),
        ...(parts.view.legend.length ? [legend] : []), parts.plot,
        make("p", `${invented}${record.source}`, "survey-source"),
      );
      draw();
      watcher.observe(element);
    };

    const drawn = run();
    const stop = () => {
      gone = true;
      watcher.disconnect();
      if (parts.plot && window.Plotly) window.Plotly.purge(parts.plot);
    };
    return Object.assign(stop, { drawn });
  };

  return { mount };
})();
