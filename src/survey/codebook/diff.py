"""What changed from one edition's questionnaire to another's, and what can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import pandas as pd

from survey.checked import checked
from survey.codebook.codebook import Codebook
from survey.codebook.question import Choice, Question
from survey.errors import CodebookError

__all__ = ["Change", "Verdict", "compare_editions", "joined_choices"]

_SHOWN = 12


class Change(StrEnum):
    """What can happen to a question between two editions."""

    ADDED = "added"
    DROPPED = "dropped"
    REWORDED = "reworded"
    KIND = "answered differently"
    HEADING = "heading renamed"
    CHOICES_ADDED = "choices added"
    CHOICES_REMOVED = "choices removed"
    CHOICES_RENAMED = "choices renamed"
    CHOICES_MERGED = "choices merged"
    CHOICES_SPLIT = "choices split"
    ROWS_ADDED = "rows added"
    ROWS_REMOVED = "rows removed"
    ROWS_RENAMED = "rows renamed"
    BANDS = "bands changed"
    REQUIRED = "obligation changed"
    UNCHANGED = "unchanged"


class Verdict(StrEnum):
    """Whether the answers of two editions can be set side by side."""

    COMPARABLE = "comparable"
    AFTER_RECODING = "comparable after recoding"
    NOT_COMPARABLE = "not comparable"


_VERDICTS = {
    Change.ADDED: Verdict.NOT_COMPARABLE,
    Change.DROPPED: Verdict.NOT_COMPARABLE,
    Change.REWORDED: Verdict.NOT_COMPARABLE,
    Change.KIND: Verdict.NOT_COMPARABLE,
    Change.CHOICES_ADDED: Verdict.AFTER_RECODING,
    Change.CHOICES_REMOVED: Verdict.AFTER_RECODING,
    Change.CHOICES_RENAMED: Verdict.AFTER_RECODING,
    Change.CHOICES_MERGED: Verdict.AFTER_RECODING,
    Change.CHOICES_SPLIT: Verdict.AFTER_RECODING,
    Change.ROWS_ADDED: Verdict.AFTER_RECODING,
    Change.ROWS_REMOVED: Verdict.AFTER_RECODING,
    Change.ROWS_RENAMED: Verdict.AFTER_RECODING,
    Change.BANDS: Verdict.AFTER_RECODING,
}
_WORST_FIRST = (Verdict.NOT_COMPARABLE, Verdict.AFTER_RECODING, Verdict.COMPARABLE)
_Found = tuple[Change, str]


@checked(CodebookError)
def compare_editions(codebook: Codebook, old: str, new: str) -> pd.DataFrame:
    """Return what changed between two editions: one row per question and change.

    A question is *not comparable* when only one edition asks it, or when its words or its way
    of answering changed so that it starts another series. It is *comparable after recoding*
    when answers were added, removed or renamed, or band edges moved: the codebook's labels
    join the answers that were renamed; answers that were merged or split can be compared as one
    (a net of all of them); the others can be compared where both editions offer them, and bands
    only as intervals. Otherwise it is *comparable*.

    Parameters
    ----------
    codebook
        The questionnaires.
    old, new
        Names of two editions.

    Returns
    -------
    DataFrame
        Columns ``concept``, ``title``, ``change``, ``details`` and ``verdict``, in the order
        of the newer form, then what was dropped. The verdict is the question's, the same on
        each of its rows.

    Raises
    ------
    CodebookError
        If there is no such edition.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> changes = compare_editions(read_codebook(), "2018", "2019").set_index("concept")
    >>> changes.loc["object_count", ["change", "verdict"]].tolist()
    ['bands changed', 'comparable after recoding']
    >>> changes.loc["refstack_test", "change"]
    'dropped'
    """
    before = codebook.edition(old).by_concept
    after = codebook.edition(new).by_concept
    rows = [
        (concept, title, change.value, details, verdict.value)
        for concept, title, found in _per_question(before, after)
        for verdict in [_verdict(found)]
        for change, details in found
    ]
    return pd.DataFrame(rows, columns=["concept", "title", "change", "details", "verdict"])


def _per_question(
    before: Mapping[str, Question], after: Mapping[str, Question]
) -> Iterator[tuple[str, str, list[_Found]]]:
    for concept, question in after.items():
        if concept in before:
            found = list(_changes(before[concept], question))
            yield concept, question.title, found or [(Change.UNCHANGED, "")]
        else:
            yield concept, question.title, [(Change.ADDED, "")]
    for concept, question in before.items():
        if concept not in after:
            yield concept, question.title, [(Change.DROPPED, "")]


def _verdict(found: Sequence[_Found]) -> Verdict:
    verdicts = {_VERDICTS.get(change, Verdict.COMPARABLE) for change, _ in found}
    return next(verdict for verdict in _WORST_FIRST if verdict in verdicts)


def _changes(old: Question, new: Question) -> Iterator[_Found]:
    """Yield what differs, gravest first."""
    if old.series != new.series:
        yield Change.REWORDED, f"{old.title} -> {new.title}"
    if (old.kind, old.unit) != (new.kind, new.unit):
        yield Change.KIND, f"{old.kind} per {old.unit} -> {new.kind} per {new.unit}"
    if old.heading != new.heading:
        yield Change.HEADING, f"{old.heading} -> {new.heading}"
    if old.banded and new.banded:
        yield from _band_changes(old, new)
    else:
        joints = joined_choices(old, new)
        yield from _joint_changes(joints)
        olds, news = ({label for joint in joints for label in joint[side]} for side in (0, 1))
        yield from _answer_changes(
            [choice for choice in old.choices if choice.label not in olds],
            [choice for choice in new.choices if choice.label not in news],
            (Change.CHOICES_ADDED, Change.CHOICES_REMOVED, Change.CHOICES_RENAMED),
        )
    yield from _answer_changes(
        old.rows, new.rows, (Change.ROWS_ADDED, Change.ROWS_REMOVED, Change.ROWS_RENAMED)
    )
    if old.required != new.required:
        yield Change.REQUIRED, "now mandatory" if new.required else "now optional"


@checked(CodebookError)
def joined_choices(old: Question, new: Question) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the choices that were merged or split: labels before, labels after.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> book = read_codebook()
    >>> joined_choices(book.question("hypervisors", "2015"), book.question("hypervisors", "2017"))
    [(('KVM',), ('KVM (x86)', 'KVM (ppc64)'))]
    """
    before, after = old.labels, new.labels
    pairs = [(f, c.label) for c in new.choices for f in c.renamed_from if f in before]
    pairs += [(c.label, f) for c in old.choices for f in c.renamed_from if f in after]
    joints: list[tuple[set[str], set[str]]] = []
    for one, other in pairs:
        touching = [joint for joint in joints if one in joint[0] or other in joint[1]]
        merged = ({one}.union(*(j[0] for j in touching)), {other}.union(*(j[1] for j in touching)))
        joints = [joint for joint in joints if joint not in touching] + [merged]
    return [
        (
            tuple(label for label in before if label in joint[0]),
            tuple(label for label in after if label in joint[1]),
        )
        for joint in joints
        if len(joint[0]) > 1 or len(joint[1]) > 1
    ]


def _joint_changes(joints: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> Iterator[_Found]:
    """Yield choices that were merged, then those that were split."""
    for change, is_split in ((Change.CHOICES_MERGED, False), (Change.CHOICES_SPLIT, True)):
        some = [joint for joint in joints if (len(joint[0]) == 1) == is_split]
        if some:
            yield change, _listed([f"{' + '.join(b)} -> {' + '.join(a)}" for b, a in some])


def _answer_changes(
    old: Sequence[Choice], new: Sequence[Choice], kinds: tuple[Change, Change, Change]
) -> Iterator[_Found]:
    """Yield answers added, removed and stored under another text."""
    before = {choice.label: choice.value for choice in old}
    after = {choice.label: choice.value for choice in new}
    added, removed, renamed = kinds
    if extra := [label for label in after if label not in before]:
        yield added, _listed(extra)
    if gone := [label for label in before if label not in after]:
        yield removed, _listed(gone)
    pairs = [
        f"{before[label]} -> {value}"
        for label, value in after.items()
        if label in before and before[label] != value
    ]
    if pairs:
        yield renamed, _listed(pairs)


def _band_changes(old: Question, new: Question) -> Iterator[_Found]:
    """Yield bands that differ in edges or in what they count, and other choices that do."""
    before = {(label, band.low, band.high): label for label, band in old.bands.items()}
    after = {(label, band.low, band.high): label for label, band in new.bands.items()}
    gone = [label for key, label in before.items() if key not in after]
    extra = [label for key, label in after.items() if key not in before]
    if old.measure != new.measure:
        yield Change.BANDS, f"{old.measure} -> {new.measure}"
    elif gone or extra:
        yield Change.BANDS, f"{_listed(gone) or 'nothing'} -> {_listed(extra) or 'nothing'}"
    yield from _answer_changes(
        [choice for choice in old.choices if choice.label not in old.bands],
        [choice for choice in new.choices if choice.label not in new.bands],
        (Change.CHOICES_ADDED, Change.CHOICES_REMOVED, Change.CHOICES_RENAMED),
    )


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return "; ".join(texts[:_SHOWN]) + more
