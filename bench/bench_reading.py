"""What reading an export strictly costs, beside what pyarrow takes to divide it into cells.

The file has ~200 columns and 2.8 kB a record: an invented edition repeated under other names, with
longer free texts (``inputs.py``). The damaged one has all that the exporter does to a file; pyarrow
takes lone carriage returns for line ends, and reads the file without damage. Both readers have
pyarrow's and Python's defaults, on as many threads as these take; what counts is the processor
time of all.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from inputs import FOLDER, export_file
from timing import Ratio, side_by_side

from survey.codebook import Kind
from survey.exports import Export, Placement, read_export
from survey.exports.text_table import TextTable
from survey.responses import Responses, clean
from survey.responses.matching import Matcher
from survey.responses.parse import Place, parse

RECORDS = 100_000
TINY, SMALL, LARGE = 500, 10_000, 300_000
AGAINST = "pyarrow.csv to strings, without damage"
RAW = Path(__file__).resolve().parent.parent / "data" / "raw"
CLOSED = 90
KEY = b"a key for benchmarks, and for them alone"
HERE = Path(__file__).resolve().parent
STEPS = {
    "read": "",
    "read, repaired and typed": "; clean(export, key=bytes(32))",
    "read, cleaned, share and total": (
        "; answers = clean(export, key=bytes(32)); share(answers, 'hypervisors'); "
        "total(answers, 'compute_cores')"
    ),
}
MEASURED = """
import sys, time
from survey.exports import read_export
from survey.responses import clean
from survey.estimates import share, total
def resident(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
clean(read_export(sys.argv[2]), key=bytes(32))
open("/proc/self/clear_refs", "w").write("5")  # the peak starts anew
before, start = resident("VmRSS"), time.process_time()
export = read_export(sys.argv[1])%s
print(time.process_time() - start, resident("VmHWM") - before)
"""


def bench_reading() -> list[Ratio]:
    """Read 100,000 records with every check on; then repair and type them, too."""
    plain, damaged = export_file(RECORDS), export_file(RECORDS, damaged=True)
    found = []
    for name, path in (("", plain), (" with all damage", damaged)):
        found += [
            side_by_side(
                f"{RECORDS:,} records{name} read",
                partial(read_export, path),
                partial(to_strings, plain),
                against=AGAINST,
                limit=6.0,
                repeat=3,
            ),
            side_by_side(
                f"{RECORDS:,} records{name} read, repaired and typed",
                partial(cleaned, path),
                partial(to_strings, plain),
                against=AGAINST,
                limit=8.0,
                repeat=3,
            ),
        ]
    return found


def bench_real_size() -> Ratio:
    """Read the export of one edition as it was committed."""
    path = max(RAW.glob("*.csv"))
    plain = FOLDER / path.name
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = path.read_bytes().removesuffix(b"\n").split(b"\n")
    whole = [each.replace(b"\r", b" ") for each in lines]
    width = whole[0].count(b",")
    plain.write_bytes(b"\n".join(each for each in whole if each.count(b",") == width) + b"\n")
    return side_by_side(
        "an export of real size read",
        lambda: read_export(path),
        lambda: to_strings(plain),
        against=AGAINST,
        limit=4.0,
        repeat=9,
    )


def cleaned(path: Path) -> Responses:
    """Read, repair and type an export."""
    return clean(read_export(path), key=KEY)


def to_strings(path: Path) -> pa.Table:
    """Read every column as text, as pyarrow does it by default."""
    with path.open("rb") as file:
        headings = file.readline().decode().rstrip("\n").split(",")
    text = {heading: pa.string() for heading in headings}
    options = pa_csv.ConvertOptions(column_types=text, strings_can_be_null=False)
    return pa_csv.read_csv(path, convert_options=options)


@cache
def _export() -> Export:
    return read_export(export_file(RECORDS))


def bench_closed_columns() -> Ratio:
    """Normalize 90 columns of closed questions, from text; the reference maps unique texts.

    Both begin with plain text columns, although a large file is read into numbered texts.
    """
    export = _export()
    placements = _closed(export)
    columns = [column for placement in placements for column in placement.columns]
    table = TextTable.of([export.table.column(column) for column in columns])
    position = {column: number for number, column in enumerate(columns)}
    places = [_place(export, each) for each in placements]
    placed = [
        replace(each, columns=tuple(position[column] for column in each.columns))
        for each in placements
    ]
    meanings = [_meanings(each, table) for each in placed for _ in each.columns]
    return side_by_side(
        f"{len(columns)} closed columns normalized",
        lambda: [parse(each, table, place) for each, place in zip(placed, places, strict=True)],
        lambda: [
            _mapped(cells, known) for cells, known in zip(table.columns, meanings, strict=True)
        ],
        against="mapping the unique texts",
        limit=1.2,
    )


def _closed(export: Export) -> list[Placement]:
    """Return the placements of closed questions, one answer to a cell, up to 90 columns."""
    found: list[Placement] = []
    room = CLOSED
    for placement in export.placements:
        if placement.question.kind in (Kind.SINGLE, Kind.MATRIX) and room:
            columns, items = placement.columns[:room], placement.items[:room]
            found.append(replace(placement, columns=columns, items=items))
            room -= len(columns)
    return found


def _place(export: Export, placement: Placement) -> Place:
    headings = tuple(export.headings[column] for column in placement.columns)
    return Place(export.name, placement.question.heading, export.lines, headings=headings)


def _meanings(placement: Placement, table: TextTable) -> dict[str, int]:
    """Return text -> number of the choice, for all texts of a question."""
    matcher = Matcher.of(placement.question)
    number = {label: place for place, label in enumerate(placement.question.labels)}
    texts = {
        text for column in placement.columns for text in table.column(column).unique().to_pylist()
    }
    found = {text: matcher.find(text) for text in texts if text}
    return {text: number[match.label] for text, match in found.items() if match is not None}


def _mapped(cells: pa.ChunkedArray, meaning: Mapping[str, int]) -> np.ndarray:
    """Map each unique text once and take the result for every row."""
    encoded = cells.combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    codes = np.array([meaning.get(text, -1) for text in texts], dtype=np.int8)
    return np.asarray(pc.take(pa.array(codes), encoded.indices))


def bench_growth() -> list[Ratio]:
    """Read 10,000 and 300,000 records, each in a process of its own.

    The exponent is that of processor time, of all threads, less what a file of 500 records
    costs, so that what every file costs does not make growth look flat. Memory is the peak of the
    resident set above what the process held after it had read and cleaned a file of 500 records,
    so that modules, the codebook and thread stacks do not count.
    """
    found = []
    for step, code in STEPS.items():
        fixed, few, many = (_measured(export_file(size), code) for size in (TINY, SMALL, LARGE))
        times = [each[0] - fixed[0] for each in (few, many)]
        grown = (LARGE - TINY) / (SMALL - TINY)
        exponent = math.log(times[1] / times[0]) / math.log(grown)
        against = f"{SMALL:,} to {LARGE:,}, fixed cost taken off"
        found.append(Ratio(f"exponent of time, {step}", exponent, 1.0, against, 1.05, ""))
        for size, (_, peak) in ((SMALL, few), (LARGE, many)):
            megabytes = export_file(size).stat().st_size / 1e6
            name = f"peak memory, {size:,} records {step}"
            found.append(Ratio(name, peak / 1e6, megabytes, "size of the file", 2.0, "MB"))
    return found


def bench_damaged_memory() -> list[Ratio]:
    """Read and clean 100,000 damaged records: the largest resident set."""
    path = export_file(RECORDS, damaged=True)
    megabytes = path.stat().st_size / 1e6
    return [
        Ratio(
            f"peak memory, {RECORDS:,} records with all damage {step}",
            _measured(path, STEPS[step])[1] / 1e6,
            megabytes,
            "size of the file",
            2.0,
            "MB",
        )
        for step in ("read", "read, repaired and typed")
    ]


def _measured(path: Path, code: str) -> tuple[float, float]:
    """Return the least seconds and bytes of several processes that read a file."""
    command: list[str] = [sys.executable, "-c", MEASURED % code, str(path), str(export_file(TINY))]
    runs = []
    for _ in range(2):
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        runs.append([float(each) for each in said.split()])
    return min(seconds for seconds, _ in runs), min(peak for _, peak in runs)
