"""Unions: groups and answers that join several, as selections and scores do."""

from __future__ import annotations

from tests.attacker.bounds import MANY, System
from tests.attacker.reading import ALL_OF, Key

__all__ = ["add_unions"]


def add_unions(system: System, several: dict[str, bool]) -> None:
    """Relate each count of a union to the counts of its members, as far as they stand."""
    for key in list(system.low):
        edition, unit, pairs = key
        for concept, label in pairs:
            if ALL_OF not in label:
                continue
            rest, members = pairs - {(concept, label)}, label.split(ALL_OF)
            parts: list[Key] = [(edition, unit, rest | {(concept, each)}) for each in members]
            known = [part for part in parts if part in system.low]
            if len(known) == len(parts):
                exact = 0 if not several.get(concept, False) else MANY
                system.relate({**dict.fromkeys(known, 1), key: -1}, 0, exact)
            if several.get(concept, False):
                for part in known:
                    system.relate({part: 1, key: -1}, -MANY, 0)
            elif known:
                system.relate({**dict.fromkeys(known, 1), key: -1}, -MANY, 0)
