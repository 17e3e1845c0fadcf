"""Cleaned answers on disk, for others to use and for us to read back."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.responses.store.read import read_answers
    from survey.responses.store.write import write_answers

__all__ = ["read_answers", "write_answers"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "read_answers": "read",
            "write_answers": "write",
        },
    )
