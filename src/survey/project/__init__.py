"""A project: what ``survey.toml`` says, which exports it reads, and its answers on disk."""

from survey.project.intake import Intake, Left, intake_of
from survey.project.processed import Processed, project_answers, read_exports
from survey.project.settings import (
    CODEBOOK_FOLDER,
    FILE_NAME,
    ExportFile,
    Project,
    bind,
    read_project,
)
from survey.project.start import start_project
from survey.project.unchanged import report_made_from

__all__ = [
    "CODEBOOK_FOLDER",
    "FILE_NAME",
    "ExportFile",
    "Intake",
    "Left",
    "Processed",
    "Project",
    "bind",
    "intake_of",
    "project_answers",
    "read_exports",
    "read_project",
    "report_made_from",
    "start_project",
]
