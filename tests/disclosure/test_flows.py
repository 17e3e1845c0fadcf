"""Flows of the panel in public: bands by who came back, from perturbed counts."""

from __future__ import annotations

import numpy as np
import pytest

from survey.disclosure import Ledger, Register, protect
from survey.disclosure.perturbation.noise import LARGEST
from survey.estimates import Estimates, returners
from survey.responses import Responses
from tests.disclosure.surveys import invented

EDITIONS = ("2017", "2018", "2019")


@pytest.fixture(scope="module")
def answers() -> Responses:
    return invented(300, 9, EDITIONS)


def flow(answers: Responses, earlier: str, later: str) -> Estimates:
    table = returners(answers, earlier, later, by="compute_cores")
    return table.named(f"{earlier}-{later}", "t")


def test_flows_by_band_are_perturbed_and_joined_in_classes(answers: Responses) -> None:
    table = flow(answers, "2018", "2019")
    made = protect([table], title="T", edition="2019", answers=answers)
    public = made["2018-2019"].frame
    assert "Up to 99 cores" in set(public["compute_cores"])
    assert not {"se", "deff", "clusters"} & set(public)
    both = public.merge(table.frame, on=["compute_cores", "answer"], suffixes=("", "_true"))
    both = both[both["count"].notna()]
    assert len(both) > 2
    apart = (both["count"] - both["count_true"]).to_numpy(dtype=float)
    assert np.abs(apart).max() <= LARGEST
    assert np.abs(apart).max() > 0


def test_every_flow_is_a_column_of_its_own(answers: Responses) -> None:
    """Who came back after one year is another question than after two."""
    register = Register(Ledger("k"), final=True)
    tables = [flow(answers, *span) for span in (("2017", "2018"), ("2018", "2019"))]
    made = protect(tables, title="T", edition="2019", register=register)
    alone = protect(tables[1:], title="T", edition="2019")
    shown, own = (each["2018-2019"].frame for each in (made, alone))
    assert shown["count"].tolist() == own["count"].tolist()
    again = protect(
        tables, title="T", edition="2019", register=Register(register.entries("k"), final=True)
    )
    assert again["2017-2018"].frame.equals(made["2017-2018"].frame)
