"""Which edition a record answers: by its own time, never by a guess."""

from datetime import datetime
from pathlib import Path

import pytest

from survey.errors import ExportError
from survey.exports import read_editions, read_export
from survey.exports.times import Calendar, moment
from survey.responses import clean
from tests.exports.small import answers, changed, read_all, read_rows, small

TIMES = {
    "United States": "%m/%d/%Y %H:%M",
    "United States, 12 hours": "%m/%d/%y %I:%M:%S %p",
    "British": "%d/%m/%Y %H:%M:%S",
    "German": "%d.%m.%Y %H:%M",
    "ISO": "%Y-%m-%dT%H:%M:%S",
    "ISO with zone": "%Y-%m-%dT%H:%M:%S.000Z",
    "with offset": "%Y-%m-%d %H:%M:%S+03",
    "Google": "%Y/%m/%d %I:%M:%S %p GMT+2",
    "month by name": "%d-%b-%Y %H:%M:%S",
    "mail": "%a, %d %b %Y %H:%M:%S +0000",
    "digits": "%Y%m%dT%H%M%S",
    "East Asian": "%Y年%m月%d日 %H:%M:%S",
}


def rewritten(form: str) -> object:
    return lambda text: datetime.strptime(text, "%Y-%m-%d %H:%M:%S").strftime(form)


@pytest.mark.parametrize("form", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("edition", ["2020", "2024"])
def test_times_in_any_usual_form_tell_the_edition(tmp_path: Path, form: str, edition: str) -> None:
    rows = small(edition)
    sound = read_rows(tmp_path, rows)
    for heading in ("Created", "LastEdited"):
        rows = changed(rows, heading, rewritten(form))  # type: ignore[arg-type]
    export = read_rows(tmp_path, rows)
    assert export.edition.name == edition
    seconds = "%S" in form
    for heading in ("Created", "LastEdited"):
        read, told = (each.frame[heading].tolist() for each in (export, sound))
        assert read == told if seconds else [t[:16] for t in read] == [t[:16] for t in told]
    assert "unreadable time" not in set(export.issues["code"])
    assert answers(export, ["Created", "LastEdited"]) == answers(sound, ["Created", "LastEdited"])


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("45535.5", datetime(2024, 8, 31, 12)),
        ("1725105600", datetime(2024, 8, 31, 12)),
        ("1725105600000", datetime(2024, 8, 31, 12)),
        ("12/31/2024 12:05 AM", datetime(2024, 12, 31, 0, 5)),
        ("12/31/2024 12:05 p.m.", datetime(2024, 12, 31, 12, 5)),
        ("31 de agosto de 2024", datetime(2024, 8, 31)),
        ("Aug 31- 2024", datetime(2024, 8, 31)),
        ("2024. 8. 31. 오후 3:14:07", datetime(2024, 8, 31, 15, 14, 7)),
        ("Sat Aug 31 10:00:00 2024", datetime(2024, 8, 31, 10)),
        ("31.8.24", datetime(2024, 8, 31)),
    ],
)
def test_one_text_tells_its_time(text: str, time: datetime) -> None:
    found = moment(text)
    assert found is not None
    assert found.at("") == time


@pytest.mark.parametrize(
    "text", ["", "9", "2024", "06:10.0", "31/31/2024", "30.02.2024", "0000-00-00 00:00:00",
             "2024-13-01", "13:00 PM", "8/31/2024 13:00 PM", "1-9", "10 to 99", "May 2024"]
)  # fmt: skip
def test_what_is_no_time_stays_a_text(text: str) -> None:
    assert moment(text) is None


def test_day_and_month_are_told_apart_over_the_whole_column() -> None:
    assert Calendar.of([["04/05/2024", "23/05/2024"]]).at("04/05/2024") == datetime(2024, 5, 4)
    assert Calendar.of([["04/05/2024", "05/23/2024"]]).at("04/05/2024") == datetime(2024, 4, 5)
    undecided = Calendar.of([["04/05/2024"], ["05/06/2024"]])
    assert undecided.at("04/05/2024") is None
    assert undecided.year("04/05/2024") == 2024
    assert undecided.at("05/05/2024") == datetime(2024, 5, 5)


def test_two_orders_in_one_column_are_a_spreadsheet_that_took_one_for_the_other() -> None:
    mixed = Calendar.of([["04/05/2024", "23/05/2024", "05/23/2024"]])
    assert mixed.at("04/05/2024") is None
    assert mixed.at("23/05/2024") == datetime(2024, 5, 23)


def test_the_order_of_the_records_tells_day_and_month_apart() -> None:
    begun = ["01/04/2024", "02/04/2024", "03/04/2024", "01/05/2024", "02/05/2024", "01/06/2024"]
    begun += ["02/06/2024", "01/07/2024"]
    calendar = Calendar.of([begun, begun], range(8))
    assert calendar.order == "day first"
    assert Calendar.of([begun, begun], [6, 3, 7, 5, 0, 1, 2, 4]).order == ""


def test_zones_that_differ_are_brought_to_one() -> None:
    calendar = Calendar.of([["2024-05-01T10:00:00+02:00", "2024-05-01T10:00:00Z"]])
    assert calendar.at("2024-05-01T10:00:00+02:00") == datetime(2024, 5, 1, 8)
    same = Calendar.of([["2024-05-01T10:00:00+02:00"]])
    assert same.at("2024-05-01T10:00:00+02:00") == datetime(2024, 5, 1, 10)


def test_the_year_outweighs_a_heading(tmp_path: Path) -> None:
    """Without its team size, an export of 2024 has the headings of 2019."""
    rows = small("2024")
    at = rows[0].index("TeamSize")
    assert read_rows(tmp_path, [row[:at] + row[at + 1 :] for row in rows]).edition.name == "2024"
    rows[0][at] = "Size of the team"
    assert read_rows(tmp_path, rows).edition.name == "2024"


def joined(*editions: str, heading: bool) -> tuple[list[list[str]], list[list[list[str]]]]:
    parts = [small(edition) for edition in editions]
    rows = list(parts[0])
    for part in parts[1:]:
        rows += part if heading else part[1:]
    return rows, parts


@pytest.mark.parametrize("heading", [True, False], ids=["with headings", "without"])
@pytest.mark.parametrize("editions", [("2020", "2024"), ("2024", "2023"), ("2021", "2022", "2025")])
def test_editions_in_one_file_are_divided(
    tmp_path: Path, editions: tuple[str, ...], heading: bool
) -> None:
    rows, parts = joined(*editions, heading=heading)
    found = read_all(tmp_path, rows)
    assert [export.edition.name for export in found] == sorted(editions)
    for edition, part in zip(editions, parts, strict=True):
        alone = read_rows(tmp_path, part)
        export = next(each for each in found if each.edition.name == edition)
        assert answers(export) == answers(alone)
    read = sum(export.counts["read"] for export in found)
    assert read == sum(len(part) - 1 for part in parts)
    assert clean(found).editions == tuple(sorted(editions))


def test_read_export_refuses_several_and_reads_the_one_that_is_named(tmp_path: Path) -> None:
    rows, parts = joined("2020", "2024", heading=False)
    read_all(tmp_path, rows)
    path = tmp_path / "changed.csv"
    with pytest.raises(ExportError, match=r"records of 2020 and \d+ records of 2024"):
        read_export(path)
    export = read_export(path, edition="2024")
    assert answers(export) == answers(read_rows(tmp_path, parts[1]))
    assert export.counts["another edition"] == len(parts[0]) - 1


@pytest.mark.parametrize("other", ["2018", "2019", "2024"])
def test_a_second_heading_line_in_another_order_is_read_by_it(tmp_path: Path, other: str) -> None:
    above, below = small("2023"), small(other)
    reordered = [row[:6] + row[40:] + row[6:40] for row in below]
    parts = {"2023": above, other: below}
    for export in read_all(tmp_path, above + reordered):
        assert answers(export) == answers(read_rows(tmp_path, parts[export.edition.name]))


def test_the_same_edition_below_itself_is_one_export(tmp_path: Path) -> None:
    rows = small()
    half = len(rows) // 2
    reordered = [row[::-1] for row in [rows[0], *rows[half:]]]
    export = read_rows(tmp_path, [*rows[:half], *reordered])
    assert answers(export) == answers(read_rows(tmp_path, rows))
    assert "heading line again" in set(export.issues["code"])


def test_a_year_of_which_there_is_no_codebook_is_not_merged_with_another(tmp_path: Path) -> None:
    rows = small("2025")
    later = changed(small("2025"), "Created", lambda text: "2027" + text[4:])
    later = changed(later, "LastEdited", lambda text: "2027" + text[4:])
    with pytest.raises(ExportError, match="begun in 2025 and"):
        read_all(tmp_path, rows + later[1:])


def test_a_stretch_over_the_new_year_is_one_edition(tmp_path: Path) -> None:
    rows = small("2024")
    records = len(rows) - 1
    days = [f"2023-12-{20 + n:02d} 10:00:00" if n < 5 else f"2024-01-{n % 28 + 1:02d} 10:00:00"
            for n in range(records)]  # fmt: skip
    for row, day in zip(rows[1:], days, strict=True):
        row[3] = row[4] = day
    assert read_rows(tmp_path, rows).edition.name == "2024"


def test_a_lone_time_of_another_year_does_not_move_its_record(tmp_path: Path) -> None:
    rows = small("2024", respondents=30)
    middle = len(rows) // 2
    rows[middle][3] = rows[middle][4] = "2021" + rows[middle][3][4:]
    export = read_rows(tmp_path, rows)
    assert (export.edition.name, len(export)) == ("2024", len(rows) - 1)
    assert "time in doubt" in set(export.issues["code"])


def test_without_any_time_nothing_tells_the_edition(tmp_path: Path) -> None:
    rows = small("2024")
    without = [row[:3] + row[5:] for row in rows]
    with pytest.raises(ExportError, match="editions 2020, 2021, 2022, 2023, 2024, 2025 share"):
        read_rows(tmp_path, without)
    path = tmp_path / "changed.csv"
    assert read_editions(path, edition="2024")[0].edition.name == "2024"
    renamed = [["When" if h == "Created" else "Until" if h == "LastEdited" else h for h in rows[0]]]
    assert read_rows(tmp_path, renamed + rows[1:]).edition.name == "2024"


def test_an_edit_long_after_the_beginning_does_not_move_a_record(tmp_path: Path) -> None:
    rows = small("2023", respondents=20)
    for row in rows[1:4]:
        row[4] = "2024-06-01 10:00:00"
    assert read_rows(tmp_path, rows).edition.name == "2023"


def test_a_beginning_that_cannot_be_believed_is_not(tmp_path: Path) -> None:
    """It lies after the last edit; most records were begun in the year of the edit."""
    rows = small("2023", respondents=20)
    rows[1][3] = "2025-01-01 10:00:00"
    export = read_rows(tmp_path, rows)
    assert (export.edition.name, len(export)) == ("2023", len(rows) - 1)
