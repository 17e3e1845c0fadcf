"""A page for those who quote: sentence, paragraph, card, source, and what not to say.

A card is an SVG of its own, made here, so that it needs no browser; the page saves it as PNG, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from survey.publish.charts.labels import lines_of
from survey.publish.claims import claims_of
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.page_frame import QUOTES, page_of
from survey.publish.evidence import Claim
from survey.publish.format import interval, percent
from survey.publish.html import HTML, element
from survey.publish.theme import FONT, LIGHT
from survey.publish.words import sentence

__all__ = ["CARD_HEIGHT", "CARD_WIDTH", "not_to_say", "quotes_of", "quotes_page"]

CARD_WIDTH, CARD_HEIGHT = 1200, 630
_EDGE = 80
# size and columns of a line: the widest of the fonts, DejaVu Sans, takes .65 of the size in bold
_SIZES: Final = ((60, 26), (50, 32), (42, 38), (34, 47), (28, 57))
_SELF_SELECTED: Final = "Of those who answered, and who chose to."
_ROOM = 300  # pixels for the sentence
_WHOLE: Final = "that this holds for all {units}: those who answered chose to"
_NOT: Final[Mapping[str, str]] = {
    "production_cores": "that {subject} runs on so many cores: it is those who took part",
    "total_cores": "that {subject} runs on so many cores: it is those who answered",
    "core_growth": "that {units} grew by so much: others answered each time",
    "where_growth_comes_from": "that those who left stopped using {subject}: they did not answer",
    "median_cores": "that the average {unit} has so many cores: the median is not the mean",
    "growth_across_sizes": "that nothing changed: a change too small to be seen is possible",
    "release_traction": "that nobody upgrades: releases differ in what was offered",
    "teams_over_years": "that teams shrink or grow unless the sentence says so",
    "recommendation": "that so many per cent recommend {subject}: a score is a difference",
}


def not_to_say(claim: Claim, context: Context) -> str:
    """Return what a claim does not carry, as the rest of "Do not say ..."."""
    return context.words.fill(_NOT.get(claim.name, _WHOLE))


def quotes_of(context: Context) -> tuple[tuple[Claim, HTML], ...]:
    """Return the claims that can be made, each with its card."""
    said = [claim for claim in claims_of(context.publication) if claim.said]
    return tuple((claim, card_of(claim, context)) for claim in said)


def quotes_page(context: Context) -> str:
    """Return the page: one article per claim that can be made."""
    about = (
        "Sentences that the published tables carry. Quote a sentence with its base; the card has "
        "both, and the interval. Below each stands what its number does not carry."
    )
    content = [
        element("h1", "Quotes"),
        element("p", about, class_="standfirst"),
        *(_article(claim, card, context) for claim, card in quotes_of(context)),
    ]
    return page_of(context, "Quotes", content, current=QUOTES)


def _article(claim: Claim, card: HTML, context: Context) -> HTML:
    block = context.block_of.get(claim.table)
    link = f"{context.chapter_of[block.id].file}#q={block.id}" if block else ""
    more = " ".join(sentence(each) for each in (claim.base.capitalize(), claim.caveat) if each)
    return element(
        "article",
        element("h2", claim.text, id=claim.name),
        element("p", more) if more else "",
        element("p", element("b", "Do not say "), sentence(not_to_say(claim, context)),
                class_="not"),
        element("div", card, class_="card"),
        element("p", context.source, class_="source"),
        element(
            "p",
            element("a", "Card as SVG", href=f"quotes/{claim.name}.svg", download=True),
            " ",
            element("button", "Card as PNG", type="button", data_png=claim.name),
            " ",
            element("a", "The question", href=link) if link else "",
            class_="actions",
        ),
        class_="quote",
        aria_labelledby=claim.name,
    )  # fmt: skip


def card_of(claim: Claim, context: Context) -> HTML:
    """Return a card of 1,200 x 630 pixels, as social sites show links."""
    size, lines = _fitted(claim.text)
    top = 150 + size
    publication = context.publication
    words = [
        _text(f"{publication.title} {publication.edition}", 76, 26, LIGHT.quiet),
        *(_text(line, top + place * size * 1.2, size, LIGHT.ink, bold=True)
          for place, line in enumerate(lines)),
        *(_text(line, 494 + 28 * place, 22, LIGHT.quiet)
          for place, line in enumerate(_below(claim, context))),
        *(_text(line, 582 + 25 * place, 20, LIGHT.quiet)
          for place, line in enumerate(_cut(context.source, 86, 2))),
    ]  # fmt: skip
    return element(
        "svg",
        element("title", claim.text),
        element("rect", width=CARD_WIDTH, height=CARD_HEIGHT, fill=LIGHT.paper),
        element("rect", width=CARD_WIDTH, height=12,
                fill=context.publisher.colour or LIGHT.brand),
        *words,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {CARD_WIDTH} {CARD_HEIGHT}",
        width=CARD_WIDTH,
        height=CARD_HEIGHT,
        role="img",
        aria_label=claim.text,
        font_family=FONT.replace('"', "'"),
    )  # fmt: skip


def _fitted(text: str) -> tuple[int, list[str]]:
    """Return the largest size at which a sentence fits, and its lines."""
    for size, columns in _SIZES:
        lines = list(lines_of(text, columns))
        if len(lines) * size * 1.2 <= _ROOM:
            return size, lines
    size, columns = _SIZES[-1]
    return size, _cut(text, columns, int(_ROOM / (size * 1.2)))


def _below(claim: Claim, context: Context) -> list[str]:
    """Return base, interval, and whether the answers are invented, in at most three lines."""
    publication = context.publication
    table, level = publication.tables.get(claim.table), ""
    if table is not None and (limits := interval(table, claim.low, claim.high)):
        level = f"{percent(table.spec.level)} interval: {limits}"
    said = " ".join(sentence(each) for each in (claim.base.capitalize(), level) if each)
    invented = ["Invented data: nobody gave these answers."] * publication.provenance.invented
    return [*_cut(f"{said} {_SELF_SELECTED}".strip(), 78, 2), *invented]


def _cut(text: str, columns: int, most: int) -> list[str]:
    """Return the lines of a text, at most so many; the last one says that there are more."""
    lines = list(lines_of(text, columns))
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rstrip()}…"]


def _text(text: str, y: float, size: int, colour: str, *, bold: bool = False) -> HTML:
    return element(
        "text", text, x=_EDGE, y=f"{y:g}", fill=colour, font_size=size,
        font_weight="700" if bold else None,
    )  # fmt: skip
