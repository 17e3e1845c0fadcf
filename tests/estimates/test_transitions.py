"""The same clouds in two editions, who came back, and weights for those who did not."""

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Unit
from survey.errors import EstimateError, ResponsesError
from survey.estimates import returner_weights, returners, share, transitions
from tests.estimates import builders as make

PRODUCTION, TESTING, CONCEPT = make.STAGES


def cloud(edition, organization, stage, label=None, **more):
    row = {"edition": edition, "organization": organization, "stage": stage, **more}
    return row if label is None else {**row, "deployment_label": label}


def answers(rows):
    built = make.build(rows, make.book(("2018", "2019")))
    labels = [row.get("deployment_label") for row in rows]
    return built.with_frame(Unit.DEPLOYMENT, built.deployments.assign(deployment_label=labels))


def followed():
    """Thirty organizations test in 2018; of 20 that come back 12 went into production."""
    rows = [cloud("2018", f"o{place}", TESTING) for place in range(30)]
    rows += [
        cloud("2019", f"o{place}", PRODUCTION if place < 12 else TESTING) for place in range(20)
    ]
    rows += [cloud("2019", f"new{place}", CONCEPT) for place in range(5)]
    return answers(rows)


def test_clouds_move_from_answer_to_answer():
    table = transitions(followed(), "stage", "2018", "2019")
    found = table.frame.set_index(["before", "answer"])
    assert found.loc[(TESTING, PRODUCTION), ["count", "base"]].tolist() == [12, 20]
    assert found.loc[(TESTING, PRODUCTION), "value"] == pytest.approx(0.6)
    assert found.loc[(PRODUCTION, TESTING), "status"] == "empty"
    assert "20 clouds are in both editions; 10 of 2018" in table.notes[0]
    assert "5 of 2019 are new, or cannot be told apart. 20 answered both" in table.notes[0]


def test_clouds_of_one_organization_are_told_apart_by_their_labels():
    rows = [
        cloud("2018", "a", TESTING, "east"),
        cloud("2018", "a", PRODUCTION, "west"),
        cloud("2019", "a", PRODUCTION, "West"),
        cloud("2019", "a", CONCEPT, "east"),
        cloud("2018", "b", TESTING),
        cloud("2018", "b", PRODUCTION),
        cloud("2019", "b", TESTING),
        cloud("2019", "b", TESTING),
    ]
    found = transitions(answers(rows), "stage", "2018", "2019").frame
    moved = found[found["count"] > 0].set_index(["before", "answer"])["count"]
    assert moved.to_dict() == {(TESTING, CONCEPT): 1, (PRODUCTION, PRODUCTION): 1}


def test_what_is_not_answered_both_times_does_not_count():
    rows = [cloud("2018", f"o{place}", TESTING, size=make.SIZES[0]) for place in range(4)]
    sizes = [make.SIZES[1], "Don't know", None, make.SIZES[0]]
    rows += [cloud("2019", f"o{place}", TESTING, size=size) for place, size in enumerate(sizes)]
    table = transitions(answers(rows), "size", "2018", "2019")
    assert table.frame["count"].sum() == 2
    assert "4 clouds are in both editions" in table.notes[0]
    assert "2 answered both times" in table.notes[0]


def test_editions_that_share_nobody_are_refused():
    rows = [cloud("2018", "a", TESTING), cloud("2019", "b", TESTING)]
    with pytest.raises(ResponsesError, match="share no cloud") as caught:
        transitions(answers(rows), "stage", "2018", "2019")
    assert "1 clouds in 2018, 1 in 2019, none in both" in str(caught.value)


@pytest.mark.parametrize(
    ("concept", "pair", "expected"),
    [
        ("tools", ("2018", "2019"), "one answer"),
        ("score", ("2018", "2019"), "one answer"),
        ("stage", ("2019", "2018"), "the older one first"),
        ("stage", ("2018", "2020"), "one of 2018, 2019"),
    ],
)
def test_what_cannot_be_followed_is_refused(concept, pair, expected):
    with pytest.raises(ResponsesError, match=expected):
        transitions(followed(), concept, *pair)


def left_and_stayed():
    """Of 40 small clouds 10 come back, 20 % of them in production; of 10 large ones all, all."""
    rows = []
    for place in range(50):
        large = place < 10
        name = f"o{place}"
        size = make.SIZES[2] if large else make.SIZES[0]
        rows.append(cloud("2018", name, PRODUCTION if large else TESTING, size=size))
        if large or place < 20:
            stage = PRODUCTION if large or place < 12 else TESTING
            rows.append(cloud("2019", name, stage, size=size))
    return answers(rows)


def test_who_came_back_by_what_they_were():
    found = returners(left_and_stayed(), "2018", "2019", by="size").frame
    back = found[found["answer"] == "Came back"].set_index("size")
    assert back.loc[make.SIZES[0], ["count", "base"]].tolist() == [10, 40]
    assert back.loc[make.SIZES[2], ["count", "base"]].tolist() == [10, 10]
    assert returners(left_and_stayed(), "2018", "2019").frame["count"].tolist() == [20, 30]


def test_weights_make_returners_stand_for_those_who_left():
    """Half of the returners were large, but a fifth of all: 80 % small, 20 % of them moved."""
    surveyed = left_and_stayed()
    weights = returner_weights(surveyed, "2018", "2019", by="size")
    plain = share(surveyed.in_edition("2019"), "stage").frame.set_index("answer")
    assert plain.loc[PRODUCTION, "value"] == pytest.approx(0.6)
    found = share(surveyed.in_edition("2019"), "stage", weights=weights).frame.set_index("answer")
    assert found.loc[PRODUCTION, "value"] == pytest.approx(0.2 * 1 + 0.8 * 0.2)
    assert found.loc[PRODUCTION, "se"] > 0
    moved = transitions(surveyed, "stage", "2018", "2019", weights=weights).frame
    moved = moved.set_index(["before", "answer"])
    assert moved.loc[(TESTING, PRODUCTION), "value"] == pytest.approx(0.2)


def test_a_group_that_nobody_came_back_of_is_refused():
    rows = [
        cloud("2018", "a", TESTING),
        cloud("2018", "b", PRODUCTION),
        cloud("2019", "a", TESTING),
    ]
    with pytest.raises(EstimateError, match="nobody of 'Production' came back"):
        returner_weights(answers(rows), "2018", "2019", by="stage")


def test_weights_undo_attrition_that_the_group_explains():
    """Over 60 draws: large clouds stay nine times in ten, small ones three times."""
    random = np.random.default_rng(9)
    plain, weighted = [], []
    for _ in range(60):
        rows = []
        for place in range(120):
            large = random.random() < 0.3
            size = make.SIZES[2] if large else make.SIZES[0]
            rows.append(cloud("2018", f"o{place}", TESTING, size=size))
            if random.random() < (0.9 if large else 0.3):
                moved = random.random() < (0.8 if large else 0.2)
                rows.append(cloud("2019", f"o{place}", PRODUCTION if moved else TESTING, size=size))
        surveyed = answers(rows)
        weights = returner_weights(surveyed, "2018", "2019", by="size")
        for found, options in ((plain, {}), (weighted, {"weights": weights})):
            frame = share(surveyed.in_edition("2019"), "stage", **options).frame
            found.append(frame.set_index("answer").loc[PRODUCTION, "value"])
    truth = 0.3 * 0.8 + 0.7 * 0.2
    assert np.mean(weighted) == pytest.approx(truth, abs=0.025)
    assert np.mean(plain) > truth + 0.1


def test_carried_over_records_are_not_a_return():
    rows = [cloud("2018", f"o{place}", TESTING) for place in range(4)]
    rows += [cloud("2019", f"o{place}", TESTING, copied=place > 1) for place in range(4)]
    found = returners(answers(rows), "2018", "2019").frame
    assert found["count"].tolist() == [2, 2]
    counted = returners(answers(rows), "2018", "2019", include_carried_over=True).frame
    assert counted["count"].tolist() == [4, 0]
    assert isinstance(found, pd.DataFrame)
