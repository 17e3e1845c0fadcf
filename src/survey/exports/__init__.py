"""Files as they are written -> text tables, damage repaired and logged."""

from survey.exports.drafting import draft_codebook
from survey.exports.export import Export, Issue, Layout, Log, Placement, Repair
from survey.exports.reader import read_editions, read_export, recognize_export

__all__ = [
    "Export",
    "Issue",
    "Layout",
    "Log",
    "Placement",
    "Repair",
    "draft_codebook",
    "read_editions",
    "read_export",
    "recognize_export",
]
