"""The project around the code: locks, floors, versions, what an installed copy holds."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import survey
from survey.errors import ProjectError
from survey.project import read_project

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
LOCKS = ("locked.txt", "lowest.txt")
PIN = re.compile(r"^([\w.-]+)==([\w.]+)( ;.*)? \\$")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    return {found[1].lower(): found[2] for line in lines if (found := PIN.match(line))}


def declared(*extras: str) -> dict[str, str]:
    """Return the floors of the direct dependencies, as ``pyproject.toml`` declares them."""
    needs = [*PROJECT["dependencies"], *PYPROJECT["build-system"]["requires"]]
    for extra in extras:
        needs += PROJECT["optional-dependencies"][extra]
    return dict(need.lower().split(">=") for need in needs)


def parts(version: str) -> list[int]:
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    return numbers + [0] * (4 - len(numbers))


def test_every_need_is_locked():
    assert set(declared("test", "dev")) <= set(pins("locked.txt"))


def test_the_lowest_lock_holds_exactly_the_declared_floors():
    lowest = pins("lowest.txt")
    assert {name: parts(lowest[name]) for name in declared("test")} == {
        name: parts(floor) for name, floor in declared("test").items()
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_digests_everything_and_names_no_place(name):
    text = (ROOT / "requirements" / name).read_text("utf-8")
    entries = re.split(r"\n(?=[\w])", text.strip())
    assert all(PIN.match(entry.splitlines()[0]) for entry in entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "file:" not in text


def test_one_version_everywhere():
    assert PROJECT["version"] == survey.__version__


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert PROJECT["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in text
    assert text.rstrip().endswith("limitations under the License.")


def test_ci_runs_what_make_test_runs():
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("make test")
    rule = re.search(r"^test: ([^#\n]*)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert rule
    assert set(rule[1].split()) == {"lint", "typecheck", "docs", "tests", "test-lowest"}


@pytest.mark.locked
def test_a_wheel_holds_all_that_the_package_needs_and_nothing_else(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    source = ROOT / "src"
    files = [path for path in (source / "survey").rglob("*") if path.is_file()]
    wanted = {
        path.relative_to(source).as_posix() for path in files if "__pycache__" not in path.parts
    }
    assert held == wanted
    assert "survey/py.typed" in held


def test_earlier_public_totals_are_read_with_their_source(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text(
        '[[published]]\nyear = "2023"\nfigure = 45_000_000\nsource = "a report"\n'
        '[[published]]\nyear = "2021"\nfigure = 25e6\nat_least = true\nsource = "a talk"\n'
    )
    found = read_project(tmp_path).published
    assert list(map(str, found)) == [
        "2021: at least 25 million (a talk)",
        "2023: 45 million (a report)",
    ]


def test_all_that_is_wrong_with_public_totals_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "survey.toml").write_text(
        '[[published]]\nyear = "2023"\nfigure = -1\nsuorce = "a report"\n'
    )
    with pytest.raises(ProjectError) as error:
        read_project(tmp_path)
    said = str(error.value)
    assert "entry 1" in said
    assert "did you mean 'source'" in said
    assert "no source" in said
    assert "a number above 0" in said
