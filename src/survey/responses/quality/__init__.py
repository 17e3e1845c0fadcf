"""The quality of what was read, section by section."""

from survey.responses.quality.page import HARMLESS, SECTIONS, Quality, quality
from survey.responses.quality.section import Section

__all__ = ["HARMLESS", "SECTIONS", "Quality", "Section", "quality"]
