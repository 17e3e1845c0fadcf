"""A file in blocks is read as in one go, and columns by number are those that Python divides."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from survey.errors import ExportError
from survey.exports import read_export
from survey.exports.parse import gathering
from survey.exports.parse import record_blocks as blocks
from survey.exports.parse.csv_strict import Records, tokenise
from survey.exports.parse.gathering import Gathered
from survey.exports.parse.record_blocks import read_records

RAW = sorted((Path(__file__).resolve().parents[2] / "data" / "raw").glob("*.csv"))
WIDTH = 3
CELLS = st.one_of(
    st.text("ab1é漢\ufeff -|", max_size=4),
    st.sampled_from(["", "x", "1", '"', 'a "b"', "a\rb", '"\r', "\r", "Ã©", "a\nb", "\x00", "a,b"]),
)
PUT = [b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\n\n", b"\xc3\xa9", b"\n1,", b",,", b'\n"\n']


@dataclass(frozen=True)
class Damage:
    """Bytes put in the place of some of a file's."""

    at: float
    taken: int
    put: bytes

    def on(self, data: bytes) -> bytes:
        """Return a file with this damage."""
        at = int(self.at * len(data))
        return data[:at] + self.put + data[at + self.taken :]


DAMAGES = st.builds(Damage, st.floats(0, 1, exclude_max=True), st.integers(0, 2),
                    st.sampled_from(PUT))  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a file, more or less damaged."""
    rows = draw(st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=12))
    end = draw(st.sampled_from(["\n", "\r\n", "\r\r\n"]))
    every = draw(st.booleans())
    lines = [",".join(written(cell, every=every) for cell in row) + end for row in rows]
    data = f"a,b,c{end}{''.join(lines)}".encode()
    for damage in draw(st.lists(DAMAGES, max_size=3)):
        data = damage.on(data)
    return data.removesuffix(b"\n") if draw(st.booleans()) else data


def written(cell: str, *, every: bool) -> str:
    quoted = every or any(mark in cell for mark in '",\n')
    return '"' + cell.replace('"', '""') + '"' if quoted else cell


def said(records: Records) -> object:
    """Return all that records tell, with columns as text."""
    return (
        [records.text(column).to_pylist() for column in range(WIDTH)],
        records.order.tolist(),
        records.lines.tolist(),
        records.irregular,
        records.blank_lines,
        records.last_line_complete,
        records.carriage_returns,
        records.encoded_twice,
    )


@given(files(), st.integers(1, 40), st.booleans(), st.integers(0, 3))
def test_blocks_say_what_the_whole_file_says(
    data: bytes, size: int, line_feeds: bool, above: int
) -> None:
    try:
        data.decode()
    except UnicodeDecodeError:
        return  # which is not read at all
    try:
        whole = tokenise("x.csv", data, WIDTH, line_feeds=line_feeds, above=above)
    except ExportError as error:
        event("a fault")
        with pytest.raises(ExportError) as found:
            read_records("x.csv", data, WIDTH, line_feeds=line_feeds, above=above, block=size)
        assert str(found.value) == str(error)
        return
    event("records of another width" if whole.irregular else "records of one width")
    apart = read_records("x.csv", data, WIDTH, line_feeds=line_feeds, above=above, block=size)
    assert said(apart) == said(whole)


@given(st.lists(st.lists(CELLS, min_size=WIDTH, max_size=WIDTH), max_size=12), st.integers(1, 40))
def test_cells_come_out_as_they_were_written(rows: list[list[str]], size: int) -> None:
    """Python's own reader says the same, where no carriage return ends a line for it."""
    numbered = [[str(number), *row[1:]] for number, row in enumerate(rows)]
    lines = [",".join(written(cell, every=False) for cell in row) + "\n" for row in numbered]
    data = ("a,b,c\n" + "".join(lines)).encode()
    whole = all("\n" not in cell for row in numbered for cell in row)
    records = read_records("x.csv", data, WIDTH, line_feeds=not whole, block=size)
    found = [records.text(column).to_pylist() for column in range(WIDTH)]
    if not records.carriage_returns:  # in front of a line feed it may be part of the line end
        assert [list(row) for row in zip(*found, strict=True)] == numbered
        plain = "\r" not in data.decode()
        assert not plain or [*csv.reader(data.decode().split("\n")[1:-1])] == numbered or not whole


@pytest.mark.parametrize("path", [RAW[0], RAW[-1]], ids=lambda path: path.name)
def test_an_export_is_read_alike_in_blocks_of_any_size(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read_export(path)
    monkeypatch.setattr(blocks, "_SMALLEST", 1 << 16)
    apart = read_export(path)
    assert apart.frame.equals(whole.frame)
    assert apart.repairs.equals(whole.repairs)
    assert apart.issues.equals(whole.issues)
    assert apart.uncertain == whole.uncertain
    assert apart.counts == whole.counts


@given(st.lists(st.lists(st.text("ab", max_size=2), max_size=6), max_size=5), st.integers(0, 9))
def test_columns_of_few_and_of_many_texts_are_gathered_alike(
    blocks_of: list[list[str]], few: int
) -> None:
    texts = [text for block in blocks_of for text in block]
    gathered = Gathered(1, len(texts) + 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "_FEW", few)
        for block in blocks_of:
            gathered.add(pa.table({"0": pa.array(block, pa.string()).dictionary_encode()}))
    cells = gathered.table().column(0)
    assert cells.to_pylist() == texts
    assert cells.chunk(0).dictionary.to_pylist() == list(dict.fromkeys(texts))


def test_numbers_of_texts_grow_with_their_count() -> None:
    blocks_of = [[f"{number}" for number in range(start, start + 90)] for start in (0, 60, 120)]
    gathered = Gathered(1, 270)
    for block in blocks_of:
        gathered.add(pa.table({"0": pa.array(block).dictionary_encode()}))
    cells = gathered.table().column(0)
    assert cells.type.index_type == pa.int16()
    assert cells.to_pylist() == [text for block in blocks_of for text in block]
