"""The chapters of the page: each chart with its words, its data and its notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey.disclosure.publication import Publication
from survey.estimates.notes import RANDOM_DRAW
from survey.estimates.table import Estimates
from survey.publish.chart_json import file_names
from survey.publish.charts import words_for
from survey.publish.charts.registry import drawing_of, plan_of
from survey.publish.charts.words import Words
from survey.publish.dashboard.data_table import data_table
from survey.publish.html import HTML, element
from survey.publish.plan import Drawing, Key
from survey.publish.theme import LIGHT

__all__ = ["TOPICS", "Chapters", "Piece"]

TOPICS: Mapping[str, tuple[str, str]] = {
    "footprint": ("How large clouds are", "Cores, nodes, instances, addresses and storage."),
    "releases": ("Releases in use", "Which releases clouds run. A cloud can run several."),
    "teams": ("The people behind clouds", "How many people operate a cloud."),
    "growth": ("What changed", "Differences from the edition before, and which are clear."),
    "respondents": ("Who answered", "The people and organizations behind the answers."),
    "landscape": ("What clouds are made of", "Projects, drivers, tools and workloads."),
    "cards": (
        "What the headlines depend on",
        "Each headline again, with one decision behind it made otherwise.",
    ),
}
"""Topic -> heading and standfirst of its chapter; other topics are named as they are."""

_COMMON, _LEAST_COMMON = 0.06, 4


@dataclass(frozen=True)
class Piece:
    """One chart of the page."""

    table: Estimates
    anchor: str
    drawing: Drawing
    words: Words
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Chapters:
    """Everything that is drawn, in reading order."""

    publication: Publication

    @cached_property
    def anchors(self) -> Mapping[str, str]:
        """Table name -> anchor on the page."""
        return file_names(self.publication.tables)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """One piece per table."""
        return tuple(
            Piece(
                self.publication[name],
                self.anchors[name],
                drawing_of(plan_of(self.publication[name])),
                words := words_for(self.publication, name),
                tuple(note for note in words.notes if note not in self.common_notes),
            )
            for name in self.publication.tables
        )

    @cached_property
    def common_notes(self) -> tuple[str, ...]:
        """Notes that hold for so many tables that the page says them once."""
        tables = list(self.publication.tables.values())
        counted = Counter(note for table in tables for note in dict.fromkeys(table.notes))
        least = max(_LEAST_COMMON, _COMMON * len(tables))
        return tuple(
            note for note, count in counted.items() if count >= least and note != RANDOM_DRAW
        )

    def of_topic(self, topic: str) -> tuple[Piece, ...]:
        """Return the pieces of one chapter."""
        return tuple(piece for piece in self.pieces if piece.table.topic == topic)

    def html(self) -> Iterator[HTML]:
        """Yield one section per chapter."""
        for topic in self.publication.topics:
            heading, standfirst = heading_of(topic)
            yield element(
                "section",
                element("h2", heading, id=anchor_of(topic)),
                element("p", standfirst, class_="standfirst") if standfirst else "",
                *(_article(piece) for piece in self.of_topic(topic)),
                class_="chapter",
                aria_labelledby=anchor_of(topic),
            )

    def contents(self) -> Iterator[HTML]:
        """Yield the entries of the table of contents."""
        for topic in self.publication.topics:
            entries = [
                element("li", element("a", piece.words.title, href=f"#{piece.anchor}"),
                        data_for=piece.anchor)
                for piece in self.of_topic(topic)
            ]  # fmt: skip
            chapter = element("a", heading_of(topic)[0], href=f"#{anchor_of(topic)}")
            yield element("li", chapter, element("ol", *entries))


def heading_of(topic: str) -> tuple[str, str]:
    """Return heading and standfirst of a chapter.

    Examples
    --------
    >>> heading_of("cloud_tools")
    ('Cloud tools', '')
    """
    words = topic.replace("_", " ").strip() or "tables"
    return TOPICS.get(topic, (words[:1].upper() + words[1:], ""))


def anchor_of(topic: str) -> str:
    """Return the anchor of a chapter; a colon keeps it apart from those of tables."""
    return f"topic:{'-'.join(topic.split()) or 'tables'}"


def _article(piece: Piece) -> HTML:
    title = element("h3", piece.words.title, " ", _link_to(piece), id=f"{piece.anchor}:title")
    return element(
        "article",
        title,
        element("p", piece.words.subtitle, class_="subtitle"),
        _legend(piece.drawing.legend),
        element("div", class_="plot", role="img", aria_label=piece.words.description,
                data_chart=piece.anchor),
        _caption(piece),
        _details(piece),
        class_="chart",
        id=piece.anchor,
        tabindex=-1,
        aria_labelledby=f"{piece.anchor}:title",
        data_words=_searchable(piece),
    )  # fmt: skip


def _link_to(piece: Piece) -> HTML:
    label = f"Link to the chart: {piece.words.title}"
    return element("a", "#", class_="anchor", href=f"#{piece.anchor}", aria_label=label)


def _legend(keys: Sequence[Key]) -> HTML | str:
    if not keys:
        return ""
    entries = [element("li", element("span", class_=_chip(key)), key.label) for key in keys]
    return element("ul", *entries, class_="legend", aria_label="Colours")


def _chip(key: Key) -> str:
    role = "hatched" if key.hatched else LIGHT.role_of(key.colour)
    return f"chip chip-{role}"


def _caption(piece: Piece) -> HTML:
    sentences = (piece.drawing.reading, piece.words.gaps, *piece.notes)
    return element("p", " ".join(sentence for sentence in sentences if sentence), class_="caption")


def _details(piece: Piece) -> HTML:
    """Return the data table and downloads, folded away."""
    buttons = [
        element("button", text, type="button", class_="plain", data_action=action,
                data_for=piece.anchor)
        for text, action in (("Download data (CSV)", "csv"), ("Download image (PNG)", "png"))
    ]  # fmt: skip
    remarks = [each for each in (piece.words.method, *piece.words.notes) if each]
    notes = element("ul", *(element("li", each) for each in remarks), class_="notes")
    return element(
        "details",
        element("summary", "Show data"),
        data_table(piece.table),
        notes if remarks else "",
        element("p", *buttons, class_="actions", hidden=True),
        class_="data",
    )


def _searchable(piece: Piece) -> str:
    table = piece.table
    answers = dict.fromkeys(table.frame["answer"].astype(str))
    words = (table.name.replace("_", " "), piece.words.title, table.spec.concept, *answers)
    return " ".join(words).casefold()
