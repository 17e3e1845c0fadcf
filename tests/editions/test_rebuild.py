"""Old editions rebuild for ever: every figure of the committed ones is what it was."""

from __future__ import annotations

import pytest

from tests.editions.figures import FOLDER, differences, rebuilt, recorded

EDITIONS = sorted(path.stem for path in FOLDER.glob("*.csv"))


def test_all_committed_editions_are_recorded() -> None:
    assert EDITIONS == ["2019", "2020", "2021", "2022", "2023", "2024"]


@pytest.mark.locked  # what an iterative fit gives depends on scipy's version
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_figure_is_what_it_was(edition: str) -> None:
    old = recorded(edition)
    assert len(old) > 1000
    changed = list(differences(old, rebuilt(edition)))
    hint = "if it is meant: python -m tests.editions.figures, and a line under Numbers"
    assert not changed, "\n".join([f"{len(changed)} figures changed; {hint}", *changed[:20]])


def test_a_change_is_found() -> None:
    old = recorded("2024")
    new = [dict(row) for row in old]
    new[5]["value"] = str(float(new[5]["value"] or 0) + 1e-6)
    new[7]["status"] = "suppressed"
    del new[9]
    found = list(differences(old, new))
    assert len(found) == 3
    assert sum("gone" in line for line in found) == 1
