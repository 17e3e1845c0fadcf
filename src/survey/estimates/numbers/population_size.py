"""How many organizations run clouds that nobody told of: capture and recapture. Internal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure, Unit
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.sample import Sample, draw
from survey.estimates.numbers.capture import PopulationSize, chao_lower_bound, chapman
from survey.estimates.numbers.known import named_organizations
from survey.estimates.statistic import Arguments
from survey.estimates.table import Base, Estimates, Measure, Spec, Status
from survey.responses import Responses
from survey.responses.names import squeezed_name

__all__ = ["population_size"]

TWO_LISTS: Final = "two lists"
LOWER_BOUND: Final = "at least, from how often organizations came back"
METHOD: Final = "Chapman (1951) with Sadinle's interval (2009); lower bound of Chao (1987)"
_FEWEST = 7  # common members below which Chapman's estimate is biased (Robson and Regier 1964)
_TWO_LISTS_NOTE: Final = (
    "Two lists: assumes that both are of the same organizations at the same time, that members "
    "are recognized on both, and that being on one makes being on the other no likelier. Large "
    "organizations are on both more often, so the true number is larger rather than smaller."
)
_BOUND_NOTE: Final = (
    "The lower bound takes the editions as occasions on which the same organizations could "
    "answer; organizations that began or ended in between make it too high."
)


@checked(EstimateError)
def population_size(
    answers: Responses | Design,
    listed: Iterable[str | PublishedFigure] = (),
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how many organizations there are, those that no list holds included. Internal.

    Parameters
    ----------
    answers
        Typed answers, or a design of them.
    listed
        Another list of organizations, such as those with a published figure: names, or
        footprints (those of each edition). Names need answers that were read with
        ``identified=True``; else give :func:`survey.responses.keyed_footprints`.
    options
        Who counts, and how; see :func:`design`.

    Returns
    -------
    Estimates
        One row per edition for ``two lists``, if there is another one; and with several
        editions, one row for the lower bound. ``count`` are organizations that some list
        holds, ``base`` those that answered, ``value`` the estimated number of all; further
        ``on_list`` and ``on_both``. Fewer than 7 on both lists are imprecise.

    Raises
    ------
    EstimateError
        If there is neither another list nor a second edition, the answers have pseudonyms alone and
        none is on the list, or the design has weights, strata or a finite population.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = population_size(answers())
    >>> table.frame[["edition", "base", "value"]].round(1).values.tolist()
    [['all', 12, 12.7]]
    """
    design = design_of(answers, **options)
    _check(design)
    sample = draw(
        design.answers,
        Unit.RESPONDENT,
        cluster=design.cluster,
        copies=design.include_carried_over,
    )
    others = tuple(listed)
    _check_names(sample, others)
    rows = [*_two_lists(sample, others, design.level), *_bound(sample, design.level)]
    if not rows:
        problem = Problem(
            "answers", "one edition and no other list", "listed=, or several editions"
        )
        raise EstimateError("Cannot estimate how many organizations there are", [problem])
    notes = ["Internal: how many answered and were recognized tells of single organizations."]
    notes += [_TWO_LISTS_NOTE] if others else []
    notes += [_BOUND_NOTE] if len(sample.editions) > 1 else []
    return Estimates(
        pd.DataFrame(rows),
        Spec(
            "population_size",
            "organization",
            ("edition",),
            Unit.ORGANIZATION,
            Base.ALL,
            design.level,
            METHOD,
            "organizations",
        ),
        design.answers.provenance,
        Measure.NUMBER,
        title="Organizations that run clouds, with those that no list holds",
        several=True,
        notes=tuple(notes),
        design=design,
        arguments=Arguments("organization", (), MappingProxyType({})),
    )


def _check(design: Design) -> None:
    given = [name for name in ("weights", "strata", "fpc") if name in design.options()]
    problems = [
        Problem(name, "one", "none: organizations are counted as they are") for name in given
    ]
    if problems:
        raise EstimateError("Cannot estimate how many organizations there are", problems)


def _check_names(sample: Sample, listed: tuple[str | PublishedFigure, ...]) -> None:
    """Refuse names where the answers have pseudonyms: nobody would be on both lists."""
    plain = {squeezed_name(each) for each in listed if isinstance(each, str)}
    if not plain or sample.answers.identified:
        return
    if plain.isdisjoint(set().union(*named_organizations(sample)[1])):
        got = "names, and answers that have pseudonyms in place of names"
        hint = "read the answers with identified=True, or give keyed_footprints()"
        problem = Problem("listed", got, "names that the answers know", hint)
        raise EstimateError("Cannot recognize organizations", [problem])


def _two_lists(
    sample: Sample, listed: tuple[str | PublishedFigure, ...], level: float
) -> Iterator[Mapping[str, object]]:
    codes, known_as = named_organizations(sample)
    for place, edition in enumerate(sample.editions):
        own = [
            each
            for each in listed
            if not isinstance(each, PublishedFigure) or each.edition == edition
        ]
        members = _members(own)
        if not members:
            continue
        present = np.unique(codes[(sample.edition == place) & (codes >= 0)])
        answered = [known_as[number] for number in present]
        both = sum(any(not names.isdisjoint(each) for each in answered) for names in members)
        found = chapman(len(answered), len(members), min(both, len(answered)), level)
        yield _row(edition, TWO_LISTS, found, len(answered), len(members), both)


def _members(listed: Iterable[str | PublishedFigure]) -> list[set[str]]:
    """Return the names of each organization on a list; two entries with one in common are one."""
    members: list[set[str]] = []
    for each in listed:
        names = {squeezed_name(name) for name in _names(each)}
        others = [known for known in members if known.isdisjoint(names)]
        members = [*others, names.union(*(known for known in members if known not in others))]
    return members


def _names(listed: str | PublishedFigure) -> tuple[str, ...]:
    return listed.names if isinstance(listed, PublishedFigure) else (listed,)


def _bound(sample: Sample, level: float) -> Iterator[Mapping[str, object]]:
    if len(sample.editions) < 2:
        return
    codes, _ = named_organizations(sample)
    pairs = pd.DataFrame({"who": codes, "when": sample.edition})[codes >= 0].drop_duplicates()
    times = pairs.groupby("who").size()
    found = chao_lower_bound(len(times), int((times == 1).sum()), int((times == 2).sum()), level)
    yield _row("all", LOWER_BOUND, found, len(times), None, None)


def _row(
    edition: str,
    answer: str,
    found: PopulationSize,
    answered: int,
    on_list: int | None,
    on_both: int | None,
) -> dict[str, object]:
    weak = on_both is not None and on_both < _FEWEST
    return {
        "edition": edition,
        "answer": answer,
        "count": found.observed,
        "base": answered,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "status": (Status.IMPRECISE if weak else Status.OK).value,
        "on_list": on_list,
        "on_both": on_both,
        "imprecise_because": f"fewer than {_FEWEST} on both lists" if weak else "",
    }
