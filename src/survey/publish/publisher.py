"""Who publishes, whom to ask, and under which licence the figures may be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Publisher"]


@dataclass(frozen=True, slots=True)
class Publisher:
    """What the cover of the workbook and the foot of the dashboard say about the publisher.

    Attributes
    ----------
    name
        Who publishes.
    contact
        Where questions go: an address or a page.
    licence
        Under which licence the figures may be used.
    file_name
        How the name of the workbook begins; by default the title of the publication.

    Examples
    --------
    >>> list(Publisher("Example Foundation", licence="CC BY 4.0").lines())
    ['Published by: Example Foundation', 'Licence: CC BY 4.0']
    """

    name: str = ""
    contact: str = ""
    licence: str = ""
    file_name: str = ""

    def lines(self) -> Iterator[str]:
        """Yield a line for each thing that is known."""
        known = (
            ("Published by", self.name),
            ("Contact", self.contact),
            ("Licence", self.licence),
        )
        return (f"{what}: {said}" for what, said in known if said)
