"""Write the dashboard: pages, style sheets, scripts and data, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from survey.checked import checked
from survey.codebook import Codebook
from survey.disclosure.publication import Publication
from survey.errors import Problem, PublishError
from survey.files import faults_as, write_file
from survey.publish.chart_json import compact_json
from survey.publish.charts.registry import plan_of
from survey.publish.dashboard.block_json import SCHEMA_VERSION, block_record, view_record
from survey.publish.dashboard.blocks import Block, View
from survey.publish.dashboard.chapter_page import chapter_page, embed_page
from survey.publish.dashboard.compare_page import compare_page, compare_record
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.findings import finding_of
from survey.publish.dashboard.method import method_page
from survey.publish.dashboard.other_pages import (
    downloads_page,
    glossary_page,
    questions_page,
    search_index,
)
from survey.publish.dashboard.page_frame import (
    COMPARE,
    DOWNLOADS,
    FIRST_SCRIPT,
    GLOSSARY,
    METHOD,
    QUESTIONS,
    QUOTES,
    SCRIPT,
    SCRIPTS,
    colour_sheet,
)
from survey.publish.dashboard.plotly_bundle import PLOTLY, plotly_in_steps
from survey.publish.dashboard.quotes_page import quotes_of, quotes_page
from survey.publish.dashboard.start_page import start_page
from survey.publish.describe import describe
from survey.publish.headlines import Headline, headlines
from survey.publish.placing import refuse_place
from survey.publish.publisher import Publisher
from survey.publish.theme import DARK, LIGHT, exchange, template_of

__all__ = ["write_dashboard"]

# for pages of others, see docs/web-team.md; mount.js loads layout.js
_FOR_SITES = ("mount.js", "frames.js", "layout.js")
_NOTE = "plotly-basic.txt"


@checked(PublishError)
def write_dashboard(
    publication: Publication,
    folder: str | Path,
    cards: Sequence[Headline] | None = None,
    *,
    publisher: Publisher | None = None,
    codebook: Codebook | None = None,
    downloads: Sequence[tuple[str, str]] = (),
) -> tuple[Path, ...]:
    """Write the dashboard to a folder; it works from there offline, and from any server.

    Nothing is written unless all of it could be made. The same publication gives the same bytes.

    Parameters
    ----------
    publication
        Tables that passed disclosure control, from :func:`survey.protect`.
    folder
        Where to write, such as ``reports/2024``; made if it is not there.
    cards
        Headlines to begin with; by default those of the publication.
    publisher
        What every page says about who publishes.
    codebook
        The questionnaire behind the answers; by default the one of the package.
    downloads
        Name and description of files that will stand beside the pages.

    Returns
    -------
    tuple
        The files written, the start page first.

    Raises
    ------
    PublishError
        If the publication has no tables or a file cannot be written.

    Examples
    --------
    >>> write_dashboard(publication, "reports/2024")  # doctest: +SKIP
    """
    if not publication.tables:
        problem = Problem("publication", "no tables", "at least one", "protect some tables first")
        raise PublishError("The dashboard cannot be written", [problem])
    refuse_place(publication, folder)
    context = Context(publication, publisher or Publisher(), codebook)
    shown = headlines(publication) if cards is None else cards
    contents = {name: text.encode("utf-8") for name, text in _contents(context, shown, downloads)}
    root = Path(folder)
    with faults_as(PublishError, "The dashboard cannot be written", root, "a folder to write to"):
        return tuple(write_file(root / name, content) for name, content in contents.items())


def _contents(
    context: Context, cards: Sequence[Headline], downloads: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file."""
    yield "index.html", start_page(context, cards)
    for chapter in context.chapters:
        yield chapter.file, chapter_page(chapter, context)
    yield QUESTIONS, questions_page(context)
    yield METHOD, method_page(context)
    yield GLOSSARY, glossary_page(context)
    yield DOWNLOADS, downloads_page(context, downloads)
    yield "embed.html", embed_page(context)
    yield QUOTES, quotes_page(context)
    for claim, card in quotes_of(context):
        yield f"quotes/{claim.name}.svg", f"{card}\n"
    yield COMPARE, compare_page(context)
    yield "data/compare.js", _script("compare", compact_json(compare_record(context)))
    yield from _assets(context)
    yield "data/search.js", _script("search", compact_json(search_index(context)))
    for block in context.blocks:
        record = compact_json(block_record(block, context))
        yield f"data/{block.id}.js", _script(block.id, record)
        yield f"blocks/{block.id}.json", f"{record}\n"
        yield from _apart(block, context)
    yield "blocks/index.json", f"{compact_json(_index(context))}\n"


def _assets(context: Context) -> Iterator[tuple[str, str]]:
    root = files("survey.publish.dashboard").joinpath("assets")
    yield "assets/colours.css", colour_sheet(context.publisher.colour)
    yield f"assets/{PLOTLY}", plotly_in_steps()
    joined = "\n".join(root.joinpath(name).read_text("utf-8") for name in SCRIPTS)
    yield f"assets/{SCRIPT}", joined
    for name in ("dashboard.css", FIRST_SCRIPT, "compare.js", "quotes.js", *_FOR_SITES, _NOTE):
        text = root.joinpath(name).read_text("utf-8")
        if name == "dashboard.css":
            text = f"{_base_rules()}\n{text}"
        if "__SHARED__" in text:
            shared = {
                "template": template_of(LIGHT),
                "exchange": dict(exchange()),
                "dark": dict(DARK.roles()),
                "light": dict(LIGHT.roles()),
            }
            text = text.replace("__SHARED__", compact_json(shared))
        yield f"assets/{name}", text


def _base_rules() -> str:
    """Return the rules that the dashboard shares with the quality page."""
    return files("survey.publish").joinpath("assets/base.css").read_text("utf-8")


def _apart(block: Block, context: Context) -> Iterator[tuple[str, str]]:
    """Yield the files of views that are loaded on demand, one for each place."""
    found: dict[str, list[View]] = {}
    for view in (*block.views, *block.edition_views):
        if view.apart:
            found.setdefault(view.apart, []).append(view)
    for place, views in found.items():
        records = [view_record(view, context) for view in views]
        yield f"data/{block.id}-{place}.js", _script(f"{block.id}-{place}", compact_json(records))


def _script(name: str, data: str) -> str:
    """Return a script that hands data over as JSON; nothing in it can end a script or a line."""
    text = data.replace("<", "\\u003c")
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"survey.give({compact_json(name)}, {text});\n"


def _index(context: Context) -> dict[str, Any]:
    """Return order, text and provenance of all blocks, for those who mount them elsewhere."""
    publication = context.publication
    return {
        "schema_version": SCHEMA_VERSION,
        "title": publication.title,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "source": context.source,
        "licence": context.publisher.licence,
        "inputs": [{"name": s.name, "sha256": s.sha256} for s in publication.provenance.sources],
        "chapters": [
            {
                "id": chapter.id,
                "title": chapter.title,
                "intro": chapter.intro,
                "page": chapter.file,
                "blocks": [
                    {
                        "id": block.id,
                        "file": f"{block.id}.json",
                        "title": block.main.title,
                        "finding": finding_of(block),
                        "alternative": describe(block.main, plan_of(block.main).rows),
                        "tables": [table.name for table in block.tables],
                    }
                    for block in chapter.blocks
                ],
            }
            for chapter in context.chapters
        ],
    }
