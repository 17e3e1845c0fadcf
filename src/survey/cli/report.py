"""``survey report``: the yearly publication of one edition, of several, or of all."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from survey.cli.options import FRESH, JSON, PROJECT, helpful
from survey.cli.printing import names, print_processed, print_report, processed_record
from survey.collector import collecting_less
from survey.console import Console, table
from survey.dataclass import dataclass
from survey.errors import Problem, ProjectError, SurveyError

__all__ = ["report"]

_MOST_CHANGES = 40
_ALL = "all"
_AFTERWARDS = (
    "the ledger has changed: copy it and the key to a new folder (survey key backup FOLDER); "
    "sign-off-EDITION.md in the project folder says what was published"
)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; by default reports in the project folder, or reports-internal under "
    "the profile internal.",
)
@click.option(
    "--edition",
    "editions",
    multiple=True,
    help="Edition to publish, the newest by default; several are fine, or 'all'.",
)
@click.option(
    "--compare",
    type=click.Path(path_type=Path, file_okay=False),
    help="Report of the same edition: list every published number that changed, and why.",
)
@click.option("--final", is_flag=True, help="Publish: no draft, and noted in the ledger.")
@click.option("--correct", multiple=True, metavar="CONCEPT", help="Draw a question anew at once.")
@click.option("--reason", default="", help="Why a question is corrected.")
@FRESH
@PROJECT
@JSON
@helpful
def report(
    *, editions: tuple[str, ...], compare: Path | None, folder: Path, as_json: bool, **how: Any
) -> None:
    """Make the yearly publication: dashboard, workbook, charts and tables.

    Reads survey.toml in the project folder; without one, every export in data/raw. Cleaned
    answers are kept in data/processed and used again while nothing has changed, and a draft that
    was made from just the same is left as it is. Of several editions one that fails does not stop
    the others; it is said at the end.

    Without --final it is a draft, says so on every page, and is not written into a folder where
    any edition is final (--out drafts). With it, the published counts go into the ledger: later
    reports print them again until 20 answers of a question in a group changed. It is refused where
    drafts of other editions, answers or the ledger stand: readers get all that is in a folder.
    """
    from survey.cli.publishing import folder_of_reports
    from survey.project import read_project
    from survey.publish import refuse_report

    project = read_project(folder, files=True)
    how["out"] = folder_of_reports(project, how["out"], final=how["final"])
    how["status"] = _status(project, final=how["final"])
    for edition in editions:
        if _ALL not in editions:
            refuse_report(how["out"], edition, status=how["status"], together=editions)
    before = _published(compare)
    with collecting_less():
        processed, written, failed = _publish(project, editions, folder, **how)
    out = how["out"]
    record: dict[str, Any] = {"processed": processed_record(processed, folder)}
    made = [each.record(out) for each in written]
    record |= made[0] if len(written) + len(failed) == 1 else {"editions": made}
    if not as_json:
        for each in written:
            if each.publication is None:
                Console().done(f"edition {each.edition}: nothing has changed since it was written")
            else:
                print_report(each.publication, each.edition, out, each.files)
    if how["final"] and made:
        Console().aside(_AFTERWARDS)
    if before is not None:
        record["changed"] = [_changes(before, out / each.edition, as_json) for each in written]
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    if failed:
        all_of_them = len(written) + len(failed)
        raise ProjectError(f"{len(failed)} of {all_of_them} editions were not published", failed)


def _status(project: Any, *, final: bool) -> str:
    """Return what the reports will say of themselves."""
    from survey.disclosure import Profile

    if final:
        return "final"
    return "internal" if project.policy.profile is Profile.INTERNAL else "draft"


def _publish(
    project: Any, editions: tuple[str, ...], folder: Path, **how: Any
) -> tuple[Any, list[_Written], list[Problem]]:
    """Return the answers, the reports that were made or stand already, and what failed."""
    from survey.project import project_answers

    unchanged = _unchanged(project, editions, **how)
    if unchanged is not None:
        print_processed(unchanged, folder)
        return unchanged, [_Written(*each) for each in unchanged.drafts.items()], []
    processed = project_answers(project, fresh=how["fresh"], final=how["final"])
    print_processed(processed, folder)
    chosen = _chosen(editions, processed.answers.editions)
    return processed, *_Job(project, processed, **how).publish_all(chosen)


def _unchanged(
    project: Any,
    editions: tuple[str, ...],
    *,
    out: Path,
    status: str,
    final: bool,
    correct: tuple[str, ...],
    fresh: bool,
    **_: Any,
) -> Any:
    """Return the drafts if nothing has to be made; what refuses them is left to the making."""
    from survey.project.unchanged import unchanged_drafts
    from survey.publish import refuse_report

    if final or correct or fresh:
        return None
    try:
        unchanged = unchanged_drafts(project, out, lambda known: _chosen(editions, known))
        for edition in unchanged.drafts if unchanged else ():
            refuse_report(out, edition, status=status)
    except SurveyError:
        return None
    return unchanged


@dataclass(frozen=True)
class _Written:
    """The report of one edition; without a publication it stood there already."""

    edition: str
    files: tuple[Path, ...]
    publication: Any = None

    def record(self, out: Path) -> dict[str, Any]:
        """Return what was written, or stood there already, as plain values."""
        found = {"edition": self.edition, "written": names(out, self.files)}
        return found if self.publication is not None else found | {"unchanged": True}


@dataclass(frozen=True)
class _Job:
    """What all editions of a run have in common."""

    project: Any
    processed: Any
    out: Path
    status: str
    final: bool
    correct: tuple[str, ...]
    reason: str
    fresh: bool

    def publish_all(self, editions: tuple[str, ...]) -> tuple[list[_Written], list[Problem]]:
        """Publish each edition; return what was written, and what failed and why."""
        written: list[_Written] = []
        failed: list[Problem] = []
        together = editions
        for edition in editions:
            try:
                written.append(self.publish(edition, together))
            except SurveyError as error:
                if len(editions) == 1:
                    raise
                said = "; ".join([error.message, *map(str, error.problems)])
                failed.append(Problem(f"edition {edition}", said))
                together = tuple(each for each in together if each != edition)  # stays a draft
        return written, failed

    def publish(self, edition: str, together: tuple[str, ...]) -> _Written:
        """Write the report of one edition of those that are published together."""
        from survey.cli.publishing import (
            protected_tables,
            refuse_lost_ledger,
            register_of,
            write_sign_off,
        )
        from survey.disclosure import LEDGER_FILE, note_in_ledger
        from survey.disclosure.refusals import refuse_final
        from survey.project import report_made_from
        from survey.publish import Publisher, refuse_report, unchanged_report, write_report
        from survey.publish.report_folders import refuse_other_project

        refuse_report(self.out, edition, status=self.status, together=together)
        if self.final:
            refuse_lost_ledger(self.project.folder, self.out, self.project.folder / "reports")
        made_from = ""
        if not (self.final or self.correct):
            made_from = report_made_from(self.project, self.processed, edition)
        if not self.fresh and (files := unchanged_report(self.out, edition, made_from)):
            return _Written(edition, files)
        key, folder, console = self.processed.key_name, self.project.folder, Console()
        register = register_of(
            folder,
            key,
            reports=self.out,
            final=self.final,
            correct=self.correct,
            reason=self.reason,
        )
        if self.final:
            editions = self.processed.answers.editions
            refuse_final(self.project.policy, register.ledger, editions)
            refuse_other_project(self.out, key)
        made = protected_tables(self.project, self.processed, edition, register, console)
        with console.progress("writing dashboard, workbook and charts"):
            if self.final:  # the ledger first: what it holds and nobody saw does no harm
                write_sign_off(made, folder)
                note_in_ledger(register, folder / LEDGER_FILE)
            written = write_report(
                made.publication,
                self.out,
                publisher=Publisher(**self.project.publisher),
                codebook=self.processed.answers.codebook,
                made_from=made_from,
                together=together,
            )
        return _Written(edition, written, made.publication)


def _chosen(given: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    if _ALL in given:
        return known
    return tuple(dict.fromkeys(given)) or known[-1:]


def _published(folder: Path | None) -> Any:
    """Return the numbers of the report to compare with; it may be the one that is replaced."""
    if folder is None:
        return None
    from survey.publish.report_changes import read_published

    return read_published(folder)


def _changes(before: Any, folder: Path, as_json: bool) -> dict[str, Any]:
    """Return the numbers that are not as they were, and why; print them for a person."""
    from survey.publish.report_changes import changed_numbers, read_published, reasons

    after = read_published(folder)
    rows = [asdict(each) for each in changed_numbers(before, after)]
    why = list(reasons(before, after)) if rows else []
    if not as_json:
        console = Console()
        console.heading(f"Compared with the report before: {len(rows):,} numbers changed")
        for each in why:
            console.note(f"- {each}")
        if rows:
            console.show(table(rows[:_MOST_CHANGES]))
        if len(rows) > _MOST_CHANGES:
            console.note(f"({len(rows) - _MOST_CHANGES:,} more: --json)")
    return {"edition": folder.name, "numbers": rows, "why": why}
