"""Change one token at random, run tests, say whether they notice.

``python -m tests.snapshot.mutants SEED COUNT FILES... -- TESTS...`` changes a comparison, an
operator or a number in one of FILES at a time, runs TESTS against a copy of ``src`` and prints
one line per mutant: ``caught``, ``SURVIVED`` or ``slow`` (caught, too). Ends with how many were
caught.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


class Mutant(NamedTuple):
    """One changed token: where, what it was and is, and the source with it."""

    path: Path
    line: int
    what: str
    source: str


def main(seed: int, count: int, files: list[Path], tests: list[str]) -> None:
    """Try some mutants, each in a copy of the source."""
    random.seed(seed)
    caught = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(ROOT / "src", copy)
        for _ in range(count):
            mutant = drawn(files)
            target = copy / mutant.path.relative_to(ROOT / "src")
            target.write_text(mutant.source, encoding="utf-8")
            verdict = tried(copy, tests)
            caught += verdict != "SURVIVED"
            where = mutant.path.relative_to(ROOT / "src" / "survey")
            print(f"{verdict:8} {where}:{mutant.line} {mutant.what}", flush=True)
            shutil.copyfile(mutant.path, target)
    print(f"{caught} of {count} caught")


def drawn(files: list[Path]) -> Mutant:
    """Return a mutant of a random place in a random file, weighed by how much it computes."""
    places = []
    for path in files:
        tree = ast.parse(path.read_text("utf-8"))
        places += [(path, number) for number, _ in enumerate(tokens(tree))]
    path, number = random.choice(places)
    tree = ast.parse(path.read_text("utf-8"))
    node = list(tokens(tree))[number]
    return Mutant(path, node.lineno, changed(node), ast.unparse(tree))


def tokens(tree: ast.Module) -> list[ast.expr]:
    """Return what can be changed: comparisons, operators, numbers and truth values."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    typed = {
        id(inner)
        for node in ast.walk(tree)
        for hint in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if hint is not None
        for inner in ast.walk(hint)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in said or id(node) in typed:
            continue
        if (
            (isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS)
            or (isinstance(node, ast.BinOp) and type(node.op) in SWAPS)
            or (isinstance(node, ast.BoolOp))
            or (isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float))
        ):
            found.append(node)
    return found


def changed(node: ast.expr) -> str:
    """Change the node in place; return what it was and what it is."""
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    return f"{before} -> {ast.unparse(node)}"[:110]


def tried(source: Path, tests: list[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        run = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=600
        )
    except subprocess.TimeoutExpired:
        return "slow"
    return "SURVIVED" if run.returncode == 0 else "caught"


if __name__ == "__main__":
    names, tests = sys.argv[3:], []
    if "--" in names:
        cut = names.index("--")
        names, tests = names[:cut], names[cut + 1 :]
    main(int(sys.argv[1]), int(sys.argv[2]), [Path(name).resolve() for name in names], tests)
