"""How often an answer can leave a list unnoticed: ``python -m tests.new_edition.every_removal``.

Takes every answer that somebody gave out of its list, and merges it into some of the others, one
at a time, and drafts the question as ``survey new-edition`` would. What changed a number without a
mark is weighed by how likely the harness is to draw it. No table is computed, so that all answers
of an edition take a minute.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from survey.codebook import Choice, Codebook, Question, damaged, read_codebook
from survey.exports import read_export
from survey.responses.drafting.choices import draft_choices
from survey.responses.drafting.facts import (
    Answered,
    Column,
    column_of,
    columns_of,
    earlier_answers,
)
from tests.new_edition.changes import listed
from tests.new_edition.measure import export_of

FIRST = 2019
_LEFT_OUT = ("releases_in_use", "deployment_year")  # which the harness does not merge


@dataclass(frozen=True)
class Case:
    """One question of an edition, with what was answered to it then and before."""

    book: Codebook
    year: str
    question: Question
    column: Column
    before: Answered

    @property
    def used(self) -> list[Choice]:
        given = self.column.pieces
        return [each for each in self.question.choices if given.get(damaged(each.value))]

    def unnoticed(self, choice: Choice, into: Choice | None = None) -> bool:
        """Whether a number changes without a mark when a choice goes, or goes into another."""
        old, new = damaged(choice.value), damaged(into.value) if into else ""
        column = _changed(self.column, lambda each: new if each == old else each)
        others = [e.by_concept[self.question.concept] for e in self.book
                  if self.question.concept in e.by_concept]  # fmt: skip
        asked, listing = draft_choices(
            self.question, column, others, self.before, self.book.calendar, self.year
        )
        if listing.doubts:
            return False
        same = column.answered == self.column.answered
        same &= not new or column.pieces[new] == self.column.pieces[new]
        return not (same and choice.label in asked.unconfirmed_labels)


def _changed(column: Column, change: Callable[[str], str]) -> Column:
    def changed(cell: str) -> str:
        return "|".join(filter(None, dict.fromkeys(map(change, cell.split("|")))))

    texts: Counter[str] = Counter()
    for text, times in column.texts.items():
        texts[changed(text)] += times
    texts.pop("", None)
    return replace(column, texts=texts, cells=[cell and changed(cell) for cell in column.cells])


def cases(year: str) -> Iterator[Case]:
    """Yield the questions from which the harness would take an answer."""
    book = read_codebook()
    known = [read_export(export_of(str(each))) for each in range(FIRST, int(year))]
    before = earlier_answers(known)
    columns = columns_of([read_export(export_of(year))])
    for question in book.edition(year).questions:
        column = column_of(question, columns)
        wanted = listed(question) and not question.banded and question.concept not in _LEFT_OUT
        if wanted and column is not None and len(question.choices) > 3:
            yield Case(book, year, question, column, before.get(question.concept, Answered("")))


def measured(year: str, merges: int, seed: int) -> tuple[float, float, int]:
    """Return the shares of removals and of merges that go unnoticed, and how many were tried."""
    rng = random.Random(seed)
    removed, merged, tried = [], [], 0
    for case in cases(year):
        gone = [case.unnoticed(each) for each in case.used]
        named = [each for each in case.used if not each.missing]
        joined = [
            case.unnoticed(one, other)
            for one in named
            for other in rng.sample(named, min(merges, len(named)))
            if other is not one
        ]
        removed.append(sum(gone) / max(len(gone), 1))
        merged.append(sum(joined) / max(len(joined), 1))
        tried += len(gone) + len(joined)
    return sum(removed) / len(removed), sum(merged) / len(merged), tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year", default="2024")
    parser.add_argument("--merges", type=int, default=4, help="other answers for each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    removals, merges, tried = measured(options.year, options.merges, options.seed)
    print(f"{options.year}: {tried} changes; unnoticed: {removals:.2%} of removals, "
          f"{merges:.2%} of merges")  # fmt: skip


if __name__ == "__main__":
    main()
