"""Look around in answers without writing code: ``explore(answers)`` in a notebook.

Needs the extra ``notebook`` (ipywidgets). Everything is computed in the kernel; nothing is sent.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from survey.checked import checked
from survey.codebook import Question, Unit
from survey.errors import EstimateError, Problem, SurveyError
from survey.estimates import Estimates, median, nps, share, total, trend
from survey.publish import figure
from survey.responses import Responses

__all__ = ["Explorer", "explore"]

_STATISTICS: Final[Mapping[str, Callable[..., Estimates]]] = {
    "share": share, "median": median, "total": total, "trend": trend, "nps": nps
}  # fmt: skip
_NONE, _ALL, _EDITION = "", "", "edition"
_RECOMMEND: Final = "likelihood_to_recommend"
_PLOTLY: Final = "application/vnd.plotly.v1+json"
_ASIDE: Final = "Exact numbers, not to be passed on: sv.protect makes tables that can be."


@checked(EstimateError)
def explore(answers: Responses) -> Explorer:
    """Return widgets that choose a question, and show its chart, table and line of Python.

    Parameters
    ----------
    answers
        What to look at; the line of Python calls it ``answers``.

    Returns
    -------
    Explorer
        Put it at the end of a cell. ``estimates``, ``figure`` and ``code`` are what it shows.

    Raises
    ------
    EstimateError
        If ipywidgets is not installed.

    Examples
    --------
    >>> sv.explore(answers)  # doctest: +SKIP
    """
    return Explorer(answers)


class Explorer:
    """Widgets over answers; see :func:`explore`.

    Attributes
    ----------
    question, statistic, breakdown, edition, filter_by, answer
        The widgets; set their ``value`` as a person would.
    box
        All of them, with chart, table and code.
    estimates, figure, code
        What is shown: numbers, chart, and the line of Python that makes them. ``estimates`` is
        None where nothing can be computed; ``message`` then says why.
    """

    def __init__(self, answers: Responses) -> None:
        self._widgets = _ipywidgets()
        self._answers = answers
        self._asked = _closed_questions(answers)
        self.estimates: Estimates | None = None
        self.figure: Any = None
        self.code = self.message = ""
        self._make_choosers()
        self._chart = self._widgets.Output()
        self._table, self._line = self._widgets.HTML(), self._widgets.HTML()
        choosers = [self.question, self.statistic, self.breakdown, self.edition]
        self.box = self._widgets.VBox(
            [
                self._widgets.HBox(choosers[:2]),
                self._widgets.HBox(choosers[2:]),
                self._widgets.HBox([self.filter_by, self.answer]),
                self._line,
                self._chart,
                self._table,
            ]
        )
        for chooser in (*choosers, self.filter_by, self.answer):
            chooser.observe(self._changed, names="value")
        self._show()

    def _make_choosers(self) -> None:
        dropdown = partial(self._widgets.Dropdown, style={"description_width": "6em"})
        named = [(f"{q.title} ({name})", name) for name, q in self._asked.items()]
        grouping = [(f"{q.title} ({name})", name) for name, q in self._asked.items() if _groups(q)]
        self.question = dropdown(description="Question", options=named)
        self.statistic = dropdown(description="Statistic", options=["share"])
        self.breakdown = dropdown(
            description="By", options=[("nothing", _NONE), ("Edition", _EDITION), *grouping]
        )
        newest = self._answers.editions[-1]
        self.edition = dropdown(
            description="Edition",
            options=[("all", _ALL), *((name, name) for name in self._answers.editions)],
            value=newest,
        )
        self.filter_by = dropdown(description="Only", options=[("everybody", _NONE), *grouping])
        self.answer = dropdown(description="who gave", options=[("any answer", _NONE)])

    # What is chosen

    def _changed(self, change: Mapping[str, Any]) -> None:
        if change["owner"] is self.filter_by:
            self._offer_answers()
        self._show()

    def _offer_answers(self) -> None:
        listed = _answers_of(self._answers, self.filter_by.value)
        self.answer.options = [("any answer", _NONE), *((each, each) for each in listed)]

    def _offer_statistics(self) -> None:
        """Offer what the question can be asked for; the choice is kept if it still can."""
        question = self._asked[self.question.value]
        fitting = ["share", "trend"]
        fitting += ["median", "total"] if question.banded else []
        fitting += ["nps"] if question.concept == _RECOMMEND else []
        if tuple(fitting) != self.statistic.options:
            kept = self.statistic.value if self.statistic.value in fitting else "share"
            with self.statistic.hold_trait_notifications():
                self.statistic.options = fitting
                self.statistic.value = kept

    def _arguments(self) -> tuple[list[str], dict[str, str]]:
        by = self.breakdown.value
        named = {"by": by} if by else {}
        if self.statistic.value == "nps":
            return [], named
        return [self.question.value], named

    def _selected(self) -> tuple[Responses, str]:
        """Return the answers that are chosen, and the expression that selects them."""
        answers, code = self._answers, "answers"
        if self.edition.value and self.statistic.value != "trend":
            answers = answers.in_edition(self.edition.value)
            code += f".in_edition({self.edition.value!r})"
        if self.filter_by.value and self.answer.value:
            wanted = {self.filter_by.value: self.answer.value}
            answers = answers.where(**wanted)
            code += f".where({self.filter_by.value}={self.answer.value!r})"
        return answers, code

    # What is shown

    def _show(self) -> None:
        self._offer_statistics()
        self.estimates = self.figure = None
        self.message = ""
        places, named = self._arguments()
        statistic = self.statistic.value
        try:
            answers, selection = self._selected()
            said = [selection, *map(repr, places), *(f"{k}={v!r}" for k, v in named.items())]
            self.code = f"sv.{statistic}({', '.join(said)})"
            self.estimates = _STATISTICS[statistic](answers, *places, **named)
            self.figure = figure(self.estimates)  # some tables have no chart that fits
        except SurveyError as error:
            self.message = str(error)
        self._line.value = f"<pre>{html.escape(self.code)}</pre>"
        self._table.value = self._table_html()
        self._chart.outputs = () if self.figure is None else (_plotly_output(self.figure),)

    def _table_html(self) -> str:
        said = f"<p>{html.escape(self.message)}</p>" if self.message else ""
        if self.estimates is None:
            return said
        return f"{said}{self.estimates._repr_html_()}<p><em>{_ASIDE}</em></p>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.box._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return f"<Explorer: {self.code}>"


def _ipywidgets() -> Any:
    try:
        import ipywidgets
    except ImportError:
        problem = Problem(
            "explore()", "no package ipywidgets", "the extra 'notebook'",
            "pip install 'openstack-survey[notebook]'",
        )  # fmt: skip
        raise EstimateError("Widgets are not installed", [problem]) from None
    return ipywidgets


def _closed_questions(answers: Responses) -> dict[str, Question]:
    asked = {name: answers.question(name) for name in answers.concepts}
    return {name: each for name, each in asked.items() if each.kind.closed and not each.personal}


def _groups(question: Question) -> bool:
    kind = question.kind
    few = kind.multiple_choice or (kind.closed and not kind.several)
    return few and question.unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)


def _answers_of(answers: Responses, concept: str) -> tuple[str, ...]:
    """Return the answers that were given to a question, most frequent first."""
    if not concept:
        return ()
    given = share(answers, concept).frame
    rows = given[given["count"] > 0].sort_values("count", ascending=False, kind="stable")
    return tuple(rows["answer"].astype(str))


def _plotly_output(drawn: Any) -> dict[str, Any]:
    """Return a chart as a notebook keeps it: its description, which the page draws."""
    return {
        "output_type": "display_data",
        "data": {_PLOTLY: json.loads(drawn.to_json()), "text/plain": "chart"},
        "metadata": {},
    }
