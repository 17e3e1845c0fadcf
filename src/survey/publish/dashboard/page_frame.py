"""The frame of every page: head, navigation, bar of choices, foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from survey.publish.dashboard.blocks import Block
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.plotly_bundle import PLOTLY
from survey.publish.html import HTML, element, joined
from survey.publish.theme import DARK, LIGHT, Theme

__all__ = ["FIRST_SCRIPT", "POLICY", "SCRIPT", "SCRIPTS", "colour_sheet", "page_of"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; "
    "connect-src 'none'; base-uri 'none'; form-action 'self'"
)
"""What a page may load: its own scripts and styles, and images that it draws itself.

Inline styles are for Plotly, which sets them on what it draws. No script runs but those of the
folder, and nothing is requested from anywhere.
"""

_OF_PAGE = {"compare.html": ("compare.js",), "quotes.html": ("quotes.js",)}
FIRST_SCRIPT = "start.js"
"""Sets the colours before anything is shown."""

SCRIPTS = ("state.js", "layout.js", "tables.js", "draw.js", "share.js", "blocks.js", "search.js")
SCRIPT = "dashboard.js"
"""``SCRIPTS``, one after the other: a page asks for one file instead of seven."""

METHOD, GLOSSARY, QUESTIONS, DOWNLOADS, COMPARE, QUOTES = (
    "method.html", "glossary.html", "questions.html", "downloads.html", "compare.html",
    "quotes.html",
)  # fmt: skip


def page_of(
    context: Context,
    title: str,
    content: Sequence[str],
    *,
    current: str,
    plotly: bool = False,
    bar: Sequence[Block] = (),
    data: Sequence[str] = (),
    description: str = "",
) -> str:
    """Return a page as text.

    Parameters
    ----------
    context
        The publication.
    title
        Title of the page.
    content
        What stands in ``main``.
    current
        File name of the page.
    plotly
        Whether it draws charts.
    bar
        Blocks that the bar of choices is for; none has no bar.
    data
        Data files that are loaded with the page, without their ending.
    description
        One sentence for search engines.
    """
    publication = context.publication
    named = f"{publication.title} {publication.edition}"
    whole, more = f"{title} – {named}" if title else named, _OF_PAGE.get(current, ())
    head = _head(whole, description or title, plotly, data, more)
    body = element(
        "body",
        element("a", "Skip to the content", class_="skip", href="#main"),
        element("header", _top(context, current), _marks(context)),
        _bar(context, bar) if bar else "",
        element("main", *content, id="main", tabindex=-1),
        _footer(context),
        data_edition=publication.edition,
        data_page=current,
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _head(
    title: str, description: str, plotly: bool, data: Sequence[str], more: Sequence[str]
) -> HTML:
    scripts = [f"data/{name}.js" for name in data]
    scripts += [f"assets/{name}" for name in (SCRIPT, *more)]
    # Plotly comes last: the browser compiles it while the first block is put into the page
    scripts += [f"assets/{PLOTLY}"] if plotly else []
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="description", content=description),
        element("title", title),
        element("link", rel="stylesheet", href="assets/colours.css"),
        element("link", rel="stylesheet", href="assets/dashboard.css"),
        element("script", src=f"assets/{FIRST_SCRIPT}"),
        *(_deferred(name) for name in scripts),
    )


def _deferred(name: str) -> HTML:
    """Return a script that runs when the page is read.

    Nothing is painted before ``SCRIPT`` has run: the table of the first block, which makes room
    for its chart, is not laid out in vain, and does not flash up.
    """
    blocking = "render" if name.endswith(SCRIPT) else None
    return element("script", src=name, defer=True, blocking=blocking)


def _top(context: Context, current: str) -> HTML:
    publication = context.publication
    entries = [
        element("li", element("a", chapter.title, href=chapter.file,
                              aria_current="page" if chapter.file == current else None))
        for chapter in context.chapters
    ]  # fmt: skip
    chapters = element(
        "details",
        element("summary", "Chapters"),
        element("ol", *entries),
        class_="menu",
    )
    questions = element("a", "All questions", href=QUESTIONS,
                        aria_current="page" if current == QUESTIONS else None)  # fmt: skip
    find = element(
        "form",
        element("label", "Search", for_="find"),
        element("input", id="find", name="find", type="search",
                autocomplete="off", spellcheck="false"),
        action=QUESTIONS,
        role="search",
        class_="find",
    )  # fmt: skip
    mode = element("button", "Dark", type="button", id="mode", aria_pressed="false", hidden=True)
    return element(
        "div",
        element("a", f"{publication.title} ", element("b", publication.edition), class_="brand",
                href="index.html"),
        element("nav", chapters, questions, aria_label="Pages"),
        find,
        mode,
        class_="top",
    )  # fmt: skip


def _marks(context: Context) -> HTML:
    marks: list[str] = []
    if context.publication.provenance.invented:
        words = " These answers were made up to try the toolkit. They describe nobody and nothing."
        marks.append(
            element("p", element("strong", "Invented data."), words, class_="banner", role="note")
        )
    if stamp := context.publication.stamp:
        first, _, rest = stamp.partition(":")
        strong = element("strong", f"{first}:")
        marks.append(element("p", strong, rest, class_="banner", role="note"))
    needs = "Charts and choices need JavaScript. All numbers of the first view are in the tables."
    marks.append(element("noscript", element("p", needs, class_="banner")))
    return joined(*marks)


def _bar(context: Context, blocks: Sequence[Block]) -> HTML:
    """Return the choices that hold for all blocks; scripts fill in what a block offers."""
    newest = context.publication.edition
    others = [each for each in context.editions if each != newest]
    edition = _select("edition", "Edition", [("", newest), *((e, e) for e in reversed(others))])
    compare = _select(
        "compare", "Compare with", [("", "nothing"), *((e, e) for e in reversed(context.editions))]
    )
    by = _select(
        "by",
        "Break down by",
        [("", "nothing"), *context.cuts.items()],
        [name for name in context.cuts if not any(name in each.cuts for each in blocks)],
    )
    return element(
        "div",
        edition,
        compare,
        by,
        element("details", element("summary", "Display"), _display(), class_="menu display"),
        class_="bar",
        role="region",
        aria_label="Choices for all questions",
        hidden=True,
    )


def _select(
    name: str, label: str, options: Sequence[tuple[str, str]], absent: Sequence[str] = ()
) -> HTML:
    """Return a list of choices; what no block of the page has can be read, not chosen."""
    items = [
        element("option", f"{text}: not on this page", value=value, disabled=True)
        if value in absent
        else element("option", text, value=value)
        for value, text in options
    ]
    return element(
        "p", element("label", label, for_=f"choose-{name}"),
        element("select", *items, id=f"choose-{name}", data_state=name),
    )  # fmt: skip


_DISPLAY: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "unit": ("Numbers", (("", "Percent"), ("count", "Counts"))),
    "intervals": ("Intervals", (("", "As fits the chart"), ("yes", "Show"), ("no", "Hide"))),
    "order": ("Order of answers", (("", "By size"), ("form", "As in the questionnaire"))),
}


def _display() -> HTML:
    return element("div", *(_select(n, label, o) for n, (label, o) in _DISPLAY.items()))


def _footer(context: Context) -> HTML:
    publication = context.publication
    links = (
        ("Start", "index.html"),
        ("All questions", QUESTIONS),
        (f"Compare your {context.words.unit}", COMPARE),
        ("Quotes", QUOTES),
        ("Method and sources", METHOD),
        ("Glossary", GLOSSARY),
        ("Downloads", DOWNLOADS),
    )
    invented = " Invented data." if publication.provenance.invented else ""
    lines = (
        f"{publication.title}, edition {publication.edition}.{invented}",
        *context.publisher.lines(),
        "These pages load nothing from elsewhere and send nothing.",
    )
    return element(
        "footer",
        element("ul", *(element("li", element("a", text, href=href)) for text, href in links)),
        *(element("p", line) for line in lines),
    )


def colour_sheet(brand: str = "") -> str:
    """Return the style sheet of colours, made from the themes: a variable and chip per role.

    ``brand`` is the colour of the edge above each page, if it is not that of the themes.
    """
    light, dark = (
        _variables(replace(theme, brand=brand or theme.brand)) for theme in (LIGHT, DARK)
    )
    chips = [f".chip-{role} {{ background: var(--{role}); }}" for role in LIGHT.roles()]
    shades = [
        f".shade-{place} {{ background: var(--ordered-{place}); color: var(--ink-{place}); }}"
        for place in range(len(LIGHT.ordered))
    ]
    rules = [
        f":root {{\n{light}}}",
        f"@media (prefers-color-scheme: dark) {{\n:root:not([data-mode='light']) {{\n{dark}}}\n}}",
        f":root[data-mode='dark'] {{\n{dark}}}",
        f"@media print {{\n:root:root:root {{\n{light}}}\n}}",
        *chips,
        *shades,
    ]
    return "\n".join(rules) + "\n"


def _variables(theme: Theme) -> str:
    colours = "".join(f"--{role}: {colour};\n" for role, colour in theme.roles().items())
    inks = "".join(
        f"--ink-{place}: {theme.on(colour)};\n" for place, colour in enumerate(theme.ordered)
    )
    return f"color-scheme: {theme.name};\n{colours}{inks}"
