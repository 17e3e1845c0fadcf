"""Disclosure control: nothing leaves without passing here."""

from survey.disclosure.policy import Policy
from survey.disclosure.protect import protect
from survey.disclosure.publication import Publication

__all__ = ["Policy", "Publication", "protect"]
