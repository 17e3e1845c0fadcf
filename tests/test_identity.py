"""The check that tells this package from the other one called ``survey``."""

import subprocess
import sys
import timeit
from pathlib import Path

import pytest

import survey
from survey._identity import IdentityError, check_identity
from survey.errors import SurveyError


@pytest.fixture
def ours(tmp_path):
    """A folder such as an installer leaves it when only this package is there."""
    folder = tmp_path / "site" / "survey"
    folder.mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "cli.py", "_identity.py"):
        (folder / name).touch()
    return folder


def test_a_clean_folder_passes(ours):
    check_identity(ours)


@pytest.mark.parametrize("name", ["_widgets.py", "_funnels.py", "machines.py"])
def test_a_file_of_the_other_package_is_named(ours, name):
    (ours / name).touch()
    with pytest.raises(IdentityError) as caught:
        check_identity(ours)
    message = str(caught.value)
    assert name in message
    assert "pip uninstall survey openstack-survey" in message


def test_its_removal_leaves_a_package_without_front_door(ours):
    (ours / "__init__.py").unlink()
    with pytest.raises(IdentityError, match=r"no __init__\.py"):
        check_identity(ours)


def test_the_error_can_be_caught_as_either():
    assert issubclass(IdentityError, ImportError)
    assert issubclass(IdentityError, SurveyError)


def test_import_fails_with_that_message_where_both_are_mixed(tmp_path):
    """Lay both packages over each other, ours last, and import."""
    site = tmp_path / "site"
    site.mkdir()
    mixed = site / "survey"
    mixed.mkdir()
    for source in Path(survey.__file__).parent.glob("*.py"):
        (mixed / source.name).write_text(source.read_text("utf-8"), "utf-8")
    (mixed / "_widgets.py").write_text("class Text: ...\n", "utf-8")
    code = f"import sys; sys.path.insert(0, {str(site)!r}); import survey"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "openstack-survey (this one)" in run.stderr


def test_it_takes_less_than_a_millisecond():
    assert min(timeit.repeat(check_identity, number=1, repeat=20)) < 1e-3
