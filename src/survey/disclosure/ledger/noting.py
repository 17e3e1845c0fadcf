"""What is published is noted in the ledger first, and by one run at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from survey.checked import checked
from survey.disclosure.ledger.ledger_file import Ledger, read_ledger
from survey.disclosure.ledger.register import Register
from survey.errors import DisclosureError, Problem
from survey.files import edit_file, faults_as

__all__ = ["note_in_ledger"]

_MESSAGE = "The publication cannot be noted in the ledger"


@checked(DisclosureError)
def note_in_ledger(register: Register, path: Path) -> Ledger:
    """Write the ledger with a publication in it, readable by its owner alone, and return it.

    Only then do writers write what is final: a ledger with counts that nobody saw does no harm,
    a published folder without its ledger does.

    Parameters
    ----------
    register
        What :func:`survey.protect` was given, after it.
    path
        The ledger, beside the secret key; usually ``folder / LEDGER_FILE``.

    Raises
    ------
    DisclosureError
        If the ledger on the disk is not the one that was read, as another run wrote it
        meanwhile, or it cannot be written. What stood there stays.

    Examples
    --------
    >>> ledger = note_in_ledger(register, project / LEDGER_FILE)  # doctest: +SKIP
    """
    after = register.entries(register.ledger.key)

    def change(before: str | None) -> str:
        if before is not None:
            _refuse_other(read_ledger(path), register.ledger, after, path)
        return after.text()

    with faults_as(DisclosureError, _MESSAGE, path, "a file to write to"):
        edit_file(path, change, private=True)
    for note in register.notes:
        note.in_ledger, note.key = True, after.key
        note.number = after.number_of(note.edition)
        note.digest = after.publications[note.number - 1][1]
        note.known = frozenset(digest for _, digest in after.publications)
    return after


def _refuse_other(found: Ledger, read: Ledger, after: Ledger, path: Path) -> None:
    """Refuse a ledger that is neither the one that was read nor what is to be written."""
    named = replace(found, key=found.key or read.key).text()
    if named in (read.text(), after.text()):
        return
    problem = Problem(
        path.name,
        "another ledger than the one that was read",
        "the ledger as it was read",
        "another run published meanwhile: read the ledger again, and publish beside it",
    )
    raise DisclosureError(_MESSAGE, [problem])
