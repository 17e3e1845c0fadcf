"""Run the benchmarks and print one table: ``python bench/run.py [WORD ...]``.

Every ``bench/bench_*.py`` has functions ``bench_*()`` without arguments that return a
:class:`timing.Ratio` or several. With words, only the benchmarks whose module or function
name holds one of them run. Each that ran takes the place of its earlier figures in
``results.json``, with its date and machine. Nothing is asserted here and no test looks at the
figures; a person does.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
sys.path.insert(0, str(HERE))

from timing import Ratio  # noqa: E402

COLUMNS = ("what", "ours", "reference", "ratio", "spread", "elapsed", "limit", "", "compared with")


def main(words: Sequence[str]) -> int:
    """Run what was asked for, print it as it comes, and return the exit code."""
    found: list[Ratio] = []
    failed: list[str] = []
    for label, function in benchmarks(words):
        print(f"running {label} ...", file=sys.stderr, flush=True)
        try:
            result = function()
        except Exception as error:  # the others are measured all the same
            print(f"FAILED {label}: {error}", file=sys.stderr, flush=True)
            failed.append(label)
            continue
        rows = [result] if isinstance(result, Ratio) else result
        print("\n".join(" | ".join(row(each)) for each in rows), file=sys.stderr, flush=True)
        keep(label, rows)
        found += rows
    print("\n".join(table([COLUMNS, *map(row, found)])))
    return 1 if failed else 0


def keep(label: str, rows: Sequence[Ratio]) -> None:
    """Write down one benchmark, with when and on what it ran, in place of its earlier figures."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept[label] = {
        "date": date.today().isoformat(),
        "machine": machine(),
        "results": [as_record(ratio) for ratio in rows],
    }
    known = [name for name, _ in benchmarks(())]
    record = {name: kept[name] for name in known if name in kept}
    RESULTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, object]:
    """Return what a benchmark ran on: cores, memory, and versions of the packages that count."""
    return {
        "cores": os.cpu_count(),
        "memory in GB": memory_in_gigabytes(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "pandas", "plotly", "pyarrow", "scipy")},
    }


def as_record(ratio: Ratio) -> dict[str, object]:
    """Return one line of the results."""
    return {
        "what": ratio.name,
        "ours": float(f"{ratio.ours:.4g}"),
        "reference": float(f"{ratio.reference:.4g}"),
        "unit": ratio.unit,
        "ratio": round(ratio.value, 3),
        "spread": ratio.spread and [round(each, 3) for each in ratio.spread],
        "ratio of elapsed time": None if ratio.elapsed is None else round(ratio.elapsed, 3),
        "limit": ratio.limit,
        "verdict": ratio.verdict,
        "against": ratio.against,
    }


def memory_in_gigabytes() -> int | None:
    """Return the size of the machine's memory, where the system tells."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, OSError, ValueError):
        return None


def benchmarks(words: Sequence[str]) -> Iterator[tuple[str, Callable[[], Ratio | list[Ratio]]]]:
    """Yield ``(module.function, function)`` of every benchmark that was asked for."""
    for path in sorted(HERE.glob("bench_*.py")):
        module = importlib.import_module(path.stem)
        for name in sorted(vars(module)):
            label = f"{path.stem}.{name}"
            if name.startswith("bench_") and (not words or any(word in label for word in words)):
                yield label, getattr(module, name)


def row(ratio: Ratio) -> tuple[str, ...]:
    """Return the cells of one line."""
    return (
        ratio.name,
        f"{ratio.ours:.4g} {ratio.unit}",
        f"{ratio.reference:.4g} {ratio.unit}",
        f"{ratio.value:.3g} x",
        "" if ratio.spread is None else "{:.3g} to {:.3g}".format(*ratio.spread),
        "" if ratio.elapsed is None else f"{ratio.elapsed:.3g} x",
        "" if ratio.limit is None else f"{ratio.limit:g} x",
        ratio.verdict,
        ratio.against,
    )


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table with columns of even width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, cells in enumerate(rows):
        yield "  ".join(map(str.ljust, cells, widths)).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
