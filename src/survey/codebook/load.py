"""Read codebook files: TOML in, a Codebook out, every mistake in one error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType

from survey.checked import checked
from survey.codebook.codebook import Codebook, Edition
from survey.codebook.document import Document
from survey.codebook.fields import read_toml
from survey.codebook.releases import shipped_calendar
from survey.codebook.shipped import content_of
from survey.collector import collector_paused
from survey.errors import CodebookError, Problem

__all__ = ["read_codebook"]


@checked(CodebookError)
def read_codebook(*paths: Path | str) -> Codebook:
    """Return the shipped codebook, with the editions of further files added or replaced.

    Parameters
    ----------
    paths
        Edition files in TOML. A file whose edition is already known replaces it; it can extend
        the edition that it replaces, and say only what differs.

    Raises
    ------
    CodebookError
        If a file cannot be read or is wrong; the error lists every mistake of every file.

    Examples
    --------
    >>> read_codebook().edition("2019").question("compute_cores").kind
    <Kind.SINGLE: 'single'>
    """
    return _read(paths) if paths else _shipped()


@cache
def _shipped() -> Codebook:
    with collector_paused():  # the values of eleven editions stay until Python ends
        return _read(())


def _read(paths: Sequence[Path | str]) -> Codebook:
    problems: list[Problem] = []
    with as_file(files("survey.codebook").joinpath("data/editions")) as folder:
        shipped = sorted(folder.glob("*.toml"))
        read = (_document(path, problems) for path in (*shipped, *map(Path, paths)))
        documents = [document for document in read if document is not None]
    calendar = shipped_calendar().plus(each for document in documents for each in document.releases)
    editions: dict[str, Edition] = {}
    writer: dict[str, int] = {}
    for place, document in _parents_first(documents):
        for edition in document.editions(editions, calendar):
            if writer.get(edition.name, -1) <= place:
                editions[edition.name], writer[edition.name] = edition, place
        problems.extend(document.problems)
    if problems:
        raise CodebookError("The codebook cannot be used", dict.fromkeys(problems))
    return Codebook(MappingProxyType(dict(sorted(editions.items()))), calendar)


def _document(path: Path, problems: list[Problem]) -> Document | None:
    shipped = content_of(path)
    content = read_toml(path, problems) if shipped is None else shipped
    if content is None:
        return None
    document = Document(path.name, content, right=shipped is not None)
    if document.head is None:
        problems.extend(document.problems)
        return None
    return document


def _parents_first(documents: list[Document]) -> Iterator[tuple[int, Document]]:
    """Yield documents and their places, each after those that define what it extends."""
    pending = dict(enumerate(documents))
    while pending:
        place = next((place for place in pending if _ready(place, pending)), min(pending))
        yield place, pending.pop(place)


def _ready(place: int, pending: dict[int, Document]) -> bool:
    parent = pending[place].extends
    return not any(parent in other.names for key, other in pending.items() if key != place)
