"""Exports that went through R, a database, a spreadsheet or a mail before they came here."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.errors import ExportError
from survey.estimates import share
from survey.exports import Export, read_export
from survey.responses import clean
from tests.exports.small import Rows, answers, changed, read_rows, sheet, small, write

TIMES = ("Created", "LastEdited")


def rules(export: Export) -> set[str]:
    return set(export.repairs["rule"])


def codes(export: Export) -> set[str]:
    return set(export.issues["code"])


def dotted(heading: str) -> str:
    """Rename a heading as R does when it reads a file."""
    return re.sub(r"[^A-Za-z0-9._]", ".", heading)


def in_snake_case(heading: str) -> str:
    heading = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", heading)
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")


@pytest.mark.parametrize("rename", [dotted, in_snake_case], ids=["R", "a database"])
@pytest.mark.parametrize("layout", ["by-heading", "flat"])
def test_headings_that_a_program_renamed_are_known(
    tmp_path: Path, rename: Callable[[str], str], layout: str
) -> None:
    rows = small(layout=layout)
    sound = read_rows(tmp_path, rows)
    renamed = [rename(heading) for heading in rows[0]]
    alike = {heading for each in zip(rows[0], renamed, strict=True) for heading in each
             if renamed.count(each[1]) > 1}  # fmt: skip
    export = read_rows(tmp_path, [renamed, *rows[1:]])
    unknown = [heading for heading in export.headings if "(column" in heading]
    assert answers(export, [*alike, *unknown]) == answers(sound, [*alike])
    assert len(alike) <= 3  # "... - Other" and the write-in below it
    assert "heading spelling" in rules(export)


def test_r_writes_row_names_and_na(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    below = [[str(n), *(cell or "NA" for cell in row)] for n, row in enumerate(rows[1:], 1)]
    export = read_rows(tmp_path, [["", *map(dotted, rows[0])], *below])
    extra = ["(column 1)", "CountriesPhysicalLocation"]
    assert answers(export, extra) == answers(sound, extra)


def blanked_below(rows: Rows) -> Rows:
    """Leave a respondent's cells on the line of the first deployment alone."""
    until, seen, found = rows[0].index("DeploymentID"), "", [rows[0]]
    for row in rows[1:]:
        found.append([*[""] * until, *row[until:]] if row[0] == seen else row)
        seen = row[0]
    return found


def test_cells_that_were_merged_over_deployments_are_filled(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    merged = blanked_below(rows)
    assert merged != rows
    export = read_rows(tmp_path, merged)
    assert answers(export) == answers(sound)
    assert "merged cells" in rules(export)


def test_merged_cells_of_a_file_that_was_sorted_since_are_not_guessed(tmp_path: Path) -> None:
    rows = blanked_below(small())
    lost = sum(not row[0] for row in rows[1:])
    export = read_rows(tmp_path, [rows[0], *reversed(rows[1:])])
    assert export.counts["record without key"] == lost
    assert "merged cells" not in rules(export)


@pytest.mark.parametrize("every", [True, False], ids=["all cells quoted", "some cells quoted"])
def test_quotes_behind_a_backslash_are_characters(tmp_path: Path, every: bool) -> None:
    rows = small()
    at = rows[0].index("WhatDoYouLikeMost")
    for row, text in zip(rows[1:], ['they say "stable"', '"', "plain"], strict=False):
        row[at] = text
    sound = read_rows(tmp_path, rows)
    lines = [
        ",".join(
            '"' + cell.replace('"', '\\"') + '"' if every or '"' in cell else cell for cell in row
        )
        for row in rows
    ]
    path = tmp_path / "escaped.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    export = read_export(path)
    assert answers(export) == answers(sound)
    assert "escaped quotes" in rules(export)


@pytest.mark.parametrize("separator", ["; ", ";", ", ", "\n", "\\n", "\r\n"])
def test_a_list_with_another_sign_between_its_answers_is_a_list(
    tmp_path: Path, separator: str
) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    for heading in ("DeploymentTools", "Hypervisors", "ITActivitySydney"):
        rows = changed(rows, heading, lambda text: text.replace("|", separator))
    export = read_rows(tmp_path, rows)
    assert answers(export) == answers(sound)
    assert "other separator" in rules(export)


@pytest.mark.parametrize("word", ["#NAME?", "#REF!", "#VALUE!", "########", "Err:502"])
@pytest.mark.parametrize("heading", ["NetPromoter", "DeploymentStage", "Hypervisors"])
def test_a_spreadsheets_error_is_no_answer(tmp_path: Path, heading: str, word: str) -> None:
    rows = small()
    filled = sum(row[rows[0].index(heading)] != "" for row in rows[1:])
    export = read_rows(tmp_path, changed(rows, heading, lambda text: word))
    assert set(export.frame[heading]) == {""}
    assert (export.issues["code"] == "spreadsheet error").sum() == filled


def test_grouped_digits_and_digits_of_other_scripts_are_numbers(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    rows = changed(rows, "SurveyID", lambda text: text.translate(arabic))
    rows = changed(
        rows, "DeploymentAge", lambda text: f"{int(text):,}" if text.isdecimal() else text
    )
    assert answers(read_rows(tmp_path, rows)) == answers(sound)


def test_the_mark_for_the_end_of_a_file_is_no_record(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    path = tmp_path / "dos.csv"
    path.write_bytes(sheet(rows) + b"\x1a")
    export = read_export(path)
    assert answers(export) == answers(sound)
    assert codes(export) == codes(sound)


@pytest.mark.parametrize("top", ["<html><body>", "<!DOCTYPE html>\n", "\ufeff <table>"])
def test_a_page_that_is_called_a_table_is_refused_with_the_remedy(tmp_path: Path, top: str) -> None:
    rows = small()
    cells = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows]
    path = tmp_path / "export.xls"
    path.write_text(top + "".join(f"<tr>{line}</tr>" for line in cells), encoding="utf-8")
    with pytest.raises(ExportError, match=r"web page[\s\S]*save it as \.xlsx"):
        read_export(path)


def test_headings_alone_do_not_tell_the_edition(tmp_path: Path) -> None:
    path = write(tmp_path, small()[:1])
    with pytest.raises(ExportError, match="and no records"):
        read_export(path)
    assert len(read_export(path, edition="2024")) == 0
    assert read_export(write(tmp_path, small("2019")[:1])).edition.name == "2019"


def test_a_line_of_questions_below_the_headings_is_named(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    export = read_rows(tmp_path, [rows[0], [f"What is {h}?" for h in rows[0]], *rows[1:]])
    assert answers(export) == answers(sound)
    assert "record without key" in codes(export)


def test_a_mail_around_the_table_is_no_record(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    path = tmp_path / "mail.csv"
    above = b"From: office@example.org\nSubject: the export\n\n"
    below = b"\n--\nThis e-mail is confidential, and may be privileged.\nDelete it.\n"
    path.write_bytes(above + sheet(rows) + below)
    assert answers(read_export(path)) == answers(sound)


def test_a_word_in_a_column_of_ticks_is_another_answer(tmp_path: Path) -> None:
    """Nobody can say which choice it means, but it is an answer, and counts in the base."""
    rows = small(layout="flat", respondents=20)
    ticks = [at for at, heading in enumerate(rows[0]) if heading.startswith("Hypervisors - ")]
    deployment = rows[0].index("DeploymentID")
    before = share(clean(read_rows(tmp_path, rows)), "hypervisors").frame
    row = next(r for r in rows[1:] if r[deployment] and not any(r[at] for at in ticks))
    row[ticks[0]] = "Maybe"
    found = clean(read_rows(tmp_path, rows))
    after = share(found, "hypervisors").frame
    assert after["base"].max() == before["base"].max() + 1
    assert after.set_index("answer")["count"]["Another answer"] == 1
    assert "unknown answer" in set(found.issues["code"])
