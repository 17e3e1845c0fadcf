"""Reports that stand already: what of them is ours, and which need not be made again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from survey.checked import checked
from survey.errors import Problem, PublishError
from survey.files import faults_as, read_file, refuse_foreign
from survey.files.final_reports import LATEST
from survey.publish.report_folders import DRAFT, refuse_root

__all__ = ["LATEST", "MESSAGE", "folder_name", "refuse_report", "unchanged_report"]

MESSAGE = "The report cannot be written"


@checked(PublishError)
def refuse_report(
    folder: str | Path, edition: str, *, status: str = DRAFT, together: Sequence[str] = ()
) -> None:
    """Refuse, before anything is computed, a folder to which a report is not written.

    Parameters
    ----------
    folder, edition
        Where the editions stand, and the one that is to be written.
    status
        ``"draft"``, ``"final"`` or ``"internal"``.
    together
        Editions that are made final in the same run.

    Raises
    ------
    PublishError
        If ``folder/<edition>`` holds anything else than a report as it was written, if what is
        not final would stand among final publications, or a final one beside drafts or beside
        the ledger.

    Examples
    --------
    >>> refuse_report("reports", "2024")
    """
    target = Path(folder) / folder_name(edition)
    refuse_root(target.parent, edition, status, together)
    with faults_as(PublishError, MESSAGE, target, "a folder to write to"):
        refuse_foreign([target, target.with_name(LATEST)], error=PublishError)


@checked(PublishError)
def unchanged_report(folder: str | Path, edition: str, made_from: str) -> tuple[Path, ...]:
    """Return the files of an edition's report if it was made from just this and is whole.

    Nothing is returned where it was not, or where nobody can say. Whether somebody changed a file
    is what :func:`refuse_report` looks at.
    """
    root = Path(folder) / folder_name(edition)
    try:
        manifest = json.loads(read_file(root / "manifest.json"))
        listed = [root / str(each["path"]) for each in manifest["outputs"]]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    same = bool(made_from) and manifest.get("made_from") == made_from
    whole = same and all(path.is_file() for path in listed)
    return (*listed, root / "manifest.json") if whole else ()


def folder_name(edition: str) -> str:
    """Return the edition's name, provided that it stays inside the folder of reports."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[\w -]*[\w-])?", edition) or edition.casefold() == LATEST:
        problem = Problem(
            "edition",
            repr(edition),
            "letters, digits, spaces, '-' or '_'",
            "the edition names the folder of its report",
        )
        raise PublishError(MESSAGE, [problem])
    return edition
