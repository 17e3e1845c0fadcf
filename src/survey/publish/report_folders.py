"""Where may be written what is not final: never among what is published."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from survey.disclosure import LEDGER_FILE
from survey.errors import Problem, PublishError
from survey.files import faults_as, noted_in, printable, published_around, status_of
from survey.files.final_reports import MANIFEST, real_path, refuse_inside
from survey.files.folders import SET_ASIDE

__all__ = [
    "DRAFT",
    "FINAL",
    "INTERNAL",
    "refuse_among",
    "refuse_among_published",
    "refuse_internal",
    "refuse_other_project",
    "refuse_root",
]

DRAFT, FINAL, INTERNAL = "draft", "final", "internal"
_ANSWERS = "dictionary.csv"
"""Every folder of cleaned answers has one, and no report."""
_EXACT = "Exact counts are not written among published ones"


def refuse_root(root: Path, edition: str, status: str, together: Collection[str] = ()) -> None:
    """Refuse a folder of reports in which a report of this status has no place.

    Parameters
    ----------
    root
        Where the editions stand.
    edition, status
        The report that is to be written, and what it says of itself.
    together
        Editions that are published in the same run: drafts of them may stand there still.

    Raises
    ------
    PublishError
        If what is not final would stand among final publications, or those beside a draft or
        beside the ledger.
    """
    if status == INTERNAL:
        refuse_internal(root)
    refuse_among(root, edition, status)
    if status != FINAL:
        return
    with faults_as(PublishError, "A final publication never stands in a report", root):
        refuse_inside(root / edition)
    drafts = [
        report.parent.name.removeprefix(SET_ASIDE)
        for report in sorted(root.glob(f"*/{MANIFEST}"))
        if status_of(report.parent) in (DRAFT, INTERNAL)
    ]
    others = [name for name in drafts if name not in {edition, *together}]
    _refuse_beside(
        root,
        "a draft",
        f"reports that are not final ({', '.join(map(printable, others))})" if others else "",
        "move them away, or publish them, too: --edition all",
    )
    answers = [printable(each.parent.name) for each in sorted(root.glob(f"*/{_ANSWERS}"))]
    _refuse_beside(
        root,
        "answers",
        f"folders of cleaned answers ({', '.join(answers)})" if answers else "",
        "move them away, or publish to a folder of its own (--out reports)",
    )
    _refuse_beside(
        root,
        "the ledger",
        f"the folder of the ledger, {LEDGER_FILE}" if (root / LEDGER_FILE).exists() else "",
        "publish to a folder in it (--out reports): whoever gets the folder gets all in it",
    )


def _refuse_beside(root: Path, what: str, got: str, hint: str) -> None:
    """Refuse to publish beside what is confidential, if anything was found."""
    if got:
        problem = Problem(printable(str(root)), got, "a folder for publications alone", hint)
        raise PublishError(f"A final publication never stands beside {what}", [problem])


def refuse_other_project(root: Path, key: str) -> None:
    """Refuse a folder with final reports of another key: those of another project.

    Parameters
    ----------
    root
        Where the editions stand.
    key
        Name of the key that the report is published with.

    Raises
    ------
    PublishError
        If one says so; reports that are older than such entries say nothing.
    """
    others = [each for each in noted_in(root) if each.key != key]
    if others:
        told = ", ".join(f"{each.report} of {each.key}" for each in others)
        hint = "publish to another folder; if it is this project's, see docs/secret-key.md"
        problem = Problem(printable(str(root)), told, f"reports of {key} alone", hint)
        raise PublishError("The folder has final reports of another project", [problem])


def refuse_among(folder: Path, edition: str, status: str) -> None:
    """Refuse to write what is not final to a folder with final publications.

    Raises
    ------
    PublishError
        If a final publication is the folder, stands in it, above it, or beside a folder above.
    """
    published = () if status == FINAL else published_around(folder)
    if not published:
        return
    if status == INTERNAL:
        raise PublishError(_EXACT, [_problem(folder, published, "write to reports-internal")])
    where = "replaces" if edition in published else "stands beside"
    hint = "write the draft elsewhere (--out drafts), or publish it: survey report --final"
    problem = _problem(folder, published, hint)
    raise PublishError(f"A draft never {where} what is published", [problem])


def refuse_among_published(file: str | Path) -> None:
    """Refuse to put a single file into a final publication, below or beside one.

    Raises
    ------
    PublishError
        If a final publication is the folder of the file, stands in it, above it, or beside a
        folder above.
    """
    path = Path(file)
    if published := published_around(real_path(path).parent):
        name = printable(path.name)
        hint = f"write it elsewhere (drafts/{name}); 'survey report --final' publishes"
        problem = _problem(path, published, hint)
        raise PublishError("A single file never stands among what is published", [problem])


def refuse_internal(folder: str | Path) -> None:
    """Refuse to write a report with exact counts where published ones stand, or may come to stand.

    Raises
    ------
    PublishError
        If the name of the folder does not say ``internal``, or it stands in a folder of reports.

    Examples
    --------
    >>> refuse_internal("reports-internal")
    """
    root = real_path(folder)
    inside = any((each / MANIFEST).exists() for each in root.parents)
    if "internal" in root.name.casefold() and not inside:
        return
    got = "a folder inside a report" if inside else "a folder for what is published"
    expected = "a folder of its own whose name says 'internal'"
    problem = Problem(printable(str(folder)), got, expected, "write to reports-internal")
    raise PublishError(_EXACT, [problem])


def _problem(place: Path, published: tuple[str, ...], hint: str) -> Problem:
    got = f"a folder with final publications ({', '.join(published)})"
    return Problem(printable(str(place)), got, "a folder in which nothing is published", hint)
