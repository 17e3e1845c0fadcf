"""The yearly publication as one folder, written whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from survey.disclosure import Publication
from survey.errors import Problem, PublishError
from survey.publish.chart_json import write_charts
from survey.publish.claims import write_claims
from survey.publish.dashboard import write_dashboard
from survey.publish.manifest import manifest_of
from survey.publish.publisher import Publisher
from survey.publish.tables import write_tables
from survey.publish.workbook import write_workbook

__all__ = ["write_report"]

_OLD = ".old"


def write_report(
    publication: Publication, folder: str | Path, *, publisher: Publisher | None = None
) -> tuple[Path, ...]:
    """Write dashboard, workbook, charts and tables to ``folder/<edition>``.

    Tables of which nothing may be shown are left out; manifest and dashboard name them.

    The folder of the edition is replaced as a whole once everything has been written; when
    anything goes wrong before, what stood there stays.

    Parameters
    ----------
    publication
        Protected tables, from :func:`survey.protect`.
    folder
        Where the editions stand, usually ``reports``.
    publisher
        Who publishes, for the workbook's cover and the foot of the dashboard.

    Returns
    -------
    tuple of pathlib.Path
        Every file: ``index.html`` with its ``assets``, ``openstack-user-survey-<edition>.xlsx``,
        ``charts/*.json``, ``tables/*.csv``, ``claims.md`` and ``claims.json``, and
        ``manifest.json`` with the digests of all.

    Raises
    ------
    PublishError
        If the folder cannot be written, or the edition's name is no name of a folder.

    Examples
    --------
    >>> write_report(publication, "reports")  # doctest: +SKIP
    """
    target = Path(folder) / _folder_name(publication.edition)
    publication = publication.telling()
    try:
        _recover(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            _write_all(publication, fresh, publisher)
            _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise PublishError(
            "The report cannot be written",
            [
                Problem(
                    target.name,
                    error.strerror or type(error).__name__,
                    "a folder to write to",
                    "check the path, its permissions and the space left",
                )
            ],
        ) from error
    return tuple(path for path in sorted(target.rglob("*")) if path.is_file())


def _folder_name(edition: str) -> str:
    """Return the edition's name, provided that it stays inside the folder of reports."""
    if not re.fullmatch(r"[A-Za-z0-9][\w -]*", edition):
        problem = Problem(
            "edition",
            repr(edition),
            "letters, digits, spaces, '-' or '_'",
            "the edition names the folder of its report",
        )
        raise PublishError("The report cannot be written", [problem])
    return edition


def _recover(target: Path) -> None:
    """Put back a report that an earlier run had set aside when it was killed."""
    old = target.with_name(target.name + _OLD)
    if old.exists() and not target.exists():
        old.replace(target)


def _write_all(publication: Publication, folder: Path, publisher: Publisher | None) -> None:
    write_dashboard(publication, folder, publisher=publisher)
    workbook = folder / f"openstack-user-survey-{publication.edition}.xlsx"
    write_workbook(publication, workbook, publisher=publisher)
    write_charts(publication, folder / "charts")
    write_tables(publication, folder / "tables")
    write_claims(publication, folder)
    manifest = json.dumps(manifest_of(publication, folder), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8", newline="\n")
    folder.chmod(0o755)


def _swap(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``; the old one goes only when the new one stands."""
    old = target.with_name(target.name + _OLD)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    try:
        fresh.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
