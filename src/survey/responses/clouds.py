"""The same cloud described twice: by colleagues, or by last year's answers carried over.

Nothing in the survey prevents two colleagues from describing one cloud. Two deployments are
taken for the same cloud when different respondents of one organization gave them the same
label, or agree on at least 60 % of the closed answers that both gave, at least eight of them.
Deployments of one respondent are never taken for one cloud: who describes two means two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Edition, Question, Unit
from survey.responses.names import squeezed_name
from survey.responses.similarity import likeness

__all__ = ["SAME_CLOUD_COLUMNS", "cloud_of", "one_voice", "same_clouds"]

SAME_CLOUD_COLUMNS = ("edition", "deployment", "other", "same_label", "both", "agreement")
_ALIKE, _ENOUGH = 0.6, 8
Ints = npt.NDArray[np.int64]


def same_clouds(deployments: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Return the pairs of deployments that describe the same cloud, with the evidence.

    ``deployments`` are those of one edition. Columns: ``edition``, ``deployment``, ``other``,
    ``same_label``, ``both`` (questions both answered), ``agreement`` (0 to 1).
    """
    left, right = _candidates(deployments)
    alike = likeness(deployments, _compared(edition), left, right)
    labels = _labels(deployments, np.union1d(left, right))
    same_label = (labels[left] == labels[right]) & (labels[left] != "")
    same = same_label | ((alike.agreement >= _ALIKE) & (alike.both >= _ENOUGH))
    numbers = deployments["deployment"].to_numpy()
    return pd.DataFrame(
        {
            "edition": edition.name,
            "deployment": numbers[left[same]],
            "other": numbers[right[same]],
            "same_label": same_label[same],
            "both": alike.both[same],
            "agreement": alike.agreement[same],
        },
        columns=list(SAME_CLOUD_COLUMNS),
    )


def cloud_of(deployments: pd.DataFrame, pairs: pd.DataFrame) -> Ints:
    """Return for each deployment the lowest deployment number of its cloud.

    Two deployments of one respondent stay apart even when a colleague's resembles both: the
    most similar pairs are joined first.
    """
    numbers = deployments["deployment"].to_numpy(dtype=np.int64)
    alike = np.isin(numbers, pairs[["deployment", "other"]].to_numpy(dtype=np.int64))
    described = numbers[alike].tolist()
    respondent = dict(zip(described, deployments["respondent"][alike].tolist(), strict=True))
    members = {number: {number} for number in described}
    ordered = pairs.sort_values(
        ["agreement", "deployment", "other"], ascending=[False, True, True], kind="stable"
    )
    for one, other in zip(ordered["deployment"].tolist(), ordered["other"].tolist(), strict=True):
        union = members[one] | members[other]
        if len({respondent[number] for number in union}) == len(union):
            for number in union:
                members[number] = union
    lowest = numbers.copy()
    lowest[alike] = [min(members[number]) for number in described]
    return lowest


def one_voice(
    deployments: pd.DataFrame, edited: npt.NDArray[Any] | None = None
) -> npt.NDArray[np.bool_]:
    """Return which deployments speak for their cloud, one per cloud and edition.

    Exact copies of earlier answers come last; then whoever gave most answers goes first, then
    who changed them last, then the lowest number.
    """
    if "cloud" not in deployments:
        return np.ones(len(deployments), dtype=bool)
    given = [deployments[name].notna().to_numpy() for name in deployments.columns]
    ordered = pd.DataFrame(
        {
            "edition": deployments["edition"].astype(str).to_numpy(),
            "cloud": deployments["cloud"].to_numpy(),
            "copied": deployments["copied"].to_numpy(dtype=bool, na_value=False),
            "answers": -np.sum(given, axis=0, dtype=np.int64),
            "edited": pd.NaT if edited is None else pd.Series(edited),
            "deployment": deployments["deployment"].to_numpy(),
        }
    ).sort_values(
        ["copied", "answers", "edited", "deployment"],
        ascending=[True, True, False, True],
        kind="stable",
    )
    repeats = ordered.duplicated(["edition", "cloud"]) & ordered["cloud"].notna()
    return np.asarray(~repeats.sort_index(), dtype=bool)


def _compared(edition: Edition) -> Iterator[Question]:
    for question in edition.of_unit(Unit.DEPLOYMENT):
        if question.kind.closed and question.concept != "is_public":
            yield question


def _labels(deployments: pd.DataFrame, rows: Ints) -> npt.NDArray[np.object_]:
    """Return the folded labels of some rows; other rows stay blank."""
    labels = np.full(len(deployments), "", dtype=object)
    if "deployment_label" in deployments:
        given = deployments["deployment_label"].iloc[rows].tolist()
        labels[rows] = [squeezed_name(label) if isinstance(label, str) else "" for label in given]
    return labels


def _candidates(deployments: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return all pairs of rows of one organization and different respondents."""
    organization = pd.factorize(deployments["organization"])[0]
    respondent = pd.factorize(deployments["respondent"])[0]
    rows = np.flatnonzero(organization >= 0)
    rows = rows[np.argsort(organization[rows], kind="stable")]
    end = np.searchsorted(organization[rows], organization[rows], side="right")
    behind = end - np.arange(len(rows)) - 1  # rows of the same organization that still follow
    first = np.repeat(np.arange(len(rows)), behind)
    begins = np.repeat(np.cumsum(behind) - behind, behind)
    second = first + 1 + np.arange(len(first)) - begins
    left, right = rows[first], rows[second]
    different = respondent[left] != respondent[right]
    return left[different], right[different]
