"""Responses as a person reads them: who answered, about what, and what to watch."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from survey.responses.two_tables import TwoTables

__all__ = ["as_html", "as_text", "summary"]


def summary(answers: TwoTables) -> pd.DataFrame:
    """Return one row per edition: respondents, deployments, organizations, copies, issues."""
    respondents, deployments = answers.respondents, answers.deployments
    rows: list[dict[str, Any]] = []
    for edition in answers.editions:
        here = respondents[respondents["edition"].astype(str) == edition]
        clouds = deployments[deployments["edition"].astype(str) == edition]
        rows.append(
            {
                "edition": edition,
                "respondents": len(here),
                "deployments": len(clouds),
                "organizations": here["organization"].nunique(),
                "copied respondents": int(here["copied"].sum()),
                "copied deployments": int(clouds["copied"].sum()),
                "doubtful answers": int((answers.flags["edition"] == edition).sum()),
            }
        )
    return pd.DataFrame(rows)


def as_text(answers: TwoTables) -> str:
    """Return a few lines for a terminal."""
    lines = [f"Responses: {_sources(answers)}", summary(answers).to_string(index=False)]
    return "\n".join((*lines, _log(answers)))


def as_html(answers: TwoTables) -> str:
    """Return a small table for a notebook, everything escaped."""
    table = summary(answers).to_html(index=False, border=0)
    return (
        f"<div><p><strong>Responses</strong> &middot; {escape(_sources(answers))}</p>{table}"
        f"<p><small>{escape(_log(answers))}</small></p></div>"
    )


def _sources(answers: TwoTables) -> str:
    count = len(answers.counts) or len(answers.provenance.sources)
    invented = ", invented answers" if answers.provenance.invented else ""
    return f"{count} file{'s' * (count != 1)}{invented}"


def _log(answers: TwoTables) -> str:
    private = "in clear" if answers.identified else "as pseudonyms"
    return (
        f"{len(answers.concepts)} concepts (answers.concepts), {len(answers.repairs):,} repairs "
        f"(answers.repairs), {len(answers.issues):,} issues (answers.issues); "
        f"names and organizations {private}"
    )
