"""The Excel workbook of a publication.

It follows the accessible layout of the United Kingdom's Government Statistical Service
("Releasing statistics in spreadsheets"; the layout that gptables made popular): a cover, contents
with links, numbered notes, and one table to a sheet, which begins in column A under a title in
A1, with one header row, no merged cells, no blank rows, and nothing hidden. Numbers are native
numbers with formats; a figure that is withheld or missing is a symbol such as ``[c]``, never 0.

Where to look: ``layout`` decides how a table is laid out for reading and says why; ``plans``
which chart it gets; ``charts`` why charts have a data sheet; ``text`` what makes text safe;
``body`` how a hundred thousand cells are written; ``package`` how the same publication gives the
same bytes.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.indexed_list import IndexedList

from survey.checked import checked
from survey.disclosure.publication import Publication
from survey.errors import Problem, PublishError
from survey.publish.placing import refuse_place
from survey.publish.publisher import Publisher
from survey.publish.workbook import back, front, styles, text
from survey.publish.workbook import index as names
from survey.publish.workbook import workbook_bytes as package
from survey.publish.workbook.body import Looks
from survey.publish.workbook.charts import CHART_DATA, chart_data, chart_of
from survey.publish.workbook.index import Index, index_of
from survey.publish.workbook.plans import NativePlan, native_plan
from survey.publish.workbook.sheets import Sheet
from survey.publish.workbook.table_sheets import fill_table

__all__ = ["write_workbook"]


@checked(PublishError)
def write_workbook(
    publication: Publication, path: Path, *, publisher: Publisher | None = None
) -> Path:
    """Write a publication as an Excel workbook and return its path.

    Parameters
    ----------
    publication
        Tables that passed disclosure control, from :func:`survey.protect`.
    path
        Where to write, ending in ``.xlsx``; its folder must exist. A file that stands there is
        replaced as a whole, or left as it is when anything goes wrong.
    publisher
        What the cover says about who publishes.

    Raises
    ------
    PublishError
        If the publication has no tables or the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from survey.disclosure import protect
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "compute_cores").named("compute_cores", "sizes")
    >>> publication = protect([table], title="Survey", edition="2019", answers=answers())
    >>> with TemporaryDirectory() as folder:
    ...     write_workbook(publication, Path(folder) / "survey.xlsx").name
    'survey.xlsx'
    """
    path = Path(path)
    package.check_target(path)
    refuse_place(publication, path.parent)
    if not publication.tables:
        problem = Problem("publication", "no tables", "at least one", "protect some tables first")
        raise PublishError("The workbook cannot be written", [problem])
    return package.write_whole(_content(publication, publisher or Publisher()), path)


def _content(publication: Publication, publisher: Publisher) -> bytes:
    """Return the bytes of the file."""
    index = index_of(publication)
    plans = {entry.sheet: native_plan(entry.table) for entry in index.entries}
    drawn = {sheet: plan for sheet, plan in plans.items() if plan is not None}
    workbook = _new_workbook()
    looks = Looks()
    wanted = _sheet_names(index, drawn)
    sheets = {name: Sheet(workbook.create_sheet(name), looks) for name in wanted}
    front.fill_cover(sheets[names.COVER], index, frozenset(sheets), publisher)
    _fill(sheets, index, drawn)
    footer = f"{publication.title}, edition {publication.edition}"
    for name, sheet in sheets.items():
        sheet.set_up_page(footer, index.warning, upright=name == names.COVER)
        if publication.internal:
            sheet.worksheet.sheet_properties.tabColor = styles.INTERNAL_TAB
    _describe(workbook, index, publisher)
    day = text.file_day(publication.edition)
    bodies = {name: sheet.body for name, sheet in sheets.items() if sheet.body is not None}
    return package.bytes_of(workbook, day, [plan.description for plan in drawn.values()], bodies)


def _new_workbook() -> Workbook:
    """Return a workbook without sheets whose default font is ours: it is the unit of widths."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook._fonts = IndexedList([styles.BODY])
    normal = workbook._named_styles["Normal"]
    normal.font = styles.BODY
    normal.bind(workbook)
    return workbook


def _sheet_names(index: Index, drawn: dict[str, NativePlan]) -> list[str]:
    """Return the names of all sheets in order; sheets with nothing to say are left out."""
    return [
        names.COVER,
        names.CONTENTS,
        *([names.NOTES] if index.notes else []),
        *(entry.sheet for entry in index.entries),
        names.DATA,
        *([CHART_DATA] if drawn else []),
        names.METHOD,
        names.WITHHELD,
    ]


def _fill(sheets: dict[str, Sheet], index: Index, drawn: dict[str, NativePlan]) -> None:
    front.fill_contents(sheets[names.CONTENTS], index)
    if index.notes:
        front.fill_notes(sheets[names.NOTES], index)
    data = chart_data(drawn)
    first = back.fill_chart_data(sheets[CHART_DATA], index, data) if drawn else 0
    for entry in index.entries:
        plan = drawn.get(entry.sheet)
        chart = chart_of(plan, data.starts[entry.sheet], first) if plan else None
        fill_table(sheets[entry.sheet], entry, chart, index.warning)
    back.fill_data(sheets[names.DATA], index)
    back.fill_method(sheets[names.METHOD], index)
    back.fill_withheld(sheets[names.WITHHELD], index)


def _describe(workbook: Workbook, index: Index, publisher: Publisher) -> None:
    """Set the document's properties, which screen readers and libraries read."""
    publication, properties = index.publication, workbook.properties
    properties.title = text.legal(f"{publication.title}, edition {publication.edition}")
    properties.subject = "Aggregated survey results after disclosure control"
    properties.description = index.warning or "Tables with confidence intervals, notes and charts"
    properties.language = "en-GB"
    maker = text.legal(publisher.name or publication.title)
    properties.creator = properties.lastModifiedBy = maker
