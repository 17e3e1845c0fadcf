"""How a command ends: every failure is a message with advice, and has an exit code.

0
    Fine.
1
    ``survey check`` found something that a person should look at.
2
    Wrong use, unusable input, or a file that cannot be written.
3
    A fault of the toolkit, which nobody foresaw.
130, 141, 143
    Interrupted, nobody reads the output any more, ended from outside (128 and the signal).
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from survey.console import Console
from survey.errors import Problem, ProjectError, SurveyError
from survey.files import problem_of

__all__ = ["FAULT", "WRONG_USE", "Doors", "failure_of"]

WRONG_USE, FAULT = 2, 3
_INTERRUPTED, _NO_READER, _ENDED = 130, 141, 143
_PACKAGE = Path(__file__).resolve().parents[1]
_TRACEBACK = "SURVEY_TRACEBACK"


class _NoReaderError(Exception):
    """The output was closed; click would make 1 of it, which stands for findings."""


class Doors(click.Group):
    """The commands; whatever they raise ends in a message and an exit code."""

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Read the arguments, which may print the help."""
        try:
            return super().make_context(*arguments, **named)
        except BrokenPipeError:
            raise _NoReaderError from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the arguments name."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _NoReaderError from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and leave with its exit code."""

        def run() -> Any:
            return super(Doors, self).main(args, prog_name, complete_var, False, **extra)

        if not standalone_mode:
            return run()
        _print_whatever_comes()
        atexit.register(gc.freeze)  # the system takes back at once what Python would look through
        with _end_cleanly():
            code = _code_of(run)
        sys.exit(_flushed(code))


def _code_of(run: Callable[[], Any]) -> int:
    """Run a command, say what failed, and return the exit code."""
    try:
        code = run()
        return code if isinstance(code, int) else 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except (BrokenPipeError, _NoReaderError):
        return _silenced(_NO_READER)
    except Exception as error:
        failure, code = failure_of(error)
        with contextlib.suppress(OSError):
            Console().error(failure)
        return code


def failure_of(error: Exception) -> tuple[SurveyError, int]:
    """Return what to say of an error, and the exit code.

    Examples
    --------
    >>> said, code = failure_of(OSError(28, "No space left on device", "book.xlsx"))
    >>> print(code, said)
    2 The system refused
      - book.xlsx: got No space left on device. Hint: free some space, or choose another disk.
    """
    if isinstance(error, SurveyError):
        return error, WRONG_USE
    if isinstance(error, OSError):
        return ProjectError("The system refused", [problem_of(error)]), WRONG_USE
    if isinstance(error, MemoryError):
        hint = "read fewer or smaller files at once"
        problem = Problem("memory", "more than there is", "", hint)
        return ProjectError("The memory does not suffice", [problem]), WRONG_USE
    if os.environ.get(_TRACEBACK):
        traceback.print_exception(error)
    hint = (
        "report this line and the command, without any answers; "
        f"{_TRACEBACK}=1 shows more, which may quote answers"
    )
    # The error's own text may quote a cell: its kind and place must do.
    problem = Problem(_place_of(error), type(error).__name__, "no fault of the toolkit", hint)
    return SurveyError("The toolkit has a fault that nobody foresaw", [problem]), FAULT


def _place_of(error: Exception) -> str:
    """Return the innermost place of ours that an error passed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if Path(each.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return "outside the package"
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}, line {ours[-1].lineno}"


def _print_whatever_comes() -> None:
    """Let a terminal show what it has no characters for as escapes, where it would fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _end_cleanly() -> Iterator[None]:
    """Let an end from outside pass through what tidies up, as an interruption does."""

    def leave(*_: object) -> None:
        sys.exit(_ENDED)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _flushed(code: int) -> int:
    """Write what is still to be printed; a full disk is no success."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _silenced(_NO_READER)
    except OSError as error:
        with contextlib.suppress(OSError):
            problem = problem_of(error, "standard output")
            Console().error(ProjectError("The output cannot be printed", [problem]))
        return _silenced(WRONG_USE)
    return code


def _silenced(code: int) -> int:
    """Send what is left to nowhere: the interpreter would fail on it at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return code
