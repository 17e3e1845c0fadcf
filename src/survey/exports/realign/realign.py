"""Records with too many cells: put back where the codebook makes it certain.

The exporter writes cells by position. An answer to a question that its heading line does not
know adds a cell: at the end of the respondent's part, which shifts every deployment cell, or
at the end of the record, which shifts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from survey.codebook import Question
from survey.codebook.question import as_exported
from survey.dataclass import dataclass
from survey.exports.export import KEYS, Placement
from survey.exports.parse.csv_strict import Irregular
from survey.exports.times import moment

__all__ = ["Check", "Realigned", "begun_after", "cell_checks", "realign"]

Check = Callable[[str], bool]
_MOST_SURPLUS = 50
_NUMBER = re.compile(r"\d+").fullmatch
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").fullmatch
_LANGUAGE = re.compile(r"[a-z]{2}_[A-Z]{2}").fullmatch


@dataclass(frozen=True, slots=True)
class Realigned:
    """A record put back to the width of the heading line.

    ``uncertain`` holds the positions of cells on which the possible explanations disagree;
    they are blank. ``extra`` holds the surplus cells when all explanations agree on them.
    """

    cells: tuple[str, ...]
    uncertain: tuple[int, ...]
    extra: tuple[str, ...]
    shifted: bool


def cell_checks(
    headings: Sequence[str], placements: Sequence[Placement], keys: Mapping[str, str] = KEYS
) -> tuple[Check, ...]:
    """Return for each column whether a text can stand in it; blank always can."""
    checks: list[Check] = [lambda cell: True] * len(headings)
    of_role: Mapping[str, Check] = {
        "respondent": lambda cell: bool(_NUMBER(cell)),
        "deployment": lambda cell: not cell or bool(_NUMBER(cell)),
        "member": lambda cell: not cell or bool(_NUMBER(cell)),
        "created": _is_time,
        "edited": _is_time,
        "language": lambda cell: not cell or bool(_LANGUAGE(cell)),
    }
    fixed = {keys[role]: check for role, check in of_role.items() if role in keys}
    for column, heading in enumerate(headings):
        checks[column] = fixed.get(heading, checks[column])
    for placement in placements:
        for column in placement.columns:
            checks[column] = _check_of(placement.question, bool(placement.items))
    return tuple(checks)


def _is_time(cell: str) -> bool:
    return not cell or bool(_TIME(cell)) or moment(cell) is not None


def _check_of(question: Question, spread: bool) -> Check:
    listed = frozenset(as_exported(choice.value) for choice in question.choices)
    if question.kind.joined:
        return _is_number if spread else partial(_all_listed, listed)
    if question.kind.single_choice and spread:
        return ("", "1").__contains__
    if question.kind.listed:
        return lambda cell: not cell or cell in listed
    return ("", "0", "1").__contains__ if question.kind.ticked else lambda cell: True


def _is_number(cell: str) -> bool:
    return not cell or bool(_NUMBER(cell))


def _all_listed(listed: frozenset[str], cell: str) -> bool:
    return not cell or len(cell.encode()) >= 1024 or all(part in listed for part in cell.split("|"))


def realign(
    record: Irregular,
    width: int,
    deployment_at: int | None,
    checks: Sequence[Check],
    respondent_at: int | None = None,
) -> Realigned | None:
    """Return the record put back to ``width`` cells, or None if nothing explains it.

    Where several explanations fit, cells on which they agree are kept and the others are
    left blank and named.
    """
    surplus = len(record.cells) - width
    if not 0 < surplus <= _MOST_SURPLUS:
        return None
    fitting = [
        candidate
        for candidate in _explanations(record.cells, surplus, width, deployment_at)
        if all(check(cell) for check, cell in zip(checks, candidate[0], strict=True))
    ]
    if not fitting:
        return None
    fitting = [each for each in fitting if begun_after(each[0], respondent_at, deployment_at)] or (
        fitting
    )
    first = fitting[0]
    uncertain = tuple(
        column
        for column in range(width)
        if any(other[0][column] != first[0][column] for other in fitting)
    )
    cells = tuple("" if column in uncertain else cell for column, cell in enumerate(first[0]))
    agreed = first[1] if all(other[1] == first[1] for other in fitting) else ()
    shifted = any(other[2] for other in fitting)
    return Realigned(cells, uncertain, agreed, shifted)


def begun_after(cells: Sequence[str], respondent_at: int | None, deployment_at: int | None) -> bool:
    """Whether the deployment's number can follow on the respondent's.

    The survey system numbers both in one sequence, and a deployment is begun after its survey.
    It never writes answers about a deployment without its number.
    """
    if respondent_at is None or deployment_at is None:
        return True
    respondent, deployment = cells[respondent_at], cells[deployment_at]
    if not deployment:
        return not any(cells[deployment_at:])
    numbers = respondent.isdecimal() and deployment.isdecimal()
    return not numbers or int(deployment) > int(respondent)


def _explanations(
    cells: Sequence[str], surplus: int, width: int, deployment_at: int | None
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], bool]]:
    """Yield (cells, surplus cells, whether anything had shifted) for each known mechanism."""
    for in_front in range(surplus + 1):
        if in_front and deployment_at is None:
            return
        at = deployment_at or 0
        kept = (*cells[:at], *cells[at + in_front :])
        extra = (*cells[at : at + in_front], *kept[width:])
        yield tuple(kept[:width]), tuple(extra), bool(in_front)
