"""What was written in own words: how much of it options and codes explain."""

from __future__ import annotations

from survey.responses.coding.coverage import coverage
from survey.responses.quality.section import Section, Subject, in_brief, several

__all__ = ["own_words"]


def own_words(subject: Subject) -> Section:
    """Say how many write-ins and coded texts name a listed option, have a code, or neither."""
    found = coverage(subject.answers)
    table = found[found["edition"].astype(str).isin(subject.editions) & (found["texts"] > 0)]
    table = table.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)
    texts, unmatched = int(table["texts"].sum()), int(table["unmatched"].sum())
    says = "Nobody wrote anything beside the listed options."
    if texts:
        says = (
            f"Of {several(texts, 'text')} that were written beside the listed options, or are "
            f"coded, {unmatched:,} name no option and have no code: 'survey frame propose' "
            "drafts codes for them."
        )
    return Section(
        "own_words",
        "In own words",
        (says,),
        table,
        brief=in_brief(table, list(table.columns), 8),
        glance=("texts without an option or code", unmatched),
    )
