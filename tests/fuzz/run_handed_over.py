"""Hand over many files and count what becomes of them.

``python -m tests.fuzz.run_handed_over --files 3000`` prints, for each operator, how many files
were read, refused, refused although a person could tell, and silently changed. With
``--office``, LibreOffice saves some of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path

from tests.fuzz.handed_over_oracle import Judged, draw, judge

WORDS = ("read", "refused", "tellable", "silent")


def main() -> None:
    """Run, print the table, and end with 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="seed of the first file")
    parser.add_argument("--office", action="store_true", help="let LibreOffice save files, too")
    parser.add_argument("--refused", action="store_true", help="say why files were refused")
    options = parser.parse_args()
    warnings.simplefilter("error")
    table: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for seed in range(options.first, options.first + options.files):
            judged = _judged(Path(name), seed, office=options.office)
            table[judged.kind, judged.word] += 1
            table[judged.kind, "tellable"] += judged.word == "refused" and judged.tellable
            table[judged.kind, "silent"] += bool(judged.findings)
            if options.refused and judged.word == "refused" and judged.tellable:
                print(f"seed {seed}, {judged.kind}: {judged.said}", flush=True)
            if judged.findings:
                print(f"seed {seed}, {judged.kind}: {list(judged.findings[:3])}", flush=True)
    print(f"{'operator':26}" + "".join(f"{word:>10}" for word in WORDS))
    for kind in sorted({kind for kind, _ in table}):
        print(f"{kind:26}" + "".join(f"{table[kind, word]:>10}" for word in WORDS))
    total = {word: sum(n for (_, w), n in table.items() if w == word) for word in WORDS}
    print(f"{'all':26}" + "".join(f"{total[word]:>10}" for word in WORDS))
    sys.exit(bool(total["silent"]))


def _judged(folder: Path, seed: int, *, office: bool) -> Judged:
    try:
        return judge(folder, seed, office=office)
    except Exception as error:  # that is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        return Judged(draw(seed, office=office)[0], "crash", True, (said[:300],))


if __name__ == "__main__":
    main()
