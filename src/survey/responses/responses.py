"""Responses: typed answers in two linked tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import OPENSTACK, Codebook, Unit, Vocabulary
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.provenance import Provenance
from survey.responses import selecting
from survey.responses.carried import no_carry_overs
from survey.responses.clouds import SAME_CLOUD_COLUMNS, one_voice
from survey.responses.presence import Presence
from survey.responses.selecting import Mask, named_unit
from survey.responses.variables import Variables
from survey.responses.view import as_html, as_text

__all__ = [
    "DEPLOYMENT_KEYS",
    "FLAG_COLUMNS",
    "ONE_PER_CLOUD",
    "RECODED_COLUMNS",
    "RESPONDENT_KEYS",
    "WITH_COPIES",
    "Responses",
]

FLAG_COLUMNS = ("edition", "unit", "id", "concept", "reason")
RECODED_COLUMNS = ("edition", "unit", "id", "concept", "source", "before", "after", "rule")
RESPONDENT_KEYS = (
    "edition",
    "respondent",
    "organization",
    "member",
    "created",
    "edited",
    "language",
    "copied",
    "record_key",
)
WITH_COPIES, ONE_PER_CLOUD = "with exact copies", "one voice per cloud"
"""Steps of the provenance of answers that are counted otherwise than by default."""

DEPLOYMENT_KEYS = (
    "edition",
    "deployment",
    "respondent",
    "organization",
    "copied",
    "record_key",
)

_WORKED_OUT = frozenset({"remembered", "_in_editions"})


class _StillHeld(WeakValueDictionary[tuple[str, ...], "Responses"]):
    """Forgets what nobody else holds; a copy in another process begins with nothing."""

    def __reduce__(self) -> tuple[type[_StillHeld], tuple[()]]:
        return _StillHeld, ()


@dataclass(frozen=True, repr=False)
class Responses(Variables):
    """Typed answers of one or several editions.

    Attributes
    ----------
    respondents
        One row per respondent: the columns of ``RESPONDENT_KEYS``, then one per concept.
    deployments
        One row per deployment: the columns of ``DEPLOYMENT_KEYS``, then one per concept;
        ``edition`` and ``respondent`` point to a row of ``respondents``. Where a file said
        which records are complete, both tables have a column ``completed``. A respondent below
        zero stands for somebody whose number no file gave. ``record_key`` is a secret number
        of 64 bits of each record: published counts are perturbed by it.
    codebook
        What every concept means in every edition.
    issues
        What could not be recovered: edition, file, line, column, code, message, answers touched.
    repairs
        What was put right: edition, file, line, column, before, after, rule.
    provenance
        Files read and steps taken.
    flags
        Single answers that must not be trusted: edition, unit, id, concept (``"*"`` for the
        whole record) and reason.
    counts
        Per file: records read, kept, and excluded by reason; they add up.
    identified
        Whether names, addresses and organizations stand here in clear; else pseudonyms do.
    same_clouds
        Pairs of deployments that colleagues described of one cloud, with the evidence; the
        column ``cloud`` of ``deployments`` is the same for both.
    carry_overs
        Blocks of answers that stand unchanged against an earlier edition, with the evidence:
        see ``CARRY_OVER_COLUMNS``. Records that are exact copies and that nobody touched are
        ``copied`` in both tables.
    copies_count, clouds_once
        What estimates count; see :meth:`with_copies` and :meth:`one_per_cloud`. By default
        exact copies do not count, and every description of a cloud does.
    recoded
        Answers that were changed on request, as :func:`fold_write_ins` does: edition, unit, id,
        concept, the concept that it was recoded from, answer before and after, and rule.
    presence
        Which questions, choices and rows the files had no column for: see :meth:`available`.
    selected, whole
        What was selected, in words, and the answers that it was selected from: see
        :meth:`where`.

    Notes
    -----
    Types by kind of question: single choice and country are ``category`` columns of labels
    (ordered where the choices are bands); multiple response, ranking, matrix and countries
    are :class:`~survey.responses.answer_set.AnswerSetArray`; a check box is ``boolean``; text
    is text. Nothing answered is missing, whatever the kind.

    ``answers["compute_cores"]`` and ``answers[["a", "b"]]`` are columns, ``answers.questions``
    and ``answers.find("hyper")`` frames of questions, ``answers.one_hot(...)`` and
    ``answers.long(...)`` the answers to one question; ``len(answers)`` counts respondents.

    Examples
    --------
    >>> answers = clean(read_export("export.csv"))  # doctest: +SKIP
    >>> answers.editions, len(answers)  # doctest: +SKIP
    (('2024',), 435)
    """

    respondents: pd.DataFrame
    deployments: pd.DataFrame
    codebook: Codebook
    issues: pd.DataFrame
    repairs: pd.DataFrame
    provenance: Provenance
    flags: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FLAG_COLUMNS)))
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    identified: bool = False
    same_clouds: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(SAME_CLOUD_COLUMNS))
    )
    carry_overs: pd.DataFrame = field(default_factory=no_carry_overs)
    copies_count: bool = False
    clouds_once: bool = False
    recoded: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(RECODED_COLUMNS))
    )
    presence: Presence = field(default_factory=Presence)
    selected: tuple[str, ...] = ()
    whole: Responses | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy holds: not what was worked out, which it works out for itself."""
        return {name: value for name, value in vars(self).items() if name not in _WORKED_OUT}

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What was worked out from the tables before and holds for as long as these do.

        The tables are not changed in place: :meth:`where` and ``dataclasses.replace`` give
        answers of their own, which remember nothing yet.
        """
        return {}

    @property
    def vocabulary(self) -> Vocabulary:
        """What the survey calls those who answered and what they described."""
        newest = self.codebook.editions.get(self.editions[-1]) if self.editions else None
        return newest.vocabulary if newest else OPENSTACK

    @checked(ResponsesError)
    def with_frame(self, unit: Unit, frame: pd.DataFrame) -> Responses:
        """Return a copy in which ``frame`` is the table with one row per ``unit``."""
        if unit is Unit.DEPLOYMENT:
            return replace(self, deployments=frame)
        return replace(self, respondents=frame)

    @checked(ResponsesError)
    def in_edition(self, *names: str) -> Responses:
        """Return the answers of some editions, with the repairs and issues of their files.

        Raises
        ------
        ResponsesError
            If an edition is not among the present ones.
        """
        absent = [name for name in names if name not in self.editions]
        if absent:
            problems = [
                Problem(
                    "in_edition()",
                    repr(name),
                    f"one of {', '.join(self.editions)}",
                    did_you_mean(name, self.editions),
                )
                for name in absent
            ]
            raise ResponsesError("Unknown edition", problems)
        if set(names) == set(self.editions):
            return self
        found = self._in_editions.get(names)
        if found is None:
            found = self._in_editions[names] = self._of_editions(names)
        return found

    @cached_property
    def _in_editions(self) -> _StillHeld:
        """Answers of some editions that somebody still holds, and what these remember."""
        return _StillHeld()

    def _of_editions(self, names: tuple[str, ...]) -> Responses:
        people = self.respondents["edition"].astype(str).isin(names).to_numpy()
        chosen = self._keeping({Unit.RESPONDENT: people})
        whole = None if self.whole is None else self.whole.in_edition(*names)
        provenance = replace(chosen.provenance, codebook=tuple(names))
        return replace(chosen, provenance=provenance, whole=whole, **self._logs_of(names))

    def _logs_of(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Return what was noted of some editions; what names no edition is kept."""
        logs = {"issues": self.issues, "repairs": self.repairs}
        kept: dict[str, Any] = {}
        here, elsewhere = set(), set()
        for name, log in logs.items():
            if "edition" not in log:
                continue
            own = log["edition"].isin([*names, ""])
            here |= set(log.loc[own, "file"])
            elsewhere |= set(log.loc[~own, "file"])
            kept[name] = log[own].reset_index(drop=True)
        counts = {f: n for f, n in self.counts.items() if f in here or f not in elsewhere}
        return {**kept, "counts": counts}

    @checked(ResponsesError)
    def where(
        self,
        mask: Mask | None = None,
        *,
        unit: Unit | str | None = None,
        label: str | None = None,
        **conditions: object,
    ) -> Responses:
        """Return a selection: the records for which a mask or conditions hold.

        A selection is a domain of the whole survey: intervals are those of R's ``subset()`` of
        a design, in which organizations without a selected record count as such, and the same
        as in a table of groups (``by=``).

        Parameters
        ----------
        mask
            Truth values, one per row of :attr:`deployments` or of :attr:`respondents`, or a
            function that makes them from such a table (of deployments, unless ``unit`` says
            otherwise). Missing ones are false.
        unit
            Whose rows ``mask`` selects, where both tables have as many.
        label
            What was selected, in words for titles and notes.
        conditions
            Concept (or ``edition``) -> an answer, or several of which one is enough.

        Returns
        -------
        Responses
            Of respondents left out the deployments go, too; where deployments are selected, all
            respondents stay.

        Raises
        ------
        ResponsesError
            If the mask does not consist of truth values, or belongs to neither table or to
            both; if a concept or an answer is unknown; all are listed.

        Examples
        --------
        >>> answers.where(edition="2024", hypervisors=["KVM", "QEMU"])  # doctest: +SKIP
        """
        found = selecting.rows_where(self, conditions)
        if mask is not None:
            table = None if unit is None else named_unit(unit)
            whose, flags = selecting.table_of_mask(self, mask, table)
            found[whose] = found.get(whose, np.ones(len(flags), dtype=bool)) & flags
        words = [label or "some records"] if mask is not None or label else []
        if conditions and not label:
            words.append(selecting.condition_words(self, conditions))
        kept = self._keeping(found)
        return replace(kept, selected=(*self.selected, *words), whole=self.whole or self)

    def _keeping(self, found: Mapping[Unit, npt.NDArray[np.bool_]]) -> Responses:
        """Return the chosen rows of either table, and the deployments of chosen respondents."""
        people = found.get(Unit.RESPONDENT, np.ones(len(self.respondents), dtype=bool))
        clouds = found.get(Unit.DEPLOYMENT, np.ones(len(self.deployments), dtype=bool))
        clouds = clouds & people[self.respondent_rows]
        return replace(
            self,
            respondents=self.respondents[people].reset_index(drop=True),
            deployments=self.deployments[clouds].reset_index(drop=True),
            provenance=self.provenance.then("selected"),
        )

    def with_copies(self) -> Responses:
        """Return the same answers; estimates from them count exact copies, too.

        Exact copies are records that the survey system filled with an earlier edition's answers
        and that nobody touched: :attr:`carry_overs` shows them. By default they do not count.
        Answers that stand unchanged in a record which somebody went through always do.

        Examples
        --------
        >>> share(answers.with_copies(), "deployment_stage")  # doctest: +SKIP
        """
        return self._counting(copies=True, once=self.clouds_once)

    def without_copies(self) -> Responses:
        """Return the same answers; estimates from them leave exact copies out (the default)."""
        return self._counting(copies=False, once=self.clouds_once)

    def one_per_cloud(self) -> Responses:
        """Return the same answers; in estimates from them each cloud has one voice per edition.

        Of several descriptions of one cloud by colleagues (:attr:`same_clouds`) one counts as a
        whole: rather one that is no exact copy, then the one with most answers, then the one
        changed last, then the one with the lowest number. Statistics of respondents are the
        same as without. By default every description counts.

        Examples
        --------
        >>> share(answers.one_per_cloud(), "hypervisors")  # doctest: +SKIP
        """
        return self._counting(copies=self.copies_count, once=True)

    def every_description(self) -> Responses:
        """Return the same answers; every description of a cloud counts (the default)."""
        return self._counting(copies=self.copies_count, once=False)

    @cached_property
    def voices(self) -> npt.NDArray[np.bool_]:
        """Which deployments speak for their cloud where each cloud has one voice."""
        edited = None
        if "edited" in self.respondents:
            edited = self.respondents["edited"].to_numpy()[self.respondent_rows]
        return one_voice(self.deployments, edited)

    def _counting(self, *, copies: bool, once: bool) -> Responses:
        ways = {WITH_COPIES: copies, ONE_PER_CLOUD: once}
        steps = tuple(step for step in self.provenance.steps if step not in ways)
        steps += tuple(way for way, taken in ways.items() if taken)
        provenance = replace(self.provenance, steps=steps)
        return replace(self, copies_count=copies, clouds_once=once, provenance=provenance)
