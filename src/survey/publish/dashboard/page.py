"""The dashboard's HTML, put together from small escaped pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from survey.disclosure import Publication
from survey.publish.chart_json import chart_record, compact_json
from survey.publish.charts.frame import View
from survey.publish.dashboard.data_table import data_table
from survey.publish.narrative import Headline
from survey.publish.theme import DARK, LIGHT, Theme

__all__ = ["TOPIC_TITLES", "page"]

TOPIC_TITLES = {
    "footprint": "How large clouds are",
    "releases": "Releases in use",
    "teams": "The people who operate clouds",
    "growth": "What changed",
    "respondents": "Who answered",
    "landscape": "What clouds are made of",
}
_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
    "img-src 'self' file: data: blob:; font-src 'none'; connect-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
_SELF_SELECTED = (
    "The sample chose itself: everyone who runs OpenStack may answer, nobody was drawn. Intervals "
    "hold as if these respondents were a random draw from all who could have answered."
)


def page(publication: Publication, cards: Sequence[Headline]) -> str:
    """Return the whole page."""
    title = escape(f"{publication.title} {publication.edition}")
    body = "".join(
        (
            '<a class="skip" href="#main">Skip to the charts</a>',
            _header(publication),
            '<div class="columns">',
            _contents(publication),
            '<main id="main" tabindex="-1">',
            _cards(cards),
            *_chapters(publication),
            _method(publication),
            "</main></div>",
            _data(publication),
            '<script src="assets/plotly.min.js" defer></script>',
            '<script src="assets/dashboard.js" defer></script>',
        )
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<title>{title}</title><link rel="stylesheet" href="assets/dashboard.css"></head>'
        f"<body>{body}</body></html>\n"
    )


def _header(publication: Publication) -> str:
    invented = (
        '<p class="invented" role="note"><strong>Invented data.</strong> These answers were made '
        "up to try the toolkit; they describe nobody and nothing.</p>"
        if publication.provenance.invented
        else ""
    )
    return (
        f"<header><div><p class='kicker'>{escape(publication.title)}</p>"
        f"<h1>{escape(publication.edition)}</h1></div>"
        '<button type="button" id="mode" aria-pressed="false">Dark</button>'
        f"{invented}</header>"
    )


def _contents(publication: Publication) -> str:
    entries = "".join(
        f'<li><a href="#topic-{escape(topic)}">{_topic(topic)}</a><ol>'
        + "".join(
            f'<li data-for="{escape(table.name)}"><a href="#{escape(table.name)}">'
            f"{escape(table.title)}</a></li>"
            for table in publication.of_topic(topic)
        )
        + "</ol></li>"
        for topic in publication.topics
    )
    return (
        '<nav aria-label="Contents"><label for="find">Find a chart</label>'
        '<input id="find" type="search" autocomplete="off" placeholder="cores, release, Kolla …">'
        f'<p id="found" role="status"></p><ol class="toc">{entries}'
        '<li><a href="#method">Method and sources</a></li></ol></nav>'
    )


def _topic(topic: str) -> str:
    return escape(TOPIC_TITLES.get(topic, topic.replace("_", " ").capitalize()))


def _cards(cards: Sequence[Headline]) -> str:
    if not cards:
        return ""
    items = "".join(
        f'<li><p class="label">{escape(card.label)}</p><p class="value">{escape(card.value)}</p>'
        f'<p class="interval">{escape(card.interval)}</p><p class="base">{escape(card.base)}</p>'
        f'<a href="#{escape(card.table)}">See the chart</a></li>'
        for card in cards
    )
    return (
        f'<section aria-labelledby="glance"><h2 id="glance">At a glance</h2>'
        f'<ul class="cards">{items}</ul></section>'
    )


def _chapters(publication: Publication) -> Iterator[str]:
    for topic in publication.topics:
        tables = publication.of_topic(topic)
        yield (
            f'<section class="chapter" aria-labelledby="topic-{escape(topic)}">'
            f'<h2 id="topic-{escape(topic)}">{_topic(topic)}</h2>'
            + "".join(_card(publication, table.name) for table in tables)
            + "</section>"
        )


def _card(publication: Publication, key: str) -> str:
    view = View.of(publication, key)
    table = view.table
    name, title = escape(table.name), escape(table.title)
    height = 150 + 30 * min(table.frame["answer"].nunique(), 12)
    notes = "".join(f"<li>{escape(note)}</li>" for note in table.notes)
    words = escape(
        " ".join((table.name, table.title, *table.frame["answer"].astype(str))).casefold()
    )
    return (
        f'<article class="card" id="{name}" data-words="{words}">'
        f'<h3>{title} <a class="anchor" href="#{name}" aria-label="Link to {title}">#</a></h3>'
        f'<p class="subtitle">{escape(view.subtitle)}</p>'
        f'<div class="chart" data-chart="{name}" role="img" style="min-height:{height}px" '
        f'aria-label="Chart: {title}. The data follow as a table."></div>'
        f'<details class="data"><summary>Data and notes</summary>'
        f'{data_table(table)}<button type="button" class="csv" data-table="{name}">'
        f'Download as CSV</button><ul class="notes">{notes}</ul></details></article>'
    )


def _method(publication: Publication) -> str:
    sources = "".join(
        f"<tr><td>{escape(source.name)}</td><td>{source.size:,}</td>"
        f"<td><code>{source.sha256[:16]}…</code></td>"
        f"<td>{'invented' if source.invented else ''}</td></tr>"
        for source in publication.provenance.sources
    )
    editions = escape(", ".join(publication.provenance.codebook))
    policy = publication.policy
    return (
        '<section class="method" aria-labelledby="method"><h2 id="method">Method and sources</h2>'
        f"<p>{_SELF_SELECTED}</p>"
        "<p>Several clouds of one organization are not independent voices; intervals allow for it. "
        "Sizes are answered in bands: bounds come first, a model second.</p>"
        f"<p>Figures that rest on fewer than {policy.threshold} respondents or deployments are "
        "withheld, and others so that they cannot be worked out. Names, e-mail addresses and free "
        "text never reach this page.</p>"
        f"<p>Questionnaires: {editions}.</p>"
        '<div class="scroll"><table><caption>Files read</caption><thead><tr><th>File</th>'
        "<th>Bytes</th><th>SHA-256</th><th>Kind</th></tr></thead>"
        f"<tbody>{sources}</tbody></table></div></section>"
    )


def _data(publication: Publication) -> str:
    """Return the charts as JSON blocks, which a browser reads but never runs."""
    blocks = [
        _block(
            "templates", {theme.name: theme.template().to_plotly_json() for theme in (LIGHT, DARK)}
        )
    ]
    for name, table in publication.tables.items():
        blocks.append(
            _block(
                f"chart-{name}",
                {theme.name: _chart(publication, name, theme) for theme in (LIGHT, DARK)},
            )
        )
        blocks.append(
            _block(
                f"table-{name}",
                {"columns": list(table.frame.columns), "rows": table.frame.to_numpy().tolist()},
            )
        )
    return "".join(blocks)


def _chart(publication: Publication, name: str, theme: Theme) -> dict[str, object]:
    record = chart_record(publication, name, theme)
    layout = {key: value for key, value in record["layout"].items() if key != "template"}
    layout["title"] = None
    layout["margin"] = {**layout.get("margin", {}), "t": layout.get("margin", {}).get("t", 84) - 72}
    return {"data": record["data"], "layout": layout}


def _block(name: str, value: object) -> str:
    text = compact_json(value).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return f'<script type="application/json" id="{escape(name)}">{text}</script>'
