"""Write-ins matched to listed options: never wrong where certain, and how many are found.

The oracles: the codebook's own options, misspelt by known slips; and the simulator, whose
write-ins are a known list, so that a person can say of each what it names.
"""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from survey.codebook import Choice, Kind, Question, Unit, damaged, read_codebook
from survey.responses import Code, Frame, Responses, code, coverage, fold_write_ins
from survey.responses.coding.coder import Coder
from survey.responses.coding.reading import coder_of, read_texts
from survey.responses.coding.wording import joined

CODEBOOK = read_codebook()
PARENTS = [
    (edition.name, question, edition.by_concept[question.write_in_of])
    for edition in CODEBOOK
    for question in edition.questions
    if question.write_in_of
]
OPTIONS = [
    (edition, question.concept, label)
    for edition, question, parent in PARENTS
    for label in parent.labels
    if label not in parent.other_labels | parent.missing_labels and joined(label) != "none"
]

# What the simulator's write-ins name, by a person's judgement; everything else names no option.
NAMES = {
    "deployment_tools": {"ansible": "Ansible"},
    "paas_tools": {"kubernetes": "Kubernetes"},
    "network_drivers": {"ovn": "OVN"},
    "databases": {"mariadb": "MariaDB"},
    "container_formats": {"docker": "Docker"},
    "identity_drivers": {"ldap": "LDAP"},
    "vendor_hardware": {"Supermicro": "Supermicro"},
    "interacting_clouds": {"aws": "Amazon Web Services"},
    "operating_system": {"Ubuntu 22.04 LTS": "Ubuntu Server"},
    "block_storage_drivers": {"ceph": "Ceph RBD"},
    "industry": {"Telecom": "Telecommunications"},
    "roles": {"cloud operator": "Cloud operator or sys-admin"},
}


def coder(edition: str, concept: str) -> Coder:
    found = coder_of(CODEBOOK, concept, edition, Frame("none", (concept,)))
    assert found is not None
    return found


CODERS = {
    (edition, question.concept): coder(edition, question.concept)
    for edition, question, _ in PARENTS
}


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Draw an option and a way to write it: case, punctuation, the exporter's commas, a slip."""
    edition, concept, label = draw(st.sampled_from(OPTIONS))
    text = draw(st.sampled_from([str.lower, str.upper, str.title, damaged, str]))(label)
    text = draw(st.sampled_from(["{}", " {} ", "{}.", '"{}"', "{}\n"])).format(text)
    if draw(st.booleans()):
        place = draw(st.integers(1, max(len(text) - 2, 1)))
        letter = draw(st.sampled_from("aeiourstn"))
        text = draw(
            st.sampled_from(
                [
                    text[:place] + text[place + 1 :],
                    text[:place] + letter + text[place:],
                    text[:place] + letter + text[place + 1 :],
                    text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
                ]
            )
        )
    return edition, concept, label, text


@given(slips())
def test_what_is_certain_is_right(drawn: tuple[str, str, str, str]) -> None:
    edition, concept, label, text = drawn
    others = {name.label for name in CODERS[edition, concept].read(text).options} - {label}
    by_own_words = {each for each in others if joined(each) == joined(text)}
    assert others == by_own_words, "only a slip that spells another option may find it"


@pytest.mark.parametrize("write", [str, str.lower, str.upper, damaged, "  {}. ".format])
def test_every_option_is_found_by_its_own_words(write) -> None:
    for edition, concept, label in OPTIONS:
        found = CODERS[edition, concept].read(write(label)).options
        assert [name.label for name in found] == [label], (edition, concept)


def test_options_of_other_questions_are_no_misspellings() -> None:
    """Products resemble each other; every listed name is tried on every other question."""
    everything = {label for _, _, label in OPTIONS}
    for (edition, concept), reader in CODERS.items():
        if edition != "2024":
            continue
        for label in everything:
            for name in reader.read(label).options:
                assert name.rule == "spelling", (concept, label, name)


def question(*labels: str) -> Question:
    choices = tuple(Choice(label, label) for label in labels)
    return Question("tools", "Tools", "Tools", Kind.MULTIPLE, Unit.DEPLOYMENT, choices)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("kolla ansible", ["Kolla-Ansible"]),
        ("Anisble", ["Ansible"]),
        ("RHEL", ["Red Hat Enterprise Linux (RHEL)"]),
        ("red hat enterprise linux", ["Red Hat Enterprise Linux (RHEL)"]),
        ("Ansible- Docker", ["Ansible", "Docker"]),
        ("Ansible, Docker", ["Ansible", "Docker"]),
        ("Ansible; Docker", ["Ansible", "Docker"]),
        ("Ansible + docker", ["Ansible", "Docker"]),
        ("Ansible and Docker", ["Ansible", "Docker"]),
        ("Docker, planned", []),  # a qualification, no second tool
        ("Rocker", []),
        ("Kolla", []),
        ("Python 2", []),  # of two versions, neither
        ("Python 33", []),
        ("x86", []),  # what brackets add is no name
        ("KVM", []),  # two options begin so
        ("C", ["C"]),
        ("c++", ["C++"]),
        ("other", []),
        ("n/a", []),
        ("😀", []),
    ],
)
def test_what_is_certain(text: str, labels: list[str]) -> None:
    offered = question(
        "Ansible", "Kolla-Ansible", "Docker", "Red Hat Enterprise Linux (RHEL)", "Python 3",
        "Python 3.3", "KVM (x86)", "KVM (ppc64)", "C", "C++", "Other",
    )  # fmt: skip
    assert [name.label for name in Coder((), offered).read(text).options] == labels


def test_certain_matches_of_simulated_write_ins_are_all_right(invented: Responses) -> None:
    """Precision 1; recall over everything that names an option, abbreviations included."""
    right = wrong = named = 0
    for concept in [q.concept for q in map(invented.question, invented.concepts) if q.write_in_of]:
        reading = read_texts(invented, concept, Frame("none", (concept,)))
        names = NAMES.get(reading.question.write_in_of, {})
        parent = invented.question(reading.question.write_in_of)
        for _, _, text, coded in reading:
            truth = names.get(text.strip())
            truth = truth if truth in parent.labels else None
            named += truth is not None
            found = {name.label for name in coded.options}
            right += found == {truth}
            wrong += bool(found) and found != {truth}
    assert wrong == 0
    assert named > 60
    assert right / named >= 0.6


def test_folding_recodes_what_is_certain_and_records_it(invented: Responses) -> None:
    folded = fold_write_ins(invented)
    before, after = (each.deployments["container_formats"].array for each in (invented, folded))
    texts = invented.deployments["container_formats_other"]
    log = folded.recoded[folded.recoded["concept"] == "container_formats"]
    wrote = [row for row, text in enumerate(texts) if isinstance(text, str) and text == "docker"]
    assert wrote
    changed = [row for row in range(len(before)) if before[row] != after[row]]
    chosen = {row: before[row] or () for row in wrote}
    ticked = {row for row, some in chosen.items() if "Docker" in some and "Other" not in some}
    assert set(changed) == set(wrote) - ticked
    assert all("Docker" in after[row] and "Other" not in after[row] for row in wrote)
    assert sorted(log["id"]) == sorted(invented.deployments["deployment"].iloc[changed])
    assert set(log["source"]) == {"container_formats_other"}
    assert folded.deployments["container_formats_other"].equals(texts)
    assert folded.provenance.steps[-1].startswith("folded")
    assert invented.recoded.empty


def test_a_frame_gives_options_further_names_for_folding(invented: Responses) -> None:
    text = "interacting_clouds_other"
    plain = fold_write_ins(invented, questions=["interacting_clouds"])
    frame = Frame("clouds", (text,), (Code("Amazon Web Services", ("aws",)),))
    named = fold_write_ins(invented, frame, questions=["interacting_clouds"])
    assert plain.recoded.empty
    assert set(named.recoded["rule"]) == {"spelling"}
    assert named.recoded["after"].str.contains("Amazon Web Services").all()


def test_folding_twice_changes_nothing_more(invented: Responses) -> None:
    once = fold_write_ins(invented)
    twice = fold_write_ins(once)
    assert twice.recoded.equals(once.recoded)
    assert twice.deployments.astype(str).equals(once.deployments.astype(str))


def test_coverage_adds_up_and_codes_shrink_the_unmatched(invented: Responses) -> None:
    concept = "deployment_tools_other"
    frame = Frame("tools", (concept,), (Code("Terraform"), Code("MaaS")))
    plain, coded = coverage(invented), coverage(code(invented, frame))
    for rows in (plain, coded):
        parts = rows[["says_nothing", "listed", "coded", "unmatched"]].sum(axis=1)
        assert (parts == rows["texts"]).all()
    keys = ["edition", "concept", "texts", "says_nothing", "listed"]
    one, two = (rows[rows["concept"] == concept].reset_index() for rows in (plain, coded))
    assert one[keys].equals(two[keys])
    assert (two["unmatched"] == one["unmatched"] - two["coded"]).all()
    assert two["coded"].sum() > 0
