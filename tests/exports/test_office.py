"""Files as office programs and pandas leave them: every answer as it was, or a word about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from survey.codebook import read_codebook
from survey.errors import ExportError
from survey.exports import Export, read_editions, read_export
from survey.exports.repair.record_numbers import whole_number
from survey.responses import clean
from tests.exports.small import Rows, answers, changed, read_rows, sheet, small

CASES = Path(__file__).parent / "cases"
TIMES = ("Created", "LastEdited")


def rules(export: Export) -> set[str]:
    return set(export.repairs["rule"])


def decimals(heading: str) -> Callable[[Rows], Rows]:
    return lambda rows: changed(rows, heading, lambda text: f"{text}.0")


@pytest.mark.parametrize(
    "heading", ["SurveyID", "CreatedByID", "DeploymentID", "NetPromoter", "IsPublic", "OkToContact",
                "DeploymentAge"]
)  # fmt: skip
def test_whole_numbers_with_decimals_are_whole(tmp_path: Path, heading: str) -> None:
    rows = small()
    sound, export = read_rows(tmp_path, rows), read_rows(tmp_path, decimals(heading)(rows))
    assert answers(export) == answers(sound)
    assert rules(export) == {"whole number"}


def test_ticks_as_words_are_ticks(tmp_path: Path) -> None:
    rows = small(layout="flat")
    sound = read_rows(tmp_path, rows)
    ticked = {h for h in rows[0] if h.startswith("Hypervisors - ")} | {"OkToContact", "IsPublic"}
    for heading in ticked:
        rows = changed(rows, heading, lambda text: "TRUE" if text == "1" else text)
    export = read_rows(tmp_path, rows)
    assert answers(export) == answers(sound)
    assert "truth value" in rules(export)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,400,002", "1400002"), ("1.400.002", "1400002"), ("1.400002E+06", "1400002"),
     ("0001400002", "0001400002"), ("1.4E+06", "1.4E+06"), ("12.5", "12.5"), ("'17", "17"),
     ("1\u00a0400\u00a0002", "1400002"), ("\ufeff17 ", "17"), ("12,34", "12,34")],
)  # fmt: skip
def test_one_number_however_it_is_written(text: str, number: str) -> None:
    assert whole_number(text) == number


def test_numbers_that_lost_their_digits_are_refused(tmp_path: Path) -> None:
    rows = changed(small(), "SurveyID", lambda text: f"{float(text):.1E}")
    with pytest.raises(ExportError, match="without their last digits"):
        read_rows(tmp_path, rows)


@pytest.mark.parametrize("word", ["NA", "nan", "NULL", "None", "<NA>"])
def test_a_word_for_blanks_is_blank(tmp_path: Path, word: str) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    filled = [rows[0], *([cell or word for cell in row] for row in rows[1:])]
    export = read_rows(tmp_path, filled)
    either = {"CountriesPhysicalLocation", "NovaNumCells", "InteractingClouds"}
    assert answers(export, [*either]) == answers(sound, [*either])
    assert "blank word" in rules(export)
    clean(export)


def test_namibia_is_a_country_where_blanks_are_blank_and_in_doubt_where_they_are_not(
    tmp_path: Path,
) -> None:
    rows = small()
    at, deployment = (rows[0].index(h) for h in ("CountriesPhysicalLocation", "DeploymentID"))
    described = next(row for row in rows[1:] if row[deployment])
    described[at] = "NA"
    assert read_rows(tmp_path, rows).frame["CountriesPhysicalLocation"].tolist().count("NA") == 1
    filled = [rows[0], *([cell or "NA" for cell in row] for row in rows[1:])]
    issues = read_rows(tmp_path, filled).issues
    doubted = issues[issues["code"] == "blank or answer"]
    assert set(doubted["column"]) == {"CountriesPhysicalLocation"}
    assert len(doubted) == sum(row[deployment] != "" and row[at] in ("", "NA") for row in rows[1:])


@pytest.mark.parametrize(
    "line",
    [
        ["Total", "93"],
        ["93"],
        ["93", "93", "93", "93", "93", "93"],
        ["1234567890", "9876", "", "", "", "", "", ""],
        ["Exported by the office on 1 September 2024"],
        ["", "", "", "2024-05-01"],
    ],
)
def test_what_stands_below_the_table_is_no_record(tmp_path: Path, line: list[str]) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    width = len(rows[0])
    blank = [""] * width
    export = read_rows(tmp_path, [*rows, blank, [*line, *[""] * (width - len(line))], blank])
    assert answers(export) == answers(sound)
    assert export.counts["kept"] == sound.counts["kept"]
    assert sum(export.counts.values()) == 2 * export.counts["read"]


def with_a_return(rows: Rows, heading: str, text: str) -> tuple[Rows, int]:
    """Write a text with a lone CR under a heading; the record has a deployment."""
    at, deployment = rows[0].index(heading), rows[0].index("DeploymentID")
    number = next(n for n, row in enumerate(rows) if n and row[deployment])
    rows[number] = [*rows[number][:at], text, *rows[number][at + 1 :]]
    return rows, number


@pytest.mark.parametrize("padded", [True, False], ids=["lines of one width", "lines that end"])
@pytest.mark.parametrize("text", ["first\rsecond", "first\r", "\rsecond", "a\rb\rc"])
@pytest.mark.parametrize("heading", ["WhatDoYouLikeMost", "FurtherEnhancement", "Label"])
def test_a_record_that_a_return_divided_is_one_record(
    tmp_path: Path, heading: str, text: str, padded: bool
) -> None:
    rows, number = with_a_return(small(), heading, text)
    sound = clean(read_rows(tmp_path, rows))
    row, at, width = rows[number], rows[0].index(heading), len(rows[0])
    pieces = text.split("\r")
    lines = [[*row[:at], pieces[0]], *([piece] for piece in pieces[1:])]
    lines[-1] += row[at + 1 :]
    if padded:
        lines = [[*line, *[""] * (width - len(line))] for line in lines]
    export = read_rows(tmp_path, [*rows[:number], *lines, *rows[number + 1 :]])
    found = clean(export)
    told = {"divided record", "record may go on"} & set(export.issues["code"])
    assert told
    if "divided record" in told:
        assert len(found.deployments) == len(sound.deployments)
        assert export.frame[heading].iloc[number - 1] == text
        skipped = [heading, *TIMES]
        assert answers(export, skipped) == answers(read_rows(tmp_path, rows), skipped)


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_case_of_a_return_in_a_workbook(suffix: str) -> None:
    original = read_export(CASES / "cr_original.csv")
    workbook = read_export(CASES / f"cr_original.{suffix}")
    assert len(clean(original).deployments) == len(clean(workbook).deployments) == 3
    assert answers(workbook, TIMES) == answers(original, TIMES)


def test_the_cases_of_dates_and_of_two_editions() -> None:
    shown = read_export(CASES / "2024_dates_as_excel_shows_them.csv")
    assert (shown.edition.name, len(shown)) == ("2024", 5)
    assert shown.frame["Created"].iloc[0] == "2024-04-16 13:14:00"
    both = read_editions(CASES / "cat_2020_2024_small.csv")
    assert [(export.edition.name, len(export)) for export in both] == [("2020", 3), ("2024", 3)]


def test_invisible_characters_in_answers_are_none(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    for heading in ("DeploymentStage", "NetPromoter", "SurveyID", "UserCountry"):
        rows = changed(rows, heading, lambda text: f"\ufeff{text}\u200b")
    export = read_rows(tmp_path, rows)
    assert answers(export) == answers(sound)
    assert "invisible character" in rules(export)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;;;;"])
def test_a_line_that_names_the_separator_is_no_heading_line(tmp_path: Path, line: str) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    path = tmp_path / "excel.csv"
    path.write_bytes(line.encode() + b"\r\n" + sheet(rows, ";").replace(b"\n", b"\r\n"))
    export = read_export(path)
    assert answers(export) == answers(sound)
    assert export.lines.tolist() == [line + 1 for line in sound.lines.tolist()]


def test_windows_1252_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = small()
    rows[1][7] = "Zoë"
    path.write_bytes(sheet(rows).decode().encode("cp1252", "replace"))
    assert "cp1252" in rules(read_export(path))
    path.write_bytes(sheet(rows) + "Zoë".encode("cp1252") + b"\n")
    with pytest.raises(ExportError, match="cp1252"):
        read_export(path)


def test_pandas_reads_and_writes_an_export(tmp_path: Path) -> None:
    """With its defaults: numbers become decimals, blanks become missing and blank again."""
    for layout in ("by-heading", "flat"):
        rows = small(layout=layout)
        sound = read_rows(tmp_path, rows)
        path = tmp_path / "pandas.csv"
        pd.read_csv(tmp_path / "changed.csv", keep_default_na=False, na_values=[""]).to_csv(path)
        export = read_export(path)
        extra = ["(column 1)"]
        assert answers(export, extra) == answers(sound)


@pytest.mark.parametrize("around", ["", " ", "  ", "\u00a0"])
def test_a_list_that_was_cut_ends_in_no_other_answer(tmp_path: Path, around: str) -> None:
    """The exporter cuts at 1,024 bytes; programs put spaces around the cell, or take some."""
    rows = small()
    question = read_codebook().question("projects_contributed_to", "2024")
    at, deployment = rows[0].index(question.heading), rows[0].index("DeploymentID")
    cell = "|".join(choice.value for choice in question.choices).replace(",", "-")[:1024]
    described = next(row for row in rows[1:] if row[deployment])
    described[at] = f"{around}{cell}{around}"
    answers_of = clean(read_rows(tmp_path, rows))
    assert "cut answer" in set(answers_of.flags["reason"])
    (found,) = [set(given) for given in answers_of.deployments["projects_contributed_to"].dropna()
                if len(given) > 9]  # fmt: skip
    assert found == {c.label for c in question.choices if f"{c.value.replace(',', '-')}|" in cell}


BANDS = """
[edition]
name = "bands"
title = "Bands"
[layout]
family = "table"
[[questions]]
concept = "size"
heading = "Size"
title = "Size"
kind = "single"
unit = "respondent"
choices = ["1-9", "10-49", "50-249", "250 or more"]
"""


def test_bands_that_became_dates_are_bands(tmp_path: Path) -> None:
    book, path = tmp_path / "bands.toml", tmp_path / "sizes.csv"
    book.write_text(BANDS, encoding="utf-8")
    path.write_text("Id,Size\n1,9-Jan\n2,Oct-49\n3,1-9\n4,2024-01-09\n5,50-249\n6,5-Mar\n")
    export = read_export(path, codebook=read_codebook(book), edition="bands")
    sizes = export.frame["Size"].tolist()
    assert sizes == ["1-9", "10-49", "1-9", "1-9", "50-249", "5-Mar"]
    assert len(export.repairs[export.repairs["rule"] == "date undone"]) == 3


@pytest.mark.parametrize(
    "above",
    [[["OpenStack User Survey 2024"]], [[""], ["Exported on 1 September"], [""]], [["a", "b"]]],
)
def test_lines_above_the_headings_are_not_read(tmp_path: Path, above: Rows) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    export = read_rows(tmp_path, above + rows)
    assert answers(export) == answers(sound)
    assert export.lines.tolist() == [line + len(above) for line in sound.lines.tolist()]
    assert "lines above" in rules(export)


def test_texts_that_a_formula_protects_are_texts(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    for heading in ("SurveyID", "NetPromoter", "DeploymentStage"):
        rows = changed(rows, heading, lambda text: f'="{text}"')
    export = read_rows(tmp_path, rows)
    assert answers(export) == answers(sound)
    assert "wrapped text" in rules(export)


def test_a_file_of_which_no_record_is_left_is_refused(tmp_path: Path) -> None:
    rows = changed(small(), "SurveyID", lambda text: f"R{text}")
    with pytest.raises(ExportError, match="none can be kept"):
        read_rows(tmp_path, rows)


def test_other_line_ends_and_encodings_are_read(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    data, path = sheet(rows), tmp_path / "other.csv"
    for other in (
        data.replace(b"\n", b"\r"),
        data.decode().encode("utf-16-le"),
        data.decode().encode("utf-16-be"),
        data.decode().encode("utf-16"),
    ):
        path.write_bytes(other)
        assert answers(read_export(path)) == answers(sound)


def test_a_footer_with_a_number_and_a_date_is_no_record(tmp_path: Path) -> None:
    rows = small()
    footer = ["57", "", "", "2024-09-01 10:00:00", *[""] * (len(rows[0]) - 4)]
    export = read_rows(tmp_path, [*rows, footer])
    assert export.counts["no record"] == 1
    assert answers(export) == answers(read_rows(tmp_path, rows))


def test_a_listed_answer_tells_the_encoding(tmp_path: Path) -> None:
    """What somebody pasted looks like UTF-8; the apostrophe of a listed answer does not."""
    rows = small()
    rows[1][rows[0].index("OrgSizeSydney")] = "Don’t know / not sure"
    rows[-1][7] = "CafÃ©"
    path = tmp_path / "x.csv"
    path.write_bytes(sheet(rows).decode().encode("cp1252", "replace"))
    export = read_export(path)
    assert "cp1252" in rules(export)
    assert export.frame["Surname"].iloc[-1] == "CafÃ©"


@pytest.mark.parametrize("word", ["x", "Yes", "✓", "", "TRUE"])
def test_a_tick_in_any_usual_form_is_a_tick(tmp_path: Path, word: str) -> None:
    """Without a word, the column has the text of its choice."""
    rows = small(layout="flat")
    sound = read_rows(tmp_path, rows)
    for heading in [each for each in rows[0] if each.startswith("Hypervisors - ")]:
        written = word or heading.partition(" - ")[2]
        rows = changed(rows, heading, lambda text, written=written: written)  # type: ignore[misc]
    assert answers(read_rows(tmp_path, rows)) == answers(sound)


def test_spaces_in_blank_numbers_are_blank(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    spaced = [
        rows[0],
        *([f" {cell}" if at < 40 else cell for at, cell in enumerate(row)] for row in rows[1:]),
    ]
    assert len(read_rows(tmp_path, spaced)) == len(sound)
