"""Which tables say that they rest on a draft of the codebook."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pandas.testing import assert_frame_equal

from survey.codebook import Unit
from survey.estimates import compare, median, sensitivity, share, total
from survey.estimates.examples import answers
from survey.provenance import Unconfirmed
from survey.responses import Responses
from survey.topics.sensitivity import sensitivity as headline_cards


def answers_of_clouds() -> Responses:
    """Return answers in which every fifth cloud is described a second time."""
    found = answers()
    number = np.arange(len(found.deployments))
    cloud = np.where(number % 5 == 1, number - 1, number)
    return replace(found, deployments=found.deployments.assign(cloud=cloud))


def drafted(concept: str) -> Responses:
    found = answers_of_clouds()
    mark = Unconfirmed(found.editions[-1], concept)
    return replace(found, provenance=replace(found.provenance, unconfirmed=(mark,)))


def test_a_table_rests_on_the_questions_that_it_names() -> None:
    known = drafted("deployment_stage")
    assert share(known, "deployment_stage").unconfirmed
    assert share(known, "compute_cores", by="deployment_stage").unconfirmed
    assert not share(known, "compute_cores").unconfirmed


def test_where_each_cloud_counts_once_a_table_rests_on_all_answers() -> None:
    known = drafted("deployment_stage")
    assert not total(known, "compute_cores").unconfirmed
    assert total(known, "compute_cores", one_per_cloud=True).unconfirmed
    assert share(known.one_per_cloud(), "compute_cores").unconfirmed


ONE_VOICE = "one voice per cloud"
NUMBERS = ["value", "low", "high", "difference", "factor"]


def test_of_a_sensitivity_one_voice_per_cloud_alone_rests_on_all_answers() -> None:
    known = drafted("deployment_stage")
    card = sensitivity(known, median(known, "compute_cores"))
    assert not card.unconfirmed
    rows = card.frame.set_index("answer")
    assert rows.loc[ONE_VOICE, "status"] == "not available"
    assert rows.loc[ONE_VOICE, NUMBERS].isna().all()
    assert rows.loc[ONE_VOICE, ["count", "base"]].tolist() == [0, 0]
    (said,) = [note for note in card.notes if ONE_VOICE in note]
    assert "deployment_stage" in said
    plain = answers_of_clouds()
    sure = sensitivity(plain, median(plain, "compute_cores"))
    assert not any(ONE_VOICE in note for note in sure.notes)
    right = sure.frame.set_index("answer")
    assert right.loc[ONE_VOICE, "value"] > 0
    assert_frame_equal(rows.drop(ONE_VOICE), right.drop(ONE_VOICE))


def test_a_sensitivity_of_what_counts_each_cloud_once_rests_on_all_answers() -> None:
    known = drafted("deployment_stage")
    card = sensitivity(known, total(known, "compute_cores", one_per_cloud=True))
    assert card.unconfirmed
    assert "not available" not in set(card.frame["status"])
    once = known.one_per_cloud()
    assert sensitivity(once, median(known, "compute_cores")).unconfirmed


def test_a_sensitivity_of_a_question_that_is_not_confirmed_is_marked() -> None:
    known = drafted("compute_cores")
    assert sensitivity(known, median(known, "compute_cores")).unconfirmed


def test_a_sensitivity_of_people_rests_on_its_questions() -> None:
    known = drafted("deployment_stage")
    people = sensitivity(known, share(known, "likelihood_to_recommend", unit=Unit.RESPONDENT))
    assert not people.unconfirmed
    assert "not available" not in set(people.frame["status"])


def test_another_edition_that_is_not_confirmed_takes_no_number() -> None:
    known = drafted("deployment_stage").in_edition("2018")
    card = sensitivity(known, median(known, "compute_cores", by="edition"))
    assert "not available" not in set(card.frame["status"])


def test_what_moves_a_headline_says_which_choice_is_not_known() -> None:
    open_yet = (
        "No choice moves the headline outside its interval (one voice per cloud: not available)."
    )
    cards = {card.name: card for card in headline_cards(drafted("deployment_stage"), "2019")}
    assert cards["compute_cores_median_depends_on"].notes[0] == open_yet
    plain = {card.name: card for card in headline_cards(answers_of_clouds(), "2019")}
    assert "not available" not in plain["compute_cores_median_depends_on"].notes[0]


def test_a_change_of_which_nothing_is_known_has_no_verdict() -> None:
    known = drafted("compute_cores")
    change = compare(known, "deployment_stage", "2018", "2019", items=["Production"])
    rows = sensitivity(known, change).frame.set_index("answer")
    assert rows.loc[ONE_VOICE, ["status", "verdict"]].tolist() == [
        "not available",
        "not comparable",
    ]
