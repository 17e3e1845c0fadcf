"""Drafts that need not be made again: nothing that they were made from has changed.

A draft's manifest holds one digest of everything that it depends on: the answers (exports,
codebook, key, code and versions, see :mod:`survey.project.inputs`), the project file, the
policy, the ledger, published figures and the edition. What is final is always made again. The
digest of the answers is keyed, so that nobody without the key can test a guess at a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Final

from survey.codebook.footprints import PublishedFigure
from survey.dataclass import dataclass
from survey.disclosure import LEDGER_FILE
from survey.files import read_file
from survey.project.inputs import FOLDER, inputs_of
from survey.project.intake import Left
from survey.project.settings import Project
from survey.publish import unchanged_report
from survey.responses.store.reuse import kept_set

__all__ = ["UnchangedDrafts", "draft_made_from", "unchanged_drafts"]

_COMPUTES: Final = ("scipy", "openpyxl")  # beside those that clean answers


@dataclass(frozen=True)
class UnchangedDrafts:
    """Drafts that would be written again just as they stand, and their answers too.

    Attributes
    ----------
    drafts
        Edition -> the files of its report.
    left
        Files in ``data/raw`` that are not read.
    """

    reused: ClassVar[bool] = True
    reasons: ClassVar[tuple[str, ...]] = ()
    drafts: Mapping[str, tuple[Path, ...]]
    left: tuple[Left, ...]


def unchanged_drafts(
    project: Project, out: Path, chosen: Callable[[tuple[str, ...]], Iterable[str]]
) -> UnchangedDrafts | None:
    """Return the drafts that are to be made if all of them stand as they would be written.

    No answer is read for it, only digests are compared. Nothing is returned where one of them has
    to be made, or nobody can say.

    Parameters
    ----------
    project
        From :func:`survey.project.read_project`.
    out
        Where the reports stand.
    chosen
        Which editions of those that are there are to be published.

    Raises
    ------
    SurveyError
        If there is nothing to read, or the key cannot be used.
    """
    if not any(out.glob("*/manifest.json")):
        return None
    inputs = inputs_of(project)
    kept = kept_set(project.folder / FOLDER, inputs.parts)
    made_from = inputs.made_from
    drafts: dict[str, tuple[Path, ...]] = {}
    for edition in chosen(kept.editions):
        digest = draft_made_from(project, made_from, inputs.figures, edition)
        drafts[edition] = unchanged_report(out, edition, digest)
    whole = all(drafts.values()) and kept.whole
    return UnchangedDrafts(drafts, inputs.intake.left) if whole else None


def draft_made_from(
    project: Project, answers: str, figures: tuple[PublishedFigure, ...], edition: str
) -> str:
    """Return a digest of everything that the draft of an edition's report depends on.

    It is empty where that cannot be said: a Python file of the project may read anything.
    """
    if not answers or project.report.files:
        return ""
    try:
        ledger = read_file(project.folder / LEDGER_FILE)
    except FileNotFoundError:
        ledger = b""
    own = (project.policy, project.variables, project.report, figures)
    said = (answers, project.title, edition, *map(repr, own))
    digest = sha256()
    for part in (*said, *map(version, _COMPUTES), sha256(ledger).hexdigest()):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()
