"""Who wrote what: texts counted by organizations, so that one voice is one voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from survey.responses.coding.wording import PERSONAL, joined

__all__ = ["Said", "Tally"]


@dataclass
class Said:
    """One thing that was written, in all its spellings."""

    spellings: Counter[str] = field(default_factory=Counter)
    organizations: set[object] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    editions: set[str] = field(default_factory=set)

    @property
    def label(self) -> str:
        """The most common spelling."""
        return min(self.spellings, key=lambda text: (-self.spellings[text], text))

    def add(self, other: Said) -> None:
        """Add what is another spelling of the same."""
        self.spellings.update(other.spellings)
        self.organizations |= other.organizations
        self.rows |= other.rows
        self.editions |= other.editions


@dataclass
class Tally:
    """What was written, by what its spellings share.

    ``personal`` counts parts that hold an address or a telephone number: these are never
    proposed, however often they come.
    """

    said: dict[str, Said] = field(default_factory=dict)
    personal: int = 0

    def count(self, part: str, row: int, organization: object, edition: str) -> None:
        """Count one part of one answer."""
        if PERSONAL.search(part):
            self.personal += 1
            return
        each = self.said.setdefault(joined(part), Said())
        each.spellings[part] += 1
        each.organizations.add(organization)
        each.rows.add(row)
        each.editions.add(edition)

    def by_size(self, keys: Iterable[str] | None = None) -> Iterator[tuple[str, Said]]:
        """Yield what was written, by most organizations first."""
        said: Mapping[str, Said] = self.said
        chosen = said if keys is None else {key: said[key] for key in keys}
        order = sorted(chosen, key=lambda key: (-len(said[key].organizations), key))
        yield from ((key, said[key]) for key in order)
