"""The quality of what was read: kept, repaired, lost, unknown, and how complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.responses.coding.coverage import coverage
from survey.responses.responses import Responses

__all__ = ["HARMLESS", "Quality", "quality"]

HARMLESS = frozenset(
    {
        "blank line",
        "repeated record",
        "repeated line",
        "absent heading",
        "listed without answers",
        "hidden rows",
        "hidden columns",
        "hidden sheet",
        "other sheet",
    }
)


@dataclass(frozen=True)
class Quality:
    """One page on the quality of some answers.

    Attributes
    ----------
    files
        One row per file: records read, kept, and excluded by reason.
    repairs, issues
        One row per file and rule (or code): how often, and which columns most.
    completeness
        One row per edition and question: share of units that gave an answer.
    own_words
        One row per edition and write-in or coded text: how many texts name a listed option or
        have a code, and the share that is unmatched.
    """

    respondents: Mapping[str, int]
    deployments: Mapping[str, int]
    organizations: Mapping[str, int]
    copied: Mapping[str, int]
    files: pd.DataFrame
    repairs: pd.DataFrame
    issues: pd.DataFrame
    completeness: pd.DataFrame
    own_words: pd.DataFrame

    @property
    def findings(self) -> int:
        """Number of issues that touch an answer or need a person's eye."""
        notable = self.issues[~self.issues["code"].isin(HARMLESS)]
        return int(notable["times"].sum())


def quality(answers: Responses) -> Quality:
    """Summarize what was read and how complete it is.

    Examples
    --------
    >>> quality(answers).findings  # doctest: +SKIP
    0
    """
    return Quality(
        _per_edition(answers.respondents),
        _per_edition(answers.deployments),
        _per_edition(answers.respondents.drop_duplicates(["edition", "organization"])),
        _per_edition(answers.respondents[answers.respondents["copied"].astype(bool)]),
        _files(answers),
        _summary(answers.repairs, "rule"),
        _summary(answers.issues, "code"),
        _completeness(answers),
        coverage(answers),
    )


def _per_edition(frame: pd.DataFrame) -> dict[str, int]:
    counts = frame["edition"].astype(str).value_counts(sort=False)
    return {str(edition): int(count) for edition, count in counts.items()}


def _files(answers: Responses) -> pd.DataFrame:
    reasons = dict.fromkeys(reason for counts in answers.counts.values() for reason in counts)
    rows = [
        {"file": file, **{reason: counts.get(reason, 0) for reason in reasons}}
        for file, counts in answers.counts.items()
    ]
    return pd.DataFrame(rows, columns=["file", *reasons])


def _summary(log: pd.DataFrame, kind: str) -> pd.DataFrame:
    columns = ["file", kind, "times", "most in"]
    rows = [
        [file, name, len(rows), ", ".join(map(str, rows["column"].value_counts().index[:3]))]
        for (file, name), rows in log.groupby(["file", kind], sort=False)
    ]
    return pd.DataFrame(rows, columns=columns)


def _completeness(answers: Responses) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for edition in answers.editions:
        asked = answers.codebook.edition(edition)
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
            frame = answers.frame(unit)
            frame = frame[frame["edition"].astype(str) == edition]
            for question in asked.of_unit(unit):
                if question.concept in frame:
                    given = int(np.asarray(frame[question.concept].notna()).sum())
                    rows.append(
                        {
                            "edition": edition,
                            "concept": question.concept,
                            "unit": unit.value,
                            "answered": given,
                            "asked": len(frame),
                            "share": given / len(frame) if len(frame) else np.nan,
                        }
                    )
    return pd.DataFrame(rows)
