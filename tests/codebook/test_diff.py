"""What changed between editions: planted changes are found, and judged as they must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, permutations
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import (
    Band,
    Change,
    Choice,
    Codebook,
    Edition,
    Kind,
    Question,
    Unit,
    Verdict,
    compare_editions,
    read_codebook,
)

CODEBOOK = read_codebook()
PAIRS = list(permutations(CODEBOOK.editions, 2))
CORES = Question(
    "cores", "Cores", "Cores", Kind.SINGLE, Unit.DEPLOYMENT, series="cores", measure="cores",
    choices=(Choice("few", "Few", Band(1, 9)), Choice("many", "Many", Band(10, None))),
)  # fmt: skip
TOOLS = Question(
    "tools", "Tools", "Tools", Kind.MULTIPLE, Unit.DEPLOYMENT, series="tools",
    choices=(Choice("ansible", "Ansible"), Choice("puppet", "Puppet")),
)  # fmt: skip
USE = Question(
    "use", "Use", "Use", Kind.MATRIX, Unit.DEPLOYMENT, series="use",
    choices=(Choice("now", "Now"),), rows=(Choice("nova", "Nova"), Choice("swift", "Swift")),
)  # fmt: skip
PLANTED: dict[str, tuple[Question, dict[str, Any], Change, Verdict]] = {
    "heading": (TOOLS, {"heading": "DeploymentTools"}, Change.HEADING, Verdict.COMPARABLE),
    "mandatory": (TOOLS, {"required": True}, Change.REQUIRED, Verdict.COMPARABLE),
    "series": (TOOLS, {"series": "tools_2019"}, Change.REWORDED, Verdict.NOT_COMPARABLE),
    "kind": (TOOLS, {"kind": Kind.SINGLE}, Change.KIND, Verdict.NOT_COMPARABLE),
    "unit": (TOOLS, {"unit": Unit.RESPONDENT}, Change.KIND, Verdict.NOT_COMPARABLE),
    "more choices": (
        TOOLS, {"choices": (*TOOLS.choices, Choice("juju", "Juju"))},
        Change.CHOICES_ADDED, Verdict.AFTER_RECODING,
    ),
    "fewer choices": (
        TOOLS, {"choices": TOOLS.choices[:1]}, Change.CHOICES_REMOVED, Verdict.AFTER_RECODING,
    ),
    "other spelling": (
        TOOLS, {"choices": (Choice("Ansible!", "Ansible"), TOOLS.choices[1])},
        Change.CHOICES_RENAMED, Verdict.AFTER_RECODING,
    ),
    "more rows": (
        USE, {"rows": (*USE.rows, Choice("heat", "Heat"))},
        Change.ROWS_ADDED, Verdict.AFTER_RECODING,
    ),
    "fewer rows": (USE, {"rows": USE.rows[1:]}, Change.ROWS_REMOVED, Verdict.AFTER_RECODING),
    "row respelled": (
        USE, {"rows": (Choice("NOVA", "Nova"), USE.rows[1])},
        Change.ROWS_RENAMED, Verdict.AFTER_RECODING,
    ),
    "band edge": (
        CORES, {"choices": (Choice("few", "Few", Band(1, 8)), CORES.choices[1])},
        Change.BANDS, Verdict.AFTER_RECODING,
    ),
    "unit of bands": (CORES, {"measure": "threads"}, Change.BANDS, Verdict.AFTER_RECODING),
    "title alone": (TOOLS, {"title": "Tooling"}, Change.UNCHANGED, Verdict.COMPARABLE),
    "order alone": (
        TOOLS, {"choices": TOOLS.choices[::-1]}, Change.UNCHANGED, Verdict.COMPARABLE,
    ),
}  # fmt: skip


def two_editions(old: tuple[Question, ...], new: tuple[Question, ...]) -> Codebook:
    editions = {
        name: Edition(name, name, "observed", questions)
        for name, questions in (("old", old), ("new", new))
    }
    return Codebook(MappingProxyType(editions))


@pytest.mark.parametrize(("question", "values", "change", "verdict"), PLANTED.values(), ids=PLANTED)
def test_a_planted_change_is_found_and_judged(
    question: Question, values: dict[str, Any], change: Change, verdict: Verdict
) -> None:
    found = compare_editions(
        two_editions((question,), (replace(question, **values),)), "old", "new"
    )
    assert found["change"].tolist() == [change]
    assert found["verdict"].tolist() == [verdict]
    assert (found["details"] == "").all() == (change is Change.UNCHANGED)


@given(planted=st.lists(st.sampled_from(list(PLANTED.values())), min_size=2, max_size=5))
def test_the_gravest_change_decides(
    planted: list[tuple[Question, dict[str, Any], Change, Verdict]],
) -> None:
    question, merged = planted[0][0], {}
    for base, values, _, _ in planted:
        if base is question:
            merged |= values
    alone = [
        compare_editions(
            two_editions((question,), (replace(question, **{key: value}),)), "old", "new"
        )
        for key, value in merged.items()
    ]
    found = compare_editions(
        two_editions((question,), (replace(question, **merged),)), "old", "new"
    )
    gravest = max((each["verdict"].iloc[0] for each in alone), key=list(Verdict).index)
    assert set(found["verdict"]) == {gravest}
    assert set(found["change"]) - {"unchanged"} == {
        change for each in alone for change in each["change"]
    } - {"unchanged"}


@pytest.mark.parametrize("name", CODEBOOK.editions)
def test_an_edition_does_not_differ_from_itself(name: str) -> None:
    found = compare_editions(CODEBOOK, name, name)
    assert set(found["change"]) == {"unchanged"}
    assert set(found["verdict"]) == {"comparable"}
    assert found["concept"].tolist() == [each.concept for each in CODEBOOK.edition(name).questions]


@given(pair=st.sampled_from(PAIRS))
def test_the_way_back_undoes_the_way_there(pair: tuple[str, str]) -> None:
    there, back = compare_editions(CODEBOOK, *pair), compare_editions(CODEBOOK, *pair[::-1])
    opposite = {
        "added": "dropped", "choices added": "choices removed", "rows added": "rows removed",
        "choices merged": "choices split",
    }  # fmt: skip
    opposite |= {value: key for key, value in opposite.items()}
    changes = set(zip(there["concept"], there["change"].replace(opposite), strict=True))
    assert changes == set(zip(back["concept"], back["change"], strict=True))
    verdicts: Callable[[Any], dict[str, str]] = lambda found: dict(  # noqa: E731
        zip(found["concept"], found["verdict"], strict=True)
    )
    assert verdicts(there) == verdicts(back)


def test_what_is_known_to_have_changed() -> None:
    found = {
        (old, row.concept, row.change, row.verdict)
        for old, new in pairwise(("2017", "2018", "2019"))
        for row in compare_editions(CODEBOOK, old, new).itertuples()
    }
    assert found >= {
        ("2017", "organization_size", "heading renamed", "comparable"),
        ("2017", "releases_in_use", "choices renamed", "comparable after recoding"),
        ("2017", "vendor_products", "dropped", "not comparable"),
        ("2017", "vendor_software", "added", "not comparable"),
        ("2017", "likelihood_to_recommend", "unchanged", "comparable"),
        ("2017", "compute_cores", "unchanged", "comparable"),
        ("2017", "deployment_tools", "choices merged", "comparable after recoding"),
        ("2018", "object_count", "bands changed", "comparable after recoding"),
        ("2018", "upgrade_policy", "choices renamed", "comparable after recoding"),
        ("2018", "swift_feedback", "reworded", "not comparable"),
        ("2018", "glance_feedback", "reworded", "not comparable"),
        ("2018", "ironic_feedback", "reworded", "not comparable"),
        ("2018", "refstack_test", "dropped", "not comparable"),
    }


def test_choices_that_were_merged_or_split_are_neither_added_nor_removed() -> None:
    question = Question(
        "tools", "Tools", "Tools", Kind.MULTIPLE, Unit.DEPLOYMENT,
        tuple(Choice(name, name) for name in ("A", "B", "C", "D")),
    )  # fmt: skip
    later = (
        Choice("AB", "AB", renamed_from=("A", "B")),
        Choice("C1", "C1", renamed_from=("C",)),
        Choice("C2", "C2", renamed_from=("C",)),
        Choice("D", "D"),
        Choice("E", "E"),
    )
    book = two_editions((question,), (replace(question, choices=later),))
    found = compare_editions(book, "old", "new").set_index("change")["details"].to_dict()
    assert found == {
        "choices merged": "A + B -> AB", "choices split": "C -> C1 + C2", "choices added": "E"
    }  # fmt: skip
    back = compare_editions(book, "new", "old").set_index("change")["details"].to_dict()
    assert back == {
        "choices merged": "C1 + C2 -> C", "choices split": "AB -> A + B", "choices removed": "E"
    }  # fmt: skip


def test_every_shipped_choice_names_former_choices_that_were_offered() -> None:
    offered: dict[str, set[str]] = {}
    for edition in CODEBOOK:
        for question in edition.questions:
            before = offered.setdefault(question.concept, set())
            assert {name for choice in question.choices for name in choice.renamed_from} <= before
            before |= set(question.labels)
