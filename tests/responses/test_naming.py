"""Organizations in sentences: who may be named, found by pseudonyms alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey import read_export
from survey.cli import main
from survey.codebook import PublishedFigure
from survey.errors import ProjectError
from survey.estimates import Estimates, share
from survey.project import refuse_names
from survey.responses import OrganizationNames, Responses, clean, keyed_footprints, may_be_named
from survey.responses.names import squeezed_name
from survey.responses.organizations import Respondent, organization_keys
from survey.responses.pseudonyms import Pseudonyms
from survey.synthetic import simulate

KEY = b"a key of these tests alone, no secret"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Responses, Responses]:
    """The same answers with pseudonyms and in clear."""
    folder = tmp_path_factory.mktemp("exports")
    exports = [
        read_export(simulate(edition, respondents=50, seed=7).write(folder / edition)[0])
        for edition in ("2023", "2024")
    ]
    return clean(exports, key=KEY), clean(exports, key=KEY, identified=True)


@pytest.fixture(scope="module")
def names(both: tuple[Responses, Responses]) -> OrganizationNames:
    return OrganizationNames.of(both[0], KEY)


def consent(both: tuple[Responses, Responses]) -> tuple[list[str], list[str]]:
    """Return names that consented afresh in 2024, and those that never did."""
    listed = may_be_named(both[1])
    fresh = listed[(listed["edition"] == "2024") & ~listed["carried_over"]]
    people = both[1].respondents.dropna(subset=["organization_name"])
    own = people["organization_name"].isin(listed["organization"])
    said = set(people.loc[own, "organization"])  # under another spelling, too
    never = people.loc[~people["organization"].isin(said), "organization_name"]
    willing = sorted(set(fresh["organization"]))
    return willing, sorted(name for name in set(never) if len(name) > 5)


def test_who_consented_may_be_named_and_others_not(
    both: tuple[Responses, Responses], names: OrganizationNames
) -> None:
    willing, never = consent(both)
    assert len(willing) > 3
    assert len(never) > 3
    for name in willing:
        assert not list(names.refused(f"At {name} clouds grew.", "2024"))
    for name in never:
        (found,) = names.refused(f"At {name} clouds grew.", "2024")
        assert found == (2, 1 + len(name.split()))


def test_spelling_hides_no_name(
    both: tuple[Responses, Responses], names: OrganizationNames
) -> None:
    for name in consent(both)[1]:
        assert list(names.refused(f"Thanks to {name.upper()}, it works.", "2024"))
        assert list(names.refused(f"Thanks to “{name}”.", "2024"))


def test_consent_holds_for_its_edition(
    both: tuple[Responses, Responses], names: OrganizationNames
) -> None:
    only_now = names.consented["2024"] - names.consented["2023"]
    people = both[1].respondents.dropna(subset=["organization_name"])
    called = people.loc[people["organization"].isin(only_now), "organization_name"]
    assert len(called)
    for name in called:
        assert not list(names.refused(f"At {name} clouds grew.", "2024"))
        assert list(names.refused(f"At {name} clouds grew.", "2023"))


def test_a_public_source_is_enough(both: tuple[Responses, Responses]) -> None:
    name = consent(both)[1][0]
    figures = keyed_footprints([PublishedFigure(name, "2024", 1000, "a talk")], KEY)
    names = OrganizationNames.of(both[0], KEY, None, figures)
    assert not list(names.refused(f"At {name} clouds grew.", "2024"))


def test_with_another_key_nobody_is_found(both: tuple[Responses, Responses]) -> None:
    names = OrganizationNames.of(both[0], b"another key")
    assert not list(names.refused(f"At {consent(both)[1][0]} clouds grew.", "2024"))


@pytest.mark.parametrize("place", ["title", "note", "net", "claim"])
def test_nothing_is_published_that_names_one_without_consent(
    both: tuple[Responses, Responses], names: OrganizationNames, place: str
) -> None:
    willing, never = consent(both)

    def checked(name: str) -> None:
        text = f"Clouds like that of {name}"
        table = _table(both[0], name if place == "net" else "Any")
        table = table.named("own", "t", text if place == "title" else None)
        table = table.noted(text) if place == "note" else table
        texts = [text] if place == "claim" else []
        refuse_names([table], texts, names, both[0].codebook, "2024")

    checked(willing[0])
    with pytest.raises(ProjectError, match="consent in 2024") as refused:
        checked(never[0])
    assert never[0] not in str(refused.value)


def _table(answers: Responses, net: str) -> Estimates:
    some = answers.codebook.edition("2024").by_concept["hypervisors"].labels[:2]
    return share(answers.in_edition("2024"), "hypervisors", nets={net: some})


def test_words_of_the_questionnaire_name_nobody(both: tuple[Responses, Responses]) -> None:
    """An organization may be called like an answer; a table about the answer is none about it."""
    respondents = both[0].respondents.copy()
    (key,) = organization_keys([Respondent("2024", 0, "", "KVM", squeezed_name("KVM"), ())])
    called = Pseudonyms(KEY).of("org", key)
    respondents.loc[respondents.index[0], "organization"] = called
    names = OrganizationNames.of(replace(both[0], respondents=respondents), KEY)
    assert list(names.refused("It runs on KVM today.", "2024"))
    table = _table(both[0], "Any").named("own", "t", "Which clouds run on KVM")
    refuse_names([table], [], names, both[0].codebook, "2024")


def test_a_project_publishes_no_claim_that_names_one(tmp_path: Path) -> None:
    """From the exports to the report, with a claim in survey.toml."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    written = simulate("2024", respondents=40, seed=7).write(tmp_path / "made")
    shutil.copy(written[0], tmp_path / "data" / "raw")
    answers = clean(read_export(written[0]), identified=True)
    listed = set(may_be_named(answers)["organization"])
    given = answers.respondents["organization_name"].dropna()
    name = next(name for name in sorted(set(given) - listed) if len(name) > 5)
    claim = f'[[claims]]\ntext = "Clouds such as {name} grew"\ntable = "industry"\nmore_than = 0\n'
    (tmp_path / "survey.toml").write_text(f'title = "Survey"\n{claim}', encoding="utf-8")
    done = CliRunner().invoke(main, ["preview", "--project", str(tmp_path)])
    assert done.exit_code == 2
    assert "named without consent" in done.output
    assert name not in done.output
