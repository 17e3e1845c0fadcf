/* Draws a view into its box with Plotly, in the colours of the page. */
"use strict";

survey.draw = (() => {
  const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false, showSendToCloud: false, scrollZoom: false, typesetMath: false };
  const PAPER = 1130; // pixels that a chart takes on a printed page, where the style sheet zooms it
  const ZOOM = 0.59; // as the style sheet says
  const PAGE = 860; // pixels of a printed page, less the words around a chart: a longer one is made smaller
  let printing = false;

  /** Return a copy of a value in which every colour has become that of the dark theme. */
  const darkened = (value) => {
    if (typeof value === "string") return survey.shared.exchange[value] ?? value;
    if (Array.isArray(value)) return value.map(darkened);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, darkened(inner)]));
    }
    return value;
  };

  const widthOf = (box) => (printing ? PAPER : box.clientWidth);

  const figureFor = ({ data, layout }, width) => {
    const figure = { data, layout: { ...layout, width, template: survey.shared.template } };
    return survey.isDark() && !printing ? darkened(figure) : figure;
  };

  /** Keep the room that the chart will need, so that nothing below it moves; return what was fitted. */
  const reserve = (box, view, choices) => {
    const width = widthOf(box) || 640;
    const figure = survey.layout.fitted(view, width, choices);
    box.style.height = `${figure.layout.height}px`;
    return { width, figure };
  };

  // The first chart takes several times as long as the next, since the browser compiles what it
  // needs. On a slow device the barest figure, which nobody sees, takes half of that on itself.
  const SLOW = 200; // milliseconds that the start of Plotly takes there, and not on a desktop
  const BAREST = [[{ type: "bar", x: [1], y: [1] }], { width: 200, height: 100, xaxis: { visible: false }, yaxis: { visible: false } }, CONFIG];
  const scripts = new Promise((done) => { document.addEventListener("DOMContentLoaded", done, { once: true }); });
  let warm;

  const pause = () => new Promise((done) => setTimeout(done, 0));

  const warmed = async () => {
    await scripts; // that of Plotly is the last
    const Plotly = await window.plotlyReady;
    if (window.plotlyBusy <= SLOW) return;
    await pause();
    const box = document.createElement("div");
    await Plotly.newPlot(box, ...BAREST);
    Plotly.purge(box);
    await pause();
  };

  const ready = () => (warm ??= warmed());

  const draw = (box, view, choices, reserved) => {
    const width = widthOf(box);
    if (!width || !window.Plotly) return;
    const fitted = reserved?.width === width ? reserved.figure : survey.layout.fitted(view, width, choices);
    const { data, layout } = figureFor(fitted, width);
    box.style.height = `${layout.height}px`;
    box.dataset.width = width;
    box.style.zoom = printing && layout.height * ZOOM > PAGE ? PAGE / layout.height : "";
    window.Plotly.react(box, data, layout, CONFIG);
    box.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  };

  const forPrint = (value) => { printing = value; };

  return { draw, reserve, ready, forPrint, CONFIG };
})();
