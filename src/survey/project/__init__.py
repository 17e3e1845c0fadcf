"""A project: what ``survey.toml`` says, which exports it reads, and its answers on disk."""

from survey.project.intake import Intake, Left, intake_of
from survey.project.naming import refuse_names
from survey.project.preview import Preview, preview
from survey.project.processed import Processed, project_answers, read_exports
from survey.project.settings import (
    CODEBOOK_FOLDER,
    FILE_NAME,
    ExportFile,
    Project,
    bind,
    read_project,
)
from survey.project.sign_off import sign_off_page
from survey.project.start import start_project
from survey.project.unchanged import report_made_from

__all__ = [
    "CODEBOOK_FOLDER",
    "FILE_NAME",
    "ExportFile",
    "Intake",
    "Left",
    "Preview",
    "Processed",
    "Project",
    "bind",
    "intake_of",
    "preview",
    "project_answers",
    "read_exports",
    "read_project",
    "refuse_names",
    "report_made_from",
    "sign_off_page",
    "start_project",
]
