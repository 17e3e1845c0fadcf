"""How improbable it is that two descriptions agree as they do, were both told afresh.

An answer that is told afresh a year later can be equal for two reasons: many give that answer
anyway, or nothing has changed. With *p* the share of others in the later edition who give the
same whole answer, and *s* how often the question is answered the same by the same respondent a
year later beyond that, the chance of an equal answer *d* editions later is ``p + (1 - p) s**d``.
*s* is learned per question from respondents who do not stand unchanged, drawn towards the mean
of its kind where they are few. A typed number or text is hardly ever typed the same way twice,
so it weighs far more than a ticked box; a question that nobody answers differently weighs
nothing. The score of a block is the sum of ``-log10(chance)`` over its equal answers: 4 says
one in ten thousand. An answer that differs takes 2 away: so rarely does the exporter damage a
copy differently from its source. Agreement is weighed by its rarity as in record linkage.

Source: Fellegi and Sunter, "A theory for record linkage", JASA 64 (1969), sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Codebook, Question, Unit
from survey.dataclass import dataclass
from survey.responses.answer_set import AnswerSetArray

__all__ = ["Agreement", "Pairs", "agreement", "says_something", "scores"]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_TICKED, _TYPED = 0.6, 0.1
_BELIEF = 20
_LEAST, _MOST = 0.02, 0.95
_DIFFERS = 2.0


@dataclass(frozen=True)
class Pairs:
    """Rows of one table to compare: ``later`` with ``earlier``.

    ``editions`` are the table's editions, oldest first; ``edition`` is the place of each row's
    edition among them.
    """

    later: Ints
    earlier: Ints
    editions: tuple[str, ...]
    edition: Ints

    def __len__(self) -> int:
        return len(self.later)

    @property
    def gap(self) -> Ints:
        """How many editions lie between the two, at least 1."""
        return self.edition[self.later] - self.edition[self.earlier]


@dataclass(frozen=True)
class Agreement:
    """Questions (rows) by pairs (columns).

    Attributes
    ----------
    compared, equal
        Whether both answered and the earlier answer could be carried over; whether it stands.
    added
        Whether the later one answers what the earlier left open or was not asked.
    common
        Share of the others in the later edition who give the later answer.
    typed
        Per question, whether its answers are typed.
    """

    compared: Flags
    equal: Flags
    added: Flags
    common: Floats
    typed: Flags


def agreement(
    frame: pd.DataFrame, unit: Unit, pairs: Pairs, codebook: Codebook, flags: pd.DataFrame
) -> Agreement:
    """Compare the rows of each pair, question by question.

    Cells flagged as doubtful are not compared; neither are answers that the later edition no
    longer offers, which the form drops. Where a question was reworded, only equality counts.
    """
    doubtful = _doubtful(frame, unit, flags)
    asked_in = _asked(codebook, unit, pairs.editions) if len(pairs) else {}
    found = [
        _compared(frame[concept], asked, pairs, doubtful.get(concept, frozenset()))
        for concept, asked in asked_in.items()
        if concept in frame
    ]
    typed = np.array([each.typed[0] for each in found], dtype=bool)
    if not found:
        none = np.zeros((0, len(pairs)), dtype=bool)
        return Agreement(none, none, none, none.astype(float), typed)
    return Agreement(
        np.vstack([each.compared for each in found]),
        np.vstack([each.equal for each in found]),
        np.vstack([each.added for each in found]),
        np.vstack([each.common for each in found]),
        typed,
    )


def says_something(frame: pd.DataFrame, unit: Unit, codebook: Codebook) -> Flags:
    """Return which rows hold an answer that the form could have carried over."""
    concepts = _asked(codebook, unit, tuple(codebook.editions))
    given = [frame[concept].notna().to_numpy() for concept in concepts if concept in frame]
    return np.asarray(np.any([np.zeros(len(frame), dtype=bool), *given], axis=0), dtype=bool)


def scores(found: Agreement, gap: Ints, learn_from: Flags) -> Floats:
    """Return the score of each pair; ``learn_from`` are the pairs that were told afresh."""
    stays = _persistence(found, learn_from & (gap == gap.min(initial=1)))
    chance = found.common + (1 - found.common) * stays[:, None] ** gap
    for_it = -np.log10(np.where(found.equal, chance, 1.0)).sum(axis=0)
    against = _DIFFERS * (found.compared & ~found.equal).sum(axis=0)
    return np.asarray(for_it - against, dtype=np.float64)


def _persistence(found: Agreement, fresh: Flags) -> Floats:
    """Return per question how often the same respondent tells it the same a year later."""
    compared, common = found.compared[:, fresh], found.common[:, fresh]
    beyond = np.where(compared, (found.equal[:, fresh] - common) / (1 - common), 0.0)
    number, total = compared.sum(axis=1), beyond.sum(axis=1)
    prior = np.where(found.typed, _TYPED, _TICKED)
    for kind in (found.typed, ~found.typed):
        mean = total[kind].sum() + _BELIEF * prior[kind].mean() if kind.any() else 0.0
        prior[kind] = mean / (number[kind].sum() + _BELIEF)
    stays = (total + _BELIEF * prior) / (number + _BELIEF)
    return np.asarray(np.clip(stays, _LEAST, _MOST), dtype=np.float64)


_Asked = Mapping[int, Question]


def _asked(
    codebook: Codebook, unit: Unit, editions: tuple[str, ...]
) -> dict[str, dict[int, Question]]:
    """Return concept -> place of the edition -> its question, for what the form carries over."""
    asked: dict[str, dict[int, Question]] = {}
    for place, name in enumerate(editions):
        for question in codebook.edition(name).of_unit(unit):
            if not question.personal and not question.kind.names_organization:
                asked.setdefault(question.concept, {})[place] = question
    asked.pop("is_public", None)
    return asked


def _compared(
    column: pd.Series[Any], asked: _Asked, pairs: Pairs, doubtful: frozenset[int]
) -> Agreement:
    """Return the agreement on one question."""
    one, other = _codes(column, asked, pairs)
    answers = column.array
    is_set = isinstance(answers, AnswerSetArray)
    now = (one > 0).any(axis=1) if is_set else one[:, 0] > 0
    before = (other > 0).any(axis=1) if is_set else other[:, 0] > 0
    alike = (one == other).all(axis=1)
    both = now & before & (_same_series(asked, pairs) | alike)
    bad = np.isin(pairs.later, [*doubtful]) | np.isin(pairs.earlier, [*doubtful])
    return Agreement(
        (both & ~bad)[None],
        (both & alike & ~bad)[None],
        (now & ~before & ~bad)[None],
        _common(column, pairs)[None],
        np.array([not any(question.kind.closed for question in asked.values())]),
    )


def _same_series(asked: _Asked, pairs: Pairs) -> Flags:
    """Whether both editions of each pair ask the question in words that can be compared."""
    series = np.array(
        [asked[place].series if place in asked else None for place in range(len(pairs.editions))],
        dtype=object,
    )
    return np.asarray(
        series[pairs.edition[pairs.later]] == series[pairs.edition[pairs.earlier]], dtype=bool
    )


def _codes(column: pd.Series[Any], asked: _Asked, pairs: Pairs) -> tuple[Ints, Ints]:
    """Return what both rows of each pair say, the earlier as far as the later offers it.

    0 stands for nothing. A set of answers has one column per item, anything else one column.
    """
    answers = column.array
    if isinstance(answers, AnswerSetArray):
        names, codes = answers.items, answers.codes.astype(np.int64)
        offered = _offered(asked, names, pairs, rows=True)
        return codes[pairs.later], codes[pairs.earlier] * offered[pairs.edition[pairs.later]]
    if isinstance(column.dtype, pd.CategoricalDtype):
        names = tuple(column.cat.categories)
        codes = column.cat.codes.to_numpy().astype(np.int64) + 1
        offered = _offered(asked, names, pairs, rows=False)
        offered = np.hstack([np.ones((len(offered), 1), dtype=bool), offered])
        earlier = codes[pairs.earlier]
        kept = offered[pairs.edition[pairs.later], earlier]
        return codes[pairs.later][:, None], np.where(kept, earlier, 0)[:, None]
    plain = column.str.strip() if column.dtype == object else column
    codes = pd.factorize(plain)[0].astype(np.int64) + 1
    return codes[pairs.later][:, None], codes[pairs.earlier][:, None]


def _offered(asked: _Asked, names: tuple[str, ...], pairs: Pairs, *, rows: bool) -> Flags:
    """Return which edition (rows) offers which answer; all where none are listed."""
    offered = np.ones((len(pairs.editions), len(names)), dtype=bool)
    for place, question in asked.items():
        listed = question.row_labels if rows and question.rows else question.labels
        if listed and not question.kind.names_countries:
            offered[place] = [name in set(listed) for name in names]
    return offered


def _common(column: pd.Series[Any], pairs: Pairs) -> Floats:
    """Return the share of the others in the later edition who give the later row's answer."""
    whole = _whole(column)
    key = np.where(whole >= 0, whole * len(pairs.editions) + pairs.edition, -1)
    answer, number = np.unique(key, return_inverse=True)
    times = np.bincount(number, minlength=len(answer))[number]
    told = np.bincount(pairs.edition[whole >= 0], minlength=len(pairs.editions))[pairs.edition]
    share = (times - 1 + 0.5) / (told + 1)
    return np.asarray(np.clip(share, 1e-6, 0.999)[pairs.later])


def _whole(column: pd.Series[Any]) -> Ints:
    """Return a number for each different whole answer, -1 for none."""
    answers = column.array
    if isinstance(answers, AnswerSetArray):
        odd = 2 * np.arange(1, answers.codes.shape[1] + 1, dtype=np.uint64) + np.uint64(1)
        mixed = odd * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        summed = (answers.codes.astype(np.uint64) * mixed).sum(axis=1, dtype=np.uint64)
        return np.where(answers.isna(), -1, pd.factorize(summed)[0]).astype(np.int64)
    return pd.factorize(column)[0].astype(np.int64)


def _doubtful(frame: pd.DataFrame, unit: Unit, flags: pd.DataFrame) -> dict[str, frozenset[int]]:
    """Return concept -> rows whose answer must not be trusted."""
    own = flags[flags["unit"] == unit.value]
    if own.empty or unit.value not in frame:
        return {}
    keys = pd.MultiIndex.from_arrays([frame["edition"].astype(str), frame[unit.value].astype(int)])
    rows = dict(zip(keys, range(len(frame)), strict=True))
    found: dict[str, set[int]] = {}
    for edition, number, concept in _flagged(own):
        row = rows.get((edition, number))
        if row is not None:
            found.setdefault(concept, set()).add(row)
    return {concept: frozenset(some) for concept, some in found.items()}


def _flagged(flags: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    columns = (flags["edition"].astype(str), flags["id"].astype(int), flags["concept"])
    yield from zip(*columns, strict=True)
