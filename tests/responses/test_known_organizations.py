"""Published figures find their organizations, in clear and under a key, and nobody else's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from survey.codebook import PublishedFigure
from survey.disclosure import protect
from survey.estimates import tabulate_again, total
from survey.estimates.numbers.total import TOTAL
from survey.exports import Export, read_export
from survey.responses import Responses, clean, keyed_footprints, read_aliases
from survey.synthetic import simulate

KEY = b"a key for tests, and for them alone"
CORES = 7_654_321


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("known")
    simulate("2023", respondents=80, seed=3).write(folder)
    return read_export(next(folder.glob("Survey_2023*.csv")), invented=True)


@pytest.fixture(scope="module")
def identified(export: Export) -> Responses:
    return clean(export, identified=True, key=KEY)


@pytest.fixture(scope="module")
def pseudonymous(export: Export) -> Responses:
    return clean(export, key=KEY)


@pytest.fixture(scope="module")
def several(identified: Responses) -> str:
    """Return the name of an organization that described several clouds."""
    told = identified.deployments[identified.deployments["compute_cores"].notna()]
    most = told["organization"].value_counts().index[0]
    people = identified.respondents
    names = people.loc[people["organization"] == most, "organization_name"].dropna()
    return str(names.iloc[0])


def row(answers: Responses, *known: PublishedFigure) -> pd.Series:
    return total(answers, "compute_cores", published_figures=known).frame.iloc[0]


def figure(name: str) -> PublishedFigure:
    return PublishedFigure(f"{name.upper()}  Ltd.", "2023", CORES, "a talk")


def test_a_figure_finds_its_organization_by_any_spelling(
    identified: Responses, several: str
) -> None:
    plain, known = row(identified), row(identified, figure(several))
    assert (plain["known_count"], known["known_count"]) == (0, 1)
    assert known["lower_bound"] > CORES
    assert known["answered"] == plain["answered"]


def test_under_a_key_it_is_found_with_the_key_alone(
    identified: Responses, pseudonymous: Responses, several: str
) -> None:
    assert row(pseudonymous, figure(several))["known_count"] == 0
    keyed = keyed_footprints([figure(several)], KEY)
    pd.testing.assert_series_equal(
        row(pseudonymous, *keyed), row(identified, figure(several)), check_names=False
    )
    assert row(pseudonymous, *keyed_footprints([figure(several)], b"k" * 32))["known_count"] == 0
    assert several.casefold() not in str(keyed).casefold()


def test_decisions_about_names_hold_for_figures_too(
    export: Export, several: str, tmp_path: Path
) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text(f'[[same]]\nnames = ["A name of its own", "{several}"]\ndecided = 2024-09-01\n')
    aliases = read_aliases(path)
    answers = clean(export, key=KEY, aliases=aliases)
    other = PublishedFigure("A name of its own", "2023", CORES, "a talk")
    assert row(answers, *keyed_footprints([other], KEY, aliases))["known_count"] == 1


def test_a_publication_does_not_tell_whether_a_known_organization_took_part(
    pseudonymous: Responses, several: str
) -> None:
    nobody = PublishedFigure("Nobody Anywhere", "2023", CORES, "a talk")
    told = []
    for figures in ([figure(several)], [nobody]):
        known = keyed_footprints(figures, KEY)
        table = total(pseudonymous, "compute_cores", published_figures=known).named(
            "cores", "sizes"
        )
        assert any("known figure" in note for note in table.notes)
        publication = protect([table], title="x", edition="2023", answers=pseudonymous)
        shown = [(each.notes, *each.frame.columns) for each in publication.tables.values()]
        told.append((shown, [entry.record() for entry in publication.plan]))
    assert told[0] == told[1]
    assert "known_count" not in str(told[0])


def test_a_figure_of_nobody_replaces_nothing(identified: Responses) -> None:
    nobody = PublishedFigure("Nobody Anywhere", "2023", CORES, "a talk")
    assert row(identified, nobody)["known_count"] == 0


def published(answers: Responses, *figures: PublishedFigure) -> float:
    """The total that a publication of everything but sums of records would compute."""
    table = total(answers, "compute_cores", published_figures=figures or None)
    (cells,) = tabulate_again(table)
    return float(TOTAL.point(cells, table.arguments).value[0, 0])


def test_a_published_total_uses_figures_of_those_that_agreed_to_be_named(
    pseudonymous: Responses, several: str
) -> None:
    known = keyed_footprints([figure(several)], KEY)
    clouds = pseudonymous.deployments
    kept = {}
    for consent in ("Public", "Confidential"):
        changed = clouds.assign(is_public=pd.Categorical([consent] * len(clouds)))
        kept[consent] = dataclasses.replace(pseudonymous, deployments=changed)
    plain = published(kept["Confidential"])
    assert published(kept["Confidential"], *known) == plain
    with_figure = published(kept["Public"], *known)
    assert with_figure > plain
    whole = row(pseudonymous, *known)
    without = row(pseudonymous)
    assert with_figure - plain == pytest.approx(whole["value"] - without["value"], rel=0.05)
