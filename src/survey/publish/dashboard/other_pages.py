"""All questions, glossary and downloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from survey.codebook import Unit
from survey.publish.dashboard.blocks import Block
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.findings import finding_of
from survey.publish.dashboard.page_frame import DOWNLOADS, GLOSSARY, QUESTIONS, page_of
from survey.publish.html import HTML, element
from survey.publish.statuses import STATUSES
from survey.publish.words import capital, sentence

__all__ = ["downloads_page", "glossary_page", "questions_page", "search_index"]


def questions_page(context: Context) -> str:
    """Return the list of all questions by chapter; a script filters it by words."""
    sections = [
        element(
            "section",
            element("h2", element("a", chapter.title, href=chapter.file)),
            element("ul", *(_entry(block, context) for block in chapter.blocks), class_="listed"),
        )
        for chapter in context.chapters
    ]
    content = [
        element("h1", "All questions"),
        element("p", "", id="found", role="status", class_="standfirst"),
        *sections,
    ]
    return page_of(context, "All questions", content, current=QUESTIONS, data=("search",))


def _entry(block: Block, context: Context) -> HTML:
    file = context.chapter_of[block.id].file
    title = block.main.title or block.id
    found = finding_of(block).removeprefix(f"{title}: ")
    return element(
        "li",
        element("a", title, href=f"{file}#q={block.id}"),
        element("p", found, class_="quiet") if found != title else "",
        data_id=block.id,
    )


def search_index(context: Context) -> list[dict[str, Any]]:
    """Return the page of each block and its words: titles, wording, answers and groups."""
    found = []
    for block in context.blocks:
        question = context.question(block)
        words = [block.id.replace("_", " "), block.concept.replace("_", " "), finding_of(block)]
        words += [question.title, question.note, *question.labels] if question else []
        for table in block.tables:
            words += [table.title, *table.frame["answer"].astype(str).unique()]
            words += [str(each) for name in table.groups for each in table.frame[name].unique()]
        unique = dict.fromkeys(word.casefold() for word in words if word)
        page = context.chapter_of[block.id].file
        found.append({"id": block.id, "page": page, "words": " · ".join(unique)})
    return found


_TERMS: dict[str, str] = {
    "base (n)": "How many units answered the question; shares are parts of it.",
    "interval": "Made so that it holds the number in 95 of 100 surveys like this one, if those "
    "who answered were a random sample. They are not: respondents are self-selected. The interval "
    "of a total is another: it is about those that answered, and tells what the bands of their "
    "answers hide.",
    "clear change": "A difference that a test tells from chance, allowing for all comparisons of "
    "the table; the interval beside it allows for its own alone.",
    "median": "Half of those who answered are at or below it, half at or above.",
    "net promoter score": "The share of those who would recommend (9 or 10 of 10) less the share "
    "of those who would not (0 to 6), from −100 to +100.",
    "organization": "A company or institution. Answers from one organization are alike, and "
    "intervals allow for it.",
    "maintained, unmaintained, end of life": "A release gets fixes from its teams; from volunteers "
    "alone; from nobody any more.",
    "SLURP": "Skip Level Upgrade Release Process: a SLURP release is one from which one may "
    "upgrade straight to the next such release, a year later.",
}
_WHY_N_DIFFERS = (
    "Public counts are changed by a few, so that nobody can be recognised. Views of one question "
    "are changed apart and have intervals of their own: n and limits can differ by a few. Where "
    "one answer was possible, n is the sum of the published counts, and differs by more where the "
    "answers are many."
)
_OF_EXACT_COUNTS: dict[str, str] = {
    "at least, at most": "Bounds that hold for those who answered without any model: the edges of "
    "the bands that they chose.",
}


def _of_units(context: Context) -> Iterator[tuple[str, str]]:
    """Yield what is counted; where a record has another name than what it describes, both."""
    words = context.words
    record, person = words.noun(Unit.DEPLOYMENT), words.noun(Unit.RESPONDENT)
    if record != words.unit:
        several = f"A {words.unit} that several colleagues described counts once for each"
        meaning = f"A {words.unit} as one {person} described it."
        yield record, f"{meaning} {several}, but in totals, which count it once."
    if not context.publication.internal:
        yield "why n differs", _WHY_N_DIFFERS


def glossary_page(context: Context) -> str:
    """Return the words that pages use, and the signs of numbers that are not there."""
    exact = _OF_EXACT_COUNTS if context.publication.internal else {}
    texts = _TERMS | dict(_of_units(context)) | exact
    terms = [part for term, text in texts.items() for part in _pair(term, text)]
    signs = [
        part
        for status, words in STATUSES.items()
        for part in _pair(words.reason or status, sentence(capital(words.meaning)))
    ]
    content = [
        element("h1", "Glossary"),
        element("section", element("h2", "Words"), element("dl", *terms), class_="prose"),
        element("section", element("h2", "Signs"), element("dl", *signs), class_="prose"),
    ]
    return page_of(context, "Glossary", content, current=GLOSSARY)


def _pair(term: str, text: str) -> tuple[HTML, HTML]:
    return element("dt", term), element("dd", text)


def downloads_page(context: Context, files: Sequence[tuple[str, str]]) -> str:
    """Return the list of files beside the pages, and of the tables of each block.

    Parameters
    ----------
    context
        The publication.
    files
        Name and description of each file that the report holds; none are listed without one.
    """
    listed = [
        element("li", element("a", name, href=name, download=True), element("p", words,
                class_="quiet"))
        for name, words in files
    ]  # fmt: skip
    blocks = [
        element("li", element("a", block.main.title or block.id, href=f"blocks/{block.id}.json",
                              download=True))
        for block in context.blocks
    ]  # fmt: skip
    content = [
        element("h1", "Downloads"),
        element("section", element("h2", "Everything"), element("ul", *listed, class_="listed"))
        if listed
        else "",
        element(
            "section",
            element("h2", "One question each, as JSON"),
            element("p", "Every chart and table of a question, with base, interval and status of "
                    "each number."),
            element("ul", *blocks, class_="listed narrow"),
        ),
    ]  # fmt: skip
    return page_of(context, "Downloads", content, current=DOWNLOADS)
