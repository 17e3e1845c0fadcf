"""Invented answers of two editions, which several files of this folder read."""

from __future__ import annotations

import pytest

from survey.exports import read_export
from survey.responses import Responses, clean
from survey.synthetic import simulate


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    """Return 250 respondents each of 2023 and 2024."""
    folder = tmp_path_factory.mktemp("invented")
    exports = []
    for edition in ("2023", "2024"):
        simulate(edition, respondents=250, seed=5).write(folder)
        exports.append(read_export(next(folder.glob(f"Survey_{edition}*.csv")), invented=True))
    return clean(exports, key=b"k" * 32)
