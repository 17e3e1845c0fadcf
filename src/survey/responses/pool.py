"""Put the answers of several editions under each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import Problem, ResponsesError
from survey.provenance import Provenance
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype, united
from survey.responses.blank import blank_of
from survey.responses.carried import carry_overs, with_copies_marked
from survey.responses.column import ANOTHER
from survey.responses.ordinal import OrdinalDtype, apart_of, of_type
from survey.responses.presence import Presence
from survey.responses.responses import Responses

__all__ = ["pool"]


@checked(ResponsesError)
def pool(parts: Iterable[Responses]) -> Responses:
    """Return the answers of several editions as one.

    A question keeps one column through all editions that ask it; an edition that does not has
    missing answers there. An option keeps its label; options of all editions are united. What
    stands unchanged from one edition to a later one is found, and copies that nobody touched
    are marked (:attr:`Responses.carry_overs`): accounts are the same only under the same key.

    Parameters
    ----------
    parts
        Answers of different editions, in any order.

    Raises
    ------
    ResponsesError
        If there is nothing to pool, or an edition comes twice.

    Examples
    --------
    >>> both = pool([answers_2018, answers_2019])  # doctest: +SKIP
    >>> both.editions  # doctest: +SKIP
    ('2018', '2019')
    """
    given = tuple(parts)
    _refuse_overlap(given)
    if len(given) == 1:
        return given[0]
    ordered = sorted(given, key=lambda part: list(part.codebook.editions).index(part.editions[0]))
    respondents = _stack([part.frame(Unit.RESPONDENT) for part in ordered])
    deployments = _stack([part.frame(Unit.DEPLOYMENT) for part in ordered])
    flags = pd.concat([part.flags for part in ordered], ignore_index=True)
    carried = carry_overs(respondents, deployments, ordered[-1].codebook, flags)
    return Responses(
        with_copies_marked(respondents, carried),
        with_copies_marked(deployments, carried),
        ordered[-1].codebook,
        pd.concat([part.issues for part in ordered], ignore_index=True),
        pd.concat([part.repairs for part in ordered], ignore_index=True),
        Provenance().merge(*(part.provenance for part in ordered)).then("pooled"),
        flags,
        {file: counts for part in ordered for file, counts in part.counts.items()},
        all(part.identified for part in ordered),
        same_clouds=pd.concat([part.same_clouds for part in ordered], ignore_index=True),
        carry_overs=carried,
        copies_count=all(part.copies_count for part in ordered),
        clouds_once=all(part.clouds_once for part in ordered),
        recoded=pd.concat([part.recoded for part in ordered], ignore_index=True),
        presence=Presence().merge(part.presence for part in ordered),
    )


def _refuse_overlap(parts: Sequence[Responses]) -> None:
    names = [name for part in parts for name in part.editions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not names or twice:
        got = f"edition {', '.join(twice)} more than once" if twice else "no answers"
        hint = "clean all exports of an edition together: survey.clean([first, second])"
        raise ResponsesError(
            "Cannot pool", [Problem("pool()", got, "answers of different editions", hint)]
        )


def _stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack frames column by column, newest edition's columns and options first."""
    names = dict.fromkeys(name for frame in reversed(frames) for name in frame.columns)
    return pd.DataFrame({name: _stack_column(str(name), frames) for name in names})


def _stack_column(name: str, frames: Sequence[pd.DataFrame]) -> Any:
    present = [frame[name] for frame in frames if name in frame]
    if all(_is_text(column) for column in present):
        return _stack_texts(name, frames)
    dtype = _common(present)
    columns = [
        _as(frame[name], dtype) if name in frame else blank_of(dtype, len(frame))
        for frame in frames
    ]
    return pd.concat(columns, ignore_index=True)


def _is_text(column: pd.Series[Any]) -> bool:
    return column.dtype == object or isinstance(column.dtype, pd.StringDtype)


def _stack_texts(name: str, frames: Sequence[pd.DataFrame]) -> pd.Series[Any]:
    """Stack texts with one kind of missing, whatever the parts had."""
    texts: list[Any] = []
    for frame in frames:
        given = frame[name] if name in frame else pd.Series([None] * len(frame), dtype=object)
        texts += given.astype(object).where(given.notna(), None).tolist()
    return pd.Series(texts, dtype=None if any(text is not None for text in texts) else object)


def _common(columns: Sequence[pd.Series[Any]]) -> Any:
    """Return a type that holds all columns; options of the newest edition come first."""
    newest = columns[-1].dtype
    if isinstance(newest, AnswerSetDtype):
        several = united([column.dtype for column in reversed(columns)])
        return AnswerSetDtype(several.items, several.levels, ranked=newest.ranked)
    if isinstance(newest, pd.CategoricalDtype):
        labels = dict.fromkeys(
            label for column in reversed(columns) for label in column.cat.categories
        )
        ordered = all(column.cat.ordered for column in columns)
        apart = dict.fromkeys(label for column in columns for label in apart_of(column.dtype))
        return OrdinalDtype(_in_order(list(labels), columns), ordered, apart)
    return newest


def _in_order(labels: list[str], columns: Sequence[pd.Series[Any]]) -> list[str]:
    """Keep the newest order when it already has every label; unlisted answers come last."""
    newest = list(columns[-1].cat.categories)
    ordered = newest if len(newest) == len(labels) else labels
    return sorted(ordered, key=lambda label: label == ANOTHER)


def _as(column: pd.Series[Any], dtype: Any) -> pd.Series[Any]:
    if isinstance(dtype, AnswerSetDtype) and isinstance(column.array, AnswerSetArray):
        own = column.array.with_items(dtype.items, dtype.levels)
        return pd.Series(AnswerSetArray(own.codes, dtype))
    if isinstance(dtype, pd.CategoricalDtype):
        codes = dtype.categories.get_indexer(column.cat.categories)
        rows = np.append(codes, -1)[column.cat.codes.to_numpy()]
        return pd.Series(of_type(rows, dtype), index=column.index)
    return column
