"""What became of the same clouds: from which answer to which, and who can be followed at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.notes import notes_on
from survey.estimates.precision.precision import METHODS
from survey.estimates.shares.share import SHARE, count_answers
from survey.estimates.statistic import Arguments, Statistic
from survey.estimates.table import Estimates, Measure
from survey.estimates.table_of import table_of
from survey.responses import Responses
from survey.responses.same_cloud import BEFORE, Followed, follow_clouds

__all__ = ["transitions"]


@checked(EstimateError)
def transitions(
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return what the same clouds answer now, by what they answered before.

    Parameters
    ----------
    answers
        Typed answers of at least the two editions, or a design of them.
    concept
        A question about a cloud that has one answer.
    earlier, later
        The two editions.
    options
        As in :func:`share`; clouds are counted.

    Returns
    -------
    Estimates
        As from :func:`share`, one row per answer ``before`` and answer now: ``value`` is the
        share of the clouds that gave the earlier answer. The notes say how many clouds are in
        both editions, were lost and are new.

    Raises
    ------
    EstimateError
        If an option is not what it should be.
    ResponsesError
        If the editions share no cloud, or the question has several answers.

    Notes
    -----
    Inside an organization a cloud is the same where it alone has a label both times, or where it
    is the only cloud that the organization described, both times. What is said is true of clouds
    that can be followed; whether those that left went the same way the answers cannot decide.
    Clouds of one organization are not independent; intervals allow for it. Internal.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = transitions(answers(), "deployment_stage", "2018", "2019")
    >>> table.frame[["before", "answer", "count", "base"]].head(2).values.tolist()
    [['Production', 'Production', 1, 1], ['Production', 'Testing', 0, 1]]
    """
    design = design_of(answers, **options).but(unit=Unit.DEPLOYMENT)
    kept = {"earlier": earlier, "later": later}
    arguments = Arguments(concept, (BEFORE,), MappingProxyType(kept))
    followed = follow_clouds(design.answers, concept, earlier, later)
    usual = {"items": None, "nets": None, "top": None, "interval": "auto"}
    counted = count_answers(
        design.on(followed.answers), replace(arguments, options=MappingProxyType(usual))
    )
    title = followed.answers.question(concept).title
    return table_of(
        TRANSITIONS,
        design,
        arguments,
        counted.asked,
        counted.frame(arguments),
        names=(BEFORE,),
        title=f"{title}: the same clouds in {earlier} and {later}",
        method=METHODS["auto"],
        notes=(
            *_notes(followed, earlier, later),
            *notes_on(counted.counted, counted.asked, concept, design.cluster),
        ),
        ordered=True,
    )


def _notes(followed: Followed, earlier: str, later: str) -> Iterator[str]:
    yield (
        f"{followed.common} clouds are in both editions; {followed.lost} of {earlier} were not "
        f"described again and {followed.new} of {later} are new, or cannot be told apart. "
        f"{followed.answered} answered both times and are counted."
    )
    yield (
        "What became of clouds that took part twice. Whether those that left went the same way "
        "cannot be seen."
    )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return transitions(design, arguments.concept, **arguments.options)


TRANSITIONS: Final = Statistic(
    name="transitions",
    measure=Measure.SHARE,
    columns=SHARE.columns,
    ask_again=_ask_again,
)
