"""The page for the person who signs: what is published, at what risk, and what is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from survey.checked import checked
from survey.disclosure.policy import Profile
from survey.disclosure.publication import Publication
from survey.disclosure.release_plan import Fate
from survey.errors import ProjectError
from survey.project.preview import Preview

__all__ = ["sign_off_page"]

_RISK: Final = {
    Profile.PROTECTED: (
        "An attacker who reads every published folder and knows the method was let loose on "
        "protected surveys. For no small count did integer programs leave fewer than three "
        "values; the chance of a guess was never above 90 % for an outsider. Figures: "
        "docs/decisions/0035-what-the-attacker-got.md; again: python -m tests.attacker.measure.",
        "Who belongs to a group knows more than an outsider.",
    ),
    Profile.THRESHOLD: (
        "Counts are exact. CELLS CAN BE DERIVED: by subtracting tables from each other, and issues "
        "of a report from each other.",
    ),
    Profile.INTERNAL: ("Counts are exact and complete. This must not be published.",),
}


_SHOWN: Final = 5


@checked(ProjectError)
def sign_off_page(
    publication: Publication, preview: Preview, corrections: Sequence[tuple[str, str, str]] = ()
) -> str:
    """Return the page in Markdown, for the owner alone.

    Parameters
    ----------
    publication, preview
        What is to be published, and what :func:`survey.project.preview` says of it.
    corrections
        Question, day and reason of what is drawn anew before its time.

    Examples
    --------
    >>> from survey.disclosure import Register, protect
    >>> from survey.project import preview
    >>> made = protect([], title="Survey", edition="2019")
    >>> print(sign_off_page(made, preview([], made, Register())).splitlines()[0])
    # Sign-off: Survey, edition 2019
    """
    chapters = {
        "What is published": _published(publication, preview),
        "Risk": [*_RISK[publication.policy.profile], *_added(corrections)],
        "What is lost": _lost(preview),
        "Policy": [f"{name}: {rule}" for name, rule in publication.policy.rules().items()],
        "Numbers that readers know and that change": [
            *_changed(preview),
            f"{len(preview.waiting)} columns have corrections that wait for more changes.",
        ],
    }
    lines = [
        f"# Sign-off: {publication.title}, edition {publication.edition}",
        "",
        "CONFIDENTIAL: for the person who signs. Not for publication.",
    ]
    for heading, said in chapters.items():
        lines += ["", f"## {heading}", "", *(f"- {each}" for each in said)]
    lines += ["", "Approved by: ______________________   Date: ______________", ""]
    return "\n".join(lines)


def _published(publication: Publication, preview: Preview) -> Iterator[str]:
    state = "final" if publication.final else "a draft"
    yield f"This is {state}; profile: {publication.policy.profile.value}."
    for fate in Fate:
        entries = [entry for entry in preview.plan if entry.fate is fate]
        names = ", ".join(entry.name for entry in entries)
        named = f" ({names})" if names and fate is not Fate.PUBLISHED else ""
        yield f"{len(entries)} tables: {fate.value}{named}."
    asked = dict.fromkeys(e.concept for e in preview.plan if e.fate is Fate.PUBLISHED)
    groups = dict.fromkeys(
        name for e in preview.plan if e.fate is Fate.PUBLISHED for name in e.by if name != "edition"
    )
    yield f"Questions: {', '.join(asked) or 'none'}."
    yield f"Broken down by: {', '.join(groups) or 'nothing'}."


def _changed(preview: Preview) -> Iterator[str]:
    """Yield the published columns that are drawn anew, with the first numbers that change."""
    if not preview.redrawn:
        yield "None: what was published before is printed again as it was."
    for name in preview.redrawn:
        own = [each[1:] for each in preview.changes if each[0] == name]
        shown = [
            f"{answer}: {_said(before)} before, {_said(now)} now" for answer, before, now in own
        ]
        more = [f"and {len(own) - _SHOWN} more: survey preview"] if len(own) > _SHOWN else []
        numbers = "; ".join([*shown[:_SHOWN], *more]) or "no number changes"
        yield f"{_in_words(name)}: {numbers}."


def _in_words(column: str) -> str:
    """Return the name of a column in the ledger as a reader says it: question, unit, group."""
    unit, concept, _, _, edition, *group = column.split("|")
    return ", ".join([concept, f"{unit}s of {edition}", *filter(None, group)])


def _said(count: int | None) -> str:
    return "nothing" if count is None else f"{count:,}"


def _added(corrections: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for concept, day, reason in corrections:
        yield (
            f"{concept} is drawn anew at once ({day}: {reason}). Who has both issues learns more "
            "of the corrected records than either tells: of one record up to 62 % of its answers "
            "in place of 36 %, in trials."
        )


def _lost(preview: Preview) -> Iterator[str]:
    hidden = sum(len(entry.withheld) for entry in preview.plan)
    joined = {name: labels for entry in preview.plan for name, labels in entry.joined}
    yield f"{hidden} groups are too small to show, over all tables."
    if preview.held:
        yield f"{len(preview.held)} columns are new and wait."
        yield from preview.why_held()
    for name, labels in joined.items():
        yield f"{', '.join(labels)} stand together as {name!r}."
    if len(preview.noise):
        mean, most = preview.noise["mean"].mean(), preview.noise["largest"].max()
        yield f"Noise moves shares by {mean:.1f} points on average, by {most:.0f} at most."
