"""Who counts: the unit, the base, the clusters, the weights, and which records count."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.estimates.design.design import Design, DesignOptions, design, design_of

__all__ = ["Design", "DesignOptions", "design", "design_of"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Design": "design",
            "DesignOptions": "design",
            "design": "design",
            "design_of": "design",
        },
    )
