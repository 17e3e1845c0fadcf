"""Classes at the ends of a scale: as short as can be, and named apart from every answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Question, read_codebook
from survey.errors import EstimateError
from survey.estimates import compare, end_classes, share
from survey.estimates.examples import answers
from survey.estimates.shares.end_classes import _or_more, _up_to

BANDED = {
    (question.measure, question.labels): question
    for edition in read_codebook()
    for question in edition.questions
    if question.banded
}


@given(st.integers(1, 40), st.sampled_from([None, "edition", "deployment_stage"]))
def test_classes_hold_enough_and_no_more_bands_than_that_takes(least: int, by: str | None) -> None:
    classes = end_classes(answers(), "compute_cores", by, least=least)
    bands = list(answers().question("compute_cores").bands)
    counts = [
        dict(zip(rows["answer"], rows["count"], strict=True))
        for _, rows in share(answers(), "compute_cores", by).per_group()
    ]
    for members in classes.values():
        assert list(members) in (bands[: len(members)], bands[-len(members) :])
        inner = members[:-1] if members[0] == bands[0] else members[1:]
        assert all(sum(count[band] for band in members) >= least for count in counts)
        assert any(sum(count[band] for band in inner) < least for count in counts)
    joined = [band for members in classes.values() for band in members]
    assert len(joined) == len(set(joined)) <= len(bands)


@pytest.mark.parametrize("question", BANDED.values(), ids=lambda question: question.concept)
def test_every_class_of_every_questionnaire_has_a_name_of_its_own(question: Question) -> None:
    bands = list(question.bands)
    low, high = {_up_to(band) for band in bands[1:]}, {_or_more(band) for band in bands[:-1]}
    assert not low & high
    assert not (low | high) & set(question.labels)
    assert not any(re.search(r"\d to \d|more more", name) for name in low | high)


def test_answers_without_bands_are_refused() -> None:
    with pytest.raises(EstimateError, match="no bands to join"):
        end_classes(answers(), "deployment_stage")


def test_nets_take_no_part_in_the_test_of_the_whole_distribution() -> None:
    """They repeat what their answers tell; counting it twice would change the test."""
    nets = {"Not in production": ("Testing", "Proof of concept")}
    for concept, given_nets in (("deployment_stage", nets), ("deployment_tools", TOOLS)):
        plain = compare(answers(), concept, "2018", "2019").frame
        with_nets = compare(answers(), concept, "2018", "2019", nets=given_nets).frame
        assert with_nets["joint_p"].iloc[0] == pytest.approx(plain["joint_p"].iloc[0], rel=1e-12)


TOOLS = {"Written in Python": ("Ansible", "Kolla")}
