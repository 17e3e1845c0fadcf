"""Bands read from their wording, put in order, and checked for gaps and overlaps."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.codebook.bands.reading import Reading, readings
    from survey.codebook.bands.scale import Scale, read_scale
    from survey.codebook.bands.wording import with_commas

__all__ = ["Reading", "Scale", "read_scale", "readings", "with_commas"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Reading": "reading",
            "Scale": "scale",
            "read_scale": "scale",
            "readings": "reading",
            "with_commas": "wording",
        },
    )
