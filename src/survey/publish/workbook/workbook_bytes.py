"""From a workbook to the bytes of a file: the same bytes each time, and never half a file."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from openpyxl.writer.excel import ExcelWriter

from survey.errors import Problem, PublishError
from survey.files import faults_as, packed, write_file
from survey.publish.workbook.text import legal

if TYPE_CHECKING:
    from openpyxl import Workbook

    from survey.publish.workbook.body import Body

__all__ = ["bytes_of", "check_target", "write_whole"]


def bytes_of(
    workbook: Workbook,
    day: tuple[int, int, int],
    descriptions: Sequence[str],
    bodies: Mapping[str, Body],
) -> bytes:
    """Return the file of a workbook, dated ``day``, its parts in a fixed order and undated.

    ``descriptions`` are the text alternatives of the charts, in the order of their sheets (one
    chart to a sheet); openpyxl has no place for them, so they are set in the drawings here.
    ``bodies`` are the rows of tables by the names of sheets.
    """
    stamp = datetime.datetime(*day)
    workbook.properties.created = workbook.properties.modified = stamp
    draft = io.BytesIO()
    with zipfile.ZipFile(draft, "w") as archive:
        ExcelWriter(workbook, archive).write_data()
    with zipfile.ZipFile(draft) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number, description in enumerate(descriptions, 1):
        name = f"xl/drawings/drawing{number}.xml"
        parts[name] = _described(parts[name], description)
    for name, body in bodies.items():
        sheet = workbook[name]
        path = sheet.path.removeprefix("/")
        parts[path] = body.within(parts[path], sheet.calculate_dimension())
    return packed(parts)


def _described(drawing: bytes, description: str) -> bytes:
    """Return a drawing whose chart has a text alternative."""
    name = 'name="Chart 1"'
    return drawing.replace(
        name.encode(), f"{name} descr={quoteattr(legal(description))}".encode(), 1
    )


def check_target(path: Path) -> None:
    """Refuse a place where no workbook can be written, with everything wrong in one go."""
    problems = []
    if path.suffix.lower() != ".xlsx":
        problems.append(
            Problem(str(path), f"a name that ends in {path.suffix!r}", "one that ends in '.xlsx'")
        )
    if not path.parent.is_dir():
        what = "something that is not a folder" if path.parent.exists() else "no such folder"
        problems.append(Problem(str(path.parent), what, "a folder", "make the folder first"))
    if path.is_dir():
        problems.append(Problem(str(path), "a folder", "a file", "name a file in it"))
    if problems:
        raise PublishError("The workbook cannot be written", problems)


def write_whole(content: bytes, path: Path) -> Path:
    """Write a workbook whole or not at all.

    Raises
    ------
    PublishError
        If the system refuses; what stood at ``path`` before stands there still.
    """
    with faults_as(PublishError, "The workbook cannot be written", path, "a place to write"):
        return write_file(path, content)
