/* Question blocks: tabs, views, breakdowns, downloads; each is loaded when it comes near. */
"use strict";

(() => {
  const { all, make, state } = survey;
  const bar = document.querySelector(".bar");
  const message = document.getElementById("message");
  const page = document.body.dataset.page;
  const newest = document.body.dataset.edition;
  const TABS = ["now", "time", "by"];

  const choicesOf = (now, element) => ({
    unit: now.unit, intervals: now.intervals, order: now.order, unfolded: element.dataset.unfolded === "yes",
  });

  // ---------------------------------------------------------------- which view

  const inOrder = (first, second, editions) => (editions.indexOf(first) <= editions.indexOf(second) ? [first, second] : [second, first]);

  /** Return the name of the view that the page's choices ask of a block, and what it cannot show. */
  const wantedByBar = (record, now) => {
    const names = Object.keys(record.labels);
    const has = (name) => names.includes(name) || record.edition_views.includes(name);
    if (now.by) {
      const cut = record.cuts.find((each) => each.name === now.by);
      if (cut?.offered) return { name: cut.views[0] };
      const why = cut ? `Not broken down by ${cut.label.toLowerCase()}: ${cut.reason}.` : `There is no breakdown by “${now.by}”.`;
      return { name: "", why };
    }
    const edition = now.edition || newest;
    if (now.compare && now.compare !== edition) {
      const name = `compare-${inOrder(edition, now.compare, record.editions).join("-")}`;
      return has(name) ? { name } : { name: "", why: `Not comparable between ${now.compare} and ${edition}: one of them has no published shares of this question.` };
    }
    if (edition !== newest) {
      const name = `edition-${edition}`;
      return has(name) ? { name } : { name: "", why: `${edition} is not published for this question; shown instead: ${newest}.` };
    }
    return { name: "" };
  };

  const chosenName = (record, now) => {
    const mine = now.q === record.id && now.view;
    const known = (name) => name in record.labels || record.edition_views.includes(name);
    const asked = wantedByBar(record, now);
    if (mine && known(now.view)) return { name: now.view, why: "" };
    const why = mine ? `There is no view “${now.view}” here; shown instead is the first one.` : asked.why;
    return { name: asked.name || record.views[0].name, why };
  };

  const tabOf = (record, name) => {
    if (name.startsWith("edition-") || name.startsWith("compare-")) return "now";
    if (name.startsWith("depends")) return "about";
    return TABS.find((tab) => name === tab || name.startsWith(`${tab}-`)) ?? "now";
  };

  const viewsOfTab = (record, tab) => Object.keys(record.labels).filter((name) => tabOf(record, name) === tab);

  const findView = async (record, name) => {
    const inside = record.views.find((view) => view.name === name);
    if (inside) return inside;
    const views = await survey.load(record.apart[name]);
    return views.find((view) => view.name === name);
  };

  // ---------------------------------------------------------------- parts of a block

  const tabNames = (record, name) => {
    const single = tabOf(record, name) === "now" && name.startsWith("edition-") ? name.slice(8) : "";
    const pair = name.startsWith("compare-") ? name.slice(8).replace("-", " and ") : "";
    const found = [];
    if (viewsOfTab(record, "now").length) found.push(["now", pair || single || newest]);
    if (viewsOfTab(record, "time").length) found.push(["time", "Over time"]);
    if (viewsOfTab(record, "by").length) found.push(["by", "By …"]);
    return [...found, ["table", "Table"], ["about", "About"]];
  };

  const tabList = (record, name, as) => {
    const current = as === "table" || as === "about" ? as : tabOf(record, name);
    const tabs = tabNames(record, name).map(([tab, label]) => make("button", {
      type: "button", role: "tab", id: `${record.id}-tab-${tab}`, "aria-selected": String(tab === current),
      tabindex: tab === current ? "0" : "-1", "aria-controls": `${record.id}-panel`, "data-tab": tab,
    }, label));
    const list = make("div", { class: "tabs", role: "tablist", "aria-label": `Views: ${record.title}` }, tabs);
    list.addEventListener("click", ({ target }) => {
      const tab = target.closest("[data-tab]")?.dataset.tab;
      if (tab) openTab(record, name, tab);
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const here = tabs.indexOf(document.activeElement);
      if (!step || here < 0) return;
      event.preventDefault();
      const next = tabs[(here + step + tabs.length) % tabs.length];
      openTab(record, name, next.dataset.tab);
    });
    return list;
  };

  const openTab = (record, name, tab) => {
    const focus = () => document.getElementById(`${record.id}-tab-${tab}`)?.focus();
    if (tab === "table" || tab === "about") state.set({ q: record.id, view: name, as: tab });
    else {
      const views = viewsOfTab(record, tab);
      const wanted = tabOf(record, name) === tab ? name : views.find((each) => state.read().by && each.includes(state.read().by)) ?? views[0];
      state.set({ q: record.id, view: wanted === record.views[0].name && !wantedByBar(record, state.read()).name ? "" : wanted, as: "" });
    }
    setTimeout(focus, 60);
  };

  const viewList = (record, name) => {
    const views = viewsOfTab(record, tabOf(record, name));
    if (views.length < 2 || !views.includes(name)) return null;
    const cut = (each) => record.cuts.find(({ views: own }) => own.includes(each));
    const label = (each) => (cut(each) ? `By ${cut(each).label.toLowerCase()}${record.labels[each] === "Shares" ? "" : `: ${record.labels[each].toLowerCase()}`}` : record.labels[each]);
    const chips = views.map((each) => make("button", { type: "button", "aria-pressed": String(each === name), "data-view": each }, label(each)));
    const list = make("div", { class: "chips", role: "group", "aria-label": "Measures" }, chips);
    list.addEventListener("click", ({ target }) => {
      const view = target.closest("[data-view]")?.dataset.view;
      if (view) state.set({ q: record.id, view, as: "" });
    });
    return list;
  };

  const legendOf = (view) => (view.legend.length ? make("ul", { class: "legend", "aria-label": "Colours" },
    view.legend.map(({ label, role }) => make("li", {}, make("span", { class: `chip chip-${role}` }), label))) : null);

  const folds = (view, element) => {
    if (!view.folded.length) return null;
    const open = element.dataset.unfolded === "yes";
    const button = make("button", { type: "button", class: "fold" }, open ? "Fold small answers" : `${view.folded.length} answers under 1 % or not offered: show`);
    button.addEventListener("click", () => {
      element.dataset.unfolded = open ? "" : "yes";
      render(element);
    });
    return button;
  };

  const listed = (items) => items.map((item) => make("li", {}, item));

  const notesOf = (view) => {
    const said = [view.reading, ...view.notes].filter(Boolean); // the description names the gaps
    const more = [...view.method_notes, ...view.common_notes];
    const method = more.length ? make("details", { class: "method-notes" }, make("summary", {}, "Method notes"), make("ul", {}, listed(more))) : null;
    return [said.length ? make("p", { class: "notes" }, said.join(" ").replace(/(\d) %/g, "$1\u00a0%")) : null, method];
  };

  /** Say which breakdowns there are not, each reason once. */
  const notOffered = (cuts) => {
    const reasons = new Map();
    for (const cut of cuts.filter(({ offered }) => !offered)) reasons.set(cut.reason, [...(reasons.get(cut.reason) ?? []), cut.label.toLowerCase()]);
    return [...reasons].map(([reason, labels]) => `${labels.join(", ")}: ${reason}`).join("; ");
  };

  const about = async (record) => {
    const { question } = record;
    const facts = [
      ["Question", question.title],
      ["Answers", question.kind ? `${question.kind}${question.several ? ", several answers possible" : ""}` : "worked out from other answers"],
      ["Asked in", question.asked_in.join(", ")],
      ["Counted", record.units],
      ["To know", question.note],
      ["Since the edition before", record.change],
      ["Not broken down by", notOffered(record.cuts)],
      ["What the numbers cannot say", "Those who answered chose to; the numbers describe them, not all who run the software."],
    ];
    const list = make("dl", {}, facts.filter(([, text]) => text).flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]));
    const choices = question.choices?.length ? make("details", {}, make("summary", {}, "Listed answers"), make("ol", {}, listed(question.choices))) : null;
    return make("div", { class: "about" }, list, choices);
  };

  const foot = (record, view, as, element) => {
    const status = make("span", { role: "status", class: "quiet" });
    const button = (text, run) => {
      const found = make("button", { type: "button" }, text);
      found.addEventListener("click", async () => {
        try { status.textContent = (await run()) ?? ""; } catch (error) { status.textContent = `That did not work: ${error.message}`; }
      });
      return found;
    };
    const field = (text, label) => {
      const input = make("input", { type: "text", readonly: true, "aria-label": label, class: "shown-code" });
      input.value = text;
      element.querySelector(".shown-code")?.remove();
      status.before(input);
      input.select();
      return copied(text);
    };
    const choices = () => choicesOf(state.read(), element);
    const buttons = [
      button("CSV", () => survey.share.actions.csv(record, view)),
      button("PNG", () => survey.share.actions.png(record, view, choices())),
      button("SVG", () => survey.share.actions.svg(record, view, choices())),
      button("Link", () => field(survey.share.address(page, record, view, as), "Link to this view")),
      button("Embed", () => field(survey.share.embedCode(record, view, as, element.offsetHeight), "Code to embed this view")),
    ];
    return make("div", { class: "foot" }, make("p", { class: "source" }, record.source), make("p", { class: "actions" }, buttons, status));
  };

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return "Copied.";
    } catch {
      return "Select and copy.";
    }
  };

  const titleOf = (record, view, name) => (name === record.views[0].name ? record.finding : view.title);

  // ---------------------------------------------------------------- a block

  const chartOf = (record, view, element) => {
    const choices = choicesOf(state.read(), element);
    // a heat map is a table; stacked bars become one when intervals are asked for
    if (view.heat && (["heatmap", "paths"].includes(view.chart) || choices.intervals === "yes")) return survey.tables.heat(view, choices);
    if (view.tiles) return survey.tables.tiles(view);
    const box = make("div", { class: "plot", role: "img", "aria-label": `${view.title}. ${view.description}` });
    element.survey = { view, box };
    return box;
  };

  const drawn = async (element) => {
    const { view, box } = element.survey ?? {};
    if (!box) return;
    const choices = choicesOf(state.read(), element);
    const first = element === elements[0] && !element.classList.contains("done");
    const reserved = survey.draw.reserve(box, view, choices);
    await survey.draw.ready();
    if (!first) await pause();
    if (element.survey?.box === box) survey.draw.draw(box, view, choices, reserved);
  };

  const asked = ({ question }, heading) => {
    if (!question.kind) return "Worked out from other answers; see About.";
    const { asked_in: editions } = question;
    const span = editions.length > 1 ? `, asked in ${editions[0]} to ${editions[editions.length - 1]}` : "";
    if (question.title === heading) return `${question.several ? "Several answers possible" : "One answer"}${span}`;
    return `Question: ${question.title} (${question.several ? "several answers possible" : "one answer"}${span})`;
  };

  const head = (record, view, name, why) => [
    make("h2", { id: `${record.id}-title` }, titleOf(record, view, name)),
    make("p", { class: "subtitle" }, view.subtitle),
    make("p", { class: "question" }, asked(record, titleOf(record, view, name))),
    why ? make("p", { class: "message", role: "status" }, why) : null,
  ];

  const render = async (element) => {
    const turn = (element.turn = (element.turn ?? 0) + 1);
    const now = state.read();
    const id = element.dataset.block || now.q;
    if (!id) {
      tell("The address names no question: it begins with “#q=”.");
      return;
    }
    let record, view, name, why;
    try {
      record = await survey.load(id);
      ({ name, why } = chosenName(record, now));
      view = await findView(record, name);
    } catch {
      element.classList.add("failed"); // the table of the page stays
      revealed(element);
      return;
    }
    if (turn !== element.turn) return;
    const as = now.q === record.id && ["table", "about"].includes(now.as) ? now.as : name.startsWith("depends") ? "about" : "chart";
    element.survey = null;
    const content = as === "table" ? [survey.tables.table(view)]
      : as === "about" ? [await about(record), ...(viewsOfTab(record, "about").length ? [await depends(record)] : [])]
        : [viewList(record, name), legendOf(view), chartOf(record, view, element), folds(view, element), make("p", { class: "description" }, view.description), ...notesOf(view)];
    const panel = make("div", { class: "panel", role: "tabpanel", id: `${record.id}-panel`, "aria-label": `${record.title}` }, content);
    const focused = element.contains(document.activeElement) && document.activeElement.id;
    element.replaceChildren(...[...head(record, view, name, why), tabList(record, name, as), panel, foot(record, view, as, element)].filter(Boolean));
    element.dataset.shown = `${name} ${as}`;
    delete element.dataset.drawn;
    element.classList.add("drawn");
    const wide = tabOf(record, name) === "time" && element.querySelector(".scroll:has(.heat)");
    if (wide) wide.scrollLeft = wide.scrollWidth; // the newest edition stands at the right
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    await drawn(element);
    if (turn !== element.turn) return;
    element.classList.add("done");
    element.dataset.drawn = element.dataset.shown;
    tellFrame();
  };

  /** Show the table of a block below the first, which a browser with scripts does not read. */
  const revealed = (element) => {
    const unread = element.querySelector("noscript");
    if (unread) unread.outerHTML = unread.textContent;
  };

  const depends = async (record) => {
    const views = await Promise.all(viewsOfTab(record, "about").map((name) => findView(record, name)));
    return make("div", {}, views.flatMap((view) => [make("h3", {}, view.title), survey.tables.table(view), make("p", { class: "notes" }, view.notes.join(" "))]));
  };

  /** Tell the page around a frame how high this one is. */
  const tellFrame = () => {
    if (window.parent !== window) window.parent.postMessage({ survey: state.read().q, height: document.documentElement.scrollHeight }, "*");
  };

  // ---------------------------------------------------------------- the page

  const elements = all(".block");
  const near = new Set();

  // one block after the other, each in tasks of its own, so that the page stays responsive
  const pause = () => new Promise((done) => setTimeout(done, 0));
  let line = Promise.resolve();
  const inLine = (work) => { line = line.then(work).then(pause); };

  const watch = () => {
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && !near.has(target)) {
          near.add(target);
          watcher.unobserve(target);
          inLine(() => render(target));
        }
      }
    }, { rootMargin: "700px 0px" });
    elements.forEach((element) => watcher.observe(element));
  };

  const showBar = () => {
    if (!bar) return;
    const now = state.read();
    bar.hidden = false;
    for (const select of all("[data-state]", bar)) {
      const wanted = now[select.dataset.state] ?? "";
      const known = [...select.options].some((option) => option.value === wanted);
      select.value = known ? wanted : "";
      if (!known) tell(`The address asks for “${wanted}” under “${select.dataset.state}”, which is not there.`);
    }
  };

  const tell = (text) => {
    if (!message) return;
    message.textContent = text;
    message.hidden = !text;
  };

  const onward = () => {
    const kept = state.write(state.kept());
    for (const link of all("a[href*='.html']")) {
      const [file, rest = ""] = link.getAttribute("href").split("#");
      if (!file.startsWith("chapter-")) continue;
      const q = rest.split("&").find((part) => part.startsWith("q="));
      link.setAttribute("href", `${file}#${[q, kept].filter(Boolean).join("&")}`.replace(/#$/, ""));
    }
  };

  /** Keep the block that was asked for under the bar while blocks are drawn and change their
   *  height, which the browser does not do reliably; until the reader moves the page. */
  let release = () => {};
  const hold = (element, behavior) => {
    release();
    const place = () => element.scrollIntoView({ block: "start", behavior });
    const watcher = new ResizeObserver(place);
    const moves = ["wheel", "touchstart", "pointerdown", "keydown"];
    release = () => {
      watcher.disconnect();
      moves.forEach((move) => removeEventListener(move, release));
    };
    moves.forEach((move) => addEventListener(move, release, { passive: true }));
    elements.forEach((each) => watcher.observe(each));
    place();
  };

  /** Go to the page that has a question: addresses hold when a question moves to another chapter. */
  const elsewhere = async (now) => {
    const index = await survey.load("search").catch(() => []);
    const found = index.find(({ id }) => id === now.q);
    if (found && found.page !== page) location.replace(`${found.page}#${state.write(now)}`);
    else tell(`There is no question “${now.q}” in this edition.`);
  };

  const reach = (now, { smooth = false } = {}) => {
    const element = now.q && document.getElementById(now.q);
    if (!element) {
      if (now.q) elsewhere(now);
      return;
    }
    near.add(element);
    render(element);
    hold(element, smooth ? "smooth" : "auto");
    element.focus({ preventScroll: true });
  };

  let last = state.read();
  const changed = (now) => {
    tell("");
    showBar();
    onward();
    if (now.q !== last.q && !elements.some((element) => element.dataset.embed || element.dataset.block === now.q)) reach(now);
    const global = ["edition", "compare", "by", "unit", "intervals", "order"].some((name) => now[name] !== last[name]);
    const touched = elements.filter((element) => near.has(element) && (global || [now.q, last.q].includes(element.dataset.block) || element.dataset.embed));
    last = now;
    touched.sort((a, b) => (b.dataset.block === now.q) - (a.dataset.block === now.q));
    touched.forEach((element) => inLine(() => render(element)));
  };

  if (bar) {
    bar.addEventListener("change", ({ target }) => {
      const name = target.dataset.state;
      if (!name) return;
      const others = name === "by" && target.value ? { compare: "", edition: "" } : ["edition", "compare"].includes(name) && target.value ? { by: "" } : {};
      state.set({ [name]: target.value, ...others, q: "", view: "", as: "" });
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#q=']");
    if (!link) return;
    event.preventDefault();
    const q = new URLSearchParams(link.getAttribute("href").slice(1)).get("q");
    state.set({ q, view: "", as: "" });
    reach({ q }, { smooth: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  });

  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => elements.forEach((element) => {
      const box = element.survey?.box;
      if (box && box.clientWidth !== Number(box.dataset.width)) drawn(element).then(tellFrame);
    }), 120);
  });

  survey.onColours(() => elements.forEach((element) => element.survey?.box && inLine(() => drawn(element))));

  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 300));
  const prefetch = (rest) => {
    if (!rest.length) return;
    idle(async () => {
      if (!near.has(rest[0])) { near.add(rest[0]); await render(rest[0]); }
      prefetch(rest.slice(1));
    });
  };

  addEventListener("beforeprint", () => {
    survey.draw.forPrint(true);
    elements.forEach(revealed); // what is not drawn yet is printed as its table
    elements.forEach((element) => element.survey?.box && survey.draw.draw(element.survey.box, element.survey.view, choicesOf(state.read(), element)));
  });
  addEventListener("afterprint", () => {
    survey.draw.forPrint(false);
    elements.forEach(drawn);
  });

  /** The page stands when this script runs; that of Plotly has yet to run. */
  const begin = () => {
    const now = state.read();
    showBar();
    onward();
    if (!elements.length) {
      reach(now);
      return;
    }
    if (!now.q || now.q === elements[0].dataset.block) {
      near.add(elements[0]);
      line = render(elements[0]).then(pause);
    }
    if (now.q && page !== "embed.html") reach(now);
    // the others wait until the first chart stands
    line = line.then(watch);
    addEventListener("load", () => setTimeout(() => prefetch(elements.filter((element) => !near.has(element))), 1500));
  };

  state.onChange(changed);
  begin();
})();
