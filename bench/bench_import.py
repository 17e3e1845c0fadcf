"""What ``import survey`` costs beside ``import pandas``, each in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from timing import Ratio

CLOCKED = "import time; start = time.perf_counter(); {0}; print(time.perf_counter() - start)"
PANDAS = "import pandas"
TO_AN_ESTIMATE = "import survey as sv; sv.read_export; sv.clean; sv.share"


def bench_import() -> Ratio:
    """Import the front door alone; the rooms behind it are fetched when first used."""
    return beside_pandas("import survey", "import survey", limit=1.2)


def bench_import_up_to_an_estimate() -> Ratio:
    """Import what reading, cleaning and a share need, so that the door hides nothing."""
    return beside_pandas("import up to share()", TO_AN_ESTIMATE, limit=1.2)


def beside_pandas(name: str, code: str, *, limit: float | None) -> Ratio:
    """Start either nine times in turns and compare the medians."""
    times: dict[str, list[float]] = {code: [], PANDAS: []}
    for _ in range(9):
        for each, kept in times.items():
            kept.append(seconds(each))
    return Ratio(name, median(times[code]), median(times[PANDAS]), PANDAS, limit)


def seconds(code: str) -> float:
    """Run ``code`` in an interpreter of its own and return the seconds it took there."""
    command = [sys.executable, "-c", CLOCKED.format(code)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
