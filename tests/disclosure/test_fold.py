"""Classes that stand in for bands: true, complete, and no way back to what they hide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.disclosure import Policy, Publication, protect
from survey.disclosure.fold import JOINED
from survey.estimates.table import Estimates
from tests.disclosure import builders as make
from tests.disclosure.reader import Reader

HERE = Path(__file__).parent
SLOW = settings(
    max_examples=max(25, settings.default.max_examples // 8),
    suppress_health_check=list(HealthCheck),
)
POLICY = Policy()
NET, MEMBERS = "One of the last types", make.TYPES[2:]
GROUPS = ((), ("edition",), ("deployment_stage",))


def with_class(clouds: pd.DataFrame, by: tuple[str, ...]) -> Estimates:
    """Return the types of clouds, with a class that may stand in for the last ones."""
    plain = make.table(clouds, "deployment_type", by)
    rows = [_class_row(clouds, list(by), key, part) for key, part in plain.per_group()]
    frame = pd.concat([plain.frame, pd.DataFrame(rows)], ignore_index=True)
    spec = replace(plain.spec, options=(("nets", {NET: MEMBERS}),))
    return replace(plain, frame=frame, spec=spec, several=True).standing_in(NET)


def _class_row(
    clouds: pd.DataFrame, by: list[str], key: tuple[str, ...], part: pd.DataFrame
) -> pd.Series:
    here = clouds[(clouds[by] == list(key)).all(axis=1)] if by else clouds
    row = part.iloc[-1].copy()
    row["answer"], row["count"] = NET, here["deployment_type"].isin(MEMBERS).sum()
    row["value"] = row["count"] / row["base"] if row["base"] else None
    row["clusters"] = here["organization"][here["deployment_type"].notna()].nunique()
    return row


@st.composite
def surveys(draw: st.DrawFn) -> list[Estimates]:
    """Draw tables of types with a class, beside other tables of the same clouds."""
    clouds = make.clouds(
        draw(st.integers(30, 200)),
        draw(st.integers(0, 10_000)),
        answered=draw(st.sampled_from([1.0, 0.8])),
    )
    others = draw(st.sets(st.sampled_from([0, 2, 3, 5, 6, 7])))
    classed = draw(st.sets(st.sampled_from(GROUPS), min_size=1))
    tables = [with_class(clouds, by) for by in sorted(classed)]
    return [*tables, *make.standing(clouds, sorted(others))]


def published(tables: list[Estimates]) -> Publication:
    return protect(tables, POLICY, title="OpenStack User Survey", edition="2019")


def classed(tables: list[Estimates]) -> list[Estimates]:
    return [table for table in tables if table.stand_ins]


def key_of(table: Estimates, row: pd.Series) -> dict[str, str]:
    return {name: row[name] for name in (*table.groups, "answer")}


@given(surveys())
@SLOW
def test_the_class_or_its_answers_and_what_is_shown_is_true(tables: list[Estimates]) -> None:
    shown = published(tables)
    for table in classed(tables):
        safe = shown[table.name]
        present = set(safe.frame["answer"])
        assert (NET in present) != bool(present & set(MEMBERS))
        assert (NET in present) == (JOINED in safe.notes)
        assert not safe.several
        truth = {tuple(key_of(table, row).values()): row for _, row in table.frame.iterrows()}
        for _, row in safe.frame.iterrows():
            true = truth[tuple(key_of(table, row).values())]
            assert pd.isna(row["count"]) or row["count"] == true["count"]
        order = list(dict.fromkeys(safe.frame["answer"]))
        assert order == [each for each in (*make.TYPES[:2], NET, *MEMBERS) if each in present]


@given(surveys())
@SLOW
def test_what_a_class_hides_stays_hidden(tables: list[Estimates]) -> None:
    shown = published(tables)
    reader = Reader(shown.tables.values(), make.LABELS, {NET: MEMBERS})
    for table in classed(tables):
        present = set(shown[table.name].frame["answer"])
        gone = table.frame[~table.frame["answer"].isin(present | {NET})]
        for _, row in gone[gone["count"].between(1, POLICY.cell_threshold - 1)].iterrows():
            key = key_of(table, row)
            low, high = reader.possible(**{"deployment_type": key.pop("answer"), **key})
            assert low - 1e-6 <= row["count"] <= high + 1e-6, "the reader's reasoning is wrong"
            assert high - low > POLICY.protection - 1e-6, (table.name, key, low, high)


def test_without_anything_withheld_the_class_is_gone_without_a_trace() -> None:
    clouds = make.clouds(200, 1, answered=1.0)
    clouds["deployment_type"] = [make.TYPES[place % 4] for place in range(len(clouds))]
    plain = make.table(clouds, "deployment_type")
    with_one, without = published([with_class(clouds, ())]), published([plain])
    pd.testing.assert_frame_equal(
        with_one["deployment_type"].frame, without["deployment_type"].frame, check_dtype=False
    )
    assert with_one["deployment_type"].spec == without["deployment_type"].spec
    assert with_one.audit.equals(without.audit)


def test_a_class_spares_larger_answers() -> None:
    """Alone, the small answer takes the next smallest with it; here the class takes both."""
    clouds = make.clouds(100, 1, answered=1.0)
    clouds["deployment_type"] = (
        [make.TYPES[0]] * 60 + [make.TYPES[1]] * 8 + ([make.TYPES[2]] * 30 + [make.TYPES[3]] * 2)
    )
    alone = published([make.table(clouds, "deployment_type")])["deployment_type"].frame
    joined = published([with_class(clouds, ())])["deployment_type"].frame
    assert alone["answer"][alone["status"] == "suppressed"].tolist() == [
        make.TYPES[1],
        make.TYPES[3],
    ]
    assert dict(zip(joined["answer"], joined["count"], strict=True)) == {
        make.TYPES[0]: 60,
        make.TYPES[1]: 8,
        NET: 32,
    }
