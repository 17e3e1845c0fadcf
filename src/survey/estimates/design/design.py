"""The design of a sample, said once: what ``svydesign`` is in R's ``survey``.

A verb takes answers or a design made from them; keywords of a verb that belong to the design
change it for that one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.arguments import Asked, ask
from survey.estimates.design.checks import fraction, number
from survey.estimates.design.sample import Sample, draw
from survey.estimates.design.strata_of import strata_of_clusters
from survey.estimates.design.weights import Weights, weight_of
from survey.estimates.tidy import Base
from survey.responses import Responses

__all__ = ["Design", "DesignOptions", "design", "design_of"]


class DesignOptions(TypedDict, total=False):
    """What :func:`design` takes by keyword, and every verb with it."""

    unit: Unit | str | None
    base: Base | str
    cluster: str | None
    weights: Weights | str | None
    strata: str | None
    fpc: str | float | None
    include_carried_over: bool
    one_per_cloud: bool
    level: float
    copies: bool  # the former name of include_carried_over


@dataclass(frozen=True, eq=False, repr=False)
class Design:
    """Answers, and who among them counts how; made by :func:`design`.

    Attributes
    ----------
    answers
        Typed answers of one or several editions.
    unit
        What is counted; ``None`` for what each question is about.
    base
        Who counts in the denominator.
    cluster
        Column whose units are not independent; ``None`` if all are.
    weights
        Weights from :func:`rake` or :func:`poststratify`, or the name of a column; ``None`` for 1.
    strata
        Column of the strata that clusters were chosen from; ``None`` for one.
    fpc
        Number of clusters in the population, or the column that has it for each stratum;
        ``None`` for a population without end.
    include_carried_over
        Whether records count that were pre-filled from an earlier edition and never edited.
    one_per_cloud
        Whether one description of each cloud counts where colleagues described the same one.
    level
        Confidence level of intervals.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> Design(answers()).but(level=0.9).level
    0.9
    """

    answers: Responses
    unit: Unit | None = None
    base: Base = Base.ANSWERED
    cluster: str | None = "organization"
    weights: Weights | str | None = None
    strata: str | None = None
    fpc: str | float | None = None
    include_carried_over: bool = False
    one_per_cloud: bool = False
    level: float = 0.95

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self.options().items()]
        return f"<Design of {self.answers!r}: {', '.join(parts) or 'the default'}>"

    @property
    def counts_clouds_once(self) -> bool:
        """Whether each cloud counts once, by this design or already by its answers."""
        return self.one_per_cloud or self.answers.clouds_once

    def options(self) -> dict[str, Any]:
        """Return what differs from the default design, by name."""
        return dict(self._options)

    @cached_property
    def _options(self) -> dict[str, Any]:
        plain = Design(self.answers)
        named = {name: getattr(self, name) for name in Design.__annotations__ if name != "answers"}
        return {name: value for name, value in named.items() if value is not getattr(plain, name)}

    def spoken(self) -> dict[str, Any]:
        """Return what a table's :class:`Spec` says of the design beside unit, base and level."""
        return {
            "cluster": self.cluster,
            "copies": self.include_carried_over,
            "weights": self.weights,
            **{name: self._options[name] for name in ("strata", "fpc") if name in self._options},
        }

    def but(self, **options: Unpack[DesignOptions]) -> Design:
        """Return a copy with other options.

        Raises
        ------
        EstimateError
            If an option is unknown or not what it should be; all are listed.
        """
        return replace(self, **_checked(options)) if options else self

    @checked(EstimateError)
    def only(self, *names: str) -> Design:
        """Return the design, of which a statistic uses some options alone.

        Raises
        ------
        EstimateError
            If another option was given; all are listed.
        """
        problems = [
            Problem(name, repr(value), f"nothing here but {' and '.join(names)}", "leave it out")
            for name, value in self.options().items()
            if name not in names
        ]
        if problems:
            raise EstimateError("Organizations are followed one by one", problems)
        return self

    @checked(EstimateError)
    def on(self, answers: Responses) -> Design:
        """Return the same design of other answers."""
        return replace(self, answers=answers)

    def asked(
        self,
        concepts: Sequence[str],
        by: str | Sequence[str] | None = None,
        *,
        answered: bool = False,
    ) -> Asked:
        """Return the unit, the table whose rows are read, and the base of some questions.

        Parameters
        ----------
        concepts, by
            The questions, and the groups.
        answered
            Whether the statistic can only be of those who answered.

        Raises
        ------
        EstimateError
            If the base is another one, or a question is unknown.
        """
        if answered and self.base is not Base.ANSWERED:
            problem = Problem("base", repr(self.base.value), "'answered'", "leave the base out")
            raise EstimateError("Who gave no answer has no number here", [problem])
        return ask(
            self.answers,
            concepts,
            by,
            unit=self.unit,
            base=self.base,
            level=self.level,
        )

    def sample(
        self, asked: Asked, editions: Sequence[str] | None = None, *, stratified: bool = False
    ) -> Sample:
        """Return the rows that count, of all editions or of some.

        Raises
        ------
        EstimateError
            If there are strata or a finite population, and the statistic does not know them.
        """

        def drawn(answers: Responses, *, copies: bool, once: bool) -> Sample:
            cluster = asked.cluster(self.cluster)
            return draw(
                answers, asked.rows, cluster=cluster, copies=copies, once=once, editions=editions
            )

        found = drawn(self.answers, copies=self.include_carried_over, once=self.one_per_cloud)
        if self.strata is None and self.fpc is None:
            return found
        if not stratified:
            got = f"strata={self.strata!r}, fpc={self.fpc!r}"
            hint = "share, nps, median, quantile, trend and compare know them"
            problem = Problem("design", got, "neither, for this statistic", hint)
            raise EstimateError("This statistic knows no strata", [problem])
        whole = found
        if self.answers.whole is not None:
            whole = drawn(self.answers.whole, copies=found.copies, once=self.counts_clouds_once)
        strata = strata_of_clusters(self.strata, self.fpc, found, whole)
        return replace(found, strata=strata)

    def weight(self, sample: Sample, asked: Asked) -> npt.NDArray[np.float64] | None:
        """Return the weight of each row that counts; ``None`` without weights."""
        return weight_of(sample, asked, self.weights)


@checked(EstimateError)
def design(  # noqa: PLR0913
    answers: Responses,
    *,
    unit: Unit | str | None = None,
    base: Base | str = Base.ANSWERED,
    cluster: str | None = "organization",
    weights: Weights | str | None = None,
    strata: str | None = None,
    fpc: str | float | None = None,
    include_carried_over: bool = False,
    one_per_cloud: bool = False,
    level: float = 0.95,
) -> Design:
    """Say who counts, and how, for all verbs at once.

    Parameters
    ----------
    answers
        Typed answers.
    unit
        What is counted: ``"respondent"``, ``"deployment"`` or ``"organization"``; by default
        the deployment if the question or a group is about deployments, else the respondent.
    base
        Who counts in the denominator: ``"answered"`` (the default), ``"asked"`` or ``"all"``.
    cluster
        Column whose units are not independent (``"organization"`` by default); ``None`` if all
        are.
    weights
        Weights from :func:`rake` or :func:`poststratify`; or the name of a column of the table,
        such as one that :meth:`Responses.attach` added. Deployments take a column of their
        respondents.
    strata
        Column of the strata that organizations were chosen from, where somebody chose them: the
        same for all rows of a cluster.
    fpc
        Finite population: the number of clusters in the population of each stratum, as a column
        or as one number. Leave it out where the list of all of them is not known.
    include_carried_over
        Whether records count that were pre-filled from an earlier edition and never edited.
    one_per_cloud
        Whether one description of each cloud counts where colleagues described the same one.
    level
        Confidence level of intervals; .95 by default.

    Returns
    -------
    Design
        Every verb takes it in place of the answers.

    Raises
    ------
    EstimateError
        If an option is not what it should be; all are listed.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> voices = design(answers(), unit="organization", level=0.9)
    >>> share(voices, "deployment_stage").spec.level
    0.9
    """
    return design_of(
        answers,
        unit=unit,
        base=base,
        cluster=cluster,
        weights=weights,
        strata=strata,
        fpc=fpc,
        include_carried_over=include_carried_over,
        one_per_cloud=one_per_cloud,
        level=level,
    )


def design_of(answers: Responses | Design, **options: Unpack[DesignOptions]) -> Design:
    """Return the design that a verb was given, or the default one of its answers.

    Raises
    ------
    EstimateError
        If it is neither, or an option is not what it should be.
    """
    if isinstance(answers, Design):
        return answers.but(**options)
    if isinstance(answers, Responses):
        return Design(answers).but(**options)
    problem = Problem(
        "answers",
        f"a {type(answers).__name__}",
        "answers from clean(), or a design of them",
        "read a file with read_export() and clean()",
    )
    raise EstimateError("There is nothing to estimate from", [problem])


_NAMES = tuple(name for name in DesignOptions.__annotations__ if name != "copies")


def _checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options in the types that a design holds; every wrong one is reported."""
    given = dict(options)
    if "copies" in given:
        given["include_carried_over"] = given.pop("copies")
    problems = [
        Problem(name, repr(given[name]), f"one of {', '.join(_NAMES)}", did_you_mean(name, _NAMES))
        for name in given
        if name not in _NAMES
    ]
    if given.get("unit") is not None:
        given["unit"] = _member("unit", Unit, given["unit"], problems)
    if "base" in given:
        given["base"] = _member("base", Base, given["base"], problems)
    problems += fraction("level", given.get("level", 0.95), 0.95)
    cluster = given.get("cluster")
    if not (cluster is None or isinstance(cluster, str)):
        problems.append(Problem("cluster", repr(cluster), "a column of the table, or None"))
    weights = given.get("weights")
    if not (weights is None or isinstance(weights, Weights | str)):
        wanted = "weights from rake() or poststratify(), or the name of a column"
        problems.append(Problem("weights", repr(weights), wanted))
    strata, fpc = given.get("strata"), given.get("fpc")
    if not (strata is None or isinstance(strata, str)):
        problems.append(Problem("strata", repr(strata), "the name of a column, or None"))
    if fpc is not None and not isinstance(fpc, str):
        wanted = "the name of a column, or the number of clusters in the population"
        problems += number("fpc", fpc, wanted, above=0)
    for name in ("include_carried_over", "one_per_cloud"):
        if not isinstance(given.get(name, False), bool | np.bool_):
            problems.append(Problem(name, repr(given[name]), "True or False"))
    if problems:
        raise EstimateError("Cannot count like this", problems)
    return given


def _member(name: str, kinds: Any, value: object, problems: list[Problem]) -> Any:
    known = [each.value for each in kinds]
    if value in known:
        return kinds(value)
    problems.append(
        Problem(name, repr(value), f"one of {', '.join(known)}", did_you_mean(str(value), known))
    )
    return value
