"""Charts of estimates, drawn with Plotly.

:func:`figure` draws a table of a publication, which passed disclosure control. :func:`bars`,
:func:`figure_for` and the other functions that take raw estimates are for an analyst's own
eyes: their figures say "internal: not disclosure checked". Whether a figure says so follows from
what it was drawn from, never from an argument.

A chart is plain values until somebody asks for a figure: plotly is imported then and not before.
Figures hold plain lists, no typed arrays in base64, so that any front end can read their JSON;
the same table gives the same JSON.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from survey.checked import checked
from survey.collector import collector_paused
from survey.disclosure.publication import Publication
from survey.errors import Problem, PublishError, did_you_mean
from survey.estimates.table import Estimates
from survey.publish.charts.canvas import compose
from survey.publish.charts.order import by_value
from survey.publish.charts.registry import KINDS, drawing_of, plan_of
from survey.publish.charts.words import INTERNAL, Words, words_for_table
from survey.publish.plan import Drawing
from survey.publish.rows import rows_of
from survey.publish.theme import darkened

if TYPE_CHECKING:
    import plotly.graph_objects as go

_NARROWEST, _WIDEST = 320, 4000
_NARROWEST_CELL = 44  # pixels; a heading of two words fits in lines

__all__ = [
    "INTERNAL",
    "KINDS",
    "bars",
    "chart_of",
    "figure",
    "figure_for",
    "table_and_words",
]


@checked(PublishError)
def bars(table: Estimates) -> go.Figure:
    """Draw raw estimates as horizontal bars with their intervals, for an analyst's own eyes.

    Answers go by size, bands keep their order. The subtitle says that nothing was checked for
    disclosure; draw what is to be shown to others with :func:`figure`.

    Parameters
    ----------
    table
        Shares, such as :func:`survey.share` returns.

    Raises
    ------
    PublishError
        If the table does not hold shares.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> drawn = bars(share(answers(), "compute_cores"))
    >>> drawn.data[0].x[0], drawn.layout.title.subtitle.text[:32]
    (36.0, 'internal: not disclosure checked')
    """
    return figure_for(table, "bars")


def figure_for(table: Estimates, chart: str | None = None) -> go.Figure:
    """Draw raw estimates as the chart that suits them, for an analyst's own eyes.

    Parameters
    ----------
    table
        Estimates of any measure.
    chart
        Name of another chart than the one that suits: one of :data:`KINDS`.

    Raises
    ------
    PublishError
        If there is no such chart, or it does not suit the table.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> figure_for(share(answers(), "compute_cores", by="edition")).layout.meta["kind"]
    'stacked bar chart'
    """
    drawing = drawing_of(plan_of(table, chart))
    return _figure(compose(drawing, words_for_table(table, internal=True)))


def _figure(chart: dict[str, Any]) -> go.Figure:
    import plotly.graph_objects as go

    with collector_paused():  # the first one makes the 20,000 values of plotly's validators
        return go.Figure(chart)


@checked(PublishError)
def figure(
    source: Publication | Estimates,
    name: str | None = None,
    chart: str | None = None,
    *,
    title: str | None = None,
    width: int | None = None,
    theme: str = "light",
    top: int | None = None,
) -> go.Figure:
    """Draw a table of a publication; it passed disclosure control and may be shown to others.

    Parameters
    ----------
    source
        A publication, from :func:`survey.protect`. Raw estimates are drawn, too, as
        :func:`figure_for` draws them, and say that they are internal.
    name
        Name of one of the publication's tables.
    chart
        Name of another chart than the one that suits: one of :data:`KINDS`.
    title
        A title in place of the table's.
    width
        In pixels; without one the figure is as wide as the page.
    theme
        ``"light"`` or ``"dark"``.
    top
        Draw only so many answers, those with the largest values; the figure says so.

    Raises
    ------
    PublishError
        If the publication has no such table, no such chart suits it, or an option makes no sense.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> drawn = figure(share(answers(), "deployment_tools"), title="Tools", top=2, theme="dark")
    >>> drawn.layout.title.text, len(drawn.data[0].x), drawn.layout.paper_bgcolor
    ('<b>Tools</b>', 2, None)
    >>> drawn.layout.template.layout.paper_bgcolor
    '#171c22'
    """
    if isinstance(source, Estimates):
        table, words = source, words_for_table(source, internal=True)
    else:
        table, words = table_and_words(source, name)
    _check(width, theme, top)
    if top is not None:
        table, words = _largest(table, words, top)
    words = replace(words, title=title) if title is not None else words
    drawing = drawing_of(plan_of(table, chart))
    _refuse_narrow(drawing, width)
    drawn = compose(drawing, words, width)
    drawn["layout"] |= {"width": width} if width is not None else {}
    return _figure(darkened(drawn) if theme == "dark" else drawn)


def _check(width: int | None, theme: str, top: int | None) -> None:
    problems = []
    if width is not None and not _NARROWEST <= width <= _WIDEST:
        problems.append(Problem("width", str(width), f"{_NARROWEST} to {_WIDEST} pixels"))
    if theme not in ("light", "dark"):
        problems.append(Problem("theme", repr(theme), "'light' or 'dark'"))
    if top is not None and top < 1:
        problems.append(Problem("top", str(top), "at least 1"))
    if problems:
        raise PublishError("The figure cannot be drawn", problems)


def _refuse_narrow(drawing: Drawing, width: int | None) -> None:
    """Refuse a width at which the columns of a heat map run into each other."""
    if width is None or drawing.kind != "heat map":
        return
    margin, columns = drawing.layout["margin"], len(drawing.layout["xaxis"].get("tickvals", ()))
    least = math.ceil((margin["l"] + margin["r"] + columns * _NARROWEST_CELL) / 10) * 10
    if width < least:
        hint = (
            "leave width out, draw another kind (survey.publish.charts.KINDS), or print the table"
        )
        problem = Problem(
            "width", str(width), f"at least {least} pixels for {columns} columns", hint
        )
        raise PublishError("A heat map cannot be drawn so narrow", [problem])


def _largest(table: Estimates, words: Words, top: int) -> tuple[Estimates, Words]:
    """Return the rows of the answers with the largest values, and words that say so."""
    rows = [row for row in rows_of(table) if row.has_value]
    kept = set(by_value(rows)[:top])
    answers = table.frame["answer"].astype(str)
    if len(kept) == answers.nunique():
        return table, words
    frame = table.frame[answers.isin(kept)].reset_index(drop=True)
    said = f"Drawn: the {len(kept)} largest of {answers.nunique()} answers."
    return table.with_frame(frame), replace(words, gaps=" ".join(filter(None, (said, words.gaps))))


def chart_of(publication: Publication, name: str, chart: str | None = None) -> dict[str, Any]:
    """Return ``data`` and ``layout`` of one table of a publication, as plain values."""
    table, words = table_and_words(publication, name)
    return compose(drawing_of(plan_of(table, chart)), words)


def table_and_words(publication: Publication, name: str | None) -> tuple[Estimates, Words]:
    """Return one table of a publication and the words around its drawing."""
    table = publication[_known(publication, name)]
    return table, words_for_table(table, internal=False, edition=publication.edition)


def _known(publication: Publication, name: str | None) -> str:
    if name is None or name not in publication.tables:
        known = ", ".join(publication.tables)
        hint = did_you_mean(name or "", publication.tables)
        raise PublishError(
            "There is no such table in the publication",
            [Problem("figure(name)", repr(name), f"one of {known}", hint)],
        )
    return name
