"""Values of ``disclosure`` never change, and show nothing that they keep."""

from __future__ import annotations

import pytest

from survey.admission import Admission
from survey.disclosure.ledger.register import Register
from survey.estimates.examples import answers
from tests.disclosure import builders as make
from tests.signatures import changed
from tests.values import compares_by_value, dataclasses_of, is_frozen, name_of, shows_its_fields

KEPT = {
    "ledger.register.Register",
    "ledger.new_columns.NewColumns",
    "ledger.noted.Noted",
}  # gathers what is published
BY_IDENTITY = {
    "ledger.changed_questions.Questions",
    "ledger.changed_records.Records",
    "ledger.ledger_column.Column",
    "perturbation.noise.PerturbationTable",
    "publication.Publication",
}


@pytest.mark.parametrize("found", dataclasses_of("disclosure"), ids=name_of)
def test_no_value_changes_after_it_was_made(found):
    name = name_of(found).removeprefix("disclosure.")
    assert is_frozen(found) is (name not in KEPT)
    assert compares_by_value(found) is (name not in BY_IDENTITY)
    assert shows_its_fields(found)


def test_what_was_looked_up_is_neither_given_nor_shown():
    admission = Admission(make.BOOK, frozenset(), answers())
    before = repr(admission)
    table = make.counted("deployment_stage", [20, 20])
    assert not admission.problems([table], "Clouds")
    assert admission._labels_of
    assert admission._named
    assert repr(admission) == before
    with pytest.raises(TypeError):
        Admission(make.BOOK, frozenset(), answers(), {}, {})


def test_a_register_does_not_show_counts():
    assert "wholes" not in repr(Register())


def test_defaults_are_those_that_people_rely_on() -> None:
    assert not changed("disclosure"), "where it is on purpose: python -m tests.signatures"
