"""Notes that follow from exact answers, which no publication repeats."""

from __future__ import annotations

from typing import Final, Self

__all__ = ["MEAN_WEIGHTS", "WEIGHTED", "ExactNote"]

WEIGHTED: Final = " (weighted)"
"""The end of the title of a weighted table."""
MEAN_WEIGHTS: Final = " (mean weight of each group)"
"""What a publication says in its place: perturbed counts have no weights of their own."""


class ExactNote(str):
    """A note that exact answers alone allow: a number of them, or that there are some at all.

    Parameters
    ----------
    words
        The note.
    public
        What a publication says in its place; nothing by default. That it stands there must not
        follow from answers either.

    Examples
    --------
    >>> note = ExactNote("7 clouds are described twice.", "A cloud may be described twice.")
    >>> print(note, note.public)
    7 clouds are described twice. A cloud may be described twice.
    """

    public: str

    def __new__(cls, words: str, public: str = "") -> Self:
        """Keep the words of a publication beside the note."""
        note = super().__new__(cls, words)
        note.public = public
        return note

    def __reduce__(self) -> tuple[type[ExactNote], tuple[object, ...]]:
        return ExactNote, (str(self), self.public)
