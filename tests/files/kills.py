"""Kill commands at random moments, fill their disk, and look at what is left.

``python -m tests.files.kills --runs 200 --seed 1`` makes a small project, runs every command that
writes under a random fault, and asks each time:

- Is every file of a person as it was, or whole as the command was to make it?
- Is every written folder whole, old or new, and nothing readable half written?
- Was the failure, unless it was a kill, one message with exit code 2?
- Does the next run succeed, and is all the same then as without a fault?

Faults: ``time`` (SIGKILL after a random time), ``step`` (SIGKILL before a random operation on
files), ``disk`` (the system refuses a random operation: no space left), ``size`` (RLIMIT_FSIZE).
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import io
import json
import os
import pkgutil
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import survey
from survey.cli import main
from survey.files.lock import LOCK, hold
from survey.responses import pseudonyms
from tests.files.kill_project import COMMANDS, EDITED, ONCE, SLOW, make_project

FAULTS = ("time", "step", "disk", "size")
LEFT_OVERS = (".survey-draft-", ".survey-new-", ".survey-old-", ".survey-lock")
# Draws one and the same key, so that what hangs on it can be compared.
NO_CHANCE = SimpleNamespace(token_hex=lambda n: "cd" * n, token_bytes=lambda n: b"c" * n)
_WRITES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link"})
Tree = dict[str, bytes]


def tree(root: Path) -> Tree:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and when: seconds, number of the operation, or bytes."""

    kind: str
    at: float

    def arm(self) -> None:
        """Make it go wrong in this process."""
        if self.kind == "size":
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(self.at), resource.RLIM_INFINITY))
        elif self.kind == "time":
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        elif self.kind in ("step", "disk"):
            sys.addaudithook(self._strike)

    def _strike(self, event: str, arguments: tuple[object, ...]) -> None:
        if not _is_write(event, arguments):
            return
        _STEPS.append(event)
        if len(_STEPS) != int(self.at):
            return
        if self.kind == "step":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, "No space left on device")


_STEPS: list[str] = []  # operations on files of this process


def _is_write(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in _WRITES


def count_steps() -> None:
    """Count the operations on files of this process."""

    def count(event: str, arguments: tuple[object, ...]) -> None:
        if _is_write(event, arguments):
            _STEPS.append(event)

    sys.addaudithook(count)


def run(root: Path, command: tuple[str, ...], fault: Fault | None, log: Path) -> tuple[int, int]:
    """Run a command in a process of its own; return its exit code and its operations on files.

    The code of a killed run is negative. Everything is imported before the process forks, so
    that a run takes no longer than its work.
    """
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _be(root, command, fault, log, write)
    os.close(write)
    if fault is not None and fault.kind == "time":
        time.sleep(fault.at)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), int(said or 0)


def _be(root: Path, command: tuple[str, ...], fault: Fault | None, log: Path, pipe: int) -> None:
    code = 99
    try:
        os.chdir(root)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb"), encoding="utf-8")
        sys.stderr = io.TextIOWrapper(os.fdopen(2, "wb"), encoding="utf-8")
        sys.argv = ["survey", *command]
        pseudonyms.secrets = NO_CHANCE
        count_steps() if fault is None else fault.arm()
        main(list(command))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
        os.write(pipe, str(len(_STEPS)).encode())
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True)
class Undisturbed:
    """A command without a fault: what it leaves, how long it takes and how many operations."""

    before: Tree
    after: Tree
    seconds: float
    steps: int

    @classmethod
    def of(cls, project: Path, command: tuple[str, ...], *, again: bool = False) -> Undisturbed:
        with scratch(project) as root:
            before, start = tree(root), time.monotonic()
            code, steps = run(root, command, None, root.parent / "log")
            if code not in (0, 1) and not (again and code == 2 and command in _once()):
                raise AssertionError((root.parent / "log").read_text(errors="replace"))
            return cls(before, tree(root), time.monotonic() - start, steps)

    @property
    def largest(self) -> int:
        """Size of the largest file that the command writes."""
        return max(len(c) for name, c in self.after.items() if self.before.get(name) != c)

    def fault(self, chance: random.Random, largest: int) -> Fault:
        """Return a random fault that fits the command."""
        kind = chance.choice(FAULTS)
        at = {
            "time": chance.uniform(0, 1.05 * self.seconds),
            "step": chance.randint(1, max(1, self.steps)),
            "disk": chance.randint(1, max(1, self.steps)),
            "size": int(largest ** chance.random()) - 1,
        }
        return Fault(kind, at[kind])


@contextlib.contextmanager
def scratch(project: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="survey-kills-"))
    try:
        shutil.copytree(project, folder / "project")
        yield folder / "project"
    finally:
        shutil.rmtree(folder)


def _free(lock: Path) -> bool:
    """Whether a lock is there that nobody holds."""
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return hold(descriptor)
    finally:
        os.close(descriptor)


def trial(project: Path, command: tuple[str, ...], plain: Undisturbed, fault: Fault) -> list[str]:
    """Run a command under a fault and again without; return what is wrong."""
    wrong: list[str] = []
    with scratch(project) as root:
        log = root.parent / "log"
        code, _ = run(root, command, fault, log)
        done = code == 0 and command in _once()
        text = log.read_text(errors="replace") if log.exists() else ""
        if fault.kind in ("disk", "size") and (code not in (0, 1, 2) or "Traceback" in text):
            wrong.append(f"exit code {code}: {text[-600:]}")
        wrong += after_fault(tree(root), plain)
        code, _ = run(root, command, None, log)
        if code not in (0, 1) and not (code == 2 and command in _once()):
            wrong.append(
                f"the next run: exit code {code}: {log.read_text(errors='replace')[-600:]}"
            )
        found = tree(root)
        for name in sorted(found.keys() | plain.after.keys()):
            if Path(name).name == LOCK and _free(root / name):
                continue  # this run had nothing to write there; one that has removes it
            if done and "data/processed/" in name and name not in found:
                continue  # the table was made, the answers could not be kept for the next one
            if found.get(name) != plain.after.get(name):
                wrong.append(f"the next run: {name} is not as without the fault")
    return wrong


def _once() -> set[tuple[str, ...]]:
    return {COMMANDS[name] for name in ONCE}


def after_fault(found: Tree, plain: Undisturbed) -> Iterator[str]:
    """Yield what a fault left that it must not leave."""
    for name, content in plain.before.items():
        if name in EDITED:
            if found.get(name) not in (content, plain.after[name]):
                yield f"{name} is neither as before nor as the command was to make it"
        elif plain.after.get(name) == content and found.get(name) != content:
            yield f"{name} was changed or lost"
    for name, content in found.items():
        hidden = any(part.startswith(LEFT_OVERS) for part in name.split("/"))
        if hidden or content in (plain.before.get(name), plain.after.get(name)):
            continue
        if not name.endswith(".survey-files.json"):  # ours alone, and whole: see below
            yield f"{name} is neither as before nor as after"
        elif not json.loads(content):
            yield f"{name} is not whole"
    yield from half_folders(found, plain)


def half_folders(found: Tree, plain: Undisturbed) -> Iterator[str]:
    """Yield the folders with a manifest whose files are not those of one and the same run."""
    folders = {name.rsplit("/", 1)[0] for name in found if name.endswith("/manifest.json")}
    for folder in folders:
        if any(part.startswith(LEFT_OVERS) for part in folder.split("/")):
            continue
        inside = {n: c for n, c in found.items() if n.startswith(f"{folder}/")}
        whole = [
            {n: c for n, c in t.items() if n.startswith(f"{folder}/")}
            for t in (plain.before, plain.after)
        ]
        if inside not in whole:
            yield f"{folder} is neither the old folder nor the new one"


def kill_many(
    runs: int,
    seed: int,
    commands: tuple[str, ...] = tuple(COMMANDS),
    say: Callable[[str], object] = print,
) -> list[str]:
    """Make ``runs`` trials; return what was wrong in them."""
    for module in pkgutil.walk_packages(survey.__path__, "survey."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    chance, wrong = random.Random(seed), []
    folder = Path(tempfile.mkdtemp(prefix="survey-kills-"))
    try:
        project = folder / "project"
        make_project(project)

        @cache
        def first(name: str) -> Undisturbed:
            return Undisturbed.of(project, COMMANDS[name])

        @cache
        def again(name: str) -> tuple[Path, Undisturbed]:
            """Begin where the command has been run before: it has much to lose."""
            base = _with(folder / f"again {name}", first(name).after)
            return base, Undisturbed.of(base, COMMANDS[name], again=True)

        quick = [name for name in commands if name not in SLOW]
        slow = [name for name in commands if name in SLOW]
        for number in range(runs):
            turns = slow if slow and (number % 10 == 9 or not quick) else quick
            name = turns[number % len(turns)]
            base, known = (project, first(name)) if chance.random() < 0.5 else again(name)
            fault = known.fault(chance, first(name).largest)
            found = trial(base, COMMANDS[name], known, fault)
            wrong += [f"{name}, {fault}: {each}" for each in found]
            verdict = "; ".join(found) or "ok"
            say(f"{number + 1:4d} {name:14s} {fault.kind} {fault.at:.3f} {verdict}")
    finally:
        shutil.rmtree(folder)
    return wrong


def _with(root: Path, content: Tree) -> Path:
    """Write a project as a command left it; keys stay private."""
    for name, data in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if path.name in (".survey-key", "other.key"):
            path.chmod(0o600)
    return root


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=list(COMMANDS), choices=list(COMMANDS))
    options = parser.parse_args()
    failures = kill_many(
        options.runs, options.seed, tuple(options.only), say=partial(print, flush=True)
    )
    print(f"{options.runs} runs, seed {options.seed}: {len(failures)} wrong")
    sys.exit(bool(failures))
