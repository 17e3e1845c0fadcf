"""Put the answers of several editions under each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import Problem, ResponsesError
from survey.provenance import POOLED, Provenance
from survey.responses.carried import carry_overs, with_copies_marked
from survey.responses.presence import Presence
from survey.responses.responses import Responses
from survey.responses.stacking import stacked

__all__ = ["pool"]


@checked(ResponsesError)
def pool(parts: Iterable[Responses]) -> Responses:
    """Return the answers of several editions as one.

    A question keeps one column through all editions that ask it; an edition that does not has
    missing answers there. An option keeps its label; options of all editions are united. What
    stands unchanged from one edition to a later one is found, and copies that nobody touched
    are marked (:attr:`Responses.carry_overs`): accounts are the same only under the same key.

    Parameters
    ----------
    parts
        Answers of different editions, in any order.

    Raises
    ------
    ResponsesError
        If there is nothing to pool, or an edition comes twice.

    Examples
    --------
    >>> both = pool([answers_2018, answers_2019])  # doctest: +SKIP
    >>> both.editions  # doctest: +SKIP
    ('2018', '2019')
    """
    given = tuple(parts)
    _refuse_overlap(given)
    if len(given) == 1:
        return given[0]
    ordered = sorted(given, key=lambda part: list(part.codebook.editions).index(part.editions[0]))
    respondents = stacked([part.frame(Unit.RESPONDENT) for part in ordered])
    deployments = stacked([part.frame(Unit.DEPLOYMENT) for part in ordered])
    flags = pd.concat([part.flags for part in ordered], ignore_index=True)
    carried = carry_overs(respondents, deployments, ordered[-1].codebook, flags)
    return Responses(
        with_copies_marked(respondents, carried),
        with_copies_marked(deployments, carried),
        ordered[-1].codebook,
        pd.concat([part.issues for part in ordered], ignore_index=True),
        pd.concat([part.repairs for part in ordered], ignore_index=True),
        Provenance().merge(*(part.provenance for part in ordered)).then(POOLED),
        flags,
        {file: counts for part in ordered for file, counts in part.counts.items()},
        all(part.identified for part in ordered),
        same_clouds=pd.concat([part.same_clouds for part in ordered], ignore_index=True),
        carry_overs=carried,
        copies_count=all(part.copies_count for part in ordered),
        clouds_once=all(part.clouds_once for part in ordered),
        recoded=pd.concat([part.recoded for part in ordered], ignore_index=True),
        presence=Presence().merge(part.presence for part in ordered),
    )


def _refuse_overlap(parts: Sequence[Responses]) -> None:
    names = [name for part in parts for name in part.editions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not names or twice:
        got = f"edition {', '.join(twice)} more than once" if twice else "no answers"
        hint = "clean all exports of an edition together: survey.clean([first, second])"
        raise ResponsesError(
            "Cannot pool", [Problem("pool()", got, "answers of different editions", hint)]
        )
