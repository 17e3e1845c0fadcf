"""Cases of records with cells too many: what must stand in each column for them to be put back."""

from __future__ import annotations

from collections.abc import Mapping

from tests.exports.cases_layouts import old_rows
from tests.exports.record_results import Case
from tests.exports.survey_files import FLAT, MAIN, Rows, put, text

_AT, _FLAT_AT = MAIN[0].index("DeploymentID"), FLAT[0].index("DeploymentID")
_DRIVER, _RELEASE = "BusinessDrivers - Save money", "CurrentReleases - Queens"
_MATRIX, _LONG = "ProjectsUsed - Barbican (Key Management)", "|".join(["KVM (x86)"] * 120)


def _shifted(
    rows: Rows, cells: Mapping[str, str], *extra: str, number: int = 1, at: int = -1
) -> Rows:
    """Return rows of which one has other cells, and some more in front of the deployment."""
    found = put(rows, {(number, heading): content for heading, content in cells.items()})
    place = rows[0].index("DeploymentID") if at < 0 else at
    found[number][place:place] = extra or ("x",)
    return found


CELLS = {
    "SurveyID": ("", "x", "17"), "CreatedByID": ("", "x", "7 1"), "Created": ("", "soon", "01/05/2018", "2018-05-01"),
    "LastEdited": ("", "0000-00-00 00:00:00", "x"), "Language": ("", "english", "de_DE", "de-DE"), "DeploymentID": ("", "x", "1001", "1000"),
    "OkToContact": ("", "0", "2"), "NetPromoter": ("", "0", "11"), "IsPublic": ("0", "2"), "DocsFeedback": ("", "daily"),
    "OrgSizeSydney": ("1-000 to 9-999 employees", "1,000"), "BusinessDrivers": ("Save money", "Save money|x", "x"),
    "Hypervisors": ("", "lxc|QEMU", "lxc|x", "lxc|", _LONG[:1023], _LONG[:1024], _LONG[:1025]), _MATRIX: ("", "Testing", "x"),
    "CountriesPhysicalLocation": ("DE", "x"), "UserCountry": ("Utopia",), "WhatDoYouLikeMost": ("",), "Email": ("x",),
}  # fmt: skip
FLAT_CELLS = {_DRIVER: ("", "0", "3", "x", "1.0"), _RELEASE: ("", "1", "0", "2"), _MATRIX: ("1",)}
_ALONE = dict.fromkeys(MAIN[0][_AT:], "") | {"DeploymentID": "2001"}
TWO_WAYS = {
    "two numbers and nothing else": _shifted(MAIN, _ALONE, "5555"),
    "two numbers, the first smaller": _shifted(MAIN, _ALONE, "17"),
    "two numbers, the same": _shifted(MAIN, _ALONE, "2001"),
    "three numbers and nothing else": _shifted(MAIN, _ALONE, "5555", "6666"),
    "two numbers and a label": _shifted(MAIN, {**_ALONE, "Label": "so"}, "5555"),
    "two numbers and a tick": _shifted(MAIN, {**_ALONE, "IsPublic": "1"}, "5555"),
    "two numbers, no respondent": _shifted(MAIN, {**_ALONE, "SurveyID": ""}, "5555"),
    "no number, a label": _shifted(MAIN, {**_ALONE, "DeploymentID": "", "Label": "so"}),
    "no number, nothing else": _shifted(MAIN, {**_ALONE, "DeploymentID": ""}),
    "no number, a number in front": _shifted(MAIN, {**_ALONE, "DeploymentID": ""}, "5555"),
    "two records of two ways": _shifted(_shifted(MAIN, _ALONE, "5555"), _ALONE, "6666", number=3),
    "two ways in the last record": _shifted(MAIN, _ALONE, "5555", number=6),
    "blank cells in front": _shifted(MAIN, {}, "", ""),
    "a blank and a text in front": _shifted(MAIN, {}, "", "x"),
    "one less, two more": [*MAIN[:1], [*MAIN[1][:9], *MAIN[1][10:_AT], "x", "y", *MAIN[1][_AT:]], *MAIN[2:]],
    "surplus in front of the first": _shifted(MAIN, {}, "9", at=0),
    "surplus behind the first": _shifted(MAIN, {}, "9", at=1),
    "surplus behind the deployment": _shifted(MAIN, {}, "9", at=_AT + 1),
    "all records with surplus at the end": [MAIN[0], *[[*row, "x"] for row in MAIN[1:4]], *MAIN[4:]],
}  # fmt: skip


def _moved(start: int, stop: int, to: int) -> Rows:
    """Return rows of which some columns stand in front of others."""
    return [[*row[:to], *row[start:stop], *row[to:start], *row[stop:]] for row in MAIN]


_LAST = len(MAIN[0]) - 60  # behind the matrices, where each column is a question of its own
ORDER = {
    **{f"a column moved by {far}": _moved(2 + far, 3 + far, 2) for far in (1, 22, 23, 24, 25)},
    **{f"{number} columns moved by 29": _moved(_LAST + 29, _LAST + 29 + number, _LAST) for number in (1, 23, 24, 25, 26)},
    **{f"headings cut at {n}": [[h[:n] for h in MAIN[0]], *MAIN[1:]] for n in (15, 16, 17, 32)},
    "headings cut at 24, blanks too": [[h[:24].strip() for h in MAIN[0]], *MAIN[1:]],
    "exactly half of the columns": [row[:100] for row in MAIN],
    "one column more than half": [row[:101] for row in MAIN],
    "seven long headings": [[f"{'long ' * 9}{n}" for n in range(7)], ["a"] * 7],
    "seven headings, the sixth nearly known": [["SurveyID", *[f"zzz{n}" * 3 for n in range(5)], "Organizatio"], ["1"] * 7],
    "seven headings, the fourth nearly known": [["SurveyID", *[f"zzz{n}" * 3 for n in range(3)], "Organizatio", "qqqq", "rrrr"], ["1"] * 7],
    "words in the fifth irregular record": [MAIN[0], *MAIN[1:], *[[str(2000 + n), *(["NULL"] if n == 4 else ["7"]) * 3] for n in range(5)]],
    "words in the fourth irregular record": [MAIN[0], *MAIN[1:], *[[str(2000 + n), *(["NULL"] if n == 3 else ["7"]) * 3] for n in range(5)]],
}  # fmt: skip


def _commas(*records: Mapping[str, str]) -> bytes:
    return text(old_rows("2014", *records, {}, {}, {}))


_FULL = {
    "FirstName": "Ada",
    "Surname": "E",
    "Email": "a@b.example",
    "Title": "x",
    "OrgName": "Org",
    "Industry": "Finance",
}
COMMAS = {
    "commas in a band": {"ComputeCores": "501-1,000 cores"}, "commas in two bands": {"ComputeCores": "501-1,000 cores", "ComputeNodes": "501-1,000 nodes"},
    "commas in a list": {"CurrentReleases": "Trunk,Grizzly"}, "commas in a list with others": {"CurrentReleases": "Trunk,mine,Grizzly"},
    "commas in countries": {"CountriesPhysicalLocation": "DE,AT,CH"}, "commas in countries beside texts": {"CountriesPhysicalLocation": "DE,Prefer not to say", "Label": "x"},
    "commas in no countries": {"CountriesPhysicalLocation": "DE,XX"}, "commas in a text": {**_FULL, "FurtherEnhancement": "more, please"},
    "a comma at the end of a text": {**_FULL, "FurtherEnhancement": "more,"}, "two commas in a text": {**_FULL, "FurtherEnhancement": "a,,b"},
    "commas in a rank": {"BusinessDrivers": "Ability to innovate, compete,Cost savings"}, "commas in a name": {"FirstName": "A, B", "Surname": "C"},
    "unspecified beside commas": {"ComputeCores": "unspecified", "ComputeNodes": "501-1,000 nodes"}, "old names beside commas": {"DeploymentType": "On-Premise Private Cloud", "ComputeNodes": "501-1,000 nodes"},
    "a number with a comma": {"DeploymentID": "1,001"}, "a choice with a comma": {"WhyNovaNetwork": "Scalability, Performance,Migration effort"},
    "times beside commas": {"DeploymentCreated": "2014-04-02 10:00:00", "ComputeNodes": "501-1,000 nodes"}, "bad times beside commas": {"SurveyCreated": "soon", "ComputeNodes": "501-1,000 nodes"},
}  # fmt: skip
CASES = [
    Case("untouched", text(MAIN)),
    *(Case(f"{heading[:20]}: {cell[:20]!r} of {len(cell)}", text(_shifted(MAIN, {heading: cell})))
      for heading, cells in CELLS.items() for cell in cells),
    *(Case(f"flat {heading[:20]}: {cell!r}", text(_shifted(FLAT, {heading: cell}))) for heading, cells in FLAT_CELLS.items() for cell in cells),
    *(Case(name, text(rows)) for name, rows in TWO_WAYS.items()),
    *(Case(name, text(rows)) for name, rows in ORDER.items()),
    *(Case(name, _commas(cells), "survey_results.csv") for name, cells in COMMAS.items()),
    *(Case(f"{count} commas", _commas({**_FULL, "FurtherEnhancement": "a," * count + "a"}), "survey_results.csv") for count in (79, 80, 81)),
]  # fmt: skip
