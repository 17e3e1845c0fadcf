"""Which columns of a table a publication can afford.

The certain bounds of a total, and the edges around a median, are sums of round numbers: read
together with the other tables they tell how many clouds stand in the smallest bands, so that
half of a distribution would have to be withheld to protect one cloud. A publication shows the
distribution instead; analysts get the bounds from :func:`survey.total` and
:func:`survey.median`.
"""

from __future__ import annotations

from survey.estimates import Estimates

__all__ = ["TELLING", "publishable"]

#: Columns that give away counts of single bands.
TELLING = frozenset(
    {
        "lower_bound",
        "upper_bound",
        "upper_closed",
        "open_top",
        "within_low",
        "within_high",
        "low_edge",
        "high_edge",
        "band",
    }
)
_NOTE = (
    "The certain bounds are not published: together with the other tables they would tell how "
    "many clouds stand in the smallest bands."
)


def publishable(table: Estimates) -> Estimates:
    """Return ``table`` without the columns that give away counts, and a note that says so.

    Examples
    --------
    >>> from survey.estimates import median
    >>> from survey.estimates.examples import answers
    >>> "lower_bound" in publishable(median(answers(), "compute_cores")).frame
    False
    """
    kept = [column for column in table.frame.columns if column not in TELLING]
    if len(kept) == len(table.frame.columns):
        return table
    return table.with_frame(table.frame[kept]).noted(_NOTE)
