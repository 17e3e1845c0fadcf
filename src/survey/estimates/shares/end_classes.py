"""Classes that join the bands at the ends of a scale, where single bands hold few answers.

Joining small classes ("global recoding" and "top and bottom coding") tells more than withholding
them: a reader still learns how many clouds are larger than a given size.

References
----------
Hundepool, A. et al. (2012). *Statistical Disclosure Control*. Wiley, section 3.2.3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from survey.checked import checked
from survey.codebook import Band
from survey.errors import EstimateError, Problem
from survey.estimates.shares.share import share
from survey.estimates.table import Status
from survey.responses import Responses

__all__ = ["end_classes"]

_RANGE: Final = re.compile(
    r"between (?P<from>.*?\d.*?) and (?P<till>.+)"
    r"|(?P<low>.*?\d.*?)(?: to |(?<=\w)-(?=\d))(?P<high>.+)"
)
_NUMBER: Final = re.compile(r"\d[\d,.]*( (thousand|million|billion|trillion))?")


@checked(EstimateError)
def end_classes(
    answers: Responses, concept: str, by: str | Sequence[str] | None = None, *, least: int = 3
) -> dict[str, tuple[str, ...]]:
    """Return the shortest classes at both ends of a banded question that hold enough answers.

    Parameters
    ----------
    answers
        Typed answers of one or several editions.
    concept
        A question whose answers are bands of a number.
    by
        Groups: a class holds enough answers in each of them, but for groups in which nobody
        answered.
    least
        How many answers are enough.

    Where editions cut the numbers into other bands, a class ends at an edge that all of them
    have; with none, that end has no class.

    Returns
    -------
    dict
        Name of a class -> the bands that it joins, in their order: nets for
        :func:`survey.share`. An end whose last band holds enough by itself has no class.

    Raises
    ------
    EstimateError
        If the answers are not bands.
    ResponsesError
        If none of the editions asks the question.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> end_classes(answers(), "compute_cores", least=16)
    {'100 or more cores': ('100 to 999 cores', '1,000 cores or more')}
    """
    question = answers.question(concept)
    if not question.banded:
        kind = f"a question of kind {question.kind.value!r}"
        problem = Problem(f"concept {concept!r}", kind, "a question whose answers are bands")
        raise EstimateError(f"{concept!r} has no bands to join", [problem])
    bands = _bands(answers, concept)
    counts = _counts(answers, concept, by, tuple(bands))
    labels = list(bands) if counts else []
    found: dict[str, tuple[str, ...]] = {}
    low = _shortest(labels, bands, counts, least)
    high = _shortest(labels[::-1], bands, counts, least)
    if low + high <= len(labels):
        if low:
            found[_up_to(labels[low - 1])] = tuple(labels[:low])
        if high:
            found[_or_more(labels[-high])] = tuple(labels[-high:])
    return found


def _bands(answers: Responses, concept: str) -> dict[str, Band]:
    """Return the bands of all editions, from small to large."""
    bands = {
        label: band
        for name in answers.editions
        if (question := answers.codebook.edition(name).by_concept.get(concept))
        for label, band in question.bands.items()
    }
    return dict(sorted(bands.items(), key=lambda item: (item[1].low, _high(item[1]))))


def _high(band: Band) -> float:
    return math.inf if band.high is None else band.high


def _counts(
    answers: Responses, concept: str, by: str | Sequence[str] | None, order: Sequence[str]
) -> list[dict[str, int]]:
    """Return band -> count for every group that has answers."""
    found = []
    for _, rows in share(answers, concept, by).per_group():
        offered = rows[~rows["status"].isin([Status.NOT_OFFERED, Status.NOT_AVAILABLE])]
        count = dict(zip(offered["answer"].astype(str), offered["count"], strict=True))
        if sum(count.values()):
            found.append({label: int(count.get(label, 0)) for label in order})
    return found


def _shortest(
    labels: Sequence[str],
    bands: Mapping[str, Band],
    counts: Sequence[Mapping[str, int]],
    least: int,
) -> int:
    """Return how many of the first bands it takes to hold enough; 0 if one does.

    None of the other bands overlaps them.
    """
    for number in range(1, len(labels)):
        if any(
            bands[one].overlaps(bands[rest]) for one in labels[:number] for rest in labels[number:]
        ):
            continue
        held = (sum(count[label] for label in labels[:number]) for count in counts)
        if all(each >= least for each in held):
            return number if number > 1 else 0
    return 0


def _up_to(label: str) -> str:
    found = _RANGE.fullmatch(label)
    if found is None:
        return f"{label} or less" if label[0].isdigit() else f"{label}, or a smaller band"
    return f"Up to {found['high'] or found['till']}"


def _or_more(label: str) -> str:
    """Name the class that begins with a band.

    Examples
    --------
    >>> _or_more("10 PB to 99 PB"), _or_more("100,000 to 999,999 cores")
    ('10 PB or more', '100,000 or more cores')
    """
    found = _RANGE.fullmatch(label)
    if found is None:
        return f"{label} or more" if label[0].isdigit() else f"{label}, or a larger band"
    low = found["low"] or found["from"]
    counted = _NUMBER.sub("", found["high"] or found["till"], count=1).strip()
    if low.endswith(counted):
        return f"{low} or more"
    if counted == "%":
        return f"{low}% or more"
    return f"{low} or more {counted}"
