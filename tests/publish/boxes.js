/* List what overlaps, is cut, or reaches over the edge in a block of the dashboard. */
(id) => {
  const found = [];
  const block = document.getElementById(id);
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} wide`);

  /** Return the part of a box that can be seen inside another. */
  const beyond = (box, edge) => Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top, box.bottom - edge.bottom);

  const meet = (a, b, across, down) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > across
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > down;

  // ---------------------------------------------------------------- texts of charts

  for (const plot of block.querySelectorAll(".plot")) {
    const edge = plot.getBoundingClientRect();
    const boxes = [...plot.querySelectorAll("svg text")]
      .filter((text) => text.textContent.trim())
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.width);
    for (const [text, box] of boxes) {
      if (beyond(box, edge) > 1.5) found.push(`cut by ${Math.round(beyond(box, edge))}: ${text}`);
    }
    boxes.forEach(([first, a], place) => boxes.slice(place + 1).forEach(([second, b]) => {
      if (meet(a, b, 2, 4)) found.push(`overlap: ${first} | ${second}`);
    }));
  }

  // ---------------------------------------------------------------- texts of the page

  const hidden = (element) => element.closest(".unseen, svg, select, noscript")
    || !element.checkVisibility({ visibilityProperty: true }); // also what a closed part holds

  /** Return the nearest box that cuts what it holds, and whether a reader can scroll in it. */
  const frameOf = (element) => {
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(each);
      if (overflowX === "visible" && overflowY === "visible") continue;
      return { box: each.getBoundingClientRect(), scrolls: [overflowX, overflowY].some((how) => ["auto", "scroll"].includes(how)) };
    }
    return { box: { left: 0, right: innerWidth, top: -Infinity, bottom: Infinity }, scrolls: false };
  };

  /** Return what can be seen of a box in a part that scrolls. */
  const seen = (box, frame) => ({
    left: Math.max(box.left, frame.left), right: Math.min(box.right, frame.right),
    top: Math.max(box.top, frame.top), bottom: Math.min(box.bottom, frame.bottom),
  });

  /** Return what a cell can be seen in: not behind the first of its row, which stands still. */
  const besideFirst = (element, frame) => {
    const first = element.closest("tr")?.cells[0];
    const { position, left } = first ? getComputedStyle(first) : {};
    if (!first || first.contains(element) || position !== "sticky" || left === "auto") return frame;
    return { ...frame, left: Math.max(frame.left, first.getBoundingClientRect().right) };
  };

  const lines = [];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { box: cut, scrolls } = frameOf(element);
    const frame = scrolls ? besideFirst(element, { left: cut.left, right: cut.right, top: cut.top, bottom: cut.bottom }) : cut;
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      lines.push([node.data.trim().slice(0, 40), scrolls ? seen(box, frame) : box]);
      const out = Math.max(frame.left - box.left, box.right - frame.right);
      if (!scrolls && out > 1.5) found.push(`cut by ${Math.round(out)}: ${node.data.trim()}`);
    }
  }
  lines.sort((one, other) => one[1].top - other[1].top);
  lines.forEach(([first, a], place) => {
    for (const [second, b] of lines.slice(place + 1)) {
      if (b.top > a.bottom) break;
      if (meet(a, b, 2, 4)) found.push(`overlap: ${first} | ${second}`);
    }
  });

  // a cell or tile whose text reaches into its neighbour
  for (const cell of block.querySelectorAll("td, th, .tile, button, .chip")) {
    if (cell.scrollWidth > cell.clientWidth + 2 && cell.clientWidth) found.push(`too narrow by ${cell.scrollWidth - cell.clientWidth}: ${cell.textContent}`);
  }

  const parts = [...block.children].map((part) => part.getBoundingClientRect());
  parts.slice(1).forEach((part, place) => {
    if (part.top < parts[place].bottom - 1) found.push(`parts ${place} and ${place + 1} overlap`);
  });
  return found;
}
