"""Bands read from their wording, put in order, and checked for gaps and overlaps."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.codebook.bands.band_reading import Reading, readings
    from survey.codebook.bands.band_words import with_commas
    from survey.codebook.bands.scale import Scale, read_scale

__all__ = ["Reading", "Scale", "read_scale", "readings", "with_commas"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Reading": "band_reading",
            "Scale": "scale",
            "read_scale": "scale",
            "readings": "band_reading",
            "with_commas": "band_words",
        },
    )
