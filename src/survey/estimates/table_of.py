"""The table of a statistic, which remembers what was asked, and its tabulations again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates.design import Design
from survey.estimates.design.arguments import Asked, given
from survey.estimates.exact_note import WEIGHTED
from survey.estimates.notes import weights_note
from survey.estimates.statistic import Arguments, Statistic
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.tabulate import with_keys
from survey.estimates.tidy import Measure, Spec

__all__ = ["table_of", "tabulate_again"]


def table_of(  # noqa: PLR0913
    statistic: Statistic,
    design: Design,
    arguments: Arguments,
    asked: Asked,
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
    *,
    names: tuple[str, ...],
    title: str,
    method: str,
    notes: Iterable[str],
    counts: str = "",
    measure: Measure | None = None,
    several: bool = False,
    ordered: bool = False,
) -> Estimates:
    """Return the table of a statistic, which remembers the question that it answers.

    Parameters
    ----------
    statistic, design, arguments, asked
        What was asked of whom.
    frame
        The rows, or what makes them when somebody looks.
    names
        Grouping concepts, outermost first.
    title, notes
        The question in words, and what a reader must know; repeated notes stand once.
    method
        Name of the interval's method, with its source.
    counts
        What the numbers count.
    measure
        What the values are, if not what the statistic says.
    several, ordered
        As in :class:`Estimates`.
    """
    spec = Spec(
        statistic.name,
        arguments.concept,
        names,
        asked.unit,
        asked.base,
        asked.level,
        method,
        counts,
        given({**design.spoken(), **arguments.options}),
    )
    return Estimates(
        cast("pd.DataFrame", frame),
        spec,
        design.answers.provenance,
        measure or statistic.measure,
        title=_titled(title, design, asked, measure or statistic.measure),
        several=several,
        ordered=ordered,
        notes=tuple(dict.fromkeys((*weights_note(design.weights), *notes))),
        vocabulary=design.answers.vocabulary,
        statistic=statistic,
        design=design,
        arguments=arguments,
    )


def _titled(title: str, design: Design, asked: Asked, measure: Measure) -> str:
    """Return a title that says what was selected, and whether answers do not count alike."""
    if design.weights is not None:
        title = f"{title}{WEIGHTED}"
    if asked.unit is Unit.ORGANIZATION and measure is Measure.NUMBER:
        title = f"{title} (one voice for each organization)"
    chosen = design.answers.selected
    return f"{title} (selected: {'; '.join(chosen)})" if chosen else title


@checked(EstimateError)
def tabulate_again(table: Estimates) -> tuple[Tabulation, ...]:
    """Return the tabulations that a table was computed from.

    ``table.statistic.point`` of them gives the counts, bases and values of the table again.
    They hold all answers of the question; rows of a table that was cut or put in another order
    are found by the labels of group and answer.

    Raises
    ------
    ValueError
        If the table does not know its design, as one read from a file or made by hand, or
        its statistic is a model of single records.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> (cells,) = tabulate_again(share(answers(), "deployment_stage"))
    >>> cells.answers, cells.count.tolist(), cells.base.tolist()
    (('Production', 'Testing', 'Proof of concept'), [[33, 10, 7]], [[50, 50, 50]])
    """
    name = table.name or table.title
    if table.statistic is None or table.design is None or table.arguments is None:
        raise ValueError(f"the table {name!r} does not know its design")
    counted = table.arguments.counted
    # a table that was made of another one may have its arguments, and be counted otherwise
    alike = counted and counted.statistic is table.statistic and counted.design is table.design
    if counted is not None and alike:
        return (with_keys(counted.table, counted.behind),)
    return table.statistic.tabulate(table.design, table.arguments)
