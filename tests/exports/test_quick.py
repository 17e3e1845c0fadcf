"""Two readers of one dialect: the quick one says what the strict one says, or nothing."""

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from survey.errors import ExportError
from survey.exports import read_export, reader
from survey.exports.quick import Unproven, read_blocks
from survey.exports.records import Records, tokenise
from survey.exports.text_table import TextTable

WIDTH = 3
PLAIN = st.text("ab1é漢\ufeff -", max_size=4)
ODD = st.text('a1",\r\n\0;', max_size=5)
CELLS = st.one_of(PLAIN, st.sampled_from(["", "x", "1", '"', "a\rb", "Ã©", "â€™"]))
HEADING = b"a,b,c\n"


@dataclass(frozen=True)
class Damage:
    """Bytes put in the place of some of a file's."""

    at: float
    taken: int
    put: bytes

    def on(self, data: bytes) -> bytes:
        at = int(self.at * len(data))
        return data[:at] + self.put + data[at + self.taken :]


DAMAGES = st.builds(
    Damage,
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 3),
    st.one_of(
        st.sampled_from(
            [b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\n\n", b"\0", b"\xff", b"\xc3", b"\n1,"]
        ),
        ODD.map(str.encode),
    ),
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a file of this dialect, more or less damaged."""
    rows = draw(st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=12))
    quote = draw(st.sampled_from(["needed", "all"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [",".join(written(cell, quote) for cell in row) + end for row in rows]
    data = HEADING.replace(b"\n", end.encode()) + "".join(lines).encode()
    for damage in draw(st.lists(DAMAGES, max_size=3)):
        data = damage.on(data)
    return data.removesuffix(b"\n") if draw(st.booleans()) else data


def written(cell: str, quote: str) -> str:
    must = quote == "all" or '"' in cell or "," in cell
    return '"' + cell.replace('"', '""') + '"' if must else cell


def in_blocks(data: bytes, sizes: list[int]) -> list[bytes]:
    """Divide a file behind some of its line feeds."""
    lines = data.splitlines(keepends=True) if b"\r" not in data else _by_feed(data)
    ends = {*accumulate(sizes)}
    blocks, current = [], b""
    for number, line in enumerate(lines, start=1):
        current += line
        if number in ends:
            blocks.append(current)
            current = b""
    return [*blocks, current] if current else blocks


def _by_feed(data: bytes) -> list[bytes]:
    pieces = data.split(b"\n")
    return [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])


def said(records: Records) -> object:
    return (
        [column.to_pylist() for column in TextTable(records.table).columns],
        records.order.tolist(),
        records.lines.tolist(),
        records.irregular,
        records.blank_lines,
        records.last_line_complete,
        records.encoded_twice,
    )


@given(files(), st.lists(st.integers(1, 4), max_size=4), st.booleans())
def test_what_is_read_quickly_is_what_the_strict_reader_reads(
    data: bytes, sizes: list[int], line_feeds: bool
) -> None:
    try:
        quick = said(read_blocks("x.csv", in_blocks(data, sizes), WIDTH, line_feeds=line_feeds))
    except Unproven:
        event("left to the strict reader")
        return
    event("read quickly")
    data.decode()  # a byte that is not UTF-8 is never read quickly
    assert b"\0" not in data
    assert quick == said(tokenise("x.csv", data, WIDTH, line_feeds=line_feeds))


@given(st.lists(st.lists(PLAIN, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=12))
def test_a_sound_file_is_read_quickly(rows: list[list[str]]) -> None:
    """The property above would hold of a reader that leaves everything to the other one."""
    cells = [[f"{number}{row[0]}", *row[1:]] for number, row in enumerate(rows)]
    data = HEADING + "".join(",".join(row) + "\n" for row in cells).encode()
    table = TextTable(read_blocks("x.csv", [data], WIDTH).table)
    assert [list(row) for row in zip(*(c.to_pylist() for c in table.columns), strict=True)] == cells


@pytest.mark.parametrize(
    "line",
    [b'2,"a\n', b'2,a"b",c\n', b'2,"a"b,c\n', b"2,\xff,c\n", b"2,\0,c\n", b"2,b,c\r\n2,b,\n"],
    ids=["open quote", "stray quote", "text after", "no UTF-8", "NUL", "some carriage returns"],
)
def test_faults_are_left_to_the_strict_reader(line: bytes) -> None:
    data = HEADING.replace(b"\n", b"\r\n" if b"\r" in line else b"\n") + line
    with pytest.raises(Unproven):
        read_blocks("x.csv", [data], WIDTH)


@pytest.mark.parametrize("line", [b"2,b\n", b"2,b,c,d\n", b"\n", b'2,"b\n",c\n'])
def test_a_block_with_odd_records_does_not_slow_down_the_others(line: bytes) -> None:
    blocks = [HEADING, b"1,x,y\n", line, b"3,x,z\n"]
    assert said(read_blocks("x.csv", blocks, WIDTH)) == said(
        tokenise("x.csv", b"".join(blocks), WIDTH)
    )


def test_one_odd_text_does_not_slow_down_a_file() -> None:
    """Somebody copied text that had been encoded twice; the others' shows that the file is not."""
    blocks = [HEADING, "1,é,y\n".encode(), "2,Ã©,z\n3,x,â€™\n".encode(), "4,x,Ã©\n".encode()]
    records = read_blocks("x.csv", blocks, WIDTH)
    assert records.encoded_twice == (3, 4, 5)
    assert said(records) == said(tokenise("x.csv", b"".join(blocks), WIDTH))


def test_a_swallowed_record_is_refused_in_any_block() -> None:
    data = HEADING + b'1,"x\n2,b,c\n3,b",c\n4,b,c\n'
    with pytest.raises(Unproven):
        read_blocks("x.csv", [data], WIDTH)
    with pytest.raises(ExportError):
        tokenise("x.csv", data, WIDTH)


def test_columns_with_more_and_more_texts_come_out_whole() -> None:
    """A column that seems to repeat at first, and later does not."""
    rows = [f"{number},{number % 3},{max(0, number - 500)}\n" for number in range(30_000)]
    data = HEADING + "".join(rows).encode()
    blocks = in_blocks(data, [100, 100, 100, 100, 9_000, 9_000])
    table = TextTable(read_blocks("x.csv", blocks, WIDTH).table)
    expected = [row.rstrip("\n").split(",") for row in rows]
    assert list(zip(*(c.to_pylist() for c in table.columns), strict=True)) == [
        tuple(row) for row in expected
    ]


@pytest.mark.parametrize("name", ["Survey_20190831120000.csv", "Survey_20240831120000.csv"])
def test_an_export_is_the_same_either_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).resolve().parents[2] / "data" / "raw" / name
    quick = read_export(path)
    monkeypatch.setattr(reader, "looks_plain", lambda raw: False)
    strict = read_export(path)
    assert quick.table.frame().equals(strict.table.frame())
    assert quick.issues.equals(strict.issues)
    assert quick.counts == strict.counts
    assert quick.provenance == strict.provenance
