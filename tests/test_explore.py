"""``sv.explore``: what its widgets show is what the line of Python that it prints gives."""

from __future__ import annotations

import builtins
import random
from pathlib import Path
from typing import Any

import pytest

import survey as sv
from survey.errors import EstimateError
from survey.estimates.examples import answers as example_answers
from survey.notebook import Explorer
from survey.responses import Responses

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def answers() -> Responses:
    raw = ROOT / "data" / "raw"
    return sv.clean(
        [sv.read_export(raw / f"Survey_{year}0831120000.csv") for year in ("2023", "2024")],
        key=b"k" * 32,
    )


def as_printed(explorer: Explorer, answers: Responses) -> Any:
    return eval(explorer.code, {"sv": sv, "answers": answers})


def same(explorer: Explorer, answers: Responses) -> bool:
    assert explorer.estimates is not None
    return bool(explorer.estimates.frame.equals(as_printed(explorer, answers).frame))


def test_it_begins_with_a_chart_a_table_and_a_line(answers: Responses) -> None:
    explorer = sv.explore(answers)
    assert explorer.code == f"sv.share(answers.in_edition('2024'), {explorer.question.value!r})"
    assert same(explorer, answers)
    (shown,) = explorer._chart.outputs
    assert shown["data"]["application/vnd.plotly.v1+json"]["data"]
    assert "<table" in explorer._table.value
    assert explorer.code.split("(")[0] in explorer._line.value
    assert "application/vnd.jupyter.widget-view+json" in explorer._repr_mimebundle_()


def test_every_choice_changes_what_is_shown(answers: Responses) -> None:
    explorer = sv.explore(answers)
    explorer.question.value = "compute_cores"
    explorer.statistic.value = "median"
    explorer.breakdown.value = "deployment_stage"
    explorer.edition.value = "2023"
    explorer.filter_by.value = "hypervisors"
    assert "KVM (x86)" in [value for _, value in explorer.answer.options]
    explorer.answer.value = "KVM (x86)"
    assert explorer.code == (
        "sv.median(answers.in_edition('2023').where(hypervisors='KVM (x86)'), 'compute_cores', "
        "by='deployment_stage')"
    )
    assert same(explorer, answers)


def test_a_statistic_that_does_not_fit_gives_way(answers: Responses) -> None:
    explorer = sv.explore(answers)
    explorer.question.value = "compute_cores"
    explorer.statistic.value = "total"
    explorer.question.value = "hypervisors"
    assert explorer.statistic.value == "share"
    assert explorer.statistic.options == ("share", "trend")
    explorer.question.value = "likelihood_to_recommend"
    explorer.statistic.value = "nps"
    assert explorer.code == "sv.nps(answers.in_edition('2024'))"
    assert same(explorer, answers)


def test_a_trend_is_over_all_editions(answers: Responses) -> None:
    explorer = sv.explore(answers)
    explorer.question.value = "deployment_type"
    explorer.statistic.value = "trend"
    assert "in_edition" not in explorer.code
    assert same(explorer, answers)


def test_what_cannot_be_computed_is_said(answers: Responses) -> None:
    explorer = sv.explore(answers)
    explorer.question.value = "industry"
    explorer.breakdown.value = "deployment_stage"  # clouds, where people answer
    if explorer.estimates is None:
        assert explorer.message
        assert explorer.message.splitlines()[0] in explorer._table.value
        assert explorer._chart.outputs == ()
    explorer.breakdown.value = ""
    assert same(explorer, answers)


def test_every_line_that_it_prints_runs_and_gives_the_same_table(answers: Responses) -> None:
    explorer, rng = sv.explore(answers), random.Random(29)
    shown = 0
    for _ in range(40):
        chooser = rng.choice(
            [explorer.question, explorer.statistic, explorer.breakdown, explorer.edition,
             explorer.filter_by, explorer.answer]
        )  # fmt: skip
        chooser.value = rng.choice([each if isinstance(each, str) else each[1]
                                    for each in chooser.options])  # fmt: skip
        if explorer.estimates is None:
            with pytest.raises(sv.SurveyError) as error:
                as_printed(explorer, answers)
            assert str(error.value) == explorer.message
        else:
            shown += 1
            assert same(explorer, answers)
    assert shown > 20


def test_without_ipywidgets_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def lacking(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ipywidgets":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(EstimateError, match=r"openstack-survey\[notebook\]"):
        sv.explore(example_answers())
