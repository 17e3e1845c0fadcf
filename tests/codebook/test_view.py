"""What a notebook shows of a codebook."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from survey.codebook import Choice, Codebook, Edition, Question, read_codebook

CODEBOOK = read_codebook()
HOSTILE = "<script>alert('x')</script>&"


class Reader(HTMLParser):
    """Collect the tags and the text of a page, and check that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def hostile() -> Question:
    question = CODEBOOK.question("projects_used")
    choice = Choice(HOSTILE, HOSTILE)
    values = {"title": HOSTILE, "note": HOSTILE, "heading": HOSTILE, "measure": HOSTILE}
    return replace(question, choices=(choice,), rows=(choice,), **values)


@pytest.mark.parametrize(
    "shown",
    [
        hostile(),
        Edition(HOSTILE, HOSTILE, HOSTILE, (hostile(),), note=HOSTILE),
        Codebook({HOSTILE: Edition(HOSTILE, HOSTILE, HOSTILE, ())}),
    ],
)
def test_no_text_becomes_markup(shown: Question | Edition | Codebook) -> None:
    reader = read(shown._repr_html_())
    assert reader.tags <= {"table", "tr", "th", "td", "caption", "strong", "small", "br"}
    assert HOSTILE in "".join(reader.text)


def test_a_question_shows_its_choices_and_the_numbers_behind_them() -> None:
    text = read(CODEBOOK.question("organization_size", "2018")._repr_html_()).text
    for part in ("Employees of the organization", "100,000 employees or more", "100,000 or more"):
        assert part in text
    assert text[-1] == "unknown"


def test_a_line_says_what_it_is() -> None:
    assert repr(CODEBOOK).startswith("<Codebook: 166 concepts in editions 2014, 2015, 2017, ")
    assert repr(CODEBOOK.edition("2021")) == (
        "<Edition 2021 (assumed): 25 questions on respondents, 89 on deployments>"
    )
    assert repr(CODEBOOK.question("compute_cores")) == (
        "<Question compute_cores: single per deployment with 7 choices (bands of cores), "
        "heading 'ComputeCores'>"
    )
