"""Names of columns: what was asked of whom in which group, the same in every table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from survey.estimates.design import Design
from survey.estimates.design.weights import Weights
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation
from survey.responses import Responses

__all__ = [
    "WHO_COUNTS",
    "asks_its_own",
    "column_names",
    "group_name",
    "question_name",
    "selection_name",
]


def question_name(table: Estimates) -> str:
    """Return what was asked of whom: what columns of different tables have in common."""
    spec, design = table.spec, _design(table)
    options = {k: v for k, v in design.options().items() if k not in _ELSEWHERE}
    # whether asked for in the design, or of the answers
    who = design.include_carried_over or design.answers.copies_count, design.counts_clouds_once
    options |= {name: True for name, counts in zip(WHO_COUNTS, who, strict=True) if counts}
    said = ",".join(f"{name}={_plain(value)}" for name, value in sorted(options.items()))
    return "|".join(_part(e) for e in (spec.unit.value, spec.concept, spec.base.value, said))


def column_names(
    table: Estimates, arguments: Arguments, cells: Tabulation, *, of_all: bool = False
) -> list[str]:
    """Return the name of each group's column, the same in every table that shows it.

    That of a selection says what was selected, unless it is asked for those ``of_all``.
    """
    question = question_name(table)
    of_whom = "" if of_all else selection_name(_design(table).answers)
    flow = [each for each in (arguments["earlier"], arguments["later"]) if each]
    whole = ">".join(flow) or "+".join(_design(table).answers.editions)
    names = []
    for group in cells.groups:
        edition = dict(zip(cells.names, group, strict=True)).get("edition", whole)
        said = group_name(cells.names, group)
        names.append(f"{question}|{_part(edition)}|{said}{of_whom and f'|{of_whom}'}")
    return names


def group_name(names: Sequence[str], group: Sequence[str]) -> str:
    """Return what a group is called in the names of its columns, whatever its edition.

    Examples
    --------
    >>> group_name(("edition", "region", "industry"), ("2024", "Asia", "Telecom"))
    'industry=Telecom,region=Asia'
    """
    labels = sorted(zip(names, group, strict=True))
    return _part(",".join(f"{name}={label}" for name, label in labels if name != "edition"))


def selection_name(answers: Responses) -> str:
    """Return what stands for a selection in names of columns: its words, whatever their order.

    Nothing for everybody.
    """
    if answers.whole is None:
        return ""
    said = "\n".join(sorted(answers.selected))
    return f"of {hashlib.sha256(said.encode()).hexdigest()[:16]}"


def asks_its_own(everybody: Responses, chosen: Responses, concept: str) -> bool:
    """Return whether a selection has a question that the answers behind it do not have.

    A codebook can list what is worked out of a selection alone, such as the path of an upgrade: no
    answer of everybody to it is no answer that few gave.
    """
    units = (
        (chosen.respondents, everybody.respondents),
        (chosen.deployments, everybody.deployments),
    )
    added = any(concept in own and concept not in whole for own, whole in units)
    return added or concept not in everybody.concepts


WHO_COUNTS = ("include_carried_over", "one_per_cloud")
"""Options that say which records count: with them and without the units differ by copies."""

_ELSEWHERE = ("unit", "base", "level")


def _part(text: str) -> str:
    """Return a part of a name: what is between two lines."""
    return text.replace("|", "/")


def _design(table: Estimates) -> Design:
    assert table.design is not None
    return table.design


def _plain(value: object) -> str:
    """Return an option as text: weights by what they were made to meet, which no answer changes."""
    if isinstance(value, Weights) and len(value.margins):
        targets = value.margins[["margin", "answer", "target"]].to_csv(index=False)
        return f"{value.method} to {hashlib.sha256(targets.encode()).hexdigest()[:16]}"
    return (
        value
        if isinstance(value, str)
        else type(value).__name__
        if hasattr(value, "__dict__")
        else repr(value)
    )
