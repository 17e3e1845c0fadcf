"""Progress is said where somebody waits, once it takes longer, and nowhere else."""

import sys

import pytest

from survey import underway
from tests.estimates import builders as make


@pytest.fixture
def prompt(monkeypatch):
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)


def ticking(monkeypatch, step):
    moments = iter(step * number for number in range(100))
    monkeypatch.setattr(underway, "monotonic", lambda: next(moments))


def test_a_prompt_shows_how_far_it_has_come_and_is_clean_afterwards(prompt, monkeypatch, capsys):
    ticking(monkeypatch, 0.06)
    assert list(underway.each("families", "abc")) == ["a", "b", "c"]
    told = capsys.readouterr().err
    assert told == f"\rfamilies: 1 of 3\rfamilies: 2 of 3\r{' ' * len('families: 2 of 3')}\r"


def test_what_is_done_at_once_says_nothing(prompt, monkeypatch, capsys):
    ticking(monkeypatch, 0.01)
    assert list(underway.each("families", "abc")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def test_scripts_say_nothing(monkeypatch, capsys):
    monkeypatch.delattr(sys, "ps1", raising=False)
    ticking(monkeypatch, 1)
    assert list(underway.each("families", "abc")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def test_an_interrupted_loop_leaves_a_clean_line(prompt, monkeypatch, capsys):
    ticking(monkeypatch, 1)
    for _ in underway.each("families", "abc"):
        break
    assert capsys.readouterr().err.endswith("\r")


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("compare_families", "families: 5 of 6"),
        ("sensitivity", "other choices: 3 of"),
    ],
)
def test_the_slow_questions_say_how_far_they_are(prompt, monkeypatch, capsys, verb, told):
    from survey.estimates import compare_families, sensitivity, total

    monkeypatch.setattr(underway, "_AT_ONCE", 0.0)
    answers = make.invented(1, clouds=60)
    if verb == "compare_families":
        compare_families(answers, "size", replicates=100)
    else:
        sensitivity(answers, total(answers, "size", replicates=100))
    assert told in capsys.readouterr().err
