"""Variables of one's own: questions that are worked out from answers, or joined from a table.

A variable is a question like any other: it stands in the codebook of every edition that has it,
in ``answers.concepts``, and verbs take it as a question, as a group and in conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Self, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Choice, Kind, Question, Unit
from survey.codebook.question_rules import mistakes
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.aliases import Aliases
from survey.responses.answer_set import AnswerSetDtype
from survey.responses.computed import computed
from survey.responses.frame_access import FrameAccess
from survey.responses.joining import joined
from survey.responses.ordinal import ordinal
from survey.responses.unions import union

__all__ = ["Variables"]

_MOST_LABELS = 100
_MOST_NUMBERS = 20
A = TypeVar("A", bound="Variables")
Mask = npt.NDArray[np.bool_]
Labels = Mapping[Any, str] | Sequence[str]
Values = Callable[[Any], Any] | Mapping[str, Sequence[str]] | Any


class Variables(FrameAccess):
    """Variables of one's own; see :class:`Responses`."""

    def derive(
        self,
        name: str,
        values: Values,
        *,
        of: str = "",
        title: str = "",
        labels: Labels | None = None,
        unit: Unit | str | None = None,
        topic: str = "",
    ) -> Self:
        """Return the answers with one more question, worked out from the others.

        Parameters
        ----------
        name
            Its name: small letters, digits and underscores.
        values
            A function of the table, ``lambda d: d["compute_cores"] > "10 to 99 cores"``; a
            Series of the rows of ``deployments`` or ``respondents``; or, with ``of``, a mapping
            of new labels to the labels that each of them takes together.
        of
            The question whose answers a mapping takes together: coarser bands stay bands, and
            of a question with several answers a unit has every label of which it gave any.
        title
            The question in words.
        labels
            Labels in order, or value -> label: ``{True: "Large", False: "Small"}``.
        unit
            ``"deployment"`` or ``"respondent"``; by default what the questions used are about.
        topic
            Topic whose tables its answers stand with, such as ``"landscape"``; none by default.

        Notes
        -----
        Where a question that a function looks at is not answered, or with "Don't know", the
        result is missing: a cloud that gave no number is not a small one. A function that
        returns nullable booleans decides that itself. In an edition whose files lack a question
        that is looked at the variable is not available.

        Raises
        ------
        ResponsesError
            If the name is taken or no name, or the values cannot be answers; all is listed.

        Examples
        --------
        >>> large = answers.derive(  # doctest: +SKIP
        ...     "large_cloud", lambda d: d["compute_cores"] > "100 to 999 cores"
        ... )
        >>> share(large, "deployment_tools", by="large_cloud")  # doctest: +SKIP
        """
        return _derived(
            self, name, values, of=of, title=title, labels=labels, unit=unit, topic=topic
        )

    def assign(self, **variables: Values) -> Self:
        """Return the answers with further questions, each as :meth:`derive` takes it.

        Examples
        --------
        >>> answers.assign(large=lambda d: d["compute_cores"] > "10 to 99 cores")  # doctest: +SKIP
        """
        answers = self
        for name, values in variables.items():
            answers = answers.derive(name, values)
        return answers

    def attach(
        self,
        table: pd.DataFrame | pd.Series[Any],
        on: str | None = None,
        *,
        unit: Unit | str | None = None,
    ) -> Self:
        """Return the answers with columns beside them that are no questions, such as weights.

        Parameters
        ----------
        table
            Columns: one row for each row of ``deployments`` or ``respondents``, in their order;
            or, with ``on``, one row per key. A Series needs a name.
        on
            What to look rows up by, as in :meth:`join`; ``None`` for row by row.
        unit
            Whose rows they are; needed where there are as many deployments as respondents.

        Notes
        -----
        :func:`survey.design` takes them by name: ``weights=``, ``strata=``, ``fpc=``,
        ``cluster=``. They are not written with processed answers, nor published.

        Raises
        ------
        ResponsesError
            If the rows do not fit, or a name is taken.

        Examples
        --------
        >>> answers.attach(pd.Series(weights, name="weight"))  # doctest: +SKIP
        >>> answers.attach(sizes, on="organization")  # doctest: +SKIP
        """
        if on is None:
            frame = table.to_frame() if isinstance(table, pd.Series) else table
            counted = _unit(unit) or _unit_of_rows(self, frame)
            if len(frame) != len(self.frame(counted)):
                got = f"{len(frame)} rows"
                wanted = f"{len(self.frame(counted))}, one for each {counted.value}"
                raise ResponsesError("Cannot attach", [Problem("attach()", got, wanted)])
            found = frame.set_axis(self.frame(counted).index)
        else:
            counted, found = joined(self, table, on, None, None)
        own = self.frame(counted)
        problems = [
            Problem(f"column {name!r}", "a name that is taken", "a new name")
            for name in found
            if name in own or name in self.codebook.concepts
        ]
        if problems:
            raise ResponsesError("Cannot attach", problems)
        columns: dict[str, Any] = {str(name): found[name] for name in found}
        return self.with_frame(counted, own.assign(**columns))

    def join(
        self,
        table: pd.DataFrame | pd.Series[Any],
        on: str,
        *,
        aliases: Aliases | None = None,
        key: bytes | None = None,
    ) -> Self:
        """Return the answers with the columns of a table as further questions.

        Parameters
        ----------
        table
            One row per key: the index, or the column ``on``. A Series needs a name.
        on
            ``"organization"``, ``"respondent"``, ``"deployment"``, or a question with one answer,
            such as ``"primary_country"`` (codes or names).
        aliases
            Decisions about organizations, so that other names of one find it, too.
        key
            The key of the pseudonyms, to find organizations by name in answers without names.
            Answers read with ``identified=True`` need none, and pseudonyms are found as such.

        Raises
        ------
        ResponsesError
            If there is nothing to join on, a key stands twice, or none of them is found.

        Examples
        --------
        >>> regions = pd.Series({"DE": "EU", "FR": "EU"}, name="customs_union")  # doctest: +SKIP
        >>> answers.join(regions, "primary_country")  # doctest: +SKIP
        """
        unit, columns = joined(self, table, on, aliases, key)
        answers = self
        for name in columns:
            answers = answers.derive(str(name), columns[name], unit=unit)
        return answers


def _derived(
    answers: A,
    name: str,
    values: Values,
    *,
    of: str,
    title: str,
    labels: Labels | None,
    unit: Unit | str | None,
    topic: str,
) -> A:
    if isinstance(values, Mapping):
        question, column = union(answers, name, values, of, title)
        return _with_variable(answers, replace(question, topic=topic), column, [of])
    sources: tuple[str, ...] = ()
    counted = _unit(unit)
    if callable(values):
        found = computed(answers, values, counted)
        values, counted, sources = found.values, found.unit, found.sources
    counted = counted or _unit_of_rows(answers, values)
    column, choices = _answers_in(name, values, answers.frame(counted).index, labels)
    heading, kind = f"{name} (derived)", _kind_of(column)
    question = Question(
        name, heading, title or name, kind, counted, choices, series=name, topic=topic
    )
    return _with_variable(answers, question, column, sources)


def _with_variable(
    answers: A, question: Question, column: pd.Series[Any], sources: Sequence[str]
) -> A:
    """Return the answers with a question and its column, after checking that it can be one."""
    name = question.concept
    problems = list(mistakes(f"variable {name!r}", question))
    if name in answers.codebook.concepts or name in answers.frame(question.unit):
        problems.append(Problem(f"variable {name!r}", "a name that is taken", "a new name"))
    if not name.isidentifier() or name != name.lower():
        expected = "small letters, digits and underscores"
        problems.append(Problem("variable", repr(name), expected))
    if problems:
        raise ResponsesError(f"Cannot derive {name!r}", problems)
    editions = [each for each in answers.editions if _has_all(answers, each, sources)]
    absent = {
        edition: MappingProxyType({**answers.presence.absent.get(edition, {}), name: ()})
        for edition in editions
        if not all(answers.available(each, edition) for each in sources)
    }
    known = MappingProxyType({**answers.presence.absent, **absent})
    frame = answers.frame(question.unit)
    made = replace(
        cast(Any, answers.with_frame(question.unit, frame.assign(**{name: column}))),
        codebook=answers.codebook.with_questions({each: [question] for each in editions}),
        presence=replace(answers.presence, absent=known),
        provenance=answers.provenance.then(f"derived {name}"),
    )
    return cast(A, made)


def _has_all(answers: FrameAccess, edition: str, sources: Sequence[str]) -> bool:
    asked = answers.codebook.edition(edition).by_concept
    return all(source in asked for source in sources)


# Values that are given


def _unit(unit: Unit | str | None) -> Unit | None:
    if unit is None:
        return None
    known = [Unit.RESPONDENT.value, Unit.DEPLOYMENT.value]
    if str(unit) not in known:
        hint = did_you_mean(str(unit), known)
        problem = Problem("unit", repr(unit), f"one of {', '.join(known)}", hint)
        raise ResponsesError("Unknown unit", [problem])
    return Unit(str(unit))


def _unit_of_rows(answers: FrameAccess, values: Any) -> Unit:
    """Return the table whose rows the values are."""
    fitting = [
        unit
        for unit in (Unit.DEPLOYMENT, Unit.RESPONDENT)
        if len(values) == len(answers.frame(unit))
    ]
    if len(fitting) == 1:
        return fitting[0]
    got = f"{len(values)} values"
    expected = "one for each row of answers.deployments or answers.respondents"
    hint = "give unit=" if fitting else ""
    raise ResponsesError("Cannot derive", [Problem("derive()", got, expected, hint)])


def _answers_in(
    name: str, values: Any, index: pd.Index[Any], labels: Labels | None
) -> tuple[pd.Series[Any], tuple[Choice, ...]]:
    """Return the values as typed answers, and the choices that they come from."""
    column = pd.Series(values)
    if len(column) != len(index):
        got, expected = f"{len(column)} values", f"{len(index)}, one for each row"
        raise ResponsesError(f"Cannot derive {name!r}", [Problem("derive()", got, expected)])
    column = column.set_axis(index)
    if isinstance(labels, Mapping):
        names = {value: str(label) for value, label in labels.items()}
        column = column.astype(object).map(names.get, na_action="ignore")
        labels = tuple(dict.fromkeys(names.values()))
    if isinstance(column.dtype, AnswerSetDtype):
        return column, tuple(Choice(item, item) for item in column.dtype.items)
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("boolean"), ()
    listed = tuple(labels) if labels is not None else _labels_in(name, column)
    texts = column.astype(object).where(column.notna(), None)
    if pd.api.types.is_numeric_dtype(column.dtype):
        texts = texts.map(lambda number: f"{number:g}", na_action="ignore")
    codes = pd.Index(listed, dtype=object).get_indexer(pd.Index(texts, dtype=object))
    ordered = isinstance(column.dtype, pd.CategoricalDtype) and bool(column.dtype.ordered)
    typed = pd.Series(ordinal(codes, listed, ordered=ordered), index=index)
    return typed, tuple(Choice(label, label) for label in listed)


def _labels_in(name: str, column: pd.Series[Any]) -> tuple[str, ...]:
    """Return the distinct values as labels: categories in their order, others sorted."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(str(label) for label in column.cat.categories)
    given = column.dropna().unique()
    most = _MOST_NUMBERS if pd.api.types.is_numeric_dtype(column.dtype) else _MOST_LABELS
    if len(given) > most or not len(given):
        hint = "cut numbers into bands with pandas.cut, or give labels="
        got, expected = f"{len(given)} different values", f"1 to {most} answers"
        raise ResponsesError(f"Cannot derive {name!r}", [Problem("derive()", got, expected, hint)])
    if pd.api.types.is_numeric_dtype(column.dtype):
        return tuple(f"{number:g}" for number in sorted(given))
    return tuple(sorted(map(str, given)))


def _kind_of(column: pd.Series[Any]) -> Kind:
    if isinstance(column.dtype, AnswerSetDtype):
        return Kind.MULTIPLE
    return Kind.CHECKBOX if isinstance(column.dtype, pd.BooleanDtype) else Kind.SINGLE
