"""Who came back: which clouds of an edition have an organization that took part in a later one.

Source
------
Kalton, G. and Brick, J. M. (2000). Weighting in household panel surveys. In Rose, D. (ed.),
    Researching Social and Economic Change. Routledge. (Adjustment cells for attrition.)
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.change.attrition import refuse_cells_that_left
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import names, require
from survey.estimates.design.editions import edition_problems
from survey.estimates.design.weights import Weights
from survey.estimates.notes import notes_on
from survey.estimates.precision.precision import METHODS
from survey.estimates.precision.public_limits import limits_of_shares
from survey.estimates.shares.share import SHARE, Answered, count_answers, point_of_shares
from survey.estimates.statistic import Arguments, Public, Statistic
from survey.estimates.table import Estimates, Measure
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.grouping import group_by
from survey.responses import Responses

__all__ = ["returner_weights", "returners"]

CAME_BACK: Final = "came_back"
_LABELS: Final = MappingProxyType({True: "Came back", False: "Did not come back"})


@checked(EstimateError)
def returners(
    answers: Responses | Design,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return which part of the clouds of an edition have an organization that came back.

    Parameters
    ----------
    answers
        Typed answers of at least the two editions, or a design of them.
    earlier, later
        The two editions.
    by
        Groups, by what was answered in the earlier edition: size, region, stage.
    options
        As in :func:`share`.

    Returns
    -------
    Estimates
        As from :func:`share`, with the answers "Came back" and "Did not come back".

    Raises
    ------
    EstimateError
        If an edition is not there, or an option is not what it should be.

    Notes
    -----
    An organization came back if it described a cloud of its own in the later edition; records that
    were carried over and never edited do not count. Clouds without an organization cannot be
    followed and are left out. A difference between groups says that those who stay differ from
    those who leave; why they left the answers cannot tell. A publication computes it from
    perturbed counts.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = returners(answers(), "2018", "2019", by="deployment_stage")
    >>> table.frame[["deployment_stage", "answer", "count", "base"]].head(1).values.tolist()
    [['Production', 'Came back', 13, 16]]
    """
    design = design_of(answers, **options)
    require("Cannot follow organizations", edition_problems(design.answers, earlier, later))
    kept = {"earlier": earlier, "later": later}
    arguments = Arguments(CAME_BACK, names("by", by), MappingProxyType(kept))
    counted = _counted(design, arguments)
    return table_of(
        RETURNERS,
        design,
        arguments,
        counted.asked,
        counted.frame(arguments),
        names=counted.counted.grouping.names,
        title=f"Clouds of {earlier} whose organization took part in {later}",
        method=METHODS["auto"],
        notes=(
            f"An organization came back if it described a cloud in {later}; untouched copies of "
            "earlier answers do not count, and clouds without an organization are left out.",
            *notes_on(counted.counted, counted.asked, CAME_BACK, design.cluster),
        ),
    )


@checked(EstimateError)
def returner_weights(
    answers: Responses | Design, earlier: str, later: str, by: str | Sequence[str]
) -> Weights:
    """Return weights under which clouds that came back stand for all clouds of their group.

    Parameters
    ----------
    answers
        Typed answers of at least the two editions, or a design of them.
    earlier, later
        The two editions.
    by
        What the earlier edition says about who comes back, with one answer per cloud.

    Returns
    -------
    Weights
        Of the clouds, in both editions, of organizations that came back: the number of earlier
        clouds of a group over the number of those whose organization came back, averaged over the
        clouds of an organization. For :func:`transitions` and other tables of returners.

    Raises
    ------
    EstimateError
        If nobody of a group came back, or ``by`` has several answers.

    Notes
    -----
    Assumes that within a group those who left are like those who stayed. Standard errors take
    the weights as given.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> returner_weights(answers(), "2018", "2019", by="deployment_stage").method
    'attrition since 2018 by deployment_stage'
    """
    design = design_of(answers)
    require("Cannot follow organizations", edition_problems(design.answers, earlier, later))
    marked = _marked(design, earlier, later)
    asked = design.on(marked).asked((CAME_BACK,), names("by", by))
    sample = design.on(marked).sample(asked)
    grouping = group_by(sample, by)
    if grouping.stacked:
        problem = Problem("by", repr(grouping.stacked[0]), "a question with one answer per cloud")
        raise EstimateError("Cannot weight for attrition", [problem])
    back = sample.pick((marked.deployments[CAME_BACK] == _LABELS[True]).to_numpy(dtype=bool))
    code, many = grouping.groups.code, grouping.groups.count
    whole = np.bincount(code[code >= 0], minlength=many).astype(np.float64)
    stayed = np.bincount(code[(code >= 0) & back], minlength=many).astype(np.float64)
    refuse_cells_that_left(grouping.tuples(), whole, stayed)
    unknown = whole.sum() / max(stayed.sum(), 1.0)  # as those whose group is known, on average
    own = np.append(np.divide(whole, stayed, out=np.ones(many), where=stayed > 0), unknown)[code]
    organization = sample.pick(marked.deployments["organization"].astype(object).to_numpy())
    mean = pd.Series(own[back]).groupby(organization[back]).mean()
    method = f"attrition since {earlier} by {', '.join(names('by', by))}"
    return _weights(design.answers, mean, (earlier, later), method)


def _marked(design: Design, earlier: str, later: str) -> Responses:
    """Return the earlier answers of named organizations, with whether each came back."""
    answers = design.answers
    frame = answers.deployments
    edition = frame["edition"].astype(str)
    copied = frame["copied"].to_numpy(dtype=bool, na_value=False)
    fresh = np.ones(len(frame), dtype=bool) if design.include_carried_over else ~copied
    came = set(frame["organization"][(edition == later) & fresh].dropna())
    own = answers.in_edition(earlier)
    own = own.where(own.deployments["organization"].notna(), unit=Unit.DEPLOYMENT)
    back = own.deployments["organization"].isin(came)
    return own.derive(
        CAME_BACK, back.astype(object), labels=_LABELS, title="Came back", unit=Unit.DEPLOYMENT
    )


def _weights(
    answers: Responses, mean: pd.Series[float], editions: tuple[str, str], method: str
) -> Weights:
    """Return the weight of each organization for all its clouds in two editions."""
    frame = answers.deployments
    inside = frame["edition"].astype(str).isin(editions) & frame["organization"].isin(mean.index)
    kept = frame[inside]
    index = pd.MultiIndex.from_frame(kept[["edition", "deployment"]].astype(str))
    found = kept["organization"].astype(object).map(mean)
    values = pd.Series(found.to_numpy(dtype=np.float64), index=index)
    return Weights(values / values.mean(), Unit.DEPLOYMENT, method, pd.DataFrame())


def _counted(design: Design, arguments: Arguments) -> Answered:
    """Count who came back, by the groups that are asked for."""
    marked = _marked(design, arguments["earlier"], arguments["later"])
    usual = {"items": None, "nets": None, "top": None, "interval": "auto"}
    return count_answers(
        design.on(marked), Arguments(CAME_BACK, arguments.by, MappingProxyType(usual))
    )


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    return (_counted(design, arguments).tabulation(),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    options = arguments.options
    return returners(design, options["earlier"], options["later"], arguments.by)


RETURNERS: Final = Statistic(
    name="returners",
    measure=Measure.SHARE,
    columns=SHARE.columns,
    tabulate=_tabulate,
    point=point_of_shares,
    ask_again=_ask_again,
    public=Public(limits_of_shares),
    calculates="|".join(_LABELS.values()),
)
