"""What one expects of answers who knows pandas: columns by name, questions as a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.answer_set import AnswerSetArray
from survey.responses.blank import blank_column
from survey.responses.selecting import named_unit
from survey.responses.two_tables import TwoTables

__all__ = ["QUESTION_COLUMNS", "FrameAccess"]

QUESTION_COLUMNS = ("concept", "title", "kind", "unit", "editions", "n")


class FrameAccess(TwoTables):
    """Columns, questions and long frames of answers; see :class:`Responses`."""

    if TYPE_CHECKING:  # what the answers themselves have

        def with_frame(self, unit: Unit, frame: pd.DataFrame) -> Self: ...  # noqa: D102

    def __len__(self) -> int:
        """Return the number of respondents."""
        return len(self.respondents)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        """Iterate over the concepts, as a frame does over its columns."""
        return iter(self.concepts)

    def __contains__(self, concept: object) -> bool:
        return concept in self.concepts

    def __getitem__(self, names: Any) -> Any:
        """Return the answers to one question as a Series, or to several as a frame.

        Several are counted per deployment if any of them is about deployments: what a
        respondent answered stands on each of the deployments. Key columns such as
        ``"edition"`` and ``"organization"`` can be among them.

        Raises
        ------
        ResponsesError
            If a name is neither a question nor a key column; all are listed.

        Examples
        --------
        >>> answers["compute_cores"].value_counts()  # doctest: +SKIP
        >>> answers[["edition", "industry", "compute_cores"]]  # doctest: +SKIP
        """
        if isinstance(names, str):
            return self._columns([names])[names]
        if not isinstance(names, list | tuple):
            got, hint = type(names).__name__, "select rows with answers.where(mask)"
            problem = Problem("answers[...]", got, "a name, or a list of names", hint)
            raise ResponsesError("Cannot take columns", [problem])
        return self._columns(list(names))

    def _columns(self, names: Sequence[str]) -> pd.DataFrame:
        unit = self._unit_of(names)
        frame = self.frame(unit)
        columns = [frame[each] if each in frame else self.column(each, unit) for each in names]
        return pd.DataFrame(dict(zip(names, columns, strict=True)), index=frame.index)

    def _unit_of(self, names: Sequence[str]) -> Unit:
        """Return the unit that all of some columns can be counted by."""
        known = (*self.concepts, *self.respondents.columns, *self.deployments.columns)
        problems = [
            Problem("answers[...]", repr(name), "a question or a key column", _near(name, known))
            for name in names
            if name not in known
        ]
        if problems:
            raise ResponsesError("Unknown columns", problems)
        of_people = all(
            self.question(name).unit is Unit.RESPONDENT
            if name in self.concepts
            else name in self.respondents
            for name in names
        )
        return Unit.RESPONDENT if of_people else Unit.DEPLOYMENT

    def column(self, concept: str, unit: Unit | str | None = None) -> pd.Series[Any]:
        """Return the answers to ``concept``, one per row of ``frame(unit)``.

        By default the unit is what the question is about. A respondent's answer can be asked
        per deployment: it repeats on each of them. The other way round there is no single
        answer. Where no file had a column for the question, every answer is missing.

        Raises
        ------
        ResponsesError
            If the concept is unknown, or is about deployments and asked per respondent.
        """
        unit = self.question(concept).unit if unit is None else named_unit(unit)
        frame = self.frame(unit)
        if concept in frame:
            return frame[concept]
        question = self.question(concept)
        asked_of = question.unit
        if concept not in self.frame(asked_of) and unit in (asked_of, Unit.DEPLOYMENT):
            return blank_column(question, frame.index)
        if unit is Unit.DEPLOYMENT and asked_of is Unit.RESPONDENT:
            repeated = self.respondents[concept].iloc[self.respondent_rows]
            return repeated.set_axis(frame.index)
        problem = Problem(
            f"concept {concept!r}",
            f"unit {unit.value!r}",
            f"unit {asked_of.value!r}",
            "a respondent can describe several deployments",
        )
        raise ResponsesError(f"{concept!r} cannot be counted per {unit.value}", [problem])

    def available(self, concept: str, edition: str, item: str | None = None) -> bool:
        """Whether the files of an edition had a column for a question, or for one item of it.

        What they lack is "not available" in every table, rather than 0. A derived question is
        there where its source is.

        Parameters
        ----------
        concept, edition
            A question, and an edition that asks it.
        item
            Label of a choice or of a matrix row.

        Examples
        --------
        >>> answers.available("projects_used", "2024", "Nova")  # doctest: +SKIP
        True
        """
        held = concept in self.frame(self.question(concept).unit)
        return held and self.presence.has(edition, concept, item)

    @cached_property
    def respondent_rows(self) -> npt.NDArray[np.intp]:
        """Row of ``respondents`` for each row of ``deployments``."""
        key = ["edition", "respondent"]
        index = pd.MultiIndex.from_frame(self.respondents[key])
        return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(self.deployments[key])))

    @property
    def questions(self) -> pd.DataFrame:
        """The questions that the editions ask: concept, title, kind, unit, editions and n.

        ``editions`` names those that ask it, and ``n`` is how many units answered.
        """
        rows = []
        for concept in self.concepts:
            question = self.question(concept)
            asked = [e for e in self.editions if concept in self.codebook.edition(e).by_concept]
            n = int(np.asarray(self.column(concept).notna()).sum())
            kind, unit = question.kind.value, question.unit.value
            rows.append((concept, question.title, kind, unit, ", ".join(asked), n))
        return pd.DataFrame(rows, columns=list(QUESTION_COLUMNS))

    def find(self, text: str) -> pd.DataFrame:
        """Return the questions in whose name, title, heading or choices ``text`` occurs.

        Returns
        -------
        pandas.DataFrame
            Rows of :attr:`questions`, with ``found``: the choices in which it occurs.

        Examples
        --------
        >>> answers.find("hyper")["concept"].tolist()  # doctest: +SKIP
        ['hypervisors', 'hypervisors_other']
        """
        wanted = text.casefold()
        found, kept = [], []
        for concept in self.concepts:
            question = self.question(concept)
            choices = [
                label
                for label in (*question.labels, *question.row_labels)
                if wanted in label.casefold()
            ]
            words = (concept, question.title, question.heading)
            kept.append(bool(choices) or any(wanted in word.casefold() for word in words))
            found.append(", ".join(choices))
        listed = self.questions.assign(found=found)
        return listed[np.array(kept, dtype=bool)].reset_index(drop=True)

    def one_hot(self, concept: str, unit: Unit | str | None = None) -> pd.DataFrame:
        """Return one column per answer to a closed question: whether it was given.

        A row is missing throughout where nothing was answered. The columns of a matrix are
        ``"row / level"``.

        Raises
        ------
        ResponsesError
            If the question has no listed answers, or cannot be asked per ``unit``.

        Examples
        --------
        >>> answers.one_hot("hypervisors").mean()  # doctest: +SKIP
        """
        column = self.column(concept, None if unit is None else Unit(str(unit)))
        values = column.array
        if isinstance(values, AnswerSetArray):
            labels, chosen = _ticks(values)
        elif isinstance(column.dtype, pd.CategoricalDtype):
            labels = tuple(column.cat.categories)
            chosen = np.asarray(column.cat.codes)[:, None] == np.arange(len(labels))
        else:
            kind = self.question(concept).kind.value
            problem = Problem(f"concept {concept!r}", f"a {kind} question", "listed answers")
            raise ResponsesError(f"{concept!r} has no columns of answers", [problem])
        nothing = column.isna().to_numpy(dtype=bool)
        ticks = [pd.arrays.BooleanArray(each.copy(), nothing.copy()) for each in chosen.T]
        frame = pd.DataFrame(dict(enumerate(ticks)), index=column.index)
        return frame.set_axis(pd.Index(labels, name=concept), axis=1)

    def long(self, concept: str) -> pd.DataFrame:
        """Return one row per unit and answer given, in the order of the table.

        Columns: ``edition``, the numbers of the unit, and ``answer``; ``level`` for a matrix
        and ``rank`` for a ranking whose order is known. Who answered nothing has no row.

        Examples
        --------
        >>> answers.long("hypervisors").groupby("answer").size()  # doctest: +SKIP
        """
        unit = self.question(concept).unit
        frame, column = self.frame(unit), self.column(concept)
        values = column.array
        keys = ["edition", *(["deployment"] if unit is Unit.DEPLOYMENT else []), "respondent"]
        if not isinstance(values, AnswerSetArray):
            given = column.notna()
            return frame.loc[given, keys].assign(answer=column[given]).reset_index(drop=True)
        row, item = np.nonzero(values.chosen)
        number = values.codes[row, item]
        answer = np.array(values.items, dtype=object)[item]
        found = frame[keys].iloc[row].reset_index(drop=True).assign(answer=answer)
        if values.levels:
            return found.assign(level=np.array(values.levels, dtype=object)[number - 1])
        return found.assign(rank=number.astype(np.int64)) if values.dtype.ranked else found


def _near(name: object, known: Sequence[str]) -> str:
    return did_you_mean(str(name), known) or "see answers.questions and answers.find(...)"


def _ticks(values: AnswerSetArray) -> tuple[tuple[str, ...], Any]:
    """Return the names of all answers, and who gave each."""
    if not values.levels:
        return values.items, values.chosen
    names = tuple(f"{item} / {level}" for item in values.items for level in values.levels)
    levels = np.arange(1, len(values.levels) + 1)
    chosen = values.codes[:, :, None] == levels
    return names, chosen.reshape(len(values), len(names))
