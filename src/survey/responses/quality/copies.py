"""The same cloud twice, answers carried over, organizations: who is behind the records."""

from __future__ import annotations

import pandas as pd

from survey.codebook import Unit
from survey.responses.quality.section import Section, Subject, several

__all__ = ["carry_overs", "organizations", "same_clouds"]


def same_clouds(subject: Subject) -> Section:
    """Say which deployments describe the same cloud, with the evidence."""
    answers = subject.answers
    found = answers.same_clouds[answers.same_clouds["edition"].isin(subject.editions)]
    table = pd.DataFrame(
        {
            "edition": found["edition"],
            "deployment": found["deployment"],
            "colleagues": found["other"],
            "same_label": ["yes" if same else "no" for same in found["same_label"]],
            "answers_of_both": found["both"],
            "agreement": found["agreement"].astype(float).round(3),
        }
    ).reset_index(drop=True)
    says = "No cloud is described by two colleagues."
    if len(table):
        repeats = int((~answers.voices).sum())
        says = (
            f"{several(len(table), 'pair')} of deployments of colleagues describe one cloud, by "
            f"label or by agreement. With one voice per cloud (answers.one_per_cloud()) "
            f"{several(repeats, 'description')} would not count."
        )
    glance = ("pairs that describe one cloud", len(table))
    return Section(
        "same_clouds",
        "The same cloud twice",
        (says,),
        table,
        brief=_pairs_by_edition(table),
        glance=glance,
    )


def _pairs_by_edition(table: pd.DataFrame) -> pd.DataFrame:
    by_label = (table["same_label"] == "yes").groupby(table["edition"], sort=False).sum()
    pairs = table.groupby("edition", sort=False).size()
    return pd.DataFrame(
        {"pairs": pairs, "by_label": by_label, "by_agreement": pairs - by_label}
    ).reset_index()


def carry_overs(subject: Subject) -> Section:
    """Say which answers stand unchanged against an earlier edition, with the evidence."""
    answers = subject.answers
    found = answers.carry_overs[answers.carry_overs["edition"].isin(subject.editions)]
    table = pd.DataFrame(
        {
            "edition": found["edition"],
            "block": found["unit"],
            "number": found["id"],
            "stands_since": found["earlier_edition"].fillna("not given"),
            "as_number": found["earlier_id"],
            "equal": [_of(e, c) for e, c in zip(found["equal"], found["compared"], strict=True)],
            "added": found["added"],
            "score": found["score"].round(1),
            "kind": ["untouched copy" if exact else "unchanged" for exact in found["exact"]],
        }
    ).reset_index(drop=True)
    brief = (
        pd.crosstab([table["edition"], table["kind"]], table["block"] + "s")
        .reset_index()
        .rename_axis(columns=None)
    )
    glance = ("blocks of answers carried over", len(table))
    says = _carried(subject, table)
    return Section("carry_overs", "Carried over", says, table, brief=brief, glance=glance)


def _of(equal: int, compared: int) -> str:
    return f"{equal} of {compared}" if compared else ""


def _carried(subject: Subject, table: pd.DataFrame) -> tuple[str, ...]:
    if table.empty:
        if len(subject.editions) < 2:
            return ("No migrated copy. Give earlier editions, too, to find answers carried over.",)
        return ("No answers stand unchanged against an earlier edition.",)
    says = []
    for kind, words in (
        ("untouched copy", "were copied from an earlier edition and touched by nobody: left out"),
        ("unchanged", "stand unchanged in a record that somebody went through: they count"),
    ):
        own = table[table["kind"] == kind]["block"].value_counts()
        people, clouds = (
            int(own.get(unit.value, 0)) for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)
        )
        if people + clouds:
            both = f"{several(people, 'respondent')} and {several(clouds, 'deployment')}"
            says.append(f"{both} {words}.")
    says.append(
        "The score is minus the decimal logarithm of the chance that a block told afresh would "
        "agree so: 4 is one in ten thousand. The blocks of one record are weighed together."
    )
    return tuple(says)


def organizations(subject: Subject) -> Section:
    """Say by which evidence respondents were joined to organizations."""
    answers = subject.answers
    rows = []
    for edition in subject.editions:
        people = subject.rows(Unit.RESPONDENT, edition)
        named = _named(subject, people, edition)
        theirs = set(answers.respondents.loc[_everybody_named(subject), "organization"])
        joined = ~named & people["organization"].isin(theirs)
        rows.append(
            {
                "edition": edition,
                "respondents": len(people),
                "named": int(named.sum()),
                "spellings": _spellings(subject, edition),
                "joined": int(joined.sum()),
                "alone": int((~named & ~joined).sum()),
                "organizations": people["organization"].nunique(),
                "with_colleagues": int((people["organization"].value_counts() > 1).sum()),
            }
        )
    table = pd.DataFrame(rows)
    if table["spellings"].isna().all():
        table = table.drop(columns="spellings")
    brief = table.drop(columns="with_colleagues")
    return Section("organizations", "Organizations", _joined(subject, table), table, brief=brief)


def _named(subject: Subject, people: pd.DataFrame, edition: str) -> pd.Series[bool]:
    """Return who names an organization."""
    asked = subject.answers.codebook.edition(edition)
    concept = next((q.concept for q in asked.questions if q.kind.names_organization), "")
    if concept not in people:
        return pd.Series(False, index=people.index)
    return people[concept].notna()


def _everybody_named(subject: Subject) -> pd.Series[bool]:
    everyone = subject.answers.respondents
    parts = [
        _named(subject, subject.rows(Unit.RESPONDENT, edition), edition)
        for edition in subject.editions
    ]
    return pd.concat(parts).reindex(everyone.index, fill_value=False)


def _spellings(subject: Subject, edition: str) -> int | None:
    """Return in how many spellings organizations are named, as far as exports were given."""
    found: set[str] = set()
    for export in subject.exports:
        if export.edition.name == edition:
            for placement in export.placements:
                if placement.question.kind.names_organization:
                    found.update(export.table.column(placement.columns[0]).to_pylist())
    return len(found - {""}) or None


def _joined(subject: Subject, table: pd.DataFrame) -> tuple[str, ...]:
    everyone = subject.answers.respondents
    editions = everyone.groupby("organization")["edition"].nunique()
    says = [
        f"{several(editions.size, 'organization')}, "
        f"{several(int((editions > 1).sum()), 'of them', 'of them')} in more than one edition."
        if len(subject.editions) > 1
        else f"{several(editions.size, 'organization')}, over spellings and legal forms."
    ]
    if int(table["joined"].sum()):
        says.append(
            "Who names none is joined to the only organization seen at the same company's mail "
            "domain, or named by the same account in another edition; nobody else is guessed."
        )
    return tuple(says)
