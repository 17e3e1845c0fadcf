"""Read every text that answers a question, each distinct text once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from survey.checked import checked
from survey.codebook import Codebook, Question
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.coding.coder import Coded, Coder
from survey.responses.coding.frame import Frame
from survey.responses.responses import Responses

__all__ = ["Reading", "coder_of", "question_problems", "read_texts", "text_concept"]


@dataclass(frozen=True)
class Reading:
    """What the texts that answer one question say, row by row of its unit's table."""

    question: Question
    editions: tuple[str, ...]
    texts: tuple[str | None, ...]
    coded: tuple[Coded | None, ...]

    def __iter__(self) -> Iterator[tuple[int, str, str, Coded]]:
        """Yield row, edition, text and what it says, of the rows that have a text."""
        rows = zip(self.editions, self.texts, self.coded, strict=True)
        for row, (edition, text, coded) in enumerate(rows):
            if text is not None and coded is not None:
                yield row, edition, text, coded


def read_texts(answers: Responses, concept: str, frame: Frame) -> Reading:
    """Read the texts that answer ``concept`` by a frame and the options listed."""
    question = answers.question(concept)
    table = answers.frame(question.unit)
    editions = tuple(table["edition"].astype(str))
    given = table[concept] if concept in table else [None] * len(table)
    texts = tuple(text if isinstance(text, str) and text.strip() else None for text in given)
    coders = {
        edition: coder_of(answers.codebook, concept, edition, frame)
        for edition in dict.fromkeys(editions)
    }
    known: dict[tuple[str, str], Coded] = {}
    coded: list[Coded | None] = []
    for edition, text in zip(editions, texts, strict=True):
        coder = coders[edition]
        if text is None or coder is None:
            coded.append(None)
            continue
        if (edition, text) not in known:
            known[edition, text] = coder.read(text)
        coded.append(known[edition, text])
    return Reading(question, editions, texts, tuple(coded))


def coder_of(codebook: Codebook, concept: str, edition: str, frame: Frame) -> Coder | None:
    """Return what reads the texts of one edition; None where it did not ask."""
    asked = codebook.edition(edition).by_concept
    if concept not in asked:
        return None
    parent = asked.get(asked[concept].write_in_of)
    others = (
        each.by_concept[parent.concept]
        for each in codebook
        if parent and each.name != edition and parent.concept in each.by_concept
    )
    same = [each for each in others if parent and each.series == parent.series]
    return Coder(frame.codes_for(concept, edition), parent, same)


def text_concept(codebook: Codebook, name: str) -> str:
    """Return the text meant by ``name``: itself, or the write-in of a closed question."""
    for edition in reversed(tuple(codebook)):
        question = edition.by_concept.get(name)
        if question is not None and question.kind.closed:
            texts = [each.concept for each in edition.questions if each.write_in_of == name]
            if len(texts) == 1:
                return texts[0]
    return name


@checked(ResponsesError)
def question_problems(codebook: Codebook, where: str, concepts: Iterable[str]) -> Iterator[Problem]:
    """Yield what forbids to code the answers to some questions."""
    for concept in concepts:
        asked = [edition.by_concept.get(concept) for edition in codebook]
        questions = [question for question in asked if question is not None]
        if not questions:
            hint = did_you_mean(concept, codebook.concepts)
            yield Problem(where, f"the question {concept!r}", "a concept of the codebook", hint)
        elif any(question.personal for question in questions):
            yield Problem(where, f"the question {concept!r}", "a question that identifies nobody")
        elif any(not question.kind.free_text for question in questions):
            meant = text_concept(codebook, concept)
            hint = f"its write-ins are {meant!r}" if meant != concept else ""
            kind = questions[-1].kind.value
            yield Problem(where, f"the question {concept!r}, kind {kind!r}", "a text", hint)
