"""Bands read from their wording, put in order, and checked for gaps and overlaps."""

from survey.codebook.bands.reading import Reading, readings
from survey.codebook.bands.scale import Scale, read_scale
from survey.codebook.bands.wording import with_commas

__all__ = ["Reading", "Scale", "read_scale", "readings", "with_commas"]
