"""Weights, strata and finite populations from columns: the same numbers as R's ``svydesign``."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from survey.codebook import Unit
from survey.errors import EstimateError, ResponsesError
from survey.estimates import (
    compare,
    contrast,
    crosstab,
    design,
    mean,
    median,
    nps,
    share,
    total,
    trend,
)
from survey.estimates.design.weights import Weights
from survey.estimates.examples import answers as example
from survey.responses import read_frame
from tests.estimates import builders as make
from tests.estimates.test_oracle import CLOSE, ORACLE, answers, rows

KINDS = {"edition": str, "answer": str, "weight": str, "what": str}
WANTED = pd.read_csv(ORACLE / "strata.csv", dtype=KINDS).fillna({"edition": "", "answer": ""})
CASES = [
    pytest.param(part, id="-".join(map(str, key)))
    for key, part in WANTED.groupby(["weight", "finite", "strata"])
]


@cache
def with_columns():
    """Return the oracle's answers with columns beside them: of clouds, and of people."""
    given = rows().sort_values("edition", kind="stable")
    number = given["organization"].str[1:].astype(int) % 3
    table = pd.DataFrame(
        {
            "w": given["weight"],
            "stratum": number.map(dict(enumerate("abc"))),
            "population": number.map({0: 30, 1: 50, 2: 200}),
        }
    )
    people = table.rename(columns=lambda name: f"{name}_of_people")
    attached = answers().attach(table, unit="deployment")
    return attached.attach(people, unit="respondent")


def design_of(case: pd.DataFrame, suffix: str = ""):
    first = case.iloc[0]
    population = f"population{suffix}" if first["strata"] else 100
    return design(
        with_columns(),
        weights=f"w{suffix}" if first["weight"] == "weight" else None,
        strata=f"stratum{suffix}" if first["strata"] else None,
        fpc=population if first["finite"] else None,
    )


def check(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Limits are R's wherever R has some: it has none for a share of 0."""
    for name in ("value", "se", "low", "high"):
        known = wanted[name].notna().to_numpy()
        assert known.sum() >= len(known) - 1
        got, right = found[name].to_numpy()[known], wanted[name].to_numpy()[known]
        assert got == pytest.approx(right, **CLOSE)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("suffix", ["", "_of_people"])
def test_shares_are_those_of_svydesign(case, suffix):
    chosen = design_of(case, suffix)
    wanted = case[case["what"] == "share"].set_index(["edition", "answer"])
    by_edition = share(chosen, "stage", "edition", interval="logit").frame
    whole = share(chosen, "stage", interval="logit").frame.assign(edition="")
    for found in (by_edition, whole):
        check(found, wanted.loc[list(zip(found["edition"], found["answer"], strict=True))])


@pytest.mark.parametrize("case", CASES)
def test_a_selection_is_a_domain_with_the_strata_of_the_whole(case):
    selected = with_columns().where(edition="2018")
    found = share(design_of(case).on(selected), "stage", interval="logit").frame
    wanted = case[(case["what"] == "share") & (case["edition"] == "2018")]
    check(found, wanted.set_index("answer").loc[found["answer"]])


@pytest.mark.parametrize("case", CASES)
def test_changes_and_scores_are_those_of_svydesign(case):
    chosen = design_of(case)
    wanted = case.set_index(["what", "answer"]).sort_index()
    change = compare(chosen, "stage", "2018", "2019").frame.set_index("answer")
    for answer, row in change.iterrows():
        assert row["value"] == pytest.approx(wanted.loc[("change", answer), "value"], **CLOSE)
        assert row["se"] == pytest.approx(wanted.loc[("change", answer), "se"], **CLOSE)
    score = nps(design_of(case, "_of_people"), by="edition", concept="score").frame
    own = case[case["what"] == "nps"].set_index("edition").loc[score["edition"]]
    for name in ("value", "se"):
        assert score[name].to_numpy() == pytest.approx(own[name].to_numpy(), abs=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_contrasts_of_three_editions_are_those_of_svycontrast(case):
    """The mean of two editions less the third: organizations are in several of them."""
    given = {"2017": 0.5, "2018": 0.5, "2019": -1}
    found = contrast(design_of(case), "stage", "edition", given).frame
    wanted = case[case["what"] == "contrast"].set_index("answer").loc[found["answer"]]
    check(found, wanted)


@pytest.mark.parametrize("case", CASES)
def test_means_are_those_of_svymean(case):
    found = mean(design_of(case, "_of_people"), "score", "edition").frame
    wanted = case[case["what"] == "mean"].set_index("edition").loc[found["edition"]]
    for name in ("value", "se"):
        assert found[name].to_numpy() == pytest.approx(wanted[name].to_numpy(), **CLOSE)


def test_a_mean_of_bands_is_the_total_per_cloud_within_its_bounds():
    found = mean(answers(), "size", "edition", replicates=300).frame
    whole = total(answers(), "size", "edition", replicates=300).frame
    assert found["value"].to_numpy() == pytest.approx((whole["value"] / whole["count"]).to_numpy())
    assert (found["lower_bound"] <= found["value"]).all()
    assert found["upper_bound"].isna().all()  # the last band is open
    assert ((found["low"] < found["value"]) & (found["value"] < found["high"])).all()
    assert (found["se"] > 0).all()


def test_words_have_no_mean():
    with pytest.raises(EstimateError, match="numbers, or bands"):
        mean(answers(), "stage")


def test_a_contrast_of_two_editions_is_their_difference():
    found = contrast(answers(), "tools", "edition", {"2018": -1, "2019": 1}).frame
    changed = compare(answers(), "tools", "2018", "2019").frame
    assert found["value"].to_numpy() == pytest.approx(changed["value"].to_numpy())


@pytest.mark.parametrize(
    ("coefficients", "expected"),
    [({"2020": 1}, "a group of 'edition'"), ({"2018": 0}, "not 0"), ({"2018": "x"}, "a number")],
)
def test_a_contrast_that_means_nothing_is_refused(coefficients, expected):
    with pytest.raises(EstimateError, match=expected):
        contrast(answers(), "stage", "edition", coefficients)


def test_a_trend_and_a_median_know_strata():
    chosen = design(with_columns(), strata="stratum", fpc="population")
    plain = trend(answers(), "stage").frame
    found = trend(chosen, "stage").frame
    assert found["value"].equals(plain["value"])
    assert (
        (found["slope_high"] - found["slope_low"]) != (plain["slope_high"] - plain["slope_low"])
    ).all()
    assert (
        median(chosen, "size").frame["n_eff"].iloc[0]
        != median(answers(), "size").frame["n_eff"].iloc[0]
    )


def test_a_census_has_no_sampling_error():
    clusters = answers().deployments["organization"].nunique()
    found = share(design(answers(), fpc=clusters), "stage").frame
    assert found["se"].to_numpy() == pytest.approx(0, abs=1e-12)


def test_joined_tables_are_looked_up_by_organization():
    organizations = answers().respondents["organization"].unique()
    table = pd.DataFrame(
        {"organization": organizations, "size": np.arange(len(organizations)) + 1.0}
    )
    attached = answers().attach(table.rename(columns={"size": "w"}), on="organization")
    sizes = dict(zip(organizations, table["size"], strict=True))
    frame = answers().deployments
    weight = frame["organization"].map(sizes)[frame["stage"].notna()]
    chosen = frame["stage"][frame["stage"].notna()] == "Production"
    found = share(attached, "stage", weights="w").frame.set_index("answer")
    assert found.loc["Production", "value"] == pytest.approx((weight * chosen).sum() / weight.sum())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"weights": "nothing"}, "Unknown column 'nothing'"),
        ({"weights": "stratum"}, "rows without a number above 0"),
        ({"strata": "w"}, "clusters that are in several of"),
        ({"fpc": 10}, "at least the"),
        ({"fpc": "w", "strata": "stratum"}, "different numbers in one stratum"),
        ({"fpc": -1}, "number of clusters in the population"),
        ({"strata": 5}, "strata"),
    ],
)
def test_what_cannot_be_a_design_is_refused_with_the_reason(options, expected):
    with pytest.raises(EstimateError, match=expected):
        share(with_columns(), "stage", **options)


def test_a_stratum_of_one_organization_is_refused():
    rows = [{"organization": f"o{place}", "stage": "Testing"} for place in range(5)]
    frame = pd.DataFrame(
        [{**row, "edition": "2019", "respondent": row["organization"]} for row in rows]
    )
    alone = read_frame(frame, make.book(("2019",)))
    alone = alone.attach(pd.Series(["a", "a", "a", "a", "b"], name="s"), unit="deployment")
    with pytest.raises(EstimateError, match="a single cluster in 'b'"):
        share(alone, "stage", strata="s")


@pytest.mark.parametrize(
    "verb", [lambda d: total(d, "size"), lambda d: crosstab(d, "stage", "size")]
)
def test_what_knows_no_strata_says_so(verb):
    with pytest.raises(EstimateError, match="knows no strata"):
        verb(design(with_columns(), strata="stratum"))


def test_columns_must_fit_and_have_a_name_of_their_own():
    with pytest.raises(ResponsesError, match="a name that is taken"):
        answers().attach(
            pd.Series(1.0, answers().deployments.index, name="stage"), unit="deployment"
        )
    with pytest.raises(ResponsesError, match="one for each deployment"):
        answers().attach(pd.Series([1.0, 2.0], name="w"), unit="deployment")


def test_weights_of_respondents_reach_their_deployments_with_a_word():
    people = example().respondents
    index = pd.MultiIndex.from_frame(people[["edition", "respondent"]].astype(str))
    values = pd.Series(np.arange(len(people)) + 1.0, index=index)
    weights = Weights(values, Unit.RESPONDENT, "hand", pd.DataFrame())
    with pytest.raises(EstimateError, match=r"weights\.of_deployments\(answers\)"):
        share(example(), "deployment_stage", weights=weights)
    moved = weights.of_deployments(example())
    found = share(example(), "deployment_stage", weights=moved).frame.set_index("answer")
    frame = example().deployments
    known = frame[frame["deployment_stage"].notna()]
    keys = pd.MultiIndex.from_frame(known[["edition", "respondent"]].astype(str))
    own = weights.values.reindex(keys).to_numpy()
    chosen = (known["deployment_stage"] == "Production").to_numpy()
    assert found.loc["Production", "value"] == pytest.approx((own * chosen).sum() / own.sum())
    with pytest.raises(EstimateError, match="already"):
        moved.of_deployments(example())


def test_a_table_says_how_its_clusters_were_chosen():
    found = share(design(with_columns(), strata="stratum", fpc="population"), "stage")
    told = "\n".join(found.notes)
    assert "Intervals take clusters as chosen within 3 strata." in told
    assert "of all, which shortens intervals." in told
    assert "chosen within" not in "\n".join(share(with_columns(), "stage").notes)


def test_a_rare_answer_of_nearly_all_clusters_is_not_judged_as_one_of_few():
    """Two answers that exclude each other: clusters' sizes say nothing of a population's rest."""
    stages = [make.STAGES[int(place % 15 > 0)] for place in range(90)]
    clouds = [
        {"organization": f"o{int(place**0.8)}", "stage": stage}
        for place, stage in enumerate(stages)
    ]
    given = make.build(clouds)
    clusters = len({row["organization"] for row in clouds})
    near, far = (
        share(given, "stage", fpc=clusters * times).frame[["low", "high"]].to_numpy()[0]
        for times in (1.01, 1000.0)
    )
    assert 0 < near[1] - near[0] < 0.15 * (far[1] - far[0])
