"""What every test may rely on: profiles, outside programs, and data that is only sometimes there.

Warnings are errors (pyproject.toml). Property tests draw the same cases on every run unless
the profile is ``nightly``; choose one with the environment variable ``HYPOTHESIS_PROFILE``.
A test that needs more cases than its profile gives asks for
``max(300, hypothesis.settings.default.max_examples)``, so that it still grows at night.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SLOW_START = (hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large)

for name, examples, derandomize in (
    ("quick", 20, True),  # the run on the lowest declared versions
    ("dev", 100, True),
    ("ci", 100, True),
    ("nightly", 10_000, False),
):
    hypothesis.settings.register_profile(
        name,
        max_examples=examples,
        derandomize=derandomize,
        database=None if derandomize else hypothesis.settings.default.database,
        deadline=None,
        print_blob=True,
        suppress_health_check=SLOW_START,
    )
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the tests marked nightly, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the nightly tests unless they were asked for."""
    if config.getoption("--nightly"):
        return
    late = [item for item in items if item.get_closest_marker("nightly")]
    if late:
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of recorded fixtures beside the source tree; skip where it is not."""
    folder = ROOT.parent / "shared"
    if not (folder / "fixtures").is_dir():
        pytest.skip("the recorded fixtures are not here: expected in ../shared/fixtures")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the browser to drive; skip, saying how to get one, where there is none."""
    return _program("a browser", CHROMIUM_NAMES, "apt-get install chromium")


@pytest.fixture(scope="session")
def soffice() -> Path:
    """Return LibreOffice; skip, saying how to get it, where it is not installed."""
    return _program("LibreOffice", ("soffice", "libreoffice"), "apt-get install libreoffice-calc")


def _program(what: str, names: tuple[str, ...], install: str) -> Path:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"{what} is not installed (looked for {', '.join(names)}); try: {install}")
    return Path(found)
