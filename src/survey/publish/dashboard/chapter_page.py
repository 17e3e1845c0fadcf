"""A page of blocks, and a block as it stands before any script runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.publish.dashboard.block_json import question_record
from survey.publish.dashboard.blocks import Block
from survey.publish.dashboard.chapters import Chapter
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.data_table import data_table
from survey.publish.dashboard.findings import finding_of
from survey.publish.dashboard.page_frame import page_of
from survey.publish.format import sample_size
from survey.publish.html import HTML, element
from survey.publish.rows import rows_of
from survey.publish.words import capital

__all__ = ["chapter_page", "embed_page", "subtitle_of"]


def chapter_page(chapter: Chapter, context: Context) -> str:
    """Return the page of a chapter."""
    around = [each.file for each in context.chapters]
    here = around.index(chapter.file)
    content = [
        element("p", "Chapter", class_="kicker"),
        element("h1", chapter.title),
        element("p", chapter.intro, class_="standfirst") if chapter.intro else "",
        element("p", class_="message", role="status", id="message", hidden=True),
        *(_article(block, context, unread=place > 0) for place, block in enumerate(chapter.blocks)),
        _contents(chapter),
        _onward(context.chapters[here - 1 : here], context.chapters[here + 1 : here + 2]),
    ]
    return page_of(
        context, chapter.title, content, current=chapter.file, plotly=True, bar=chapter.blocks,
        data=(chapter.blocks[0].id,), description=f"{chapter.title}. {chapter.intro}",
    )  # fmt: skip


def embed_page(context: Context) -> str:
    """Return the page for frames: the address names the block and the view."""
    content = [
        element("p", class_="message", role="status", id="message", hidden=True),
        element("article", class_="block", data_embed=True, aria_label="Chart"),
    ]
    return page_of(context, "Chart", content, current="embed.html", plotly=True)


def _contents(chapter: Chapter) -> HTML:
    """Return the list of blocks; style sheets put it beside them on wide screens."""
    links = [
        element("li", element("a", block.main.title or block.id, href=f"#q={block.id}"))
        for block in chapter.blocks
    ]
    return element("nav", element("h2", "In this chapter"), element("ol", *links),
                   class_="contents", aria_label="In this chapter")  # fmt: skip


def _onward(before: Sequence[Chapter], after: Sequence[Chapter]) -> HTML:
    links = [element("a", f"← {each.title}", href=each.file, rel="prev") for each in before]
    links += [element("a", f"{each.title} →", href=each.file, rel="next") for each in after]
    return element("nav", *links, class_="onward", aria_label="Chapters before and after")


def subtitle_of(block: Block, context: Context) -> str:
    """Return edition, base and unit of the first view, on one line."""
    bases = [row.base for row in rows_of(block.main) if row.base is not None]
    unit = context.words.noun(block.main.spec.unit, 2)
    base = f"{sample_size(max(bases))} {unit}" if bases else unit
    over_editions = block.main.groups == ("edition",) and block.main.editions
    editions = block.main.editions if over_editions else (block.edition,)
    span = editions[0] if len(editions) == 1 else f"{editions[0]} to {editions[-1]}"
    return f"{span} · {base}"


def _article(block: Block, context: Context, *, unread: bool) -> HTML:
    """Return a block; an unread one has its table for browsers without scripts, and for failures.

    With scripts a browser reads such a table as one text: the first chart comes sooner.
    """
    title = block.main.title or block.id
    finding = finding_of(block)
    table = element(
        "div", data_table(block.main), class_="scroll", tabindex=0, role="region",
        aria_label=f"Table: {title}",
    )  # fmt: skip
    return element(
        "article",
        element("h2", finding, id=f"{block.id}-title"),
        element("p", subtitle_of(block, context), class_="subtitle"),
        element("p", _question(block, finding, context), class_="question"),
        element("div", element("noscript", table) if unread else table, class_="panel"),
        element("p", context.source, class_="source"),
        class_="block",
        id=block.id,
        data_block=block.id,
        aria_labelledby=f"{block.id}-title",
        tabindex=-1,
    )


def _question(block: Block, heading: str, context: Context) -> str:
    record: dict[str, Any] = question_record(block, context)
    if not record["kind"]:
        return "Worked out from other answers; see About."
    several = "several answers possible" if record["several"] else "one answer"
    asked = record["asked_in"]
    span = f", asked in {asked[0]} to {asked[-1]}" if len(asked) > 1 else ""
    if record["title"] == heading:
        return f"{capital(several)}{span}"
    return f"Question: {record['title']} ({several}{span})"
