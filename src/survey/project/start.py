"""Begin a project: a folder with ``survey.toml`` and what is kept out of version control."""

from __future__ import annotations

from pathlib import Path

from survey.checked import checked
from survey.disclosure import LEDGER_FILE
from survey.disclosure.policy import Profile
from survey.errors import Problem, ProjectError, did_you_mean
from survey.files import edit_file, faults_as, write_file
from survey.project.inputs import KEY_FILE
from survey.project.settings_checks import FILE_NAME
from survey.responses.toml_text import toml_line

__all__ = ["start_project"]

_SETTINGS = """\
# What 'survey report' reads and publishes. Every key: docs/settings.md.
title = {title}

[policy]
# protected: published counts carry a small random adjustment.
# threshold: exact counts, one-way tables alone; internal: exact and complete, not to be passed on.
profile = "{profile}"

# Without a list, every export in data/raw is read.
# [[exports]]
# file = "data/raw/Survey_20240831120000.csv"
# edition = "2024"
"""
_IGNORED = (
    "/data/raw/*",
    "/data/processed/*",
    "/reports/*",
    "/reports-internal/*",
    "/sign-off-*.md",
    f"/{KEY_FILE}",
    f"/{LEDGER_FILE}",
)


@checked(ProjectError)
def start_project(folder: str | Path, *, title: str, profile: str = "protected") -> Path:
    """Write ``survey.toml`` and make the folders of a project; return the file.

    A ``.gitignore`` that is there gets the lines that it lacks, so that answers, key and ledger
    stay out of version control.

    Parameters
    ----------
    folder
        The project's folder; made if it is not there.
    title
        Title of the publication.
    profile
        ``"protected"``, ``"threshold"`` or ``"internal"``.

    Raises
    ------
    ProjectError
        If the profile is none, there is a project already, or nothing can be written.

    Examples
    --------
    >>> start_project("bakeries", title="Bakery survey")  # doctest: +SKIP
    """
    root = Path(folder)
    path = root / FILE_NAME
    known = [each.value for each in Profile]
    if profile not in known:
        hint = did_you_mean(profile, known)
        problem = Problem("profile", repr(profile), f"one of {', '.join(known)}", hint)
        raise ProjectError("The project cannot be made", [problem])
    with faults_as(ProjectError, "The project cannot be made", path):
        if path.exists():
            problem = Problem(FILE_NAME, "a project that is there", "a folder without one")
            raise ProjectError("The project is not made anew", [problem])
        for name in ("data/raw", "reports"):
            (root / name).mkdir(parents=True, exist_ok=True)
        edit_file(root / ".gitignore", _with_ignored)
        return write_file(path, _SETTINGS.format(title=_quoted(title), profile=profile))


def _with_ignored(before: str | None) -> str | None:
    text = before or ""
    lacking = [line for line in _IGNORED if line not in text.splitlines()]
    if not lacking:
        return None
    return text + "\n" * bool(text and not text.endswith("\n")) + "\n".join([*lacking, ""])


def _quoted(text: str) -> str:
    return toml_line("title", text).removeprefix("title = ")
