"""The last section: how to read the page, how numbers were made, where they come from."""

from __future__ import annotations

from collections.abc import Iterator

from survey.disclosure.publication import Publication
from survey.estimates.notes import RANDOM_DRAW
from survey.publish.dashboard.chapters import Chapters
from survey.publish.html import HTML, element

__all__ = ["METHOD", "method_section"]

METHOD = "method"
_READING = (
    ("n", "the base: how many units answered the question; shares are parts of it."),
    ("withheld", "hatched: not shown, so that nobody can be recognised. It can be any value."),
    ("imprecise", "pale or hollow: rests on few answers or has a wide interval; use with care."),
    ("not available", "the files have no column for it. This is not 0\N{NO-BREAK SPACE}%."),
    ("not offered", "that edition did not offer the answer. This is not 0\N{NO-BREAK SPACE}%."),
    ("not comparable", "the question or its answers changed, so that no line is drawn across."),
)


def method_section(chapters: Chapters) -> HTML:
    """Return the section on method, protection and sources."""
    publication = chapters.publication
    return element(
        "section",
        element("h2", "How to read this page, method and sources", id=METHOD),
        element("p", RANDOM_DRAW, class_="important"),
        *_part("Signs", _reading()),
        *_part("What holds for many charts", _listed(list(chapters.common_notes))),
        *_part("What counts and what is left out", _listed(list(publication.left_out))),
        *_part("Intervals", _listed(list(_methods(chapters)))),
        *_part("Protection", _listed(_protection(publication))),
        *_part("Sources", _sources(publication)),
        class_="method",
        aria_labelledby=METHOD,
    )


def _part(heading: str, content: HTML) -> tuple[HTML, ...]:
    return (element("h3", heading), content) if content else ()


def _reading() -> HTML:
    pairs = [pair for term, text in _READING for pair in (element("dt", term), element("dd", text))]
    return element("dl", *pairs)


def _listed(sentences: list[str]) -> HTML:
    if not sentences:
        return HTML()
    return element("ul", *(element("li", sentence) for sentence in dict.fromkeys(sentences)))


def _methods(chapters: Chapters) -> Iterator[str]:
    yield from (piece.words.method for piece in chapters.pieces if piece.words.method)


def _protection(publication: Publication) -> list[str]:
    rows = sum(len(table) for table in publication.tables.values())
    return [
        "Names, e-mail addresses and free text never leave the answers.",
        *publication.policy.rules().values(),
        f"On this page {publication.withheld:,} of {rows:,} values are withheld.",
        *(
            f"Left out, since nothing of it may be shown: {title}."
            for title in publication.withheld_tables
        ),
    ]


def _sources(publication: Publication) -> HTML:
    provenance = publication.provenance
    rows = [
        element(
            "tr",
            element("th", source.name, scope="row"),
            element("td", f"{source.size:,}", class_="number"),
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
        element("div", table, class_="scroll", tabindex=0, role="region", aria_label="Sources"),
    )
