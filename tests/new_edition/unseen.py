"""A stranger's 2026 exports: from file to right numbers by one draft and one edited file.

``python -m tests.new_edition.unseen --runs 30``. Each run invents an export and the codebook that
its author would write, drafts a codebook as ``survey new-edition`` does, and edits the file where
the draft says LOOK or ``confirmed = false``, as a person would who has the questionnaire at hand.
All standing tables (internal) must then be those of the author's codebook, and nothing that the
draft was sure of may differ. Ends with 1 if a number differs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from survey.codebook import Codebook, Edition, Kind, Question, read_codebook
from survey.exports import read_export
from survey.new_edition import draft_text
from survey.responses.drafting import Draft, Proposal, draft_edition
from tests.new_edition.changes import Form
from tests.new_edition.measure import BEFORE, NAME, NEWEST, export_of, sheet_of
from tests.new_edition.numbers import by_hand, difference, tables_of
from tests.new_edition.stranger import BEYOND, invent


@dataclass
class Outcome:
    """What came of one invented export."""

    done: list[str]
    looked_at: int = 0
    corrected: list[str] = field(default_factory=list)
    overlooked: list[str] = field(default_factory=list)  # wrong, and nothing says LOOK
    wrong: list[str] = field(default_factory=list)
    values: int = 0


def one_run(seed: int, folder: Path) -> Outcome:
    """Invent, draft, edit, and compare all numbers."""
    rng = random.Random(seed)
    book = read_codebook()
    form = Form(sheet_of(NAME), replace(book.edition(NEWEST), name=NAME))
    outcome = Outcome(invent(form, rng))
    path = form.sheet.write(folder / f"Survey_{NAME}0831120000.csv")
    earlier = export_of(BEFORE)
    draft = draft_edition(book, NAME, [path], [read_export(earlier)])
    truth = in_the_words_of(draft, form.edition)
    file = folder / f"{NAME}.toml"
    file.write_text(draft_text(draft), encoding="utf-8")
    drafted = read_codebook(file).edition(NAME)
    outcome.overlooked = list(overlooked(draft, drafted, truth))
    edited = edit(draft, truth, outcome)
    file.write_text(draft_text(edited), encoding="utf-8")
    given = tables_of(read_codebook(file), NAME, path, [earlier])
    right = tables_of(_hand(book, truth), NAME, path, [earlier])
    found = difference(right, given, {})
    outcome.values = sum(found.counts.values())
    outcome.wrong = found.wrong
    outcome.wrong += [f"{n} values are {what}" for what, n in found.counts.items()
                      if what.split()[-1] in ("marked", "absent")]  # fmt: skip
    return outcome


def _hand(book: Codebook, truth: Edition) -> Codebook:
    return replace(by_hand(book, truth), calendar=book.calendar.plus(BEYOND))


def in_the_words_of(draft: Draft, truth: Edition) -> Edition:
    """Return the author's edition with the draft's names, titles and topics of new questions.

    Which names a person gives to new questions is nobody's mistake.
    """
    new = {p.question.heading: p.question for p in draft.proposals if p.inherited is None}
    names = {q.concept: new[q.heading].concept for q in truth.questions if q.heading in new}
    questions = []
    for asked in truth.questions:
        question = asked
        if asked.heading in new and asked.concept not in read_codebook().concepts:
            own = new[asked.heading]
            question = replace(
                asked, concept=own.concept, series=own.series, title=own.title, topic=own.topic
            )
        questions.append(
            replace(question, write_in_of=names.get(question.write_in_of, question.write_in_of))
        )
    return replace(truth, questions=tuple(questions))


def meaning(question: Question) -> tuple[object, ...]:
    """Return what decides the numbers of a question."""
    choices = frozenset((c.value, c.label, c.band, c.missing) for c in question.choices)
    rows = frozenset((r.value, r.label) for r in question.rows)
    kind = question.kind
    return (
        question.concept, question.heading, kind, question.unit,
        choices if kind.closed and kind is not Kind.CHECKBOX else (), rows,
        question.measure if question.banded else "", question.ordinal,
    )  # fmt: skip


def overlooked(draft: Draft, drafted: Edition, truth: Edition) -> Iterator[str]:
    """Yield what the draft has wrong without a LOOK; choices that nobody gave do not count."""
    open_ones = {p.question.heading for p in draft.open}
    own = {q.heading: q for q in truth.questions}
    for question in drafted.questions:
        right = own.get(question.heading)
        if question.heading in open_ones or (right and meaning(right) == meaning(question)):
            continue
        yield f"{question.heading}: {question!r} but {right!r}"


def edit(draft: Draft, truth: Edition, outcome: Outcome) -> Draft:
    """Correct what the draft says LOOK at, and delete ``confirmed = false``."""
    own = {q.heading: q for q in truth.questions}
    base = read_codebook().edition(draft.extends)
    proposals: list[Proposal] = []
    for proposal in draft.proposals:
        if proposal.sure:
            proposals.append(_decided(proposal, own[proposal.question.heading]))
            continue
        outcome.looked_at += 1
        right = own[proposal.question.heading]
        if meaning(right) == meaning(proposal.question):
            proposals.append(_decided(proposal.confirmed(), right))
            continue
        pairs = zip(meaning(proposal.question), meaning(right), strict=True)
        differing = [f"{one} -> {other}" for one, other in map(_apart, pairs) if one != other]
        outcome.corrected.append(f"{right.heading}: {'; '.join(differing)}")
        proposals.append(
            replace(
                proposal, question=right, inherited=base.by_concept.get(right.concept), doubts=()
            )
        )
    not_asked = {c: why for c, why in draft.not_asked.items() if c not in truth.by_concept}
    named = {p.question.concept for p in proposals}
    gone = {q.concept: "not asked" for q in base.questions
            if q.concept not in truth.by_concept and q.concept not in named}  # fmt: skip
    series = {each.series: each for each in BEYOND}
    releases = {series.get(each.series, each): why for each, why in draft.releases.items()}
    outcome.corrected += [
        f"[[releases]]: {each}" for each in draft.releases if each not in releases
    ]
    edited = replace(draft, proposals=tuple(proposals), releases=releases)
    return replace(edited, not_asked={**gone, **not_asked})


def _decided(proposal: Proposal, right: Question) -> Proposal:
    """Say of each choice with ``confirmed = false`` whether the form offers it."""
    kept = tuple(
        replace(choice, confirmed=True)
        for choice in proposal.question.choices
        if choice.confirmed or choice.label in right.labels
    )
    return replace(proposal, question=replace(proposal.question, choices=kept))


def _apart(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return what two values do not have in common."""
    one, other = pair
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return sorted(map(str, one - other)), sorted(map(str, other - one))
    return one, other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = values = looked_at = corrected = missed = 0
    for seed in range(options.seed, options.seed + options.runs):
        with tempfile.TemporaryDirectory() as folder:
            outcome = one_run(seed, Path(folder))
        print(f"seed {seed}:", *outcome.done, f"| {outcome.values} values,",
              f"{len(outcome.wrong)} wrong, {outcome.looked_at} looked at,",
              f"{len(outcome.corrected)} corrected", flush=True)  # fmt: skip
        for sort, said in (("corrected", outcome.corrected), ("OVERLOOKED", outcome.overlooked),
                           ("WRONG", outcome.wrong[:6])):  # fmt: skip
            for each in said:
                print(f"   {sort}", each, flush=True)
        wrong, values = wrong + len(outcome.wrong), values + outcome.values
        looked_at, corrected = looked_at + outcome.looked_at, corrected + len(outcome.corrected)
        missed += len(outcome.overlooked)
    said = f"{options.runs} exports, {values} values, {wrong} wrong; of {looked_at} questions"
    print(said, f"looked at {corrected} were corrected; {missed} wrong without a LOOK")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
