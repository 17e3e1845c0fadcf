"""What can hardly be right: records that contradict themselves, or the time of the answer."""

from __future__ import annotations

import pandas as pd

from survey.codebook import Unit
from survey.responses.plausibility import RULES, implausible
from survey.responses.quality.section import Section, Subject, several

__all__ = ["plausible"]


def plausible(subject: Subject) -> Section:
    """Say how many records break each rule of plausibility; none of them is left out."""
    answers = subject.answers
    found = implausible(answers)
    found = found[found["edition"].isin(subject.editions)]
    by_rule = found.groupby(["edition", "rule", "unit", "questions"], sort=False)["id"].nunique()
    counted = by_rule.reset_index(name="records")
    order = [rule.name for rule in RULES]
    counted = counted.sort_values(
        ["edition", "rule"], key=lambda c: c.map(order.index) if c.name == "rule" else c
    )
    table = pd.DataFrame(
        {
            "edition": counted["edition"],
            "rule": counted["rule"],
            "records": counted["records"],
            "of": [
                len(subject.rows(Unit(u), e))
                for e, u in zip(counted["edition"], counted["unit"], strict=True)
            ],
            "about": counted["unit"] + "s",
            "questions": counted["questions"],
        }
    ).reset_index(drop=True)
    records = len(found.drop_duplicates(["edition", "unit", "id"]))
    if not records:
        says = f"No record breaks any of {len(RULES)} rules: {', '.join(order)}."
    else:
        verb = "is" if records == 1 else "are"
        says = (
            f"{several(records, 'record')} {verb} implausible. They count; "
            "survey.responses.without_implausible(answers) leaves them out."
        )
    glance = ("implausible records", records)
    return Section("plausible", "Hardly plausible", (says,), table, glance=glance)
