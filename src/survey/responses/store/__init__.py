"""Cleaned answers on disk, for others to use and for us to read back."""

from survey.responses.store.read import read_answers
from survey.responses.store.write import write_answers

__all__ = ["read_answers", "write_answers"]
