"""Exports of 2014 to 2016: lists joined by hyphens or bare commas, flat ones with false ticks."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.codebook import Kind, Unit, damaged, read_codebook
from survey.errors import ExportError
from survey.exports import Export, Layout, read_export
from survey.exports.layouts import LAYOUTS
from survey.exports.splitting import Splitter, spellings
from survey.responses import clean

CODEBOOK = read_codebook()
OLD = ("2014", "2015")
LISTS = [
    question
    for name in OLD
    for question in CODEBOOK.edition(name).questions
    if question.kind in (Kind.MULTIPLE, Kind.RANKING)
]


def headings(edition: str, layout: Layout = Layout.OLD_MODEL) -> tuple[str, ...]:
    return LAYOUTS[layout](CODEBOOK.edition(edition))


def record(of: tuple[str, ...], **cells: str) -> list[str]:
    known = {"SurveyID": "7", "SurveyCreated": "2015-04-02 10:00:00", "OrgName": "Example", **cells}
    assert set(known) <= set(of)
    return [known.get(heading, "") for heading in of]


def read(folder: Path, *lines: list[str], separator: str = ",") -> Export:
    path = folder / "survey_results20150402100000.csv"
    path.write_text("".join(separator.join(line) + "\n" for line in lines), encoding="utf-8")
    return read_export(path, codebook=CODEBOOK)


@pytest.mark.parametrize("edition", OLD)
@pytest.mark.parametrize("layout", [Layout.OLD_MODEL, Layout.OLD_MODEL_APPS])
def test_layout_and_edition_are_recognized(tmp_path: Path, edition: str, layout: Layout) -> None:
    of = headings(edition, layout)
    export = read(tmp_path, list(of), record(of))
    assert (export.layout, export.edition.name) == (layout, edition)
    assert set(export.issues["code"]) == {"test surveys"}


def test_lists_of_hyphens_are_divided_at_the_listed_answers(tmp_path: Path) -> None:
    of = headings("2015")
    export = read(
        tmp_path,
        list(of),
        record(
            of,
            DeploymentID="70",
            ProjectsUsed="Openstack Compute (Nova)-Heat-Ceilometer",
            NetworkDrivers="nova-network-Hyper-V-Open vSwitch",
            ServicesDeploymentsWorkloads="Mobile Apps{comma} Including Mobile Games-Email",
            WorkloadsDescription="HPC-Research",
        ),
    )
    row = export.frame.iloc[0]
    assert row["ProjectsUsed"] == "Openstack Compute (Nova)|Heat|Ceilometer"
    assert row["NetworkDrivers"] == "nova-network|Hyper-V|Open vSwitch"
    assert row["ServicesDeploymentsWorkloads"] == "Mobile Apps, Including Mobile Games|Email"
    answers = clean(export)
    assert answers.deployments["network_drivers"][0] == (
        "Open vSwitch",
        "nova-network",
        "Hyper-V",
    ) or set(answers.deployments["network_drivers"][0]) == {
        "Open vSwitch",
        "nova-network",
        "Hyper-V",
    }
    assert set(answers.deployments["workload_kinds"][0]) == {
        "High throughput computing / HPC",
        "Research",
    }


@pytest.mark.parametrize("question", LISTS, ids=lambda question: question.heading)
def test_no_two_answers_together_read_as_others(question) -> None:
    """Every pair of listed answers, joined as the exporter does, comes apart again."""
    splitter = Splitter(spellings(question), (",", "-"))
    for one, other in combinations(question.choices, 2):
        split = splitter.split(f"{damaged(one.value)}-{damaged(other.value)}")
        assert split.certain
        assert split.pieces == (one.value, other.value)


@settings(max_examples=max(300, settings.default.max_examples))
@given(st.data())
def test_any_choice_of_answers_survives_the_joining(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(LISTS))
    values = [choice.value for choice in question.choices]
    chosen = data.draw(st.lists(st.sampled_from(values), unique=True, min_size=1))
    splitter = Splitter(spellings(question), (",", "-"))
    for joined in (
        damaged(",".join(chosen)),
        ",".join(value.replace(",", "{comma}") for value in chosen),
        ",".join(chosen),
    ):
        assert splitter.split(joined).pieces == tuple(chosen)
        assert splitter.split(joined).certain


def test_a_list_that_can_be_read_in_two_ways_is_flagged() -> None:
    splitter = Splitter({each: each for each in ("A", "B", "A-B")}, ("-",))
    assert splitter.split("A-B").pieces == ("A-B",)
    assert not splitter.split("A-B").certain


def test_old_spellings_and_the_default_of_the_form(tmp_path: Path) -> None:
    of = headings("2014")
    export = read(
        tmp_path,
        list(of),
        record(
            of,
            DeploymentID="70",
            DeploymentStage="Dev/QA",
            ComputeNodes="unspecified",
            DeploymentType="On-Premise Private Cloud",
            ComputeCores="More than 10-000 cores",
            OpenStackRecommendRate="9",
        ),
    )
    answers = clean(export)
    row = answers.deployments.iloc[0]
    assert row["deployment_stage"] == "Under development / In testing"
    assert row["deployment_type"] == "On-Premises Private Cloud"
    assert row["compute_cores"] == "10,001-50,000 cores"
    assert pd.isna(row["compute_nodes"])
    assert answers.respondents["likelihood_to_recommend"].tolist() == ["9"]


def test_tabs_from_before_october_2014(tmp_path: Path) -> None:
    of = headings("2014")
    line = record(
        of,
        DeploymentID="70",
        Hypervisors="kvm,xenserver",
        FurtherEnhancement="docs, please",
        PrimaryCountry="DE",
    )
    export = read(tmp_path, list(of), line, separator="\t")
    row = export.frame.iloc[0]
    assert (row["Hypervisors"], row["FurtherEnhancement"]) == ("kvm|xenserver", "docs, please")
    assert clean(export).respondents["primary_country"].tolist() == ["DE"]


def test_bare_commas_are_put_back_where_one_way_is_left(tmp_path: Path) -> None:
    """From October 2014 to February 2015 nothing protected a comma."""
    of = headings("2014")
    line = record(
        of,
        DeploymentID="70",
        Industry="Finance",
        Hypervisors="kvm,xenserver",
        ComputeCores="1,001-5,000 cores",
        PrimaryCity="Berlin",
    )
    export = read(tmp_path, list(of), line)
    row = export.frame.iloc[0]
    assert len(",".join(line).split(",")) > len(of)
    assert (row["Hypervisors"], row["ComputeCores"]) == ("kvm|xenserver", "1,001-5,000 cores")
    assert row["PrimaryCity"] == "Berlin"
    assert export.counts == {"read": 1, "kept": 1}
    assert not export.uncertain


def test_a_bare_comma_between_two_texts_is_said_to_be_uncertain(tmp_path: Path) -> None:
    of = headings("2014")
    line = record(
        of,
        DeploymentID="70",
        FurtherEnhancement="docs, please",
        FoundationUserCommitteePriorities="training",
        ComputeCores="1,001-5,000 cores",
    )
    export = read(tmp_path, list(of), line)
    flagged = {of[column] for _, columns in export.uncertain for column in columns}
    assert flagged == {"FurtherEnhancement", "FoundationUserCommitteePriorities"}
    assert export.frame["FurtherEnhancement"].tolist() == [""]
    assert set(clean(export).flags["concept"]) >= {"further_enhancement"}


def flat(edition: str, *concepts: str, commas: bool = False) -> tuple[str, ...]:
    """Return headings in which some questions have a column per choice."""
    spread = {CODEBOOK.edition(edition).question(concept).heading: concept for concept in concepts}

    def columns(heading: str) -> list[str]:
        if heading not in spread:
            return [heading]
        values = [each.value for each in CODEBOOK.question(spread[heading], edition).choices]
        return [f"{heading} - {value if commas else damaged(value)}" for value in values]

    return tuple(column for heading in headings(edition) for column in columns(heading))


def test_ticks_implied_by_longer_answers_are_taken_back_and_flagged(tmp_path: Path) -> None:
    of = flat("2015", "hypervisors", "databases")
    chosen, other = "xenserver", "MySQL with Galera"
    columns = {heading: "0" for heading in of if " - " in heading}
    ticks = {
        f"Hypervisors - {choice.value}": "1"
        for choice in CODEBOOK.question("hypervisors", "2015").choices
        if choice.value in chosen
    } | {
        f"UsedDBForOpenStackComponents - {choice.value}": "1"
        for choice in CODEBOOK.question("databases", "2015").choices
        if choice.value in other
    }
    assert len(ticks) == 4
    export = read(
        tmp_path,
        list(of),
        record(of, DeploymentID="70", **{**columns, **ticks}),
        record(of, DeploymentID="71", **{**columns, "Hypervisors - xen": "1"}),
    )
    answers = clean(export)
    assert answers.deployments["hypervisors"].tolist() == [("XenServer",), ("Xen / XCP",)]
    assert answers.deployments["databases"][0] == ("MySQL with Galera",)
    flags = set(zip(answers.flags["id"], answers.flags["concept"], strict=True))
    assert {(70, "hypervisors"), (70, "databases")} <= flags
    assert (71, "hypervisors") not in flags
    assert answers.repairs["rule"].value_counts()["implied answer"] == 2


def test_of_a_single_choice_the_longer_answer_is_certain(tmp_path: Path) -> None:
    of = flat("2015", "charging_tool")
    home = "ToolsUsedForYourUsers - Home grown tools using ceilometer"
    columns = {heading: "0" for heading in of if " - " in heading}
    export = read(tmp_path, list(of), record(of, DeploymentID="70", **{**columns, home: "1"}))
    answers = clean(export)
    assert answers.deployments["charging_tool"].tolist() == ["Home grown tools using ceilometer"]
    assert not len(answers.flags)


def test_the_export_that_is_not_flat_settles_what_the_flat_one_leaves_open(tmp_path: Path) -> None:
    whole, spread = headings("2015"), flat("2015", "hypervisors")
    ticks = {"Hypervisors - xen": "1", "Hypervisors - xenserver": "1"}
    first = read(tmp_path, list(spread), record(spread, DeploymentID="70", **ticks))
    second = read(
        tmp_path, list(whole), record(whole, DeploymentID="70", Hypervisors="xen-xenserver")
    )
    answers = clean([first, second])
    assert set(answers.deployments["hypervisors"][0]) == {"Xen / XCP", "XenServer"}
    assert not len(answers.flags)


def test_headings_with_commas_are_put_together(tmp_path: Path) -> None:
    """Until 24 March 2015 headings kept their commas; cells had none left since February."""
    of = flat("2015", "service_workloads", commas=True)
    column = "ServicesDeploymentsWorkloads - Mobile Apps, Including Mobile Games"
    assert column in of
    export = read(tmp_path, list(of), record(of, DeploymentID="70", **{column: "1"}))
    assert clean(export).deployments["service_workloads"][0] == (
        "Mobile Apps, Including Mobile Games",
    )


def test_headings_with_commas_stay_apart_where_one_is_unknown(tmp_path: Path) -> None:
    """Which of the cells belong together is certain only where each is part of a known heading."""
    of = (*flat("2015", "service_workloads", commas=True), "Notes")
    assert any("," in heading for heading in of)
    with pytest.raises(ExportError, match=f"got {len(','.join(of).split(',')) - 1} headings"):
        read(tmp_path, list(of), record(of, DeploymentID="70"))


def test_the_flat_export_lost_the_distribution(tmp_path: Path) -> None:
    of = tuple(
        column
        for heading in headings("2015")
        for column in (
            [f"{heading} - {system}" for system in ("Linux", "Mac OS X", "Windows")]
            if heading == "DeploymentOperatingSystems"
            else [heading]
        )
    )
    export = read(tmp_path, list(of), record(of, DeploymentID="70"))
    assert "operating systems lost" in set(export.issues["code"])
    assert "unknown heading" not in set(export.issues["code"])


def test_developers_answers_are_respondents_answers(tmp_path: Path) -> None:
    of = headings("2015", Layout.OLD_MODEL_APPS)
    assert "APIFormats" in of
    export = read(tmp_path, list(of), record(of, APIFormats="JSON", Toolkits="FOG-jclouds"))
    answers = clean(export)
    assert answers.respondents["app_api_formats"].tolist() == [("JSON",)]
    assert answers.respondents["app_toolkits"].tolist() == [("FOG (Ruby)", "jclouds (Java)")]
    assert not len(answers.deployments)


def test_a_survey_without_deployments_keeps_its_row(tmp_path: Path) -> None:
    """A left join: nothing is lost at the end of the file."""
    of = headings("2015")
    export = read(tmp_path, list(of), record(of, DeploymentID="70"), record(of, SurveyID="9"))
    answers = clean(export)
    assert answers.respondents["respondent"].tolist() == [7, 9]
    assert answers.deployments["deployment"].tolist() == [70]
    assert "last survey" not in set(answers.issues["code"])


def test_concepts_keep_one_unit_and_kind_over_the_editions() -> None:
    """Answers of several editions are stacked by concept, which needs one shape for each."""
    for concept in CODEBOOK.concepts:
        shapes = {
            (question.unit, question.kind)
            for name in CODEBOOK.asked_in(concept)
            for question in [CODEBOOK.question(concept, name)]
        }
        assert len(shapes) == 1, concept


def test_old_and_new_answers_pool(tmp_path: Path) -> None:
    of = headings("2015")
    old = read(
        tmp_path,
        list(of),
        record(of, DeploymentID="70", ComputeCores="1-000 to 9-999 cores", Hypervisors="kvm-lxc"),
    )
    new_of = LAYOUTS[Layout.BY_HEADING](CODEBOOK.edition("2018"))
    cells = {
        "SurveyID": "8",
        "DeploymentID": "80",
        "Created": "2018-05-01 10:00:00",
        "ComputeCores": "10 to 99 cores",
        "Hypervisors": "KVM (x86)|lxc",
    }
    line = ",".join(cells.get(heading, "") for heading in new_of)
    path = tmp_path / "new.csv"
    path.write_text(",".join(h.replace(",", "-") for h in new_of) + "\n" + line + "\n")
    answers = clean([old, read_export(path)])
    assert answers.editions == ("2015", "2018")
    assert answers.column("compute_cores", Unit.DEPLOYMENT).tolist() == [
        "1,000 to 9,999 cores",
        "10 to 99 cores",
    ]
    assert [set(each) for each in answers.deployments["hypervisors"]] == [
        {"KVM", "LXC"},
        {"KVM (x86)", "LXC"},
    ]


def test_company_data_of_then_is_no_export_of_answers(tmp_path: Path) -> None:
    path = tmp_path / "Deployments_20150402.csv"
    path.write_text("Name,Creation,Edited,Label,Is Public,Link\nExample,,,x,1,y\n")
    with pytest.raises(ExportError, match="holds no answers"):
        read_export(path)
