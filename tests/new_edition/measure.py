"""Drafts of invented questionnaires: ``python -m tests.new_edition.measure --changes 200``.

Each run makes a few random changes of a committed export's questionnaire, drafts its codebook
without review, and compares every value of the standing tables (internal) with that of the
unchanged export (``--against unchanged``) or with that of the same answers read with a codebook
by hand (``--against hand``). Ends with 1 if a value is wrong and nothing marks it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

from survey.codebook import read_codebook
from survey.exports import Export, read_export
from tests.new_edition.changes import Form
from tests.new_edition.drawn import FAITHFUL, change_form
from tests.new_edition.numbers import Difference, by_draft, by_hand, difference, tables_of
from tests.new_edition.sheet import Sheet

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
NAME, BASE, BEFORE = "2026", "2024", "2023"
NEWEST = "2025"  # the newest questionnaire that is known: what a draft of 2026 extends


def export_of(year: str) -> Path:
    return RAW / f"Survey_{year}0831120000.csv"


@cache
def earlier_exports() -> tuple[Export, ...]:
    """Return the exports that a project has of earlier years."""
    return tuple(read_export(export_of(str(year))) for year in range(2019, int(BASE)))


def sheet_of(name: str) -> Sheet:
    """Return last year's answers, as if they had been given in another year."""
    sheet = Sheet.read(export_of(BASE).read_bytes())
    for heading in ("Created", "LastEdited"):
        sheet.change(heading, lambda cell: cell.replace(f"{BASE}-", f"{name}-"))
    return sheet


def one_run(
    seed: int, changes: int, against: str, folder: Path, ways: tuple[str, ...] = ()
) -> tuple[list[str], Difference, dict[str, str]]:
    """Change a questionnaire, draft it, and compare all numbers."""
    rng = random.Random(seed)
    book = read_codebook()
    original = export_of(BASE)
    name = BASE if against == "unchanged" else NAME
    edition = replace(book.edition(BASE if name == BASE else NEWEST), name=name)
    form = Form(sheet_of(name), edition, new_answers=against == "hand")
    done = change_form(form, rng, changes, ways)
    path = form.sheet.write(folder / f"Survey_{name}.csv")
    earlier = [export_of(BEFORE)]
    drafted, _ = by_draft(book, name, path, earlier_exports(), folder)
    if against == "unchanged":  # alone: what counts as a copy depends on answers that changed
        given = tables_of(drafted, name, path, ())
        right = tables_of(book, name, original, ())
    else:
        given = tables_of(drafted, name, path, earlier)
        right = tables_of(by_hand(book, form.edition), name, path, earlier)
    return done, difference(right, given, form.touched), form.touched


def main() -> None:
    options = _options()
    total, changes = Counter[str](), 0
    wrong = []
    runs = max(1, options.changes // options.together)
    for number in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            ways = FAITHFUL if options.against == "hand" else ()
            done, found, touched = one_run(
                options.seed + number, options.together, options.against, Path(folder), ways
            )
        changes += len(done)
        total += found.counts
        wrong += [f"seed {options.seed + number} {touched}: {each}" for each in found.wrong]
        print(f"{number + 1}/{runs}", *done, dict(found.counts), flush=True)
        for each in found.wrong[:5]:
            print("   ", each, flush=True)
    print(f"{changes} changes, {sum(total.values())} values: {dict(total)}")
    print(f"untouched, equal and unmarked: {Difference(total).untouched_right:.1%}")
    print(f"with what counts each cloud once: {Difference(total).unnamed_right:.1%}")
    print(f"wrong and unmarked: {len(wrong)}")
    sys.exit(bool(wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--together", type=int, default=4, help="changes in one run")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--against", choices=["unchanged", "hand"], default="unchanged")
    return parser.parse_args()


if __name__ == "__main__":
    main()
