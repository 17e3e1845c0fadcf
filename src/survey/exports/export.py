"""Export: one file as it was written, in text, with its damage on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from html import escape
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from survey.codebook import Codebook, Edition, Question
from survey.dataclass import dataclass
from survey.exports.text_table import TextTable
from survey.provenance import Provenance

__all__ = [
    "ISSUE_COLUMNS",
    "KEYS",
    "REPAIR_COLUMNS",
    "Export",
    "Issue",
    "Layout",
    "Log",
    "Placement",
    "Repair",
]

ISSUE_COLUMNS = ("file", "line", "column", "code", "message", "touched")
REPAIR_COLUMNS = ("file", "line", "column", "before", "after", "rule")
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "respondent": "SurveyID",
        "deployment": "DeploymentID",
        "member": "CreatedByID",
        "created": "Created",
        "edited": "LastEdited",
        "language": "Language",
    }
)


class Layout(StrEnum):
    """The shapes in which answers come, each with the module of ``layouts`` that knows it."""

    module: str

    BY_HEADING = "by-heading", "builder"  # Survey_*.csv: one column per question
    FLAT = "flat", "builder"  # Survey_Flat_*.csv: one column per choice of some questions
    BY_COMPANY = "by-company", "builder"  # Survey_by_companies*.csv
    SURVEY_LIST = "survey-list", "lists"  # surveys.csv: who has completed the survey
    DEPLOYMENT_LIST = "deployment-list", "lists"  # deployments.csv
    FREE_TEXT = "free-text", "lists"  # FreeTextAnswers-*.csv: one question's texts and tags
    DASHBOARD = "dashboard", "dashboard"  # one graph: one line per respondent and answer
    API = "api", ""  # JSON of survey/<id>: survey.exports.api reads it
    OLD_MODEL = "old-model", "old_model"  # survey_results*.csv of 2014 to 2016, flat or not
    OLD_MODEL_APPS = "old-model-apps", "old_model"  # app_dev_surveys*.csv of 2014 to 2016
    TABLE = "table", "table"  # a file of another survey tool, described by its codebook

    def __new__(cls, value: str, module: str) -> Layout:
        """Return the layout that outputs call ``value``."""
        layout = str.__new__(cls, value)
        layout._value_ = value
        layout.module = module
        return layout


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a file holds the answers to one question.

    ``columns`` are positions in the file. One column holds the whole answer, unless ``items``
    names what each of several columns stands for: a row of a matrix or a choice. Several
    answers in one cell are joined by ``separator``.
    """

    question: Question
    columns: tuple[int, ...]
    items: tuple[str, ...] = ()
    separator: str = "|"


@dataclass(frozen=True, slots=True)
class Repair:
    """The same thing put right on one or many lines."""

    file: str
    column: str
    before: str
    after: str
    rule: str
    lines: npt.NDArray[np.int64] | tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that could not be put right; ``touched`` counts the answers concerned."""

    file: str
    line: int
    column: str
    code: str
    message: str
    touched: int = 1


@dataclass(frozen=True)
class Log:
    """Repairs and issues, in the order in which they were made.

    Repairs are kept one per kind with all their lines, and unfold to one row per line in
    :attr:`repairs`, because a large file has millions of them.
    """

    kept_repairs: tuple[Repair, ...] = ()
    kept_issues: tuple[Issue, ...] = ()

    def plus(self, repairs: Iterable[Repair] = (), issues: Iterable[Issue] = ()) -> Log:
        """Return a copy with more of both."""
        return Log((*self.kept_repairs, *repairs), (*self.kept_issues, *issues))

    def merge(self, others: Iterable[Log]) -> Log:
        """Return all logs in one."""
        logs = (self, *others)
        return Log(
            tuple(repair for log in logs for repair in log.kept_repairs),
            tuple(issue for log in logs for issue in log.kept_issues),
        )

    @property
    def repair_count(self) -> int:
        """Number of cells or lines put right."""
        return sum(len(repair.lines) for repair in self.kept_repairs)

    @cached_property
    def repairs(self) -> pd.DataFrame:
        """One row per line put right: file, line, column, before, after, rule."""
        times = [len(repair.lines) for repair in self.kept_repairs]
        rows = np.repeat(np.arange(len(times)), times)
        columns: dict[str, object] = {
            name: pd.Series(
                np.array([getattr(repair, name) for repair in self.kept_repairs], dtype=object)
            ).array.take(rows)
            for name in ("file", "column", "before", "after", "rule")
        }
        columns["line"] = (
            np.concatenate(
                [np.asarray(repair.lines, dtype=np.int64) for repair in self.kept_repairs]
            )
            if self.kept_repairs
            else np.array([], dtype=np.int64)
        )
        return pd.DataFrame(columns, columns=list(REPAIR_COLUMNS))

    @cached_property
    def issues(self) -> pd.DataFrame:
        """One row per issue: file, line, column, code, message, touched."""
        rows = [[getattr(issue, name) for name in ISSUE_COLUMNS] for issue in self.kept_issues]
        return pd.DataFrame(rows, columns=list(ISSUE_COLUMNS))


@dataclass(frozen=True, repr=False)
class Export:
    """One export file in text form.

    Attributes
    ----------
    layout
        Which shape the file has.
    edition
        The questionnaire that it answers.
    codebook
        The codebook that edition belongs to.
    headings
        Headings of the file.
    table
        One row per record, one text column per heading (named by position), ``""`` where the
        cell is empty.
    lines
        Line on which each record starts.
    placements
        Where the answers to each question are.
    uncertain
        Cells that no rule could place with certainty: (row, column positions).
    log
        What was put right in the text, and what could not be.
    counts
        Records read, kept, and excluded by reason.
    provenance
        The file and its digest.
    keys
        Which heading holds the number of the respondent and of the deployment, the member, the
        times, the language, and whether the record is ``completed``.
    """

    layout: Layout
    edition: Edition
    codebook: Codebook
    headings: tuple[str, ...]
    table: TextTable
    lines: npt.NDArray[np.int64]
    placements: tuple[Placement, ...]
    log: Log
    counts: Mapping[str, int]
    provenance: Provenance
    uncertain: Sequence[tuple[int, tuple[int, ...]]] = field(default=())
    keys: Mapping[str, str] = field(default_factory=lambda: KEYS)

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.provenance.sources[0].name

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The records as a frame of text; the index is the line on which each starts."""
        frame = self.table.frame()
        frame.columns = pd.Index(self.headings)
        frame.index = pd.Index(self.lines, name="line")
        return frame

    @property
    def repairs(self) -> pd.DataFrame:
        """What was put right: ``REPAIR_COLUMNS``."""
        return self.log.repairs

    @property
    def issues(self) -> pd.DataFrame:
        """What could not be put right: ``ISSUE_COLUMNS``."""
        return self.log.issues

    def key(self, role: str) -> pa.ChunkedArray | None:
        """Return the text cells of a key column, or None if the file has no such column."""
        return self.column(self.keys[role]) if role in self.keys else None

    def column(self, heading: str) -> pa.ChunkedArray | None:
        """Return the text cells under ``heading``, or None if the file has no such column."""
        if heading not in self.headings:
            return None
        return self.table.column(self.headings.index(heading))

    def __len__(self) -> int:
        return len(self.table)

    def _repr_html_(self) -> str:
        facts = {
            "layout": self.layout.value,
            "edition": self.edition.name,
            "records": f"{len(self):,}",
            "columns": len(self.headings),
            "repairs": f"{self.log.repair_count:,}",
            "issues": f"{len(self.log.kept_issues):,}",
        }
        cells = "".join(
            f"<tr><th>{name}</th><td>{escape(str(fact))}</td></tr>" for name, fact in facts.items()
        )
        return (
            f"<div><p><strong>Export</strong> {escape(self.name)}</p><table>{cells}</table></div>"
        )

    def __repr__(self) -> str:
        return (
            f"<Export {self.name}: {self.layout.value}, edition {self.edition.name}, "
            f"{len(self)} records, {len(self.headings)} columns, "
            f"{self.log.repair_count} repairs, {len(self.log.kept_issues)} issues>"
        )
