"""Cases of records and headings: too long, too short, divided, out of place, of another name."""

from __future__ import annotations

from collections.abc import Sequence

from tests.exports.record_results import Case
from tests.exports.survey_files import FLAT, MAIN, Rows, put, put_column, renamed, text, without

_AT = MAIN[0].index("DeploymentID")
_LIKED = MAIN[0].index("WhatDoYouLikeMost")
_WIDTH = len(MAIN[0])
_HEAD = MAIN[0]


def _inserted(number: int, at: int, *cells: str, rows: Rows = MAIN) -> Rows:
    """Return rows with more cells in one record, in front of a column."""
    found = [[*row] for row in rows]
    found[number][at:at] = cells
    return found


def _cut(number: int, width: int, rows: Rows = MAIN) -> Rows:
    return [row[:width] if at == number else row for at, row in enumerate(rows)]


def _with_column(at: int, heading: str, cells: Sequence[str] = (), rows: Rows = MAIN) -> Rows:
    """Return rows with one more column; cells are blank where none are given."""
    given = [heading, *cells, *[""] * len(rows)]
    return [[*row[:at], cell, *row[at:]] for row, cell in zip(rows, given, strict=False)]


def _moved(start: int, stop: int, *, heading_alone: bool = False, rows: Rows = MAIN) -> Rows:
    found = [[*row] for row in rows]
    for row in found[:1] if heading_alone else found:
        row.insert(stop, row.pop(start))
    return found


def _divided(number: int, at: int, *pieces: str, filled: bool = False, rows: Rows = MAIN) -> Rows:
    """Return rows of which one stands on several lines, as a line end in a cell divides it."""
    row = rows[number]
    first = [*row[:at], pieces[0]]
    rest = [[piece] for piece in pieces[1:]]
    rest[-1] += row[at + 1 :]
    lines = [first, *rest]
    if filled:
        lines = [[*line, *[""] * (len(row) - len(line))] for line in lines]
    return [*rows[:number], *lines, *rows[number + 1 :]]


def _many(rows: Rows, times: int) -> Rows:
    """Return rows with the records of more respondents, as many times as asked."""
    found = [*rows]
    for turn in range(1, times):
        for row in rows[1:]:
            more = [*row]
            more[0] = str(int(row[0]) + 100 * turn)
            if more[_AT]:
                more[_AT] = str(int(row[_AT]) + 100 * turn)
            found.append(more)
    return found


LENGTHS = {
    "untouched": MAIN,
    "one cell more at the end": _inserted(1, _WIDTH, "AppFormix"),
    "two cells more at the end": _inserted(1, _WIDTH, "AppFormix", "x"),
    "a blank cell more at the end": _inserted(3, _WIDTH, ""),
    "one cell more before the deployment": _inserted(1, _AT, "AppFormix"),
    "two cells more before the deployment": _inserted(1, _AT, "one", "two"),
    "one before the deployment and one at the end": _inserted(
        1, _AT, "one", rows=_inserted(1, _WIDTH, "end")
    ),
    "one cell more, no deployment": _inserted(4, _AT, "AppFormix"),
    "one number more before the deployment": _inserted(1, _AT, "17"),
    "a larger number more before the deployment": _inserted(1, _AT, "5555"),
    "the number of the deployment twice": _inserted(1, _AT, "2001"),
    "one cell more in front": _inserted(1, 0, "x"),
    "one cell more in the midst": _inserted(1, 12, "x"),
    "one blank cell more in the midst": _inserted(3, 12, ""),
    "fifty cells more": _inserted(1, _WIDTH, *["x"] * 50),
    "fifty-one cells more": _inserted(1, _WIDTH, *["x"] * 51),
    "fifty cells more before the deployment": _inserted(1, _AT, *["x"] * 50),
    "surplus in two records": _inserted(1, _AT, "x", rows=_inserted(3, _AT, "y")),
    "surplus in half of the records": [
        *_inserted(1, _WIDTH, "x", rows=_inserted(2, _WIDTH, "x", rows=_inserted(3, _WIDTH, "x")))
    ],
    "surplus in most records": [MAIN[0], *[[*row, "x"] for row in MAIN[1:5]], *MAIN[5:]],
    "surplus blanks in most records": [MAIN[0], *[[*row, ""] for row in MAIN[1:5]], *MAIN[5:]],
    "surplus blanks in all records": [MAIN[0], *[[*row, ""] for row in MAIN[1:]]],
    "surplus blanks in half of the records": [
        MAIN[0], *[[*row, ""] for row in MAIN[1:4]], *MAIN[4:]
    ],
    "two surplus blanks in all records": [MAIN[0], *[[*row, "", ""] for row in MAIN[1:]]],
    "surplus headings without a name": [[*MAIN[0], "", ""], *MAIN[1:]],
    "surplus heading with a name": [[*MAIN[0], "Notes"], *MAIN[1:]],
    "one cell less": _cut(1, _WIDTH - 1),
    "record cut in the midst": _cut(3, 14),
    "record cut before the deployment": _cut(1, _AT),
    "last record cut": _cut(6, 30),
    "number alone": _cut(3, 1),
    "most records cut": [MAIN[0], *[row[:50] for row in MAIN[1:5]], *MAIN[5:]],
    "half of the records cut": [MAIN[0], *[row[:50] for row in MAIN[1:4]], *MAIN[4:]],
    "records of many widths": [MAIN[0], *[row[: 50 + n % 3] for n, row in enumerate(MAIN[1:])]],
}  # fmt: skip
KEYS = {
    "number blank": put(MAIN, {(3, "SurveyID"): ""}),
    "number not a number": put(MAIN, {(3, "SurveyID"): "x7"}),
    "number of eighteen digits": put(MAIN, {(3, "SurveyID"): "9" * 18}),
    "number of nineteen digits": put(MAIN, {(3, "SurveyID"): "9" * 19}),
    "deployment not a number": put(MAIN, {(1, "DeploymentID"): "x"}),
    "deployment of nineteen digits": put(MAIN, {(1, "DeploymentID"): "9" * 19}),
    "no numbers": put_column(MAIN, "SurveyID", lambda text: "x"),
    "no numbers, two records": [
        MAIN[0], *put_column(MAIN, "SurveyID", lambda text: "x")[1:3]
    ],
    "no numbers, three records": [
        MAIN[0], *put_column(MAIN, "SurveyID", lambda text: "x")[1:4]
    ],
    "numbers with decimals": put_column(MAIN, "SurveyID", lambda text: f"{text}.0"),
    "numbers with grouped digits": put_column(MAIN, "SurveyID", lambda t: f"{t[0]}'{t[1:]}"),
    "numbers with few digits": put_column(MAIN, "SurveyID", lambda text: "1.0E+03"),
    "numbers that lost digits": put_column(MAIN, "SurveyID", lambda text: "1.2E+06"),
    "deployments that lost digits": put(MAIN, {(1, "DeploymentID"): "1.2E+06"}),
    "members that lost digits": put(MAIN, {(1, "CreatedByID"): "1.2E+06"}),
    "members with decimals": put_column(MAIN, "CreatedByID", lambda text: f"{text},00"),
    "numbers in formulas": put_column(MAIN, "SurveyID", lambda text: f"=\"{text}\""),
    "numbers behind an apostrophe": put_column(MAIN, "DeploymentID", lambda t: t and f"'{t}"),
    "numbers with zeros in front": put_column(MAIN, "SurveyID", lambda text: f"00{text}"),
    "numbers with invisible characters": put_column(MAIN, "SurveyID", lambda t: f"\ufeff{t}\u00a0"),
    "numbers with decimals in irregular records": _inserted(
        1, _WIDTH, "x", rows=put_column(MAIN, "SurveyID", lambda text: f"{text}.0")
    ),
    "a total below": [*MAIN, ["6", *[""] * (_WIDTH - 1)]],
    "a total with a member below": [*MAIN, ["6", "6", *[""] * (_WIDTH - 2)]],
    "a record with language alone": [*MAIN, ["1009", "", "", "", "", "en_US", *[""] * (_WIDTH - 6)]],
    "a record with two of the fixed": [
        *MAIN, ["1009", "", "", "2018-01-01", "", "en_US", *[""] * (_WIDTH - 6)]
    ],
    "two totals below": [*MAIN, *[[str(n), *[""] * (_WIDTH - 1)] for n in (6, 12)]],
    "a fifth of all are remarks": [*_many(MAIN, 2)[:9], *[[str(n), *[""] * (_WIDTH - 1)] for n in (6, 12)]],
    "more than a fifth are remarks": [*MAIN, *[[str(n), *[""] * (_WIDTH - 1)] for n in (6, 12, 18)]],
    "a remark below": [*MAIN, ["Sum of all:", *[""] * (_WIDTH - 1)]],
    "a remark below of three cells": [*MAIN, ["Sum", "of", "all", *[""] * (_WIDTH - 3)]],
    "language in other forms": put(
        MAIN, {(1, "Language"): "en-US", (2, "Language"): "en", (3, "Language"): "english"}
    ),
}  # fmt: skip
MERGED = {
    "respondent's cells merged": [
        *MAIN[:2], [cell if at >= _AT else "" for at, cell in enumerate(MAIN[2])], *MAIN[3:]
    ],
    "respondent's cells merged, numbers not going up": [
        MAIN[0], MAIN[3], MAIN[1],
        [cell if at >= _AT else "" for at, cell in enumerate(MAIN[2])], *MAIN[4:],
    ],
    "number blank, the rest there": put(MAIN, {(2, "SurveyID"): ""}),
    "number and deployment blank": [
        *MAIN[:2], ["" if at in (0, _AT) else cell for at, cell in enumerate(MAIN[2])], *MAIN[3:]
    ],
    "first record without a respondent": [
        MAIN[0], [cell if at >= _AT else "" for at, cell in enumerate(MAIN[2])], *MAIN[1:2], *MAIN[3:]
    ],
    "two merged": [
        *MAIN[:2],
        *[[cell if at >= _AT else "" for at, cell in enumerate(MAIN[number])] for number in (2, 3)],
        *MAIN[4:],
    ],
    "merged with an irregular record": _inserted(
        3, _WIDTH, "x",
        rows=[*MAIN[:2], [c if at >= _AT else "" for at, c in enumerate(MAIN[2])], *MAIN[3:]],
    ),
    "all merged into one number": [
        *MAIN[:2],
        *[[cell if at >= _AT else "" for at, cell in enumerate(row)] for row in MAIN[2:]],
    ],
}  # fmt: skip
DIVIDED = {
    "text divided": _divided(1, _LIKED, "It works", "well"),
    "text divided, lines filled": _divided(1, _LIKED, "It works", "well", filled=True),
    "text divided in three": _divided(1, _LIKED, "It", "works", "well"),
    "text divided in three, lines filled": _divided(1, _LIKED, "It", "works", "well", filled=True),
    "text divided before a number": _divided(1, _LIKED, "It works", "17"),
    "last text divided": _divided(6, _LIKED, "It works", "well"),
    "last text divided, lines filled": _divided(6, _LIKED, "It works", "well", filled=True),
    "divided into twenty-one lines": _divided(1, _LIKED, *["x"] * 21),
    "divided into twenty-two lines": _divided(1, _LIKED, *["x"] * 22),
    "number divided": _divided(1, 0, "1001", ""),
    "feedback divided, lines filled": _divided(
        3, _HEAD.index("BarbicanFeedback"), "fine", "indeed", filled=True
    ),
    "feedback divided": _divided(3, _HEAD.index("BarbicanFeedback"), "fine", "indeed"),
    "label divided, lines filled": _divided(1, _HEAD.index("Label"), "Prod", "one", filled=True),
    "choice divided": _divided(1, _HEAD.index("DeploymentStage"), "Proof of", "Concept"),
    "text divided twice": _divided(
        1, _LIKED, "It", "works", rows=_divided(3, _HEAD.index("BarbicanFeedback"), "so", "so")
    ),
    "a line without a number between": [*MAIN[:3], ["x", *[""] * (_WIDTH - 1)], *MAIN[3:]],
    "three cells without a number between": [
        *MAIN[:3],
        ["x", "y", "z", *[""] * (_WIDTH - 3)],
        *MAIN[3:],
    ],
    "a short line without a number between": [*MAIN[:3], ["x"], *MAIN[3:]],
    "a line without a number at the top": [MAIN[0], ["x"], *MAIN[1:]],
    "a short record and a short line": [*_cut(3, 14)[:4], ["x", "y"], *MAIN[4:]],
}
HEADINGS = {
    "heading lost": [[h for h in _HEAD if h != "DocsFeedback"], *MAIN[1:]],
    "column lost": without(MAIN, "DocsFeedback"),
    "columns lost": without(MAIN, "DocsFeedback", "Language", "Continent"),
    "no numbers of respondents": without(MAIN, "SurveyID"),
    "no numbers of deployments": without(MAIN, "DeploymentID"),
    "neither numbers": without(MAIN, "SurveyID", "DeploymentID"),
    "half of the columns": [row[:101] for row in MAIN],
    "less than half of the columns": [row[:99] for row in MAIN],
    "heading twice": renamed(MAIN, {"Surname": "FirstName"}),
    "two headings twice": renamed(MAIN, {"Surname": "FirstName", "IndustryOther": "IndustrySydney"}),
    "column twice": _with_column(40, "FirstName"),
    "column twice with other cells": _with_column(40, "NetPromoter", ["1", "2"]),
    "unknown column twice": _with_column(1, "Notes", ["a"], _with_column(50, "Notes", ["b"])),
    "unknown column twice with the same cells": _with_column(
        1, "Notes", ["a"], _with_column(50, "Notes", ["a"])
    ),
    "unknown column": _with_column(40, "Notes", ["a", "b"]),
    "unknown column at the end": _with_column(_WIDTH, "Notes", ["a", "b"]),
    "unknown column in front": _with_column(0, "Notes", ["a", "b"]),
    "unknown blank column": _with_column(40, "Notes"),
    "column without a name": _with_column(40, "", ["a", "b"]),
    "blank column without a name": _with_column(40, ""),
    "two blank columns without a name": _with_column(40, "", (), _with_column(90, "")),
    "unknown heading before the deployment": _with_column(_AT, "Extra", ["a"]),
    "unknown heading before the deployment, others lack it": [
        _with_column(_AT, "Extra")[0], _with_column(_AT, "Extra", ["a"])[1], *MAIN[2:]
    ],
    "unknown heading before the deployment, some lack it": [
        _with_column(_AT, "Extra")[0],
        *_with_column(_AT, "Extra", ["a", "b", "c", "d"])[1:5], *MAIN[5:],
    ],
    "unknown heading at the end, others lack it": [
        [*_HEAD, "Extra"], [*MAIN[1], "a"], *MAIN[2:]
    ],
    "unknown heading at the end, some lack it": [
        [*_HEAD, "Extra"], *[[*row, "a"] for row in MAIN[1:5]], *MAIN[5:]
    ],
    "two unknown headings at the end, others lack them": [
        [*_HEAD, "Extra", "More"], [*MAIN[1], "a", "b"], *MAIN[2:]
    ],
    "absent heading and unknown one in its place": renamed(MAIN, {"DocsFeedback": "HowIsIt"}),
    "absent heading and unknown one elsewhere": _with_column(
        5, "HowIsIt", (), without(MAIN, "DocsFeedback")
    ),
    "absent first and unknown one in its place": renamed(MAIN, {"SurveyID": "Quux"}),
    "two absent and two unknown": renamed(MAIN, {"DocsFeedback": "HowIsIt", "Label": "Quux"}),
    "nearly the heading": renamed(MAIN, {"DocsFeedback": "DocsFeedbck"}),
    "number for a heading": renamed(MAIN, {"DocsFeedback": "17"}),
    "address for a heading": renamed(MAIN, {"DocsFeedback": "ada@a.example"}),
    "very long heading": renamed(MAIN, {"DocsFeedback": "x" * 200}),
    "long heading": renamed(MAIN, {"DocsFeedback": "x" * 199}),
    "headings in small letters": [[h.lower() for h in _HEAD], *MAIN[1:]],
    "headings with spaces": [[h.replace("ID", " ID") for h in _HEAD], *MAIN[1:]],
    "headings with dots, as R makes them": [
        ["".join(c if c.isalnum() or c in "._" else "." for c in h) for h in _HEAD], *MAIN[1:]
    ],
    "headings as databases make them": [
        [h.replace("SurveyID", "survey_id").replace(" - ", "_").lower() for h in _HEAD], *MAIN[1:]
    ],
    "headings numbered": [[f"Q{n}. {h}" for n, h in enumerate(_HEAD, start=1)], *MAIN[1:]],
    "headings cut at 24": [[h[:24] for h in _HEAD], *MAIN[1:]],
    "headings cut at 40": [[h[:40] for h in _HEAD], *MAIN[1:]],
    "headings cut at 12": [[h[:12] for h in _HEAD], *MAIN[1:]],
    "headings with other dashes": [[h.replace(" - ", " – ") for h in _HEAD], *MAIN[1:]],
    "headings with blanks around": [[f" {h} " for h in _HEAD], *MAIN[1:]],
    "two spellings of one heading": renamed(
        MAIN, {"DocsFeedback": "docsfeedback", "Label": "DOCSFEEDBACK"}
    ),
    "columns swapped": _moved(_LIKED, _LIKED + 1),
    "heading moved alone": _moved(_LIKED, 9, heading_alone=True),
    "column moved to the end": _moved(3, _WIDTH - 1),
    "column moved to the front": _moved(150, 0),
    "columns reversed": [row[::-1] for row in MAIN],
    "rows of a matrix swapped": _moved(
        _HEAD.index("ProjectsUsed - Barbican (Key Management)"),
        _HEAD.index("ProjectsUsed - Barbican (Key Management)") + 3,
    ),
    "twelve columns swapped": [[*row[40:52], *row[:40], *row[52:]] for row in MAIN],
}  # fmt: skip
LINES = {
    "one line above": [["Export of 2018"], *MAIN],
    "three lines above": [["Export"], [], ["of", "2018"], *MAIN],
    "twenty-nine lines above": [*[["x"]] * 29, *MAIN],
    "thirty lines above": [*[["x"]] * 30, *MAIN],
    "headings again": [*MAIN[:4], MAIN[0], *MAIN[4:]],
    "headings twice at the top": [MAIN[0], *MAIN],
    "headings at the end": [*MAIN, MAIN[0]],
    "headings again in another order": [
        *MAIN[:4], MAIN[0][::-1], *[row[::-1] for row in MAIN[4:]]
    ],
    "headings again without one": [
        *MAIN[:4], *[row[:-1] for row in (MAIN[0], *MAIN[4:])]
    ],
    "headings again of the flat layout": [*MAIN, *FLAT],
    "two of the headings again": [*MAIN[:4], MAIN[0][:2], *MAIN[4:]],
    "three of the headings again": [*MAIN[:4], MAIN[0][:3], *MAIN[4:]],
    "a record twice": [*MAIN[:3], MAIN[2], *MAIN[3:]],
    "a mark of byte order in the midst": [*MAIN[:4], ["\ufeff" + MAIN[0][0], *MAIN[0][1:]], *MAIN[4:]],
    "a record with a number and headings": [*MAIN[:4], ["17", "Email", "Created"], *MAIN[4:]],
    "uncertain cells in the second part": [
        *MAIN[:4], MAIN[0][::-1], *put([MAIN[0], *MAIN[4:]], {(1, "ComputeCores"): "#REF!"})[1:2],
        *[row[::-1] for row in put([MAIN[0], *MAIN[4:]], {(2, "Hypervisors"): "#REF!"})[2:]],
    ],
}  # fmt: skip
FLAT_ONES = {
    "flat": FLAT,
    "flat, bogus heading": _with_column(
        FLAT[0].index("DeploymentID"), "CurrentReleases - ", (), FLAT
    ),
    "flat, bogus heading that others lack": [
        [*FLAT[0][:30], "Hypervisors - ", *FLAT[0][30:]],
        *FLAT[1:],
    ],
    "flat, one cell more before the deployment": _inserted(
        1, FLAT[0].index("DeploymentID"), "x", rows=FLAT
    ),
    "flat, one cell more": _inserted(1, len(FLAT[0]), "x", rows=FLAT),
    "flat, choice lost": without(FLAT, "CurrentReleases - Queens"),
    "flat, question lost": without(FLAT, *(h for h in FLAT[0] if h.startswith("CurrentReleases"))),
    "flat, ticks by name": put(
        FLAT, {(1, "CurrentReleases - Queens"): "Queens", (1, "CurrentReleases - Pike"): "queens"}
    ),
    "flat, ticks in words": put(
        FLAT,
        {
            (1, "CurrentReleases - Queens"): "TRUE",
            (1, "CurrentReleases - Pike"): "yes",
            (2, "CurrentReleases - Trunk"): "1.0",
            (3, "CurrentReleases - Trunk"): "0",
            (3, "CurrentReleases - Pike"): "false",
            (5, "DeploymentTools - Chef"): "2",
        },
    ),
    "flat, ranks of other kinds": put(
        FLAT,
        {
            (1, "BusinessDrivers - Save money"): "1.0",
            (1, "BusinessDrivers - Avoid vendor lock-in"): "9",
            (3, "BusinessDrivers - Save money"): "TRUE",
        },
    ),
    "flat, wrong cells of a matrix": put(
        FLAT, {(1, "ProjectsUsed - Barbican (Key Management)"): "1"}
    ),
    "flat, before Language came": without(FLAT, "Language"),
    "flat, before Continent came": without(FLAT, "Language", "Continent"),
}
CASES = [
    Case(name, text(rows))
    for group in (LENGTHS, KEYS, MERGED, DIVIDED, HEADINGS, LINES, FLAT_ONES)
    for name, rows in group.items()
]
