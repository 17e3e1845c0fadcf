"""Exports in, Responses out: parse, join, identify organizations, replace personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Codebook, Edition, Unit
from survey.codebook.release_questions import with_release_questions
from survey.errors import Problem, ResponsesError
from survey.exports import Export, Layout
from survey.provenance import Provenance, Unconfirmed
from survey.responses.aliases import Aliases
from survey.responses.carried import carry_overs, migrated
from survey.responses.clouds import cloud_of, same_clouds
from survey.responses.completion import LISTS, listed_numbers, with_completion
from survey.responses.discretion import discreet_answers, discreet_issues
from survey.responses.organizations import organization_keys, respondents_of
from survey.responses.persons import with_numbers
from survey.responses.pool import pool
from survey.responses.presence import Presence, presence_of
from survey.responses.pseudonyms import Pseudonyms, session_key
from survey.responses.reconcile import reconcile
from survey.responses.record_keys import record_keys
from survey.responses.responses import DEPLOYMENT_KEYS, RESPONDENT_KEYS, Responses
from survey.responses.tables import Tables, flags_frame, tables_of

__all__ = ["clean"]

_NO_ANSWERS = (Layout.BY_COMPANY, Layout.FREE_TEXT)


@checked(ResponsesError)
def clean(
    exports: Export | Iterable[Export],
    *,
    identified: bool = False,
    key: bytes | None = None,
    aliases: Aliases | None = None,
) -> Responses:
    """Turn exports into typed answers.

    Several exports of one edition are joined on their keys: what one lost is filled from the
    others. Exports of several editions give the answers of all of them. With a list of the
    back office (``surveys.csv``, ``deployments.csv``) or the interface's JSON among them, the
    tables have a column ``completed``.

    Parameters
    ----------
    exports
        What :func:`survey.read_export` returned.
    identified
        Keep names, e-mail addresses, member numbers and organization names in clear, for
        staff who must follow up. By default keyed pseudonyms stand in their place.
    key
        Secret key of the pseudonyms; by default one that is forgotten when Python ends.
    aliases
        Decisions about organizations: other names, mergers, splits.

    Raises
    ------
    ResponsesError
        If there is nothing to clean, an edition comes without any answers, or a file holds none.

    Examples
    --------
    >>> answers = clean(read_export("data/raw/Survey_20240831120000.csv"))  # doctest: +SKIP
    >>> answers.editions  # doctest: +SKIP
    ('2024',)
    """
    given = (exports,) if isinstance(exports, Export) else tuple(exports)
    lists = [export for export in given if export.layout in LISTS]
    placed = _with_their_answers([export for export in given if export.layout not in LISTS])
    ordered = sorted(placed, key=lambda export: export.edition.name)
    _refuse_two_editions(ordered)
    editions = [
        _Edition.of(tuple(group), lists)
        for _, group in groupby(ordered, key=lambda export: export.edition.name)
    ]
    _refuse_strange_lists(lists, editions)
    pseudonyms = Pseudonyms(key or session_key())
    _identify_organizations(editions, pseudonyms, aliases)
    return pool(_responses(edition, pseudonyms, identified) for edition in editions)


def _with_their_answers(exports: Sequence[Export]) -> list[Export]:
    """Give each list of companies, which names no edition, that of the answers it belongs to."""
    answers = [export for export in exports if export.layout not in _NO_ANSWERS]
    lists = [export for export in exports if export.layout is Layout.BY_COMPANY]
    problems = [_without_key(each) for each in exports if each.layout is Layout.FREE_TEXT]
    if not exports:
        hint = "read one with survey.read_export"
        problems.append(Problem("clean()", "no export with answers", "at least one", hint))
    placed = []
    for companies in lists:
        edition = _edition_of(companies, answers)
        if edition is None:
            problems.append(
                Problem(
                    companies.name,
                    "a list of companies whose respondents stand in no other export",
                    "the answers of the same edition",
                    "add its Survey_*.csv export",
                )
            )
        else:
            own = replace(companies.provenance, codebook=(edition.name,))
            placed.append(replace(companies, edition=edition, provenance=own))
    if problems:
        raise ResponsesError("There are no answers to clean", problems)
    return [*answers, *placed]


def _edition_of(companies: Export, answers: Sequence[Export]) -> Edition | None:
    """Return the edition that has most of the listed respondents."""
    listed = set(_surveys(companies))
    shared = [(len(listed & set(_surveys(export))), export) for export in answers]
    most, export = max(shared, key=lambda pair: pair[0], default=(0, None))
    return export.edition if export is not None and most else None


def _without_key(export: Export) -> Problem:
    return Problem(
        export.name,
        "texts and tags by the number of the answer, which no other export has",
        "answers by the number of the survey",
        "leave it out here; its texts and tags are in read_export(path).frame",
    )


def _refuse_two_editions(exports: Sequence[Export]) -> None:
    """Refuse files that hold the same respondents but were taken for different editions."""
    if len({export.edition.name for export in exports}) < 2:
        return
    known: dict[tuple[str, ...], Export] = {}
    problems: dict[str, Problem] = {}
    for export in exports:
        for person in _persons(export):
            other = known.setdefault(person, export)
            if other.edition.name != export.edition.name:
                problems[export.name] = _same_respondents(export, other)
    if problems:
        raise ResponsesError("It is not clear which edition was answered", problems.values())


def _persons(export: Export) -> set[tuple[str, ...]]:
    """Return number, account and first visit: no two surveys of the system share all three."""
    if export.layout not in (Layout.BY_HEADING, Layout.FLAT):
        return set()
    columns = [export.key(role) for role in ("respondent", "member", "created")]
    found = [column.to_pylist() for column in columns if column is not None]
    return set(zip(*found, strict=True)) if len(found) == len(columns) else set()


def _same_respondents(export: Export, other: Export) -> Problem:
    return Problem(
        export.name,
        f"answers of edition {export.edition.name} by respondents who stand in {other.name} as "
        f"those of {other.edition.name}",
        "each respondent in one edition",
        "name the edition when reading: read_export(path, edition=...)",
    )


def _refuse_strange_lists(lists: Sequence[Export], editions: Sequence[_Edition]) -> None:
    """Refuse lists of the back office that name none of the records."""
    problems = [
        Problem(
            each.name,
            "a list whose records stand in no other export",
            "the list of the same edition",
            "add its Survey_*.csv export",
        )
        for each in lists
        if not any(each in edition.lists for edition in editions)
    ]
    if problems:
        raise ResponsesError("There are no answers to clean", problems)


def _surveys(export: Export) -> list[str]:
    cells = export.key("respondent")
    return [] if cells is None else cells.to_pylist()


@dataclass
class _Edition:
    """The tables of one edition while they are being completed."""

    tables: Tables
    codebook: Codebook
    provenance: Provenance
    respondents: pd.DataFrame
    deployments: pd.DataFrame
    lists: Sequence[Export]
    presence: Presence

    @classmethod
    def of(cls, exports: Sequence[Export], lists: Sequence[Export]) -> _Edition:
        parts = with_numbers([tables_of(export) for export in exports])
        numbers = [{unit: part.frame(unit).index for unit in Unit} for part in parts]
        presence = presence_of(exports, exports[0].edition, numbers)
        tables = reconcile(parts)
        own = [each for each in lists if listed_numbers(each).isin(_numbers(tables, each)).any()]
        tables = with_completion(tables, own)
        provenance = Provenance().merge(*(export.provenance for export in exports))
        sources = tuple(source for each in own for source in each.provenance.sources)
        provenance = provenance.merge(
            Provenance(sources, unconfirmed=_unconfirmed(tables, exports[0]))
        )
        respondents = _with_keys(tables, tables.respondents, "respondent")
        respondents["copied"] = migrated(respondents)
        deployments = _with_keys(tables, tables.deployments, "deployment")
        return cls(tables, exports[0].codebook, provenance, respondents, deployments, own, presence)


def _unconfirmed(tables: Tables, export: Export) -> tuple[Unconfirmed, ...]:
    """Return the questions that nobody has confirmed, and those that are worked out from them."""
    own = export.codebook.edition(tables.edition)
    alone = replace(export.codebook, editions=MappingProxyType({own.name: own}))
    asked = with_release_questions(alone).edition(own.name)
    return tuple(Unconfirmed(asked.name, q.concept) for q in asked.questions if not q.confirmed)


def _numbers(tables: Tables, export: Export) -> pd.Index[int]:
    return tables.frame(LISTS[export.layout]).index


def _identify_organizations(
    editions: Sequence[_Edition], pseudonyms: Pseudonyms, aliases: Aliases | None
) -> None:
    """Give every respondent of every edition the pseudonym of the organization."""
    everyone = [respondents_of(edition.respondents) for edition in editions]
    keys = iter(organization_keys([each for some in everyone for each in some], aliases))
    for edition, some in zip(editions, everyone, strict=True):
        own = [next(keys) for _ in some]
        edition.respondents["organization"] = pseudonyms.all_of("org", own)


def _responses(edition: _Edition, pseudonyms: Pseudonyms, identified: bool) -> Responses:
    respondents, deployments = edition.respondents, edition.deployments
    _link(respondents, deployments)
    pairs = same_clouds(deployments, edition.codebook.edition(edition.tables.edition))
    deployments["cloud"] = cloud_of(deployments, pairs)
    name = edition.tables.edition
    respondents["record_key"] = record_keys(pseudonyms, name, "respondent", respondents)
    deployments["record_key"] = record_keys(pseudonyms, name, "deployment", deployments)
    tables, issues = edition.tables, edition.tables.log.issues
    if not identified:
        asked = edition.codebook.edition(tables.edition)
        issues = discreet_issues(
            issues, _answered(asked, set(issues["column"]), respondents, deployments)
        )
        respondents = _without_personal_data(respondents, asked, pseudonyms)
        deployments = discreet_answers(deployments, asked, Unit.DEPLOYMENT)
    flags = flags_frame(tables.flags)
    return Responses(
        _ordered(respondents, RESPONDENT_KEYS),
        _ordered(deployments, DEPLOYMENT_KEYS),
        edition.codebook,
        _of_edition(issues, tables.edition),
        _of_edition(tables.log.repairs, tables.edition),
        edition.provenance.then("cleaned"),
        flags,
        tables.counts,
        identified,
        same_clouds=pairs,
        carry_overs=carry_overs(respondents, deployments, edition.codebook, flags),
        presence=edition.presence,
    )


def _answered(edition: Edition, headings: set[str], *frames: pd.DataFrame) -> dict[str, int]:
    """Return how many answered the question under each of the headings."""
    return {
        question.heading: int(np.count_nonzero(~np.asarray(frame[question.concept].array.isna())))
        for question in edition.questions
        if question.heading in headings
        for frame in frames
        if question.concept in frame
    }


def _of_edition(log: pd.DataFrame, edition: str) -> pd.DataFrame:
    """Return a log that says which edition's answers it is about."""
    named = log.copy()
    named.insert(0, "edition", pd.Series([edition] * len(log), index=log.index, dtype=object))
    return named


def _with_keys(tables: Tables, frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    keyed = frame.rename_axis(unit).reset_index()
    keyed.insert(0, "edition", tables.edition)
    if unit == "respondent":
        for name in ("member", "language", "created", "edited"):
            if name not in keyed:
                keyed[name] = pd.NaT if name in ("created", "edited") else ""
    return keyed


def _link(respondents: pd.DataFrame, deployments: pd.DataFrame) -> None:
    """Give deployments the organization and the origin of their respondent."""
    row = pd.Index(respondents["respondent"]).get_indexer(pd.Index(deployments["respondent"]))
    deployments["organization"] = respondents["organization"].to_numpy()[row]
    deployments["copied"] = np.asarray(respondents["copied"], dtype=bool)[row]


def _ordered(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    return frame[[*keys, *(column for column in frame.columns if column not in keys)]]


def _without_personal_data(
    respondents: pd.DataFrame, edition: Edition, pseudonyms: Pseudonyms
) -> pd.DataFrame:
    """Replace what identifies a person or an organization by keyed pseudonyms."""
    replaced = respondents.drop(columns="account_email", errors="ignore")
    replaced["member"] = pseudonyms.all_of("member", respondents["member"])
    for question in edition.of_unit(Unit.RESPONDENT):
        if question.concept not in respondents:
            continue
        if question.personal:
            replaced[question.concept] = pseudonyms.all_of(
                question.concept, respondents[question.concept]
            )
        elif question.kind.names_organization:
            named = respondents[question.concept].notna()
            replaced[question.concept] = respondents["organization"].where(named, None)
    return discreet_answers(replaced, edition, Unit.RESPONDENT)
