"""The same clouds in two editions and how they were upgraded, recounted one at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import survey as sv
from survey.codebook.releases import TRUNK, find_release, releases
from survey.errors import ResponsesError
from survey.estimates import share
from survey.responses import Responses, matched_clouds
from survey.synthetic import simulate
from survey.topics.releases import releases as release_tables

ORDER = [*(each.series for each in releases()), TRUNK]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    folder = tmp_path_factory.mktemp("upgrades")
    for edition in ("2023", "2024"):
        simulate(edition, respondents=120, seed=11).write(folder / edition)
    files = sorted(Path(folder).rglob("Survey_2*.csv"))
    return sv.clean([sv.read_export(file) for file in files], key=b"k" * 32)


def relabelled(answers: Responses) -> Responses:
    """Give the clouds of each organization labels that hold over the years, and some that do not.

    Per organization: the first cloud is "Main cloud" (spelt otherwise in 2024), the second has
    the same label twice in one edition, the others have none.
    """
    frame = answers.deployments.copy()
    place = frame.groupby(["edition", "organization"], observed=True).cumcount()
    spelling = frame["edition"].astype(str).map({"2023": "Main Cloud", "2024": "main-cloud"})
    frame["deployment_label"] = spelling.where(place == 0, "pair").where(place < 3, None)
    return replace(answers, deployments=frame)


def own(answers: Responses, edition: str) -> list[dict[str, object]]:
    """Return the descriptions that speak for their clouds."""
    frame = answers.deployments
    counts = answers.voices & ~frame["copied"].to_numpy(bool) & frame["organization"].notna()
    return [row for row in frame[counts].to_dict("records") if row["edition"] == edition]


def letters(label: object) -> str:
    text = label if isinstance(label, str) else ""
    return "".join(each for each in text.casefold() if each.isalnum())


def followed(answers: Responses) -> dict[int, dict[str, object]]:
    """Return the later description's number -> the earlier description, the plain way."""
    sides = [own(answers, edition) for edition in ("2023", "2024")]
    found = {}
    for key in (
        lambda row: (row["organization"], letters(row.get("deployment_label"))),
        lambda row: (row["organization"],),
    ):
        often = [Counter(key(row) for row in side) for side in sides]
        for new in sides[1]:
            same = [old for old in sides[0] if key(old) == key(new)]
            labelled = len(key(new)) == 1 or key(new)[1]
            if labelled and often[0][key(new)] == often[1][key(new)] == 1:
                found[new["deployment"]] = same[0]
    return found


def newest(row: dict[str, object]) -> str | None:
    return max(row["releases_in_use"] or (), key=ORDER.index, default=None)


@pytest.fixture(scope="module", params=["as simulated", "relabelled"])
def some(request: pytest.FixtureRequest, answers: Responses) -> Responses:
    return answers if request.param == "as simulated" else relabelled(answers)


def test_clouds_are_followed_by_their_label_or_because_they_are_alone(some: Responses) -> None:
    moved = matched_clouds(some, "2023", "2024").deployments
    told = {
        number: newest(old)
        for number, old in followed(some).items()
        if newest(old) and newest(by_number(some)[number])
    }
    assert len(told) > 20
    assert dict(zip(moved["deployment"], moved["newest_release_before"], strict=True)) == told


def by_number(answers: Responses) -> dict[int, dict[str, object]]:
    rows = answers.deployments.to_dict("records")
    return {row["deployment"]: row for row in rows if row["edition"] == "2024"}


def test_labels_tell_more_clouds_apart_than_being_alone(answers: Responses) -> None:
    plain, labelled = answers, relabelled(answers)
    frame = plain.deployments.drop(columns="deployment_label", errors="ignore")
    unlabelled = matched_clouds(replace(plain, deployments=frame), "2023", "2024").deployments
    named = matched_clouds(labelled, "2023", "2024").deployments
    assert set(unlabelled["deployment"]) < set(named["deployment"])


def test_upgrades_say_how_far_and_by_which_way(some: Responses) -> None:
    moved = matched_clouds(some, "2023", "2024")
    kinds = Counter()
    for row in moved.deployments.to_dict("records"):
        was, now = row["newest_release_before"], row["newest_release"]
        step = ORDER.index(now) - ORDER.index(was)
        kinds[min(max(step, -1), 1)] += 1
        slurp = all(found and found.slurp for found in map(find_release, (was, now)))
        if step > 0:
            assert row["upgrade_path"] == f"{was} to {now}"
            assert row["upgrade_step"].startswith("4 or more" if step > 3 else str(step))
            assert (row["slurp_upgrade"] == "From SLURP to SLURP release") == slurp
        else:
            words = "The same release" if step == 0 else "Back to an older release"
            assert row["upgrade_path"] == row["upgrade_step"] == words
            assert row["slurp_upgrade"] == "No upgrade"
    assert kinds[0]
    assert kinds[1]
    paths = share(moved, "upgrade_path").frame
    assert paths["count"].sum() == len(moved.deployments)
    crossed = share(moved, "newest_release", by="newest_release_before").frame
    assert crossed["count"].sum() == len(moved.deployments)


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [("2022", "2024", "one of 2023, 2024"), ("2024", "2023", "the older one first")],
)
def test_editions_that_cannot_be_followed_are_refused(
    answers: Responses, earlier: str, later: str, said: str
) -> None:
    with pytest.raises(ResponsesError, match=said):
        matched_clouds(answers, earlier, later)


def test_nobody_is_followed_where_nobody_answered(answers: Responses) -> None:
    nobody = answers.where(pd.Series(False, index=answers.respondents.index))
    assert len(matched_clouds(nobody, "2023", "2024").deployments) == 0


def test_the_table_of_slurp_upgrades_says_whom_no_upgrade_holds(some: Responses) -> None:
    """`The same release` was 57 clouds, `No upgrade` 66: nine had gone back."""
    tables = {table.name: table for table in release_tables(some, "2024")}
    said = " ".join(map(str, tables["slurp_upgrade"].notes))
    assert "'No upgrade' is the same release or an older one" in said
    assert "No upgrade" not in " ".join(map(str, tables["upgrade_step"].notes))
