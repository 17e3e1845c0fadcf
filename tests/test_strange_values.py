"""Public verbs with values of the right type that make no sense: an answer, or an error that helps.

Nothing else may come out, and no warning.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import survey as sv
from survey.errors import SurveyError
from survey.synthetic import simulate

STRANGE: tuple[Any, ...] = (
    *("", "nonsense", "\0", "x" * 3000),
    *(-1, 0, 1e308, float("nan"), float("inf"), -0.5),
    *([], ["nonsense"], [""], {}, {"nonsense": ["x"]}, {"": 1.0}, ()),
    *(Path("\0"), Path("x" * 3000), b"", b"x"),
)
CORES, STAGE = "compute_cores", "deployment_stage"


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    """Verb -> arguments with which it works."""
    folder = tmp_path_factory.mktemp("strange")
    path = simulate("2024", respondents=20, seed=3).write(folder)[0]
    answers = sv.clean(sv.read_export(path))
    table = sv.share(answers, STAGE)
    return {
        "share": {"answers": answers, "concept": CORES},
        "median": {"answers": answers, "concept": CORES},
        "nps": {"answers": answers},
        "crosstab": {"answers": answers, "rows": CORES, "cols": STAGE},
        "protect": {"tables": [table], "title": "x", "edition": "2024", "answers": answers},
        "simulate": {"edition": "2024", "respondents": 3},
        "read_export": {"path": path},
        "clean": {"exports": []},
        "pool": {"parts": [answers]},
        "read_answers": {"folder": folder},
        "read_codebook": {},
        "bars": {"table": table},
        "figure": {"source": table},
    }


VERBS = ("share", "median", "nps", "crosstab", "protect", "simulate", "read_export", "clean")


@pytest.mark.parametrize(
    "verb", [*VERBS, "pool", "read_answers", "read_codebook", "bars", "figure"]
)
def test_strange_values_give_an_answer_or_an_error_that_helps(
    calls: Mapping[str, dict[str, Any]], verb: str
) -> None:
    function: Callable[..., Any] = getattr(sv, verb)
    for name, parameter in inspect.signature(function).parameters.items():
        for value in STRANGE if parameter.kind is not parameter.VAR_KEYWORD else ():
            starred = parameter.kind is parameter.VAR_POSITIONAL
            try:
                function(value) if starred else function(**{**calls[verb], name: value})
            except SurveyError as error:
                assert error.message, (verb, name, value)
            except Exception as error:
                raise AssertionError(f"{verb}({name}={value!r:.40}): {error!r}") from error
