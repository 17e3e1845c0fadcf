"""The same numbers as R gives for banded answers; see ``tests/oracle/bands.R``."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Unit
from survey.estimates import Weights, association, quantile, ratio, total
from survey.estimates.change.change_of_medians import change_of_quantile
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.bivariate import bivariate_below
from survey.estimates.numbers.distribution_limits import curve_of, share_limits
from survey.estimates.numbers.filling import fit_edges
from survey.estimates.numbers.models import fit
from survey.estimates.numbers.turnbull import turnbull
from survey.estimates.precision.bootstrap import generator, resampled
from survey.estimates.tabulation.banded_answers import Cells
from survey.estimates.tabulation.sums import cells
from tests.estimates import band_builders as make

ORACLE = Path(__file__).parents[1] / "oracle"
CLOSE = {"rtol": 1e-6, "atol": 1e-6}
CORES, NODES, TEAM, STAGE = "compute_cores", "compute_nodes", "team_size", "deployment_stage"
CASES = ("independent", "clustered", "uneven", "small", "alike")
KEYS = ["weighted", "stage"]


@cache
def table(name):
    return pd.read_csv(ORACLE / f"bands_{name}.csv", keep_default_na=False, na_values=["NA"])


@cache
def stage_of():
    return dict(zip("ABC", make.codebook().question(STAGE, make.EDITION).labels, strict=False))


@cache
def answers(case):
    rows = table("answers")
    picked = rows[rows["case"] == case].to_dict("records")
    return make.answers_of(
        [
            {
                "organization": f"org {row['org']}",
                STAGE: stage_of()[row["stage"]],
                **{
                    concept: None if np.isnan(row[name]) else make.label(concept, int(row[name]))
                    for concept, name in ((CORES, "cores"), (NODES, "nodes"), (TEAM, "team"))
                },
            }
            for row in picked
        ]
    )


@cache
def weights(case, weighted):
    if not weighted:
        return None
    frame = answers(case).deployments
    rows = table("answers")
    index = pd.MultiIndex.from_frame(frame[["edition", "deployment"]])
    values = pd.Series(rows.loc[rows["case"] == case, "weight"].to_numpy(), index=index)
    return Weights(values, Unit.DEPLOYMENT, "hand", pd.DataFrame())


def pairs_of(name):
    """Return the cases, unweighted and weighted, that one of R's tables covers."""
    return list(table(name)[["case", "weighted"]].drop_duplicates().itertuples(index=False))


def by_stage(table_of, case, weighted, **options):
    """One frame of all deployments and of each stage, indexed like R's tables."""
    given = {"weights": weights(case, weighted), **options}
    whole = table_of(answers(case), **given).frame.assign(stage="")
    each = table_of(answers(case), by=STAGE, **given).frame
    letters = {label: letter for letter, label in stage_of().items()}
    return pd.concat([whole, each.assign(stage=each[STAGE].map(letters))])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_shares_below_edges_and_their_limits(case, weighted):
    wanted = table("shares").query("case == @case and weighted == @weighted")
    for stage, rows in wanted.groupby("stage"):
        by = None if stage == "" else STAGE
        banded = ask_bands(answers(case), (CORES,), by, weights=weights(case, weighted))
        place = 0 if by is None else list(banded.grouping.labels[0]).index(stage_of()[stage])
        by_cell = banded.sums(banded.one_hot())
        curve = curve_of(banded.only.cells, by_cell.per_group(by_cell.chosen))
        limits_of, _ = share_limits(banded, curve)
        found = cells(banded.sums(np.cumsum(banded.one_hot(), axis=1)))
        np.testing.assert_allclose(curve.share[place, :6], rows["share"], **CLOSE)
        se = np.sqrt(found.variance[place, :6])
        np.testing.assert_allclose(se, rows["se"].fillna(0.0), **CLOSE)
        # Units that are clusters of their own have Wilson's interval, which R does not offer.
        if not found.alone[place, 0]:
            known = (rows["low"].notna() & (rows["se"] > 1e-9)).to_numpy()
            for limits, name in zip(limits_of, ("low", "high"), strict=True):
                np.testing.assert_allclose(limits[place, :6][known], rows[name][known], **CLOSE)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_quantiles_lie_in_the_band_that_svyquantile_names(case, weighted):
    wanted = table("quantiles").query("case == @case and weighted == @weighted")
    qs = sorted(wanted["q"].unique())
    found = by_stage(
        lambda answers, **options: quantile(answers, CORES, qs, **options), case, weighted
    )
    names = {f"{100 * q:g} % quantile" if q != 0.5 else "median": q for q in qs}
    found = found.assign(q=found["answer"].map(names)).set_index(["stage", "q"])["lower_bound"]
    wanted = wanted.set_index(["stage", "q"])["band"]
    np.testing.assert_array_equal(np.log10(found[wanted.index]), wanted)


@cache
def in_two_editions(case):
    """Every other answer is taken for the later edition, as in R."""
    rows = table("answers")
    picked = rows[rows["case"] == case].to_dict("records")
    return make.answers_of(
        [
            {
                "edition": ("2022", "2023")[place % 2],
                "organization": f"org {row['org']}",
                CORES: None if np.isnan(row["cores"]) else make.label(CORES, int(row["cores"])),
            }
            for place, row in enumerate(picked)
        ]
    )


def weights_of_two(case, weighted):
    if not weighted:
        return None
    keys = in_two_editions(case).deployments[["edition", "deployment"]]
    values = weights(case, True).values.to_numpy()
    index = pd.MultiIndex.from_frame(keys)
    return Weights(pd.Series(values, index=index), Unit.DEPLOYMENT, "hand", pd.DataFrame())


@pytest.mark.parametrize("row", table("changes").to_dict("records"))
def test_changes_of_quantiles_with_the_same_organizations_in_both_editions(row):
    banded = ask_bands(
        in_two_editions(row["case"]),
        (CORES,),
        "edition",
        weights=weights_of_two(row["case"], row["weighted"]),
    )
    moved = change_of_quantile(banded, row["q"], "log")
    for name in set(row) - {"case", "weighted", "q"}:
        np.testing.assert_allclose(getattr(moved, name), row[name], rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("case", ["clustered", "uneven"])
def test_organizations_are_drawn_for_both_editions_together(case):
    banded = ask_bands(in_two_editions(case), (CORES,), "edition")
    closed = banded.only.code < 5
    sums = banded.sums(banded.one_hot()[:, :5], banded.answered & closed)
    drawn = resampled(sums.clusters, 20_000, generator())[:, sums.cluster]
    least = (sums.chosen @ banded.only.cells.low[:5]) * np.where(sums.group == 1, 1.0, -1.0)
    wanted = table("sums").query("case == @case and not weighted and stage == 'change'")
    assert least.sum() == pytest.approx(wanted["total"].item())
    assert np.std(drawn @ least) == pytest.approx(wanted["se"].item(), rel=0.03)


@pytest.mark.parametrize(("case", "weighted"), pairs_of("positions"))
def test_quantiles_and_limits_are_those_of_inverted_svyciprop(case, weighted):
    wanted = table("positions").query("case == @case and weighted == @weighted")
    names = {"25 % quantile": 0.25, "median": 0.5, "75 % quantile": 0.75}
    found = by_stage(
        lambda answers, **options: quantile(
            answers, CORES, list(names.values()), interpolation="log", **options
        ),
        case,
        weighted,
    )
    found = found.assign(q=found["answer"].map(names)).set_index(["stage", "q"])
    wanted = wanted.set_index(["stage", "q"])
    for name in ("value", "low", "high"):
        np.testing.assert_allclose(found.loc[wanted.index, name], wanted[name], rtol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_sums_of_lower_edges(case, weighted):
    wanted = table("sums").query("case == @case and weighted == @weighted and stage != 'change'")
    wanted = wanted.set_index("stage")
    found = by_stage(
        lambda answers, **options: total(answers, CORES, replicates=100, **options), case, weighted
    ).set_index("stage")["lower_bound"]
    np.testing.assert_allclose(found[wanted.index], wanted["total"], rtol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_bootstrap_of_clusters_has_the_standard_error_of_svytotal(case):
    banded = ask_bands(answers(case), (CORES,))
    sums = banded.sums(banded.one_hot())
    parts = np.zeros((sums.clusters, 1))
    parts[sums.cluster] = sums.chosen @ banded.only.cells.low[:, None]
    drawn = resampled(sums.clusters, 20_000, generator()) @ parts
    wanted = table("sums").query("case == @case and not weighted and stage == ''")["se"].item()
    assert np.std(drawn) == pytest.approx(wanted, rel=0.03)


@pytest.mark.parametrize(("case", "weighted"), pairs_of("ratios"))
def test_ratios_of_sums_of_edges(case, weighted):
    wanted = table("ratios").query("case == @case and weighted == @weighted").set_index("stage")
    found = by_stage(
        lambda answers, **options: ratio(
            answers, CORES, TEAM, statistic="total", replicates=100, **options
        ),
        case,
        weighted,
    ).set_index("stage")["lower_bound"]
    np.testing.assert_allclose(found[wanted.index], wanted["ratio"], rtol=1e-9)


@pytest.mark.parametrize("row", table("fits").to_dict("records"), ids=lambda r: str(r["case"]))
def test_families_have_the_likelihood_and_parameters_of_survreg(row):
    banded = ask_bands(answers(row["case"]), (CORES,)).only
    counts = np.bincount(banded.code[banded.answered], minlength=len(banded.cells))
    fitted = fit(row["family"], *fit_edges(banded.cells), counts.astype(float))
    assert fitted.log_likelihood[0] == pytest.approx(row["log_likelihood"], rel=1e-9)
    found = [fitted.theta[0, 0], np.exp(fitted.theta[0, 1])]
    np.testing.assert_allclose(found, [row["location"], row["spread"]], rtol=2e-6)


def test_turnbull_has_the_distribution_of_survfit():
    pooled = table("pooled").astype(float)
    low, reach, count = (pooled[name].to_numpy() for name in ("low", "reach", "count"))
    found = turnbull(low, reach, count)
    wanted = table("turnbull")
    below = [found.share[found.reach <= edge].sum() for edge in wanted["edge"]]
    # R closes its intervals, here a millionth below their ends, so it has no mass at an edge.
    np.testing.assert_allclose(below, wanted["share"], **CLOSE)


@pytest.mark.parametrize("row", table("pairs").to_dict("records"), ids=lambda r: str(r["case"]))
def test_rank_association_and_its_jackknife(row):
    frame = association(answers(row["case"]), CORES, TEAM).frame
    wanted = ["tau", "team_given_cores", "cores_given_team"]
    np.testing.assert_allclose(frame["value"], [row[name] for name in wanted], **CLOSE)
    np.testing.assert_allclose(frame["se"], [row[f"se_{name}"] for name in wanted], **CLOSE)


def test_bivariate_normal():
    grid = table("bivariate")
    found = bivariate_below(*(grid[name].to_numpy() for name in ("h", "k", "rho")))
    np.testing.assert_allclose(found, grid["below"], atol=1e-6)


@pytest.mark.parametrize(
    "row", table("correlations").to_dict("records"), ids=lambda r: str(r["case"])
)
def test_bivariate_lognormal_behind_two_banded_questions(row):
    found = ratio(answers(row["case"]), CORES, NODES, replicates=100).frame.iloc[0]
    assert found["value"] == pytest.approx(row["median_ratio"], rel=1e-6)
    assert found["correlation"] == pytest.approx(row["correlation"], abs=1e-6)


def test_bands_that_overlap_in_one_number_tell_it():
    """1 to 3, 3 to 5 and 10 to 19: what the first two share is 3, and the last hides nine."""
    low, high = np.array([1.0, 3, 10]), np.array([3.0, 5, 19])
    curve = curve_of(Cells(low, high, high + 1, ("a", "b", "c")), np.array([[4.0, 4, 2]]))
    assert (curve.low.tolist(), curve.reach.tolist()) == ([3, 10], [4, 20])
    assert curve.single.tolist() == [True, False]
    assert curve.certain.tolist() == [False, True]  # nobody is above the last band, open or not
    assert curve.share[0] == pytest.approx([0.8, 1.0])
