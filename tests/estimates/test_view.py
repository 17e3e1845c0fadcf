"""How tables read: small snapshots, and what must never happen."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.estimates import compare, nps, percentages, share
from survey.estimates.examples import answers
from survey.estimates.view import as_text, printable
from survey.provenance import Source
from tests.estimates import builders as make


def test_a_table_in_a_terminal():
    table = share(answers(), "deployment_tools", by="edition")
    assert repr(table).splitlines()[:8] == [
        "Tools for deploying OpenStack",
        "edition  answer   share                    count  base",
        "2018     Ansible  69 % (29 to 91 %) [u]        9    13",
        "2018     Puppet   85 % (39 to 97 %) [u]       11    13",
        "2018     Kolla    100 % (60 to 100 %) [u]     13    13",
        "2018     Juju     not offered                  0     0",
        "2019     Ansible  50 % (27 to 73 %) [u]       11    22",
        "2019     Puppet   64 % (39 to 82 %) [u]       14    22",
    ]
    assert (
        "  Respondents are self-selected. Intervals treat them as a random sample."
        in repr(table).splitlines()
    )


def test_other_measures_have_their_own_words():
    change = compare(answers(), "deployment_stage", "2018", "2019")
    assert printable(change).iloc[0].tolist() == [
        "Production",
        "−6.6 points (−16 to +8.0 points) [u]",
        "17",
        "27",
        "could be noise",
    ]
    score = nps(answers(), by="edition")
    assert printable(score)["score"].tolist()[0].startswith("−40 (")


def test_percentages_are_rounded_one_by_one():
    """23.66 % prints as 24 %, as the committee's tables have it, whatever the others add up to."""
    table = share(answers(), "deployment_stage")
    frame = table.frame.assign(value=[0.2366, 0.2367, 0.5267])
    text = printable(replace(table, frame=frame))["share"].str.split(" ").str[0].tolist()
    assert text == ["24", "24", "53"]


@given(st.integers(0, 400), st.integers(1, 400))
def test_a_percentage_is_0_or_100_only_where_it_is(yes, no):
    rows = [{"stage": "Production"}] * yes + [{"stage": "Testing"}] * no
    rows = [row | {"organization": f"o{place}"} for place, row in enumerate(rows)]
    text = printable(share(make.build(rows), "stage"))["share"].tolist()
    assert text[0].startswith("0 %") == (yes == 0)
    assert text[1].startswith("100 %") == (yes == 0)
    assert text[2].startswith("0 %")


@given(st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(any))
def test_percentages_of_answers_that_exclude_each_other_add_up(counts):
    rows = [
        {"stage": stage}
        for stage, times in zip(make.STAGES, counts, strict=True)
        for _ in range(times)
    ]
    table = share(make.build(rows), "stage")
    assert percentages(table).sum() == 100
    assert percentages(table, 1).sum() == pytest.approx(100)


class Cells(HTMLParser):
    """Collects the text of table cells, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def test_nothing_in_a_table_becomes_markup():
    evil = "<script>alert('x')</script> & \"co\""
    table = share(answers(), "deployment_stage", by="edition")
    frame = table.frame.assign(answer=evil, edition=f"{evil} 2018")
    parser = Cells()
    parser.feed(replace(table, frame=frame, title=evil, notes=(evil,))._repr_html_())
    assert "script" not in parser.tags
    assert parser.cells[:2] == [f"{evil} 2018", evil]


def test_a_label_of_a_group_stands_once():
    parser = Cells()
    parser.feed(share(answers(), "deployment_stage", by=["edition", "compute_cores"])._repr_html_())
    first = [parser.cells[place] for place in range(0, len(parser.cells), 6)]
    assert first == ["2018", *[""] * 8, "2019", *[""] * 8]
    second = [parser.cells[place] for place in range(1, len(parser.cells), 6)]
    assert second[::3] == ["1 to 99 cores", "100 to 999 cores", "1,000 cores or more"] * 2


def test_a_long_table_says_what_it_leaves_out():
    table = share(make.invented(1), "score", by=["edition", "primary_country"])
    assert len(table) == 88
    for text in (as_text(table), table._repr_html_()):
        assert "and 48 more rows (see .frame)" in text


def test_invented_answers_say_so():
    table = share(answers(), "deployment_stage")
    source = Source("made-up.csv", 1, "0", invented=True)
    told = replace(table, provenance=replace(table.provenance, sources=(source,)))
    assert "Invented answers." in as_text(told)
    assert "Invented answers." in told._repr_html_()
    assert "Invented" not in as_text(table)


def test_a_bare_estimate_says_in_a_notebook_that_it_is_exact():
    table = share(answers(), "compute_cores")
    assert "Exact, internal: not checked for disclosure." in table._repr_html_()
    assert "Exact, internal" not in replace(table, design=None)._repr_html_()
