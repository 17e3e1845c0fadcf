"""Where rules begin and end: both sides of every limit, and kinds of input that are rare."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Policy, Publication, protect
from survey.disclosure.effect import design_effect
from survey.disclosure.ledger.ledger_column import Column, changed_answers
from survey.disclosure.perturbation.rare_answers import joined_rare
from survey.disclosure.policy import Profile
from survey.errors import DisclosureError
from survey.estimates import share, tabulate_again
from survey.estimates.table import Estimates
from survey.responses import ANOTHER, Responses
from tests.disclosure import builders as make
from tests.disclosure.surveys import invented

LIMITS = {
    "units": (3, 1000),
    "organizations": (3, 1000),
    "rare": (3, 1000),
    "small": (0, 1000),
    "digits": (1, 6),
    "threshold": (3, 1000),
}


def published(table: Estimates, **options: object) -> Publication:
    return protect([table], title="OpenStack User Survey", edition="2019", **options)


@pytest.mark.parametrize("rule", LIMITS)
def test_a_rule_takes_what_lies_in_its_range_and_nothing_beyond(rule: str) -> None:
    least, most = LIMITS[rule]
    for value in (least, most):
        assert getattr(Policy(**{rule: value}, reason="agreed"), rule) == value
    for value in (least - 1, most + 1):
        with pytest.raises(DisclosureError, match=rf"whole number from {least} to {most}"):
            Policy(**{rule: value}, reason="agreed")


@pytest.mark.parametrize(
    ("rule", "default", "looser", "stricter"),
    [("units", 20, 19, 21), ("organizations", 5, 4, 6), ("rare", 5, 4, 6), ("small", 30, 29, 31),
     ("digits", 2, 3, 1)],
)  # fmt: skip
def test_one_step_on_the_loose_side_of_a_default_needs_a_reason(
    rule: str, default: int, looser: int, stricter: int
) -> None:
    assert getattr(Policy(), rule) == default
    assert getattr(Policy(**{rule: stricter}), rule) == stricter
    with pytest.raises(DisclosureError, match="no reason"):
        Policy(**{rule: looser})
    with pytest.raises(DisclosureError, match="no reason"):
        Policy(**{rule: looser}, reason="  ")


def test_a_reason_is_a_sentence() -> None:
    with pytest.raises(DisclosureError, match=r"reason: got 7; expected a sentence"):
        Policy(reason=7)  # type: ignore[arg-type]


def test_an_address_as_an_answer_is_named_as_such() -> None:
    table = make.counted("deployment_stage", [20, 20])
    labels = [table.frame["answer"][0], "ada.lovelace@example.org"]
    with pytest.raises(DisclosureError, match="an e-mail address in 'answer'") as error:
        published(table.with_frame(table.frame.assign(answer=labels)))
    assert "lovelace" not in str(error.value)


def with_texts(answers: Responses, texts: dict[int, str]) -> Responses:
    """Give some respondents an organization of a name that others can read."""
    people = answers.respondents.copy()
    people["organization_name"] = pd.Series(texts).reindex(people.index)
    return dataclasses.replace(answers, respondents=people)


def test_a_vouched_label_that_somebody_wrote_is_refused_all_the_same() -> None:
    table = make.counted("deployment_stage", [20, 20])
    own = table.with_frame(table.frame.assign(answer=[table.frame["answer"][0], "Basement Cloud"]))
    answers = invented(60, 1)
    assert published(own, labels=["Basement Cloud"], answers=answers).plan
    wrote = with_texts(answers, {3: "basement cloud"})
    with pytest.raises(DisclosureError, match="somebody wrote as free text") as error:
        published(own, labels=["Basement Cloud"], answers=wrote)
    assert "asement" not in str(error.value)


def test_a_label_of_the_codebook_may_be_written_by_somebody_too() -> None:
    table = make.counted("deployment_stage", [20, 20])
    answers = with_texts(invented(60, 1), {3: str(table.frame["answer"][1])})
    assert published(table, answers=answers).plan


def test_a_long_text_is_searched_for_addresses_in_one_pass() -> None:
    """It was read again from each of its characters: a title of 40,000 took half a minute."""
    table = make.counted("deployment_stage", [20, 20])
    started = time.process_time()
    published(dataclasses.replace(table, title="long" * 100_000))
    assert time.process_time() - started < 10
    hidden = f"{'long' * 100_000}@example.org"
    with pytest.raises(DisclosureError, match="an e-mail address in the title"):
        published(dataclasses.replace(table, title=hidden))


@pytest.mark.parametrize("shape", [dict, tuple, list, frozenset])
def test_texts_inside_options_are_read(shape: type) -> None:
    pairs = {"Services": "grace.hopper@example.org"}
    option = shape(pairs.items()) if shape is not dict else pairs
    table = make.counted("deployment_stage", [20, 20])
    spec = dataclasses.replace(table.spec, options=(("nets", option),))
    with pytest.raises(DisclosureError, match="an e-mail address in the option 'nets'"):
        published(dataclasses.replace(table, spec=spec))


def test_a_table_that_does_not_know_who_was_counted_is_refused() -> None:
    table = share(invented(90, 2), "deployment_stage").named("stages", "sizes")
    blind = dataclasses.replace(table, design=None)
    with pytest.raises(DisclosureError, match="who was counted"):
        published(blind)


def test_options_keep_plain_values_and_pairs() -> None:
    table = share(invented(90, 2), "deployment_stage").named("stages", "sizes")
    options = (("nets", {"a": ["x", 2, True, None]}), ("level", 0.5))
    spec = dataclasses.replace(table.spec, options=options)
    made = published(dataclasses.replace(table, spec=spec))
    kept = dict(made["stages"].spec.options)
    assert kept == {"nets": (("a", ("x", 2, True, None)),), "level": 0.5}
    assert repr(made.tables) == "Tables(stages)"
    assert [each.name for each in made.of_topic("sizes")] == ["stages"]
    assert made.of_topic("releases") == ()


def test_columns_that_share_no_answer_are_no_change_of_an_answer() -> None:
    def column(*answers: str) -> Column:
        numbers = np.array([[0, 0, 0, 5], [0, 0, 0, 5]])
        return Column(answers, numbers, np.array([1, 2], np.uint64), 0, False, True)

    assert changed_answers(column("a", "b"), column("c", "d")) == 0


def test_another_answer_of_a_row_with_rare_ones_is_joined_with_them() -> None:
    (cells,) = tabulate_again(share(invented(150, 2), "industry", by="region"))
    named = dataclasses.replace(cells, answers=(ANOTHER, *cells.answers[1:]))
    rare = np.zeros(cells.count.shape, dtype=bool)
    rare[0, 2] = True
    joined, gone, *_ = joined_rare(named, rare)
    assert np.flatnonzero(gone[0]).tolist() == [0, 2]
    assert joined.count[0, -1] == cells.count[0, [0, 2]].sum()
    assert not gone[1:, :-1].any()
    assert (joined.count[1:, :-1] == cells.count[1:]).all()


@pytest.mark.parametrize("seed", range(6))
def test_the_design_effect_of_a_question_is_a_quarter_between_one_and_four(seed: int) -> None:
    """At least the mean of its answers, weighted by their counts, and less than a step above it."""
    table = share(invented(60 + 40 * seed, seed), "hypervisors")
    effect = design_effect(table)
    rows = table.frame[np.isfinite(table.frame["deff"].astype(float)) & (table.frame["count"] > 0)]
    mean = float(np.average(rows["deff"].astype(float), weights=rows["count"].astype(float)))
    assert effect * 4 == round(effect * 4)
    assert 1 <= effect <= 4
    assert max(1.0, mean) - 1e-9 <= effect or effect == 4
    assert effect - mean < 0.25 + 1e-9 or effect == 1


@pytest.mark.parametrize(("size", "seed"), [(120, 2), (220, 0), (220, 1)])
def test_a_limit_stands_for_few_in_small_groups_and_nowhere_else(size: int, seed: int) -> None:
    """Published counts of 0, 3 and 4, and all but so many, are limits; 5 is a share."""
    table = share(invented(size, seed), "deployment_tools", by="compute_cores")
    shown = published(table.named("tools", "stack"))["tools"].frame
    shown = shown[~shown["status"].isin(["suppressed", "empty"])]
    limited = shown["status"].isin(["below", "above"])
    assert limited.any()
    assert (shown["base"][limited] < 30).all()
    below = shown[shown["status"] == "below"]
    assert below["value"].isna().all()
    assert below["low"].isna().all()
    steps = np.ceil(400 / below["base"].astype(float) / 5) * 0.05
    assert below["high"].astype(float).to_numpy() == pytest.approx(steps.to_numpy())
    small = shown[(shown["base"] < 30) & shown["status"].isin(["ok", "imprecise"])]
    assert not small["count"].isin([0, 3, 4]).any()
    assert not (small["base"] - small["count"]).isin([0, 3, 4]).any()
    assert shown[shown["base"] >= 30]["status"].isin(["ok", "imprecise"]).all()


def test_half_a_character_is_replaced_in_whichever_column_it_stands() -> None:
    """An emoji that was cut in two breaks every writer of UTF-8."""
    table = share(invented(90, 2), "deployment_stage").named("stages", "sizes")
    texts = [f"Half \ud83d {n}" if n % 2 else f"Whole \N{ROCKET} {n}" for n in range(len(table))]
    own = pd.Series(texts, dtype=object)
    broken = table.with_frame(table.frame.assign(note=own, number=1))
    policy = Policy(profile=Profile.INTERNAL)
    made = protect([broken], policy, title="T", edition="2019", labels=texts)
    shown = made["stages"].frame
    expected = [text.replace("\ud83d", "\N{REPLACEMENT CHARACTER}") for text in texts]
    assert shown["note"].tolist() == expected
    assert shown["number"].tolist() == [1] * len(table)
    assert broken.frame["note"].tolist() == texts, "the table itself stays as it is"
