"""Consent to be named: which organizations said that their deployment may be published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.errors import Problem, ResponsesError
from survey.responses.responses import Responses

__all__ = ["may_be_named"]

_CONSENT, _YES = "is_public", "Public"


@checked(ResponsesError)
def may_be_named(answers: Responses) -> pd.DataFrame:
    """Return who consented, in each edition, to have details of a deployment published.

    Consent holds for its edition. Where it was carried over from an earlier edition's answers and
    nobody touched the record, a person must ask again. What was left blank is no consent.

    Parameters
    ----------
    answers
        Answers in clear: ``clean(exports, identified=True)``.

    Returns
    -------
    pandas.DataFrame
        ``edition``, ``organization`` (its name), ``deployment`` and ``carried_over``. It is for
        staff, not for publishing.

    Raises
    ------
    ResponsesError
        If the answers hold pseudonyms in place of names.
    """
    if not answers.identified:
        problem = Problem(
            "may_be_named()",
            "answers with pseudonyms",
            "answers in clear",
            "clean the exports with identified=True; keep the result where only staff can read it",
        )
        raise ResponsesError("Nobody can be named", [problem])
    clouds = answers.deployments
    if _CONSENT not in clouds or "organization_name" not in answers.respondents:
        return pd.DataFrame(columns=["edition", "organization", "deployment", "carried_over"])
    consented = clouds[_CONSENT].astype(object).eq(_YES).to_numpy(dtype=bool)
    own = answers.carry_overs
    carried = own.loc[own["unit"] == "deployment", ["edition", "id"]]
    copies = set(carried.itertuples(index=False, name=None))
    names = answers.respondents.set_index(["edition", "respondent"])["organization_name"]
    keys = pd.MultiIndex.from_frame(clouds[["edition", "respondent"]])
    found = pd.DataFrame(
        {
            "edition": clouds["edition"].astype(str),
            "organization": names.reindex(keys).to_numpy(),
            "deployment": clouds["deployment"].to_numpy(),
            "carried_over": clouds["copied"].to_numpy(dtype=bool)
            | np.array(
                [
                    pair in copies
                    for pair in zip(clouds["edition"], clouds["deployment"], strict=True)
                ],
                dtype=bool,
            ),
        }
    )[consented]
    named = found[found["organization"].notna()]
    return named.sort_values(["edition", "organization", "deployment"], ignore_index=True)
