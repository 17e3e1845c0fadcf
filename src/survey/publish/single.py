"""One table as a file of its own: workbook, CSV, web page, picture or JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from survey.checked import checked
from survey.disclosure.policy import INTERNAL
from survey.errors import Problem, PublishError, did_you_mean
from survey.estimates.table import Estimates
from survey.files import faults_as, printable, write_file
from survey.publish.chart_json import compact_json, table_record
from survey.publish.charts import figure
from survey.publish.report_folders import refuse_among_published

__all__ = ["TABLE_KINDS", "refuse_table_file", "write_table_file"]

_MESSAGE = "The table cannot be written"
_INTERNAL = "INTERNAL: exact numbers, not to be passed on."


@checked(PublishError)
def write_table_file(table: Estimates, path: str | Path, *, internal: bool = False) -> Path:
    """Write one table to a new file, of the kind that its name ends in.

    Parameters
    ----------
    table
        A table, protected or not.
    path
        A new file that ends in ``.xlsx``, ``.csv``, ``.html``, ``.png`` or ``.json``.
    internal
        Whether the numbers are exact, as verbs return them; the file says so, in its name too.

    Raises
    ------
    PublishError
        If the name is of another kind, a file has it, a final publication stands there, the
        numbers are exact and nobody says so, or it cannot be written.

    Examples
    --------
    >>> write_table_file(table, "cores.csv")  # doctest: +SKIP
    """
    target = Path(path)
    if not internal:
        _refuse_exact(table)
    refuse_table_file(target, internal=internal)
    with faults_as(PublishError, _MESSAGE, target, "a new file"):
        content = TABLE_KINDS[target.suffix.lower()](table, internal)
        return write_file(target, content)


def _refuse_exact(table: Estimates) -> None:
    """Refuse exact numbers that the file would not say are exact: those of a verb."""
    if table.design is not None or table.title.startswith(INTERNAL):
        hint = "pass a table of survey.protect(...), or internal=True"
        problem = Problem("table", "exact numbers", "protected ones, or internal=True", hint)
        raise PublishError(_MESSAGE, [problem])


@checked(PublishError)
def refuse_table_file(path: str | Path, *, internal: bool = False) -> None:
    """Refuse, before anything is computed, a name to which no table is written.

    Raises
    ------
    PublishError
        If the name is of another kind, or a file has it; the error lists all that is wrong. If a
        final publication stands where the file would.
    """
    target, problems = Path(path), []
    place = printable(target.name)
    with faults_as(PublishError, _MESSAGE, target, "a new file"):
        if target.exists():
            hint = "name another one, or move it away"
            problems.append(Problem(place, "a file that is there", "a new file", hint))
    if target.suffix.lower() not in TABLE_KINDS:
        known = ", ".join(TABLE_KINDS)
        hint = did_you_mean(target.suffix, TABLE_KINDS)
        problems.append(Problem(place, f"a name that ends in {target.suffix!r}", known, hint))
    if internal and "internal" not in target.name:
        hint = f"for example {place.removesuffix(target.suffix)}-internal{target.suffix}"
        problems.append(Problem(place, "exact numbers", "a name with 'internal' in it", hint))
    if problems:
        raise PublishError(_MESSAGE, problems)
    refuse_among_published(target)


def _csv(table: Estimates, _: bool) -> str:
    return table.to_csv() or ""


def _workbook(table: Estimates, _: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        table.to_excel(path)
        return path.read_bytes()


def _page(table: Estimates, internal: bool) -> str:
    """Return a page with the chart and the table, which loads nothing."""
    chart = figure(table).to_html(full_html=False, include_plotlyjs=True, div_id="chart")
    mark = f"<p><strong>{_INTERNAL}</strong></p>\n" if internal else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(table.title)}</title></head>\n<body>\n{mark}"
        f"{table._repr_html_()}\n{chart}\n</body></html>\n"
    )


def _picture(table: Estimates, _: bool) -> bytes:
    try:
        return bytes(figure(table).to_image(format="png", scale=2))
    except (ImportError, ValueError, RuntimeError) as error:
        hint = "pip install 'openstack-survey[images]', or write .html and save it from there"
        problem = Problem("png", type(error).__name__, "kaleido, which draws pictures", hint)
        raise PublishError(_MESSAGE, [problem]) from None


def _json(table: Estimates, internal: bool) -> str:
    record = {
        "title": table.title,
        "internal": internal,
        "notes": list(table.notes),
        **table_record(table),
    }
    return compact_json(record) + "\n"


TABLE_KINDS: Mapping[str, Callable[[Estimates, bool], bytes | str]] = {
    ".xlsx": _workbook,
    ".csv": _csv,
    ".html": _page,
    ".png": _picture,
    ".json": _json,
}
