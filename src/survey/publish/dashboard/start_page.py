"""The start page: who took part, the headlines, five findings, and the way to the chapters."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Sequence

from survey.codebook import Unit
from survey.publish.claims import Claim, claims_of
from survey.publish.dashboard.chapters import Chapter
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.findings import finding_of
from survey.publish.dashboard.page_frame import COMPARE, METHOD, QUESTIONS, page_of
from survey.publish.format import count_text
from survey.publish.headlines import Headline
from survey.publish.html import HTML, element
from survey.publish.words import intervals_words, sentence

__all__ = ["start_page"]

_FINDINGS = 5
_LONG = 240  # letters; what is longer hides the next finding
_FIRST = (
    "production_cores", "total_cores", "median_cores", "release_traction", "production",
    "small_teams", "recommendation",
)  # fmt: skip


def start_page(context: Context, cards: Sequence[Headline]) -> str:
    """Return the start page."""
    publication = context.publication
    content = [
        element("p", "Results", class_="kicker"),
        element("h1", f"{publication.title} {publication.edition}"),
        element("p", _who(context), class_="standfirst"),
        element("p", f"{intervals_words(publication.tables.values())} ",
                element("a", "How the numbers were made", href=METHOD), class_="important"),
        _cards(context, cards),
        _findings(context),
        _chapters(context),
        element("p", element("a", f"Compare your own {context.words.unit}", href=COMPARE),
                class_="more"),
    ]  # fmt: skip
    title = f"Results of the {publication.title} {publication.edition}, with intervals."
    return page_of(context, "", content, current="index.html", description=title)


def _who(context: Context) -> str:
    """Say who took part: the largest bases of the edition's shares that tables publish.

    A publication without a table of organizations does not say how many took part: nothing else
    in it can tell. Tables of those who answered twice, and of other editions, count somebody else.
    """
    parts, words = [], context.words
    silent = f"How many {words.noun(Unit.ORGANIZATION, 2)} they are from is not published. "
    for unit in (Unit.ORGANIZATION, Unit.RESPONDENT, Unit.DEPLOYMENT):
        bases = [
            float(base)
            for table in context.publication.tables.values()
            if table.spec.unit is unit and not table.groups and table.spec.statistic == "share"
            for base in table.frame["base"].dropna()
        ]
        if bases:
            silent = "" if unit is Unit.ORGANIZATION else silent
            parts.append(count_text(max(bases), words.noun(unit)) if max(bases) == 1
                         else f"{max(bases):,.0f} {words.noun(unit, 2)}")  # fmt: skip
    told = " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
    took = f"{told} took part. {silent}" if told else ""
    return (
        f"{took}{_when(context)}{len(context.blocks)} questions; not everybody answered each, so "
        "every number stands with its own base and interval."
    )


def _when(context: Context) -> str:
    """Say when answers were taken, where the codebook of this survey says so."""
    edition = context.questionnaire.editions.get(context.publication.edition)
    if edition is None or edition.vocabulary != context.words:
        return ""
    days = (("from", edition.opened), ("to", edition.closed))
    said = [f"{word} {day.day} {month_name[day.month]} {day.year}" for word, day in days if day]
    return f"Answers were taken {' '.join(said)}. " if said else ""


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
        ("imprecise", "Imprecise: use with care" if card.imprecise else ""),
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
    said = _leading([claim for claim in claims_of(context.publication) if claim.said])
    if not said:
        return ""
    items = []
    for claim in said:
        block = context.block_of.get(claim.table)
        link = f"{context.chapter_of[block.id].file}#q={block.id}" if block else QUESTIONS
        items.append(element("li", element("a", claim.text, href=link), *_with(claim)))
    return element(
        "section", element("h2", "What can be said", id="findings"),
        element("ol", *items, class_="findings"), aria_labelledby="findings",
    )  # fmt: skip


def _with(claim: Claim) -> Iterator[HTML]:
    """Yield what must be said with a claim; of a long text the first sentence, the rest folded."""
    said = [sentence(each) for each in (claim.base.capitalize(), claim.caveat) if each]
    first, stop, rest = claim.caveat.partition(". ")
    if len(claim.caveat) <= _LONG or not stop:
        yield element("p", " ".join(said), class_="quiet")
        return
    yield element("p", " ".join((*said[:-1], sentence(first))), class_="quiet")
    yield element(
        "details",
        element("summary", "What else goes with it"),
        element("p", sentence(rest), class_="quiet"),
    )


def _leading(said: Sequence[Claim]) -> list[Claim]:
    """Return five claims about different things, those first that readers ask for first."""
    place = {name: number for number, name in enumerate(_FIRST)}
    ranked = sorted(said, key=lambda claim: place.get(claim.name, len(place)))
    return ranked[:_FINDINGS]


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
