"""Editions that cut the same numbers into other bands: nets and classes over all of them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Band, Choice
from survey.estimates import compare, end_classes, median, share, tabulate_again, trend
from survey.estimates.examples import answers
from survey.estimates.statistic import Noise
from survey.responses import Responses

OLD = {"1 to 9 cores": Band(1, 9), "10 to 99 cores": Band(10, 99), "100 cores up": Band(100, None)}
NEW = {"between 1 and 99 cores": Band(1, 99), "between 100 and 499 cores": Band(100, 499)} | {
    "≥ 500 cores": Band(500, None)
}
NOISE = Noise(3.0, 1.5)
SMALL = {"Small": ("between 1 and 99 cores",)}


def recut(old: dict[str, Band] = OLD, new: dict[str, Band] = NEW) -> Responses:
    """Return the example's answers, whose bands are others in the second edition."""
    known, editions = answers(), {}
    for edition, scale in zip(known.codebook, (old, new), strict=True):
        choices = tuple(Choice(label, label, band) for label, band in scale.items())
        asked = tuple(
            replace(question, choices=choices) if question.concept == "compute_cores" else question
            for question in edition.questions
        )
        editions[edition.name] = replace(edition, questions=asked)
    frame, labels = known.deployments.copy(), list(dict.fromkeys((*old, *new)))
    codes = frame["compute_cores"].cat.codes
    first = frame["edition"] == known.editions[0]
    given = [
        list(old)[code] if is_old else list(new)[code]
        for code, is_old in zip(codes, first, strict=True)
    ]
    frame["compute_cores"] = pd.Categorical(given, labels, ordered=True)
    book = replace(known.codebook, editions=MappingProxyType(editions))
    return replace(known, deployments=frame, codebook=book)


def rows_of(table: pd.DataFrame, answer: str) -> pd.DataFrame:
    return table[table["answer"] == answer].set_index("edition")


def counts(edition: str) -> dict[str, int]:
    frame = recut().deployments
    given = frame.loc[frame["edition"] == edition, "compute_cores"].value_counts()
    return {str(label): int(number) for label, number in given.items()}


@pytest.mark.parametrize("members", [["between 1 and 99 cores"], ["1 to 9 cores", *SMALL["Small"]]])
def test_a_net_counts_all_bands_inside_it_in_every_edition(members: list[str]) -> None:
    rows = rows_of(
        share(recut(), "compute_cores", "edition", nets={"Small": members}).frame, "Small"
    )
    assert (
        rows.loc["2018", "count"]
        == counts("2018")["1 to 9 cores"] + counts("2018")["10 to 99 cores"]
    )
    assert rows.loc["2019", "count"] == counts("2019")["between 1 and 99 cores"]
    assert set(rows["status"]) <= {"ok", "imprecise"}


@pytest.mark.parametrize(("member", "edition"), [("≥ 500 cores", "2018"), ("1 to 9 cores", "2019")])
def test_a_net_that_bands_cut_has_no_number_there(member: str, edition: str) -> None:
    table = share(recut(), "compute_cores", "edition", nets={"A net": [member]})
    rows = rows_of(table.frame, "A net")
    assert rows.loc[edition, "status"] == "not comparable"
    assert rows.loc[edition, ["count", "base"]].tolist() == [0, 0]
    assert rows.loc[edition, ["value", "low", "high"]].isna().all()
    other = rows.drop(edition).iloc[0]
    assert other["count"] == counts(str(other.name))[member]
    assert any("'A net' is not comparable in" in note for note in table.notes)


def test_editions_taken_together_leave_out_those_that_cut_a_net() -> None:
    frame = share(recut(), "compute_cores", nets={"A net": ["≥ 500 cores"]}).frame
    row = frame[frame["answer"] == "A net"].iloc[0]
    assert row["base"] == sum(counts("2019").values())


def test_changes_and_trends_know_which_nets_compare() -> None:
    nets = {**SMALL, "A net": ["≥ 500 cores"]}
    frame = compare(recut(), "compute_cores", "2018", "2019", nets=nets).frame.set_index("answer")
    inside = counts("2018")["1 to 9 cores"] + counts("2018")["10 to 99 cores"]
    assert frame.loc["Small", "earlier_count"] == inside
    assert frame.loc["A net", "status"] == "not comparable"
    line = rows_of(trend(recut(), "compute_cores", nets=nets).frame, "Small")
    assert line.loc["2018", "count"] == inside
    assert line["slope"].notna().all()


def test_bands_that_no_edition_recut_are_counted_as_named() -> None:
    nets = {"Ends": ["1 to 99 cores", "1,000 cores or more"]}
    frame = share(answers(), "compute_cores", "edition", nets=nets).frame
    named = frame[frame["answer"].isin(nets["Ends"])].groupby("edition")["count"].sum()
    assert rows_of(frame, "Ends")["count"].to_dict() == named.to_dict()


@pytest.mark.parametrize("least", [1, 3, 10])
def test_classes_end_at_edges_that_all_editions_have(least: int) -> None:
    classes = end_classes(recut(), "compute_cores", "edition", least=least)
    bands = OLD | NEW
    for members in classes.values():
        assert not any(
            bands[one].overlaps(bands[rest])
            for one in members
            for rest in bands.keys() - {*members}
        )
    assert classes.get("Up to 99 cores", ()) in (
        (),
        ("1 to 9 cores", "between 1 and 99 cores", "10 to 99 cores"),
    )
    table = share(recut(), "compute_cores", "edition", nets=classes).frame
    assert not (table["status"] == "not comparable").any()


def test_an_end_without_a_common_edge_has_no_class() -> None:
    old = {"1 to 50": Band(1, 50), "51 to 150": Band(51, 150), "151 or more": Band(151, None)}
    new = {"1 to 99": Band(1, 99), "100 to 499": Band(100, 499), "500 or more": Band(500, None)}
    assert end_classes(recut(old, new), "compute_cores", "edition", least=3) == {}


def test_a_published_median_tells_no_band_that_few_chose_from_one_that_nobody_did() -> None:
    """Both are published as 0; a band that nobody chose must not divide the others."""
    table = median(recut(), "compute_cores", by="edition")
    (cells,) = tabulate_again(table)
    assert cells.bands is not None
    assert not cells.bands.disjoint
    lost = cells.count.copy()
    lost[:, int(cells.count.sum(axis=0).argmin())] = 0
    base = np.repeat(lost.sum(axis=1)[:, None], lost.shape[1], axis=1)
    kept = np.flatnonzero(lost.any(axis=0))
    public = cells.with_counts(lost, base)
    without = replace(public, bands=cells.bands.pick(kept), weighted_count=lost[:, kept] * 1.0)
    assert len(kept) < lost.shape[1]
    found, wanted = (table.statistic.point(each, table.arguments) for each in (public, without))
    assert found.value == pytest.approx(wanted.value)
    limits = [table.statistic.public.limits(e, table.arguments, NOISE) for e in (public, without)]
    assert limits[0].high == pytest.approx(limits[1].high, nan_ok=True)
