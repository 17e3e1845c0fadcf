"""Headings that people and programs changed: found again, or missing and said to be."""

from pathlib import Path

import pytest

from survey.exports import read_export
from survey.exports.recognise.known_headings import match_headings
from survey.exports.spelling import folded
from survey.responses import clean
from tests.exports.small import answers, read_rows, small

NOVA = "ProjectsUsed - Nova (Compute)"
NAMES = ("SurveyID", "Email", NOVA, "C", "C++", "DatabaseUsed", "Packages you’ve built yourself")


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("survey\u00a0id", "SurveyID"),
        ("\ufeffSURVEYID", "SurveyID"),
        ("Survey ID", "SurveyID"),
        ("ProjectsUsed \u2013 Nova (Compute)", NOVA),
        ("ProjectsUsed -\u200b Nova\n(Compute)", NOVA),
        ("ProjectsUsed -\r\nNova (Compute)", NOVA),
        ("ProjectsUsed - Nova&nbsp;(Compute)", NOVA),
        ("Packages you'VE built yourself", "Packages you’ve built yourself"),
        ("Packages you&rsquo;ve built yourself", "Packages you’ve built yourself"),
        ("Packages you&amp;#8217;ve built yourself", "Packages you’ve built yourself"),
    ],
)
def test_differences_that_nobody_means_are_none(written: str, heading: str) -> None:
    assert match_headings([written, "Notes"], NAMES) == (heading, "Notes")


@pytest.mark.parametrize("written", ["C#", "Databases", "Nova (Compute)", "", "ProjectsUsed"])
def test_another_word_is_another_heading(written: str) -> None:
    assert match_headings([written], NAMES) == (written,)


def test_what_fits_two_fits_none() -> None:
    assert match_headings(["email", "EMAIL"], NAMES) == ("email", "EMAIL")
    assert match_headings(["Email", "EMAIL"], NAMES) == ("Email", "EMAIL")
    assert match_headings(["a b"], ("A B", "a  b")) == ("a b",)


def test_headings_cut_at_one_length_are_found_by_their_beginning() -> None:
    cut = [name[:20] for name in NAMES]
    assert match_headings(cut, NAMES) == NAMES
    assert match_headings(["ProjectsUsed - Nova", "x" * 40], NAMES)[0] == "ProjectsUsed - Nova"


def test_short_headings_are_not_taken_for_cut_ones() -> None:
    known = ("Company name", "Industry")
    assert match_headings(["Company n", "Industry"], known) == ("Company n", "Industry")
    long = ("What is the name of your company?", "Industry")
    assert match_headings(["What is the name", "Industry"], long) == long
    assert match_headings(["What is the nam", "Industry"], long) == ("What is the nam", "Industry")


def test_folding_twice_changes_nothing() -> None:
    for text in ("Don’t know&nbsp;/ NOT sure", "a\u2011b", "İ", "ſ", "ﬁ", "Å", "&amp;lt;"):
        assert folded(folded(text)) == folded(text)


def test_a_heading_in_another_spelling_is_read_and_logged(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    respelled = [[each.replace(" ", "\u00a0").upper() for each in rows[0]], *rows[1:]]
    export = read_rows(tmp_path, respelled)
    assert export.headings == sound.headings
    assert answers(export) == answers(sound)
    logged = export.repairs[export.repairs["rule"] == "heading spelling"]
    assert len(logged) == len(rows[0])
    assert set(logged["after"]) == set(rows[0])
    assert not len(export.issues[export.issues["code"].str.contains("heading")])


@pytest.mark.parametrize("heading", [NOVA, "TeamSize", "Created", "NetPromoter", "Label"])
@pytest.mark.parametrize("way", ["renamed", "dropped"])
def test_a_heading_that_is_lost_is_said_and_changes_nothing_else(
    tmp_path: Path, heading: str, way: str
) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    at = rows[0].index(heading)
    if way == "dropped":
        lost = [[*row[:at], *row[at + 1 :]] for row in rows]
    else:
        lost = [[*rows[0][:at], "Something else", *rows[0][at + 1 :]], *rows[1:]]
    export = read_rows(tmp_path, lost)
    assert export.edition.name == "2024"
    assert heading not in export.headings
    absent = export.issues[export.issues["code"] == "absent heading"]
    assert absent["column"].tolist() == [heading]
    assert answers(export, ["Something else"]) == answers(sound, [heading])
    clean(export)


def test_columns_without_name_or_answers_are_left_out(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    for names in (["", ""], ["Notes", "Notes"]):
        wider = [[*rows[0], *names], *([*row, "", ""] for row in rows[1:])]
        export = read_rows(tmp_path, wider)
        assert answers(export) == answers(sound)
        assert "empty column" in set(export.issues["code"])
    for short, long in ((rows[:1], rows[1:]), (rows[1:], rows[:1])):
        uneven = sorted(
            [*short, *([*row, "", ""] for row in long)], key=lambda row: row[0] != "SurveyID"
        )
        export = read_rows(tmp_path, uneven)
        assert export.headings == sound.headings
        assert answers(export) == answers(sound)


def test_a_heading_that_stands_twice_is_read_if_both_columns_say_the_same(tmp_path: Path) -> None:
    rows = small()
    sound = read_rows(tmp_path, rows)
    at = rows[0].index("NetPromoter")
    twice = [[*row, row[at]] for row in rows]
    export = read_rows(tmp_path, twice)
    assert answers(export) == answers(sound)
    assert "repeated heading" in set(export.issues["code"])
    other = [[*rows[0], "NetPromoter"], *([*row, "5"] for row in rows[1:])]
    path = tmp_path / "two.csv"
    path.write_text("\n".join(",".join(row) for row in other if '"' not in "".join(row)) + "\n")
    with pytest.raises(Exception, match="more than once"):
        read_export(path)
