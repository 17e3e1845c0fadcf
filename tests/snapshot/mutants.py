"""Change one token at random, run the tests of its room that reach it, say whether they notice.

``python -m tests.snapshot.mutants 60 --seed 7`` draws 60 places from all comparisons, operators,
numbers and truth values of ``estimates``, ``disclosure`` and ``exports``, each as likely as any
other, and changes one at a time in a copy of ``src``. Tried are the test files of its room that
reach its block (``tests.snapshot.reached`` records that first), likely ones first, up to the first
failure. A line each: ``caught``, ``slow`` (caught, too: it ran five times as long as it may),
``SURVIVED``, or ``equivalent`` where ``equivalent.txt`` says why nobody can notice. It ends with
how many of those that are not equivalent were caught. A run that was cut off goes on where it was:
``build/mutants-SEED.jsonl`` keeps each verdict.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from tests.snapshot import reached
from tests.snapshot.reached import ROOMS, ROOT, SOURCE

EQUIVALENT = Path(__file__).with_name("equivalent.txt")
PAIRS = (
    (ast.Lt, "<", ast.LtE, "<="),
    (ast.Gt, ">", ast.GtE, ">="),
    (ast.Eq, "==", ast.NotEq, "!="),
    (ast.Is, "is", ast.IsNot, "is not"),
    (ast.In, "in", ast.NotIn, "not in"),
    (ast.Add, "+", ast.Sub, "-"),
    (ast.Mult, "*", ast.Div, "/"),
    (ast.BitAnd, "&", ast.BitOr, "|"),
    (ast.And, "and", ast.Or, "or"),
)
SWAPS: dict[type[ast.AST], tuple[str, str]] = {
    **{one: (text, other) for one, text, _, other in PAIRS},
    **{two: (other, text) for _, text, two, other in PAIRS},
}


class Mutant(NamedTuple):
    """One changed token: the file, its line, what stood there and what stands there now."""

    path: Path
    line: int
    column: int
    before: str
    after: str

    @property
    def name(self) -> str:
        return reached.source_name(self.path)

    def __str__(self) -> str:
        line = self.path.read_text("utf-8").splitlines()[self.line - 1].strip()
        return f"{self.name}:{self.line}:{self.column} {self.before!r} -> {self.after!r} in: {line}"

    @property
    def change(self) -> str:
        """The token before and after, with the name of the argument that it is given to."""
        line = self.path.read_text("utf-8").splitlines()[self.line - 1].encode()
        name = re.search(rb"\w*=?$", line[: self.column])
        keyword = name[0].decode() if name else ""
        return f"{keyword}{self.before} -> {keyword}{self.after}"

    def source(self) -> str:
        """Return the file with the token changed."""
        lines = self.path.read_text("utf-8").splitlines(keepends=True)
        raw = lines[self.line - 1].encode()
        end = self.column + len(self.before.encode())
        assert raw[self.column : end].decode() == self.before
        lines[self.line - 1] = (raw[: self.column] + self.after.encode() + raw[end:]).decode()
        return "".join(lines)


def main() -> None:
    """Draw mutants, try each, and count the caught."""
    parser = argparse.ArgumentParser(prog="mutants", description=str(__doc__).split(".")[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--room", choices=ROOMS, action="append", help="default: all three")
    arguments = parser.parse_args()
    rooms = arguments.room or list(ROOMS)
    known = reached.record(rooms)
    places = [place for room in rooms for place in mutants_of(SOURCE / "survey" / room)]
    drawn = random.Random(arguments.seed).sample(places, arguments.count)
    log = ROOT / "build" / f"mutants-{'-'.join(rooms)}-{arguments.seed}.jsonl"
    verdicts = kept(log)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for mutant in drawn:
            if str(mutant) not in verdicts:
                verdicts[str(mutant)] = verdict = verdict_on(mutant, copy, known)
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([str(mutant), verdict]) + "\n")
            print(f"{verdicts[str(mutant)]:<36} {mutant}", flush=True)
    found = [verdicts[str(mutant)].split()[0] for mutant in drawn]
    real = [verdict for verdict in found if verdict != "equivalent"]
    caught = sum(verdict != "SURVIVED" for verdict in real)
    print(f"{caught} of {len(real)} caught, {len(found) - len(real)} equivalent")


def kept(log: Path) -> dict[str, str]:
    if not log.exists():
        return {}
    return dict(json.loads(line) for line in log.read_text("utf-8").splitlines())


# ---------------------------------------------------------------- the places


def mutants_of(folder: Path) -> Iterator[Mutant]:
    """Yield every mutant of the files in a folder."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text("utf-8")
        lines = text.splitlines()
        tree = ast.parse(text)
        hints = hinted(tree)
        for node in ast.walk(tree):
            if id(node) not in hints:
                for line, column, before, after in changes(node, lines):
                    yield Mutant(path, line, column, before, after)


def hinted(tree: ast.Module) -> set[int]:
    """Return the nodes of annotations: a changed type is the type checker's to notice."""
    hints = [
        hint
        for node in ast.walk(tree)
        for hint in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if hint is not None
    ]
    return {id(inner) for hint in hints for inner in ast.walk(hint)}


def changes(node: ast.AST, lines: list[str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield line, column, text and new text of each token of a node that can be changed."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides[:-1], node.ops, sides[1:], strict=True):
            yield from between(left, operator, right, lines)
    elif isinstance(node, ast.BinOp):
        yield from between(node.left, node.op, node.right, lines)
    elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
        yield from between(node.values[0], node.op, node.values[1], lines)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.lineno, node.col_offset, "not", ""
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        text = lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()
        new = not node.value if isinstance(node.value, bool) else node.value + 1
        yield node.lineno, node.col_offset, text, str(new)


def between(
    left: ast.expr, operator: ast.AST, right: ast.expr, lines: list[str]
) -> Iterator[tuple[int, int, str, str]]:
    """Yield the operator that stands between two expressions, and what it becomes."""
    if type(operator) not in SWAPS:
        return
    text, other = SWAPS[type(operator)]
    start = left.end_col_offset or 0
    for line in range(left.end_lineno or 0, right.lineno + 1):
        raw = lines[line - 1].encode()
        first = start if line == left.end_lineno else 0
        last = right.col_offset if line == right.lineno else len(raw)
        place = raw.find(text.encode(), first, last)
        if place >= 0 and b"#" not in raw[first:place]:
            yield line, place, text, other
            return


# ---------------------------------------------------------------- the tests


def verdict_on(mutant: Mutant, copy: Path, known: dict[str, Any]) -> str:
    """Try one mutant; return the verdict with how long it took."""
    if reason := excused(mutant):
        return f"equivalent ({reason})"
    tests, seconds = tests_for(mutant, known)
    if not tests:
        return "SURVIVED unreached"
    target = copy / mutant.path.relative_to(SOURCE)
    target.write_text(mutant.source(), encoding="utf-8")
    began = time.monotonic()
    word, where = tried(copy, tests, 120 + 5 * seconds)
    shutil.copyfile(mutant.path, target)
    return f"{word} {time.monotonic() - began:.0f} s {where}"


def tests_for(mutant: Mutant, known: dict[str, Any]) -> tuple[list[str], float]:
    """Return the test files of the room that reach the mutant, likely ones first, and their time.

    Likely to notice soon is a quick file that reaches much of the module.
    """
    room = mutant.path.relative_to(SOURCE / "survey").parts[0]
    names = [path.relative_to(ROOT).as_posix() for path in reached.test_files(room)]
    hit = [name for name in names if reached.reaches(known[name], mutant.path, mutant.line)]
    seconds = {name: known[name]["seconds"] for name in hit}

    def cost(name: str) -> float:
        own = sum(block.startswith(f"{mutant.name}:") for block in known[name]["reached"])
        return float(seconds[name]) / own

    return sorted(hit, key=cost), sum(seconds.values())


def tried(copy: Path, tests: list[str], seconds: float) -> tuple[str, str]:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-q", "-x", "-p", "no:cacheprovider", "--tb=no"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    try:
        run = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return "slow", ""
    if run.returncode == 0:
        return "SURVIVED", f"{len(tests)} files"
    failed = [word for word in run.stdout.decode().split() if word.startswith("tests/")]
    return "caught", failed[-1].split("[")[0] if failed else ""


def excused(mutant: Mutant) -> str:
    """Return why nobody can notice the mutant, if ``equivalent.txt`` says so."""
    code = mutant.source().splitlines()[mutant.line - 1].strip()
    for line in EQUIVALENT.read_text("utf-8").splitlines():
        parts = [part.strip() for part in line.split(" @ ")]
        if len(parts) == 3 and fnmatchcase(mutant.name, parts[0]):
            text = mutant.change if " -> " in parts[1] else code
            if fnmatchcase(text, parts[1]):
                return parts[2]
    return ""


if __name__ == "__main__":
    main()
