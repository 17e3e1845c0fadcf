"""What releases say on the day of the answer, recounted one cloud at a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import survey as sv
from survey.codebook.release_questions import AGES, ENDED, LAGS, SPREADS, SUPPORTED, UNKNOWN
from survey.codebook.releases import (
    TRUNK,
    Support,
    age_in_cycles,
    age_in_days,
    latest_on,
    releases,
    status_on,
)
from survey.disclosure import protect
from survey.estimates import adoption, share
from survey.responses import Responses, release_facts
from survey.synthetic import simulate
from survey.topics.releases import releases as releases_of

ORDER = [*(each.series for each in releases()), TRUNK]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    folder = tmp_path_factory.mktemp("releases")
    for edition in ("2019", "2023", "2024"):
        simulate(edition, respondents=60, seed=11).write(folder / edition)
    files = sorted(Path(folder).rglob("Survey_2*.csv"))
    return sv.clean([sv.read_export(file) for file in files], key=b"k" * 32)


@pytest.fixture(scope="module")
def facts(answers: Responses) -> Responses:
    return release_facts(answers)


def cycles(name: str, day) -> int:
    """How many newer releases were out; trunk and what was in development count as none."""
    return 0 if name == TRUNK else max(0, age_in_cycles(name, day))


def recounted(used: list[str], day) -> dict[str, object]:
    oldest, newest = used[0], used[-1]
    ended = [status_on(name, day) is Support.END_OF_LIFE for name in used]
    place = {name: min(ORDER.index(name), ORDER.index(latest_on(day).series) + 1) for name in used}

    def age(name: str) -> str | None:
        if name == TRUNK:
            return None
        days = max(0, age_in_days(name, day))
        return next(a for a, low, high in AGES if low <= days and (high is None or days <= high))

    def unless_too_new(label: str | None, *names: str) -> str | None:
        """Unknown if the release before was not out, so that this one was not in development."""
        early = any(
            name != TRUNK and age_in_days(ORDER[ORDER.index(name) - 1], day) < 0 for name in names
        )
        return UNKNOWN if early else label

    spread = place[newest] - place[oldest]
    lag = {name: LAGS[min(cycles(name, day), len(LAGS) - 1)] for name in used}
    return {
        "newest_release": newest,
        "oldest_release": oldest,
        "newest_release_lag": unless_too_new(lag[newest], newest),
        "oldest_release_lag": unless_too_new(lag[oldest], oldest),
        "release_spread": unless_too_new(SPREADS[min(spread, len(SPREADS) - 1)], newest, oldest),
        "newest_release_age": unless_too_new(age(newest), newest),
        "oldest_release_age": unless_too_new(age(oldest), oldest),
        "newest_release_support": SUPPORTED[status_on(newest, day)],
        "oldest_release_support": SUPPORTED[status_on(oldest, day)],
        "releases_ended": ENDED[2 if all(ended) else 1 if any(ended) else 0],
    }


def dated(answers: Responses, years: int) -> Responses:
    """Return the answers as if they had been given some years earlier."""
    edited = answers.respondents["edited"] - pd.DateOffset(years=years)
    return replace(answers, respondents=answers.respondents.assign(edited=edited))


@pytest.mark.parametrize("years", [0, 1, 3])
def test_every_fact_is_that_of_a_recount_cloud_by_cloud(answers, years):
    answers = dated(answers, years)
    facts = release_facts(answers)
    days = answers.respondents.set_index(["edition", "respondent"])["edited"]
    checked = 0
    for row in facts.deployments.to_dict("records"):
        used = sorted(row["releases_in_use"] or (), key=ORDER.index)
        if not used:
            assert pd.isna(row["newest_release"])
            continue
        day = days[row["edition"], row["respondent"]].date()
        for name, value in recounted(used, day).items():
            assert row[name] == value or (value is None and pd.isna(row[name])), name
        checked += 1
    assert checked > 100


def test_lag_and_support_know_the_same_releases(answers):
    """A release that the calendar has after the answer is unknown in both, and in no base."""
    facts = release_facts(dated(answers, 3))
    clouds = facts.deployments
    for which in ("newest", "oldest"):
        early = clouds[f"{which}_release_support"] == UNKNOWN
        assert early.sum() > 10
        assert (early == (clouds[f"{which}_release_lag"] == UNKNOWN)).all()
        assert (early == (clouds[f"{which}_release_age"] == UNKNOWN)).all()
        row = share(facts, f"{which}_release_lag", include_carried_over=True).frame.iloc[0]
        assert row["declined"] == early.sum()
        assert row["base"] == clouds[f"{which}_release"].notna().sum() - early.sum()
    now = {table.name: table for table in releases_of(facts, "2024")}
    for name in ("newest_release_lag", "release_spread", "newest_release_support"):
        assert any("not even in development" in note for note in now[name].notes), name


def test_nothing_else_changes_and_facts_are_found_once(answers, facts):
    own = list(answers.deployments)
    pd.testing.assert_frame_equal(facts.deployments[own], answers.deployments)
    assert release_facts(facts) is facts
    assert "newest_release" not in answers.deployments
    assert "slurp_in_use" not in facts.codebook.edition("2019").by_concept


def test_shares_of_support_add_up_in_every_edition(facts):
    table = share(facts, "newest_release_support", by="edition").frame
    assert table.groupby("edition")["value"].sum().to_numpy() == pytest.approx(1.0)


def test_without_a_day_there_is_no_fact(answers):
    people = answers.respondents.assign(edited=pd.NaT, created=pd.NaT)
    undated = Responses(
        people,
        answers.deployments,
        answers.codebook,
        answers.issues,
        answers.repairs,
        answers.provenance,
    )
    assert release_facts(undated).deployments["newest_release_support"].isna().all()
    assert adoption(undated).frame["months"].isna().all()


def test_adoption_is_the_share_of_the_edition_at_the_release_s_age(answers):
    table = adoption(answers).frame
    plain = share(answers, "releases_in_use", by="edition").frame
    pd.testing.assert_frame_equal(table.drop(columns="months"), plain)
    shown = table[table["months"].notna()]
    for (edition, name), months in shown.set_index(["edition", "answer"])["months"].items():
        days = answers.respondents["edited"][answers.respondents["edition"] == edition]
        assert months == pytest.approx(age_in_days(name, days.median().date()) / 30.44, abs=0.2)
    assert table["months"][table["answer"] == TRUNK].isna().all()


def test_published_ages_tell_the_month_of_the_median_day_alone(answers):
    """Twenty rounded ages, each from another day, would tell that day to half a week."""

    def moved(days):
        people = answers.respondents
        edited = people["edited"].dt.to_period("M").dt.to_timestamp() + pd.Timedelta(days=days)
        return replace(answers, respondents=people.assign(edited=edited))

    first, last = (adoption(moved(days)) for days in (1, 26))
    assert not first.frame["months"].equals(last.frame["months"])
    made = [
        protect([table.named("age", "t")], title="T", edition=answers.editions[-1])["age"]
        for table in (first, last)
    ]
    pd.testing.assert_frame_equal(made[0].frame, made[1].frame)
    assert made[0].frame["months"].notna().any()
    assert made[0].notes == made[1].notes


def test_nobody_has_no_facts(answers):
    nobody = answers.where(pd.Series(False, index=answers.respondents.index))
    assert len(release_facts(nobody).deployments) == 0
    assert (adoption(nobody).frame["count"] == 0).all()
