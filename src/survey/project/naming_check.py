"""Nobody is named without consent in this edition or a public source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from survey.checked import checked
from survey.codebook import Codebook
from survey.errors import Problem, ProjectError
from survey.estimates import Estimates
from survey.responses import OrganizationNames

__all__ = ["refuse_names"]


@checked(ProjectError)
def refuse_names(
    tables: Iterable[Estimates],
    texts: Iterable[str],
    names: OrganizationNames | None,
    codebook: Codebook,
    edition: str,
) -> None:
    """Refuse titles, notes, labels and sentences that name an organization without consent.

    Looked at is what people write: titles, notes and options of tables, labels that no
    questionnaire lists (nets, coded answers), and sentences such as claims of one's own. Claims,
    paragraphs and quotes of a report are made of the words of its tables.

    Parameters
    ----------
    tables, texts
        What is to be published.
    names
        The organizations that answered, see :class:`survey.responses.OrganizationNames`.
    codebook, edition
        The questionnaires, and the edition in which consent is needed.

    Raises
    ------
    ProjectError
        If one is named; the error says where, and quotes nothing.

    Examples
    --------
    >>> refuse_names([], ["Clouds grew."], None, Codebook({}), "2024")
    """
    if names is None:
        return
    listed = frozenset(_listed(codebook))
    titles = (question.title for each in codebook for question in each.questions)
    words = " ".join((*listed, *titles)).casefold()
    places = [*_of_tables(tables, listed), *((f"text {n}", t) for n, t in enumerate(texts, 1))]
    refused: dict[str, tuple[tuple[int, int], ...]] = {}
    problems = []
    for place, text in places:
        if text not in refused:
            refused[text] = tuple(names.refused(text, edition, words))
        problems += [_problem(place, edition, first, last) for first, last in refused[text]]
    if problems:
        raise ProjectError("An organization is named without consent", problems)


def _problem(place: str, edition: str, first: int, last: int) -> Problem:
    where = f"word {first}" if first == last else f"words {first} to {last}"
    return Problem(
        place,
        f"an organization ({where})",
        f"its consent in {edition}, or a public source",
        "survey organizations may-be-named lists who consented",
    )


def _of_tables(tables: Iterable[Estimates], listed: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield place and text of everything in tables that a person may have written."""
    for number, table in enumerate(tables, start=1):
        name = table.name or f"table {number}"
        yield f"{name}, title", table.title
        yield from ((f"{name}, note {n}", note) for n, note in enumerate(table.notes, 1))
        for option, value in table.spec.options:
            yield from ((f"{name}, option {option!r}", text) for text in _texts(value))
        for column in (*table.groups, "answer"):
            labels = map(str, table.frame[column].unique())
            own = (label for label in labels if label not in listed)
            yield from ((f"{name}, a label in {column!r}", label) for label in own)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.items()))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _texts(each)


def _listed(codebook: Codebook) -> Iterator[str]:
    for edition in codebook:
        for question in edition.questions:
            yield from (*question.labels, *question.row_labels)
