"""What may not be published at all, and publications as values."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from survey.disclosure import Policy, Publication, protect
from survey.errors import DisclosureError
from survey.estimates import median, nps, share, total
from survey.estimates.examples import answers
from survey.estimates.table import Estimates
from tests.disclosure import builders as make

HERE = Path(__file__).parent
OPEN = Policy(threshold=1, cell_threshold=1, organizations=1)


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
    with pytest.raises(DisclosureError, match="our own fork of Xen"):
        published(table)
    vouched = published(table, labels=["our own fork of Xen"])
    assert vouched["hypervisors"].frame["answer"].tolist()[1] == "our own fork of Xen"


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
    assert published(table.noted("As 'organization' says."), answers=answers(), policy=OPEN)
    with pytest.raises(DisclosureError, match="name of an organization in the note"):
        published(table.noted("Organization 7 grew most."), answers=answers())
    with pytest.raises(DisclosureError, match="name of an organization in the title"):
        protect([table], title="Clouds of organization 3", edition="2019", answers=answers())


def test_seven_clouds_of_one_organization_are_found_with_the_answers() -> None:
    """The base rests on twelve organizations, the count on one."""
    known = answers()
    frame = known.deployments.copy()
    many = frame["edition"] == "2019"
    frame.loc[many, "deployment_stage"] = "Testing"
    one = frame.loc[many, "organization"].value_counts().index[0]
    frame.loc[many & (frame["organization"] == one), "deployment_stage"] = "Production"
    changed = dataclasses.replace(known, deployments=frame)
    table = share(changed, "deployment_stage", by="edition").named("stages", "sizes")
    rows = table.frame.query("edition == '2019' and answer == 'Production'")
    policy = Policy(threshold=5, cell_threshold=2)
    assert rows["count"].item() >= 2
    blind = protect([table], policy, title="t", edition="2019", codebook=known.codebook)
    seeing = protect([table], policy, title="t", edition="2019", answers=changed)
    assert blind["stages"].frame["status"].loc[rows.index].item() != "suppressed"
    assert seeing["stages"].frame["status"].loc[rows.index].item() == "suppressed"


def test_a_score_keeps_its_value_without_the_counts_that_tell_too_much() -> None:
    table = nps(answers(), by="edition").named("nps", "respondents")
    promoters, passives, detractors = [2, 20], [30, 20], [28, 20]
    frame = table.frame.assign(
        promoters=promoters,
        passives=passives,
        detractors=detractors,
        count=60,
        base=60,
        clusters=60,
        value=[100 * (2 - 28) / 60, 0.0],
    )
    shown = published(table.with_frame(frame))["nps"].frame
    assert shown["value"].tolist() == frame["value"].tolist()
    counts = shown[["promoters", "passives", "detractors"]]
    assert counts.isna().all(axis=1).tolist() == [True, False]


def test_totals_do_not_give_away_withheld_bands() -> None:
    """Bounds, and the parts of the open band, tell its count: they go, the value stays."""
    known = answers()
    bands = share(known, "compute_cores", by="edition").named("bands", "sizes")
    totals = total(known, "compute_cores", by="edition", replicates=100).named("total", "sizes")
    policy = Policy(threshold=5, cell_threshold=8, organizations=1, dominance=1.0)
    both = protect([bands, totals], policy, title="t", edition="2019", codebook=known.codebook)
    hidden = bands.frame["count"] < 8
    open_band = bands.frame["answer"] == "1,000 cores or more"
    touched = set(bands.frame.loc[hidden & open_band, "edition"])
    assert touched
    frame = both["total"].frame
    told = ["lower_bound", "upper_closed", "open_top", "open_top_share", "largest_share"]
    gone = frame["edition"].isin(touched)
    assert frame.loc[gone, told].isna().all(axis=None)
    assert frame.loc[~gone, told].notna().all(axis=None)
    assert frame["value"].notna().all()
    alone = protect([totals], policy, title="t", edition="2019", codebook=known.codebook)
    assert alone["total"].frame[told].notna().all(axis=None)


def test_totals_are_rounded_and_edges_of_bands_are_not() -> None:
    known = answers()
    tables = [
        total(known, "compute_cores", by="edition", replicates=100).named("total", "sizes"),
        median(known, "compute_cores", by="edition").named("median", "sizes"),
    ]
    shown = protect(tables, OPEN, title="t", edition="2019", codebook=known.codebook)
    for name in ("value", "low", "high", "lower_bound", "upper_closed", "within_low"):
        column = shown["total"].frame[name].dropna()
        assert len(column)
        assert [float(f"{each:.1e}") for each in column] == column.tolist()
    edges = ["lower_bound", "upper_bound"]
    pd.testing.assert_frame_equal(shown["median"].frame[edges], tables[1].frame[edges])


def test_a_withheld_row_shows_nothing_but_what_it_is_about() -> None:
    table = nps(answers(), by="edition").named("nps", "respondents")
    frame = table.frame.assign(promoters=4, passives=3, detractors=3, count=[10, 10], base=[9, 10])
    shown = published(table.with_frame(frame))["nps"].frame
    assert shown["status"].tolist() == ["suppressed", "imprecise"]
    numbers = shown.drop(columns=["edition", "answer", "status", "base", "rule"])
    assert numbers.iloc[0].isna().all()
    assert shown["base"].tolist() == [9, 10]


def test_a_publication_is_made_by_protect_alone() -> None:
    made = published(make.counted("deployment_stage", [20, 20, 20]))
    fields = [getattr(made, field.name) for field in dataclasses.fields(made)]
    with pytest.raises(DisclosureError, match=r"survey\.protect"):
        Publication(*fields)
    with pytest.raises(DisclosureError):
        dataclasses.replace(made, tables={})


def test_what_a_publication_hands_out_is_a_copy() -> None:
    table = make.counted("deployment_stage", [20, 20, 20])
    made = published(table)
    frame = made["deployment_stage"].frame
    frame.loc[:, "value"] = 7.0
    table.frame.loc[:, "value"] = 8.0
    assert made["deployment_stage"].frame["value"].max() < 1
    with pytest.raises(TypeError):
        made.tables["more"] = table  # type: ignore[index]


def test_options_that_are_objects_stay_outside() -> None:
    """A known footprint names its organization."""

    class Footprint:
        names = ("Example Telco",)

    table = make.counted("deployment_stage", [20, 20, 20])
    spec = dataclasses.replace(table.spec, options=(("known", (Footprint(),)), ("top", 3)))
    made = published(dataclasses.replace(table, spec=spec))
    assert made["deployment_stage"].spec.options == (("known", ("Footprint",)), ("top", 3))


def test_representations_say_what_a_person_asks() -> None:
    made = published(make.counted("deployment_stage", [2, 9, 60]))
    assert "1 tables, 3 rows, 2 withheld" in repr(made)
    assert "<td>2</td>" in made._repr_html_()
    assert "Groups of fewer than 10 are withheld." in Policy()._repr_html_()
