"""What a total rests on, and how many organizations no list holds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import compare, influence, population_size, total
from tests.estimates import band_builders as make

CORES = "compute_cores"


def clouds(bands, per=1, edition=make.EDITION, prefix="o"):
    return [
        {
            "edition": edition,
            "organization": f"{prefix}{number // per}",
            CORES: make.label(CORES, band),
        }
        for number, band in enumerate(bands)
    ]


def spread(seed, size=90):
    weights = [0.1, 0.2, 0.3, 0.2, 0.15, 0.05]
    return np.random.default_rng(seed).choice(6, size=size, p=weights).tolist()


def test_the_pull_is_the_difference_to_a_total_without_the_organization():
    rows = clouds(spread(1), per=3)
    table = influence(make.answers_of(rows), CORES, most=4)
    options = {"replicates": 100}
    whole = total(make.answers_of(rows), CORES, **options).frame["value"].item()
    for row in table.frame.iloc[:-1].itertuples():
        others = [each for each in rows if each["organization"] != row.answer]
        without = total(make.answers_of(others), CORES, **options).frame["value"].item()
        assert row.value == pytest.approx(whole - without, rel=1e-9)
        assert row.without == pytest.approx(without, rel=1e-9)
    assert table.frame["value"].sum() == pytest.approx(whole)
    assert table.frame["count"].tolist() == [3, 3, 3, 3, 78]


def test_the_pull_on_a_change_is_the_difference_to_the_change_without_the_organization():
    rows = clouds(spread(1), per=3, edition="2022") + clouds(spread(4), per=3)
    editions = {"earlier": "2022", "later": make.EDITION}
    table = influence(make.answers_of(rows), CORES, **editions, most=3)
    whole = change(rows)
    for row in table.frame.iloc[:-1].itertuples():
        without = change([each for each in rows if each["organization"] != row.answer])
        assert row.value == pytest.approx(whole - without, rel=1e-9)
        assert row.without == pytest.approx(without, rel=1e-9)
    assert table.frame["value"].sum() == pytest.approx(whole)
    assert table.frame["count"].tolist() == [6, 6, 6, 162]
    assert any("winsorized" in note for note in table.notes)


def change(rows):
    found = compare(make.answers_of(rows), CORES, "2022", make.EDITION, statistic="total")
    return found.frame["value"].item()


def test_one_edition_of_a_change_is_not_enough():
    rows = clouds([2, 3]) + clouds([2, 3], edition="2022")
    with pytest.raises(EstimateError, match="both editions"):
        influence(make.answers_of(rows), CORES, earlier="2022")


def test_the_largest_pull_comes_first():
    table = influence(make.answers_of(clouds(spread(2))), CORES).frame.iloc[:-1]
    assert table["value"].abs().is_monotonic_decreasing
    assert table["share_of_total"].tolist() == pytest.approx(
        (table["value"] / (table["value"] + table["without"])).tolist()
    )


def test_one_organization_is_the_whole_total():
    table = influence(make.answers_of(clouds([3, 3, 4], per=3)), CORES).frame
    assert table["share_of_total"].tolist() == pytest.approx([1.0, 0.0])


def test_several_editions_are_refused():
    rows = clouds([2, 3]) + clouds([2, 3], edition="2022")
    with pytest.raises(EstimateError, match="in_edition"):
        influence(make.answers_of(rows), CORES)


def named(edition, names):
    return [{"edition": edition, "organization": name, CORES: None} for name in names]


def test_two_lists_are_counted_by_name():
    """Ten answered, fifteen are listed, five are both: Wikipedia's turtles."""
    answered = [f"Org {number}" for number in range(10)]
    listed = [f"org {number}." for number in range(5, 20)]
    table = population_size(make.answers_of(named("2023", answered)), listed).frame.iloc[0]
    assert (table["base"], table["on_list"], table["on_both"], table["count"]) == (10, 15, 5, 20)
    assert round(table["value"], 1) == 28.3
    assert table["status"] == "imprecise"


def test_a_footprint_counts_in_its_edition_alone():
    rows = named("2022", ["A", "B"]) + named("2023", ["A", "C"])
    listed = [
        PublishedFigure("A", "2023", 10, "a talk"),
        PublishedFigure("Z", "2023", 10, "a talk"),
    ]
    frame = population_size(make.answers_of(rows), listed).frame
    assert frame["edition"].tolist() == ["2023", "all"]
    assert frame["on_both"].iloc[0] == 1


def test_the_bound_counts_in_how_many_editions_each_answered():
    rows = named("2022", "ABCD") + named("2023", "CDEFG")
    row = population_size(make.answers_of(rows)).frame.iloc[0]
    # five answered once and two twice, of seven
    assert row["value"] == pytest.approx(7 + 5 * 4 / (2 * 3))
    assert pd.isna(row["on_list"])


def test_one_edition_alone_says_nothing():
    with pytest.raises(EstimateError, match="several editions"):
        population_size(make.answers_of(named("2023", "AB")))


def test_an_organization_that_is_listed_twice_is_one():
    answered = [f"Org {number}" for number in range(10)]
    listed = [*(f"org {number}." for number in range(5, 20)), "Org 5", "ORG 19"]
    row = population_size(make.answers_of(named("2023", answered)), listed).frame.iloc[0]
    assert (row["on_list"], row["on_both"]) == (15, 5)


def test_names_that_pseudonyms_hide_are_refused_rather_than_counted_as_strangers():
    hidden = replace(make.answers_of(named("2023", ["org-01", "org-02"])), identified=False)
    with pytest.raises(EstimateError, match="identified=True"):
        population_size(hidden, ["CERN"])
    assert population_size(hidden, ["org-01", "CERN"]).frame["on_both"].tolist() == [1]


def test_a_design_that_it_cannot_follow_is_refused():
    rows = named("2022", "ABCD") + named("2023", "CDEFG")
    with pytest.raises(EstimateError, match="strata: got one; expected none"):
        population_size(make.answers_of(rows), strata="region")
