"""Files as they are written -> text tables, damage repaired and logged.

A file passes through the rooms in this order, which :mod:`survey.exports.reader` keeps:

- ``source``: its bytes, as text or as sheets of a workbook;
- ``recognise``: its layout and edition, and which of its headings are known;
- ``parse``: text divided into records, strictly;
- ``realign``: records brought to one width, each cell in its own column;
- ``repair``: cells as the survey system wrote them, each change logged;
- ``export``: the result, :class:`Export`.

``layouts`` has one module for each family of layouts, and ``api`` reads JSON instead.
"""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.exports.drafting import draft_codebook
    from survey.exports.export import Export, Issue, Layout, Log, Placement, Repair
    from survey.exports.reader import read_editions, read_export, recognize_export
    from survey.exports.recognise.other_year import OTHER_YEAR, OtherYearWarning, year_of

__all__ = [
    "OTHER_YEAR",
    "Export",
    "Issue",
    "Layout",
    "Log",
    "OtherYearWarning",
    "Placement",
    "Repair",
    "draft_codebook",
    "read_editions",
    "read_export",
    "recognize_export",
    "year_of",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "OTHER_YEAR": "recognise.other_year",
            "Export": "export",
            "Issue": "export",
            "Layout": "export",
            "Log": "export",
            "OtherYearWarning": "recognise.other_year",
            "Placement": "export",
            "Repair": "export",
            "draft_codebook": "drafting",
            "read_editions": "reader",
            "read_export": "reader",
            "recognize_export": "reader",
            "year_of": "recognise.other_year",
        },
    )
