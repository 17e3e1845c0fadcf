"""What ``import survey`` costs beside ``import pandas``, each in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

from bench_commands import ENVIRONMENT
from timing import Ratio, compared

CLOCKED = "import time; start = time.process_time(); {0}; print(time.process_time() - start)"
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
    return compared(name, times[code], times[PANDAS], PANDAS, limit)


def seconds(code: str) -> float:
    """Run ``code`` in an interpreter of its own and return what processor time it took."""
    command = [sys.executable, "-c", CLOCKED.format(code)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    return float(run.stdout)
