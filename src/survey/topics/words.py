"""The words of a community in titles: ``{unit}`` is a cloud in one survey, a bakery in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias, cast

from survey.estimates import Estimates
from survey.responses import Responses

__all__ = ["worded"]

_More = ParamSpec("_More")
_Topic: TypeAlias = Callable[Concatenate[Responses, _More], Iterator[Estimates]]


def worded(topic: _Topic[_More]) -> _Topic[_More]:
    """Return a topic whose titles have the answers' own words in place of names in braces."""

    @wraps(topic)
    def tables(answers: Responses, *args: _More.args, **named: _More.kwargs) -> Iterator[Estimates]:
        fill = answers.vocabulary.fill
        for table in topic(answers, *args, **named):
            yield replace(table, title=fill(table.title))

    return cast(_Topic[_More], tables)
