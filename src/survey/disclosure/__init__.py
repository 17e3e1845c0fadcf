"""Disclosure control: nothing leaves without passing here."""

from survey.disclosure.ledger import LEDGER_FILE, Ledger, Register, read_ledger
from survey.disclosure.policy import Policy, Profile
from survey.disclosure.preview import Preview, preview
from survey.disclosure.protect import protect
from survey.disclosure.publication import Publication
from survey.disclosure.sign_off import sign_off_page

__all__ = [
    "LEDGER_FILE",
    "Ledger",
    "Policy",
    "Preview",
    "Profile",
    "Publication",
    "Register",
    "preview",
    "protect",
    "read_ledger",
    "sign_off_page",
]
