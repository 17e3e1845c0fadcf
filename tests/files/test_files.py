"""Files: replaced whole or not at all, never another's, by one run at a time, and only files."""

from __future__ import annotations

import errno
import json
import logging
import os
import resource
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey import files
from survey.errors import PublishError, SurveyError
from survey.files import writing
from survey.files.lock import LOCK
from survey.provenance import digest_of

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and kills are POSIX's")


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


# ---------------------------------------------------------------- one file


def test_a_file_is_replaced_and_keeps_its_permissions_and_link(tmp_path: Path) -> None:
    path = tmp_path / "survey.toml"
    path.write_text("old")
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    files.write_file(link, "new\r\n")
    assert link.is_symlink()
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == {"survey.toml", "link.toml"}


def test_a_private_file_is_never_open_to_others(tmp_path: Path) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text("old")
    path.chmod(0o644)
    files.write_file(path, "names", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_its_owner_protected_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "survey.toml"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        files.write_file(path, "new")
    assert path.read_text() == "old"


@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_a_fault_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "survey.toml"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, step, fail)
    with pytest.raises(OSError, match="No space left"):
        files.write_file(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == {"survey.toml"}


@posix
@pytest.mark.parametrize("limit", [0, 1, 4096])
def test_a_limit_on_the_size_of_files_leaves_the_old_one(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "survey.toml"
    path.write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
        with pytest.raises(OSError, match="File too large"):
            files.write_file(path, "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == "old"
    assert names(tmp_path) == {"survey.toml"}


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    with pytest.raises(OSError, match=r"directory|a pipe"):
        files.write_file(tmp_path / "x", "new")


def test_drafts_of_killed_runs_are_swept_and_those_in_use_are_not(tmp_path: Path) -> None:
    left = tmp_path / f"{writing.DRAFT}0123"
    left.write_text("half")
    with writing._draft(tmp_path, 0o600) as (used, _):
        files.write_file(tmp_path / "other.toml", "x")
        assert not left.exists()
        assert used.exists()
    assert names(tmp_path) == {"other.toml"}


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "key"
    assert files.write_new_file(path, "first", private=True)
    assert not files.write_new_file(path, "second")
    assert path.read_text() == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == {"keys", "keys/key"}


# ---------------------------------------------------------------- files that a person edits


def test_an_edit_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("a = 1\n")
    before = path.stat()
    assert not files.edit_file(path, lambda _: None)
    assert path.stat() == before


def test_an_edit_does_not_overwrite_what_was_saved_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("mine")

    def change(_: str | None) -> str:
        path.write_text("saved in an editor")
        return "ours"

    with pytest.raises(OSError, match="another program changed"):
        files.edit_file(path, change)
    assert path.read_text() == "saved in an editor"
    assert names(tmp_path) == {"a.toml"}


def test_edits_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def add(number: int) -> None:
        files.edit_file(path, lambda before: f"{before or ''}{number}\n")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, path.read_text().split())) == list(range(12))
    assert names(tmp_path) == {"a.txt"}


# ---------------------------------------------------------------- only files are read


@posix
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(OSError, match="a pipe, not a file"):
        files.read_file(tmp_path / "pipe.csv")


@posix
def test_a_device_is_refused() -> None:
    with pytest.raises(OSError, match="a device, not a file"):
        files.read_file(Path("/dev/zero"))


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(OSError, match="3,000,000,000 bytes; at most 1,000"):
        files.read_file(path, most=1000)


# ---------------------------------------------------------------- folders


def replace(root: Path, **contents: dict[str, bytes]) -> None:
    files.replace_folders(root, contents, error=PublishError, message="Cannot write")


def listed(**contents: bytes) -> dict[str, bytes]:
    outputs = [{"path": name, "sha256": digest_of(content)} for name, content in contents.items()]
    return {**contents, "manifest.json": json.dumps({"outputs": outputs}).encode()}


THEIRS: dict[str, Callable[[Path], object]] = {
    "notes.md": lambda folder: (folder / "notes.md").write_text("mine"),
    ".git": lambda folder: (folder / ".git").mkdir() or (folder / ".git" / "HEAD").write_text("x"),
    "page": lambda folder: (folder / "page").write_text("corrected by hand"),
    "link": lambda folder: (folder / "link").symlink_to(folder),
    "manifest": lambda folder: (folder / "manifest.json").unlink(),
}


@pytest.mark.parametrize("name", THEIRS)
def test_what_is_not_ours_is_never_replaced(tmp_path: Path, name: str) -> None:
    replace(tmp_path, a=listed(page=b"1"))
    THEIRS[name](tmp_path / "a")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    with pytest.raises(PublishError, match="page" if name == "manifest" else name):
        replace(tmp_path, a=listed(page=b"2"), b=listed(page=b"2"))
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


def test_what_was_ours_and_is_no_more_goes(tmp_path: Path) -> None:
    replace(tmp_path, a=listed(old=b"1", page=b"1"))
    replace(tmp_path, a=listed(page=b"2"))
    assert names(tmp_path) == {"a", "a/page", "a/manifest.json"}


def test_notes_beside_a_folder_that_looks_like_an_old_one_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.old").mkdir()
    (tmp_path / "a.old" / "thesis.docx").write_text("years of work")
    replace(tmp_path, a=listed(page=b"1"))
    replace(tmp_path, a=listed(page=b"2"))
    assert (tmp_path / "a.old" / "thesis.docx").read_text() == "years of work"


def test_a_folder_changed_while_ours_was_written_is_kept(tmp_path: Path) -> None:
    replace(tmp_path, a=listed(page=b"1"))

    def fill(fresh: Path) -> None:
        (fresh / "page").write_bytes(b"2")
        (tmp_path / "a" / "notes.md").write_text("mine")

    with pytest.raises(PublishError, match=r"notes\.md"):
        files.replace_folders(tmp_path, {"a": fill}, error=PublishError, message="Cannot write")
    assert names(tmp_path) == {"a", "a/page", "a/manifest.json", "a/notes.md"}


@pytest.mark.parametrize("one_step", [True, False])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_rename_that_fails_puts_all_folders_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, *, one_step: bool
) -> None:
    """Fail where the new folder comes, where the old one is set aside, or at the end."""
    replace(tmp_path, b=listed(page=b"1"))
    rename, left = Path.replace, iter(range(100))

    def failing(self: Path, target: Path) -> Path:
        if next(left) == at:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    if not one_step:
        monkeypatch.setattr(files.folders, "exchange", lambda *_: False)
    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(PublishError, match="Input/output error"):
        replace(tmp_path, a=listed(page=b"2"), b=listed(page=b"2"))
    assert names(tmp_path) == {"b", "b/page", "b/manifest.json"}
    assert (tmp_path / "b" / "page").read_bytes() == b"1"


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="not everywhere")
def test_folders_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    assert files.swap.exchange(tmp_path / "a", tmp_path / "b")
    assert names(tmp_path) == {"a", "a/b", "b", "b/a"}
    assert not files.swap.exchange(tmp_path / "a", tmp_path / "absent")


def test_notes_added_after_a_kill_are_not_cleared_away(tmp_path: Path) -> None:
    replace(tmp_path, a=listed(page=b"1"))
    (tmp_path / "a").replace(tmp_path / ".survey-old-a")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.md").write_text("mine")
    with pytest.raises(PublishError, match=r"notes\.md"):
        replace(tmp_path, b=listed(page=b"1"))
    assert (tmp_path / "a" / "notes.md").read_text() == "mine"


# ---------------------------------------------------------------- among others' files


def among(root: Path, **contents: bytes) -> None:
    files.write_among_others(root, contents, error=SurveyError)


def test_files_among_others_replace_only_our_own(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("a real export")
    among(tmp_path, made=b"1")
    among(tmp_path, made=b"2")
    assert (tmp_path / "made").read_bytes() == b"2"
    with pytest.raises(SurveyError, match=r"real\.csv"):
        among(tmp_path, **{"made": b"3", "real.csv": b"3"})
    assert (tmp_path / "made").read_bytes() == b"2"
    (tmp_path / "made").write_text("changed by hand")
    with pytest.raises(SurveyError, match="changed since"):
        among(tmp_path, made=b"3")
    assert (tmp_path / "real.csv").read_text() == "a real export"


def test_files_that_a_killed_run_wrote_are_known_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    among(tmp_path, made=b"1")
    write, left = files.write_file, iter(range(100))

    def killed(path: Path, content: bytes | str) -> Path:
        if next(left) == 2:
            raise KeyboardInterrupt
        return write(path, content)

    monkeypatch.setattr(files.among, "write_file", killed)
    with pytest.raises(KeyboardInterrupt):
        among(tmp_path, made=b"2")
    assert (tmp_path / "made").read_bytes() == b"2"
    monkeypatch.undo()
    among(tmp_path, made=b"3")
    assert (tmp_path / "made").read_bytes() == b"3"


def test_a_page_of_ours_is_known_again_until_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "page.html"

    def refuse() -> None:
        files.refuse_other_page(path, error=PublishError, message="Cannot write")

    refuse()
    path.write_text(files.signed("<p>å</p>\n"), encoding="utf-8")
    refuse()
    path.write_text(path.read_text(encoding="utf-8").replace("å", "a"), encoding="utf-8")
    with pytest.raises(PublishError, match=r"page\.html"):
        refuse()


# ---------------------------------------------------------------- locks

HOLD = """
import sys, time
from pathlib import Path
from survey.files import alone_in
sys.argv = ["survey", "report"]
with alone_in(Path({folder!r})):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    program = textwrap.dedent(HOLD).format(folder=str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


@posix
def test_whoever_waits_says_for_whom_and_goes_on_when_that_run_is_killed(
    tmp_path: Path, holder: subprocess.Popen[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    threading.Timer(0.3, holder.kill).start()
    with files.alone_in(tmp_path):
        pass
    assert f"waiting for process {holder.pid} (survey report), which writes to" in caplog.text
    assert not (tmp_path / LOCK).exists()


@posix
def test_nobody_waits_for_ever(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    begin = time.monotonic()
    with (
        pytest.raises(PublishError, match=rf"process {holder.pid} .*Hint: wait until"),
        files.faults_as(PublishError, "Cannot write", tmp_path),
        files.alone_in(tmp_path, longest=0.2),
    ):
        pass
    assert time.monotonic() - begin < 20


def test_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(5):
            with files.alone_in(tmp_path):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.002)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert names(tmp_path) == set()
