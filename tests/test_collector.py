"""The collector rests while a codebook is read and when a command ends; else it is as it was."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from survey.codebook import load
from survey.collector import collector_paused


@pytest.fixture(autouse=True)
def _collector_as_it_was():
    running = gc.isenabled()
    yield
    (gc.enable if running else gc.disable)()


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_is_as_it_was_after_an_error(running):
    (gc.enable if running else gc.disable)()
    seen = []
    with pytest.raises(ZeroDivisionError), collector_paused(), collector_paused():
        seen.append(gc.isenabled() or 1 / 0)
    assert not seen
    assert gc.isenabled() is running


def test_the_shipped_codebook_is_read_without_looking_for_cycles():
    gc.enable()
    gc.collect()
    collected = []

    def note(phase, about):
        collected.append((phase, gc.isenabled()))

    gc.callbacks.append(note)
    try:
        codebook = load._shipped.__wrapped__()
    finally:
        gc.callbacks.remove(note)
    assert len(codebook.editions) > 10
    # one look at most, and not before all is read
    assert collected in ([], [("start", True), ("stop", True)])


def test_a_command_ends_without_looking_through_what_is_left():
    code = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0)); "
        "from survey.cli import main; main(['--version'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "True"
