"""What the columns of a file hold, and what earlier editions were answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType

from survey.codebook import Edition, Kind, Question, Unit
from survey.dataclass import dataclass
from survey.exports import Export
from survey.responses.matching import Matcher

__all__ = ["Answered", "Column", "columns_of", "earlier_answers", "provisional"]

SEPARATOR = "|"
CUT = 1024
_POOLED = 4  # editions whose rates of answers are taken together
_DERIVED = frozenset({"Continent"})


@dataclass(frozen=True)
class Column:
    """One column of a file, or the columns of one matrix taken together.

    Attributes
    ----------
    heading
        As the file has it.
    place
        Position in the file.
    unit
        What its answers are about.
    texts
        Cell -> how many respondents or deployments have it; blank cells are left out.
    records
        How many respondents or deployments there are.
    members, cells
        Row by row: the account that answered, and the cell. Empty where that is not known.
    """

    heading: str
    place: int
    unit: Unit
    texts: Mapping[str, int]
    records: int
    members: Sequence[str | None] = ()
    cells: Sequence[str | None] = ()

    @cached_property
    def answered(self) -> int:
        """How many cells are not blank."""
        return sum(self.texts.values())

    @cached_property
    def several(self) -> int:
        """How many cells hold several answers."""
        return sum(times for text, times in self.texts.items() if SEPARATOR in text)

    @cached_property
    def pieces(self) -> Mapping[str, int]:
        """Single answer -> how often it was given, where a cell can hold several."""
        found: Counter[str] = Counter()
        for text, times in self.texts.items():
            pieces = text.split(SEPARATOR)
            if len(text.encode()) >= CUT:
                pieces = pieces[:-1]
            found.update(dict.fromkeys(filter(None, pieces), times))
        return MappingProxyType(found)

    def answers(self, kind: Kind) -> Mapping[str, int]:
        """Return single answers, split where questions of this kind take several."""
        return self.pieces if kind.joined else self.texts

    def labels_by_member(self, kind: Kind, matcher: Matcher) -> Mapping[str, frozenset[str]]:
        """Return the listed answers of each account that answered."""
        found: dict[str, set[str]] = {}
        for member, cell in zip(self.members, self.cells, strict=True):
            if member and cell:
                texts = cell.split(SEPARATOR) if kind.joined else (cell,)
                matches = filter(None, map(matcher.find, texts))
                found.setdefault(member, set()).update(match.label for match in matches)
        return {member: frozenset(labels) for member, labels in found.items()}


@dataclass(frozen=True)
class Answered:
    """What an earlier edition was answered to one question.

    ``rates`` are the shares of all earlier editions together that list an answer: what one of
    them happened to have most of is not what the next one must have.
    """

    edition: str
    times: Mapping[str, int] = field(default_factory=dict)
    answered: int = 0
    several: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ever: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def share(self, label: str) -> float:
        """Return the share of those who answered that gave an answer."""
        return self.times.get(label, 0) / self.answered if self.answered else 0.0


def provisional(edition: Edition, name: str, headings: Sequence[str]) -> Edition:
    """Return an edition with which a file can be read whose questionnaire is not known.

    Questions keep their columns where the file has them; every other column is a text.
    """
    present = set(headings)
    asked: list[Question] = []
    for question in edition.questions:
        if question.kind.by_row:
            pairs = zip(question.rows, question.matrix_headings, strict=True)
            rows = tuple(row for row, heading in pairs if heading in present)
            if rows:
                asked.append(replace(question, rows=rows))
        elif question.heading in present:
            asked.append(question)
    known = {
        heading for question in asked for heading in (question.heading, *question.matrix_headings)
    }
    asked.extend(_texts(headings, known))
    return replace(edition, name=name, questions=tuple(asked), status="observed")


def _texts(headings: Sequence[str], known: set[str]) -> Iterator[Question]:
    """Yield a text for each unknown column, the respondent's before those of the deployment."""
    fixed = set(FIXED_HEADINGS) | _DERIVED
    unit = Unit.RESPONDENT
    for place, heading in enumerate(headings):
        if heading == "DeploymentID":
            unit = Unit.DEPLOYMENT
        if heading and heading not in known and heading not in fixed:
            yield Question(f"column_{place}", heading, heading, Kind.TEXT, unit)


FIXED_HEADINGS = (
    "SurveyID",
    "CreatedByID",
    "Email",
    "Created",
    "LastEdited",
    "Language",
    "DeploymentID",
)


def columns_of(exports: Iterable[Export]) -> dict[str, Column]:
    """Return what the columns of all files of one edition hold, by heading."""
    found: dict[str, Column] = {}
    for export in exports:
        for column in _columns(export):
            known = found.get(column.heading)
            found[column.heading] = column if known is None else _together(known, column)
    return found


def _together(one: Column, other: Column) -> Column:
    texts = {text: max(one.texts.get(text, 0), n) for text, n in other.texts.items()}
    return replace(
        one,
        texts=MappingProxyType({**one.texts, **texts}),
        members=(*one.members, *other.members),
        cells=(*one.cells, *other.cells),
    )


def _columns(export: Export) -> Iterator[Column]:
    """Yield each column; the survey's cells stand on every deployment's row and count once."""
    headings = export.headings
    boundary = headings.index("DeploymentID") if "DeploymentID" in headings else len(headings)
    persons = _first_rows(export, "respondent")
    clouds = _first_rows(export, "deployment")
    key = export.key("member")
    members = key.to_pylist() if key is not None else []
    for place, heading in enumerate(headings):
        if heading in _DERIVED or (heading in FIXED_HEADINGS and heading != "Email"):
            continue
        unit, rows = (Unit.RESPONDENT, persons) if place < boundary else (Unit.DEPLOYMENT, clouds)
        cells = export.table.column(place).to_pylist()
        texts = Counter(cell for row in rows if (cell := cells[row]))
        known = cells if members else ()
        yield Column(heading, place, unit, MappingProxyType(texts), len(rows), members, known)


def _first_rows(export: Export, role: str) -> list[int]:
    column = export.key(role)
    cells = column.to_pylist() if column is not None else []
    first: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if cell:
            first.setdefault(cell, row)
    return list(first.values())


def earlier_answers(exports: Iterable[Export]) -> dict[str, Answered]:
    """Return what the newest earlier edition that asks a question was answered to it."""
    found: dict[str, list[Answered]] = {}
    for export in sorted(exports, key=lambda each: each.edition.name):
        columns = columns_of([export])
        for question in export.edition.questions:
            column = column_of(question, columns)
            if column is not None and column.answered:
                answered = _answered(question, column, export.edition.name)
                found.setdefault(question.concept, []).append(answered)
    return {concept: _pooled(some) for concept, some in found.items()}


def _pooled(some: Sequence[Answered]) -> Answered:
    """Return the newest of several editions, with the rates of the newest ones together."""
    newest = some[-1]
    rates = {}
    for label in newest.times:
        listing = [each for each in some[-_POOLED:] if label in each.times]
        given = sum(each.times[label] for each in listing)
        rates[label] = given / sum(each.answered for each in listing)
    ever = {member: labels for each in some for member, labels in each.members.items()}
    return replace(newest, rates=MappingProxyType(rates), ever=MappingProxyType(ever))


def column_of(question: Question, columns: Mapping[str, Column]) -> Column | None:
    """Return the column of a question; the columns of a matrix together."""
    if not question.kind.by_row:
        return columns.get(question.heading)
    rows = [columns[each] for each in question.matrix_headings if each in columns]
    if not rows:
        return None
    texts: Counter[str] = Counter()
    for row in rows:
        texts.update(row.texts)
    together = MappingProxyType(texts)
    return replace(rows[0], heading=question.heading, texts=together, members=(), cells=())


def _answered(question: Question, column: Column, edition: str) -> Answered:
    matcher = Matcher(question.choices)
    times: dict[str, int] = dict.fromkeys(question.labels, 0)
    for text, given in column.answers(question.kind).items():
        match = matcher.find(text)
        if match is not None:
            times[match.label] = times.get(match.label, 0) + given
    members = column.labels_by_member(question.kind, matcher)
    return Answered(edition, times, column.answered, column.several, members=members)
