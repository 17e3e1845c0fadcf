"""Damage many files and count what becomes of them: ``python -m tests.fuzz.run --files 10000``.

Prints, for each kind of damage, how many files came out unchanged, with issues, refused, or with
an untouched record silently lost or changed, and with ``--others`` the same of pandas' defaults
and of Python's csv module, for files in the exporter's own layouts.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.cases import Case, cases_of
from tests.fuzz.oracle import examine
from tests.fuzz.others import by_csv, by_pandas

WORDS = ("unchanged", "issues", "refused", "silent")


def main() -> None:
    """Run, print the table, and end with 1 if anything was found."""
    options = _options()
    warnings.simplefilter("error")
    table: Counter[tuple[str, str]] = Counter()
    others: Counter[str] = Counter()
    slowest, found = 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        for seed in range(options.first, options.first + options.files):
            case = cases_of(Random(seed))
            start = time.perf_counter()
            findings, word = _examined(Path(name), case)
            took = time.perf_counter() - start
            if took > max(1.0, slowest):
                print(f"seed {seed} took {took:.1f} s: {case}", flush=True)
            slowest = max(slowest, took)
            table[case.kind, "silent" if findings else word] += 1
            if findings:
                found += 1
                print(f"seed {seed}, {case}: {findings[:3]}", flush=True)
            if options.others and case.file is not None and case.exporter:
                others["files"] += 1
                others["ours"] += bool(findings)
                others["pandas"] += by_pandas(case, whole=False)
                others["pandas, beside the file itself"] += by_pandas(case, whole=True)
                others["csv"] += by_csv(case)
    _print(table, others)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.files} files, {found} with findings; slowest {slowest:.2f} s; {peak:.0f} MB")
    sys.exit(bool(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first file")
    parser.add_argument("--others", action="store_true", help="count pandas and csv, too")
    return parser.parse_args()


def _examined(folder: Path, case: Case) -> tuple[list[str], str]:
    try:
        outcome = examine(folder, case.source, case.data, case.file)
    except Exception as error:  # that is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return [f"{type(error).__name__}: {error} ({Path(place.filename).name})"[:300]], "crash"
    return list(outcome.findings), outcome.word


def _print(table: Counter[tuple[str, str]], others: Counter[str]) -> None:
    print(f"{'damage':28}" + "".join(f"{word:>11}" for word in WORDS))
    for kind in sorted({kind for kind, _ in table}):
        print(f"{kind:28}" + "".join(f"{table[kind, word]:>11}" for word in WORDS))
    print(
        f"{'all':28}"
        + "".join(f"{sum(n for (_, w), n in table.items() if w == word):>11}" for word in WORDS)
    )
    if others:
        print("silently lost or changed an untouched record:", dict(others))


if __name__ == "__main__":
    main()
