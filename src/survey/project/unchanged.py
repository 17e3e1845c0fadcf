"""Whether a draft has to be made again, once the answers are there."""

from __future__ import annotations

from survey.checked import checked
from survey.errors import ProjectError
from survey.project.processed import Processed
from survey.project.settings import Project
from survey.project.standing import draft_made_from

__all__ = ["report_made_from"]


@checked(ProjectError)
def report_made_from(project: Project, processed: Processed, edition: str) -> str:
    """Return a digest of everything that the draft of an edition's report depends on.

    It is empty where that cannot be said: a Python file of the project may read anything.
    """
    return draft_made_from(project, processed.made_from, processed.figures, edition)
