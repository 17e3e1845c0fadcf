"""Which records a selection keeps: masks, functions of a table, and conditions by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.codebook.geography import find_country
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.answer_set import AnswerSetArray
from survey.responses.two_tables import TwoTables

__all__ = ["Mask", "condition_words", "gave", "named_unit", "rows_where", "table_of_mask"]

Flags = npt.NDArray[np.bool_]
_REGIONS = ("region", "deployment_region")
_TICKS = {"Yes": "True", "No": "False"}
"""What tables call the answers of a check box."""
Mask = pd.Series | npt.NDArray[np.bool_] | Callable[[pd.DataFrame], Any]
Conditions = Mapping[str, object]


def table_of_mask(answers: TwoTables, mask: Any, unit: Unit | None) -> tuple[Unit, Flags]:
    """Return the table whose rows a mask selects, and which of them.

    Both tables are numbered from 0, so that a mask of one can fit the other. The table is the
    one of ``unit``; else the one whose rows the mask has, and of both, the one that has the
    column by whose name the mask goes.

    Raises
    ------
    ResponsesError
        If the mask does not consist of truth values, or belongs to neither table or to both.
    """
    if callable(mask):
        unit = unit or Unit.DEPLOYMENT
        mask = mask(answers.frame(unit))
    flags = _truth(mask)
    index = mask.index if isinstance(mask, pd.Series) else None
    fitting = [each for each in _TABLES if _fits(answers.frame(each), flags, index)]
    name = mask.name if isinstance(mask, pd.Series) else None
    wanted = [each for each in fitting if unit in (None, each)]
    if unit is None and len(wanted) > 1:
        owners = [each for each in wanted if name in answers.frame(each).columns]
        wanted = owners if len(owners) == 1 else wanted
    if len(wanted) == 1:
        return wanted[0], flags
    if wanted:
        problem = Problem(
            "where()",
            f"a mask of {len(flags)} rows, which both tables have",
            "a mask that says whose rows it selects",
            "add unit='respondent' or unit='deployment'",
        )
    else:
        sizes = " or ".join(f"{len(answers.frame(each))} {each.value}s" for each in _TABLES)
        problem = Problem(
            "where()",
            f"a mask of {len(flags)} rows",
            f"a mask over answers.respondents or answers.deployments: {sizes}",
            "make it from one of the two tables, or give conditions by name",
        )
    raise ResponsesError("Cannot select", [problem])


_TABLES = (Unit.RESPONDENT, Unit.DEPLOYMENT)


def _fits(frame: pd.DataFrame, flags: Flags, index: pd.Index[Any] | None) -> bool:
    return len(frame) == len(flags) and (index is None or index.equals(frame.index))


def _truth(mask: Any) -> Flags:
    """Return the entries of a mask; a missing one is false."""
    values = mask if isinstance(mask, pd.Series) else pd.Series(mask)
    kinds = set(values.dropna().map(type)) if values.dtype == object else set()
    if pd.api.types.is_bool_dtype(values.dtype) or (kinds <= {bool, np.bool_} and kinds):
        return np.asarray(values.astype("boolean").fillna(False), dtype=bool)
    problem = Problem(
        "where()",
        f"a column of type {values.dtype}",
        "a mask of True and False",
        "compare it: answers.deployments['compute_cores'] == '100 to 999 cores'",
    )
    raise ResponsesError("Cannot select", [problem])


def rows_where(answers: TwoTables, conditions: Conditions) -> dict[Unit, Flags]:
    """Return, per table, the rows that meet every condition on a question of that table.

    Raises
    ------
    ResponsesError
        If a concept was not asked, or a label is none of its answers; all are listed.
    """
    problems: list[Problem] = []
    found: dict[Unit, Flags] = {}
    for concept, wanted in conditions.items():
        labels = [_code_of(answers, concept, str(each)) for each in _listed(wanted)]
        unit = _unit(answers, concept, problems)
        if unit is None:
            continue
        column = answers.frame(unit)[concept]
        known = _known_labels(answers, concept, column)
        problems += [
            Problem(
                f"where({concept}=...)",
                repr(label),
                "an answer to the question",
                did_you_mean(label, known) or f"it offers {', '.join(map(repr, known[:5]))}, ...",
            )
            for label in labels
            if label not in known
        ]
        met = gave(column, labels)
        found[unit] = found.get(unit, np.ones(len(column), dtype=bool)) & met
    if problems:
        raise ResponsesError("Cannot select", problems)
    return found


def _code_of(answers: TwoTables, concept: str, label: str) -> str:
    """Return the code of a country that is given by its name; another label as it is."""
    if concept not in answers.concepts or not answers.question(concept).kind.names_countries:
        return label
    country = find_country(label)
    return country.code if country else label


def condition_words(answers: TwoTables, conditions: Conditions) -> str:
    """Return conditions for readers.

    Examples
    --------
    >>> from survey.estimates.examples import answers  # doctest: +SKIP
    >>> condition_words(answers(), {"deployment_stage": "Testing"})  # doctest: +SKIP
    'Stage of the deployment: Testing'
    """
    return "; ".join(
        f"{_title(answers, concept)}: {' or '.join(str(each) for each in _listed(wanted))}"
        for concept, wanted in conditions.items()
    )


def _title(answers: TwoTables, concept: str) -> str:
    return "Edition" if concept == "edition" else answers.question(concept).title


def _listed(wanted: object) -> list[object]:
    many = isinstance(wanted, Iterable) and not isinstance(wanted, str | bytes)
    return list(wanted) if many else [wanted]  # type: ignore[call-overload]


def _unit(answers: TwoTables, concept: str, problems: list[Problem]) -> Unit | None:
    if concept == "edition":
        return Unit.RESPONDENT
    if concept in answers.concepts:
        unit = answers.question(concept).unit
        if concept in answers.frame(unit):
            return unit
        got, hint = f"{concept!r}, for which no file has a column", "see answers.presence.frame"
        problems.append(Problem("where()", got, "a question that the files hold", hint))
        return None
    known = ("edition", *answers.concepts)
    hint = (
        "regions are groups of tables (by='region'); here give the countries"
        if concept in _REGIONS
        else did_you_mean(concept, known) or "see answers.concepts"
    )
    problems.append(Problem("where()", repr(concept), "a concept that was asked", hint))
    return None


def _known_labels(answers: TwoTables, concept: str, column: pd.Series[Any]) -> list[str]:
    if concept == "edition":
        return list(answers.editions)
    values: Any = column.array
    if isinstance(values, AnswerSetArray):
        given = [str(each) for each in values.items]
    elif isinstance(column.dtype, pd.CategoricalDtype):
        given = [str(each) for each in column.cat.categories]
    elif isinstance(column.dtype, pd.BooleanDtype):
        given = ["True", "False", *_TICKS]
    else:
        given = [str(each) for each in column.dropna().unique()]
    listed = [
        label
        for name in answers.editions
        if (question := answers.codebook.edition(name).by_concept.get(concept))
        for label in (*question.labels, *question.row_labels)
    ]
    return list(dict.fromkeys((*listed, *given)))


def gave(column: pd.Series[Any], labels: Sequence[str]) -> Flags:
    """Return which rows gave any of the answers."""
    values: Any = column.array
    if isinstance(values, AnswerSetArray):
        places = [place for place, item in enumerate(values.items) if item in labels]
        return np.asarray((values.codes[:, places] > 0).any(axis=1))
    wanted = [_TICKS.get(label, label) for label in labels]
    return np.asarray(column.astype("string").isin([*labels, *wanted]), dtype=bool)


def named_unit(unit: Unit | str | None) -> Unit:
    """Return the unit that goes by a name.

    Raises
    ------
    ResponsesError
        If there is none.
    """
    known = [each.value for each in Unit]
    if unit not in known:
        problem = Problem(
            "unit", repr(unit), f"one of {', '.join(known)}", did_you_mean(str(unit), known)
        )
        raise ResponsesError("Unknown unit", [problem])
    return Unit(str(unit))
