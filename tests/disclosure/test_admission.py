"""What may not be published at all, and publications as values."""

from __future__ import annotations

import dataclasses

import pytest

from survey.disclosure import Policy, Publication, protect
from survey.errors import DisclosureError
from survey.estimates import share
from survey.estimates.examples import answers
from survey.estimates.table import Estimates
from tests.disclosure import builders as make
from tests.disclosure.surveys import invented


def published(*tables: Estimates, **options: object) -> Publication:
    return protect(tables, title="OpenStack User Survey", edition="2019", **options)


def about(concept: str, by: str = "") -> Estimates:
    table = make.counted("deployment_stage", [20, 20, 20])
    if by:
        table = table.with_frame(table.frame.assign(**{by: "x"})[[by, *table.frame.columns]])
    groups = (by,) if by else ()
    return dataclasses.replace(
        table, spec=dataclasses.replace(table.spec, concept=concept, by=groups)
    )


@pytest.mark.parametrize(
    "concept",
    [
        "organization_name",
        "email",
        "first_name",
        "roles_other",
        "deployment_label",
        "organization",
        "respondent",
        "deployment",
        "member",
    ],
)
def test_nothing_about_persons_organizations_or_free_text(concept: str) -> None:
    with pytest.raises(DisclosureError, match=concept):
        published(about(concept))
    with pytest.raises(DisclosureError, match=concept):
        published(about("deployment_stage", by=concept))


def test_a_write_in_is_no_answer() -> None:
    table = make.counted("hypervisors", [20, 20], base=60)
    table = table.with_frame(table.frame.assign(answer=["KVM (x86)", "our own fork of Xen"]))
    with pytest.raises(DisclosureError, match="does not list") as error:
        published(table)
    assert "fork" not in str(error.value)
    assert published(table, labels=["our own fork of Xen"]).plan


def test_everything_wrong_is_said_at_once() -> None:
    table = make.counted("deployment_stage", [20, 20, 20])
    column = table.with_frame(table.frame.assign(respondent=["a", "b", "c"]))
    with pytest.raises(DisclosureError) as error:
        published(
            dataclasses.replace(column, title="ask ada.lovelace@example.org", name="one"),
            dataclasses.replace(table, name="one", notes=("told by grace (at) example.com",)),
            about("email"),
        )
    said = [str(problem) for problem in error.value.problems]
    assert sum("e-mail" in each for each in said) == 2
    assert any("'respondent'" in each for each in said)
    assert any("2 tables of this name" in each for each in said)
    assert any("about 'email'" in each for each in said)


def test_names_of_organizations_are_found_in_any_text() -> None:
    table = share(answers(), "deployment_stage", by="edition")
    assert published(table.noted("As 'organization' says."), answers=answers()).plan
    with pytest.raises(DisclosureError, match="name of an organization in the note"):
        published(table.noted("Organization 7 grew most."), answers=answers())
    with pytest.raises(DisclosureError, match="name of an organization in the title"):
        protect([table], title="Clouds of organization 3", edition="2019", answers=answers())


def stages() -> Estimates:
    return share(invented(150, 3), "deployment_stage").named("deployment_stage", "sizes")


def test_a_publication_is_made_by_protect_alone() -> None:
    made = published(stages())
    fields = [getattr(made, field.name) for field in dataclasses.fields(made)]
    with pytest.raises(DisclosureError, match=r"survey\.protect"):
        Publication(*fields)
    with pytest.raises(DisclosureError):
        dataclasses.replace(made, tables={})


def test_what_a_publication_hands_out_is_a_copy() -> None:
    table = stages()
    made = published(table)
    frame = made["deployment_stage"].frame
    frame.loc[:, "value"] = 7.0
    table.frame.loc[:, "value"] = 8.0
    assert made["deployment_stage"].frame["value"].max() < 1
    with pytest.raises(TypeError):
        made.tables["more"] = table  # type: ignore[index]


def test_options_that_are_objects_stay_outside() -> None:
    """A known footprint names its organization."""

    class PublishedFigure:
        names = ("Example Telco",)

    table = stages()
    spec = dataclasses.replace(table.spec, options=(("known", (PublishedFigure(),)), ("top", 3)))
    made = published(dataclasses.replace(table, spec=spec))
    assert made["deployment_stage"].spec.options == (("known", ("PublishedFigure",)), ("top", 3))


def test_representations_say_what_a_person_asks() -> None:
    made = published(stages())
    assert "1 tables, 3 rows, 0 withheld" in repr(made)
    assert "<td>0</td>" in made._repr_html_()
    assert "random adjustment" in Policy()._repr_html_()


def test_a_draft_says_so_and_a_final_publication_does_not() -> None:
    assert published(stages()).stamp.startswith("DRAFT")
