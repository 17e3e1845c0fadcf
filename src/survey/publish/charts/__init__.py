"""Charts of estimates: pick the right kind, or ask for one by name."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go

from survey.disclosure import Publication
from survey.errors import Problem, PublishError, did_you_mean
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.bars import draw_bars, draw_levels
from survey.publish.charts.frame import INTERNAL, View
from survey.publish.charts.heatmap import draw_heatmap
from survey.publish.charts.points import draw_differences, draw_points, draw_scores
from survey.publish.charts.stacks import draw_stacks

__all__ = ["INTERNAL", "bars", "figure", "figure_of"]

_MOST_PARTS = 8
_Kind = Callable[[View], go.Figure]


def bars(table: Estimates) -> go.Figure:
    """Draw shares as horizontal bars with their intervals, for an analyst's own eyes.

    The subtitle says that nothing was checked for disclosure.

    Raises
    ------
    PublishError
        If the table does not hold shares.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> bars(share(answers(), "compute_cores")).data[0].orientation
    'h'
    """
    if table.measure is not Measure.SHARE:
        raise PublishError(
            "Cannot draw bars",
            [
                Problem(
                    "bars()",
                    f"a table of {table.measure.value}s",
                    "a table of shares",
                    "survey.figure(table) picks a chart that fits",
                )
            ],
        )
    return draw_bars(View(table))


def figure(source: Estimates | Publication, name: str | None = None) -> go.Figure:
    """Draw a table in the way that fits it.

    Parameters
    ----------
    source
        A table, for an analyst's own eyes; or a publication, whose tables may be shown.
    name
        Which table of the publication.

    Raises
    ------
    PublishError
        If the publication has no such table.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> len(figure(share(answers(), "compute_cores", by="edition")).data) > 1
    True
    """
    if isinstance(source, Estimates):
        return figure_of(View(source))
    if name is None or name not in source.tables:
        hint = did_you_mean(str(name), source.tables) or f"one of {', '.join(source.tables)}"
        raise PublishError(
            "Cannot draw",
            [Problem("figure()", f"the table {name!r}", "a table of the publication", hint)],
        )
    return figure_of(View.of(source, name))


def figure_of(view: View) -> go.Figure:
    """Draw a view with the kind of chart that fits measure, groups and number of answers."""
    return _kind_for(view.table)(view)


def _kind_for(table: Estimates) -> _Kind:
    by_measure: dict[Measure, _Kind] = {
        Measure.DIFFERENCE: draw_differences,
        Measure.SCORE: draw_scores,
        Measure.NUMBER: draw_points,
        Measure.RATIO: draw_points,
    }
    return by_measure.get(table.measure) or _share_kind(table)


def _share_kind(table: Estimates) -> _Kind:
    if not table.groups:
        return (
            draw_levels
            if "level" in table.frame and table.frame["level"].notna().all()
            else draw_bars
        )
    parts = table.frame["answer"].nunique()
    return draw_heatmap if table.several or parts > _MOST_PARTS else draw_stacks
