"""Every public function, with every argument replaced by values of other types.

Each call must end in a ``SurveyError`` that names the argument. The calls are generated from the
signatures; what is of another type is said here, annotation by annotation, and not by the code
that checks it.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey as sv
from survey.checked import fits
from survey.codebook import Unit
from survey.errors import SurveyError, did_you_mean
from survey.estimates import round_preserving

ROOMS = (
    "survey",
    "survey.codebook",
    "survey.exports",
    "survey.responses",
    "survey.responses.coding",
    "survey.responses.linkage",
    "survey.responses.quality",
    "survey.responses.store",
    "survey.estimates",
    "survey.topics",
    "survey.disclosure",
    "survey.publish",
    "survey.synthetic",
    "survey.project",
)
NOTHING = object()
OTHERS: Mapping[str, tuple[object, ...]] = {  # annotation -> values of other types
    "str": (None, 3, 2.5, True, b"x", ["x"], {}, Path("x"), NOTHING),
    "str | None": (3, 2.5, True, b"x", ["x"], {}, Path("x"), NOTHING),
    "str | float": (None, True, b"x", [0.5], NOTHING),
    "bool": (None, 0, 1, "false", "no", 1.0, [], NOTHING),
    "int": (None, "3", 2.5, True, [3], NOTHING),
    "int | None": ("3", 2.5, True, [3], NOTHING),
    "float": (None, "0.95", True, [0.95], NOTHING),
    "float | None": ("0.95", True, [0.95], NOTHING),
    "bytes": (None, "key", 3, bytearray(b"x"), NOTHING),
    "bytes | None": ("key", 3, NOTHING),
    "str | Path": (None, 3, b"x", ["x"], True, NOTHING),
    "Path | str": (None, 3, b"x", ["x"], True, NOTHING),
    "Path | None": ("x", 3, b"x", NOTHING),
    "str | Sequence[str]": (None, 3, True, b"x", [3], [None], {"a": "b"}, {"a"}, NOTHING),
    "str | Sequence[str] | None": (3, True, b"x", [3], [None], {"a": "b"}, {"a"}, NOTHING),
    "Sequence[str]": (None, 3, "x", [3], {"a"}, NOTHING),
    "Sequence[str] | None": (3, "x", [3], {"a"}, NOTHING),
    "Iterable[str]": (None, 3, "x", [3], NOTHING),
    "Iterable[str] | None": (3, "x", [3], NOTHING),
    "Mapping[str, float]": (None, 3, "x", ["x"], {"x": "1"}, {1: 1.0}, NOTHING),
    "Mapping[str, Sequence[str]] | None": (3, "x", ["x"], {"x": "y"}, {"x": 3}, NOTHING),
    "Responses": (None, "x", 3, pd.DataFrame(), [], NOTHING),
    "Estimates": (None, "x", 3, pd.DataFrame(), NOTHING),
    "Iterable[Estimates]": (None, "x", 3, [None], ["x"], NOTHING),
    "Iterable[Responses]": (None, "x", 3, [None], ["x"], NOTHING),
    "Codebook | None": ("x", 3, {}, NOTHING),
    "Unit | str | None": (3, True, ["deployment"], NOTHING),
    "Base | str": (None, 3, ["all"], NOTHING),
}
UNCHECKED = frozenset({"Any", "npt.ArrayLike", "Targets"})  # the function reads what it is given


def functions() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value):
                found[f"{value.__module__}.{value.__name__}"] = value
    return found


FUNCTIONS = functions()


def wrong_calls(function: Callable[..., Any]) -> Iterator[tuple[str, object]]:
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not parameter.VAR_KEYWORD and parameter.annotation not in UNCHECKED:
            for value in OTHERS.get(parameter.annotation, (NOTHING,)):
                yield name, value


def call_with(function: Callable[..., Any], name: str, value: object) -> object:
    """Call with one argument as given and the other required ones as nothing that fits."""
    positional, named = [], {}
    for each, parameter in inspect.signature(function).parameters.items():
        wanted = each == name or parameter.default is parameter.empty
        if not wanted or parameter.kind is parameter.VAR_KEYWORD:
            continue
        given = value if each == name else NOTHING
        if parameter.kind is parameter.KEYWORD_ONLY or positional is None:
            named[each] = given
        elif parameter.kind is parameter.VAR_POSITIONAL:
            positional += [given] if each == name else []
        elif parameter.default is parameter.empty:
            positional.append(given)
        else:
            named[each] = given
    return function(*positional, **named)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_of_another_type_is_named(name: str) -> None:
    for argument, value in wrong_calls(FUNCTIONS[name]):
        with pytest.raises(SurveyError) as caught:
            call_with(FUNCTIONS[name], argument, value)
        named = [problem.where for problem in caught.value.problems]
        assert argument in named, f"{argument} = {value!r}: {caught.value}"
        assert len(str(caught.value)) < 2000


def test_there_are_many_such_calls() -> None:
    calls = [call for function in FUNCTIONS.values() for call in wrong_calls(function)]
    assert len(FUNCTIONS) > 80
    assert len(calls) > 1300
    unchecked = [
        f"{name}({each.name})"
        for name, function in FUNCTIONS.items()
        for each in inspect.signature(function).parameters.values()
        if each.annotation in UNCHECKED
    ]
    assert len(unchecked) < 5, unchecked


RIGHT: tuple[tuple[object, Any], ...] = (
    (np.int64(3), int),
    (np.float32(0.5), float),
    (3, float),
    (np.bool_(True), bool),
    (np.str_("x"), str),
    (("a", "b"), "Sequence[str]"),
    ({"a": ["b"]}, Mapping[str, tuple[str, ...] | list[str]]),
    (iter(["a"]), Iterator[str]),
    ((0.3, 3), tuple[float, float]),
    (("a", "b", "c"), tuple[str, ...]),
    (print, Callable[..., Any]),
    (int, type[int]),
    ({"a": "b"}, Mapping[str, Any]),
    ("abc", object),
    (Unit.DEPLOYMENT, Unit),
    (Unit.DEPLOYMENT, str),
)
WRONG: tuple[tuple[object, Any], ...] = (
    ((0.3,), tuple[float, float]),
    ((0.3, "3"), tuple[float, float]),
    (("a", 3), tuple[str, ...]),
    ({"a": [3]}, Mapping[str, list[str]]),
    (3, Callable[..., Any]),
    (3, type[int]),
    ("deployment", Unit),
    ("abc", Iterator[str]),
    (frozenset({3}), frozenset[str]),
)


@pytest.mark.parametrize(("value", "hint"), RIGHT)
def test_what_fits(value: object, hint: Any) -> None:
    from collections.abc import Sequence

    assert fits(value, Sequence[str] if hint == "Sequence[str]" else hint)


@pytest.mark.parametrize(("value", "hint"), WRONG)
def test_what_does_not_fit(value: object, hint: Any) -> None:
    assert not fits(value, hint)


def test_whatever_numpy_makes_an_array_of_passes() -> None:
    for values in ([33.3, 33.3, 33.4], (1, 2), np.array([0.5]), pd.Series([0.5, 0.5])):
        assert len(round_preserving(values)) == len(values)


def test_all_wrong_arguments_are_named_at_once_and_no_table_is_shown() -> None:
    table = pd.DataFrame({"Email": ["ada@example.org"]})
    with pytest.raises(SurveyError) as caught:
        sv.share(table, 3, top="5", nets=3)  # type: ignore[arg-type]
    assert [problem.where for problem in caught.value.problems][:2] == ["answers", "concept"]
    assert len(caught.value.problems) == 4
    assert "ada" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "hints"),
    [
        (lambda a: sv.compare(a, "team_size", 2023, 2024), ["write '2023'", "write '2024'"]),
        (lambda a: a.in_edition(np.int64(2024)), ["write '2024'"]),
        (lambda a: a.codebook.edition(2024), ["write '2024'"]),
        (lambda a: sv.share(a, "team_size", by=[2023, 2024]), ["write ['2023', '2024']"]),
        (lambda a: sv.share(a, 3), [""]),
        (lambda a: sv.share(a, "team_size", top=True), [""]),
    ],
)
def test_a_year_as_a_number_is_told_how_to_be_written(
    call: Callable[[Any], object], hints: list[str]
) -> None:
    from survey.estimates.examples import answers

    with pytest.raises(SurveyError) as caught:
        call(answers())
    assert [problem.hint for problem in caught.value.problems] == hints


def test_a_condition_takes_a_year_as_a_number() -> None:
    from survey.estimates.examples import answers

    year = int(answers().editions[-1])
    assert len(answers().where(edition=year).respondents) == len(
        answers().in_edition(str(year)).respondents
    )


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("cores", ["roles", "compute_cores"], "did you mean 'compute_cores'?"),
        ("stage", ["edition", "deployment_stage"], "did you mean 'deployment_stage'?"),
        ("core", ["compute_cores"], "did you mean 'compute_cores'?"),
        ("size of team", ["team_size"], ""),
        ("stages", ["deployment_stage", "stage"], "did you mean 'stage' or 'deployment_stage'?"),
        (
            "Production",
            ["Proof of Concept", "Production / Full"],
            "did you mean 'Production / Full'?",
        ),
        ("", ["team_size"], ""),
        (" _ ", ["team_size"], ""),
    ],
)
def test_a_suggestion_shares_words_or_is_spelled_alike(
    word: str, known: list[str], said: str
) -> None:
    assert did_you_mean(word, known) == said


def test_a_missing_argument_is_pythons_own_error() -> None:
    with pytest.raises(TypeError, match="concept"):
        sv.share("x")  # type: ignore[call-arg,arg-type]


METHODS: Mapping[str, Callable[[Any, Any], object]] = {
    "Responses.where": lambda answers, value: answers.where(deployment_stage="Testing", unit=value),
    "Responses.in_edition": lambda answers, value: answers.in_edition(value),
    "Responses.question": lambda answers, value: answers.question(value),
    "Responses.frame": lambda answers, value: answers.frame(value),
    "Responses.with_frame": lambda answers, value: answers.with_frame(Unit.DEPLOYMENT, value),
    "design": lambda answers, value: sv.design(answers, cluster=value),
    "Design.on": lambda answers, value: sv.design(answers).on(value),
    "Design.only": lambda answers, value: sv.design(answers).only(value),
    "Codebook.edition": lambda answers, value: answers.codebook.edition(value),
    "Codebook.question": lambda answers, value: answers.codebook.question(value),
    "Codebook.bind": lambda answers, value: answers.codebook.bind(value, "team_size", "X"),
    "Codebook.asked_in": lambda answers, value: answers.codebook.asked_in(value),
    "Codebook.with_words": lambda answers, value: answers.codebook.with_words(value),
    "Estimates.noted": lambda answers, value: sv.share(answers, "deployment_stage").noted(value),
    "Estimates.wide": lambda answers, value: sv.share(answers, "deployment_stage").wide(value),
    "Estimates.to_csv": lambda answers, value: sv.share(answers, "deployment_stage").to_csv(value),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_name_arguments_of_another_type(name: str) -> None:
    from survey.estimates.examples import answers

    for value in (["x"], {"a": 1}, b"x", 2.5, NOTHING):
        with pytest.raises(SurveyError) as caught:
            METHODS[name](answers(), value)
        assert caught.value.problems
