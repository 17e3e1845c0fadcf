"""The same numbers as R's ``survey`` package; see ``tests/oracle/survey.R``."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from survey.codebook import Unit
from survey.estimates import compare, nps, poststratify, rake, share, trend
from survey.estimates.change.compare_scores import score_correlation
from survey.estimates.design.sample import draw
from survey.estimates.design.weights import Weights
from survey.estimates.precision.intervals import (
    Limits,
    korn_graubard,
    student_factor,
    t_quantile,
)
from survey.estimates.precision.table_tests import exchange_test, table_of_scores
from survey.estimates.shares.nps import sorted_scores, variance_of
from survey.estimates.tabulation.counting import count
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.indicator import read_indicator
from survey.responses import Responses, read_frame
from tests.estimates import builders as make
from tests.oracle.rao_scott import rao_scott, table_scores

ORACLE = Path(__file__).parents[1] / "oracle"
CLOSE = {"abs": 1e-6, "rel": 0.0}
TOOLS = [f"tool_{tool}" for tool in make.TOOLS]


def table(name: str, **types: type) -> pd.DataFrame:
    return pd.read_csv(ORACLE / f"{name}.csv", dtype=types or None, keep_default_na=True)


@cache
def rows() -> pd.DataFrame:
    return pd.read_csv(ORACLE / "answers.csv", dtype={"edition": str, "score": str})


def records() -> Iterator[dict[str, object]]:
    for place, row in enumerate(rows().to_dict("records")):
        chosen = [tool for tool, name in zip(make.TOOLS, TOOLS, strict=True) if row[name] == 1]
        kept = {key: row[key] for key in ("edition", "organization", "score")}
        closed = {key: row[key] for key in ("stage", "size") if isinstance(row[key], str)}
        levels = {name: row[f"project_{name}"] for name in make.PROJECTS}
        levels = {name: level for name, level in levels.items() if isinstance(level, str)}
        ranks = {name: row[f"rank_{name}"] for name in make.DRIVERS}
        order = sorted((rank, name) for name, rank in ranks.items() if rank > 0)
        filled = {"projects": levels} if levels else {}
        ranking = {"drivers": [name for _, name in order]} if order else {}
        yield {**kept, **closed, **filled, **ranking, "tools": chosen, "respondent": f"r{place}"}


@cache
def answers() -> Responses:
    return read_frame(pd.DataFrame(records()), make.book(("2017", "2018", "2019")))


@cache
def weights(unit: Unit, column: str) -> Weights | None:
    if column == "one":
        return None
    frame = answers().frame(unit)
    index = pd.MultiIndex.from_frame(frame[["edition", unit.value]].astype(str))
    in_order = rows().sort_values("edition", kind="stable")  # as answers are, edition by edition
    values = pd.Series(in_order[column].to_numpy(), index=index)
    return Weights(values, unit, "hand", pd.DataFrame())


def rows_alone(kept: pd.Series) -> Responses:
    """Return some rows as a survey of their own: R drops them before it makes the design."""
    return replace(answers().where(kept, unit="deployment"), whole=None)


@cache
def raked_part() -> tuple[Responses, Weights]:
    """Return the rows that answered both margins' questions, and our own raked weights."""
    frame = answers().deployments
    known = rows_alone(frame["stage"].notna() & frame["size"].notna())
    stages = dict(zip(make.STAGES, (0.5, 0.3, 0.2), strict=True))
    sizes = dict(zip(make.SIZES, (0.6, 0.3, 0.1), strict=True))
    return known, rake(known, {"stage": stages, "size": sizes}, tolerance=1e-12)


def keyed(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    return frame.set_index([by, "answer"] if by else "answer")


CASES = list(
    table("shares", group=str, by=str)
    .fillna({"by": "", "group": ""})
    .groupby(["cluster", "weight", "concept", "by"])
)


@pytest.mark.parametrize("case", [pytest.param(rows, id="-".join(key)) for key, rows in CASES])
class TestShares:
    def ours(self, case: pd.DataFrame, **options: object) -> pd.DataFrame:
        first = case.iloc[0]
        found = share(
            answers(),
            first["concept"],
            first["by"] or None,
            cluster="organization" if first["cluster"] == "organization" else None,
            weights=weights(Unit.DEPLOYMENT, first["weight"]),
            **options,
        )
        key = (
            list(zip(case["group"], case["answer"], strict=True))
            if first["by"]
            else list(case["answer"])
        )
        return keyed(found.frame, first["by"]).loc[key]

    def test_counts_shares_and_standard_errors(self, case: pd.DataFrame) -> None:
        ours = self.ours(case)
        assert ours["count"].tolist() == case["count"].tolist()
        assert ours["base"].tolist() == case["base"].tolist()
        several_clusters = ~(case["df"] < 1).to_numpy()
        for name in ("value", "se"):
            got, want = ours[name].to_numpy()[several_clusters], case[name][several_clusters]
            assert got == pytest.approx(want.to_numpy(), nan_ok=True, **CLOSE)

    @pytest.mark.parametrize("level", [90, 95])
    def test_logit_intervals(self, case: pd.DataFrame, level: int) -> None:
        ours = self.ours(case, interval="logit", level=level / 100)
        inside = case["value"].between(1e-9, 1 - 1e-9).to_numpy() & (case["df"] > 0).to_numpy()
        for side in ("low", "high"):
            want = case[f"xlogit_{side}_{level}"].to_numpy()
            assert ours[side].to_numpy()[inside] == pytest.approx(want[inside], **CLOSE)
            assert want[inside] == pytest.approx(
                case[f"logit_{side}_{level}"].to_numpy()[inside], **CLOSE
            )

    @pytest.mark.parametrize("level", [90, 95])
    def test_korn_graubard_intervals(self, case: pd.DataFrame, level: int) -> None:
        """Ours never counts more effective units than units; elsewhere it is R's."""
        ours = self.ours(case, interval="beta", level=level / 100)
        p, n = case["value"].to_numpy(), case["base"].to_numpy()
        inside = case["value"].between(1e-9, 1 - 1e-9).to_numpy() & (case["df"] > 0).to_numpy()
        effective = np.divide(
            p * (1 - p), case["se"].to_numpy() ** 2, out=np.full(len(p), np.nan), where=inside
        )
        quantiles = t_quantile(level / 100, n - 1) / t_quantile(level / 100, case["df"])
        low, high = korn_graubard(p, effective * quantiles**2, level / 100)
        for side, limit in (("low", low), ("high", high)):
            want = case[f"beta_{side}_{level}"].to_numpy()
            assert limit[inside] == pytest.approx(want[inside], **CLOSE)
            clustered = inside & (effective <= n) & (ours["deff"] > 1).to_numpy()
            assert ours[side].to_numpy()[clustered] == pytest.approx(want[clustered], **CLOSE)

    def test_the_default_is_the_logit_interval_but_for_rare_answers(
        self, case: pd.DataFrame
    ) -> None:
        """Those have Jeffreys' at the design effect of all answers, here from R's variances."""
        usual, curved = self.ours(case), self.ours(case, interval="logit")
        low, high = np.full((2, len(case)), np.nan)
        alone = np.zeros(len(case), dtype=bool)
        for _, rows in case.reset_index(drop=True).groupby("group"):
            low[rows.index], high[rows.index] = rare_limits(rows)
            alone[rows.index] = (rows["se"] > 1e-6).sum() < 3  # no pool: the near limit alone moves
        rare = np.isfinite(low)
        near = {"low": alone & (case["value"] <= 0.5), "high": alone & (case["value"] > 0.5)}
        clustered = ~rare & ((usual["clusters"] < usual["base"]) & (case["df"] > 0).to_numpy())
        if case["cluster"].iloc[0] == "unit" and case["weight"].iloc[0] == "one":
            assert usual["low"].equals(self.ours(case, interval="wilson")["low"])
            return
        for side, limit in (("low", low), ("high", high)):
            same = clustered & ~near[side].to_numpy()
            assert usual[side][same].tolist() == pytest.approx(
                curved[side][same].tolist(), nan_ok=True
            )
            assert (usual["low"] >= curved["low"] - 1e-9)[clustered].all()
            assert (usual["high"] <= curved["high"] + 1e-9)[clustered].all()
            assert usual[side].to_numpy()[rare] == pytest.approx(limit[rare], **CLOSE)


def rare_limits(rows: pd.DataFrame) -> Limits:
    """Return the limits of the rare answers to one question in one group; others are ``nan``."""
    p, n, variance = rows["value"].to_numpy(), rows["base"].to_numpy(), rows["se"].to_numpy() ** 2
    varies = variance > 1e-12
    nothing = np.full(len(rows), np.nan)
    if varies.sum() < 3:
        return Limits(nothing, nothing)
    spread = p * (1 - p)
    pooled = max(variance[varies].sum() / (spread[varies] / n[varies]).sum(), 1.0)
    own = np.divide(spread, variance, out=n / pooled, where=varies)
    worth = np.minimum(np.minimum(own, n), n / pooled)
    rare = np.minimum(p, 1 - p) * worth < 20
    size = np.sqrt(worth * n / pooled) * student_factor(t_quantile(0.95, rows["freedom"]), 0.95)
    low, far, near, high = (
        beta.ppf(q, size * p + 0.5, size * (1 - p) + 0.5) for q in (0.025, 0.05, 0.95, 0.975)
    )
    low = np.maximum(low, np.minimum(np.minimum(far, 1 - 0.05 ** (1 / size)), p))
    high = np.minimum(high, np.maximum(np.maximum(near, 0.05 ** (1 / size)), p))
    low = np.select([p <= 0, p >= 1], [0.0, 0.05 ** (1 / size)], low)
    high = np.select([p <= 0, p >= 1], [1 - 0.05 ** (1 / size), 1.0], high)
    return Limits(*(np.where(rare, limit, np.nan) for limit in (low, high)))


CELLS = table("cells", group=str, by=str).fillna({"by": "", "group": ""})
WIDER = [
    pytest.param(rows, id="-".join(key))
    for key, rows in CELLS.groupby(["cluster", "weight", "concept", "by"])
]


@pytest.mark.parametrize("case", WIDER)
def test_matrices_rankings_crossed_groups_and_raked_weights(case: pd.DataFrame) -> None:
    """Counts, shares, standard errors and intervals; empty, whole and one-cluster cells too."""
    first = case.iloc[0]
    unit = Unit.RESPONDENT if first["concept"] == "drivers" else Unit.DEPLOYMENT
    asked, weight = answers(), weights(unit, "weight" if first["weight"] == "weight" else "one")
    if first["weight"] == "raked":
        asked, weight = raked_part()
    by = first["by"].split(" x ") if first["by"] else []
    cluster = first["cluster"] if first["cluster"] == "organization" else None
    found = share(asked, first["concept"], by, cluster=cluster, weights=weight, interval="logit")
    names = found.frame[by].astype(str).agg(" x ".join, axis=1) if by else ""
    ours = found.frame.assign(group=names).set_index(["group", "answer"])
    ours = ours.loc[list(zip(case["group"], case["answer"], strict=True))]
    assert ours["count"].tolist() == case["count"].tolist()
    assert ours["base"].tolist() == case["base"].tolist()
    assert ours["clusters"].tolist() == case["clusters"].tolist()
    empty = (case["base"] == 0).to_numpy()
    assert (ours["status"][empty] == "empty").all()
    assert ours.loc[empty, ["value", "low", "high", "se"]].isna().all().all()
    assert ours["value"].to_numpy() == pytest.approx(case["value"].to_numpy(), nan_ok=True, **CLOSE)
    several = (case["clusters"] > 1).to_numpy()
    assert ours["se"].to_numpy()[several] == pytest.approx(case["se"].to_numpy()[several], **CLOSE)
    inside = case["low"].notna().to_numpy() & (case["se"] > 1e-9).to_numpy()
    for side in ("low", "high"):
        got, want = ours[side].to_numpy()[inside], case[side].to_numpy()[inside]
        assert got == pytest.approx(want, **CLOSE)


def test_the_grid_has_the_cells_that_go_wrong() -> None:
    whole = CELLS["value"].isin([0.0, 1.0]) & (CELLS["base"] > 0)
    assert (CELLS["base"] == 0).sum() > 50
    assert (whole & (CELLS["value"] == 0)).sum() > 50
    assert (whole & (CELLS["value"] == 1)).sum() > 20
    assert ((CELLS["clusters"] == 1) & (CELLS["base"] > 1)).any()
    assert (CELLS["base"] == 1).any()


@pytest.mark.parametrize("weight", ["one", "weight"])
@pytest.mark.parametrize("by", [None, "edition"])
def test_mean_ranks_and_first_places(weight: str, by: str | None) -> None:
    wanted = table("ranks", edition=str, weight=str, item=str, mean_rank=float, first=float)
    wanted = wanted[(wanted["weight"] == weight) & (wanted["edition"].notna() == bool(by))]
    frame = share(answers(), "drivers", by, weights=weights(Unit.RESPONDENT, weight)).frame
    keys = [by, "answer"] if by else ["answer"]
    ours = frame.set_index(keys).loc[
        list(zip(wanted["edition"], wanted["item"], strict=True)) if by else list(wanted["item"])
    ]
    for ours_name, name in (("mean_rank", "mean_rank"), ("share_ranked_first", "first")):
        assert ours[ours_name].to_numpy() == pytest.approx(
            wanted[name].to_numpy(), nan_ok=True, **CLOSE
        )


def by_concept(name: str) -> list[pytest.param]:
    return [
        pytest.param(rows, id="-".join(key))
        for key, rows in table(name).groupby(["weight", "concept"])
    ]


@pytest.mark.parametrize("case", by_concept("changes"))
def test_differences_with_the_same_organizations_in_both_editions(case: pd.DataFrame) -> None:
    first = case.iloc[0]
    found = compare(
        answers(),
        first["concept"],
        "2018",
        "2019",
        weights=weights(Unit.DEPLOYMENT, first["weight"]),
    )
    ours = found.frame.set_index("answer").loc[case["answer"]]
    for name in ("earlier", "later", "value", "se"):
        assert ours[name].to_numpy() == pytest.approx(case[name].to_numpy(), **CLOSE)


@pytest.mark.parametrize("case", by_concept("trends"))
def test_slopes_of_trends(case: pd.DataFrame) -> None:
    first = case.iloc[0]
    found = trend(answers(), first["concept"], weights=weights(Unit.DEPLOYMENT, first["weight"]))
    ours = found.frame.drop_duplicates("answer").set_index("answer").loc[case["answer"]]
    assert ours["slope"].to_numpy() == pytest.approx(case["slope"].to_numpy(), **CLOSE)
    assert ours["slope_high"].to_numpy() == pytest.approx(case["high"].to_numpy(), **CLOSE)
    assert ours["slope_low"].to_numpy() == pytest.approx(case["low"].to_numpy(), **CLOSE)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(row, id=f"{row.weight}-{row.rows}-{row.columns}")
        for row in table("tests").itertuples()
    ],
)
def test_rao_scott_tests(case: object) -> None:
    known = rows().dropna(subset=[case.rows, case.columns])
    if case.rows == "edition":
        known = known[known["edition"].isin(["2018", "2019"])]
    first, second = (
        pd.get_dummies(known[name]).to_numpy(float) for name in (case.rows, case.columns)
    )
    cluster, names = pd.factorize(known["organization"])
    weight = np.ones(len(known)) if case.weight == "one" else known["weight"].to_numpy()
    cells, covariance = table_scores(first, second, weight, cluster, len(names))
    ours = rao_scott(cells, covariance, len(known), len(names) - 1)
    for got, want in (
        (ours.statistic, case.statistic),
        (ours.df1, case.df1),
        (ours.df2, case.df2),
        (ours.p_value, case.p),
    ):
        assert got == pytest.approx(want, rel=1e-6)


@pytest.mark.parametrize("concept", ["stage", "size"])
@pytest.mark.parametrize("weight", ["one", "weight"])
def test_the_joint_test_has_the_statistic_of_rao_and_scott(concept: str, weight: str) -> None:
    """R's statistic, which the test above holds; its reference is another one."""
    known = rows().dropna(subset=[concept])
    known = known[known["edition"].isin(["2018", "2019"])]
    first, second = (pd.get_dummies(known[name]).to_numpy(float) for name in ("edition", concept))
    cluster, names = pd.factorize(known["organization"])
    by = np.ones(len(known)) if weight == "one" else known["weight"].to_numpy()
    theirs = rao_scott(
        *table_scores(first, second, by, cluster, len(names)), len(known), len(names) - 1
    )
    ours = exchange_test(table_of_scores(first[:, 1], second, by, cluster))
    assert ours.pearson == pytest.approx(theirs.pearson, rel=1e-9)
    assert (ours.p_value < 0.05) == (theirs.p_value < 0.05)


@pytest.mark.parametrize("weight", ["one", "weight"])
def test_net_promoter_score(weight: str) -> None:
    wanted = table("scores", edition=str, weight=str, value=float, se=float)
    wanted = wanted[wanted["weight"] == weight]
    found = nps(
        answers(), by="edition", concept="score", weights=weights(Unit.RESPONDENT, weight)
    ).frame
    assert found["edition"].tolist() == wanted["edition"].tolist()
    assert found["value"].to_numpy() == pytest.approx(wanted["value"].to_numpy(), **CLOSE)
    assert found["se"].to_numpy() == pytest.approx(wanted["se"].to_numpy(), **CLOSE)


@pytest.mark.parametrize("row", table("score_changes").to_dict("records"))
def test_scores_of_two_editions_with_the_same_organizations_in_both(row: dict) -> None:
    """Value, and the covariance that organizations in both editions bring about."""
    found = compare(
        answers(),
        "score",
        "2018",
        "2019",
        statistic="nps",
        weights=weights(Unit.RESPONDENT, row["weight"]),
    ).frame.iloc[0]
    for name in ("earlier", "later", "value"):
        assert found[name] == pytest.approx(row[name], **CLOSE)
    sample = draw(answers(), Unit.RESPONDENT, editions=("2018", "2019"))
    weight = weights(Unit.RESPONDENT, row["weight"])
    counted = count(
        sample,
        sorted_scores(read_indicator(sample, "score"), "score", answers()),
        group_by(sample, "edition"),
        weight=None if weight is None else sample.pick(weight.on(answers(), Unit.RESPONDENT)),
    )
    variance = variance_of(counted)
    correlation = score_correlation(counted, variance)[0]
    assert correlation == pytest.approx(row["correlation"], **CLOSE)
    first, second = 100 * np.sqrt(variance)
    joint = np.sqrt(first**2 + second**2 - 2 * correlation * first * second)
    assert joint == pytest.approx(row["se"], **CLOSE)


def test_raking_and_post_stratification() -> None:
    given = table("weights")
    editions = rows()["edition"].to_numpy()[given["unit"].to_numpy() - 1]
    wanted = given.iloc[np.argsort(editions, kind="stable")]  # edition by edition, as answers are
    known, raked = raked_part()
    stages = dict(zip(make.STAGES, (0.5, 0.3, 0.2), strict=True))
    assert len(known.deployments) == len(wanted)
    post = poststratify(known, "stage", stages)
    assert raked.values.to_numpy() == pytest.approx(wanted["rake"].to_numpy(), **CLOSE)
    assert post.values.to_numpy() == pytest.approx(wanted["post"].to_numpy(), **CLOSE)


@pytest.mark.parametrize(("size", "error"), [("1 to 9", 0.06399677), ("10 to 99", 0.08410561)])
def test_a_selection_is_a_domain_as_rs_subset_of_a_design_is(size: str, error: float) -> None:
    """``SE(svymean(~I(stage == "Production"), subset(design, size == ...)))`` in R."""
    found = share(answers().where(size=size), "stage", items=["Production"])
    assert found.frame["se"].iloc[0] == pytest.approx(error, abs=1e-8)
