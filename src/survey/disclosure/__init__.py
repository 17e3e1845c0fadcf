"""Disclosure control: nothing leaves without passing here."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.disclosure.ledger import Register
    from survey.disclosure.ledger_file import LEDGER_FILE, Ledger, read_ledger
    from survey.disclosure.noting import note_in_ledger
    from survey.disclosure.policy import Policy, Profile
    from survey.disclosure.protect import protect
    from survey.disclosure.publication import Publication

__all__ = [
    "LEDGER_FILE",
    "Ledger",
    "Policy",
    "Profile",
    "Publication",
    "Register",
    "note_in_ledger",
    "protect",
    "read_ledger",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "LEDGER_FILE": "ledger_file",
            "Ledger": "ledger_file",
            "Policy": "policy",
            "Profile": "policy",
            "Publication": "publication",
            "Register": "ledger",
            "note_in_ledger": "noting",
            "protect": "protect",
            "read_ledger": "ledger_file",
        },
    )
