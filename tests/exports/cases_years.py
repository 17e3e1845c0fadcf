"""Cases of the year in which records were begun: editions, strays, files put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from survey.codebook import read_codebook
from survey.exports import Layout
from survey.exports.layouts import LAYOUTS
from tests.exports.record_results import Case
from tests.exports.survey_files import Rows, put, text, without

_BOOK = read_codebook()
_OWN = """
[edition]
name = "2031"
title = "User survey 2031"
extends = "2024"
"""


def _headings(edition: str, layout: Layout = Layout.BY_HEADING) -> list[str]:
    return [h.replace(",", "-") for h in LAYOUTS[layout](_BOOK.edition(edition))]


def _records(
    times: Iterable[str], edition: str = "2023", first: int = 100, edited: Sequence[str] = ()
) -> Rows:
    """Return records that were begun at some times, and their headings."""
    headings = _headings(edition)
    rows = []
    for number, time in enumerate(times):
        cells = {
            "SurveyID": str(first + 2 * number), "CreatedByID": str(7000 + first + number),
            "Created": time, "LastEdited": edited[number] if edited else time,
            "Language": "en_US", "DeploymentID": str(first + 2 * number + 1),
            "Label": f"cloud {first + number}",
        }  # fmt: skip
        rows.append([cells.get(heading, "") for heading in headings])
    return [headings, *rows]


def _begun(day: str, number: int, apart: float = 1.0) -> list[str]:
    """Return times of some records, some days apart."""
    start = datetime.fromisoformat(day)
    return [str(start + timedelta(days=apart * each)) for each in range(number)]


def _joined(*parts: Rows, headings: bool = False) -> Rows:
    return [
        row for number, part in enumerate(parts) for row in part[bool(number and not headings) :]
    ]


_FOUR, _FIVE = _begun("2023-05-01 10:00:00", 4), _begun("2024-05-01 10:00:00", 5)
EDITIONS = {
    "untouched": _records(_FOUR),
    **{
        f"headings of {name}": _records(_begun(f"{name}-05-01 10:00:00", 3), name)
        for name in ("2017", "2018", "2019", "2020", "2021", "2022", "2024", "2025")
    },
    **{
        f"headings of 2023, begun in {year}": _records(_begun(f"{year}-05-01 10:00:00", 3))
        for year in (2014, 2016, 2017, 2018, 2019, 2020, 2022, 2024, 2025, 2026, 2027, 2031)
    },
    **{
        f"headings of 2018, begun in {year}": _records(_begun(f"{year}-05-01 10:00:00", 3), "2018")
        for year in (2015, 2016, 2017, 2019, 2020, 2021, 2031)
    },
    **{
        f"headings of 2017, begun in {year}": _records(_begun(f"{year}-05-01 10:00:00", 3), "2017")
        for year in (2014, 2015, 2016, 2018, 2019)
    },
    "no records": _records([]),
    "no times": without(_records(_FOUR), "Created", "LastEdited"),
    "times of edits alone": without(_records(_FOUR), "Created"),
    "times of beginnings alone": without(_records(_FOUR), "LastEdited"),
    "times under another heading": [
        ["When" if h == "Created" else h for h in row] for row in without(_records(_FOUR), "LastEdited")
    ],
    **{
        f"{times} times of {cells} under another heading": [
            ["When" if cell == "Created" else cell for cell in row]
            for row in without(_records([*_begun("2023-05-01 10:00:00", times), *["x: y"] * (cells - times)]), "LastEdited")
        ]
        for times, cells in ((8, 9), (9, 10), (10, 11), (19, 20), (46, 50), (45, 50), (45, 51))
    },
    "days under another heading": [
        ["When" if h == "Created" else h[:10] if h[:4] == "2023" else h for h in row]
        for row in without(_records(_FOUR), "LastEdited")
    ],
    "blank times": _records(["", "", ""]),
    "blank times of beginnings": _records(["", "", ""], edited=_FOUR),
    "times that cannot be read": _records(["soon", "later", "never"]),
    "times with day first": _records(["13/05/2023 10:00", "14/05/2023 10:00", "01/06/2023 10:00"]),
    "times of unknown order": _records(["03/05/2023 10:00", "04/05/2023 10:00"]),
    "times of unknown order in two years": _records(
        ["03/05/2023 10:00", "04/05/2023 10:00", "03/05/2024 10:00", "04/05/2024 10:00"]
    ),
    "times of 1899": _records(["1899-05-01 10:00:00"] * 3),
    "times of 2100": _records(["2100-05-01 10:00:00"] * 3),
    "most begun in another year": _records([*_FOUR[:1], *_FIVE[:3]]),
}  # fmt: skip
STRETCHES = {
    "two editions": _joined(_records(_FOUR), _records(_FIVE, first=300)),
    "two editions, headings again": _joined(
        _records(_FOUR), _records(_FIVE, "2024", first=300), headings=True
    ),
    "three editions": _joined(
        _records(_begun("2022-05-01 10:00:00", 3)), _records(_FOUR, first=200),
        _records(_FIVE, first=300),
    ),
    "two editions, mixed": _records([t for pair in zip(_FOUR, _FIVE, strict=False) for t in pair]),
    "one edition twice, headings again": _joined(
        _records(_FOUR[:2]), _records(_FOUR[2:], first=300), headings=True
    ),
    "one edition twice, the second without a column": _joined(
        _records(_FOUR[:2]), without(_records(_FOUR[2:], first=300), "Label"), headings=True
    ),
    "one edition twice, columns in another order": _joined(
        _records(_FOUR[:2]),
        [row[::-1] for row in put(_records(_FOUR[2:], first=300), {(1, "IsPublic"): "#REF!"})],
        headings=True,
    ),
    "a year without an edition beside one": _joined(
        _records(_FOUR), _records(_begun("2031-05-01 10:00:00", 4), first=300)
    ),
    "two years read as one edition": _joined(
        _records(_begun("2030-05-01 10:00:00", 4)),
        _records(_begun("2031-05-01 10:00:00", 4), first=300),
    ),
    "over a new year": _records(_begun("2023-11-25 10:00:00", 8, 10)),
    "44 days apart over a new year": _records(
        [*_begun("2023-12-01 10:00:00", 3, 0.1), *_begun("2024-01-14 10:00:00", 3, 0.1)]
    ),
    "45 days apart over a new year": _records(
        [*_begun("2023-12-01 10:00:00", 3, 0), *_begun("2024-01-15 10:00:00", 3, 0)]
    ),
    "45 days and a second apart over a new year": _records(
        [*_begun("2023-12-01 10:00:00", 3, 0), *_begun("2024-01-15 10:00:01", 3, 0)]
    ),
    "46 days apart over a new year": _records(
        [*_begun("2023-12-01 10:00:00", 3, 0.1), *_begun("2024-01-17 10:00:00", 3, 0.1)]
    ),
    "a half year apart in one year": _records(
        [*_begun("2023-01-14 10:00:00", 3), *_begun("2023-09-01 10:00:00", 3)]
    ),
    "as many in either year of a stretch": _records(_begun("2023-12-30 10:00:00", 4)),
    "one of another year among many": _records([*_FOUR, "2021-05-01 10:00:00", *_FOUR]),
    "one of another year at the end": _records([*_FOUR, *_FOUR, "2021-05-01 10:00:00"]),
    "one of another year at the beginning": _records(["2021-05-01 10:00:00", *_FOUR, *_FOUR]),
    "two of another year among ten": _records(
        [*_FOUR, "2021-05-01 10:00:00", "2021-05-02 10:00:00", *_FOUR]
    ),
    "two of another year among eleven": _records(
        [*_FOUR, "2021-05-01 10:00:00", "2021-05-02 10:00:00", *_FIVE[:0], *_FOUR, _FOUR[0]]
    ),
    "two of another year at the end of eleven": _records(
        [*_FOUR, *_FOUR, _FOUR[0], "2021-05-01 10:00:00", "2021-05-02 10:00:00"]
    ),
    "three of another year among many": _records(
        [*_FOUR, *_begun("2021-05-01 10:00:00", 3), *_FOUR, *_FOUR]
    ),
    "one of another year among twenty": _records(
        [*_FOUR * 5, "2021-05-01 10:00:00"]
    ),
    "one of another year among twenty-one": _records(
        [*_FOUR * 5, _FOUR[0], "2021-05-01 10:00:00"]
    ),
    "two of another year at the end of forty": _records(
        [*_FOUR * 10, "2021-05-01 10:00:00", "2021-05-02 10:00:00"]
    ),
    "no time among known ones": _records([*_FOUR, "", *_FOUR]),
    "no time between two editions": _records([*_FOUR, "", *_FIVE]),
    "no time at the end": _records([*_FOUR, *_FIVE, ""]),
    "no time at the beginning": _records(["", *_FOUR, *_FIVE]),
    "no number and no time": put(_records([*_FOUR, "", *_FIVE]), {(5, "SurveyID"): "x"}),
    "a stray between two editions": _records([*_FOUR, "2019-05-01 10:00:00", *_FIVE]),
    "edited years later": _records(_FOUR, edited=["2025-05-01 10:00:00", *_FOUR[1:]]),
    "edited the year after": _records(_FOUR, edited=["2024-05-01 10:00:00", *_FOUR[1:]]),
    "begun years before": _records(["2019-05-01 10:00:00", *_FOUR[1:]], edited=_FOUR),
    "begun long after the last edit": _records(["2023-12-01 10:00:00", *_FOUR[1:]], edited=_FOUR),
    "begun a year after the last edit": _records(["2024-12-01 10:00:00", *_FOUR[1:]], edited=_FOUR),
    "begun in 1970": _records(["1970-01-01 00:00:00", *_FOUR[1:]], edited=_FOUR),
    "irregular records of another year": [
        *_joined(_records(_FOUR), _records(_FIVE, first=300))[:-1],
        [*_records(_FIVE, first=300)[-1], "x"],
    ],
    "a blank line between editions": _joined(_records(_FOUR), [[], [""]], _records(_FIVE)[1:2],
        _records(_FIVE, first=300)),
    "the same number in two years": _joined(_records(_FOUR), _records(_FIVE)),
}  # fmt: skip
_TWO = text(_joined(_records(_FOUR), _records(_FIVE, first=300)))
CASES = [
    *(Case(name, text(rows)) for group in (EDITIONS, STRETCHES) for name, rows in group.items()),
    Case("two editions, one named", _TWO, edition="2024"),
    Case("two editions, the other named", _TWO, edition="2023"),
    Case("two editions, a third named", _TWO, edition="2021"),
    Case("two editions, one cut", _TWO[:-5]),
    Case("two editions, a carriage return in each", _TWO.replace(b"cloud", b"cl\roud")),
    Case(
        "year of an own codebook", text(_records(_begun("2031-05-01 10:00:00", 3))), codebook=_OWN
    ),
    Case(
        "year before an own codebook",
        text(_records(_begun("2030-05-01 10:00:00", 3))),
        codebook=_OWN,
    ),
    Case(
        "two years of an own codebook",
        text(STRETCHES["two years read as one edition"]),
        codebook=_OWN,
    ),
    Case("two years, one named", text(STRETCHES["two years read as one edition"]), edition="2024"),
    Case("flat of 2021", text([_headings("2021", Layout.FLAT)])),
]
