"""The headline: cores of the clouds in production, each once, as they are quoted in public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from survey.codebook import PublishedFigure
from survey.dataclass import dataclass
from survey.estimates import Estimates, compare_numbers, total
from survey.estimates.reference import Reference
from survey.responses import Responses

__all__ = [
    "BY_STAGE",
    "CORES",
    "PRODUCTION",
    "STAGE",
    "PublishedTotal",
    "headline_of",
    "total_changes",
    "totals",
]

CORES: Final = "compute_cores"
STAGE: Final = "deployment_stage"
PRODUCTION: Final = "Production / Full Operational Use"
BY_STAGE: Final = "compute_cores_total_by_stage"
_WHOSE: Final = "Each {unit} counts once, also where colleagues described it."


@dataclass(frozen=True, slots=True)
class PublishedTotal:
    """A total of cores that was published earlier, by whoever ran the survey then.

    Attributes
    ----------
    year
        Year or edition that it is about.
    figure
        Cores.
    source
        Where it was published.
    method
        How it was made, as far as that is known.
    at_least
        Whether it was called a lower bound.
    """

    year: str
    figure: float
    source: str
    method: str = ""
    at_least: bool = False

    def __str__(self) -> str:
        said = "at least " if self.at_least else ""
        how = f", {self.method}" if self.method else ""
        return f"{self.year}: {said}{self.figure / 1e6:g} million ({self.source}{how})"

    def beside(self, **group: str) -> Reference:
        """Return the figure as a point beside the row of its year and of other groups."""
        where = {"edition": self.year, **group}
        return Reference(where, self.figure, self.source, self.method, self.at_least)


def totals(
    answers: Responses,
    figures: Sequence[PublishedFigure],
    published: Sequence[PublishedTotal] = (),
) -> Iterator[Estimates]:
    """Yield the total of compute cores by edition, and by edition and stage."""
    fill = answers.vocabulary.fill
    notes = [fill(_WHOSE), *_differs(published)]
    yield (
        _total(answers, ["edition"], figures)
        .named("compute_cores_total", "footprint", "Compute cores in the {units} that answered")
        .noted(*notes)
        .held_against(*(each.beside() for each in published))
    )
    if STAGE in answers.concepts:
        yield (
            headline_of(answers, figures)
            .named(BY_STAGE, "footprint", "Compute cores in the {units} that answered, by stage")
            .noted(*notes)
            .held_against(*(each.beside(**{STAGE: PRODUCTION}) for each in published))
        )


def headline_of(answers: Responses, figures: Sequence[PublishedFigure]) -> Estimates:
    """Return the total by edition and stage; the headline is its row of clouds in production.

    It is a table of its own and what its sensitivity is worked out from, and computed once.
    """
    key = (headline_of, tuple(figures))
    if key not in answers.remembered:
        answers.remembered[key] = _total(answers, ["edition", STAGE], figures)
    found: Estimates = answers.remembered[key]
    return found


def total_changes(
    answers: Responses, editions: tuple[str, str], figures: Sequence[PublishedFigure]
) -> Iterator[Estimates]:
    """Yield how the totals changed between two editions."""
    span = f"change from {editions[0]} to {editions[1]}"
    changed = partial(
        compare_numbers,
        answers,
        CORES,
        *editions,
        statistic="total",
        one_per_cloud=True,
        published_figures=figures or None,
    )
    title = f"Compute cores in the {{units}} that answered: {span}"
    whose = answers.vocabulary.fill(_WHOSE)
    yield changed().named("compute_cores_total_change", "changes", title).noted(whose)
    if STAGE in answers.concepts:
        by_stage = changed(by=STAGE).noted(whose)
        yield by_stage.named(f"{BY_STAGE}_change", "changes", f"{title}, by stage")


def _total(answers: Responses, by: list[str], figures: Sequence[PublishedFigure]) -> Estimates:
    return total(answers, CORES, by, one_per_cloud=True, published_figures=figures or None)


def _differs(published: Sequence[PublishedTotal]) -> Iterator[str]:
    """Yield the earlier public figures, and why these totals differ from them."""
    if published:
        yield f"Published earlier: {'; '.join(map(str, published))}."
        yield (
            "These totals differ from figures published earlier for three reasons: coverage (they "
            "add up those that answered, and nothing for those that did not take part), method (a "
            "model of what lies inside the bands, with intervals), and noise (published counts are "
            "perturbed to protect those that answered)."
        )
