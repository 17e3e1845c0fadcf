"""What every page knows: the publication, the questionnaire behind it, and who publishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from survey.codebook import Codebook, Question, Unit, Vocabulary, read_codebook
from survey.dataclass import dataclass
from survey.disclosure.publication import Publication
from survey.disclosure.release_plan import Fate
from survey.errors import SurveyError
from survey.publish.dashboard.blocks import Block, blocks_of
from survey.publish.dashboard.chapters import Chapter, chapters_of, cut_label, wanted_cuts
from survey.publish.publisher import Publisher

__all__ = ["Context"]

_COMMON, _LEAST_COMMON = 0.06, 4


@dataclass(frozen=True)
class Context:
    """A publication with all that pages say around its numbers."""

    publication: Publication
    publisher: Publisher
    codebook: Codebook | None = None

    @cached_property
    def questionnaire(self) -> Codebook:
        """The codebook that was given, or the one of the package."""
        return self.codebook or read_codebook()

    @cached_property
    def words(self) -> Vocabulary:
        """The survey's own words."""
        return self.publication.vocabulary

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, in chapter order."""
        return tuple(block for chapter in self.chapters for block in chapter.blocks)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """All chapters."""
        return chapters_of(blocks_of(self.publication), self.words)

    @cached_property
    def chapter_of(self) -> Mapping[str, Chapter]:
        """Block id -> its chapter."""
        return {block.id: chapter for chapter in self.chapters for block in chapter.blocks}

    @cached_property
    def block_of(self) -> Mapping[str, Block]:
        """Table name -> the block that holds it."""
        return {table.name: block for block in self.blocks for table in block.tables}

    def question(self, block: Block) -> Question | None:
        """Return the question behind a block, as the publication's edition asked it."""
        if block.concept not in self._questions:
            self._questions[block.concept] = self._find_question(block)
        return self._questions[block.concept]

    @cached_property
    def _questions(self) -> dict[str, Question | None]:
        return {}  # concept -> what was found; looking for what is not there takes long

    def _find_question(self, block: Block) -> Question | None:
        for edition in (self.publication.edition, None):
            try:
                return self.questionnaire.question(block.concept, edition)
            except SurveyError:
                continue
        return None

    def asked_in(self, block: Block) -> tuple[str, ...]:
        """Return the editions that asked the question."""
        try:
            known = self.questionnaire.asked_in(block.concept)
        except SurveyError:
            return ()
        covered = {edition for table in block.tables for edition in table.editions}
        return tuple(each for each in known if each in covered) or tuple(known)

    @cached_property
    def common_notes(self) -> tuple[str, ...]:
        """Notes that hold for so many tables that the page on method says them once."""
        tables = list(self.publication.tables.values())
        counted = Counter(note for table in tables for note in dict.fromkeys(map(str, table.notes)))
        least = max(_LEAST_COMMON, _COMMON * len(tables))
        return tuple(note for note, count in counted.items() if count >= least)

    @cached_property
    def cuts(self) -> Mapping[str, str]:
        """Breakdowns in the bar: those that readers ask for, then those that tables have."""
        had = {name for block in self.blocks for name in block.cuts}
        wanted = dict(wanted_cuts(self.words))
        return wanted | {name: cut_label(name, self.words) for name in sorted(had - set(wanted))}

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """Editions in the bar, oldest first."""
        found = {edition for block in self.blocks for edition in block.editions}
        return tuple(sorted(found))

    @property
    def source(self) -> str:
        """The source line of every figure."""
        publisher = f", {self.publisher.name}" if self.publisher.name else ""
        licence = f". Licence: {self.publisher.licence}" if self.publisher.licence else ""
        named = f"Source: {self.publication.title} {self.publication.edition}{publisher}{licence}"
        return " ".join(part for part in (f"{named}.", self.publication.stamp) if part)

    def why_not(self, block: Block, cut: str) -> str:
        """Return why a block is not broken down by ``cut``: as the release plan says it, or known.

        A table that only exact counts can give counts as one that the plan does not have.
        """
        for entry in self.publication.plan:
            about = entry.concept == block.concept and cut in entry.by
            if about and entry.reason and entry.fate is not Fate.INTERNAL:
                return entry.reason
        if self._asked_of_people(block) and self._unit_of(cut) is Unit.DEPLOYMENT:
            people, units = (self.words.noun(u, 2) for u in (Unit.RESPONDENT, Unit.DEPLOYMENT))
            return f"it was asked of {people}, and this describes {units}"
        if any(cut in other.cuts for other in self.blocks):
            return "published for other questions, not for this one"
        return "this publication has no such table of any question"

    def _asked_of_people(self, block: Block) -> bool:
        question = self.question(block)
        return question is not None and question.unit is Unit.RESPONDENT

    def _unit_of(self, concept: str) -> Unit | None:
        try:
            return self.questionnaire.question(concept).unit
        except SurveyError:
            return None
