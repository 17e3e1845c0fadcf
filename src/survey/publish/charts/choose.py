"""Which chart a table gets: a table of measure and shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from survey.errors import Problem, PublishError, did_you_mean
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.adoption import draw_adoption
from survey.publish.charts.bars import draw_bars
from survey.publish.charts.canvas import Drawing
from survey.publish.charts.dots import draw_differences, draw_dots
from survey.publish.charts.gaps import draw_nothing
from survey.publish.charts.heat import draw_heatmap
from survey.publish.charts.lines import draw_lines
from survey.publish.charts.ranges import draw_ranges
from survey.publish.charts.stacked import draw_matrix, draw_stacked
from survey.publish.theme import LIGHT

__all__ = ["CHARTS", "Shape", "draw", "shape_of"]

_Drawer = Callable[[Estimates], Drawing]
_MOST_PARTS = len(LIGHT.ordered)
_MOST_LINES = len(LIGHT.qualitative)
_MOST_DOTS = 4


class Shape(StrEnum):
    """How the rows of a table are arranged."""

    ANSWERS = "answers"  # one group
    MATRIX = "matrix"  # one group, answers are items by levels
    PARTS = "parts"  # answers of each group add up to a whole
    FEW_OVER_EDITIONS = "few over editions"
    FEW_GROUPS = "few groups"
    CROSSED = "crossed"


_BY_DEFAULT: Mapping[Measure, _Drawer] = MappingProxyType(
    {
        Measure.SHARE: draw_heatmap,
        Measure.DIFFERENCE: draw_differences,
        Measure.NUMBER: draw_ranges,
        Measure.SCORE: draw_ranges,
        Measure.RATIO: draw_ranges,
    }
)
_BY_SHAPE: Mapping[tuple[Measure, Shape], _Drawer] = MappingProxyType(
    {
        (Measure.SHARE, Shape.ANSWERS): draw_bars,
        (Measure.SHARE, Shape.MATRIX): draw_matrix,
        (Measure.SHARE, Shape.PARTS): draw_stacked,
        (Measure.SHARE, Shape.FEW_OVER_EDITIONS): draw_lines,
        (Measure.SHARE, Shape.FEW_GROUPS): draw_dots,
        (Measure.SHARE, Shape.CROSSED): draw_heatmap,
        (Measure.SCORE, Shape.FEW_OVER_EDITIONS): draw_lines,
    }
)
CHARTS: Mapping[str, _Drawer] = MappingProxyType(
    {
        "adoption": draw_adoption,
        "bars": draw_bars,
        "differences": draw_differences,
        "dots": draw_dots,
        "heatmap": draw_heatmap,
        "lines": draw_lines,
        "matrix": draw_matrix,
        "ranges": draw_ranges,
        "stacked": draw_stacked,
    }
)
"""Every chart by name, for those who want another one than the table of shapes gives."""
_MEASURES: Mapping[str, frozenset[Measure]] = MappingProxyType(
    {
        "differences": frozenset({Measure.DIFFERENCE}),
        "lines": frozenset(Measure) - {Measure.DIFFERENCE},
        "ranges": frozenset({Measure.NUMBER, Measure.SCORE, Measure.RATIO}),
    }
)
"""Measures that a chart can draw, where these are not shares alone."""


def shape_of(table: Estimates) -> Shape:
    """Return how the rows of ``table`` are arranged.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> str(shape_of(share(answers(), "deployment_tools", by="edition")))
    'few over editions'
    """
    answers = table.frame["answer"].nunique()
    groups = len(table.frame[list(table.groups)].drop_duplicates()) if table.groups else 1
    over_editions = table.groups == ("edition",) and groups > 1
    whole = table.measure is Measure.SHARE and not table.several
    tests = (
        (Shape.MATRIX, groups == 1 and "level" in table.frame),
        (Shape.ANSWERS, groups == 1 and not over_editions),
        (Shape.PARTS, whole and 1 < answers <= _MOST_PARTS),
        (Shape.FEW_OVER_EDITIONS, over_editions and answers <= _MOST_LINES),
        (Shape.FEW_GROUPS, not over_editions and groups <= _MOST_DOTS),
    )
    return next((shape for shape, fits in tests if fits), Shape.CROSSED)


def draw(table: Estimates, chart: str | None = None) -> Drawing:
    """Draw ``table`` as the named chart, or as the one that suits its measure and shape."""
    if chart is not None:
        check_fits(table, chart)
    if not len(table):
        return draw_nothing(table)
    if chart is not None:
        return CHARTS[chart](table)
    if table.spec.statistic == "adoption":
        return draw_adoption(table)
    return _BY_SHAPE.get((table.measure, shape_of(table)), _BY_DEFAULT[table.measure])(table)


def check_fits(table: Estimates, chart: str) -> None:
    """Raise an error that helps if there is no such chart or it does not suit the table.

    Raises
    ------
    PublishError
        If so.
    """
    if chart not in CHARTS:
        known = did_you_mean(chart, CHARTS)
        raise PublishError(
            f"There is no chart {chart!r}",
            [Problem("chart", repr(chart), f"one of {', '.join(CHARTS)}", known)],
        )
    expected = _problem(table, chart)
    if expected:
        got = f"a table of {table.measure.value}s" + (", several answers each" * table.several)
        hint = "survey.figure(table) picks a chart that fits"
        raise PublishError(f"Cannot draw {chart}", [Problem(chart, got, expected, hint)])


def _problem(table: Estimates, chart: str) -> str:
    """Return what the chart needs and the table is not; empty when it fits."""
    if table.measure not in _MEASURES.get(chart, frozenset({Measure.SHARE})):
        measures = _MEASURES.get(chart, frozenset({Measure.SHARE}))
        return " or ".join(f"a table of {each.value}s" for each in Measure if each in measures)
    if chart == "lines" and "edition" not in table.groups:
        return "a table by edition"
    if chart == "adoption" and table.spec.statistic != "adoption":
        return "a table of survey.estimates.adoption"
    if chart == "stacked" and table.several:
        return "shares that add up to 1"
    return ""
