"""Files as people hand them over: read as they were, named, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.handed_over import OPERATORS
from tests.fuzz.handed_over_oracle import judge

_EACH = 2
_SEEDS = range(_EACH * len(OPERATORS))


@pytest.mark.parametrize("seed", _SEEDS)
def test_nothing_is_changed_in_silence(tmp_path: Path, seed: int) -> None:
    judged = judge(tmp_path, seed)
    assert not judged.findings, judged.kind
    assert judged.word == "read" or not judged.tellable, judged.kind


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(1000, 1300, 20))
def test_many_more_files(tmp_path: Path, first: int) -> None:
    found = [judge(tmp_path, seed) for seed in range(first, first + len(OPERATORS))]
    assert not [each for each in found if each.findings]
    tellable = [each for each in found if each.tellable]
    assert sum(each.word == "read" for each in tellable) >= 0.95 * len(tellable)
