"""Cases of cells that a program changed: numbers, ticks, dates, lists, times, words for a blank."""

from __future__ import annotations

from collections.abc import Callable

from tests.exports.record_results import Case
from tests.exports.survey_files import MAIN, Rows, put, put_column, text, without

_ALL = range(1, len(MAIN))


def _cells(heading: str, *texts: str, rows: Rows = MAIN) -> Rows:
    """Return rows with some texts under a heading, from the first record on."""
    return put(rows, {(number, heading): each for number, each in enumerate(texts, start=1)})


def _blank(word: str, *but: str, most: int = len(MAIN), rows: Rows = MAIN) -> Rows:
    """Return rows with a word for every blank, but under some headings and in later records."""
    return [
        rows[0],
        *[
            [
                word if not cell and heading not in but and number <= most else cell
                for heading, cell in zip(rows[0], row, strict=True)
            ]
            for number, row in enumerate(rows[1:], start=1)
        ],
    ]


def _words(word: str, columns: int, rows: Rows = MAIN) -> Rows:
    """Return rows with a word in every blank of some columns of listed answers."""
    some = ("ComputeCores", "ComputeNodes", "DeploymentStage", "DocsFeedback")[:columns]
    for heading in some:
        rows = put_column(rows, heading, lambda cell: cell or word)
    return rows


def _times(change: Callable[[str], str], rows: Rows = MAIN) -> Rows:
    return put_column(put_column(rows, "Created", change), "LastEdited", change)


def _day_first(time: str) -> str:
    return f"{time[8:10]}/{time[5:7]}/{time[:4]}{time[10:16]}"


def _month_first(time: str) -> str:
    return f"{time[5:7]}/{time[8:10]}/{time[:4]}{time[10:16]}"


THREE = {"ComputeCores": 1, "ComputeNodes": 3, "DeploymentStage": 1}  # and who answered each

CONVERSIONS = {
    "untouched": MAIN,
    "whole numbers as decimals": _cells("NetPromoter", "9.0", "10.00", "0.0", "9,0", "7.", "08"),
    "whole numbers in other forms": _cells("NetPromoter", "1E1", "1E+0", "1e01", "9.5", "11", "1E2"),
    "whole numbers grouped": _cells("DeploymentAge", "2,016", "2.016", "2'016", "2 016", "20,16"),
    "years as decimals": _cells("DeploymentAge", "2016.0", "2016.", "02016", "2016.5", "20160.0"),
    "numbers in formulas": _cells("NetPromoter", '="9"', "'9", "=9", "'9'", '="', "''9"),
    "truth values": _cells("OkToContact", "TRUE", "WAHR", "x", "FALSE", "nein", "perhaps"),
    "truth values of a check box": _cells("IsPublic", "TRUE", "false", "1.0", "0.0", "yes", "2"),
    "ticks as numbers": _cells("OkToContact", "1.0", "0", "01", "1,0", "2", "0.0"),
    "truth values of a scale": _cells("NetPromoter", "TRUE", "no", "on", "off", "y", "n"),
    "invisible characters": _cells(
        "DeploymentStage", "Proof\u00a0of Concept", "\u200bProof of Concept", "Proof of Concept\ufeff",
        " Proof of Concept ", "Proof of  Concept", "proof of concept",
    ),
    "invisible characters in lists": _cells(
        "Hypervisors", "KVM (x86)|lxc\u200b", "\u200bKVM (x86)|lxc", "lxc\u00a0|QEMU"
    ),
    "formula around an answer": _cells("DeploymentStage", '="Proof of Concept"', "'Proof of Concept"),
    "dates of percentages": _cells("ITPercentageonOpenStack", "1-20%", "0.2", "20%", "Jan 20", "1-20"),
    "spreadsheet errors": _cells(
        "DeploymentStage", "#REF!", "#N/A", "#NAME?", "####", "###", "Err:502"
    ),
    "spreadsheet errors in lists": _cells("Hypervisors", "#VALUE!", "#DIV/0!", "E", "#", "Err:50"),
    "spreadsheet errors in texts": _cells("WhatDoYouLikeMost", "#REF!", "####"),
    "spreadsheet errors in ticks": _cells("OkToContact", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
    "spreadsheet errors in countries": _cells("CountriesPhysicalLocation", "#FIELD!", "#BLOCKED!"),
    "spreadsheet errors in a matrix": _cells(
        "ProjectsUsed - Barbican (Key Management)", "#ERROR!", "Testing", "Err:5022"
    ),
    "lists joined by semicolons": _cells(
        "Hypervisors", "KVM (x86);lxc", "KVM (x86); QEMU ;", "KVM (x86);our own", "lxc;", ";lxc"
    ),
    "lists joined by other signs": _cells(
        "Hypervisors", "KVM (x86)\\nlxc", "KVM (x86)|lxc;QEMU", "kvm (X86);LXC", "lxc;lxc"
    ),
    "lists joined by commas": put(MAIN, {(1, "Hypervisors"): '"'}),
    "ranks joined by semicolons": _cells("BusinessDrivers", "Save money;Avoid vendor lock-in", "Other"),
    "unlisted answers": _cells("ComputeCores", "10,000 cores".replace(",", "-"), "many", "1 to 9 core"),
    "answers in other cases": _cells("DocsFeedback", "DAILY", "daily", " Weekly"),
    "longest list": _cells("Hypervisors", "|".join(["KVM (x86)"] * 103)[:1024]),
    "list that ends in a bar": _cells("Hypervisors", "KVM (x86)|", "|lxc", "KVM (x86)||lxc"),
    "the same answer twice": _cells("VendorProductsHardware", "HPE|HPE", "HPE"),
    "words for a blank in the key": put(MAIN, {(3, "DeploymentID"): "NA"}),
}  # fmt: skip
BLANKS = {
    "NA for every blank": _blank("NA"),
    "NULL for every blank": _blank("NULL"),
    "None for every blank": _blank("None"),
    "a hyphen for every blank": _blank("-"),
    "a word of no program for every blank": _blank("nothing"),
    "nan for most blanks": _blank("nan", most=4),
    "nan for half of the blanks": _blank("nan", most=3),
    "nan for some blanks": _blank("nan", most=2),
    "NA for blanks but in countries": _blank("NA", "CountriesPhysicalLocation"),
    "N/A in one column": _words("N/A", 1),
    "N/A in two columns": _words("N/A", 2),
    "N/A in three columns": _words("N/A", 3),
    "N/A in four columns": _words("N/A", 4),
    "N/A in half of the blanks": put(
        put(_words("N/A", 3), {(n, "ComputeCores"): "" for n in (4, 5, 6)}),
        {(n, "ComputeNodes"): "" for n in (4, 5, 6)},
    ),
    "N/A in exactly half": put(
        MAIN,
        {(n, h): "N/A" * (n < 3) for n in (1, 2, 3, 4) for h in THREE}
        | {(n, h): MAIN[place][MAIN[0].index(h)] for h, place in THREE.items() for n in (5, 6)},
    ),
    "N/A in less than half": put(
        put(_words("N/A", 3), {(n, "ComputeCores"): "" for n in (3, 4, 5, 6)}),
        {(n, h): "" for n in (1, 2, 4, 5, 6) for h in ("ComputeNodes", "DeploymentStage")},
    ),
    "None where it is an answer": _words("None", 4),
    "NaN and NULL": _words("NaN", 3, put_column(MAIN, "Organization", lambda c: "NULL")),
    "NA in an irregular record": [
        *_blank("NA")[:-1], [*_blank("NA")[-1], "NA"]
    ],
    "words in the last records alone": [
        MAIN[0],
        *[[str(1000 + n), *MAIN[4][1:]] for n in range(23)],
        *_words("NULL", 4)[3:4], *_words("NULL", 4)[4:],
    ],
    "words from the twenty-fifth record on": [
        MAIN[0],
        *[[str(1000 + n), *MAIN[4][1:]] for n in range(24)],
        *_words("NULL", 4)[3:],
    ],
    "None for blanks, without deployments": _blank("None", "DeploymentID"),
    "NA for every blank, none in countries of a respondent": put(
        _blank("NA"), {(4, "UserCountry"): "Namibia"}
    ),
}  # fmt: skip
_OTHER = "OtherHypervisor"
TIMES = {
    "times without seconds": _times(lambda time: time[:16]),
    "days alone": _times(lambda time: time[:10]),
    "times with a T": _times(lambda time: time.replace(" ", "T")),
    "times with a T and a zone": _times(lambda time: f"{time.replace(' ', 'T')}Z"),
    "times with parts of seconds": _times(lambda time: f"{time}.123"),
    "day first": _times(_day_first),
    "month first": _times(_month_first),
    "day first, never above twelve": _times(lambda time: f"0{time[9]}/07/2018 10:00"),
    "day or month first, in order": put_column(
        put_column(
            MAIN, "Created", [f"0{n}/05/2018 10:00" for n in (1, 1, 2, 3, 4, 6)]
        ),
        "LastEdited", [f"0{n}/06/2018 10:00" for n in (2, 2, 3, 4, 5, 7)],
    ),
    "day or month first, in order but for one": put_column(
        put_column(
            MAIN, "Created", [f"0{n}/05/2018 10:00" for n in (1, 1, 2, 4, 3, 6)]
        ),
        "LastEdited", [f"0{n}/06/2018 10:00" for n in (2, 2, 3, 4, 5, 7)],
    ),
    "day first, edited in another month": put_column(
        put_column(MAIN, "Created", [f"0{n}/0{n + 1}/2018 10:00" for n in (1, 1, 2, 3, 4, 6)]),
        "LastEdited", [f"0{n}/0{n + 2}/2018 10:00" for n in (1, 1, 2, 3, 4, 6)],
    ),
    "two orders in one file": put(_times(_day_first), {(6, "Created"): "07/13/2018 10:00"}),
    "zones": _times(lambda time: f"{time} GMT+2"),
    "several zones": put(
        _times(lambda time: f"{time} +02:00"), {(6, "Created"): "2018-07-04 12:00:00 -0530"}
    ),
    "one zone missing": put(
        _times(lambda time: f"{time} +02:00"), {(6, "Created"): "2018-07-04 12:00:00"}
    ),
    "names of months": _times(lambda time: f"{time[8:10]} Jun {time[:4]} {time[11:]}"),
    "serial numbers": _times(lambda time: f"4322{time[9]}.5"),
    "seconds since 1970": _times(lambda time: f"152515{time[8:10]}00"),
    "unreadable times": put(MAIN, {(1, "Created"): "soon", (3, "LastEdited"): "0000-00-00 00:00:00"}),
    "blank times": put(MAIN, {(1, "Created"): "", (3, "LastEdited"): ""}),
    "all times blank": _times(lambda time: ""),
    "a time that is no day": put(MAIN, {(1, "Created"): "2018-02-30 10:00:00"}),
    "hashes for times": _times(lambda time: "########"),
    "times of two digits for the year": _times(lambda time: f"{_day_first(time)[:6]}18 10:00"),
    "numbers that are not whole": put(
        put_column(_times(lambda time: f"0{time[9]}/07/2018 10:00"), "SurveyID", lambda c: c),
        {(2, "SurveyID"): "x"},
    ),
}  # fmt: skip
OLD = {
    "before Language came": without(MAIN, "Language"),
    "before Continent came": without(MAIN, "Language", "Continent"),
    "Language blank": put_column(MAIN, "Language", lambda cell: ""),
    "hyphens in texts": _cells("WhatDoYouLikeMost", "a-b", "a\\nb", "a\\tb", "a\\b", "ab", "-"),
    "question marks in texts": _cells("WhatDoYouLikeMost", "?", "a ? b", "why?", "?a", "??", "a ?"),
    "question marks in other texts": _cells(_OTHER, "??? so", "so ???", "a?b"),
    "hyphens in organizations": _cells("Organization", "Example- AG", "A?"),
    "hyphens in listed answers alone": _cells("DeploymentTools", "Fuel CCP"),
}
CASES = [
    Case(name, text(rows))
    for group in (CONVERSIONS, BLANKS, TIMES, OLD)
    for name, rows in group.items()
]
