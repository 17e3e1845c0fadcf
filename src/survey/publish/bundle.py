"""The yearly publication as one folder, written whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from survey.checked import checked
from survey.codebook import Codebook
from survey.disclosure import Publication
from survey.errors import Problem, PublishError
from survey.files import replace_folders, write_file
from survey.publish.chart_json import write_charts
from survey.publish.claims import write_claims
from survey.publish.dashboard import write_dashboard
from survey.publish.earlier_report import LATEST, MESSAGE, folder_name
from survey.publish.manifest import manifest_of
from survey.publish.narrative import write_narrative
from survey.publish.placing import refuse_lost_ledger, refuse_unnoted
from survey.publish.plain_tables import write_tables
from survey.publish.publisher import Publisher
from survey.publish.report_folders import refuse_other_project, refuse_root
from survey.publish.rows import reading_once
from survey.publish.workbook import write_workbook

_FILES = (
    ("tables/tables.json", "what the columns of the CSV files hold; one file per table beside it"),
    ("claims.md", "sentences with their numbers, for quoting"),
    ("claims.json", "the same for programs"),
    ("narrative.md", "a paragraph for each question, each number linked to its row"),
    ("narrative.json", "the same for programs"),
    ("charts/index.json", "every chart as Plotly JSON"),
    ("blocks/index.json", "every question as JSON, with text and alternative text"),
    ("manifest.json", "every file with its digest, and what was read"),
)

__all__ = ["write_report"]


@checked(PublishError)
def write_report(
    publication: Publication,
    folder: str | Path,
    *,
    publisher: Publisher | None = None,
    codebook: Codebook | None = None,
    made_from: str = "",
    together: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write dashboard, workbook, charts and tables to ``folder/<edition>``.

    Tables of which nothing may be shown are left out; manifest and dashboard name them.

    The newest final edition stands in ``latest``, too, so that addresses can stay over the years.

    The folder of the edition is replaced as a whole once everything has been written; when
    anything goes wrong before, what stood there stays. A folder that holds anything else than an
    earlier report as it was written is not replaced.

    Parameters
    ----------
    publication
        Protected tables, from :func:`survey.protect`.
    folder
        Where the editions stand, usually ``reports``.
    publisher
        Who publishes, for the workbook's cover and the foot of the dashboard.
    codebook
        The questionnaire behind the answers, for wording; by default the one of the package.
    made_from
        A digest of everything that the report depends on, for :func:`unchanged_report`.
    together
        Editions that are made final in the same run: a draft of one may stand there until then.

    Returns
    -------
    tuple of pathlib.Path
        Every file: ``index.html`` and the other pages with ``assets``, ``data`` and ``blocks``,
        ``<title>-<edition>.xlsx``, ``charts/*.json``, ``tables/*.csv``,
        ``claims.md`` and ``claims.json``, ``narrative.md`` and ``narrative.json``, and
        ``manifest.json`` with the digests of all.

    Raises
    ------
    PublishError
        If the folder cannot be written, it holds what is not ours, or the edition's name is no
        name of a folder; if a publication that is not final would stand among final ones, or a
        final one beside drafts, beside the ledger or beside final ones of another key, or before
        the ledger was written.

    Examples
    --------
    >>> write_report(publication, "reports")  # doctest: +SKIP
    """
    name, root = folder_name(publication.edition), Path(folder)

    def check() -> None:
        refuse_root(root, name, publication.status, together)
        refuse_unnoted(publication)
        if publication.final:
            refuse_other_project(root, publication.noted.key)
            refuse_lost_ledger(publication, root)

    publication = publication.telling()
    contents = {name: lambda fresh: _write_all(publication, fresh, publisher, codebook, made_from)}
    if publication.final and _is_newest(root, publication.edition):
        contents[LATEST] = lambda fresh: _copy(fresh.parent / name, fresh)
    return replace_folders(root, contents, error=PublishError, message=MESSAGE, check=check)


def _is_newest(root: Path, edition: str) -> bool:
    """Whether no later edition stands in ``latest``."""
    try:
        manifest = json.loads((root / LATEST / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return True
    return str(manifest.get("edition", "")) <= edition


def _copy(written: Path, fresh: Path) -> None:
    shutil.copytree(written, fresh, dirs_exist_ok=True)


def workbook_name(publication: Publication, publisher: Publisher | None = None) -> str:
    """Return the name of the workbook: the publisher's own, or the title in plain letters.

    Examples
    --------
    >>> from survey.disclosure import protect
    >>> workbook_name(protect([], title="OpenStack User Survey", edition="2024"))
    'openstack-user-survey-2024.xlsx'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", publication.title.casefold()).strip("-")
    stem = (publisher.file_name if publisher else "") or plain or "survey"
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", stem):
        problem = Problem("file_name", repr(stem), "letters, digits, '.', '-' or '_'")
        raise PublishError("The report cannot be written", [problem])
    return f"{stem}-{publication.edition}.xlsx"


@reading_once()
def _write_all(
    publication: Publication,
    folder: Path,
    publisher: Publisher | None,
    codebook: Codebook | None,
    made_from: str,
) -> None:
    workbook = folder / workbook_name(publication, publisher)
    files = ((workbook.name, "every table, with charts, for spreadsheets"), *_FILES)
    write_dashboard(publication, folder, publisher=publisher, codebook=codebook, downloads=files)
    write_workbook(publication, workbook, publisher=publisher)
    write_charts(publication, folder / "charts")
    write_tables(publication, folder / "tables")
    write_claims(publication, folder)
    write_narrative(publication, folder, codebook=codebook)
    said = manifest_of(publication, folder, made_from)
    manifest = json.dumps(said, ensure_ascii=False, indent=1)
    write_file(folder / "manifest.json", manifest + "\n")
