/* What leaves the page by the reader's own hand: CSV, images, links, embed codes. */
"use strict";

survey.share = (() => {
  const IMAGE_WIDTH = 850; // pixels; the file has twice as many

  const save = (address, name) => {
    const link = survey.make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  };

  const saveText = (text, type, name) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    save(address, name);
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  // ---------------------------------------------------------------- CSV

  /** Keep a spreadsheet from taking text for a formula: an apostrophe makes it text. */
  const harmless = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

  const csvOf = (view) => {
    const { columns, rows } = view.table;
    const cell = (value, column) => (column.number ? (value === null ? "" : String(value[0])) : quoted(harmless(value)));
    const lines = [columns.map((column) => quoted(column.key)), ...rows.map((row) => row.map((value, place) => cell(value, columns[place])))];
    return lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
  };

  // ---------------------------------------------------------------- images

  /** Return a view as a figure that stands alone: title, legend, notes and source in it. */
  const complete = (block, view, choices) => {
    const { data, layout } = survey.layout.fitted(view, IMAGE_WIDTH, choices);
    const { wrapped, escaped } = survey.layout;
    const title = wrapped(view.title, 72);
    const subtitle = wrapped(view.subtitle, 104);
    const invented = block.invented ? "Invented data: nobody gave these answers." : "";
    const notes = [view.reading, view.gaps, invented, block.source].filter(Boolean).flatMap((note) => wrapped(note, 118));
    const header = 34 + 25 * title.length + 18 * subtitle.length;
    const top = header + (view.legend.length ? 12 + 22 * Math.ceil(view.legend.map(({ label }) => label.length + 8).reduce((a, b) => a + b, 0) / 100) : 0);
    const bottom = 22 + 16 * notes.length;
    const height = layout.height + top + bottom;
    const { margin } = layout;
    const note = {
      text: notes.map(escaped).join("<br>"), xref: "paper", yref: "paper", x: 0, y: 0, xshift: 14 - margin.l,
      yshift: -margin.b - 8, xanchor: "left", yanchor: "top", align: "left", showarrow: false,
      font: { size: 12, color: survey.shared.light.quiet },
    };
    return {
      data,
      layout: {
        ...layout, template: survey.shared.template, width: IMAGE_WIDTH, height,
        showlegend: view.legend.length > 0,
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

  const svgOf = (figure) => window.Plotly.toImage(
    { ...figure, config: survey.draw.CONFIG },
    { format: "svg", width: figure.layout.width, height: figure.layout.height, imageDataOnly: true },
  );

  /** Draw an SVG to a canvas by a data address: a policy without "blob:" allows it. */
  const pngOf = (svg, width, height) => new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => {
      const canvas = survey.make("canvas");
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      done(canvas.toDataURL("image/png"));
    };
    image.onerror = () => failed(new Error("The image cannot be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });

  const nameOf = (block, view, ending) => `${block.id}-${view.name}-${block.edition}.${ending}`;

  const actions = {
    csv: async (block, view) => saveText(`\ufeff${csvOf(view)}`, "text/csv;charset=utf-8", nameOf(block, view, "csv")),
    svg: async (block, view, choices) => {
      await survey.draw.ready();
      const svg = await svgOf(complete(block, view, choices));
      saveText(svg, "image/svg+xml;charset=utf-8", nameOf(block, view, "svg"));
    },
    png: async (block, view, choices) => {
      await survey.draw.ready();
      const figure = complete(block, view, choices);
      const png = await pngOf(await svgOf(figure), figure.layout.width, figure.layout.height);
      save(png, nameOf(block, view, "png"));
    },
  };

  // ---------------------------------------------------------------- links

  const address = (page, block, view, as) => {
    const state = { ...survey.state.kept(), q: block.id, view: view.name, as: as === "chart" ? "" : as };
    return new URL(`${page}#${survey.state.write(state)}`, document.baseURI).href;
  };

  const embedCode = (block, view, as, height) => {
    const title = view.title.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
    const source = address("embed.html", block, view, as).replace(/&/g, "&amp;");
    return `<iframe src="${source}" title="${title}" width="100%" height="${Math.ceil(height)}" loading="lazy" style="border:0"></iframe>`;
  };

  return { actions, address, embedCode, csvOf };
})();
