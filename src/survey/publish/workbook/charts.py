"""Native charts: editable in the spreadsheet, fed by the sheet "Chart data".

Charts do not read the tables, because a spreadsheet draws text such as ``[c]`` as the number 0,
and a withheld share is not 0. The sheet "Chart data" holds the plotted values, in plain sight,
and leaves a blank cell, hence a gap, where there is none. No value is kept inside a chart.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as NativeSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from survey.dataclass import dataclass
from survey.publish.plan import Native
from survey.publish.workbook import styles
from survey.publish.workbook.axis_scale import scale_of
from survey.publish.workbook.grid import BLANK, Cell, Grid, number, word
from survey.publish.workbook.plans import NativePlan, Series

__all__ = ["CHART_DATA", "ChartData", "chart_data", "chart_of"]

CHART_DATA = "Chart data"
_LABEL, _VALUE, _BELOW, _ABOVE = "C", "D", "E", "F"
_HEADINGS = ("Chart", "Series", "Label", "Value", "Down to low", "Up to high", "Remark")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus")
_WIDTH = 18.0
_NARROWEST_LABELLED = 0.045
_SHOWN_NOTHING = dict.fromkeys(
    ("showVal", "showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"),
    False,
)
_ERROR_BAR_PARTS = (
    "errDir",
    "errBarType",
    "errValType",
    "noEndCap",
    "plus",
    "minus",
    "val",
    "spPr",
)


@dataclass(frozen=True)
class ChartData:
    """The grid of all plotted values, and where each series of each chart begins in it."""

    grid: Grid
    starts: dict[str, tuple[int, ...]]


def chart_data(plans: dict[str, NativePlan]) -> ChartData:
    """Return the values of all charts, keyed by the sheets they stand on, as one tidy grid."""
    rows: list[tuple[Cell, ...]] = []
    starts: dict[str, tuple[int, ...]] = {}
    for sheet, plan in plans.items():
        begins = []
        for series in plan.series:
            begins.append(len(rows))
            rows.extend(
                _data_row(sheet, plan, series, place) for place in range(len(series.points))
            )
        starts[sheet] = tuple(begins)
    return ChartData(Grid(_HEADINGS, tuple(rows), fixed=3, plain=True), starts)


def _data_row(sheet: str, plan: NativePlan, series: Series, place: int) -> tuple[Cell, ...]:
    point = series.points[place]
    values = (point.value, _gap(point.value, point.low), _gap(point.high, point.value))
    return (
        word(sheet),
        word(series.name or plan.axis),
        word(f"{point.label} {_mark(plan, place)}"),
        *(BLANK if each is None else number(each, plan.number_format) for each in values),
        word(point.remark or "ok"),
    )


def _mark(plan: NativePlan, place: int) -> str:
    """Return the symbol to show beside a label: of its only point, or where all are missing."""
    points = [series.points[place] for series in plan.series if not series.elsewhere]
    if len(points) == 1 or all(point.value is None for point in points):
        return points[0].remark
    return ""


def _gap(upper: float | None, lower: float | None) -> float | None:
    return None if upper is None or lower is None else max(0.0, upper - lower)


_ONE_LINE = 18  # letters of a label that programs keep on one line


def chart_of(plan: NativePlan, starts: Sequence[int], first_row: int) -> ChartBase:
    """Return the native chart of a plan whose values begin at ``first_row`` of the data sheet."""
    chart = _line_chart(plan) if plan.kind is Native.LINES else _bar_chart(plan)
    for index, (series, start) in enumerate(zip(plan.series, starts, strict=True)):
        chart.series.append(_native(plan, index, first_row + start, len(series.points)))
    chart.title = _title(plan.title, 12, bold=True)
    _scale(chart, plan)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=_stroke(styles.RULE, 0.5))
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=_stroke(styles.MUTED, 0.75))
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = _text(10)
    chart.legend = _legend(plan)
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.roundedCorners = False
    return chart


def _bar_chart(plan: NativePlan) -> BarChart:
    chart = BarChart()
    chart.type = "bar"
    chart.gapWidth = 45
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.tickLblSkip = 1  # every label, however little room programs find
    chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
    chart.y_axis.crosses = "max"  # hence the values below
    if plan.kind is Native.STACKED:
        chart.grouping, chart.overlap = "stacked", 100
    bars = len(plan.series[0].points) * (1 if plan.kind is Native.STACKED else len(plan.series))
    each = 1.1 if plan.kind is Native.STACKED and bars <= 12 else 0.62
    if _longest(plan) > _ONE_LINE:
        each = max(each, 0.95 / (1 if plan.kind is Native.STACKED else len(plan.series)))
    chart.width, chart.height = _bar_width(plan), max(8.5, 4.0 + each * bars)
    return chart


def _bar_width(plan: NativePlan) -> float:
    """Return a width that leaves room for the bars beside long labels."""
    return _WIDTH + 0.14 * max(0, _longest(plan) - 20)


def _longest(plan: NativePlan) -> int:
    return max(len(point.label) for series in plan.series for point in series.points)


def _line_chart(plan: NativePlan) -> LineChart:
    chart = LineChart()
    chart.width, chart.height = _WIDTH, 11.0
    return chart


def _scale(chart: ChartBase, plan: NativePlan) -> None:
    """Set the scale of the values so that all intervals are in view, and its words."""
    scale = scale_of(plan)
    axis = chart.y_axis
    axis.scaling.min, axis.scaling.max, axis.majorUnit = scale.low, scale.high, scale.step
    axis.number_format = scale.number_format
    axis.title = _title(f"{plan.axis}{scale.words}", 10)


def _native(plan: NativePlan, index: int, row: int, length: int) -> NativeSeries:
    colour = _colours(plan)[index]
    native = NativeSeries(
        idx=index,
        order=index,
        tx=SeriesLabel(strRef=StrRef(_cells("B", row, row))),
        cat=AxDataSource(strRef=StrRef(_cells(_LABEL, row, row + length - 1))),
        val=_numbers(_VALUE, row, length),
    )
    elsewhere = plan.series[index].elsewhere
    if plan.kind is Native.LINES:
        line = LineProperties(noFill=True) if elsewhere else _stroke(colour, 2.25)
        native.spPr = GraphicalProperties(ln=line)
        native.marker = Marker(symbol=_MARKERS[index % len(_MARKERS)], size=7)
        native.marker.spPr = GraphicalProperties(solidFill=colour, ln=_stroke(colour, 1))
        native.smooth = False
    else:
        edge = (
            _stroke("FFFFFF", 0.75) if plan.kind is Native.STACKED else LineProperties(noFill=True)
        )
        native.spPr = GraphicalProperties(solidFill=colour, ln=edge)
        native.invertIfNegative = False
    if plan.intervals and not elsewhere:
        native.errBars = _error_bars(plan, row, length)
    if plan.kind is Native.STACKED:
        native.dLbls = _labels(plan.series[index], styles.readable_on(colour))
    return native


def _error_bars(plan: NativePlan, row: int, length: int) -> ErrorBars:
    """Return bars from low to high.

    openpyxl 3.1 writes ``minus`` before ``plus``; the schema (ECMA-376 part 1, section 21.2.2.55)
    has ``plus`` first, and Excel repairs charts whose parts are out of order. So they are put
    in order, in the way in which openpyxl itself orders the parts of a series.
    """
    bars = ErrorBars(
        errDir="y" if plan.kind is Native.LINES else None,
        errBarType="both",
        errValType="cust",
        noEndCap=False,
        plus=_numbers(_ABOVE, row, length),
        minus=_numbers(_BELOW, row, length),
        spPr=GraphicalProperties(ln=_stroke(styles.INK, 1)),
    )
    bars.__elements__ = _ERROR_BAR_PARTS
    return bars


def _labels(series: Series, colour: str) -> DataLabelList:
    """Return value labels; parts too narrow for a label have none."""
    narrow = [
        DataLabel(idx=place, **_SHOWN_NOTHING)
        for place, point in enumerate(series.points)
        if point.value is None or point.value < _NARROWEST_LABELLED
    ]
    shown = {**_SHOWN_NOTHING, "showVal": True}
    return DataLabelList(dLbl=narrow, numFmt="0%", txPr=_text(9, colour), **shown)


def _numbers(column: str, row: int, length: int) -> NumDataSource:
    return NumDataSource(numRef=NumRef(f=_cells(column, row, row + length - 1)))


def _cells(column: str, first: int, last: int) -> str:
    return f"'{CHART_DATA}'!${column}${first}:${column}${last}"


def _colours(plan: NativePlan) -> Sequence[str]:
    if plan.kind is Native.STACKED:
        return styles.ramp(len(plan.series))
    return styles.CATEGORIES[: len(plan.series)]


def _legend(plan: NativePlan) -> Legend | None:
    if len(plan.series) < 2:
        return None
    legend = Legend()
    legend.position = "b"
    legend.txPr = _text(10)
    return legend


def _stroke(colour: str, points: float) -> LineProperties:
    return LineProperties(solidFill=colour, w=int(points * 12_700))


def _letters(size: int, colour: str = styles.INK, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(
        sz=size * 100, b=bold, solidFill=colour, latin=Font(typeface=styles.FACE)
    )


def _text(size: int, colour: str = styles.INK) -> RichText:
    letters = ParagraphProperties(defRPr=_letters(size, colour))
    return RichText(
        bodyPr=RichTextProperties(), p=[Paragraph(pPr=letters, endParaRPr=_letters(size))]
    )


def _title(words: str, size: int, *, bold: bool = False) -> Title:
    letters = _letters(size, bold=bold)
    lines = textwrap.wrap(textwrap.shorten(words, 150, placeholder=" …"), 62) or [""]
    paragraphs = [
        Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[RegularTextRun(rPr=letters, t=line)])
        for line in lines
    ]
    return Title(tx=Text(rich=RichText(bodyPr=RichTextProperties(), p=paragraphs)), overlay=False)
