"""Rooms that fetch their public names when they are first used."""

from __future__ import annotations

import pickle
import pydoc
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

import survey.publish
from tests.test_architecture import DOORS_OF

ROOMS = [import_module(name) for name, doors in DOORS_OF.items() if doors]


def test_the_large_rooms_have_doors() -> None:
    names = {room.__name__.removeprefix("survey.") for room in ROOMS}
    assert names > {"codebook", "exports", "responses", "estimates", "disclosure", "publish"}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_the_doors_are_those_that_a_type_checker_sees(room: ModuleType) -> None:
    seen = DOORS_OF[room.__name__]
    assert {name: f"{room.__name__}.{module}" for name, module in room._doors.items()} == seen
    assert sorted(seen) == sorted(room.__all__)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_public_name_is_fetched_and_none_is_a_module(room: ModuleType) -> None:
    for name in room.__all__:
        assert not isinstance(getattr(room, name), ModuleType), name
        assert name in dir(room)


def test_a_function_keeps_its_name_when_its_module_is_imported_first() -> None:
    code = "import survey.publish.audit; from survey.publish import audit; assert callable(audit)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_a_star_import_gives_the_public_names(room: ModuleType) -> None:
    given: dict[str, object] = {}
    exec(f"from {room.__name__} import *", given)
    assert set(room.__all__) <= set(given)


def test_public_things_can_be_pickled_and_documented() -> None:
    from survey.estimates import share

    assert pickle.loads(pickle.dumps(share)) is share
    assert "share(" in pydoc.plain(pydoc.render_doc("survey.estimates"))


def test_a_name_that_is_not_there_is_said() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = survey.publish.no_such_name
