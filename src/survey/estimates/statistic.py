"""What a statistic says of itself: everything that other rooms must know to use its tables.

A statistic is one record beside its verb. View, workbook, CSV, JSON, charts, disclosure and
sensitivity read the record and know no statistic by name. The internal number and the public
one are the same function ``point`` of a tabulation: of true counts the one, of perturbed
counts the other. A statistic without ``public`` is internal only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.estimates.design import Design
from survey.estimates.precision.imprecision import judge_interval, too_few
from survey.estimates.precision.intervals import Limits
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.counting import Behind
from survey.estimates.tidy import Measure, TidyTable

__all__ = [
    "Arguments",
    "Column",
    "CountedOnce",
    "Noise",
    "Public",
    "Role",
    "Statistic",
]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
GroupLabels = Collection[tuple[str, ...]]
Printed = Mapping[str, Floats]
"""Columns of numbers as a publication prints them."""


class Role(StrEnum):
    """What a column tells, hence who may see it and how it prints."""

    COUNT = "count"  # units
    BASE = "base"  # units that could have counted
    NUMBER = "number"  # a further number, in the unit of the value
    SHARE = "share"  # a fraction
    BOUND = "bound"  # an end of what is certain or likely, in the unit of the value
    DIAGNOSTIC = "diagnostic"  # of the estimate, for those who judge it; never public
    P_VALUE = "p-value"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column beyond the core ones.

    Attributes
    ----------
    role
        What it tells.
    heading
        Its heading for readers.
    public
        Whether it can stand in a publication: ``point`` gives it from perturbed counts.
    own_words
        Of a text, whether the statistic words it; others are labels of the codebook.
    """

    role: Role
    heading: str
    public: bool = False
    own_words: bool = False


class CountedOnce(NamedTuple):
    """The counts of a statistic by a design, from which its tabulation is made again."""

    statistic: Statistic
    design: Design
    table: Tabulation
    behind: Behind


@dataclass(frozen=True, eq=False)
class Arguments:
    """What a verb was asked, beside the design: a question, groups, and options by name.

    ``counted`` is what was counted for it, where that is kept.
    """

    concept: str
    by: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    counted: CountedOnce | None = field(default=None, repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.options.get(name)


@dataclass(frozen=True)
class Noise:
    """What a public interval has to allow for, beside the counts.

    Attributes
    ----------
    variance
        Variance of the noise of one perturbed count; a number, or groups x answers.
    design_effect
        Factor by which clusters and weights inflate the variance of a share.
    level
        Confidence level.
    chances
        Chance of each shift of a count, true counts from 0 x shifts around 0; counts beyond the
        last row have its chances. ``None`` where nothing is known of it.
    """

    variance: float | npt.NDArray[np.float64]
    design_effect: float
    level: float = 0.95
    chances: npt.NDArray[np.float64] | None = None


def _as_published(table: Tabulation, noise: Noise) -> Tabulation:
    return table


def _by_size(printed: Printed, effective: Floats) -> Flags:
    """Return where too few answered, or where a limit is missing since a band is open."""
    few = too_few(_fewest(printed), effective, np.inf) > 0
    return np.asarray(few | ~(np.isfinite(printed["low"]) & np.isfinite(printed["high"])))


def _shares_by_interval(printed: Printed, effective: Floats) -> Flags:
    return judge_interval(printed["low"], printed["high"], _fewest(printed), effective) > 0


def _fewest(printed: Printed) -> Floats:
    """Return the base; of a change, that of the edition where it is smaller."""
    return np.fmin(printed["base"], printed.get("earlier_base", printed["base"]))


def _nothing_further(
    point: Point, limits: Limits, arguments: Arguments, noise: Noise
) -> Mapping[str, npt.NDArray[Any]]:
    return {}


@dataclass(frozen=True)
class Public:
    """How the interval of a public number follows from perturbed counts.

    Attributes
    ----------
    limits
        From a tabulation with perturbed counts, the arguments and the noise to the limits of
        the values of ``point``.
    further
        Further public columns that values and limits determine, such as verdicts in words. Rows
        that are not printed have no limits.
    expected
        From a tabulation with perturbed counts to the one that ``point`` is computed from: where
        few answers decide, what is expected of the true counts. By default the perturbed ones.
    imprecise
        From the columns as they are printed, and how many units they are worth at the design
        effect of the question, to whether a value is imprecise. By default shares are judged by
        their interval, other numbers by how many answered.
    """

    limits: Callable[[Tabulation, Arguments, Noise], Limits]
    further: Callable[[Point, Limits, Arguments, Noise], Mapping[str, npt.NDArray[Any]]] = (
        _nothing_further
    )
    expected: Callable[[Tabulation, Noise], Tabulation] = _as_published
    imprecise: Callable[[Printed, Floats], Flags] | None = None

    def judged(self, measure: Measure, printed: Printed, effective: Floats) -> Flags:
        """Return which published values are imprecise."""
        usual = _shares_by_interval if measure is Measure.SHARE else _by_size
        return (self.imprecise or usual)(printed, effective)


def _not_counted(*_: object) -> NoReturn:
    raise ValueError("a model of single records has no tabulation")


@dataclass(frozen=True, eq=False)
class Statistic:
    """A statistic as its verb declares it.

    Attributes
    ----------
    name
        Name of the verb.
    measure
        What its values are, hence how they print.
    columns
        Columns beyond the core ones.
    tabulate
        Counts what the statistic is computed from: one tabulation, or several whose rows
        follow each other. A model of single records, which is internal, has nothing to count.
    point
        The numbers, from a tabulation: a pure function of counts and arguments.
    public
        How the public interval is computed; ``None`` for what is internal only.
    ask_again
        The verb, asked with a design and arguments.
    ask_values
        The same for who reads the core columns of some groups alone (each a tuple of labels), where
        that is quicker; else ``None``. Rows of other groups can lack their values.
    calculates
        What its rows are called where they are no answers of the question, such as ``median``: a
        regular expression. Publications refuse labels that neither it nor the codebook knows.
    called
        What readers call it, where that is not the name of the verb.
    heading
        What its values are called above a column, where the measure and what is counted do not
        say it.
    about_answers
        Whether its interval is about those that answered, rather than about another sample.
    varies
        Which decisions behind a table a sensitivity card can change: ``base``, ``unit``,
        ``largest`` (without the largest answer), ``model`` (family and open band); ``None``
        where no card is made.
    """

    name: str
    measure: Measure
    columns: Mapping[str, Column]
    ask_again: Callable[[Design, Arguments], TidyTable]
    tabulate: Callable[[Design, Arguments], tuple[Tabulation, ...]] = _not_counted
    point: Callable[[Tabulation, Arguments], Point] = _not_counted
    public: Public | None = None
    calculates: str = ""
    called: str = ""
    heading: str = ""
    about_answers: bool = False
    varies: tuple[str, ...] | None = None
    ask_values: Callable[[Design, Arguments, GroupLabels], TidyTable] | None = None

    def of_role(self, role: Role) -> tuple[str, ...]:
        """Return the names of the columns with a role."""
        return tuple(name for name, column in self.columns.items() if column.role is role)

    @property
    def public_columns(self) -> tuple[str, ...]:
        """Names of the columns beyond the core ones that a publication can show."""
        return tuple(name for name, column in self.columns.items() if column.public)


EFFECTIVE: Final = Column(Role.DIAGNOSTIC, "effective number of units")
DESIGN_EFFECT: Final = Column(Role.DIAGNOSTIC, "design effect")
CLUSTERS: Final = Column(Role.DIAGNOSTIC, "clusters")
STANDARD_ERROR: Final = Column(Role.DIAGNOSTIC, "standard error")
RULE: Final = Column(Role.TEXT, "imprecise because")
REVIEW: Final = Column(Role.TEXT, "check")
ASKED: Final = Column(Role.BASE, "asked")
DECLINED: Final = Column(Role.COUNT, "declined or did not know")
WEIGHTED_BASE: Final = Column(Role.DIAGNOSTIC, "weighted base")
VERDICT: Final = Column(Role.TEXT, "verdict", own_words=True)
P_VALUE: Final = Column(Role.P_VALUE, "p-value")
ADJUSTED_P_VALUE: Final = Column(Role.P_VALUE, "p-value, adjusted for the number of tests")
