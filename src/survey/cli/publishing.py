"""What report and preview have in common: the project's tables, protected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from survey.console import Console
from survey.dataclass import dataclass
from survey.errors import Problem, ProjectError

__all__ = [
    "Protected",
    "folder_of_reports",
    "protected_tables",
    "refuse_lost_ledger",
    "register_of",
    "write_sign_off",
]


@dataclass(frozen=True)
class Protected:
    """The tables of an edition as calculated, and the publication made of them."""

    tables: tuple[Any, ...]
    publication: Any
    register: Any
    key: str


def register_of(
    folder: Path,
    key: str,
    *,
    reports: Path | None = None,
    final: bool = False,
    correct: Sequence[str] = (),
    reason: str = "",
) -> Any:
    """Return the register of a publication: the project's ledger, and what is corrected.

    ``reports`` is where reports go; final ones there, and in the project's own folder, are in the
    ledger.

    Raises
    ------
    ProjectError
        If something is to be corrected and nobody says why.
    DisclosureError
        If the ledger is none, was made with another key, or is an older copy.
    """
    from survey.disclosure import LEDGER_FILE, Register, read_ledger
    from survey.disclosure.ledger.ledger_file import refuse_other_key

    if correct and not reason.strip():
        hint = 'add --reason "what was wrong"'
        problem = Problem("--correct", ", ".join(correct), "a reason", hint)
        raise ProjectError("A correction needs a reason", [problem])
    own = folder / "reports"
    ledger = read_ledger(folder / LEDGER_FILE, reports=(own, reports or own))
    refuse_other_key(ledger, key)
    day = date.today().isoformat()  # the day on the publisher's own calendar
    named = replace(ledger, key=key)
    return Register(named, dict.fromkeys(correct, (day, reason)), final)


def folder_of_reports(project: Any, given: Path | None, *, final: bool) -> Path:
    """Return where reports go: a folder of the project, where none was given.

    Those with exact counts have a folder of their own.

    Raises
    ------
    DisclosureError
        If what is internal is to be final: it is never published.
    ProjectError
        If what is final would stand beside key, ledger or answers.
    """
    from survey.disclosure import Profile
    from survey.disclosure.refusals import refuse_final

    if final:
        refuse_final(project.policy, None, ())
    internal = project.policy.profile is Profile.INTERNAL
    chosen = given or project.folder / ("reports-internal" if internal else "reports")
    if final:
        _refuse_among_answers(project.folder, chosen)
    return chosen


def _refuse_among_answers(home: Path, out: Path) -> None:
    """Refuse to publish to a folder that holds the project, or among its answers."""
    from survey.files.final_reports import real_path

    home, root = real_path(home), real_path(out)
    if home.is_relative_to(root) or root.is_relative_to(home / "data"):
        got = "a folder that holds the project or its answers"
        hint = "publish to reports, or to any folder that holds nothing else"
        problem = Problem(str(out), got, "a folder for publications alone", hint)
        raise ProjectError("What is published stands apart from key, ledger and answers", [problem])


def refuse_lost_ledger(folder: Path, *reports: Path) -> None:
    """Refuse to publish without the ledger of what was published.

    Raises
    ------
    ProjectError
        If a final report stands in one of the folders and no ledger beside the key.
    """
    from survey.disclosure import LEDGER_FILE
    from survey.files import status_of
    from survey.files.final_reports import real_path

    if (folder / LEDGER_FILE).exists():
        return
    published = [
        manifest.parent.name
        for root in dict.fromkeys(map(real_path, reports))
        for manifest in sorted(root.glob("*/manifest.json"))
        if status_of(manifest.parent) == "final"
    ]
    if published:
        problem = Problem(
            LEDGER_FILE,
            f"no ledger, although {published[0]} was published",
            "the ledger that survey report --final wrote",
            "put it back from where you keep a copy: without it corrected columns would be drawn "
            "anew, which tells more than either report alone; see docs/secret-key.md",
        )
        raise ProjectError("The ledger is lost", [problem])


def protected_tables(
    project: Any, processed: Any, edition: str, register: Any, console: Console
) -> Protected:
    """Compute the tables of an edition's report and protect them."""
    from survey.disclosure import protect
    from survey.project import refuse_names
    from survey.topics import standing_tables

    answers = processed.answers
    with console.progress("computing tables"):
        standing = standing_tables(answers, edition, processed.figures, project.published)
        tables = project.report.tables(standing, answers, edition, processed.figures)
    said = [str(claim.get("text", "")) for claim in project.claims]
    refuse_names(tables, [project.title, *said], processed.names, answers.codebook, edition)
    with console.progress(f"protecting {len(tables)} tables"):
        publication = protect(
            tables,
            project.policy,
            title=project.title_of(answers.codebook.edition(edition)),
            edition=edition,
            answers=answers,
            register=register,
        )
    return Protected(tuple(tables), publication, register, processed.key_name)


def write_sign_off(made: Protected, folder: Path) -> Path:
    """Write the page for the person who signs beside the ledger, readable by the owner alone."""
    from survey.files import write_file
    from survey.project import preview, sign_off_page

    found = preview(made.tables, made.publication, made.register)
    corrections = [(name, *said) for name, said in made.register.corrections.items()]
    page = sign_off_page(made.publication, found, corrections)
    path = folder / f"sign-off-{made.publication.edition}.md"
    return write_file(path, page, private=True)
