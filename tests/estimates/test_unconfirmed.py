"""Which tables say that they rest on a draft of the codebook."""

from __future__ import annotations

from dataclasses import replace

from survey.codebook import Unit
from survey.estimates import median, sensitivity, share, total
from survey.estimates.examples import answers
from survey.provenance import Unconfirmed
from survey.responses import Responses


def drafted(concept: str) -> Responses:
    found = answers()
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


def test_a_sensitivity_rests_on_all_answers_where_clouds_are_counted() -> None:
    known = drafted("deployment_stage")
    assert sensitivity(known, median(known, "compute_cores")).unconfirmed
    people = share(known, "likelihood_to_recommend", unit=Unit.RESPONDENT)
    assert not sensitivity(known, people).unconfirmed
