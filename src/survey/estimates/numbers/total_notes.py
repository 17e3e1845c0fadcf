"""How a total was made, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.estimates.exact_note import ExactNote
from survey.estimates.notes import OF_THOSE_THAT_ANSWERED, RANDOM_DRAW, SELF_SELECTED
from survey.estimates.numbers.banded import Banded
from survey.estimates.numbers.known import Known

__all__ = ["Choice", "notes_on_total"]

_WHEREVER_KNOWN: Final = (
    "Where an organization with a published figure took part and agreed to be named, that figure "
    "stands in place of its bands."
)

_OPEN: Final = "What lies in a band without an upper edge is an assumption"


@dataclass(frozen=True)
class Choice:
    """How totals are modelled.

    Attributes
    ----------
    family, open_band
        How numbers are spread inside bands and in the open band.
    replicates
        Number of bootstrap replicates.
    gross_up
        Whether who did not answer counts like the mean of those who did.
    figures
        How many known figures were given.
    """

    family: str
    top: str | float | None
    replicates: int
    gross_up: bool
    figures: int


def notes_on_total(
    banded: Banded, frame: pd.DataFrame, known: Known, choice: Choice
) -> Iterator[str]:
    """Yield what must be said about totals, most important first."""
    words = banded.sample.answers.vocabulary
    unit, units = (words.noun(banded.asked.rows, number) for number in (1, 2))
    editions = len(banded.sample.editions)
    if editions > 1 and "edition" not in banded.grouping.names:
        yield (
            f"Answers of {editions} editions are added up: a {unit} counts once in each of them. "
            "Group by edition to keep them apart."
        )
    yield _whose(banded, units, choice)
    yield ExactNote(
        f"{SELF_SELECTED} {OF_THOSE_THAT_ANSWERED} Columns 'draw_low' and 'draw_high' treat them "
        "as a random sample.",
        f"{SELF_SELECTED} {OF_THOSE_THAT_ANSWERED}",
    )
    yield ExactNote(
        f"Bounds {banded.bounds_hold('those that answered')}: the sums of the edges of their "
        "bands. The value is a model of what lies inside the bands.",
        "The value is a model of what lies inside the bands, from the counts that are expected "
        "behind the adjusted ones.",
    )
    if known.has_open:
        yield ExactNote(f"{_OPEN} (columns 'open_top' and 'open_top_share').", f"{_OPEN}.")
    if twice := _described_twice(banded):
        yield ExactNote(
            f"{twice:,} {units} are described by a colleague, too; each description counts "
            "(see answers.one_per_cloud())."
        )
    if replaced := int(known.replaced.sum()):
        yield ExactNote(
            f"{replaced:,} bands are replaced by known figures; each stands for all {words.units} "
            "of its organization.",
            _WHEREVER_KNOWN,
        )
    elif choice.figures:
        hidden = (
            ""
            if banded.sample.answers.identified
            else ", which stand here as pseudonyms (see keyed_footprints)"
        )
        none = f"No known figure belongs to an organization of these answers{hidden}."
        yield ExactNote(none, _WHEREVER_KNOWN)
    yield from (note for note in banded.notes() if note != RANDOM_DRAW)


def _described_twice(banded: Banded) -> int:
    """Return how many of the deployments that count repeat a colleague's cloud."""
    sample = banded.sample
    frame = sample.answers.frame(sample.unit)
    if "cloud" not in frame:
        return 0
    cloud = sample.pick(frame["cloud"].to_numpy())
    table = pd.DataFrame({"edition": sample.edition, "cloud": cloud})[banded.answered]
    return int(table.dropna().duplicated().sum())


def _whose(banded: Banded, units: str, choice: Choice) -> str:
    if choice.gross_up:
        return (
            f"{units.capitalize()} that were asked and did not answer count like the mean of "
            "those that did; nothing is added for those that did not take part."
        )
    answered, asked = int(banded.answered.sum()), int(banded.was_asked.sum())
    if banded.asked.unit is Unit.ORGANIZATION:
        return (
            f"A sum over organizations, each with the mean of its {units} that answered: not the "
            f"total of all {units}."
        )
    rest = "nothing is added for those that did not answer or did not take part."
    sum_of = "A sum" if banded.design.weights is None else "A weighted sum"
    return ExactNote(
        f"{sum_of} over the {units} that answered: {answered} of {asked} that were asked; {rest}",
        f"{sum_of} over the {units} that answered; {rest}",
    )
