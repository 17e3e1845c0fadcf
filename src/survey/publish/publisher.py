"""Who publishes, whom to ask, and under which licence the figures may be used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.dataclass import dataclass
from survey.errors import Problem, PublishError

__all__ = ["Publisher"]


_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}").fullmatch


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
    colour
        Colour of the edge above each page, such as ``#7a3b00``; by default that of the theme.
        Charts keep their colours, which are told apart by everybody.

    Raises
    ------
    PublishError
        If the colour is not written like that.

    Examples
    --------
    >>> list(Publisher("Example Foundation", licence="CC BY 4.0").lines())
    ['Published by: Example Foundation', 'Licence: CC BY 4.0']
    """

    name: str = ""
    contact: str = ""
    licence: str = ""
    file_name: str = ""
    colour: str = ""

    def __post_init__(self) -> None:
        if self.colour and not _COLOUR(self.colour):
            problem = Problem(
                "[publisher], colour", repr(self.colour), 'a colour such as "#7a3b00"'
            )
            raise PublishError("The publisher cannot be used", [problem])

    def lines(self) -> Iterator[str]:
        """Yield a line for each thing that is known."""
        known = (
            ("Published by", self.name),
            ("Contact", self.contact),
            ("Licence", self.licence),
        )
        return (f"{what}: {said}" for what, said in known if said)
