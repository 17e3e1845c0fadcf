"""The start page: who took part, the headlines, five findings, and the way to the chapters."""

from __future__ import annotations

from collections.abc import Sequence

from survey.codebook import Unit
from survey.estimates.notes import RANDOM_DRAW
from survey.publish.claims import claims_of
from survey.publish.dashboard.chapters import Chapter
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.findings import finding_of
from survey.publish.dashboard.frame import COMPARE, METHOD, QUESTIONS, page_of
from survey.publish.format import count_text
from survey.publish.html import HTML, element
from survey.publish.narrative import Headline
from survey.publish.words import sentence

__all__ = ["start_page"]

_FINDINGS = 5


def start_page(context: Context, cards: Sequence[Headline]) -> str:
    """Return the start page."""
    publication = context.publication
    content = [
        element("p", "Results", class_="kicker"),
        element("h1", f"{publication.title} {publication.edition}"),
        element("p", _who(context), class_="standfirst"),
        element("p", f"{RANDOM_DRAW} ", element("a", "How the numbers were made", href=METHOD),
                class_="important"),
        _cards(context, cards),
        _findings(context),
        _chapters(context),
        element("p", element("a", f"Compare your own {context.words.unit}", href=COMPARE),
                class_="more"),
    ]  # fmt: skip
    title = f"Results of the {publication.title} {publication.edition}, with intervals."
    return page_of(context, "", content, current="index.html", description=title)


def _who(context: Context) -> str:
    """Say how many answered, from the largest bases that tables publish, and when."""
    parts = []
    for unit in (Unit.ORGANIZATION, Unit.RESPONDENT, Unit.DEPLOYMENT):
        bases = [
            float(base)
            for table in context.publication.tables.values()
            if table.spec.unit is unit and not table.groups
            for base in table.frame["base"].dropna()
        ]
        if bases:
            words = context.words
            parts.append(count_text(max(bases), words.noun(unit)) if max(bases) == 1
                         else f"{max(bases):,.0f} {words.noun(unit, 2)}")  # fmt: skip
    questions = f"{len(context.blocks)} questions, {len(context.publication)} tables"
    told = ", ".join(parts)
    answered = f"Up to {told} answered a question." if told else ""
    return f"{answered} {questions}, each number with its base and interval.".strip()


def _cards(context: Context, cards: Sequence[Headline]) -> HTML | str:
    known = [card for card in cards if card.table in context.block_of]
    if not known:
        return ""
    items = [element("li", _card(context, card)) for card in known]
    return element(
        "section", element("h2", "At a glance", id="glance"),
        element("ul", *items, class_="cards"), aria_labelledby="glance",
    )  # fmt: skip


def _card(context: Context, card: Headline) -> HTML:
    block = context.block_of[card.table]
    limits = f"{card.interval} ({card.level * 100:g}\N{NO-BREAK SPACE}% interval)"
    lines = (
        ("label", card.label),
        ("value", card.value),
        ("interval", limits if card.interval else ""),
        ("base", card.base),
        ("change", card.change),
        ("depends", card.depends),
    )
    return element(
        "a",
        *(element("span", text, class_=name) for name, text in lines if text),
        href=f"{context.chapter_of[block.id].file}#q={block.id}",
    )


def _findings(context: Context) -> HTML | str:
    """Return the first sentences that can be said, each with its base and what to say with it."""
    said = [claim for claim in claims_of(context.publication) if claim.said][:_FINDINGS]
    if not said:
        return ""
    items = []
    for claim in said:
        block = context.block_of.get(claim.table)
        link = f"{context.chapter_of[block.id].file}#q={block.id}" if block else QUESTIONS
        more = " ".join(sentence(each) for each in (claim.base.capitalize(), claim.caveat) if each)
        items.append(
            element("li", element("a", claim.text, href=link), element("p", more, class_="quiet"))
        )
    return element(
        "section", element("h2", "What can be said", id="findings"),
        element("ol", *items, class_="findings"), aria_labelledby="findings",
    )  # fmt: skip


def _chapters(context: Context) -> HTML:
    return element(
        "section", element("h2", "Chapters", id="chapters"),
        element("ul", *(_entry(chapter) for chapter in context.chapters), class_="doors"),
        aria_labelledby="chapters",
    )  # fmt: skip


def _entry(chapter: Chapter) -> HTML:
    first = chapter.blocks[0]
    count = f"{len(chapter.blocks)} questions" if len(chapter.blocks) > 1 else "1 question"
    return element(
        "li",
        element("a", element("b", chapter.title), element("span", chapter.intro),
                element("span", f"{count}. {sentence(finding_of(first))}", class_="quiet"),
                href=chapter.file),
    )  # fmt: skip
