"""What ``import survey`` costs beside ``import pandas``, each in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from timing import Ratio

CLOCKED = "import time; start = time.perf_counter(); import {0}; print(time.perf_counter() - start)"


def bench_import() -> Ratio:
    """Start either nine times in turns and compare the medians."""
    times: dict[str, list[float]] = {"survey": [], "pandas": []}
    for _ in range(9):
        for module, kept in times.items():
            kept.append(seconds_to_import(module))
    return Ratio(
        "import survey", median(times["survey"]), median(times["pandas"]), "import pandas", 1.2
    )


def seconds_to_import(module: str) -> float:
    """Import ``module`` in an interpreter of its own and return the seconds it took there."""
    command = [sys.executable, "-c", CLOCKED.format(module)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
