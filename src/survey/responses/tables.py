"""One export -> respondents and deployments, typed, with every cell's doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Question, Unit
from survey.dataclass import dataclass
from survey.exports import Export, Issue, Layout, Log, Placement, Repair
from survey.responses.damage import (
    FROM_THE_EXPORTER,
    lost_times,
    nameless_deployments,
    restored_headings,
)
from survey.responses.parse import Parsed, Place, parse
from survey.responses.responses import FLAG_COLUMNS

__all__ = ["Flag", "Tables", "flags_frame", "tables_of"]

Ints = npt.NDArray[np.int64]
_WITHOUT_COMMAS = (*FROM_THE_EXPORTER, Layout.OLD_MODEL, Layout.OLD_MODEL_APPS)


@dataclass(frozen=True, slots=True)
class Flag:
    """One answer that must not be trusted, and why; ``"*"`` stands for a whole record."""

    edition: str
    unit: Unit
    id: int
    concept: str
    reason: str


@dataclass
class Tables:
    """What one export, or several of one edition together, say.

    ``respondents`` is indexed by survey number and ``deployments`` by deployment number;
    ``counts`` says per file how many records were read, kept, and excluded by reason.
    ``persons`` has the survey number of whoever a file knows by a stand-in below zero.
    """

    edition: str
    respondents: pd.DataFrame
    deployments: pd.DataFrame
    flags: list[Flag] = field(default_factory=list)
    log: Log = field(default_factory=Log)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    persons: dict[int, int] = field(default_factory=dict)

    def frame(self, unit: Unit) -> pd.DataFrame:
        """Return one of the two tables."""
        return self.deployments if unit is Unit.DEPLOYMENT else self.respondents


@dataclass
class _Building:
    export: Export
    issues: list[Issue] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def edition(self) -> str:
        return self.export.edition.name


def tables_of(export: Export) -> Tables:
    """Return the typed answers in one export."""
    work = _Building(export)
    persons = _numbers(export, "person")
    surveys = _numbers(export, "respondent") if "respondent" in export.keys else persons
    _, first = np.unique(surveys, return_index=True)
    first = np.sort(first)
    if export.layout is Layout.BY_COMPANY:
        return _companies(work, surveys, first)
    deployments = _numbers(export, "deployment")
    if (deployments >= 0).any() or export.key("deployment") is not None:
        _check_repeats(work, surveys, first)
        rows = _deployment_rows(work, deployments)
    else:
        _check_repeated_respondents(work, surveys, first)
        rows = np.array([], dtype=np.int64)
    work.repairs.extend(restored_headings(export))
    respondents = _typed(work, Unit.RESPONDENT, first, surveys[first])
    described = _typed(work, Unit.DEPLOYMENT, rows, deployments[rows])
    described.insert(0, "respondent", surveys[rows])
    _add_completion(export, described, "deployment_completed", rows)
    respondents = pd.concat([_keys(work, first, surveys[first]), respondents], axis=1)
    _note_last_survey(work, surveys, deployments)
    if export.layout in FROM_THE_EXPORTER:
        work.issues.extend(nameless_deployments(export, deployments))
    _flag_uncertain(work, surveys, deployments)
    log = export.log.plus(work.repairs, work.issues)
    return Tables(
        work.edition,
        respondents,
        described,
        work.flags,
        log,
        {export.name: {**export.counts, **work.counts}},
        dict(zip(persons.tolist(), surveys.tolist(), strict=True))
        if surveys is not persons
        else {},
    )


def _numbers(export: Export, role: str) -> Ints:
    """Return a column of whole numbers; -1 where the cell is blank or there is no column."""
    cells = export.key(role)
    if cells is None:
        return np.full(len(export), -1, dtype=np.int64)
    filled = pc.if_else(pc.equal(cells, ""), "-1", cells)
    return np.asarray(pc.cast(filled, pa.int64()))


def _keys(work: _Building, rows: Ints, ids: Ints) -> pd.DataFrame:
    """Return the fixed columns of respondents, as far as the file has them."""
    export = work.export
    frame = pd.DataFrame(index=pd.Index(ids))
    for name in ("member", "language", "created", "edited", "account_email"):
        cells = export.key(name)
        if cells is not None:
            texts = pd.Series(cells.take(pa.array(rows)).to_pylist(), index=ids, dtype=object)
            time = name in ("created", "edited")
            frame[name] = _times(texts) if time else texts
            if time:
                lost = np.flatnonzero(frame[name].isna() & (texts != ""))
                work.issues.extend(lost_times(export, name, rows[lost]))
                work.flags.extend(
                    Flag(work.edition, Unit.RESPONDENT, int(number), name, "unreadable time")
                    for number in ids[lost]
                )
    _add_completion(export, frame, "completed", rows)
    return frame


def _times(texts: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce")


def _add_completion(export: Export, frame: pd.DataFrame, role: str, rows: Ints) -> None:
    """Add whether each record is complete, where the file says so."""
    cells = export.key(role)
    if cells is not None:
        meaning = {"1": True, "0": False}
        given = [meaning.get(cell) for cell in cells.take(pa.array(rows)).to_pylist()]
        frame["completed"] = pd.array(given, dtype="boolean")


def _companies(work: _Building, surveys: Ints, first: Ints) -> Tables:
    export = work.export
    _check_repeats(work, surveys, first)
    respondents = _typed(work, Unit.RESPONDENT, first, surveys[first])
    emails = export.key("account_email")
    if emails is not None:
        respondents["account_email"] = emails.take(pa.array(first)).to_pylist()
    empty = pd.DataFrame({"respondent": pd.Series([], dtype=np.int64)})
    return Tables(
        work.edition,
        respondents,
        empty,
        work.flags,
        export.log.plus(work.repairs, work.issues),
        {export.name: dict(export.counts)},
    )


def _typed(work: _Building, unit: Unit, rows: Ints, ids: Ints) -> pd.DataFrame:
    """Parse the answers of one unit on the chosen rows."""
    export = work.export
    placements = [each for each in export.placements if each.question.unit is unit]
    table = export.table.take(rows, {column for each in placements for column in each.columns})
    lines = export.lines[rows]
    columns: dict[str, object] = {}
    for placement in placements:
        headings = tuple(export.headings[column] for column in placement.columns)
        place = Place(
            export.name,
            placement.question.heading if placement.items else headings[0],
            lines,
            placement.separator,
            headings,
            export.layout in _WITHOUT_COMMAS,
        )
        parsed = parse(placement, table, place, _other_editions(export, placement.question))
        columns[placement.question.concept] = parsed.values
        _record(work, unit, placement, parsed, ids)
    return pd.DataFrame(columns, index=pd.Index(ids))


def _other_editions(export: Export, question: Question) -> tuple[Question, ...]:
    return tuple(
        edition.by_concept[question.concept]
        for edition in export.codebook
        if edition.name != export.edition.name
        and question.concept in edition.by_concept
        and edition.by_concept[question.concept].series == question.series
    )


def _record(work: _Building, unit: Unit, placement: Placement, parsed: Parsed, ids: Ints) -> None:
    work.repairs.extend(parsed.repairs)
    work.issues.extend(parsed.issues)
    concept = placement.question.concept
    work.flags.extend(
        Flag(work.edition, unit, int(ids[row]), concept, reason)
        for row, reason in parsed.uncertain.items()
    )


def _deployment_rows(work: _Building, deployments: Ints) -> Ints:
    """Return the first row of each deployment; later ones are repeats or contradictions."""
    rows = np.flatnonzero(deployments >= 0)
    _, first = np.unique(deployments[rows], return_index=True)
    kept = rows[np.sort(first)]
    for row in np.setdiff1d(rows, kept):
        original = kept[deployments[kept] == deployments[row]][0]
        _note_repeat(work, int(row), int(original), Unit.DEPLOYMENT, int(deployments[row]))
    return kept


def _check_repeated_respondents(work: _Building, surveys: Ints, first: Ints) -> None:
    """Where a row is a respondent, later rows are repeats or contradictions."""
    original = dict(zip(surveys[first].tolist(), first.tolist(), strict=True))
    for row in np.setdiff1d(np.arange(len(surveys)), first):
        number = int(surveys[row])
        _note_repeat(work, int(row), original[number], Unit.RESPONDENT, number)


def _note_repeat(work: _Building, row: int, original: int, unit: Unit, number: int) -> None:
    """Record a record that repeats the key of an earlier one."""
    table, lines = work.export.table, work.export.lines
    same = table.row(row) == table.row(original)
    reason = "repeated record" if same else "contradictory record"
    work.counts[reason] = work.counts.get(reason, 0) + 1
    work.counts["kept"] = work.counts.get("kept", work.export.counts["kept"]) - 1
    if same:
        work.issues.append(
            Issue(
                work.export.name,
                int(lines[row]),
                "",
                "repeated record",
                f"the same as line {lines[original]}; left out",
                0,
            )
        )
        return
    work.issues.append(
        Issue(
            work.export.name,
            int(lines[row]),
            "",
            "contradictory record",
            f"{unit.value} {number} stands on line {lines[original]} with other answers; "
            "the earlier line is kept and its answers are uncertain",
        )
    )
    work.flags.append(Flag(work.edition, unit, number, "*", "contradictory record"))


def _check_repeats(work: _Building, surveys: Ints, first: Ints) -> None:
    """A respondent's cells must be the same on each of their deployments' lines."""
    export = work.export
    repeats = np.setdiff1d(np.arange(len(surveys)), first)
    if not len(repeats):
        return
    row_of = dict(zip(surveys[first].tolist(), first.tolist(), strict=True))
    originals = np.array([row_of[number] for number in surveys[repeats].tolist()])
    for position in _columns_of_respondents(export):
        heading = export.headings[position]
        for at in np.flatnonzero(export.table.differ(position, repeats, originals)):
            _note_contradiction(
                work, int(repeats[at]), int(originals[at]), heading, int(surveys[repeats[at]])
            )


def _columns_of_respondents(export: Export) -> list[int]:
    """Return the columns that say something about the respondent."""
    keys = {heading for role, heading in export.keys.items() if "deployment" not in role}
    keys |= {"Email", "Continent"}
    fixed = [column for column, heading in enumerate(export.headings) if heading in keys]
    asked = (
        column
        for placement in export.placements
        if placement.question.unit is Unit.RESPONDENT
        for column in placement.columns
    )
    return sorted({*fixed, *asked})


def _note_contradiction(
    work: _Building, row: int, original: int, heading: str, survey: int
) -> None:
    lines = work.export.lines
    work.issues.append(
        Issue(
            work.export.name,
            int(lines[row]),
            heading,
            "contradictory cells",
            f"respondent {survey} has another answer on line {lines[original]}, which is kept",
        )
    )
    by_heading = work.export.edition.by_heading
    concept = by_heading[heading].concept if heading in by_heading else "*"
    work.flags.append(Flag(work.edition, Unit.RESPONDENT, survey, concept, "contradictory cells"))


def _note_last_survey(work: _Building, surveys: Ints, deployments: Ints) -> None:
    """The exporter never writes the deployments of the last survey in a file."""
    if not len(surveys) or work.export.layout not in FROM_THE_EXPORTER:
        return
    last = int(surveys.max())
    at = np.flatnonzero(surveys == last)
    if (deployments[at] >= 0).any():
        return
    work.issues.append(
        Issue(
            work.export.name,
            int(work.export.lines[at[0]]),
            "DeploymentID",
            "last survey",
            "the exporter never writes the deployments of the last respondent; an export with a "
            "later end date has them, if there are any",
        )
    )
    work.flags.append(Flag(work.edition, Unit.RESPONDENT, last, "deployments", "last survey"))


def _flag_uncertain(work: _Building, surveys: Ints, deployments: Ints) -> None:
    placed: Mapping[int, Question] = {
        column: placement.question
        for placement in work.export.placements
        for column in placement.columns
    }
    for row, columns in work.export.uncertain:
        for column in columns:
            question = placed.get(column)
            if question is None:
                continue
            number = surveys[row] if question.unit is Unit.RESPONDENT else deployments[row]
            work.flags.append(
                Flag(work.edition, question.unit, int(number), question.concept, "uncertain cell")
            )


def flags_frame(flags: Sequence[Flag]) -> pd.DataFrame:
    """Return flags as a table, each once."""
    rows = dict.fromkeys(
        (flag.edition, flag.unit.value, flag.id, flag.concept, flag.reason) for flag in flags
    )
    return pd.DataFrame(list(rows), columns=list(FLAG_COLUMNS))
