"""Notes that name a number which a publication must not tell exactly."""

from __future__ import annotations

__all__ = ["STEP", "RoughNote", "rough_number"]

STEP = 5
"""Published numbers in notes are multiples of this."""


def rough_number(count: int, threshold: int) -> str:
    """Return a number in words that neither tell it nor can be subtracted.

    Examples
    --------
    >>> rough_number(7, 10), rough_number(28, 10)
    ('Fewer than 10', 'About 30')
    """
    if count < threshold:
        return f"Fewer than {threshold:,}"
    return f"About {STEP * round(count / STEP):,}"


class RoughNote(str):
    """A note with other words for publication.

    Parameters
    ----------
    words
        The note; ``{}`` stands for the number.
    number
        The number.
    public
        The words for publication, by default the same; without ``{}`` they name no number.

    Examples
    --------
    >>> note = RoughNote("{} clouds are described twice.", 7)
    >>> print(note, note.coarse(10))
    7 clouds are described twice. Fewer than 10 clouds are described twice.
    """

    words: str
    number: int
    public: str

    def __new__(cls, words: str, number: int, public: str = "") -> RoughNote:
        """Put the number into the words."""
        note = super().__new__(cls, words.format(f"{number:,}"))
        note.words, note.number, note.public = words, number, public or words
        return note

    def coarse(self, threshold: int) -> str:
        """Return the note for publication."""
        return self.public.format(rough_number(self.number, threshold))

    def __reduce__(self) -> tuple[type[RoughNote], tuple[object, ...]]:
        return RoughNote, (self.words, self.number, self.public)
