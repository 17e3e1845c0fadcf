/* From the figure of a view to one that fits: width, order, folded rows, counts, intervals. */
"use strict";

survey.layout = (() => {
  const NARROW = 560; // pixels; below, labels of rows stand above their marks
  const CHARACTER = 7.8; // pixels, generously
  const LINE = 17;
  const BELOW_LABEL = 6;

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\$/g, "&#36;").replace(/%\{/g, "%\u2060{");

  const wrapped = (text, width) => {
    const lines = [""];
    const parts = text.split(/\s+/).flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gsu")) ?? []);
    for (const word of parts) {
      const line = lines[lines.length - 1];
      if (!line || line.length + word.length + 1 <= width) lines[lines.length - 1] = line ? `${line} ${word}` : word;
      else lines.push(word);
    }
    return lines;
  };

  const copy = (value) => JSON.parse(JSON.stringify(value));

  // ---------------------------------------------------------------- values

  const countAt = (cell) => cell[cell.length - 3];

  /** Show counts in place of shares: of bars, of parts and of lines. */
  const counted = (figure) => {
    const axis = figure.layout.xaxis?.ticksuffix ? "x" : "y";
    let most = 0;
    const sums = new Map();
    for (const trace of figure.data) {
      if (!trace.customdata?.some((cell) => countAt(cell) !== null)) continue;
      const other = axis === "x" ? trace.y : trace.x;
      trace[axis] = trace.customdata.map(countAt);
      trace.error_x = trace.error_y = undefined;
      if (trace.text && trace.mode !== "text") trace.text = trace[axis].map((n) => (n === null ? "" : n.toLocaleString("en")));
      trace[axis].forEach((n, place) => {
        const at = figure.layout.barmode === "stack" ? other[place] : `${other[place]}|${figure.data.indexOf(trace)}`;
        sums.set(at, (sums.get(at) ?? 0) + (n ?? 0));
      });
    }
    most = Math.max(0, ...sums.values());
    figure.data = figure.data.filter((trace) => !(trace.mode === "lines" && trace.fill));
    const values = figure.data.find((trace) => trace.mode === "text");
    const bars = figure.data.find((trace) => trace.type === "bar" && trace.orientation === "h" && trace.customdata);
    if (values && bars) {
      values.x = bars.x.map(() => most * 1.04 || 1); // a column at the right
      values.text = bars.x.map((n) => (n === null ? "" : ` ${n.toLocaleString("en")}`));
    }
    Object.assign(figure.layout[`${axis}axis`], { ticksuffix: "", range: [0, most * 1.04 || 1], tickformat: ",d" });
    return figure;
  };

  const withoutIntervals = (figure) => {
    for (const trace of figure.data) {
      trace.error_x = trace.error_y = undefined;
      if (trace.mode === "text" && figure.data[0].orientation === "h") trace.x = [...figure.data[0].x];
    }
    figure.data = figure.data.filter((trace) => !(trace.mode === "lines" && (trace.fill || trace.line?.width === 13)));
    return figure;
  };

  // ---------------------------------------------------------------- rows

  /** Return where each row goes: its new middle and edge, with its label beside or above. */
  const placedRows = (rows, width, narrow) => {
    let top = 0;
    return rows.map((row) => {
      const lines = narrow ? wrapped(row.label, Math.max(12, Math.floor((width - 12) / CHARACTER))) : [];
      const label = narrow ? lines.length * LINE + BELOW_LABEL : 0;
      const height = narrow ? label + row.marks + 2 : row.height;
      const placed = { row, lines, top, middle: narrow ? top + label + row.marks / 2 : top + height / 2 };
      top += height;
      return { ...placed, end: top };
    });
  };

  const edge = (row) => row.y - row.height / 2;
  const holds = (row, y) => y >= edge(row) - 0.01 && y <= edge(row) + row.height + 0.01;

  /** Keep the points of a trace that stand in rows that are shown, and move them there. */
  const movedTrace = (trace, placed) => {
    const upright = trace.type === "bar" && trace.orientation !== "h";
    const at = upright ? trace.base.map((base, place) => base + trace.y[place] / 2) : trace.y;
    const found = at.map((y) => (y === null ? null : placed.find(({ row }) => holds(row, y)) ?? undefined));
    const kept = found.map((each, place) => (each === undefined ? -1 : place)).filter((place) => place >= 0);
    const pick = (values) => (Array.isArray(values) && values.length === at.length ? kept.map((place) => values[place]) : values);
    const next = {};
    for (const [key, value] of Object.entries(trace)) next[key] = pick(value);
    for (const key of ["marker", "error_x"]) {
      if (trace[key]) next[key] = Object.fromEntries(Object.entries(trace[key]).map(([name, value]) => [name, pick(value)]));
    }
    if (upright) {
      next.y = kept.map((place) => found[place].height ?? trace.y[place]);
      next.base = kept.map((place) => found[place].middle - trace.y[place] / 2);
    } else {
      next.y = kept.map((place) => (at[place] === null ? null : found[place].middle + (at[place] - found[place].row.y)));
    }
    return next;
  };

  /** Return ticks whose labels stand inside the plot, above the marks: far quicker to draw than annotations. */
  const labelsAbove = (placed) => ({
    ticklabelposition: "inside", ticklabeloverflow: "allow", ticklabelstandoff: 0, ticks: "",
    tickvals: placed.map(({ lines, top }) => top + 2 + (lines.length * LINE) / 2),
    ticktext: placed.map(({ lines }) => lines.map(escaped).join("<br>")),
  });

  const relaid = (figure, rows, width, narrow) => {
    const placed = placedRows(rows, width - 6, narrow);
    const total = placed.length ? placed[placed.length - 1].end : 40;
    const old = figure.layout;
    const place = (y) => placed.find(({ row }) => holds(row, y));
    const notes = (old.annotations ?? []).flatMap((note) => {
      if (note.yref !== "y") return [note];
      const found = place(note.y);
      return found ? [{ ...note, y: found.middle + (note.y - found.row.y) }] : [];
    });
    const shapes = (old.shapes ?? []).flatMap((shape) => {
      if (shape.yref !== "y") return [shape];
      const found = placed.find(({ row }) => Math.abs(edge(row) - shape.y0) < 1);
      return found ? [{ ...shape, y0: found.top, y1: found.top }] : [];
    });
    const texts = new Map(figure.rows.map((row, number) => [row.label, old.yaxis.ticktext?.[number] ?? ""]));
    return {
      ...figure,
      data: figure.data.map((trace) => (trace.y ? movedTrace(trace, placed) : trace)),
      layout: {
        ...old, annotations: notes, shapes,
        yaxis: {
          ...old.yaxis, range: [total, 0], showticklabels: true,
          ...(narrow ? labelsAbove(placed) : { tickvals: placed.map((each) => each.middle), ticktext: placed.map(({ row }) => texts.get(row.label)) }),
        },
        margin: { ...old.margin, l: narrow ? 6 : old.margin.l },
        height: total + old.margin.t + old.margin.b,
      },
    };
  };

  /** Leave numbers out that do not fit into their part of a bar. */
  const roomy = (figure, width) => {
    const { layout } = figure;
    for (const trace of figure.data) {
      if (trace.textposition !== "inside") continue;
      const [low, high] = layout.xaxis.range;
      const scale = (width - layout.margin.l - layout.margin.r) / (high - low);
      trace.text = trace.text.map((text, place) => (trace.x[place] * scale < 34 ? "" : text));
    }
    return figure;
  };

  /** Give a chart over editions less room for names, and short years. */
  const tightened = (figure) => {
    const axis = figure.layout.xaxis ?? {};
    const years = (axis.ticktext ?? []).map((text) => text.replace(/^(?:19|20)(\d\d)$/, "’$1"));
    const margin = { ...figure.layout.margin, l: 40, r: Math.min(figure.layout.margin.r, 118) };
    return { ...figure, layout: { ...figure.layout, margin, xaxis: { ...axis, ...(years.length ? { ticktext: years } : {}) } } };
  };

  // ---------------------------------------------------------------- choices

  /** Return the rows in the order that was asked for, without those that are folded. */
  const chosenRows = (view, choices) => {
    let rows = view.figure.rows;
    if (view.chart === "bars" && choices.order === "form" && !view.ordered) {
      const answers = view.table.columns.findIndex((column) => column.key === "answer");
      const places = new Map(view.table.rows.map((row, number) => [row.slice(0, answers + 1).join(": "), number]));
      rows = [...rows].sort((a, b) => (places.get(a.label) ?? 0) - (places.get(b.label) ?? 0));
    }
    return choices.unfolded ? rows : rows.filter((row) => !view.folded.includes(row.label));
  };

  /** Return data and layout of a view for a width and the choices of the page. */
  const fitted = (view, width, choices) => {
    let figure = copy(view.figure);
    const shares = view.measure === "share";
    if (choices.unit === "count" && shares && ["bars", "stacked", "lines", "matrix"].includes(view.chart)) figure = counted(figure);
    else if (choices.intervals === "no") figure = withoutIntervals(figure);
    const narrow = width < NARROW;
    if (figure.rows.length) figure = relaid(figure, chosenRows(view, choices), width, narrow);
    else if (narrow && ["lines", "adoption"].includes(view.chart)) figure = tightened(figure);
    return roomy(figure, width);
  };

  return { fitted, wrapped, escaped };
})();
