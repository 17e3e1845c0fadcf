"""Folders written whole or not at all, by one run at a time, and never over another's files.

The new content of every folder is complete, beside the old one, before the first is replaced.
What a killed run left behind is put back or cleared away by the next.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from survey.errors import Problem, SurveyError
from survey.files.faults import faults_as
from survey.files.final_reports import published_around, refuse_inside
from survey.files.lock import alone_in
from survey.files.ours import Foreign, foreign_files, refuse_foreign
from survey.files.reading import printable
from survey.files.swap import exchange
from survey.files.writing import filling, sweep

__all__ = ["SET_ASIDE", "Contents", "replace_folders"]

Contents = Mapping[str, bytes] | Callable[[Path], object]
_FRESH, SET_ASIDE = ".survey-new-", ".survey-old-"


def replace_folders(
    root: Path,
    contents: Mapping[str, Contents],
    *,
    error: type[SurveyError],
    message: str,
    private: bool = False,
    check: Callable[[], object] | None = None,
    foreign: Foreign = foreign_files,
) -> tuple[Path, ...]:
    """Replace folders below ``root`` as a whole or not at all; return their files.

    Parameters
    ----------
    root
        Where the folders stand; made if it is not there.
    contents
        Name of a folder -> name of a file -> its bytes; or a function that fills a folder.
    error, message
        What to raise, and its first sentence, when the system refuses.
    private
        Whether only the owner may read them.
    check
        Raises if the folders have no place there. It is asked first, and again when no other run
        is writing there. By default it refuses to write among final publications.
    foreign
        Names what in a folder is not ours.

    Raises
    ------
    SurveyError
        If a folder holds what is not ours, final publications stand there, or nothing can be
        written. What stood there stays.
    """
    with faults_as(error, message, root, "a folder to write to"):
        check = check or partial(_refuse_among_published, root, error, message)
        check()
        refuse_inside(root / next(iter(contents), _FRESH))
        root.mkdir(parents=True, exist_ok=True)
        with alone_in(root):
            _tidy(root, error, foreign)
            check()  # another run may have published since
            targets = [root / name for name in contents]
            refuse_foreign(targets, error=error, foreign=foreign)
            fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=root))  # for the owner alone
            try:
                for name, content in contents.items():
                    _fill(fresh / name, content, private=private)
                refuse_foreign(targets, error=error, foreign=foreign)  # filling may take long
                _swap_all(fresh, targets)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    return tuple(p for each in targets for p in sorted(each.rglob("*")) if p.is_file())


def _refuse_among_published(root: Path, error: type[SurveyError], message: str) -> None:
    if final := published_around(root):
        got = f"a folder with final publications ({', '.join(final)})"
        expected = "a folder in which nothing is published"
        raise error(message, [Problem(printable(root.name), got, expected)])


def _fill(folder: Path, contents: Contents, *, private: bool) -> None:
    folder.mkdir(mode=0o700 if private else 0o777)
    if callable(contents):
        with filling(folder):
            contents(folder)
        return
    for name, content in contents.items():
        path = folder / name
        path.touch(mode=0o600 if private else 0o666)
        path.write_bytes(content)


def _swap_all(fresh: Path, targets: list[Path]) -> None:
    """Put each fresh folder in its place; the old ones go when all have changed."""
    try:
        for target in targets:
            _swap(fresh / target.name, target)
        for target in targets:
            if (old := _aside(target)).exists():
                old.replace(fresh / old.name)
    except BaseException:
        for target in targets:
            if _aside(target).exists():
                _put_back(_aside(target))
            elif not (fresh / target.name).exists():
                target.replace(fresh / target.name)
        raise


def _swap(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``, which is kept aside."""
    if not target.exists():
        fresh.replace(target)
    elif exchange(fresh, target):
        try:
            fresh.replace(_aside(target))
        except BaseException:
            exchange(fresh, target)
            raise
    else:
        target.replace(_aside(target))
        fresh.replace(target)


def _aside(target: Path) -> Path:
    return target.with_name(SET_ASIDE + target.name)


def _put_back(old: Path) -> None:
    """Put a folder that was set aside in its place again; what stands there by now goes."""
    target = old.with_name(old.name.removeprefix(SET_ASIDE))
    drop = old.with_name(_FRESH + secrets.token_hex(8))
    if target.exists():
        target.replace(drop)  # deleted under a name that the next run clears away
    old.replace(target)
    shutil.rmtree(drop, ignore_errors=True)


def _tidy(root: Path, error: type[SurveyError], foreign: Foreign) -> None:
    """Put back or clear away what a killed run left; nobody else is writing now."""
    set_aside = sorted(root.glob(f"{SET_ASIDE}*"))
    news = [old.with_name(old.name.removeprefix(SET_ASIDE)) for old in set_aside]
    refuse_foreign(news, error=error, foreign=foreign)  # somebody may have added to them since
    for old in set_aside:
        _put_back(old)
    for path in root.glob(f"{_FRESH}*"):
        shutil.rmtree(path, ignore_errors=True)
    sweep(root)
