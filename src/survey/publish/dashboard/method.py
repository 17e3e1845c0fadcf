"""The page on method: how to read, how numbers were made and protected, where they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from survey.estimates.notes import PARTS_NEED_NOT_ADD_UP, RANDOM_DRAW
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.page_frame import METHOD, page_of
from survey.publish.format import integer
from survey.publish.html import HTML, element
from survey.publish.words import capital, divided, intervals_words, merged

__all__ = ["method_page"]

_NOT_PUBLIC = "The questionnaire of "


def method_page(context: Context) -> str:
    """Return the page on method, protection and sources."""
    publication = context.publication
    often, methods = _notes(context)
    content = [
        element("h1", "Method and sources"),
        element("p", intervals_words(publication.tables.values()), class_="important"),
        element("p", PARTS_NEED_NOT_ADD_UP),
        *_part("What holds for many numbers", often),
        *_part("What counts and what is left out", merged(publication.left_out)),
        *_part("Protection", _protection(context)),
        *_part("Intervals and other methods, for analysts", methods),
        element("section", element("h2", "Sources"), _sources(context), class_="prose"),
    ]
    return page_of(context, "Method and sources", content, current=METHOD)


def _notes(context: Context) -> tuple[list[str], list[str]]:
    """Return notes that many tables share, and the methods of all."""
    tables = list(context.publication.tables.values())
    common = [note for note in context.common_notes if note != RANDOM_DRAW]
    plain, methods = divided(_assumed_once(common))
    said = Counter(each for table in tables for each in {_kind(str(n)) for n in table.notes})
    used = Counter(table.spec.method for table in tables if table.spec.method)
    return (
        [f"{note} In {_tables(said[_kind(note)])}." for note in plain],
        [*(f"{capital(method)} ({_tables(count)})" for method, count in used.items()), *methods],
    )


def _assumed_once(notes: Sequence[str]) -> list[str]:
    """Leave out that the questionnaires of some editions are not public, where more are named."""
    assumed = [note for note in notes if note.startswith(_NOT_PUBLIC)]
    kept = max(assumed, key=len, default="")
    return [note for note in notes if note not in assumed or note == kept]


def _kind(note: str) -> str:
    return _NOT_PUBLIC if note.startswith(_NOT_PUBLIC) else note


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count} tables"


def _part(heading: str, sentences: Iterable[str]) -> tuple[HTML, ...]:
    items = [
        element("li", each.replace(" %", "\N{NO-BREAK SPACE}%"))
        for each in dict.fromkeys(sentences)
    ]
    if not items:
        return ()
    return (element("section", element("h2", heading), element("ul", *items), class_="prose"),)


def _protection(context: Context) -> list[str]:
    publication = context.publication
    rows = sum(len(table) for table in publication.tables.values())
    return [
        "Names, e-mail addresses and free text never leave the answers.",
        *publication.policy.rules().values(),
        f"On these pages {publication.withheld:,} of {rows:,} values are withheld.",
        *(
            f"Left out, since nothing of it may be shown: {title}."
            for title in publication.withheld_tables
        ),
    ]


def _sources(context: Context) -> HTML:
    provenance = context.publication.provenance
    rows = [
        element(
            "tr",
            element("th", source.name, scope="row"),
            element("td", integer(source.size) if source.sha256 else "", class_="number"),
            element("td", element("code", source.sha256)),
            element("td", "invented" if source.invented else "answers"),
        )
        for source in provenance.sources
    ]
    head = [element("th", text, scope="col") for text in ("File", "Bytes", "SHA-256", "Holds")]
    table = element("table", element("caption", "Files that were read"),
                    element("thead", element("tr", *head)), element("tbody", *rows))  # fmt: skip
    editions = ", ".join(sorted(provenance.codebook))
    return element(
        "div",
        element("p", f"Questionnaires: {editions}.") if editions else "",
        element(
            "div", table, class_="scroll files", tabindex=0, role="region", aria_label="Sources"
        ),
    )
