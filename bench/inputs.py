"""Files of any size to measure with: an invented edition, repeated under other names.

The simulator writes one edition; its records are repeated with other numbers, organizations,
addresses and texts, so that a column with many distinct texts has as many in the large file.
Longer free texts bring a record to 2.8 kB, as in the exports that the project's limits were
measured with. The same arguments give the same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import cycle
from pathlib import Path

from survey.codebook import Kind, read_codebook
from survey.synthetic import simulate

__all__ = ["EDITION", "export_file"]

EDITION = "2024"
RESPONDENTS, SEED = 1000, 7
WIDTH = 2800  # bytes of a record
ODD = 300  # records between two with a surplus cell of one kind
APART = 100_000  # between the numbers of two repetitions
NUMBERED = ("SurveyID", "CreatedByID", "DeploymentID")
ADDRESSED = ("Email",)
FOLDER = Path(tempfile.gettempdir()) / "survey-bench"
Line = list[bytes]
_HERE = b"\x01"  # where the number of the repetition goes


def export_file(records: int, *, damaged: bool = False) -> Path:
    """Return a ``Survey_*.csv`` with ``records`` records; it is written if it is not there.

    ``damaged`` has all that the exporter does to a file: lone carriage returns in texts, records
    with a surplus cell at the end, or in front of the deployment's number, which moves the others.
    """
    kind = "all-damage" if damaged else "plain"
    path = FOLDER / f"Survey_{EDITION}_{kind}_{records}.csv"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            lines = _lines(records, damaged=damaged)
            file.writelines(lines if damaged else (line.replace(b"\r", b" ") for line in lines))
        unfinished.rename(path)
    return path


def _lines(records: int, *, damaged: bool) -> Iterator[bytes]:
    headings, template = _template(damaged=damaged)
    yield b",".join(headings) + b"\n"
    for number in range(records):
        repetition, row = divmod(number, len(template))
        cells = _numbered(list(template[row]), headings, repetition)
        yield b",".join(cells).replace(_HERE, b"%d" % repetition) + b"\n"


def _numbered(cells: Line, headings: Sequence[bytes], repetition: int) -> Line:
    for column in _columns(tuple(headings), NUMBERED):
        if column < len(cells) and cells[column].isdigit():
            cells[column] = b"%d" % (int(cells[column]) + repetition * APART)
    return cells


@cache
def _columns(headings: tuple[bytes, ...], wanted: tuple[str, ...]) -> tuple[int, ...]:
    names = {name.replace(",", "-").encode() for name in wanted}
    return tuple(number for number, heading in enumerate(headings) if heading in names)


@cache
def _template(*, damaged: bool) -> tuple[Line, list[Line]]:
    """Return the headings and the records; those of another width alone if damage is wanted.

    No cell of the exporter holds a comma, so that the lines can be divided at each.
    """
    data = simulate(EDITION, respondents=RESPONDENTS, seed=SEED).by_heading
    lines = data.removesuffix(b"\n").split(b"\n")
    headings, *records = [line.split(b",") for line in lines]
    odd = [cells for cells in records if len(cells) != len(headings)]
    records = [cells for cells in records if len(cells) == len(headings)]
    edition = read_codebook().edition(EDITION)
    of_kind = {
        kind: tuple(each for each in edition.questions if each.kind is kind)
        for kind in (Kind.TEXT, Kind.ORGANIZATION)
    }
    texts = [each.heading for each in of_kind[Kind.TEXT] if not each.personal]
    typed = [each.heading for questions in of_kind.values() for each in questions]
    _lengthen(records, _columns(tuple(headings), tuple(texts)))
    for cells in records:
        for column in _columns(tuple(headings), (*typed, *ADDRESSED)):
            cells[column] = _named_anew(cells[column])
    return headings, [*_with_surplus(headings, records), *odd] if damaged else records


def _with_surplus(headings: Line, records: list[Line]) -> Iterator[Line]:
    """Yield records, some with an answer to a question that the heading line does not have."""
    for number, cells in enumerate(records):
        at = {1: len(cells), 2: headings.index(b"DeploymentID")}.get(number % ODD)
        yield cells if at is None else [*cells[:at], b"an answer", *cells[at:]]


def _lengthen(records: list[Line], texts: Sequence[int]) -> None:
    """Lengthen the free texts that there are by what others wrote, to long enough records."""
    written = {
        cells[column]: None
        for cells in records
        for column in texts
        if _free(cells[column]) and cells[column].isascii() and b'"' not in cells[column]
    }
    missing = WIDTH - sum(len(b",".join(cells)) + 1 for cells in records) / len(records)
    given = sum(_free(cells[column]) for cells in records for column in texts) / len(records)
    known: dict[tuple[bytes, int, bytes], bytes] = {}  # a survey repeats on each deployment's line
    source = cycle(written)
    for cells in records:
        for column in texts:
            if _free(cells[column]):
                key = (cells[0], column, cells[column])
                if key not in known:
                    known[key] = _longer(cells[column], int(missing / given), source)
                cells[column] = known[key]


def _free(cell: bytes) -> bool:
    return len(cell) > 12 and b"@" not in cell


def _longer(cell: bytes, missing: int, source: Iterator[bytes]) -> bytes:
    more = b""
    while len(more) < missing:
        more += b" " + next(source)
    more = more[:missing]
    return cell[:-1] + more + b'"' if cell.endswith(b'"') else cell + more


def _named_anew(cell: bytes) -> bytes:
    """Put a place for a number into a text, a name or an address."""
    if not cell:
        return cell
    if b"@" in cell and b" " not in cell:
        return cell.replace(b"@", b"@n" + _HERE + b"-", 1)
    return b'"' + _HERE + b" " + cell[1:] if cell.startswith(b'"') else _HERE + b" " + cell
