"""One damaged file: drawn from chance, so that a seed stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.fuzz.files import EDITIONS, LINES, OTHERS, Base, base
from tests.fuzz.mutations import BYTES, KINDS, File, mutate

__all__ = ["Case", "cases_of", "damaged"]

_USUAL = ("by-heading", "by-heading", "flat", "flat")


@dataclass(frozen=True)
class Case:
    """A damaged file, where it came from, and what is known of the damage."""

    source: Base
    kind: str
    kinds: tuple[str, ...]
    data: bytes
    file: File | None = None

    @property
    def exporter(self) -> bool:
        """Whether the file was in a layout whose records can be compared one by one."""
        return self.source.name.startswith(("by-heading", "flat"))

    def __repr__(self) -> str:
        return f"{self.source}, {' + '.join(self.kinds)}"


def cases_of(chance: Random) -> Case:
    """Draw a file and its damage: mostly one kind, now and then two."""
    layout = chance.choice([*_USUAL, *_USUAL, *LINES, *OTHERS])
    part = chance.choice([0, 1, 2, 3, 4, 5, 6, 7, -1])
    source = base(layout, chance.choice(EDITIONS), part)
    if layout in OTHERS:
        kind = chance.choice(list(BYTES))
        return Case(source, kind, (kind,), BYTES[kind](source.data, chance))
    kinds = [chance.choice(list(KINDS))]
    if chance.random() < 0.25:
        kinds.append(chance.choice(list(KINDS)))
    return damaged(source, kinds, chance)


def damaged(source: Base, kinds: list[str], chance: Random) -> Case:
    """Apply some kinds of damage to a file of lines, one after the other."""
    file = File.of(source.data, source.delimiter)
    for kind in kinds:
        if len(file.lines) > 2:
            mutate(file, kind, chance)
    return Case(source, kinds[0], tuple(kinds), file.content, file)
