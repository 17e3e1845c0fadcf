"""Measure the size of the code: ``python -m tests.snapshot.measure``.

Prints lines of code (not blank, not comment, not docstring), files, functions, private helpers
and how many of them one place alone uses, and, for one answer on its way from file to chart
(``read_export``, ``clean``, ``share``, ``protect``, ``bars``), the files and functions that run.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "survey"
EXPORT = ROOT / "data/raw/Survey_20240831120000.csv"
Functions = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Print every measure on a line of its own."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}
    functions = [
        node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Functions)
    ]
    used = private_helpers(trees)
    files, calls = on_the_way()
    lines = {path: code_lines(path, tree) for path, tree in trees.items()}
    rooms = Counter()
    for path, many in lines.items():
        rooms[path.relative_to(SOURCE).parts[0]] += many
    print(f"lines of code: {sum(lines.values())}")
    print(f"lines in all: {sum(len(p.read_text('utf-8').splitlines()) for p in trees)}")
    print(f"files: {len(trees)}")
    print(f"functions: {len(functions)}")
    once = sum(count <= 1 for count in used)
    print(f"private helpers: {len(used)}, used once: {once} ({100 * once / len(used):.0f} %)")
    print(f"files from file to chart: {files}")
    print(f"functions from file to chart: {calls}")
    print("lines of code by room:")
    for room, many in sorted(rooms.items()):
        print(f"  {room}: {many}")


def code_lines(path: Path, tree: ast.Module) -> int:
    """Return the lines that hold code."""
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


def private_helpers(trees: dict[Path, ast.Module]) -> list[int]:
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


def on_the_way() -> tuple[int, int]:
    """Return how many files and functions run between an export and the chart of one table."""
    seen: set[tuple[str, str, int]] = set()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(SOURCE)):
            seen.add((code.co_filename, code.co_qualname, code.co_firstlineno))

    walk = way()
    sys.setprofile(watch)
    try:
        walk()
    finally:
        sys.setprofile(None)
    named = {each for each in seen if not each[1].rpartition(".")[2].startswith("<")}
    return len({name for name, _, _ in named}), len(named)


def way() -> Callable[[], object]:
    """Return the walk, with every module imported beforehand: only its own calls count."""
    import survey as sv

    for path in sorted(SOURCE.rglob("*.py")):
        if path.stem != "__main__":
            parts = path.relative_to(SOURCE.parent).with_suffix("").parts
            import_module(".".join(parts).removesuffix(".__init__"))

    def walk() -> object:
        answers = sv.clean(sv.read_export(EXPORT))
        table = sv.share(answers, "compute_cores").named("cores", "sizes")
        publication = sv.protect([table], sv.Policy(), title="Cores", edition="2024")
        return sv.bars(publication.tables["cores"])

    return walk


if __name__ == "__main__":
    main()
