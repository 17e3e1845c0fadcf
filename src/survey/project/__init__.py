"""A project: what ``survey.toml`` says, which exports it reads, and its answers on disk."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.project.intake import Intake, Left, intake_of
    from survey.project.naming_check import refuse_names
    from survey.project.preview import Preview, preview
    from survey.project.processed import (
        Processed,
        project_answers,
        read_exports,
        report_made_from,
    )
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

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "CODEBOOK_FOLDER": "settings",
            "FILE_NAME": "settings",
            "ExportFile": "settings",
            "Intake": "intake",
            "Left": "intake",
            "Preview": "preview",
            "Processed": "processed",
            "Project": "settings",
            "bind": "settings",
            "intake_of": "intake",
            "preview": "preview",
            "project_answers": "processed",
            "read_exports": "processed",
            "read_project": "settings",
            "refuse_names": "naming_check",
            "report_made_from": "processed",
            "sign_off_page": "sign_off",
            "start_project": "start",
        },
    )
