"""Changes that people make to exports, written by somebody who did not write the reader.

Each operator takes the lines of an export and returns the bytes of a changed file, the columns in
which answers may differ, and whether a person could still tell what it holds.
``python -m tests.fuzz.other_hands --files N --first SEED`` tries N of them.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import pandas as pd

from survey.errors import SurveyError
from survey.exports import read_export
from survey.responses import Responses, clean

ROOT = Path(__file__).parents[2]
STORED = "%Y-%m-%d %H:%M:%S"
TIMES = ("Created", "LastEdited")
TIME_CONCEPTS = frozenset({"created", "edited"})
DATE_FORMATS = (
    "%m/%d/%Y %H:%M", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%d-%b-%y",
    "%Y-%m-%dT%H:%M:%S+03:00", "%Y/%m/%d %I:%M:%S %p GMT+2", "%b %d, %Y", "%d %B %Y %H:%M",
    "%m/%d/%y %H:%M", "%Y%m%d", "%A, %d %B %Y",
)  # fmt: skip

Lines = list[list[str]]


class Changed(NamedTuple):
    """A changed file: name, content, and concepts that may differ.

    ``blank`` is the word that the program wrote where a cell was blank: a text that somebody
    answered with the very same word is lost in the file, and nobody could tell.
    """

    name: str
    content: bytes
    touched: frozenset[str] = frozenset()
    blank: str = ""


def written(lines: Lines, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(lines)
    return file.getvalue()


def as_csv(lines: Lines, touched: frozenset[str] = frozenset()) -> Changed:
    return Changed("export.csv", written(lines).encode(), touched)


def dates(lines: Lines, random: Random) -> Changed:
    """Write all times in another form, as a spreadsheet in another country does."""
    form = random.choice(DATE_FORMATS)
    places = [lines[0].index(name) for name in TIMES]

    def told(cell: str) -> str:
        try:
            return datetime.strptime(cell, STORED).strftime(form)
        except ValueError:
            return cell

    rows = [[told(c) if i in places else c for i, c in enumerate(row)] for row in lines[1:]]
    return as_csv([lines[0], *rows], TIME_CONCEPTS)


def serial_dates(lines: Lines, random: Random) -> Changed:
    """Write all times as a spreadsheet's numbers of days."""
    places = [lines[0].index(name) for name in TIMES]

    def told(cell: str) -> str:
        try:
            days = (datetime.strptime(cell, STORED) - datetime(1899, 12, 30)) / timedelta(days=1)
        except ValueError:
            return cell
        return f"{days:.9f}"

    rows = [[told(c) if i in places else c for i, c in enumerate(row)] for row in lines[1:]]
    return as_csv([lines[0], *rows], TIME_CONCEPTS)


def delimiters(lines: Lines, random: Random) -> Changed:
    """Save with another delimiter, with or without the line that tells a spreadsheet so."""
    delimiter = random.choice([";", "\t", "|"])
    head = f"sep={delimiter}\r\n" if random.random() < 0.4 else ""
    return Changed("export.csv", (head + written(lines, delimiter)).encode())


def encodings(lines: Lines, random: Random) -> Changed:
    name = random.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    mark = "\ufeff" if name.startswith("utf-16-") else ""
    return Changed("export.csv", (mark + written(lines)).encode(name))


def quoted(lines: Lines, random: Random) -> Changed:
    return Changed("export.csv", written(lines, quoting=csv.QUOTE_ALL).encode())


def footers(lines: Lines, random: Random) -> Changed:
    width = len(lines[0])
    text = random.choice(
        ["Total", f"Total: {len(lines) - 1} records", "Exported 2024-09-01", "-- end of file --",
         "Grand Total", "(c) the survey team"]
    )  # fmt: skip
    place = random.choice([0, 0, 1, width - 1])
    foot = ["" if place != i else text for i in range(width)]
    if random.random() < 0.3:
        foot[-1] = str(len(lines) - 1)
    return as_csv([*lines, *([[""] * width] if random.random() < 0.5 else []), foot])


def preamble(lines: Lines, random: Random) -> Changed:
    words = random.choice(["OpenStack User Survey", "Confidential", "Downloaded by the team"])
    above = [[words], *([[]] if random.random() < 0.5 else [])]
    return as_csv([*above, *lines])


def blanks(lines: Lines, random: Random) -> Changed:
    found = list(lines)
    for _ in range(random.randint(1, 5)):
        place = random.randint(1, len(found))
        found.insert(place, random.choice([[], [""] * len(lines[0])]))
    return as_csv(found)


def more_columns(lines: Lines, random: Random) -> Changed:
    many, headed = random.randint(1, 3), random.random() < 0.5
    head = random.choice(["", "Notes", "Unnamed: 0", "Reviewer"]) if headed else ""
    first = lines[0] + [head] * many if headed or random.random() < 0.5 else lines[0]
    return as_csv([first, *(row + [""] * many for row in lines[1:])])


def numbered(lines: Lines, random: Random) -> Changed:
    head = random.choice(["", "Unnamed: 0", "index", "#"])
    return as_csv([[head, *lines[0]], *([str(i), *row] for i, row in enumerate(lines[1:]))])


def headings(lines: Lines, random: Random) -> Changed:
    """Change how all headings are spelled, not what they say."""
    change: Callable[[str], str] = random.choice(
        [
            str.upper,
            str.lower,
            lambda h: h.replace(" ", "\u00a0"),
            lambda h: h.replace(" - ", "-"),
            lambda h: h.replace(" - ", " \u2013 "),
            lambda h: h.replace("&", "&amp;"),
            lambda h: f" {h} ",
            lambda h: f"\u200b{h}",
            lambda h: f'"{h}"',
            lambda h: h.replace(" ", "  "),
        ]
    )
    return as_csv([[change(h) for h in lines[0]], *lines[1:]])


def columns(lines: Lines, random: Random) -> Changed:
    order = list(range(len(lines[0])))
    random.shuffle(order)
    return as_csv([[row[i] for i in order] for row in lines])


def repeated_heading(lines: Lines, random: Random) -> Changed:
    place = random.randint(2, len(lines))
    return as_csv([*lines[:place], lines[0], *lines[place:]])


def repeated_rows(lines: Lines, random: Random) -> Changed:
    return as_csv([*lines, *random.sample(lines[1:], min(9, len(lines) - 1))])


def pandas_again(lines: Lines, random: Random) -> Changed:
    # pandas' own list of words for nothing would take answers such as "None" out of the file
    frame = pd.read_csv(
        io.StringIO(written(lines)), low_memory=False, keep_default_na=False, na_values=[""]
    )
    word = random.choice(["", "NA", "NULL", "#N/A", "<NA>"])  # no word that a question lists
    content = frame.to_csv(index=random.random() < 0.3, na_rep=word).encode()
    return Changed("export.csv", content, blank=word)


def padded(lines: Lines, random: Random) -> Changed:
    """Put a space around every cell; what is free text keeps it or not."""
    rows = [[f" {c} " if c else c for c in row] for row in lines[1:]]
    return as_csv([lines[0], *rows], frozenset({"*text*"}))


OPERATORS: tuple[Callable[[Lines, Random], Changed], ...] = (
    dates, serial_dates, delimiters, encodings, quoted, footers, preamble, blanks, more_columns,
    numbered, headings, columns, repeated_heading, repeated_rows, pandas_again, padded,
)  # fmt: skip


@cache
def export_lines(edition: str) -> Lines:
    """Return an invented export whose records all have their own width."""
    path = ROOT / "data" / "raw" / f"Survey_{edition}0831120000.csv"
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    whole = [row for row in lines[1:] if len(row) == len(lines[0]) and row[0].isdigit()]
    return [lines[0], *whole]


def part(edition: str, random: Random) -> Lines:
    """Return the heading and a stretch of records."""
    lines = export_lines(edition)
    size = random.randint(40, 90)
    start = random.randint(1, len(lines) - size)
    return [lines[0], *lines[start : start + size]]


def answers_in(content: bytes, name: str) -> Responses:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return clean(read_export(path, invented=True), key=b"other hands")


def findings(operator: Callable[[Lines, Random], Changed], seed: int) -> tuple[str, list[str]]:
    """Return what became of one changed file, and everything that is wrong with it."""
    random = Random(f"{operator.__name__} {seed}")
    edition = random.choice(["2019", "2020", "2021", "2022", "2023", "2024"])
    lines = part(edition, random)
    wanted = answers_in(written(lines).encode(), "export.csv")
    changed = operator(lines, random)
    try:
        found = answers_in(changed.content, changed.name)
    except SurveyError:
        return "refused", []
    except Exception as fault:
        return "crashed", [f"{operator.__name__} {seed}: {type(fault).__name__} {fault}"[:200]]
    faults = []
    if found.editions != wanted.editions:
        faults.append(f"edition {found.editions} in place of {wanted.editions}")
    for table, key in (("respondents", "respondent"), ("deployments", "deployment")):
        faults += differences(getattr(wanted, table), getattr(found, table), key, changed)
    return "read", [f"{operator.__name__} {seed}: {fault}" for fault in faults]


def differences(wanted: pd.DataFrame, found: pd.DataFrame, key: str, changed: Changed) -> list[str]:
    """Return records that came or went, and columns in which answers differ."""
    one, two = (frame.set_index(frame[key].astype(str)) for frame in (wanted, found))
    if sorted(one.index) != sorted(two.index):
        return [f"{len(one)} records of {key} became {len(two)}"]
    two = two.loc[one.index]
    free = {c for c in one if one[c].dtype == object or str(one[c].dtype).startswith("str")}
    skipped = changed.touched | (free if "*text*" in changed.touched else set())
    names = [c for c in one if c not in skipped]
    return [
        f"{name} differs" if name in two else f"{name} is gone"
        for name in names
        if name not in two or not alike(told(one[name]), told(two[name]), changed.blank)
    ]


def told(column: pd.Series) -> list[str]:
    return ["" if missing else str(v) for v, missing in zip(column, column.isna(), strict=True)]


def alike(wanted: list[str], found: list[str], blank: str) -> bool:
    """Whether all answers are the same; one that is the word for a blank may be lost."""
    pairs = zip(wanted, found, strict=True)
    return all(two == one or (one == blank and not two) for one, two in pairs)


def main() -> int:
    """Try many files and print how each operator fared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    fates: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for seed in range(options.first, options.first + options.files):
        operator = OPERATORS[seed % len(OPERATORS)]
        fate, faults = findings(operator, seed)
        fates[operator.__name__, "wrong" if faults else fate] += 1
        wrong += faults
    for (name, fate), times in sorted(fates.items()):
        print(f"{name:18} {fate:8} {times}")
    print(*wrong[:60], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
