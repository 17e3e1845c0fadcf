"""The API's JSON in the shape that it usually has, whatever program wrote it again.

PHP writes a list with gaps as an object of numbered keys, other programs change the capitals
of keys, or put all surveys into an object of their own. What is put into shape loses nothing:
a part that fits nowhere is named.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Record", "Shape", "load", "records_in", "surveys_in", "texts_in", "unusual_parts"]

Record = Mapping[str, Any]
_SURROGATE = re.compile("[\ud800-\udfff]")
_STEPS, _DEPLOYMENTS = "steps", "entity_surveys"
_KEYS = {
    key.replace("_", ""): key
    for key in (
        "id", "last_edited", "lang", "state", "owner", "steps", "answers", "question", "value",
        "entity_surveys", "email",
    )
}  # fmt: skip
_OF_RECORDS = frozenset({"question", "value", "answers", "steps", "id"})


@dataclass
class Shape:
    """What was noticed while JSON was put into shape."""

    surrogates: int = 0
    twice: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


def load(text: bytes, shape: Shape) -> Any:
    """Return the content of JSON, or of lines of JSON, with the usual keys.

    Raises
    ------
    ValueError, RecursionError
        If it is not JSON.
    """

    def pairs(found: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, value in found:
            bare = key.strip().casefold().replace("_", "").replace("-", "")
            name = _KEYS.get(bare, key)
            if name in content and content[name] != value:
                shape.twice[name] += 1
            content[name] = _both(content[name], value) if name in content else value
        return content

    def decoded(part: bytes | str) -> Any:
        return json.loads(part, object_pairs_hook=pairs, parse_constant=lambda word: None)

    try:
        return _whole_text(decoded(text), shape)
    except json.JSONDecodeError as error:
        lines = [line for line in text.split(b"\n") if line.strip()]
        if not error.msg.startswith("Extra data") or len(lines) < 2:
            raise
        return _whole_text([decoded(line) for line in lines], shape)


def _both(first: Any, second: Any) -> Any:
    """Return what two values under one key hold together; of two texts, the first."""
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    if isinstance(first, dict) and isinstance(second, dict):
        return [first, second]
    return first if first not in (None, "", [], {}) else second


def _whole_text(content: Any, shape: Shape) -> Any:
    """Return the content with characters in place of halves of characters."""
    if isinstance(content, str):
        whole, times = _SURROGATE.subn("\ufffd", content)
        shape.surrogates += times
        return whole
    if isinstance(content, list):
        return [_whole_text(each, shape) for each in content]
    if isinstance(content, dict):
        return {
            _SURROGATE.sub("\ufffd", key): _whole_text(each, shape) for key, each in content.items()
        }
    return content


def surveys_in(content: Any) -> list[Record]:
    """Return the surveys in some JSON: one, a list, or an object of them; else nothing."""
    if isinstance(content, dict):
        if _is_survey(content):
            return [content]
        inside = [each for each in content.values() if isinstance(each, list | dict)]
        if (len(inside) == 1 and len(content) > 1) or (len(content) == 1 and inside):
            return surveys_in(inside[0])
        content = list(content.values())
    if not isinstance(content, list) or not any(map(_is_survey, content)):
        return []
    return [each if isinstance(each, dict) else {} for each in content]


def _is_survey(content: Any) -> bool:
    return isinstance(content, dict) and (_STEPS in content or _DEPLOYMENTS in content)


def unusual_parts(survey: Record) -> Iterator[tuple[str, str, str]]:
    """Yield what a survey lacks that it always has, and what holds answers that nobody reads.

    Each is a key, what is the matter, and a sentence that says it.

    Examples
    --------
    >>> [key for key, *_ in unusual_parts({"id": 1, "steps": [], "clouds": [{"answers": []}]})]
    ['entity_surveys', 'clouds']
    """
    if _STEPS not in survey:
        yield _STEPS, "no answers", "the survey has no steps, and no answers"
    if survey.get(_DEPLOYMENTS) is None:
        message = "the survey does not say which deployments it has; it is read without"
        yield _DEPLOYMENTS, "no deployments", message
    for key, content in survey.items():
        if key not in (_STEPS, _DEPLOYMENTS) and _holds_answers(content):
            yield key, "unreadable part", f"answers under {key!r}, which are left out"


def _holds_answers(content: object) -> bool:
    if isinstance(content, dict):
        inside = map(_holds_answers, content.values())
        return bool({_STEPS, "answers"} & set(content)) or any(inside)
    return isinstance(content, list) and any(map(_holds_answers, content))


def records_in(content: object, what: str, shape: Shape) -> Iterator[Record]:
    """Yield the records of a list, or of an object that stands for one; name anything else."""
    if content is None or content == "" or content is False:
        return
    if isinstance(content, dict):
        content = [content] if _OF_RECORDS & set(content) else list(content.values())
    if not isinstance(content, list):
        shape.lost[what] += 1
        return
    for each in content:
        if isinstance(each, dict):
            yield each
        elif isinstance(each, list):
            yield from records_in(each, what, shape)
        elif each is not None:
            shape.lost[what] += 1


def texts_in(content: object) -> tuple[str, ...]:
    """Return a value as texts: one, or several where a list or object stands for one.

    Examples
    --------
    >>> texts_in(9.0), texts_in(["a", None, "b"]), texts_in({"0": {"value": "a"}}), texts_in(True)
    (('9',), ('a', 'b'), ('a',), ('1',))
    """
    if content is None or content is False:
        return ()
    if isinstance(content, dict):
        content = [content["value"]] if "value" in content else list(content.values())
    if isinstance(content, list):
        return tuple(text for each in content for text in texts_in(each))
    if content is True:
        return ("1",)
    if isinstance(content, float) and content.is_integer():
        return (str(int(content)),)
    return (str(content),) if content != "" else ()
