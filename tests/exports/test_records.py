"""The strict reader: what it accepts, and what it refuses instead of bending."""

import csv
import io

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.errors import ExportError
from survey.exports.parse.csv_strict import Irregular, header_of, tokenise
from survey.exports.parse.line_ends import trailing_returns
from survey.exports.realign.realign import realign

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\n"), max_size=8)


def written(cells: list[str]) -> bytes:
    """Write cells as the exporter does: quoted only if a quote occurs."""
    quoted = ('"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in cells)
    return (",".join(quoted) + "\n").encode()


def cells_of(data: bytes, width: int) -> list[tuple[str, ...]]:
    records = tokenise("x.csv", data, width)
    columns = [column.to_pylist() for column in records.table.columns]
    regular = dict(zip(records.order.tolist(), zip(*columns, strict=True), strict=True))
    odd = {record.order: record.cells for record in records.irregular}
    return [{**regular, **odd}[number] for number in range(len(regular) + len(odd))]


@given(
    st.lists(
        st.lists(CELLS.map(lambda cell: cell.replace(",", "-")), min_size=2, max_size=5),
        min_size=1,
        max_size=8,
    ),
    st.integers(2, 5),
)
def test_every_record_comes_out_as_it_went_in(rows: list[list[str]], width: int) -> None:
    # A record whose last cell ends with CR is an ordinary line end of another system.
    rows = [[*row[:-1], row[-1].rstrip("\r")] for row in rows]
    data = written([f"h{number}" for number in range(width)]) + b"".join(map(written, rows))
    assert cells_of(data, width) == [tuple(row) for row in rows]


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_files_saved_by_a_spreadsheet_read_the_same(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    assert cells_of(buffer.getvalue().encode(), 3) == [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'1,"open\n2,x\n', "unbalanced quote"),
        (b'1,a"b"\n', "quote inside an unquoted cell"),
        (b'1,"a"b\n', "text after a closing quote"),
        (b'1,"a"\rb\n', "text after a closing quote"),
    ],
)
def test_a_stray_quote_is_refused_with_its_line(body: bytes, says: str) -> None:
    with pytest.raises(ExportError) as caught:
        tokenise("x.csv", b"SurveyID,Text\n0,fine\n" + body, 2)
    assert says in str(caught.value)
    assert "x.csv, line 3" in str(caught.value)


def test_two_stray_quotes_that_swallow_records_are_refused() -> None:
    # Every row keeps its number of cells, so a guessing reader loses two records in silence.
    data = b'SurveyID,DeploymentID,Text\n1,11,"fine\n2,12,also fine\n3,13,end"\n4,14,x\n'
    assert len(list(csv.reader(io.StringIO(data.decode())))) == 3
    with pytest.raises(ExportError) as caught:
        tokenise("x.csv", data, 3)
    assert [problem.where for problem in caught.value.problems] == [
        "x.csv, line 3",
        "x.csv, line 4",
    ]


def test_a_swallowed_record_need_not_begin_with_a_number() -> None:
    data = b'Notes,SurveyID,Text\n,1,"fine\n,2,also fine\n,3,end"\n,4,x\n'
    with pytest.raises(ExportError, match="line 3"):
        tokenise("x.csv", data, 3)


def test_a_lone_carriage_return_is_part_of_its_cell() -> None:
    assert cells_of(b"a,b\n1,x\ry\n2,z\n", 2) == [("1", "x\ry"), ("2", "z")]


@pytest.mark.parametrize("end", [b"\r\n", b"\r\r\n"])
def test_line_ends_of_other_systems_are_no_text(end: bytes) -> None:
    lines = [b"a,b", b'1,"x"', b"2,y", b"3,"]
    rows = [("1", "x"), ("2", "y"), ("3", "")]
    assert cells_of(b"".join(line + end for line in lines), 2) == rows
    assert cells_of(lines[0] + b"\n" + b"".join(line + end for line in lines[1:]), 2) == rows


@given(st.lists(st.text("a\r,", max_size=4), min_size=1))
@example(["\r", "a"])
def test_carriage_returns_at_the_end_of_each_record_are_counted(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    lengths = np.array([len(line) for line in lines])
    ends = np.cumsum(lengths + 1) - 1
    found = trailing_returns(np.frombuffer(data + b"\n", dtype=np.uint8), ends - lengths, ends)
    assert found.tolist() == [len(line) - len(line.rstrip("\r")) for line in lines]


def test_a_carriage_return_on_a_few_lines_is_kept_and_said() -> None:
    records = tokenise("x.csv", b"a,b\n1,x\r\n2,y\n3,z\n4,w\n", 2)
    assert records.table.column(1).to_pylist() == ["x\r", "y", "z", "w"]
    assert records.carriage_returns == (2,)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    records = tokenise("x.csv", b'a,b\n1,"two\nlines"\n\n2,x\n3\n', 2)
    assert records.lines.tolist() == [2, 5]
    assert [(record.line, record.cells) for record in records.irregular] == [(6, ("3",))]
    assert records.blank_lines == (4,)


@pytest.mark.parametrize(
    "text", ["None", "NA", "N/A", "NULL", "nan", "0", "00", "0.0", " ", "TRUE"]
)
def test_words_that_readers_take_for_missing_stay_text(text: str) -> None:
    assert cells_of(f"a,b\n1,{text}\n".encode(), 2) == [("1", text)]


def test_a_missing_line_end_is_noticed() -> None:
    assert not tokenise("x.csv", b"a,b\n1,x", 2).last_line_complete
    assert tokenise("x.csv", b"a,b\n1,x\n", 2).last_line_complete


def test_the_heading_line_can_be_quoted() -> None:
    assert header_of("x.csv", b'"a","b ""c"""\r\n1,2\r\n') == ("a", 'b "c"')


def test_of_two_explanations_the_number_of_a_deployment_follows_that_of_its_survey() -> None:
    """Either number fits its column; the survey system numbers both in one sequence."""

    def number(cell: str) -> bool:
        return not cell or cell.isdecimal()

    checks = [number, lambda cell: True, number, number, lambda cell: True]
    record = Irregular(0, 3, ("1000", "", "1002", "1", "", "an orphan"))
    unsure = realign(record, 5, 2, checks)
    assert unsure is not None
    assert unsure.uncertain == (2, 3, 4)
    sure = realign(record, 5, 2, checks, respondent_at=0)
    assert sure is not None
    assert (sure.cells, sure.extra) == (record.cells[:5], ("an orphan",))
    blank = Irregular(0, 3, ("1000", "", "1002", "", "an answer", "an orphan"))
    found = realign(blank, 5, 2, checks, 0)
    assert found is not None
    assert found.cells == blank.cells[:5]
    earlier = Irregular(0, 3, ("1000", "", "1", "7", "", "x"))
    assert realign(earlier, 5, 2, checks, 0) == realign(earlier, 5, 2, checks)
