"""Which test files reach which blocks of the code: ``python -m tests.snapshot.reached``.

Every block (the body of a module, a function, a branch, a loop) of a copy of ``src`` marks itself
when it runs. Each test file runs on its own, so that what it keeps between tests counts as its
own. The answer lies in ``build/reached.json``; a test file is run again when it has changed, or
with ``--fresh``. In a module that has changed since, any block stands for all. ``--blind`` lists
blocks that no test of the room reaches.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
MAP = ROOT / "build" / "reached.json"
ROOMS = {  # room -> the folders of its tests
    "disclosure": ("tests/disclosure", "tests/attacker"),
    "estimates": ("tests/estimates",),
    "exports": ("tests/exports", "tests/round_trip", "tests/fuzz"),
}
MARKS = """import atexit, os
seen = set()
mark = seen.add
@atexit.register
def write(write=open, where=os.environ.get("REACHED")):
    if where:
        with write(os.path.join(where, str(os.getpid())), "w") as file:
            file.write("\\n".join(f"{name}:{line}" for name, line in seen))
"""


def main() -> None:
    """Record what is not recorded, or list what no test reaches."""
    parser = argparse.ArgumentParser(description=__doc__, usage="reached [--blind] [ROOM ...]")
    parser.add_argument("rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--blind", action="store_true", help="list what no test reaches")
    parser.add_argument("--fresh", action="store_true", help="record every test file anew")
    arguments = parser.parse_args()
    if arguments.blind:
        for room in arguments.rooms:
            print("\n".join(blind(room, json.loads(MAP.read_text("utf-8")))))
    else:
        record(arguments.rooms, fresh=arguments.fresh)


def record(rooms: list[str], *, fresh: bool = False) -> dict[str, Any]:
    """Run each test file of the rooms against marked code; return what it reached."""
    known = json.loads(MAP.read_text("utf-8")) if MAP.exists() and not fresh else {}
    paths = {path.relative_to(ROOT).as_posix(): path for room in rooms for path in test_files(room)}
    due = [name for name, path in paths.items() if known.get(name, {}).get("self") != digest(path)]
    if not due:
        return known
    sources = {source_name(path): digest(path) for path in sorted(SOURCE.rglob("*.py"))}
    with tempfile.TemporaryDirectory() as folder:
        copy = marked_copy(Path(folder))
        for name in due:
            began = time.monotonic()
            reached = run_marked(copy, paths[name])
            seconds = round(time.monotonic() - began, 1)
            known[name] = {"self": digest(paths[name]), "seconds": seconds, "sources": sources,
                           "reached": reached}  # fmt: skip
            MAP.parent.mkdir(exist_ok=True)
            MAP.write_text(json.dumps(known), encoding="utf-8")
            print(f"{name}: {seconds} s", file=sys.stderr, flush=True)
    return known


def reaches(entry: dict[str, Any], path: Path, line: int) -> bool:
    """Whether a recorded test file reaches the block of a line, or may."""
    name = source_name(path)
    if entry["sources"].get(name) != digest(path):
        return any(block.startswith(f"{name}:") for block in entry["reached"])
    block = block_of(ast.parse(path.read_text("utf-8")), line)
    return f"{name}:{block}" in entry["reached"]


def source_name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_files(room: str) -> list[Path]:
    return sorted(path for folder in ROOMS[room] for path in (ROOT / folder).glob("test_*.py"))


def digest(*paths: Path) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def marked_copy(folder: Path) -> Path:
    """Write a copy of the code in which every block marks itself; return its folder."""
    copy = folder / "src"
    for path in SOURCE.rglob("*"):
        target = copy / path.relative_to(SOURCE)
        if path.suffix == ".py":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(marked(path), encoding="utf-8")
        elif path.is_file() and "__pycache__" not in path.parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (copy / "reached_marks.py").write_text(MARKS, encoding="utf-8")
    return copy


def marked(path: Path) -> str:
    tree = ast.parse(path.read_text("utf-8"))
    name = source_name(path)
    for line, body in list(blocks(tree)):
        mark = ast.parse(f"__import__('reached_marks').mark(({name!r}, {line}))").body
        body[first_statement(body) : first_statement(body)] = mark
    return ast.unparse(ast.fix_missing_locations(tree))


def first_statement(body: list[ast.stmt]) -> int:
    """Return where code may stand: after a docstring and imports from ``__future__``."""
    place = 0
    for node in body:
        said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not said and not future:
            break
        place += 1
    return place


def blocks(tree: ast.Module) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Yield the first line and the statements of every block; a module is line 0."""
    yield 0, tree.body
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            continue
        for field in ("body", "orelse", "finalbody"):
            body = getattr(node, field, None)
            if isinstance(body, list) and body:
                yield body[0].lineno, body
        for case in getattr(node, "cases", ()):
            yield case.body[0].lineno, case.body


def block_of(tree: ast.Module, line: int) -> int:
    """Return the first line of the innermost block that a line lies in."""
    around = [
        first for first, body in blocks(tree) if first <= line <= (body[-1].end_lineno or first)
    ]
    return max(around, default=0)


def run_marked(copy: Path, path: Path) -> list[str]:
    """Run one test file against the marked code; return the blocks that ran."""
    with tempfile.TemporaryDirectory() as marks:
        environment = {
            **os.environ,
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",
            "REACHED": marks,
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        if run.returncode not in (0, 5):
            print(run.stdout.decode()[-2000:], file=sys.stderr)
        names = {line for file in Path(marks).iterdir() for line in file.read_text().splitlines()}
    return sorted(names)


def blind(room: str, known: dict[str, Any]) -> Iterator[str]:
    """Yield the blocks of a room that none of its test files reaches."""
    names = {path.relative_to(ROOT).as_posix() for path in test_files(room)}
    seen = {block for name in names if name in known for block in known[name]["reached"]}
    for path in sorted((SOURCE / "survey" / room).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        where = source_name(path)
        for line, body in sorted(blocks(tree), key=lambda block: block[0]):
            if f"{where}:{line}" not in seen:
                yield f"{where}:{line} {ast.unparse(body[0])[:80]!r}"


if __name__ == "__main__":
    main()
