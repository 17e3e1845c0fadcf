"""Which descriptions in two editions are of the same cloud, and what it answered before.

Inside an organization a cloud is the same where it alone has a label both times, or where it is
the only cloud that the organization described, both times.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.names import squeezed_name
from survey.responses.responses import Responses

__all__ = ["BEFORE", "Followed", "cloud_pairs", "clouds_in", "follow_clouds"]

BEFORE = "before"
"""Name of the question: what the same cloud answered in the earlier edition."""

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Followed:
    """Clouds of two editions.

    Attributes
    ----------
    answers
        The later answers of clouds that answered a question both times, with the earlier answer
        as a question named :data:`BEFORE`.
    common
        Clouds that are described in both editions.
    lost, new
        Clouds of the earlier edition alone, and of the later one alone.
    answered
        Common clouds that answered the question both times.
    """

    answers: Responses
    common: int
    lost: int
    new: int
    answered: int


def follow_clouds(answers: Responses, concept: str, earlier: str, later: str) -> Followed:
    """Return what the same clouds answered to a question in two editions.

    Of a cloud that colleagues described twice one description stands for it. Clouds that cannot
    be told apart and records carried over from an earlier edition count as described once.

    Raises
    ------
    ResponsesError
        If the editions are not there, in order, or share no cloud; or if the question has
        several answers.
    """
    _check(answers, concept, (earlier, later))
    first, second = clouds_in(answers, earlier), clouds_in(answers, later)
    old, new = cloud_pairs(first, second)
    if not len(old):
        hint = "organizations are known by name alone: read the files with them, or pool() them"
        got = f"{len(first)} clouds in {earlier}, {len(second)} in {later}, none in both"
        problem = Problem("follow_clouds()", got, "clouds that took part both times", hint)
        raise ResponsesError(f"The editions {earlier} and {later} share no cloud", [problem])
    column = answers.deployments[concept].astype(object)
    before, after = column.iloc[old].to_numpy(), column.iloc[new].to_numpy()
    told = _substantive(answers, concept, before) & _substantive(answers, concept, after)
    order = np.argsort(new[told])
    wanted = np.zeros(len(column), dtype=bool)
    wanted[new[told]] = True
    mask = pd.Series(wanted, index=column.index)
    chosen = answers.where(mask, unit=Unit.DEPLOYMENT, label="clouds described both times")
    chosen = chosen.in_edition(later)
    given = pd.Series(before[told][order], index=chosen.deployments.index, dtype=object)
    asked = answers.question(concept, earlier)
    labels = [choice.label for choice in asked.choices if choice.label not in asked.missing_labels]
    title = f"{asked.title}, in {earlier}"
    followed = chosen.derive(BEFORE, given, labels=labels, title=title, unit=Unit.DEPLOYMENT)
    common = len(old)
    return Followed(followed, common, len(first) - common, len(second) - common, int(told.sum()))


def _substantive(
    answers: Responses, concept: str, given: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    declining = answers.question(concept).missing_labels
    return np.asarray(pd.notna(given) & ~pd.Series(given, dtype=object).isin(declining).to_numpy())


def _check(answers: Responses, concept: str, editions: tuple[str, str]) -> None:
    known = answers.editions
    problems = [
        Problem("edition", repr(name), f"one of {', '.join(known)}", did_you_mean(name, known))
        for name in editions
        if name not in known
    ]
    if not problems and known.index(editions[0]) >= known.index(editions[1]):
        got = " and ".join(map(repr, editions))
        problems.append(Problem("earlier, later", got, "two editions, the older one first"))
    if not problems:
        for name in editions:
            question = answers.question(concept, name)
            if not question.kind.single_choice or question.unit is not Unit.DEPLOYMENT:
                got = f"{concept!r}, a question of kind {question.kind.value!r}"
                expected = "a question about a cloud with one answer"
                problems.append(Problem(f"edition {name}", got, expected))
    if problems:
        raise ResponsesError("Cannot follow clouds from edition to edition", problems)


def clouds_in(answers: Responses, edition: str) -> pd.DataFrame:
    """Return the clouds of an edition, one row each: organization, label and row."""
    frame = answers.deployments
    own = answers.voices & (frame["edition"].astype(str) == edition).to_numpy()
    own &= ~frame["copied"].to_numpy(dtype=bool, na_value=False)
    own &= frame["organization"].notna().to_numpy()
    rows = np.flatnonzero(own)
    blank = pd.Series(None, index=frame.index, dtype=object)
    labels = frame.get("deployment_label", blank).iloc[rows]
    return pd.DataFrame(
        {
            "organization": frame["organization"].astype(object).iloc[rows].to_numpy(),
            "label": [squeezed_name(each) if isinstance(each, str) else "" for each in labels],
            "row": rows,
        }
    )


def cloud_pairs(earlier: pd.DataFrame, later: pd.DataFrame) -> tuple[Rows, Rows]:
    """Return the rows of the same clouds: those that a label tells, and those that are alone."""
    sides = (earlier, later)
    labelled = _joined([side[side["label"] != ""] for side in sides], ["organization", "label"])
    alone = _joined(sides, ["organization"])
    pairs = pd.concat([labelled, alone]).drop_duplicates()
    return pairs["row_x"].to_numpy(dtype=np.intp), pairs["row_y"].to_numpy(dtype=np.intp)


def _joined(sides: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """Return pairs of rows that are the only ones of their keys on either side."""
    first, second = (side[~side.duplicated(keys, keep=False)] for side in sides)
    return first.merge(second, on=keys)[["row_x", "row_y"]]
