"""Where the files of a publication may be written."""

from __future__ import annotations

from pathlib import Path

from survey.disclosure import LEDGER_FILE, Publication
from survey.errors import Problem, PublishError
from survey.files import faults_as, noted_in, printable
from survey.files.final_reports import MANIFEST, refuse_inside
from survey.publish.report_folders import refuse_among

__all__ = ["refuse_lost_ledger", "refuse_place", "refuse_unnoted"]


def refuse_place(publication: Publication, folder: str | Path) -> None:
    """Refuse a folder to which files of a publication are not written.

    Raises
    ------
    PublishError
        If it lies in a final publication, or the publication is not final and one stands in it,
        or beside a folder above; or if the publication is final and not in the ledger.
    """
    refuse_unnoted(publication)
    if publication.final:
        with faults_as(PublishError, "Nothing is added to a final publication", str(folder)):
            refuse_inside(Path(folder) / MANIFEST)
    refuse_among(Path(folder), publication.edition, publication.status)


def refuse_unnoted(publication: Publication) -> None:
    """Refuse to write a final publication whose counts are in no ledger.

    Raises
    ------
    PublishError
        If the ledger was not written since :func:`survey.protect` made it.
    """
    if publication.noted.in_ledger or not publication.final:
        return
    got = "a final publication that is in no ledger"
    hint = f"write the ledger first, beside the key: note_in_ledger(register, {LEDGER_FILE!r})"
    problem = Problem("publication", got, "its counts in the ledger", hint)
    raise PublishError("What is published is noted in the ledger first", [problem])


def refuse_lost_ledger(publication: Publication, root: Path) -> None:
    """Refuse a final publication whose ledger lacks a final report that stands in the folder.

    Raises
    ------
    PublishError
        If one was noted in another ledger, or in a later one of the same key.
    """
    lacking = [each.report for each in noted_in(root) if each.digest not in publication.noted.known]
    if publication.final and lacking:
        got = f"a ledger without {', '.join(lacking)}, which stands in {printable(root.name)}"
        hint = "put the newest copy of the ledger back, and publish again; see docs/secret-key.md"
        problem = Problem(LEDGER_FILE, got, "the ledger of all that was published", hint)
        raise PublishError("The ledger is an older or another one", [problem])
