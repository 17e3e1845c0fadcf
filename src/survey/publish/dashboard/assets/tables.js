/* Tables of a view: the data, and heat maps, which are tables with shaded cells. */
"use strict";

survey.tables = (() => {
  const { make } = survey;

  const cellOf = (value, column) => {
    if (column.number) {
      return value === null ? make("td", { class: "number" })
        : make("td", { class: "number" }, make("data", { value: value[0] }, value[1]));
    }
    if (column.key === "answer") return make("th", { scope: "row" }, value);
    return make("td", {}, value);
  };

  /** Return the table of a view; a click on a heading sorts by it. */
  const table = (view) => {
    const { columns, rows } = view.table;
    const shown = columns.map((column, place) => place)
      .filter((place) => columns[place].key !== "status")
      .filter((place) => columns[place].key !== "remark" || rows.some((row) => row[place]));
    const body = make("tbody", {});
    const fill = (ordered) => body.replaceChildren(
      ...ordered.map((row) => make("tr", {}, shown.map((place) => cellOf(row[place], columns[place])))),
    );
    const head = shown.map((place) => {
      const button = make("button", { type: "button" }, columns[place].heading);
      const th = make("th", { scope: "col", class: columns[place].number ? "number" : null, "data-key": columns[place].key }, button);
      button.addEventListener("click", () => {
        const down = th.getAttribute("aria-sort") === "descending";
        head.forEach((each) => each.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", down ? "ascending" : "descending");
        fill(sorted(rows, place, columns[place].number, down ? 1 : -1));
      });
      return th;
    });
    fill(rows);
    const caption = make("caption", { class: "unseen" }, `${view.title}. Headings sort the table.`);
    return region(view, make("table", {}, caption, make("thead", {}, make("tr", {}, head)), body));
  };

  const sorted = (rows, place, number, direction) => [...rows].sort((a, b) => {
    const [first, second] = [a[place], b[place]];
    if (number) {
      if (first === null || second === null) return (first === null) - (second === null);
      return direction * (first[0] - second[0]);
    }
    return direction * String(first).localeCompare(String(second), "en", { numeric: true });
  });

  const region = (view, content) => make(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${view.title}, ${view.label}` }, content,
  );

  const heatCell = (cell, choices) => {
    if (!cell) return make("td", {});
    if (cell.shade === undefined) {
      return make("td", { class: `cell ${cell.look}` }, make("span", { "aria-hidden": "true" }, cell.text === cell.says ? cell.text : cell.text || ""), cell.text === cell.says ? null : make("span", { class: "unseen" }, cell.says));
    }
    const imprecise = cell.status === "imprecise";
    const shown = choices.unit === "count" && cell.count !== "" ? cell.count : cell.text;
    const title = [cell.interval && `interval ${cell.interval}`, cell.count && `${cell.count} of ${cell.base}`, imprecise && "imprecise"].filter(Boolean).join(" · ");
    return make("td", { class: `cell shade-${cell.shade}`, title },
      imprecise ? make("i", {}, shown) : shown,
      imprecise ? make("span", { class: "unseen" }, " imprecise") : null,
      choices.intervals === "yes" && cell.interval ? make("small", {}, cell.interval) : null);
  };

  /** Return a heat map: answers down, groups across, the darker the larger. */
  const heat = (view, choices) => {
    const rows = view.heat.rows.filter((row) => choices.unfolded || !view.folded.includes(row.label));
    const head = make("tr", {}, make("th", { scope: "col" }, "Answer"), view.heat.columns.map((name) => make("th", { scope: "col" }, name)));
    const body = rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.label), row.cells.map((cell) => heatCell(cell, choices))));
    const caption = make("caption", { class: "unseen" }, `${view.title}. ${view.reading}`);
    const found = region(view, make("table", { class: "heat" }, caption, make("thead", {}, head), make("tbody", {}, body)));
    found.classList.add("open");
    return found;
  };

  const tileOf = (tile) => {
    const found = make("li", { class: tile.shade === undefined ? `tile ${tile.look ?? "none"}` : `tile shade-${tile.shade}`, title: tile.interval ? `${tile.name}: ${tile.text} (${tile.interval})` : tile.name },
      make("abbr", { title: tile.name }, tile.code), tile.text ? make("span", {}, tile.text) : make("span", { class: "unseen" }, "none"));
    found.style.gridArea = `${tile.row + 1} / ${tile.column + 1}`;
    return found;
  };

  /** Return a map of tiles: one block per region, in the order of the record. */
  const tiles = (view) => make("div", { class: "tiles" }, view.tiles.map(({ region: name, tiles: own }) => {
    if (own.every((tile) => !tile.code)) {
      return make("p", { class: "notes" }, `Not on the map: ${own.map((tile) => `${tile.name} ${tile.text}`).join("; ")}.`);
    }
    const list = make("ul", { "aria-label": name }, own.map(tileOf));
    list.style.gridTemplateColumns = `repeat(${Math.max(...own.map((tile) => tile.column)) + 1}, minmax(0, 2.5rem))`;
    return make("div", {}, make("p", { class: "quiet" }, name), list);
  }));

  return { table, heat, tiles };
})();
