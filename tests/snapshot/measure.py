"""Measure the code of a checkout: ``python -m tests.snapshot.measure [CHECKOUT]``.

Any checkout is measured in the same way, that of an old commit (``git archive COMMIT | tar x -C
FOLDER``) and this one: lines, files, functions, private helpers and how many of them one place
alone uses; the files and functions that run for one answer on its way from file to chart; and the
files that know a statistic, a kind of chart, a layout, a kind of question or a topic by its name.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXPORT = "data/raw/Survey_20240831120000.csv"
Functions = ast.FunctionDef | ast.AsyncFunctionDef
Trees = dict[Path, ast.Module]

#: What is known by name -> names that both houses have, each with its spelling where it is asked.
KNOWN = {
    "statistic": ("nps", "total", "ratio", "adoption", "trend", "distribution", "crosstab"),
    "chart kind": ("bars", "stacked", "slope", "lines", "heatmap", "dots", "matrix"),
    "topic": ("footprint", "releases", "teams", "respondents", "landscape"),
    "layout": ("BY_HEADING", "FLAT", "BY_COMPANY", "FREE_TEXT", "DASHBOARD", "OLD_MODEL", "TABLE"),
    "question kind": ("SINGLE", "MULTIPLE", "MATRIX", "RANKING", "COUNTRY", "CHECKBOX", "TEXT"),
}
ENUMS = {"layout": "Layout", "question kind": "Kind"}


def main() -> None:
    """Print every measure on a line of its own."""
    parser = argparse.ArgumentParser(prog="measure", description=str(__doc__).split(":")[0])
    parser.add_argument("checkout", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--walk", action="store_true", help="print what runs, for main itself")
    arguments = parser.parse_args()
    source = arguments.checkout.resolve() / "src" / "survey"
    if arguments.walk:
        print(*on_the_way(source, arguments.checkout.resolve() / EXPORT))
        return
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(source.rglob("*.py"))}
    for name, value in (*sizes(trees), *walked(arguments.checkout.resolve()), *knowing(trees)):
        print(f"{name}: {value}")
    print("lines of code by room:")
    rooms: Counter[str] = Counter()
    for path, tree in trees.items():
        rooms[path.relative_to(source).parts[0]] += code_lines(path, tree)
    for room, many in sorted(rooms.items()):
        print(f"  {room}: {many}")


# ---------------------------------------------------------------- size


def sizes(trees: Trees) -> Iterator[tuple[str, str]]:
    """Yield how much code there is."""
    lines = sum(code_lines(path, tree) for path, tree in trees.items())
    functions = sum(isinstance(node, Functions) for t in trees.values() for node in ast.walk(t))
    used = private_helpers(trees)
    once = sum(count <= 1 for count in used)
    yield "lines of code", str(lines)
    yield "lines in all", str(sum(len(p.read_text("utf-8").splitlines()) for p in trees))
    yield "files", str(len(trees))
    yield "functions", str(functions)
    yield "lines of code per function", f"{lines / functions:.1f}"
    yield "private helpers, used once", f"{len(used)}, {once} ({100 * once / len(used):.0f} %)"


def code_lines(path: Path, tree: ast.Module) -> int:
    """Return the lines that hold code: not blank, not comment, not docstring."""
    held: set[int] = set()
    nothing = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type not in {*nothing, tokenize.ENCODING, tokenize.ENDMARKER}:
                held.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Functions) and ast.get_docstring(node):
            words = node.body[0]
            held -= set(range(words.lineno, (words.end_lineno or words.lineno) + 1))
    return len(held)


def private_helpers(trees: Trees) -> list[int]:
    """Return, for each private function of a module, how often its module names it."""
    found = []
    for tree in trees.values():
        names = Counter(
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Name | ast.Attribute)
        )
        found += [
            names[node.name]
            for node in tree.body
            if isinstance(node, Functions)
            and node.name.startswith("_")
            and not node.name.startswith("__")
        ]
    return found


# ---------------------------------------------------------------- the way of one answer


def walked(checkout: Path) -> Iterator[tuple[str, str]]:
    """Yield what runs from file to chart, measured by an interpreter that imports the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, str(Path(__file__).resolve()), str(checkout), "--walk"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    files, functions, private = run.stdout.split()[-3:]
    yield "files from file to chart", files
    yield "functions from file to chart, private of them", f"{functions}, {private}"


def on_the_way(source: Path, export: Path) -> tuple[int, int, int]:
    """Return how many files and functions run between an export and the chart of one table."""
    seen: set[tuple[str, str, int]] = set()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(source)):
            seen.add((code.co_filename, code.co_qualname, code.co_firstlineno))

    walk = way(source, export)
    sys.setprofile(watch)
    try:
        walk()
    finally:
        sys.setprofile(None)
    named = {each for each in seen if not each[1].rpartition(".")[2].startswith("<")}
    private = sum(name.rpartition(".")[2].startswith("_") for _, name, _ in named)
    return len({file for file, _, _ in named}), len(named), private


def way(source: Path, export: Path) -> Callable[[], object]:
    """Return the walk, with every module imported beforehand: only its own calls count."""
    import importlib

    import survey as sv

    for path in sorted(source.rglob("*.py")):
        if path.stem != "__main__":
            parts = path.relative_to(source.parent).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))

    def walk() -> object:
        answers = sv.clean(sv.read_export(export))
        table = sv.share(answers, "compute_cores").named("cores", "sizes")
        publication = sv.protect([table], sv.Policy(), title="Cores", edition="2024")
        return sv.bars(publication.tables["cores"])

    return walk


# ---------------------------------------------------------------- who knows what by name


def knowing(trees: Trees) -> Iterator[tuple[str, str]]:
    """Yield how many files decide something by the name of a statistic, a kind, and so on.

    A file decides by a name where it compares with it, matches it, or looks it up: ``x == "nps"``,
    ``case Kind.TEXT``, ``{"bars": ...}``. Making one or calling its verb is no decision.
    """
    decided = {path: set(names_decided(tree)) for path, tree in trees.items()}
    for what, names in KNOWN.items():
        enum = ENUMS.get(what, "")
        counts = {
            name: sum(f"{enum}.{name}" in each if enum else repr(name) in each
                      for each in decided.values())
            for name in names
        }  # fmt: skip
        whole = re.compile(rf"{enum}\.[A-Z_]+" if enum else "|".join(map(repr, names)))
        known = sum(any(whole.fullmatch(each) for each in own) for own in decided.values())
        most = f"at most {max(counts.values())}, in the median {median(counts.values()):g}"
        yield f"files that decide by the name of a {what}", f"{known} in all, of one {most}"


def names_decided(tree: ast.Module) -> Iterator[str]:
    """Yield the names that code compares with, matches or looks up, as source."""
    asked: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            asked += [node.left, *node.comparators]
        elif isinstance(node, ast.Dict):
            asked += [key for key in node.keys if key is not None]
        elif isinstance(node, ast.MatchValue):
            asked.append(node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            asked.append(node.value)  # a tuple of kinds that is asked elsewhere
    for part in (part for node in asked for part in ast.walk(node)):
        if isinstance(part, ast.Attribute | ast.Constant):
            yield ast.unparse(part)


if __name__ == "__main__":
    main()
