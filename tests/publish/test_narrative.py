"""The annual report in words: every number is that of its row; nothing is said too much."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from survey.disclosure import Policy, protect
from survey.estimates import STATISTICS, Measure, share
from survey.estimates.notes import RANDOM_DRAW, TOTALS_APART
from survey.estimates.shares.selection import REST
from survey.publish.chart_json import file_names
from survey.publish.claims import claims_of, write_claims
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.start_page import start_page
from survey.publish.describe import describe
from survey.publish.format import interval, value_text
from survey.publish.headlines import headlines
from survey.publish.narrative import narrative_of, write_narrative
from survey.publish.plain_tables import write_tables
from survey.publish.publisher import Publisher
from survey.publish.rows import rows_of
from tests.disclosure.surveys import invented
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

PUBLISHED = build.everything()


def said(*tables):
    sections = narrative_of(make.publication(*tables))
    found = [s.text for section in sections for p in section.paragraphs for s in p.sentences]
    return " ".join(found).replace("\N{NO-BREAK SPACE}", " ")


def described(table):
    return describe(table, rows_of(table)).replace("\N{NO-BREAK SPACE}", " ")


def test_every_number_is_printed_as_its_row_has_it() -> None:
    count = 0
    for section in narrative_of(PUBLISHED):
        for paragraph in section.paragraphs:
            for number in (n for s in paragraph.sentences for n in s.numbers):
                table = PUBLISHED[number.table]
                row = rows_of(table)[number.row]
                assert number.values == tuple(getattr(row, name) for name in number.columns)
                expected = {
                    ("value",): lambda r=row, t=table: value_text(t, r.value),
                    ("low", "high"): lambda r=row, t=table: interval(t, r.low, r.high),
                    ("base",): lambda r=row: f"{r.base:,.0f}",
                }[number.columns]()
                assert number.printed == expected
                count += 1
    assert count > 30


def test_files_link_each_number_to_its_line(tmp_path: Path) -> None:
    write_tables(PUBLISHED, tmp_path / "tables")
    text, data = write_narrative(PUBLISHED, tmp_path)
    links = re.findall(r"\]\((tables/[^)#]+)#row=(\d+)\)", text.read_text("utf-8"))
    numbers = [
        n
        for section in json.loads(data.read_text("utf-8"))["sections"]
        for p in section["paragraphs"]
        for s in p["sentences"]
        for n in s["numbers"]
    ]
    assert len(links) == len(numbers)
    files = file_names(PUBLISHED.tables)
    for (file, line), number in zip(links, numbers, strict=True):
        assert file == f"tables/{files[number['table']]}.csv"
        rows = list(csv.DictReader(io.StringIO((tmp_path / file).read_text("utf-8"))))
        row = rows[int(line) - 2]
        for column, value in zip(number["columns"], number["values"], strict=True):
            assert value is None or math.isclose(float(row[column]), value, rel_tol=1e-9)


def test_who_leads_is_said_with_what_is_uncertain() -> None:
    close = [make.share_row("Ansible", 0.4, 200.0), make.share_row("Kolla", 0.38, 200.0)]
    assert "their intervals overlap" in said(make.table("tools", close, several=True))
    clear = [make.share_row("Ansible", 0.8, 200.0), make.share_row("Kolla", 0.2, 200.0)]
    assert said(make.table("tools", clear, several=True)) == (
        "The most frequent answer is Ansible with 80 % (74 to 85 %) of 200 deployments, before "
        "Kolla with 20 % (15 to 26 %)."
    )
    unsure = [clear[0], make.share_row("Kolla", 0.2, 200.0, "imprecise")]
    assert "overlap" not in said(make.table("tools", unsure, several=True)), "15 to 26 below 74"
    hidden = [*clear, make.share_row("Juju", 0.5, 200.0, "suppressed")]
    assert said(make.table("tools", hidden)).startswith("Of the answers that may be shown")


def test_what_is_withheld_is_not_said() -> None:
    rows = [make.share_row("Ansible", 0.8, 200.0, "suppressed")]
    assert said(make.table("tools", rows)) == ""


def test_changes_are_said_only_where_they_are_clear() -> None:
    table = make.differences()
    frame = table.frame.assign(verdict="could be noise")
    assert "No answer changed clearly since" in said(table.with_frame(frame))
    clear = said(table.with_frame(table.frame.assign(verdict="clear change")))
    certain = ((table.frame["low"] > 0) | (table.frame["high"] < 0)).sum()
    assert len(re.findall(r"(?:rose|fell) clearly", clear)) == certain > 0


def test_every_output_names_the_same_clear_changes() -> None:
    """The narrative stopped at three, the text of the chart at four, the claim named all."""
    answers = ("Nova", "Heat", "Swift", "Cinder", "Manila", "Ironic")
    moved = (0.3, -0.25, 0.2, -0.15, 0.1, 0.01)
    rows = [
        {**make.share_row(answer, 0.5, 200.0), "value": value,
             "low": value - 0.05, "high": value + 0.05,
         "verdict": "clear change" if abs(value) > 0.05 else "could be noise"}
        for answer, value in zip(answers, moved, strict=True)
    ]  # fmt: skip
    table = make.table("releases_in_use_change", rows, measure=Measure.DIFFERENCE)
    claims = {each.name: each.text for each in claims_of(make.publication(table))}
    for text in (said(table), describe(table, rows_of(table)), claims["release_traction"]):
        assert [answer for answer in answers if answer in text] == list(answers[:5])


@pytest.mark.parametrize("label", ["*bold*", "[a](http://x.invalid)", "<b>", "a|b", "# no"])
def test_answers_are_text_in_markdown(tmp_path: Path, label: str) -> None:
    rows = [make.share_row(label, 0.8, 200.0), make.share_row("Other", 0.1, 200.0)]
    text, _ = write_narrative(make.publication(make.table("odd", rows)), tmp_path)
    marked = re.sub(r"\\(.)", r"\1", text.read_text("utf-8"))
    assert label in marked
    assert not re.search(r"(?<!\\)\[a\]\(http", text.read_text("utf-8"))


def test_exact_numbers_are_marked_at_the_top_and_not_in_each_paragraph(tmp_path: Path) -> None:
    answers = invented(200, 5)
    tables = [share(answers, "industry").named("industry", "respondents")]
    made = protect(tables, Policy("internal"), title="S", edition="2019", answers=answers)
    text, data = write_narrative(made, tmp_path)
    head, _, rest = text.read_text("utf-8").partition("\n## ")
    assert made.stamp in head
    assert "INTERNAL" not in re.sub(r"\(tables/[^)]*\)", "", rest)
    assert json.loads(data.read_text("utf-8"))["stamp"] == made.stamp


def test_what_was_left_out_of_a_table_is_not_its_most_frequent_answer() -> None:
    rows = [make.share_row(a, s, 300.0) for a, s in [(REST, 0.5), ("KVM", 0.3), ("Xen", 0.1)]]
    assert "most frequent answer is KVM" in said(make.table("hypervisors", rows))


def test_an_answer_without_a_name_leads_no_sentence() -> None:
    rows = [make.share_row(a, s, 300.0) for a, s in [("Other", 0.5), ("KVM.", 0.3), ("Xen", 0.1)]]
    table = make.table("hypervisors", rows)
    first = "Of the answers with a name, the most frequent is KVM with 30 %"
    assert said(table).startswith(first)
    assert described(table) == (
        "Largest with a name: KVM, 30 % (25 to 35 %). Then Xen, 10 % (7 to 14 %). "
        "Other, 50 % (44 to 56 %)."
    )


def test_intervals_are_said_to_overlap_only_where_they_do() -> None:
    few = make.share_row("Kolla", 0.2, 200.0, "imprecise")
    table = make.table("tools", [make.share_row("Ansible", 0.8, 200.0), few])
    assert "overlap" not in said(table)


def test_a_value_that_is_the_least_that_is_certain_says_so() -> None:
    row = make.share_row("more than 100 %", 0.09, 68.0)
    row |= {"high": 1.0, "lower_bound": 0.09, "upper_bound": 1.0, "undecidable": 62}
    table = make.table("growth", [row])
    assert "at least 9 %" in said(table)
    assert "at least 9 %" in described(table)
    public = {name: row[name] for name in row if name not in ("lower_bound", "upper_bound")}
    assert "at least 9 %" in said(make.table("growth", [public]))
    decided = make.table("growth", [row | {"undecidable": 0}])
    assert "at least" not in said(decided)


def test_every_page_says_alike_which_question_the_interval_of_a_total_answers(
    tmp_path: Path,
) -> None:
    """The start page called it sampling where the docs call it what bands hide."""
    row = {"answer": "total", "count": 90, "base": 90, "value": 9e6, "low": 6e6, "high": 2e7,
           "status": "ok"}  # fmt: skip
    total = make.table("compute_cores_total", [row], measure=Measure.NUMBER, counts="cores")
    total = replace(
        total, spec=replace(total.spec, statistic="total"), statistic=STATISTICS["total"]
    )
    made = make.publication(total)
    pages = [path.read_text("utf-8") for path in
             (write_narrative(made, tmp_path)[0], write_claims(made, tmp_path)[0])]  # fmt: skip
    pages.append(start_page(Context(made, Publisher()), headlines(made)))
    assert all(f"{RANDOM_DRAW} {TOTALS_APART}" in page for page in pages)
    none = make.publication(make.table("tools", [make.share_row("Ansible", 0.4, 200.0)]))
    assert TOTALS_APART not in write_narrative(none, tmp_path)[0].read_text("utf-8")
