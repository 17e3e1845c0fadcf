"""A first codebook for the file of another survey tool, drafted from the file itself."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.exports.drafting.draft import draft_codebook

__all__ = ["draft_codebook"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "draft_codebook": "draft",
        },
    )
