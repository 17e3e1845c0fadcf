"""What a file has no column for is not available, and never 0."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from survey.codebook import Question, Unit, read_codebook
from survey.estimates import Status, compare, crosstab, median, nps, share, total, trend
from survey.exports import read_export
from survey.responses import (
    Answered,
    Presence,
    Responses,
    answered,
    clean,
    pool,
    read_answers,
    routing_known,
    shown,
    write_answers,
)
from tests.presence.export_columns import RAW, Table, drop, rows_of, written

YEAR = "2024"
EXPORT = RAW / f"Survey_{YEAR}0831120000.csv"
NOVA = "ProjectsUsed - Nova (Compute)"


def cleaned(path: Path) -> Responses:
    return clean(read_export(path), key=b"k" * 32)


@pytest.fixture(scope="module")
def table() -> Table:
    return rows_of(EXPORT)


@pytest.fixture(scope="module")
def whole(table: Table, tmp_path_factory: pytest.TempPathFactory) -> Responses:
    return cleaned(written(tmp_path_factory.mktemp("whole") / EXPORT.name, table))


@pytest.fixture(scope="module")
def lacking(table: Table, tmp_path_factory: pytest.TempPathFactory) -> Responses:
    """Answers of a file without one matrix row, a banded question, a score and a set."""
    rows = table
    for heading in (NOVA, "ComputeCores", "NetPromoter", "CurrentReleases", "OrgSizeSydney"):
        rows = drop(rows, rows[0].index(heading))
    return cleaned(written(tmp_path_factory.mktemp("lacking") / EXPORT.name, rows))


GONE = ("compute_cores", "likelihood_to_recommend", "releases_in_use", "organization_size")


def statuses(frame: pd.DataFrame) -> set[str]:
    return set(frame["status"].astype(str))


def nothing_in(frame: pd.DataFrame) -> bool:
    return (
        statuses(frame) == {Status.NOT_AVAILABLE}
        and frame[["value", "low", "high"]].isna().all().all()
        and (frame["base"] == 0).all()
        and (frame["count"] == 0).all()
    )


def test_a_complete_file_lacks_nothing(whole: Responses) -> None:
    assert whole.presence == Presence()
    assert whole.presence.frame.empty


def test_presence_names_what_is_gone(lacking: Responses) -> None:
    assert not any(lacking.available(concept, YEAR) for concept in GONE)
    assert lacking.available("projects_used", YEAR)
    assert not lacking.available("projects_used", YEAR, "Nova (Compute)")
    frame = lacking.presence.frame
    assert set(frame["concept"]) == {*GONE, "projects_used"}
    assert frame[frame["concept"] == "projects_used"]["item"].tolist() == ["Nova (Compute)"]


def test_what_is_gone_is_an_issue(lacking: Responses) -> None:
    absent = lacking.issues[lacking.issues["code"] == "absent heading"]
    assert {NOVA, "ComputeCores", "NetPromoter"} <= set(absent["column"])


@pytest.mark.parametrize("concept", GONE)
def test_a_share_of_what_is_gone_is_not_available(lacking: Responses, concept: str) -> None:
    for by in (None, "edition"):
        for base in ("answered", "asked"):
            table = share(lacking, concept, by, base=base)
            assert nothing_in(table.frame)
            assert any("no column" in note for note in table.notes)


def test_a_matrix_row_that_is_gone_is_not_available(lacking: Responses, whole: Responses) -> None:
    table = share(lacking, "projects_used").frame
    nova = table["item"] == "Nova (Compute)"
    assert nothing_in(table[nova])
    others = share(whole, "projects_used").frame[~nova.to_numpy()]
    assert (table[~nova]["count"].to_numpy() == others["count"].to_numpy()).all()


def test_numbers_and_scores_of_what_is_gone_are_not_available(lacking: Responses) -> None:
    for table in (
        median(lacking, "compute_cores"),
        median(lacking, "compute_cores", by="edition"),
        total(lacking, "compute_cores", by="edition", replicates=100),
        nps(lacking),
    ):
        assert statuses(table.frame) == {Status.NOT_AVAILABLE}
        assert table.frame["value"].isna().all()


def test_a_group_that_is_gone_is_not_available(lacking: Responses) -> None:
    table = share(lacking, "deployment_stage", by="organization_size")
    assert nothing_in(table.frame)
    crossed = crosstab(lacking, ["deployment_stage"], ["compute_cores"]).frame
    assert statuses(crossed) == {Status.NOT_AVAILABLE}


def test_a_net_with_a_member_that_is_gone_is_not_available(lacking: Responses) -> None:
    net = {"any": ["Nova (Compute) / Production", "Heat (Orchestration) / Production"]}
    frame = share(lacking, "projects_used", nets=net).frame
    assert nothing_in(frame[frame["answer"] == "any"])


def test_an_edition_that_lacks_it_is_not_available_beside_one_that_has_it(
    lacking: Responses,
) -> None:
    both = pool([cleaned(RAW / "Survey_20230831120000.csv"), lacking])
    assert both.available("compute_cores", "2023")
    assert not both.available("compute_cores", YEAR)
    table = share(both, "compute_cores", by="edition").frame
    assert nothing_in(table[table["edition"] == YEAR])
    assert statuses(table[table["edition"] == "2023"]) <= {"ok", "imprecise"}
    changed = compare(both, "compute_cores", "2023", YEAR).frame
    assert statuses(changed) == {Status.NOT_AVAILABLE}
    line = trend(both, "compute_cores").frame
    assert nothing_in(line[line["edition"] == YEAR])


def test_presence_survives_selecting_and_storing(lacking: Responses, tmp_path: Path) -> None:
    stage = lacking.deployments["deployment_stage"]
    assert lacking.where(stage.notna()).presence == lacking.presence
    write_answers(lacking, tmp_path)
    again = read_answers(tmp_path)
    assert again.presence == lacking.presence
    assert not again.available("compute_cores", YEAR)


def test_why_an_answer_is_missing(lacking: Responses) -> None:
    assert set(answered(lacking, "compute_cores")) == {Answered.NOT_AVAILABLE}


def test_a_flat_file_without_the_column_of_a_choice(shared: Path) -> None:
    lost = cleaned(shared / "fixtures/cases/exports/o25_lost_Compute.csv")
    frame = share(lost, "projects_used").frame
    assert nothing_in(frame[frame["item"] == "Nova (Compute)"])


def test_an_option_that_nobody_listed_counts(shared: Path) -> None:
    answers = cleaned(shared / "fixtures/cases/exports/o26_unlisted_option.csv")
    table = share(answers, "deployment_type")
    row = table.frame.set_index("answer").loc["Another answer"]
    assert (row["count"], row["base"]) == (25, 62)
    assert any("25 deployments" in note for note in table.notes)
    assert not any("does not list" in note for note in table.for_publication().notes)


def test_who_was_not_shown_a_question_is_not_in_its_base(whole: Responses) -> None:
    concept = "custom_package_reasons"
    seen = shown(whole, concept)
    used = whole.deployments["packages_used"]
    opened = used.map(lambda tools: any("you" in tool for tool in tools), na_action="ignore").eq(
        True
    )
    given = whole.deployments[concept].notna()
    assert (seen == (opened | given)).all()
    table = share(whole, concept, base="asked")
    assert table.frame["base"].iloc[0] < len(whole.deployments) / 1.5
    assert routing_known(whole, concept, [YEAR])
    assert any("not shown" in note for note in table.notes)
    unopened = int((given & ~opened).sum())
    assert any(f"{unopened} deployments answered it without" in note for note in table.notes)
    other = share(whole, "deployment_tools", base="asked")
    assert any("is not known" in note for note in other.notes)


def test_a_condition_that_cannot_be_met_is_a_mistake(tmp_path: Path) -> None:
    book = read_codebook().edition("2019")
    assert isinstance(book.question("custom_package_reasons"), Question)
    mine = tmp_path / "mine.toml"
    mine.write_text(
        '[edition]\nname = "mine"\nextends = "2019"\n[[questions]]\n'
        'concept = "deployment_tools"\nshown_if = { packages_used = ["no such answer"] }\n'
    )
    with pytest.raises(Exception, match="no such answer"):
        read_codebook(mine)


def test_a_text_ticks_other(whole: Responses) -> None:
    concept, text = "hypervisors", "hypervisors_other"
    frame = whole.deployments
    assert frame[text].notna().any()
    other = "Other"
    ticked = frame[concept].map(lambda chosen: other in chosen, na_action="ignore").eq(True)
    counted = share(replace(whole, copies_count=True), concept).frame.set_index("answer")
    assert counted.loc[other, "count"] == (ticked | frame[text].notna()).sum()


def test_the_unit_of_a_question_that_is_gone(lacking: Responses) -> None:
    assert lacking.column("organization_size", Unit.DEPLOYMENT).isna().all()
    assert len(lacking.column("organization_size")) == len(lacking.respondents)
