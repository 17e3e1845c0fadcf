"""The keys of ``survey.toml`` and of codebook files, from the code that reads them.

``docs/build.py`` writes what :func:`settings` and :func:`codebook_keys` return. A key that the code
reads and that nothing here or in a docstring describes is a fault.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from survey.codebook import document, layout, question, release_calendar, release_entries
from survey.codebook.vocabulary import Vocabulary
from survey.disclosure import Policy
from survey.project import own_variables as project_variables
from survey.project import published as project_published
from survey.project import report_plan
from survey.project import settings as project
from survey.project import settings_checks as project_checks
from survey.publish import CLAIM_KEYS

GENERATED = "<!-- Written by docs/build.py from the code; change it there. -->"
EDITION = {
    "name": "Short name, usually the year.",
    "names": "Several editions that one file describes, instead of `name`.",
    "title": "Name for readers; `{name}` stands for the short name.",
    "status": '`"observed"`, or `"assumed"` where the questionnaire is not public.',
    "extends": "Edition from which the file takes what it does not say; it can be the same one.",
    "not_asked": "Concepts of that edition that this one does not ask.",
    "opened": "First day on which answers were taken.",
    "closed": "Last day on which answers were taken.",
    "note": "What a reader must know of the edition.",
}
QUESTION = {
    "after": "Concept behind which the form asks a new question.",
    "choices_by_edition": "Choices of each edition, where a file describes several.",
    "shown_if": "When the form shows the question: see the page on other surveys.",
}
CHOICE = {
    "low": "Least number of a band; a choice with `low` is a band.",
    "high": "Largest number of a band; none for the open one.",
    "also": "Further texts that are stored for the same answer.",
}
SETTINGS = {
    "title": "Title of the publication.",
    "codebook": "Further edition files; those in the folder `codebook` are read by themselves.",
    "policy": "Rules of disclosure control, see below.",
    "vocabulary": "What the community calls its respondents, units and records, see below.",
    "publisher": "Who publishes, see below.",
    "report": "Chapters of the report, tables left out, and Python files, see below.",
    "tables": "Tables of one's own, see below.",
    "variables": "Questions of one's own, worked out or joined, see below.",
    "published": "Earlier public totals of cores, with year, figure, source and method; they stand "
    "beside the headline.",
    "exports": "The files to read, see below. Without it every export in `data/raw` is read.",
    "bind": "Edition, then concept: the heading under which the file really has a question.",
    "aliases": "Decisions on organizations: other names, mergers, splits.",
    "frames": "Coding frames for write-ins and free text.",
    "claims": "Sentences that `survey claims` holds against a report.",
    "fold": "Questions whose write-ins count as the listed option that they name; true: all.",
}
ENTRY = {
    "file": "The file, from the project's folder.",
    "edition": "Its edition; recognized by content if not given.",
    "invented": "Whether the answers are made up; every output then says so.",
}
REPORT = {
    "chapters": "Topics that the report has, in their order; by default all.",
    "without": "Names of tables that are left out.",
    "published_figures": "Files with core counts that organizations made public "
    "(`[[footprints]]`), beside those that are shipped.",
    "breakdowns": "Closed questions or variables by whose answers every closed question is "
    "broken down.",
    "topics": "Python files with a function `tables(answers, edition)` that yields tables.",
}
PUBLISHED = {
    "year": "Year or edition that the total is about.",
    "figure": "Cores.",
    "source": "Where it was published.",
    "method": "How it was made, as far as that is known.",
    "at_least": "Whether it was called a lower bound.",
}
CLAIM = {
    "text": "The claim in words; the name of the table by default.",
    "table": "The table of a report that decides it.",
    "answer": "The answer, where the table has several.",
    "where": "Group -> value, where the table has groups.",
    "more_than": "The number is more than this: a number, or text such as `50 %`.",
    "less_than": "The number is less than this.",
}
OWN_TABLE = {
    "concept": "The question.",
    "statistic": "`share` (the default), `median`, `total` or `nps`.",
    "by": "Concept whose answers are the groups; `edition` for all editions.",
    "where": "Concept -> the answer, or the answers, of the records that count.",
    "name": "Name of the table, by which files are called.",
    "topic": "Its chapter; `own` by default.",
    "title": "Its title; that of the question by default.",
    "text": "A note under it.",
    "weights": "Concept -> its answers' shares of the population, to which answers are raked.",
    "published_figures": "Whether a total takes core counts that are public in place of bands.",
    "editions": "Whether all editions up to the published one count; else that one alone.",
}
VARIABLE = {
    "name": "What it is called: small letters, digits and underscores.",
    "title": "The question in words.",
    "topic": "Chapter of the report that shows its answers; by default none does.",
    "of": "The question whose answers are taken together or compared.",
    "groups": "New answer -> the answers that it takes together: a list, or "
    "`{ at_least = ..., at_most = ... }` in the order of the question.",
    "at_least": "Lowest answer that counts as the first label.",
    "at_most": "Highest answer that counts as the first label.",
    "where": "Concept -> answers of which one must have been given; all concepts must hold.",
    "labels": "What the two sides of a comparison or condition are called; Yes and No by default.",
    "file": "A CSV table, from the project's folder.",
    "on": "Its key: `organization`, `respondent`, `deployment`, or a question with one answer.",
    "columns": "Its columns that become questions; by default all.",
}
PUBLISHER = {
    "name": "Who publishes.",
    "contact": "How to reach them.",
    "licence": "Under which terms.",
    "colour": "Colour of the edge above each page, such as `#7a3b00`.",
    "file_name": "Beginning of the names of written files; by default the title.",
}


def settings() -> str:
    """Return the page on the keys of ``survey.toml``."""
    types = project_checks._TYPES
    parts = [
        "# Keys of survey.toml",
        GENERATED,
        "`survey.toml` lies in the folder of a project. Every key is optional; an unknown key is "
        "refused, with the nearest one that there is.",
        _table((key, words(key, SETTINGS), _code(types[key][1])) for key in sorted(project._KEYS)),
        "## `[[exports]]`",
        _table(
            (key, words(key, ENTRY), _code(project_checks._ENTRY_TYPES[key][1]))
            for key in project_checks._ENTRY_TYPES
        ),
        "## `[report]`",
        _table((key, words(key, REPORT), "") for key in report_plan._REPORT_KEYS),
        "## `[[tables]]`",
        _table((key, words(key, OWN_TABLE), "") for key in report_plan._TABLE_KEYS),
        "## `[[variables]]`",
        "One of `groups`, `at_least` or `at_most`, `where`, and `file` makes a variable; it can "
        "use those above it.",
        _table((key, words(key, VARIABLE), "") for key in project_variables.VARIABLE_KEYS),
        "## `[[published]]`",
        _table((key, words(key, PUBLISHED), "") for key in project_published.PUBLISHED_KEYS),
        "## `[[claims]]`",
        "Sentences that `survey claims` holds against a report.",
        _table((key, words(key, CLAIM), "") for key in CLAIM_KEYS),
        "## `[publisher]`",
        _table((key, words(key, PUBLISHER), "") for key in sorted(project._PUBLISHER_KEYS)),
        "## `[policy]`",
        _defaults(Policy),
        "## `[vocabulary]`",
        _defaults(Vocabulary),
    ]
    return "\n\n".join(parts) + "\n"


def codebook_keys() -> str:
    """Return the page on the keys of a codebook file."""
    asked = attributes(question.Question) | QUESTION
    offered = attributes(question.Choice) | CHOICE
    parts = [
        "# Keys of a codebook file",
        GENERATED,
        "A codebook file describes the questionnaire of one edition (or several) in TOML. Files in "
        "the folder `codebook` of a project are read by themselves. An unknown key is refused, "
        "with the nearest one that there is.",
        "## `[edition]`",
        _table((key, words(key, EDITION), "") for key in document._EDITION_KEYS),
        "## `[[questions]]`",
        "A question that the edition inherits needs its `concept` and what differs; a new one "
        f"needs {', '.join(f'`{key}`' for key in document._NEEDED)}.",
        _table((key, words(key, asked), "") for key in document._QUESTION_KEYS),
        "### Choices and rows",
        "A choice is a text, or a table with these keys:",
        _table((key, words(key, offered), "") for key in document._CHOICE_KEYS),
        "## `[[releases]]`",
        "Release series that the shipped calendar lacks.",
        _table(
            (key, words(key, attributes(release_calendar.Release)), "")
            for key in release_entries.RELEASE_KEYS
        ),
        "## `[layout]`",
        "How files of another survey tool are laid out.",
        _defaults(layout.FileLayout),
        "## `[vocabulary]`",
        _defaults(Vocabulary),
        "## Former names",
        _table((old, f"is called `{new}` now", "") for old, new in document._FORMER_KEYS.items()),
    ]
    return "\n\n".join(parts) + "\n"


def attributes(owner: type) -> dict[str, str]:
    """Return what the docstring of a class says of each attribute."""
    text = inspect.getdoc(owner) or ""
    _, _, listed = text.partition("Attributes\n----------\n")
    found: dict[str, str] = {}
    names: list[str] = []
    for line in listed.splitlines():
        if re.match(r"^[A-Z][a-z]+$", line):
            break
        if line.startswith(" "):
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
        elif line.strip():
            names = [name.strip() for name in line.split(",")]
    return {name: said.replace("``", "`") for name, said in found.items()}


def words(key: str, known: Mapping[str, str]) -> str:
    """Return what a key means.

    Raises
    ------
    SystemExit
        If nothing says so.
    """
    if not known.get(key):
        raise SystemExit(f"docs: nothing says what the key {key!r} means; add it to docs/keys.py")
    return known[key]


def _defaults(owner: Any) -> str:
    """Return a table of the fields of a dataclass."""
    said = attributes(owner)
    return _table(
        (field.name, words(field.name, said), _code(_shown(field.default)))
        for field in fields(owner)
        if field.name in said
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None or "MISSING" in repr(value) else str(value)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    return "\n".join(_lines(list(rows)))


def _lines(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    last = "For example" if any(row[2] for row in rows) else ""
    yield f"| Key | Meaning |{f' {last} |' if last else ''}"
    yield "|---|---|" + ("---|" if last else "")
    for key, said, shown in rows:
        cells = [
            f"`{key}`",
            *(each.replace("|", "\\|") for each in ([said, shown] if last else [said])),
        ]
        yield f"| {' | '.join(cells)} |"
