"""The page as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.disclosure.publication import Publication
from survey.publish.chart_json import compact_json
from survey.publish.charts.canvas import meta_of
from survey.publish.charts.traces import pruned
from survey.publish.dashboard.chapters import Chapters, Piece
from survey.publish.dashboard.method import METHOD, method_section
from survey.publish.html import HTML, element
from survey.publish.narrative import Headline
from survey.publish.publisher import Publisher
from survey.publish.theme import DARK, LIGHT, Theme, exchange, template_of

__all__ = ["colour_sheet", "page"]

SECURITY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""What the page may load: its own scripts and styles, and images that it draws itself.

``file:`` stands beside ``'self'`` for browsers that give each file an origin of its own. Inline
styles are for Plotly, which sets them on what it draws; no script runs but those in ``assets``.
"""


def page(publication: Publication, cards: Sequence[Headline], publisher: Publisher) -> str:
    """Return the page as text."""
    chapters = Chapters(publication)
    body = element(
        "body",
        element("a", "Skip to the charts", class_="skip", href="#main"),
        _header(publication),
        element(
            "div",
            _contents(chapters),
            element(
                "main",
                _cards(cards, chapters),
                *chapters.html(),
                method_section(chapters),
                id="main",
                tabindex=-1,
            ),
            class_="columns",
        ),
        _footer(publication, publisher),
        *_data(chapters),
    )
    return f"<!doctype html>\n{element('html', _head(publication), body, lang='en')}\n"


def _head(publication: Publication) -> HTML:
    title = f"{publication.title} {publication.edition}"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=SECURITY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="description", content=f"Results of the {title}, with intervals."),
        element("title", title),
        element("link", rel="stylesheet", href="assets/colours.css"),
        element("link", rel="stylesheet", href="assets/dashboard.css"),
        element("script", src="assets/plotly.min.js", defer=True),
        element("script", src="assets/dashboard.js", defer=True),
    )


def _header(publication: Publication) -> HTML:
    tables = f"{len(publication)} tables"
    return element(
        "header",
        element(
            "div",
            element("p", "Results", class_="kicker"),
            element("h1", f"{publication.title} {publication.edition}"),
            element("p", f"{tables}, each with its base and interval.", class_="standfirst"),
            element("button", "Dark colours", type="button", id="mode", class_="plain",
                    aria_pressed="false", hidden=True),
            class_="masthead",
        ),
        _banner(publication),
        element("noscript", element("p", "Charts need JavaScript. All figures are in the tables "
                                    "under \N{LEFT DOUBLE QUOTATION MARK}Show data"
                                    "\N{RIGHT DOUBLE QUOTATION MARK}.", class_="banner")),
    )  # fmt: skip


def _banner(publication: Publication) -> HTML | str:
    if not publication.provenance.invented:
        return ""
    return element(
        "p",
        element("strong", "Invented data."),
        " These answers were made up to try the toolkit. They describe nobody and nothing.",
        class_="banner",
        role="note",
    )


def _contents(chapters: Chapters) -> HTML:
    last = element("li", element("a", "How to read this page, method and sources",
                                 href=f"#{METHOD}"))  # fmt: skip
    find = element(
        "div",
        element("label", "Find a chart", for_="find"),
        element("input", id="find", type="search", autocomplete="off", spellcheck="false"),
        element("p", id="found", role="status", aria_live="polite"),
        class_="find",
        hidden=True,
    )
    return element(
        "nav",
        find,
        element("details", element("summary", "Contents"),
                element("ol", *chapters.contents(), last), open=True),
        aria_label="Contents",
    )  # fmt: skip


def _cards(cards: Sequence[Headline], chapters: Chapters) -> HTML | str:
    known = [card for card in cards if card.table in chapters.anchors]
    if not known:
        return ""
    items = [
        element(
            "li",
            element(
                "a",
                element("span", card.label, class_="label"),
                element("span", card.value, class_="value"),
                element("span", _with_level(card), class_="interval") if card.interval else "",
                element("span", card.base, class_="base") if card.base else "",
                href=f"#{chapters.anchors[card.table]}",
            ),
        )
        for card in known
    ]
    return element("section", element("h2", "At a glance", id="glance"),
                   element("ul", *items, class_="cards"), aria_labelledby="glance")  # fmt: skip


def _with_level(card: Headline) -> str:
    return f"{card.interval} ({card.level * 100:g} % interval)"


def _footer(publication: Publication, publisher: Publisher) -> HTML:
    invented = " Invented data." if publication.provenance.invented else ""
    named = f"{publication.title}, edition {publication.edition}.{invented}"
    lines = (f"{named} This page loads nothing from elsewhere.", *publisher.lines())
    return element("footer", *(element("p", line) for line in lines))


def _data(chapters: Chapters) -> Sequence[HTML]:
    """Return charts as JSON blocks, which a browser reads but never runs."""
    shared = {
        "template": template_of(LIGHT),
        "exchange": dict(exchange()),
        "dark": dict(DARK.roles()),
    }
    blocks = [_block("shared", shared)]
    return [*blocks, *(_block(f"chart:{p.anchor}", _chart(p)) for p in chapters.pieces)]


def _chart(piece: Piece) -> dict[str, Any]:
    """Return a chart without title and notes, which the page shows around it."""
    drawing = piece.drawing
    layout = pruned({**drawing.layout, "showlegend": False})
    drawn: dict[str, Any] = {"data": list(drawing.traces), "layout": layout}
    notes = (drawing.reading, *piece.words.footnotes)
    legend = [{"label": key.label, "colour": key.colour} for key in drawing.legend]
    return {**drawn, **meta_of(drawing, piece.words), "notes": list(notes), "legend": legend}


def _block(name: str, value: object) -> HTML:
    """Return a block whose text cannot end it: no ``<`` is left in it."""
    text = compact_json(value).replace("<", "\\u003c")
    return element("script", HTML(text), type="application/json", id=name)


def colour_sheet() -> str:
    """Return the style sheet of colours, made from the themes: a variable and chip per role."""
    light, dark = _variables(LIGHT), _variables(DARK)
    chips = [f".chip-{role} {{ background: var(--{role}); }}" for role in LIGHT.roles()]
    rules = [
        f":root {{\n{light}}}",
        f"@media (prefers-color-scheme: dark) {{\n:root:not([data-mode='light']) {{\n{dark}}}\n}}",
        f":root[data-mode='dark'] {{\n{dark}}}",
        f"@media print {{\n:root:root:root {{\n{light}}}\n}}",
        *chips,
    ]
    return "\n".join(rules) + "\n"


def _variables(theme: Theme) -> str:
    colours = "".join(f"--{role}: {colour};\n" for role, colour in theme.roles().items())
    return f"color-scheme: {theme.name};\n{colours}"
