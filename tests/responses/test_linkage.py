"""Organizations that may be one: most of the true pairs that the rules miss, ranked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from survey.errors import ResponsesError
from survey.exports import read_export
from survey.responses import (
    OrganizationPair,
    Responses,
    clean,
    propose_organizations,
    read_aliases,
    write_alias_draft,
)
from survey.responses.linkage.blocking import candidates
from survey.responses.linkage.profile import Profile
from survey.responses.linkage.script import latin_name
from survey.synthetic import simulate
from survey.synthetic.invented_names import organization_name, spelled

EDITIONS = ("2019", "2020", "2021")
Pairs = set[frozenset[str]]


def average_precision(ranked: Sequence[OrganizationPair], true: Pairs) -> float:
    """Return the mean, over the true pairs, of the precision down to each (0 if it is missing)."""
    hits, total = 0, 0.0
    for rank, pair in enumerate(ranked, start=1):
        if frozenset((pair.one, pair.other)) in true:
            hits += 1
            total += hits / rank
    return total / len(true)


def true_pairs(answers: Responses, identity: Mapping[tuple[str, int], set[str]]) -> Pairs:
    """Return the pairs of organizations, as the rules left them, that are one in truth."""
    frame = answers.respondents
    truth: dict[str, set[str]] = defaultdict(set)
    keys = zip(
        frame["organization"], frame["edition"].astype(str), frame["respondent"], strict=True
    )
    for key, edition, number in keys:
        truth[key] |= identity.get((edition, int(number)), set())
    named = set(frame.loc[frame["organization_name"].notna(), "organization"])
    known = sorted(key for key in truth if key in named)
    return {frozenset(pair) for pair in combinations(known, 2) if truth[pair[0]] & truth[pair[1]]}


def identities(documents: Iterable[Mapping[str, object]]) -> dict[tuple[str, int], set[str]]:
    return {
        (document["edition"], each["SurveyID"]): {each["org_id"], each.get("merged_org_id")}
        - {None}
        for document in documents
        for each in document["respondents"]
    }


@pytest.fixture(scope="module", params=[23])
def simulated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Responses, Pairs]:
    folder, documents = tmp_path_factory.mktemp("editions"), []
    for edition in EDITIONS:
        simulation = simulate(edition, respondents=220, seed=request.param)
        simulation.write(folder)
        documents.append(simulation.truth_respondents)
    exports = [read_export(path) for path in sorted(folder.glob("Survey_2*.csv"))]
    answers = clean(exports, identified=True, key=b"k" * 32)
    return answers, true_pairs(answers, identities(documents))


def test_pairs_that_the_rules_miss_are_proposed_and_ranked_first(
    simulated: tuple[Responses, Pairs],
) -> None:
    answers, true = simulated
    proposed = propose_organizations(answers)
    assert len(true) >= 5
    found = {frozenset((pair.one, pair.other)) for pair in proposed}
    assert len(found & true) >= 0.8 * len(true)
    assert average_precision(proposed, true) >= 0.8
    assert [pair.score for pair in proposed] == sorted((p.score for p in proposed), reverse=True)


def test_a_high_score_is_mostly_right_and_says_why(simulated: tuple[Responses, Pairs]) -> None:
    answers, true = simulated
    sure = [pair for pair in propose_organizations(answers) if pair.score >= 0.9]
    right = [pair for pair in sure if frozenset((pair.one, pair.other)) in true]
    assert len(right) >= 0.8 * len(sure)
    assert all(pair.evidence for pair in sure)
    assert all(sum(each.bits for each in pair.evidence) > 0 for pair in sure)


def test_the_exporters_fixture_with_the_rules_switched_off(shared: Path) -> None:
    """Each way to write a name apart: proposals must find what the rules would have joined."""
    import json

    folder = shared / "fixtures/exporter_2018"
    exports = [read_export(path) for path in sorted(folder.glob("Survey_2*.csv"))]
    answers = clean(exports, identified=True, key=b"k" * 32)
    people = answers.respondents[answers.respondents["organization_name"].notna()]
    apart = people.assign(organization=people["organization_name"].str.strip())
    clouds = answers.deployments[answers.deployments["respondent"].isin(people["respondent"])]
    owner = dict(zip(apart["respondent"], apart["organization"], strict=True))
    clouds = clouds.assign(organization=clouds["respondent"].map(owner))
    written = replace(
        answers, respondents=apart.reset_index(drop=True), deployments=clouds.reset_index(drop=True)
    )
    document = json.loads((folder / "truth_respondents.json").read_text("utf-8"))
    true = true_pairs(written, identities([document]))
    proposed = propose_organizations(written)
    assert len(true) > 50
    assert average_precision(proposed, true) >= 0.9


# ---------------------------------------------------------------- small cases


def answers_of(rows: Sequence[Mapping[str, str]]) -> Responses:
    """Return identified answers that say no more than ``rows``."""
    from survey.estimates.examples import answers

    example = answers()
    columns = (
        "organization_name",
        "email",
        "member",
        "primary_country",
        "primary_city",
        "industry",
    )
    frame = pd.DataFrame([{name: row.get(name) for name in columns} for row in rows])
    frame["edition"] = [row.get("edition", "2019") for row in rows]
    frame["respondent"] = range(len(rows))
    frame["organization"] = [row.get("key", row["organization_name"]) for row in rows]
    return replace(
        example, respondents=frame, deployments=example.deployments.iloc[:0], identified=True
    )


def filler(count: int) -> list[dict[str, str]]:
    return [
        {"organization_name": organization_name(n, 0), "primary_country": "DE" if n % 2 else "US"}
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"organization_name": "Облако"}, {"organization_name": "Oblako"}, "Latin"),
        (
            {"organization_name": "Example Telko"},
            {"organization_name": "Example Telco"},
            "letters apart",
        ),
        (
            {"organization_name": "European Weather Centre", "primary_city": "Bonn"},
            {"organization_name": "EWC", "primary_city": "Bonn"},
            "initials",
        ),
        (
            {"organization_name": "Example Telco", "email": "a@extel.test"},
            {"organization_name": "Beispielfunk", "email": "b@extel.test"},
            "same mail domain",
        ),
        (
            {"organization_name": "Beispielfunk"},
            {"organization_name": "Funk Beteiligungen", "email": "b@eu.beispielfunk.co.uk"},
            "mail domain spells",
        ),
        (
            {"organization_name": "Before", "member": "77", "primary_city": "Bonn"},
            {"organization_name": "After", "member": "77", "primary_city": "Bonn"},
            "same account",
        ),
    ],
)
def test_kinds_of_evidence(one: dict[str, str], other: dict[str, str], why: str) -> None:
    first, *_ = propose_organizations(answers_of([*filler(120), one, other]), least=0.001)
    assert set(first.names) == {one["organization_name"], other["organization_name"]}
    assert any(why in each.what for each in first.evidence)


def test_what_many_share_proves_little() -> None:
    shared = [{**row, "email": f"x{n}@mail.test"} for n, row in enumerate(filler(25))]
    pair = [
        {"organization_name": "Example Telco", "email": "a@mail.test"},
        {"organization_name": "Beispielfunk", "email": "b@mail.test"},
    ]
    proposed = propose_organizations(answers_of([*shared, *pair]), least=0.5)
    assert not [p for p in proposed if set(p.names) == {"Example Telco", "Beispielfunk"}]


def test_names_are_needed() -> None:
    with pytest.raises(ResponsesError, match="identified=True"):
        propose_organizations(replace(answers_of(filler(3)), identified=False))


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_few_organizations_are_no_trouble(rows: int) -> None:
    assert propose_organizations(answers_of(filler(3)[:rows]), least=0.9) == ()


def test_five_thousand_organizations_mean_few_comparisons() -> None:
    """All pairs would be 12.5 million; what was spelled differently is still among the few."""
    profiles = []
    for number in range(5000):
        name = organization_name(number % 4900, 0)
        profiles.append(Profile(str(number), {spelled(name, 4) if number >= 4900 else name: 1}))
    pairs = candidates(profiles)
    assert len(pairs) < 40 * len(profiles)
    assert sum((number - 4900, number) in set(pairs) for number in range(4900, 5000)) >= 95


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Ελληνικά", "ellinika"),
        ("Яндекс", "yandeks"),
        ("삼성", "samseong"),
        ("中国移动", "中国移动"),
    ],
)
def test_scripts(name: str, latin: str) -> None:
    assert latin_name(name) == latin


# ---------------------------------------------------------------- the draft


@pytest.fixture
def pairs() -> tuple[OrganizationPair, ...]:
    rows = [
        {"organization_name": 'Example "Telko"', "edition": "2018", "email": "a@extel.test"},
        {"organization_name": "Example Telco", "edition": "2019", "email": "b@extel.test"},
        {"organization_name": "Before", "edition": "2018", "email": "c@same.test", "member": "7"},
        {"organization_name": "After", "edition": "2019", "email": "d@same.test", "member": "7"},
    ]
    return propose_organizations(answers_of([*filler(60), *rows]), least=0.9)


def test_a_draft_decides_nothing_until_a_person_does(
    tmp_path: Path, pairs: tuple[OrganizationPair, ...]
) -> None:
    path = tmp_path / "aliases.toml"
    assert write_alias_draft(pairs, path) == len(pairs) == 2
    assert path.stat().st_mode & 0o077 == 0
    draft = read_aliases(path)
    assert (draft.same_names, draft.dated, draft.distinct_names) == ((), (), frozenset())
    text = path.read_text("utf-8")
    assert 'name = "Before"\nto = "After"\nedition = "2019"' in text
    accepted = text.replace('"undecided"', '"accepted"\ndecided = 2025-01-02')
    path.write_text(accepted, "utf-8")
    assert read_aliases(path).current("before", "2018") == read_aliases(path).current(
        "after", "2018"
    )


def test_a_draft_is_added_to_and_what_was_rejected_stays_away(
    tmp_path: Path, pairs: tuple[OrganizationPair, ...]
) -> None:
    path = tmp_path / "aliases.toml"
    write_alias_draft(pairs[:1], path)
    path.write_text("# ours\n" + path.read_text("utf-8").replace("undecided", "rejected"), "utf-8")
    before = path.read_text("utf-8")
    assert write_alias_draft(pairs, path) == 1
    assert path.read_text("utf-8").startswith(before)
    assert write_alias_draft(pairs, path) == 0
    rows = [
        {"organization_name": name, "email": "a@same.test", "member": "7"}
        for name in pairs[0].names
    ]
    answers = answers_of([*filler(60), *rows])
    assert propose_organizations(answers)[0].names == tuple(sorted(pairs[0].names))
    assert not [
        pair
        for pair in propose_organizations(answers, read_aliases(path))
        if set(pair.names) == set(pairs[0].names)
    ]
