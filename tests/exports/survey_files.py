"""A small export of 2018, written by hand, to be damaged in one place at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from survey.codebook import read_codebook
from survey.exports import Layout
from survey.exports.layouts import LAYOUTS

__all__ = ["COMPANY", "FLAT", "MAIN", "Rows", "put", "put_column", "renamed", "text", "without"]

Rows = list[list[str]]
EDITION = read_codebook().edition("2018")
_WHO = {
    "1001": {
        "CreatedByID": "71", "Email": "ada@a.example", "Created": "2018-05-01 10:00:00",
        "LastEdited": "2018-05-02 11:30:00", "Language": "en_US", "Continent": "Europe",
        "OpenStackActivitySydney": "Cloud architect|Other", "UserCountry": "Germany",
        "OkToContact": "1", "Organization": "Example AG",
        "OrgSizeSydney": "1-000 to 9-999 employees",
        "NetPromoter": "9", "BusinessDrivers": "Save money|Avoid vendor lock-in",
        "WhatDoYouLikeMost": "It works", "DocsFeedback": "Daily",
    },
    "1003": {
        "CreatedByID": "72", "Email": "bo@b.example", "Created": "2018-05-03 09:15:00",
        "LastEdited": "2018-05-03 09:45:00", "Language": "de_DE", "Continent": "Asia",
        "UserCountry": "Japan", "Organization": "Muster GmbH", "NetPromoter": "0",
        "OrgSizeSydney": "Don’t know / not sure",
    },
    "1005": {
        "CreatedByID": "73", "Email": "cy@c.example", "Created": "2018-06-01 08:00:00",
        "LastEdited": "2018-07-01 08:00:00", "Language": "zh_CN", "Organization": "Zoë",
    },
    "1006": {
        "CreatedByID": "74", "Email": "di@d.example", "Created": "2018-06-02 23:59:59",
        "LastEdited": "2018-06-20 00:00:00", "Language": "en_US", "Continent": "Africa",
        "UserCountry": "Namibia", "Organization": "Probe", "IndustrySydney": "Finance",
        "EmergingTechnologies": "CI/CD|Containers",
    },
    "1008": {
        "CreatedByID": "75", "Email": "ed@e.example", "Created": "2018-07-04 12:00:00",
        "LastEdited": "2018-07-05 12:00:00", "Language": "ja_JP", "Organization": "Ende",
        "WhatDoYouLikeMost": "Nothing",
    },
}  # fmt: skip
_CLOUDS = (
    ("1001", {
        "DeploymentID": "2001", "Label": "Prod", "IsPublic": "1",
        "DeploymentStage": "Production or Full Operational Use", "DeploymentAge": "2016",
        "CountriesPhysicalLocation": "DE-AT-CH", "CurrentReleases": "Queens|Pike",
        "ProjectsUsed - Barbican (Key Management)": "Production",
        "ProjectsUsedPoC - Cinder (Block Storage)": "Testing",
        "ComputeCores": "10-000 to 99-999 cores", "NovaNumCells": "None",
        "Hypervisors": "KVM (x86)|lxc", "OperatingSystems": "Ubuntu Server",
        "TroveFeedback": "No current plans",
    }),
    ("1001", {
        "DeploymentID": "2002", "Label": "Test", "DeploymentStage": "Proof of Concept",
        "CurrentReleases": "Trunk", "ComputeCores": "1 to 9 cores",
        "ITPercentageonOpenStack": "1-20%",
    }),
    ("1003", {
        "DeploymentID": "1004", "Label": "Cloud", "IsPublic": "1", "NovaNumCells": "2 cells",
        "CountriesPhysicalLocation": "NA", "ComputeNodes": "10 to 99 nodes",
        "SwiftFeedback": "Backups|Video", "BarbicanFeedback": "fine",
    }),
    ("1005", {}),
    ("1006", {
        "DeploymentID": "1007", "CurrentReleases": "Ocata (2017.1)|Newton (2016.2)",
        "DeploymentTools": "Ansible|Chef", "CountriesPhysicalLocation": "Prefer not to say",
    }),
    ("1008", {}),
)  # fmt: skip


def _rows(layout: Layout) -> Rows:
    """Return the headings, and the records below them, as the exporter writes them."""
    headings = LAYOUTS[layout](EDITION)
    rows = []
    for number, cloud in _CLOUDS:
        cells = {"SurveyID": number, **_WHO[number], **cloud}
        if layout is Layout.FLAT:
            cells = _flat(cells)
        assert set(cells) <= set(headings), set(cells) - set(headings)
        rows.append([cells.get(heading, "") for heading in headings])
    return [[heading.replace(",", "-") for heading in headings], *rows]


def _flat(cells: dict[str, str]) -> dict[str, str]:
    """Return the cells of a record with a column for each choice of some questions."""
    found = dict(cells)
    for question in EDITION.questions:
        if question.flat and not question.kind.by_row and question.heading in found:
            given = found.pop(question.heading).split("|")
            values = [choice.value.replace(",", "-") for choice in question.choices]
            for value, heading in zip(values, question.flat_headings, strict=True):
                if value in given:
                    found[heading] = str(given.index(value) + 1) if question.kind.ranked else "1"
                elif question.kind.ranked:
                    found[heading] = "0"
    return found


def text(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> bytes:
    """Return rows as the exporter writes them: quotes only around a cell that holds one."""

    def cell(content: str) -> str:
        return f'"{content.replace(chr(34), 2 * chr(34))}"' if '"' in content else content

    return "".join(delimiter.join(map(cell, row)) + end for row in rows).encode()


def put(rows: Rows, cells: dict[tuple[int, str], str]) -> Rows:
    """Return rows with other cells: (number of the record from 1, heading) -> text."""
    found = [[*row] for row in rows]
    for (number, heading), content in cells.items():
        found[number][rows[0].index(heading)] = content
    return found


def put_column(rows: Rows, heading: str, change: Callable[[str], str] | Sequence[str]) -> Rows:
    """Return rows with other cells under a heading."""
    at = rows[0].index(heading)
    new = change if not callable(change) else [change(row[at]) for row in rows[1:]]
    return put(rows, {(number, heading): each for number, each in enumerate(new, start=1)})


def renamed(rows: Rows, names: dict[str, str]) -> Rows:
    """Return rows with other headings."""
    return [[names.get(heading, heading) for heading in rows[0]], *rows[1:]]


def without(rows: Rows, *headings: str) -> Rows:
    """Return rows without some columns."""
    kept = [at for at, heading in enumerate(rows[0]) if heading not in headings]
    return [[row[at] for at in kept if at < len(row)] for row in rows]


MAIN, FLAT = _rows(Layout.BY_HEADING), _rows(Layout.FLAT)
COMPANY: Rows = [
    ["SurveyID", "Org", "Email"],
    ["1003", "", "bo@b.example"],
    ["1001", "Example- AG", "ada@a.example"],
    ["1006", "Probe", ""],
]
