"""The quality of what was read, section by section."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.responses.quality.page import HARMLESS, SECTIONS, Quality, quality
    from survey.responses.quality.section import Section

__all__ = ["HARMLESS", "SECTIONS", "Quality", "Section", "quality"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "HARMLESS": "page",
            "SECTIONS": "page",
            "Quality": "page",
            "Section": "section",
            "quality": "page",
        },
    )
