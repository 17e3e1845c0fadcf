"""A sample of the changes that somebody else than the author of the reader thought of."""

import pytest

from tests.fuzz.other_hands import OPERATORS, findings


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda each: each.__name__)
def test_other_peoples_changes_change_no_answer(operator):
    for seed in (1, 2):
        _, faults = findings(operator, seed)
        assert not faults
