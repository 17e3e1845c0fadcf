"""Rooms that fetch their public names when they are first used."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

import survey.disclosure
import survey.publish

ROOMS = [survey.disclosure, survey.publish]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_public_name_is_fetched_and_none_is_a_module(room: ModuleType) -> None:
    for name in room.__all__:
        assert not isinstance(getattr(room, name), ModuleType), name
        assert name in dir(room)


def test_a_function_keeps_its_name_when_its_module_is_imported_first() -> None:
    code = "import survey.publish.audit; from survey.publish import audit; assert callable(audit)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = survey.publish.no_such_name
