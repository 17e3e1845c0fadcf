"""Estimates: a tidy table of numbers that carries the question it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, TypeVar, overload

import pandas as pd

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import EstimateError
from survey.estimates.design.left_out import LeftOut
from survey.estimates.exact_note import MEAN_WEIGHTS, WEIGHTED, ExactNote
from survey.estimates.reference import Reference
from survey.estimates.reshape import column_of, csv_of, markdown, same_tables, wide, write_table
from survey.estimates.tidy import CORE_COLUMNS, Base, Measure, Spec, Status, TidyTable
from survey.estimates.unconfirmed import UnconfirmedNote, unconfirmed_notes
from survey.estimates.view import as_html, as_text
from survey.renamed import missing_method

if TYPE_CHECKING:
    from survey.estimates.design import Design
    from survey.estimates.statistic import Arguments, Statistic

__all__ = ["CORE_COLUMNS", "Base", "Estimates", "Measure", "Spec", "Status"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, repr=False, eq=False)
class Estimates(TidyTable):
    """Numbers with their uncertainty, one per row, always in the same columns.

    Attributes
    ----------
    frame
        Grouping columns, then ``answer``, ``count``, ``base``, ``value``, ``low``, ``high``,
        ``status``, then what the statistic adds. Only rows whose status is ``ok`` or
        ``imprecise`` have a value; it is missing elsewhere, never 0.
    spec
        The question that was asked.
    provenance
        Files, codebook editions and steps behind the numbers.
    measure
        What the values are.
    title
        The question in words.
    several
        Whether one unit can count in several answers, so that shares do not add up to 1.
    name, topic
        Stable identifiers inside a publication; empty for tables made by hand.
    notes
        What a reader must know, most important first.
    ordered
        Whether the answers are bands, so that a chart must keep their order.
    references
        Numbers from elsewhere that rows are held against, which charts draw as points of their own.
    vocabulary
        What the survey calls respondents and deployments.
    statistic
        The record of the statistic: what the columns are, and how the numbers are computed.
    design, arguments
        Who counted, and what was asked; the table can be tabulated again with them. Tables for
        publication have neither.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "deployment_stage")
    >>> table["count"].tolist(), table.measure.value
    ([33, 10, 7], 'share')
    """

    statistic: Statistic | None = None
    design: Design | None = field(default=None, repr=False, compare=False)
    arguments: Arguments | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        once = self.design is not None and self.design.counts_clouds_once
        editions = self.editions if self.provenance.unconfirmed else ()
        notes = unconfirmed_notes(self.spec, self.provenance, editions, once=once)
        object.__setattr__(self, "notes", tuple(dict.fromkeys((*notes, *self.notes))))

    @property
    def unconfirmed(self) -> bool:
        """Whether the table rests on a question that nobody has confirmed in the codebook."""
        return any(isinstance(note, UnconfirmedNote) for note in self.notes)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self, exact=self.design is not None)

    @property
    def value_heading(self) -> str:
        """What the values are, above their column: as the statistic says, or by the measure."""
        declared = self.statistic.heading if self.statistic is not None else ""
        return declared or super().value_heading

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What the table leaves out: the notes that say how many rows, and why."""
        return tuple(note for note in self.notes if isinstance(note, LeftOut))

    @property
    def editions(self) -> tuple[str, ...]:
        """Editions in the table, oldest first."""
        if "edition" not in self.frame:
            return self.provenance.codebook
        return tuple(str(name) for name in self.frame["edition"].unique())

    @checked(EstimateError)
    def named(self, name: str, topic: str, title: str | None = None) -> Estimates:
        """Return a copy with a place in a publication."""
        return replace(self, name=name, topic=topic, title=self.title if title is None else title)

    @checked(EstimateError)
    def held_against(self, *references: Reference) -> Estimates:
        """Return a copy whose chart has numbers from elsewhere beside its own."""
        return replace(self, references=references)

    @checked(EstimateError)
    def noted(self, *notes: str) -> Estimates:
        """Return a copy with more notes, each once."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))

    @checked(EstimateError)
    def for_publication(self) -> Estimates:
        """Return a copy for publication, without notes that follow from exact answers.

        How many known figures were used goes: those are of organizations that everybody knows.
        """
        said = (note.public if isinstance(note, ExactNote) else note for note in self.notes)
        known = "known_count" in self.frame
        frame = self.frame.drop(columns="known_count") if known else self.frame
        notes = tuple(dict.fromkeys(note for note in said if note))
        title = self.title.replace(WEIGHTED, MEAN_WEIGHTS)
        return replace(self, frame=frame, title=title, notes=notes, design=None, arguments=None)

    @checked(EstimateError)
    def with_frame(self, frame: pd.DataFrame) -> Estimates:
        """Return a copy with another frame of the same columns."""
        return replace(self, frame=frame)

    def per_group(self) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
        """Yield ``(group values, rows)`` in order of appearance; one pair when ungrouped."""
        if not self.groups:
            yield (), self.frame
            return
        for key, rows in self.frame.groupby(list(self.groups), sort=False, observed=True):
            yield (key if isinstance(key, tuple) else (key,)), rows

    if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there

        def __getattr__(self, name: str) -> NoReturn:
            missing_method(name)

    # The surface that pandas users expect

    def __eq__(self, other: object) -> bool:
        return same_tables(self, other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows as named tuples."""
        return self.frame.itertuples(index=False, name="Row")

    @overload
    def __getitem__(self, name: str) -> pd.Series[Any]: ...
    @overload
    def __getitem__(self, name: list[str]) -> pd.DataFrame: ...
    def __getitem__(self, name: str | list[str]) -> pd.Series[Any] | pd.DataFrame:
        return column_of(self, name)  # type: ignore[no-any-return]

    @property
    def df(self) -> pd.DataFrame:
        """A copy of the frame, which may be changed."""
        return self.frame.copy()

    def pipe(
        self,
        function: Callable[Concatenate[Estimates, _P], _R],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _R:
        """Return ``function(table, ...)``, for chains.

        Examples
        --------
        >>> from survey.estimates import share
        >>> from survey.estimates.examples import answers
        >>> share(answers(), "deployment_stage").pipe(len)
        3
        """
        return function(self, *args, **kwargs)

    @checked(EstimateError)
    def wide(self, values: str = "value") -> pd.DataFrame:
        """Return one column per answer and one row per group.

        Parameters
        ----------
        values
            The column to spread: ``"value"``, ``"count"``, ``"status"``, ...

        Raises
        ------
        EstimateError
            If there is no such column.

        Examples
        --------
        >>> from survey.estimates import share
        >>> from survey.estimates.examples import answers
        >>> share(answers(), "deployment_stage", by="edition").wide("count").loc["2018"].to_dict()
        {'Production': 16, 'Testing': 4, 'Proof of concept': 3}
        """
        return wide(self, values)

    @checked(EstimateError)
    def to_csv(self, path: str | Path | None = None) -> str | None:
        """Return the frame as CSV, or write it to a new file.

        Raises
        ------
        EstimateError
            If the file exists, or cannot be written.
        """
        if path is None:
            return csv_of(self)
        write_table(self, path, as_excel=False)
        return None

    @checked(EstimateError)
    def to_excel(self, path: str | Path) -> None:
        """Write the frame to a new workbook; text stays text, whatever it begins with.

        The workbook of a publication, with charts and notes, is ``survey.publish``'s.

        Raises
        ------
        EstimateError
            If the file exists, or cannot be written.
        """
        write_table(self, path, as_excel=True)

    def to_markdown(self) -> str:
        """Return the table as readers see it, in Markdown, with its title and notes."""
        return markdown(self)
