"""What people wait for: whole commands and the first answer, each in a fresh interpreter.

Costs are processor time of the process and its children, start of the interpreter and imports
included unless the name says "over imports". Both sides run in turns.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import median

from timing import Ratio, compared

# of users, whose modules are compiled once, not each time
ENVIRONMENT = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data" / "raw"
SURVEY = (sys.executable, "-m", "survey")
FINDINGS = 1  # the status with which "survey check" ends where it found something
READING = (
    "import pandas, pathlib; [pandas.read_csv(path, dtype=str, keep_default_na=False, "
    "lineterminator='\\n', on_bad_lines='skip') for path in pathlib.Path('data/raw').glob('*.csv')]"
)
BREAKDOWNS = (
    "primary_country",
    "industry",
    "organization_size",
    "deployment_stage",
    "compute_cores",
    "deployment_type",
)
# plotly imports the class of figures when it is first used, and nobody draws without it
PANDAS_AND_PLOTLY = "import pandas; from plotly.graph_objects import Figure"
NAMED = (
    "import atexit, json, runpy, sys; "
    "atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr)); "
    "sys.argv = ['survey', *{arguments!r}]; runpy.run_module('survey', run_name='__main__')"
)
IMPORTED = (
    "from contextlib import suppress\nfrom importlib import import_module\n"
    "for name in {names!r}:\n    with suppress(ImportError): import_module(name)"
)
FIRST_ANSWER = (
    "import survey as sv; answers = sv.clean(sv.read_export({file!r})); "
    "sv.bars(sv.share(answers, 'hypervisors'))"
)


@cache
def project(breakdowns: tuple[str, ...] = ()) -> Path:
    """Return a new project of the six invented editions."""
    folder = Path(tempfile.mkdtemp(prefix="survey-bench-"))
    shutil.copytree(DATA, folder / "data" / "raw")
    settings = (HERE.parent / "survey.toml").read_text("utf-8")
    if breakdowns:
        settings += f"\n[report]\nbreakdowns = {list(breakdowns)}\n"
    (folder / "survey.toml").write_text(settings, encoding="utf-8")
    return folder


def spent(command: Sequence[str], folder: Path) -> float:
    """Run a command and return the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, cwd=folder, check=False, capture_output=True, env=ENVIRONMENT)
    if run.returncode > FINDINGS:
        raise subprocess.CalledProcessError(run.returncode, command, run.stdout, run.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_turns(
    *commands: Sequence[str], repeat: int = 5, folder: Path | None = None
) -> list[list[float]]:
    """Return the processor times of commands that run in turns; the first turn does not count."""
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(repeat + 1):
        for command, kept in zip(commands, times, strict=True):
            cost = spent(command, folder or project())
            if turn:
                kept.append(cost)
    return times


def over(times: list[float], imports: list[float]) -> list[float]:
    """Return times less the median of the imports."""
    return [max(each - median(imports), 0.001) for each in times]


def code(text: str) -> tuple[str, ...]:
    """Return the command that runs some code."""
    return (sys.executable, "-c", text)


def imports_of(*arguments: str) -> tuple[str, ...]:
    """Return the command that imports what a command of ours imports, and does nothing else."""
    command = code(NAMED.format(arguments=arguments))
    run = subprocess.run(command, cwd=project(), check=True, capture_output=True, env=ENVIRONMENT)
    names = json.loads(run.stderr.splitlines()[-1])
    return code(IMPORTED.format(names=[name for name in names if name != "__main__"]))


def bench_first_answer() -> list[Ratio]:
    """Import, read, clean, share and draw, beside importing pandas and plotly; and the help."""
    file = str(max((project() / "data" / "raw").glob("*.csv")))
    ours, helped, reference, nothing = in_turns(
        code(FIRST_ANSWER.format(file=file)),
        (*SURVEY, "--help"),
        code(PANDAS_AND_PLOTLY),
        code("pass"),
    )
    against = PANDAS_AND_PLOTLY
    return [
        compared("first answer, cold", ours, reference, against, 1.5),
        compared("survey --help", helped, reference, against, None),
        compared("an interpreter alone", nothing, reference, against, None),
    ]


def bench_unchanged() -> list[Ratio]:
    """Run what has nothing to do, beside the same from nothing, both over imports."""
    report = ("report", "--edition", "all")
    spent((*SURVEY, *report), project())
    again, imports, cleaned, cleaning, clean, cleaning_fresh, checked, reading = in_turns(
        (*SURVEY, *report),
        imports_of(*report),
        (*SURVEY, "clean"),
        imports_of("clean"),
        (*SURVEY, "clean", "--fresh"),
        imports_of("clean", "--fresh"),
        (*SURVEY, "check", *(str(path) for path in sorted(DATA.glob("*.csv")))),
        code(READING),
        repeat=3,
    )
    again = over(again, imports)
    cleaned, clean = over(cleaned, cleaning), over(clean, cleaning_fresh)
    return [
        compared("report of six editions unchanged, over imports", again, [0.3], "0.3 s", 1.0),
        compared("clean unchanged, over imports", cleaned, clean, "clean --fresh", 0.3),
        compared("survey check", checked, reading, "pandas reading the files as text", None),
    ]


def bench_report() -> list[Ratio]:
    """Write the reports of six editions, beside the same files by hand."""
    return [_report("report of six editions", project(), 2.0, turns=2)]


def bench_report_with_breakdowns() -> list[Ratio]:
    """Write them with every closed question by six others: one turn, since there is much of it."""
    name = "report of six editions, all breakdowns"
    return [_report(name, project(BREAKDOWNS), 2.5, turns=1)]


def _report(name: str, folder: Path, limit: float, *, turns: int) -> Ratio:
    """Run both in turns; what the report holds is read between them once, by a third process."""
    fresh = (*SURVEY, "report", "--edition", "all", "--fresh")
    by_hand = (sys.executable, str(HERE / "by_hand.py"), "outlines", "by_hand")
    spent(code("import survey.cli, survey.publish, openpyxl, plotly.graph_objects"), folder)
    times: list[list[float]] = [[], []]
    for _ in range(turns):
        times[0].append(spent(fresh, folder))
        if not (folder / "outlines").exists():
            spent((sys.executable, str(HERE / "outline.py"), "reports", "outlines"), folder)
        times[1].append(spent(by_hand, folder))
    refuse_less(folder / "reports", folder / "by_hand")
    return compared(name, times[0], times[1], "by hand: by_hand.py", limit)


def refuse_less(ours: Path, by_hand: Path) -> None:
    """Refuse a comparison with less: every file of ours stands there, and of much the same size."""
    sizes = {path.relative_to(ours): path.stat().st_size for path in ours.rglob("*.*")}
    missing = [path for path in sizes if not (by_hand / path).exists()]
    if missing:
        raise ValueError(f"by_hand.py did not write {missing[:5]} and {len(missing)} in all")
    written = sum((by_hand / path).stat().st_size for path in sizes)
    if not 0.9 < written / sum(sizes.values()) < 1.1:
        raise ValueError(f"by_hand.py wrote {written:,} bytes of {sum(sizes.values()):,}")
