"""Disclosure control: nothing leaves without passing here."""

from survey.disclosure.ledger import LEDGER_FILE, Ledger, Register, read_ledger
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
    "protect",
    "read_ledger",
]
