"""Drafts that need not be made again: nothing that they were made from has changed.

A draft's manifest holds one digest of everything that it depends on: the answers (exports,
codebook, key, code and versions, see :mod:`survey.project.processed`), the project file, the
policy, the ledger, published figures and the edition. What is final is always made again. The
digest of the answers is keyed, so that nobody without the key can test a guess at a record.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import Final

from survey.checked import checked
from survey.disclosure import LEDGER_FILE
from survey.errors import ProjectError
from survey.files import read_file
from survey.project.processed import Processed
from survey.project.settings import Project

__all__ = ["report_made_from"]

_COMPUTES: Final = ("scipy", "openpyxl")  # beside those that clean answers


@checked(ProjectError)
def report_made_from(project: Project, processed: Processed, edition: str) -> str:
    """Return a digest of everything that the draft of an edition's report depends on.

    It is empty where that cannot be said: a Python file of the project may read anything.
    """
    if not processed.made_from or project.report.files:
        return ""
    try:
        ledger = read_file(project.folder / LEDGER_FILE)
    except FileNotFoundError:
        ledger = b""
    own = (project.policy, project.variables, project.report, processed.figures)
    said = (processed.made_from, project.title, edition, *map(repr, own))
    digest = sha256()
    for part in (*said, *map(version, _COMPUTES), sha256(ledger).hexdigest()):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()
