"""Export: one file as it was written, in text, with its damage on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from survey.codebook import Codebook, Edition
from survey.provenance import Provenance

__all__ = ["ISSUE_COLUMNS", "LINE", "REPAIR_COLUMNS", "Export", "Layout"]

REPAIR_COLUMNS = ("file", "line", "column", "before", "after", "rule")
ISSUE_COLUMNS = ("file", "line", "column", "code", "message", "touched")
LINE = "line"


class Layout(StrEnum):
    """The shapes in which the survey system writes answers."""

    BY_HEADING = "by-heading"
    FLAT = "flat"
    BY_COMPANY = "by-company"


@dataclass(frozen=True)
class Export:
    """One export file in text form.

    Attributes
    ----------
    layout
        Which shape the file has.
    edition
        The questionnaire that it answers.
    frame
        One row per record, all text, ``""`` where the cell is empty; columns are the file's
        headings; the index (named ``line``) is the line on which the record starts.
    repairs
        What was put right in the text: ``REPAIR_COLUMNS``.
    issues
        What could not be: ``ISSUE_COLUMNS``.
    counts
        Records read, kept, and excluded by reason.
    """

    layout: Layout
    edition: Edition
    codebook: Codebook
    frame: pd.DataFrame
    repairs: pd.DataFrame
    issues: pd.DataFrame
    counts: Mapping[str, int]
    provenance: Provenance
