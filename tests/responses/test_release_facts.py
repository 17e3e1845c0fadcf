"""What releases say on the day of the answer, recounted one cloud at a time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import survey as sv
from survey.codebook.release_questions import AGES, ENDED, LAGS, SPREADS, SUPPORTED
from survey.codebook.releases import (
    TRUNK,
    Support,
    age_in_cycles,
    age_in_days,
    latest_on,
    releases,
    status_on,
)
from survey.estimates import adoption, share
from survey.responses import Responses, release_facts
from survey.synthetic import simulate

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
    """How many newer releases were out; trunk and what was not out yet count as none."""
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

    spread = place[newest] - place[oldest]
    return {
        "newest_release": newest,
        "oldest_release": oldest,
        "newest_release_lag": LAGS[min(cycles(newest, day), len(LAGS) - 1)],
        "oldest_release_lag": LAGS[min(cycles(oldest, day), len(LAGS) - 1)],
        "release_spread": SPREADS[min(spread, len(SPREADS) - 1)],
        "newest_release_age": age(newest),
        "oldest_release_age": age(oldest),
        "newest_release_support": SUPPORTED[status_on(newest, day)],
        "oldest_release_support": SUPPORTED[status_on(oldest, day)],
        "releases_ended": ENDED[2 if all(ended) else 1 if any(ended) else 0],
    }


def test_every_fact_is_that_of_a_recount_cloud_by_cloud(answers, facts):
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


def test_nobody_has_no_facts(answers):
    nobody = answers.where(pd.Series(False, index=answers.respondents.index))
    assert len(release_facts(nobody).deployments) == 0
    assert (adoption(nobody).frame["count"] == 0).all()
