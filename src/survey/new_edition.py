"""Write the draft of an edition into ``codebook/<edition>.toml``, beside what a person wrote.

Every proposal stands under comments that say why it is made. What only a person can decide
has ``confirmed = false`` and a comment that begins with ``LOOK:``; once it has been looked at,
the line is deleted. What the file has already is kept, word by word: a question gets further
choices and keys that it lacks, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, Table
from tomlkit.toml_document import TOMLDocument

from survey.codebook import Choice, Question
from survey.codebook.bands import with_commas
from survey.codebook.question import damaged
from survey.codebook.release_calendar import Release
from survey.errors import Problem, ProjectError
from survey.files import edit_file, faults_as
from survey.project import FILE_NAME
from survey.responses.drafting import Draft, Proposal

__all__ = ["draft_text", "list_export", "write_draft"]

_WIDTH = 96
_TEXTS = ("heading", "title", "series", "measure", "write_in_of", "note", "topic")
_FLAGS = ("personal", "ordinal")
_DEFAULTS = {each.name: each.default for each in fields(Question)}


def write_draft(draft: Draft, path: Path) -> Path:
    """Write a draft to a codebook file, or merge it into the one that is there.

    Raises
    ------
    ProjectError
        If the file is not valid TOML, describes another edition, or cannot be written; it
        stays as it was.
    """
    with faults_as(ProjectError, f"{path.name} cannot be written", path, "a file to write to"):
        path.parent.mkdir(parents=True, exist_ok=True)
        edit_file(path, lambda before: draft_text(draft, before or "", path.name))
    return path


def draft_text(draft: Draft, before: str = "", name: str = "codebook") -> str:
    """Return a codebook file with a draft in it, and all that it had before.

    Examples
    --------
    >>> draft = Draft("2026", "2025", not_asked={"nova_cells": "no column 'Cells'"})
    >>> print(draft_text(draft), end="")
    # Questionnaire of 2026, drafted from its export by "survey new-edition 2026".
    # Questions that are not named here are as in 2025. Look for LOOK: what stands there is a guess
    # until the line "confirmed = false" is deleted.
    <BLANKLINE>
    [edition]
    name = "2026"
    extends = "2025"
    not_asked = [
        "nova_cells", # no column 'Cells'
    ]
    """
    document = _parsed(before, name) if before.strip() else _new_document(draft)
    _refuse_other(document, draft, name)
    questions = document.get("questions")
    if not isinstance(questions, AoT):
        questions = tomlkit.aot()
    known = {str(each.get("concept")): each for each in questions}
    # What the file itself asks is asked, though another export of the edition lacks its column.
    absent = {each: why for each, why in draft.not_asked.items() if each not in known}
    _add_not_asked(document, absent)
    _add_releases(document, draft.releases)
    added = False
    for proposal in draft.proposals:
        entry = known.get(proposal.question.concept)
        if entry is not None:
            _merge(entry, proposal)
        else:
            questions.append(_entry(proposal))
            added = True
    if added and "questions" not in document:
        document.add("questions", questions)
    return _plain_ends(tomlkit.dumps(document))


def _parsed(text: str, name: str) -> TOMLDocument:
    try:
        return tomlkit.parse(text)
    except tomlkit.exceptions.ParseError as error:
        problem = Problem(name, str(error), "valid TOML in UTF-8")
        raise ProjectError(f"Cannot add to {name}", [problem]) from None


def _new_document(draft: Draft) -> TOMLDocument:
    document = tomlkit.document()
    for line in (
        f'Questionnaire of {draft.edition}, drafted from its export by "survey new-edition '
        f'{draft.edition}".',
        f"Questions that are not named here are as in {draft.extends}. Look for LOOK: what stands "
        "there is a guess",
        'until the line "confirmed = false" is deleted.',
    ):
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    edition = tomlkit.table()
    edition.add("name", draft.edition)
    edition.add("extends", draft.extends)
    document.add("edition", edition)
    return document


def _refuse_other(document: TOMLDocument, draft: Draft, name: str) -> None:
    edition = document.get("edition", {})
    names = edition.get("names") or [edition.get("name")]
    if draft.edition not in names:
        problem = Problem(
            f"{name}, [edition]",
            f"name = {edition.get('name')!r}",
            f"the edition {draft.edition!r}",
            f"write the draft to codebook/{draft.edition}.toml",
        )
        raise ProjectError(f"Cannot add to {name}", [problem])


def _add_not_asked(document: TOMLDocument, not_asked: Mapping[str, str]) -> None:
    edition = document["edition"]
    assert isinstance(edition, Table)
    listed = edition.get("not_asked")
    new = {concept: why for concept, why in not_asked.items() if concept not in (listed or ())}
    if not new:
        return
    if not isinstance(listed, Array):
        listed = tomlkit.array()
        edition.add("not_asked", listed)
    listed.multiline(True)
    for concept, why in new.items():
        listed.add_line(concept, comment=_one_line(why))
    listed.add_line(indent="")


def _add_releases(document: TOMLDocument, releases: Mapping[Release, str]) -> None:
    """Add series that the calendar lacks; one that the file has is kept."""
    listed = document.get("releases")
    series = listed if isinstance(listed, AoT) else tomlkit.aot()
    known = {str(each.get("series")) for each in series}
    new = {release: why for release, why in releases.items() if release.series not in known}
    for release, why in new.items():
        entry = tomlkit.table()
        for line in _wrapped(f"LOOK: {why}; version, day and slurp are guesses."):
            entry.add(tomlkit.comment(line))
        for key in ("series", "version", "released", "slurp"):
            entry.add(key, getattr(release, key))
        series.append(entry)
    if new and "releases" not in document:
        document.add("releases", series)


def _entry(proposal: Proposal) -> Table:
    """Return the table of one question: its reasons, then what differs from the base."""
    entry = tomlkit.table()
    for line in _reasons(proposal):
        entry.add(tomlkit.comment(line))
    entry.add("concept", proposal.question.concept)
    for key, value in _differences(proposal):
        entry.add(key, value)
    return entry


def _reasons(proposal: Proposal) -> Iterator[str]:
    for sentence in proposal.evidence:
        yield from _wrapped(sentence)
    for sentence in proposal.doubts:
        yield from _wrapped(f"LOOK: {sentence}")


def _wrapped(sentence: str) -> Iterator[str]:
    line = ""
    for word in _one_line(sentence).split(" "):
        if line and len(line) + len(word) > _WIDTH:
            yield line
            line = "  "
        line = f"{line} {word}" if line.strip() else f"{line}{word}"
    yield line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _differences(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    """Yield the keys that a question must have beside those that it inherits."""
    question, old = proposal.question, proposal.inherited

    def differs(key: str) -> bool:
        value = getattr(question, key)
        return bool(value != (_DEFAULTS.get(key) if old is None else getattr(old, key)))

    for key in ("heading", "title"):
        if differs(key):
            yield key, getattr(question, key)
    for key in ("kind", "unit"):
        if old is None or differs(key):
            yield key, getattr(question, key).value
    if old is None and proposal.after:
        yield "after", proposal.after
    for key in _TEXTS[2:]:
        usual = key == "series" and old is None and question.series == question.concept
        if differs(key) and not usual:
            yield key, getattr(question, key)
    yield from ((key, getattr(question, key)) for key in _FLAGS if differs(key))
    for key in ("choices", "rows"):
        if differs(key) or (key == "choices" and proposal.remarks):
            yield key, _choices(getattr(question, key), getattr(old, key, ()), proposal.remarks)
    if differs("shown_if"):
        yield "shown_if", _conditions(question)
    if not question.confirmed:
        yield "confirmed", False


def _conditions(question: Question) -> InlineTable:
    table = tomlkit.inline_table()
    for condition in question.shown_if:
        table.append(condition.concept, list(condition.answers))
    return table


def _choices(
    choices: tuple[Choice, ...], old: tuple[Choice, ...], remarks: Mapping[str, str]
) -> Array:
    array = tomlkit.array()
    array.multiline(True)
    for choice in choices:
        remark = remarks.get(choice.label) or (_change(choice, old) if old else "")
        array.add_line(_choice(choice), comment=remark or None)
    array.add_line(indent="")
    return array


def _change(choice: Choice, old: tuple[Choice, ...]) -> str:
    """Say what is new about a choice."""
    if choice in old:
        return ""
    before = next((each for each in old if each.label == choice.label), None)
    return f"was {before.value!r}" if before and before.value != choice.value else "new"


def _choice(choice: Choice) -> str | InlineTable:
    table = tomlkit.inline_table()
    table.append("value", choice.value)
    if choice.label != choice.value:
        table.append("label", choice.label)
    if choice.band is not None:
        table.append("low", choice.band.low)
        if choice.band.high is not None:
            table.append("high", choice.band.high)
    if choice.missing is not None:
        table.append("missing", choice.missing.value)
    if choice.column:
        table.append("column", choice.column)
    if choice.renamed_from:
        table.append("renamed_from", list(choice.renamed_from))
    if not choice.confirmed:
        table.append("confirmed", False)
    return table if len(table) > 1 else choice.value


def _merge(entry: Table, proposal: Proposal) -> None:
    """Add to a person's entry what it lacks; nothing that it has is changed."""
    reasons = list(_reasons(proposal))
    changed = False
    for key, value in _differences(proposal):
        if key in ("choices", "rows") and isinstance(entry.get(key), Array):
            changed |= _add_choices(entry[key], getattr(proposal.question, key))
        elif key not in entry and key != "confirmed":
            entry.add(key, value)
            changed = True
    if changed and not proposal.sure:
        entry["confirmed"] = False
    if changed:
        for line in reasons:
            entry.add(tomlkit.comment(line))


def _add_choices(array: Any, choices: tuple[Choice, ...]) -> bool:
    """Add choices whose text the array lacks, before the end."""
    known = set()
    for item in array:
        value = item.get("value", "") if isinstance(item, dict) else str(item)
        known |= {value, damaged(value), with_commas(value)}
    new = [each for each in choices if each.value not in known and damaged(each.value) not in known]
    for choice in new:
        array.add_line(_choice(choice), comment="new")
    return bool(new)


def _plain_ends(text: str) -> str:
    return text.rstrip("\n") + "\n"


def list_export(folder: Path, path: Path, edition: str) -> bool:
    """Add a file to those that ``survey.toml`` lists; nothing if the project lists none.

    Returns
    -------
    bool
        Whether the project file was changed.

    Raises
    ------
    ProjectError
        If the project file cannot be written; it stays as it was.
    """
    project_file = folder / FILE_NAME

    def change(before: str | None) -> str | None:
        document = tomlkit.parse(before or "")
        exports = document.get("exports")
        if not isinstance(exports, AoT):
            return None
        listed = {(folder / str(each.get("file", ""))).resolve() for each in exports}
        if path.resolve() in listed:
            return None
        entry = tomlkit.table()
        entry.add("file", _from_folder(folder, path))
        entry.add("edition", edition)
        exports.append(entry)
        return tomlkit.dumps(document)

    with faults_as(
        ProjectError, f"{FILE_NAME} cannot be written", project_file, "a file to write to"
    ):
        return edit_file(project_file, change) if project_file.exists() else False


def _from_folder(folder: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return str(path)
