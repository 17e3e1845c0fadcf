"""Who counts: the unit, the base, the clusters, the weights, and which records count."""

from survey.estimates.design.design import Design, DesignOptions, design, design_of

__all__ = ["Design", "DesignOptions", "design", "design_of"]
