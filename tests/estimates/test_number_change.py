"""Change of medians, means, totals, ratios and scores between two editions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import SurveyError
from survey.estimates import compare, compare_numbers, median, nps, ratio, total
from tests.estimates import band_builders as make
from tests.estimates import builders as shapes

CORES, NODES = "compute_cores", "compute_nodes"
WORDS = {"clear change", "could be noise", "not comparable", "too few to test"}
BANDS = st.lists(st.integers(0, 6), min_size=1, max_size=25)
FEW = {"replicates": 100}
# Each case fits families to a hundred resamples.
DEAR = settings(max_examples=settings.default.max_examples // 10 + 1)


def answers(earlier, later, same=True, more=None):
    """Clouds of two editions; organizations are the same by number, or all different."""
    rows = []
    for edition, bands in (("2022", earlier), ("2023", later)):
        for number, band in enumerate(bands):
            own = f"org {number}" if same else f"org {edition} {number}"
            row = {"edition": edition, "organization": own, CORES: make.label(CORES, band)}
            rows.append({**row, NODES: make.label(NODES, max(band - 1, 0)), **(more or {})})
    return make.answers_of(rows)


@pytest.mark.parametrize("of", ["median", 0.25, "mean", "total", "ratio"])
@DEAR
@given(earlier=BANDS, later=BANDS, same=st.booleans())
def test_the_difference_is_that_of_both_editions_numbers(of, earlier, later, same):
    asked = answers(earlier, later, same)
    per = NODES if of == "ratio" else None
    row = compare_numbers(asked, CORES, "2022", "2023", statistic=of, per=per, **FEW).frame.iloc[0]
    assert row["value"] == pytest.approx(row["later"] - row["earlier"])
    assert not row["low"] > row["value"]
    assert not row["high"] < row["value"]
    assert not row["factor_low"] > row["factor"] * (1 + 1e-12)
    assert not row["factor_high"] < row["factor"] * (1 - 1e-12)
    slack = 1e-9 * abs(row["value"])
    assert not row["lower_bound"] > row["value"] + slack
    assert not row["upper_bound"] < row["value"] - slack
    assert row["verdict"] in WORDS
    assert (row["earlier_base"], row["base"]) == (len(earlier), len(later))


@DEAR
@given(earlier=BANDS, later=BANDS)
def test_each_edition_has_the_number_that_it_has_by_itself(earlier, later):
    asked = answers(earlier, later)
    each = {"median": median, "total": lambda *a, **k: total(*a, **k, **FEW)}
    for of, statistic in each.items():
        alone = statistic(asked, CORES, by="edition").frame["value"].tolist()
        row = compare_numbers(asked, CORES, "2022", "2023", statistic=of, **FEW).frame.iloc[0]
        assert [row["earlier"], row["later"]] == pytest.approx(alone)
    alone = ratio(asked, CORES, NODES, by="edition", **FEW).frame["value"].tolist()
    found = compare_numbers(asked, CORES, "2022", "2023", statistic="ratio", per=NODES, **FEW)
    assert found.frame[["earlier", "later"]].iloc[0].tolist() == pytest.approx(alone)


@given(earlier=BANDS, later=BANDS)
def test_the_other_way_round_has_the_other_sign(earlier, later):
    asked = answers(earlier, later)
    there = compare(asked, CORES, "2022", "2023", statistic="median").frame.iloc[0]
    back = compare(asked, CORES, "2023", "2022", statistic="median").frame.iloc[0]
    assert there["value"] == pytest.approx(-back["value"])
    assert there["low"] == pytest.approx(-back["high"], nan_ok=True)
    assert there["factor"] == pytest.approx(1 / back["factor"])
    assert there["p"] == pytest.approx(back["p"], nan_ok=True)  # few are not tested


def test_who_stays_the_same_leaves_less_doubt():
    bands = [place % 5 for place in range(60)]
    later = [min(band + (place % 7 == 0), 6) for place, band in enumerate(bands)]
    for of in ("median", "mean"):
        same, other = (
            compare_numbers(
                answers(bands, later, stay), CORES, "2022", "2023", statistic=of
            ).frame.iloc[0]
            for stay in (True, False)
        )
        assert same["value"] == other["value"]
        assert same["factor_high"] / same["factor_low"] < other["factor_high"] / other["factor_low"]


def test_a_large_move_is_clear_and_no_move_is_noise():
    bands = [place % 4 for place in range(80)]
    for of in ("median", "mean", "total"):
        moved = compare(
            answers(bands, [each + 2 for each in bands]), CORES, "2022", "2023", statistic=of
        )
        still = compare(answers(bands, bands), CORES, "2022", "2023", statistic=of)
        assert moved.frame["verdict"].tolist() == ["clear change"]
        assert 10 < moved.frame["factor"].item() < 1000
        assert still.frame["verdict"].tolist() == ["could be noise"]
        assert still.frame["value"].item() == pytest.approx(0, abs=1e-6)


def test_verdicts_know_their_family():
    bands = [place % 4 for place in range(80)]
    rows = []
    for stage in make.codebook().question("deployment_stage", make.EDITION).labels[:3]:
        part = answers(bands, bands, more={"deployment_stage": stage}).deployments
        rows += part.drop(columns=["deployment", "respondent"]).astype(object).to_dict("records")
    asked = make.answers_of(rows)
    table = compare(asked, CORES, "2022", "2023", "deployment_stage", statistic="median")
    assert any("3 comparisons" in note for note in table.notes)
    assert table.frame["p_adjusted"].notna().sum() == 3


def test_what_only_one_edition_asks_is_a_gap_and_other_words_break_the_line():
    bands = [1, 2, 3, 4] * 10
    asked = answers(bands, bands)
    book = make.book_without("2022", [CORES])
    table = compare(
        make.answers_of(
            asked.deployments.drop(columns=["deployment", "respondent"]).to_dict("records"),
            book=book,
        ),
        CORES,
        "2022",
        "2023",
        statistic="median",
    )
    assert table.frame[["status", "verdict"]].iloc[0].tolist() == ["not offered", "not comparable"]
    changed = {"2019": {"size": {"series": "size 2"}, "score": {"series": "score 2"}}}
    other = shapes.build(
        [
            {"edition": year, "organization": f"o{n}", "size": "1 to 9", "score": "9"}
            for year in ("2018", "2019")
            for n in range(9)
        ],
        shapes.book(changed=changed),
    )
    for concept, of in (("size", "median"), ("size", "total"), ("score", "nps")):
        frame = compare(other, concept, "2018", "2019", statistic=of).frame
        assert frame[["status", "verdict"]].iloc[0].tolist() == ["not comparable"] * 2
        assert frame[["value", "low", "high"]].isna().all(axis=None)


@given(
    first=st.lists(st.sampled_from(shapes.SCORES), min_size=1, max_size=30),
    second=st.lists(st.sampled_from(shapes.SCORES), min_size=1, max_size=30),
)
def test_scores_of_both_editions(first, second):
    asked = shapes.build(
        [
            {"edition": year, "organization": f"o{place}", "score": score}
            for year, scores in (("2018", first), ("2019", second))
            for place, score in enumerate(scores)
        ]
    )
    row = compare(asked, "score", "2018", "2019", statistic="nps").frame.iloc[0]
    alone = nps(asked, by="edition", concept="score").frame["value"].tolist()
    assert [row["earlier"], row["later"]] == pytest.approx(alone)
    assert -200 <= row["low"] <= row["value"] <= row["high"] <= 200
    assert row["verdict"] in WORDS


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"statistic": "mode"}, "one of median, mean, total, ratio, or a quantile"),
        ({"statistic": "medain"}, "did you mean 'median'"),
        ({"statistic": "ratio"}, "a denominator"),
        ({"statistic": "median", "per": NODES}, "a denominator, for statistic='ratio' alone"),
        ({"statistic": "median", "items": ["Yes"]}, "nothing, with statistic='median'"),
        ({"statistic": "median", "base": "all"}, "expected 'answered'"),
        ({"statistic": "nps"}, "answers from 0 to 10"),
        ({"per": NODES}, "unless statistic='ratio'"),
    ],
)
def test_mistakes_are_named_with_advice(options, words):
    with pytest.raises(SurveyError) as caught:
        compare(answers([1, 2], [2, 3]), CORES, "2022", "2023", **options)
    assert words in str(caught.value)


def test_the_same_question_gives_the_same_numbers():
    asked = answers([1, 2, 3] * 9, [2, 3, 4] * 9)
    one, two = (
        compare_numbers(asked, CORES, "2022", "2023", statistic="mean", **FEW).frame
        for _ in range(2)
    )
    assert one.equals(two)
    assert np.isfinite(one[["low", "high"]].to_numpy()).all()


def test_what_copies_would_change_is_told():
    """Ten clouds carried over from the smallest band pull the later median down."""
    rows = answers([3] * 40, [4] * 40).deployments.astype(object).to_dict("records")
    rows += [
        {
            "edition": "2023",
            "organization": f"late {n}",
            CORES: make.label(CORES, 0),
            "copied": True,
        }
        for n in range(60)
    ]
    kept = [{k: v for k, v in row.items() if k not in ("deployment", "respondent")} for row in rows]
    asked = make.answers_of(kept)
    for of in ("median", "mean", "total"):
        table = compare(asked, CORES, "2022", "2023", statistic=of)
        (told,) = [note for note in table.notes if note.startswith("With the answers carried over")]
        both = (
            compare(asked, CORES, "2022", "2023", statistic=of, copies=True).frame["value"].item()
        )
        gap = abs(both - table.frame["value"].item())
        assert f"{gap:,.0f} cores" in told
