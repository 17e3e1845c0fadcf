"""What an outsider reads beside the numbers: which rows stand, in what order, with what limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, norm

from survey.codebook.geography import countries
from survey.disclosure import protect
from survey.disclosure.ledger.published_answers import BASE_OF_GIVEN
from survey.disclosure.perturbation.noise import chance_table
from survey.estimates import Estimates, compare, share
from survey.estimates.table_of import tabulate_again
from survey.responses import Responses
from tests.disclosure.surveys import invented

CODES = sorted(countries())[:26]


def published(table: Estimates) -> pd.DataFrame:
    made = protect([table.named("table", "t")], title="Survey", edition="2019")
    return made["table"].frame


@pytest.fixture(scope="module", params=range(6))
def answers(request: pytest.FixtureRequest) -> Responses:
    return invented(60 + 40 * request.param, request.param, ("2018", "2019"))


def with_rare_countries(answers: Responses, seed: int) -> Responses:
    """Return answers in which many countries are named, most of them once or twice."""
    drawn = np.random.default_rng(seed)
    respondents = answers.respondents.copy()
    several = drawn.random(len(respondents)) < 0.2
    given = respondents["primary_country"].astype(object).to_numpy().copy()
    given[several] = drawn.choice(CODES, int(several.sum()))
    respondents["primary_country"] = pd.Categorical(given)
    return replace(answers, respondents=respondents)


def test_countries_stand_by_published_counts_and_names(answers: Responses) -> None:
    """By true counts, ties by name, each step back in the alphabet told a true count."""
    table = published(share(with_rare_countries(answers, 3), "primary_country"))
    rows = list(zip(-table["count"].astype(int), table["answer"], strict=True))
    assert len(rows) > 5
    assert rows == sorted(rows)


def test_no_country_stands_that_is_shown_as_nobodys(answers: Responses) -> None:
    """Countries are listed because somebody named them: a row of 0 would stand for 1 or 2."""
    some = with_rare_countries(answers, 4)
    exact, table = share(some, "primary_country"), published(share(some, "primary_country"))
    assert (exact.frame["count"] < 3).sum() > 3
    assert (table["count"] > 0).all()
    both = published(share(some, "primary_country", by="edition"))
    assert (both.groupby("answer", observed=True)["count"].sum() > 0).all()


def test_groups_by_country_say_nothing_of_those_that_are_withheld(answers: Responses) -> None:
    table = published(share(with_rare_countries(answers, 5), "industry", by="primary_country"))
    assert (table["status"] != "suppressed").all()
    names = list(dict.fromkeys(table["primary_country"]))
    assert names == sorted(names)


@pytest.mark.parametrize("concept", ["hypervisors", "deployment_tools"])
@pytest.mark.parametrize("by", [None, "edition", "deployment_stage"])
def test_limits_follow_from_what_is_printed(
    answers: Responses, concept: str, by: str | None
) -> None:
    """Limits of 0 from those who did not give the answer told 0 from 1 and 2."""
    table = published(share(answers, concept, by=by)).dropna(subset=["value", "low"])
    groups = table.groupby(["base", "value", *([by] if by else [])], observed=True)
    for _, same in groups:
        assert same[["low", "high"]].drop_duplicates().shape[0] == 1


@pytest.mark.parametrize("top", [3, 5])
@pytest.mark.parametrize("by", ["edition", "deployment_stage"])
def test_rows_that_divide_a_whole_add_up_to_its_base(answers: Responses, by: str, top: int) -> None:
    """A base of other parts told whether several of them have units; a rare answer stood twice."""
    some = answers.where(deployment_type="Public Cloud")
    for table in (
        share(answers, "industry", by="region", top=top),
        share(some, "compute_cores", by=by, top=top),
    ):
        rows = published(table)
        rows = rows[rows["base"].notna()]
        for _, group in rows.groupby(list(table.groups), observed=True):
            if group["count"].notna().all():
                assert group["count"].sum() == group["base"].iloc[0]


def test_organizations_have_keys_of_their_own(answers: Responses) -> None:
    """With the sums of their respondents' keys both counts had one noise, where each sent one."""
    by_people, by_organizations = (
        tabulate_again(share(answers, "industry", unit=unit))[0]
        for unit in ("respondent", "organization")
    )
    alike = (by_people.count == by_organizations.count) & (by_people.count > 0)
    assert (by_people.count_keys != by_organizations.count_keys)[alike].all()


def test_a_verdict_follows_from_the_printed_limits(answers: Responses) -> None:
    table = published(compare(answers, "hypervisors", "2018", "2019"))
    table = table[table["verdict"].isin(["clear change", "could be noise"])]
    reach = (table["high"] - table["low"]) / 2
    away = (table["high"] + table["low"]).abs() / 2
    p_values = 2 * norm.sf(norm.ppf(0.975) * away / reach)
    clear = false_discovery_control(p_values) <= 0.05
    assert (clear == (table["verdict"] == "clear change")).all()
    without_zero = (table["low"] > 0) | (table["high"] < 0)
    assert not (clear & ~without_zero).any()


def test_the_base_of_countries_says_what_it_is(answers: Responses) -> None:
    """n was 274 of 296 that answered: countries that are printed as 0 are not in the sum."""
    tables = [share(answers, name).named(name, "table") for name in ("primary_country", "industry")]
    made = protect(tables, title="Survey", edition="2019").tables
    assert BASE_OF_GIVEN in made["primary_country"].notes
    assert BASE_OF_GIVEN not in made["industry"].notes
    shown = made["primary_country"].frame
    assert shown["base"].dropna().unique().tolist() in ([], [shown["count"].sum()])


def test_nine_in_ten_percentages_move_by_less_than_a_point() -> None:
    """What the notes of a publication say, of those who gave an answer and those who did not."""
    chances = chance_table()[-1]
    shifts = np.arange(len(chances)) - len(chances) // 2
    own, others = np.meshgrid(shifts, shifts)
    chance = np.outer(chances, chances)
    beyond = []
    for share_of in np.arange(0.05, 1.0, 0.05):
        moved = (280 * share_of + own) / (280 + own + others) - share_of
        beyond.append([chance[np.abs(moved) > limit].sum() for limit in (0.01, 0.02)])
    one, two = np.mean(beyond, axis=0)
    assert 0.02 < one < 0.1
    assert two < 0.01
