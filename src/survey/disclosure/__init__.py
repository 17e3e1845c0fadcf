"""Disclosure control: nothing leaves without passing here.

To read the room: ``perturbation`` has which number a count becomes (``noise``) and the way from a
tabulation of true counts to one that may be published (``rare_answers``, ``counts``); ``public``
makes a table of that by the statistic's own functions, and ``protect`` a publication of tables.
``cuts``, ``published_digits`` and ``effect`` say which rows stand, and with how many digits.

``ledger`` remembers what was published: ``register`` (a publication while it is made),
``ledger_column`` and ``ledger_file``; ``column_names`` say what a column is, ``near`` and
``new_columns`` which columns may not be drawn, ``changed_records`` and ``published_answers`` what
differs from then.

``policy``, ``release_plan``, ``publication`` and ``refusals`` are what their names say.
A statistic needs none of it changed: its record says how it is computed from perturbed counts.
"""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.disclosure.ledger.ledger_file import LEDGER_FILE, Ledger, read_ledger
    from survey.disclosure.ledger.noting import note_in_ledger
    from survey.disclosure.ledger.register import Register
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
            "LEDGER_FILE": "ledger.ledger_file",
            "Ledger": "ledger.ledger_file",
            "Policy": "policy",
            "Profile": "policy",
            "Publication": "publication",
            "Register": "ledger.register",
            "note_in_ledger": "ledger.noting",
            "protect": "protect",
            "read_ledger": "ledger.ledger_file",
        },
    )
