"""A column of answer sets: several answers from one respondent, kept as one variable.

Multiple responses, rankings and matrices share one shape: for each respondent a short row of
small numbers, one per listed item. ``0`` stands for "not chosen"; else the number is ``1``
(multiple response), the rank (ranking) or the position of the chosen level (matrix). A row of
zeros is "no answer", because the survey system cannot store an empty selection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype
from pandas.api.types import pandas_dtype

__all__ = ["AnswerSetArray", "AnswerSetDtype", "united"]

Codes = npt.NDArray[np.uint8]


@register_extension_dtype
class AnswerSetDtype(ExtensionDtype):
    """Type of a column of answer sets.

    Parameters
    ----------
    items
        What can be chosen: labels of choices, or of matrix rows.
    levels
        Column labels of a matrix; empty for multiple responses and rankings.
    ranked
        Whether the order of choice is known (ranking).
    """

    kind: ClassVar[Literal["O"]] = "O"
    type: ClassVar[Any] = object
    na_value = None
    _metadata = ("items", "levels", "ranked")

    def __init__(
        self, items: Iterable[str] = (), levels: Iterable[str] = (), *, ranked: bool = False
    ) -> None:
        self.items = tuple(items)
        self.levels = tuple(levels)
        self.ranked = ranked

    @property
    def name(self) -> str:  # type: ignore[override]  # pandas declares a plain attribute
        """``answer_set``, whatever the items are."""
        return "answer_set"

    @classmethod
    def construct_array_type(cls) -> type[AnswerSetArray]:
        """Return the array type that holds answer sets."""
        return AnswerSetArray

    @classmethod
    def construct_from_string(cls, string: str) -> AnswerSetDtype:
        """Return the type without items: they are those that occur, as in a Parquet file."""
        if string != "answer_set":
            raise TypeError(f"Cannot construct an AnswerSetDtype from {string!r}")
        return cls()

    def __from_arrow__(self, array: Any) -> AnswerSetArray:
        """Return lists of labels, or maps of rows to levels, that ``to_parquet`` has written."""
        answers = array.to_pylist()
        if pa.types.is_map(array.type):
            answers = [None if answer is None else dict(answer) for answer in answers]
        return AnswerSetArray._from_sequence(answers, dtype=self)

    @property
    def _is_numeric(self) -> bool:
        return False

    def _get_common_dtype(self, dtypes: list[Any]) -> Any:
        """Let ``pd.concat`` join columns whose items differ: the union of the items."""
        if not all(isinstance(dtype, AnswerSetDtype) for dtype in dtypes):
            return None
        if len({(bool(dtype.levels), dtype.ranked) for dtype in dtypes}) != 1:
            return None
        return united(dtypes)


def united(dtypes: Sequence[AnswerSetDtype]) -> AnswerSetDtype:
    """Return the type that has the items and levels of all, in order of appearance."""
    items = dict.fromkeys(item for dtype in dtypes for item in dtype.items)
    levels = dict.fromkeys(level for dtype in dtypes for level in dtype.levels)
    return AnswerSetDtype(items, levels, ranked=dtypes[0].ranked)


class AnswerSetArray(ExtensionArray):
    """Answer sets of many respondents, stored as one small number per respondent and item.

    Parameters
    ----------
    codes
        Respondents x items; ``0`` is "not chosen".
    dtype
        Items and levels.

    Examples
    --------
    >>> tools = AnswerSetArray.from_lists([["Kolla", "Juju"], [], ["Juju"]], ["Juju", "Kolla"])
    >>> tools[0], tools[1]
    (('Juju', 'Kolla'), None)
    >>> tools.chosen.sum(axis=0)
    array([2, 1])
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __init__(self, codes: Codes, dtype: AnswerSetDtype) -> None:
        if codes.ndim != 2 or codes.shape[1] != len(dtype.items):
            raise ValueError(
                f"codes have shape {codes.shape}, but there are {len(dtype.items)} items"
            )
        self._codes = codes.astype(np.uint8, copy=False)
        self._dtype = dtype
        self._answered: npt.NDArray[np.bool_] | None = None

    @classmethod
    def from_lists(
        cls, lists: Iterable[Iterable[str] | None], items: Sequence[str], *, ranked: bool = False
    ) -> AnswerSetArray:
        """Build from lists of chosen items; with ``ranked``, in rank order.

        Raises
        ------
        KeyError
            If something was chosen that is not among ``items``.
        """
        rows = [tuple(chosen or ()) for chosen in lists]
        place = {item: column for column, item in enumerate(items)}
        codes = np.zeros((len(rows), len(items)), dtype=np.uint8)
        for row, chosen in enumerate(rows):
            for rank, item in enumerate(chosen, start=1):
                codes[row, place[item]] = rank if ranked else 1
        return cls(codes, AnswerSetDtype(items, ranked=ranked))

    # What statistics use

    @property
    def codes(self) -> Codes:
        """Respondents x items: 0, or 1 / rank / position of the level."""
        return self._codes

    @property
    def chosen(self) -> npt.NDArray[np.bool_]:
        """Respondents x items: whether the item was chosen at all."""
        return self._codes > 0

    @property
    def answered(self) -> npt.NDArray[np.bool_]:
        """Per respondent: whether anything was chosen."""
        if self._answered is None:
            # On short rows a product is much faster than ``any``.
            ones = np.ones(len(self.items), dtype=np.float32)
            self._answered = np.asarray(self._codes.astype(np.float32) @ ones > 0)
            self._answered.flags.writeable = False
        return self._answered

    @property
    def items(self) -> tuple[str, ...]:
        """What can be chosen."""
        return self._dtype.items

    @property
    def levels(self) -> tuple[str, ...]:
        """Column labels of a matrix."""
        return self._dtype.levels

    def with_items(
        self, items: Sequence[str], levels: Sequence[str] | None = None
    ) -> AnswerSetArray:
        """Return a copy with other items and levels, which must include every present one."""
        place = {item: column for column, item in enumerate(items)}
        codes = np.zeros((len(self), len(items)), dtype=np.uint8)
        codes[:, [place[item] for item in self.items]] = self._renumbered(levels)
        kept = self.levels if levels is None else levels
        return AnswerSetArray(codes, AnswerSetDtype(items, kept, ranked=self._dtype.ranked))

    def _renumbered(self, levels: Sequence[str] | None) -> Codes:
        """Return the codes as positions among other levels."""
        if levels is None or tuple(levels) == self.levels or not self.levels:
            return self._codes
        number = {level: place for place, level in enumerate(levels, start=1)}
        translate = np.array([0, *(number[level] for level in self.levels)], dtype=np.uint8)
        return translate[self._codes]

    # What pandas asks of an extension array

    @property
    def dtype(self) -> AnswerSetDtype:
        """Items and levels."""
        return self._dtype

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return int(self._codes.nbytes)

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, item: Any) -> Any:
        item = pd.api.indexers.check_array_indexer(self, item)
        picked = self._codes[item]
        if picked.ndim == 1:
            return self._answer(picked)
        return AnswerSetArray(picked, self._dtype)

    def _answer(self, codes: Codes) -> Any:
        chosen = np.flatnonzero(codes)
        if not len(chosen):
            return None
        if self.levels:
            return {self.items[i]: self.levels[codes[i] - 1] for i in chosen}
        if self._dtype.ranked:
            chosen = chosen[np.argsort(codes[chosen], kind="stable")]
        return tuple(self.items[i] for i in chosen)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set answers: a label, several of them, a mapping of rows to levels, or ``None``.

        Raises
        ------
        ValueError
            If something is chosen that is not among the items.
        """
        self._codes[pd.api.indexers.check_array_indexer(self, key)] = self._codes_of(value)
        self._answered = None

    def _codes_of(self, value: Any) -> Codes:
        """Return the codes of one answer, or of a sequence of answers."""
        if isinstance(value, AnswerSetArray):
            codes: Codes = value.astype(self._dtype, copy=False).codes
            return codes
        if isinstance(value, str):
            value = (value,)
        one = value is None or value is pd.NA or isinstance(value, tuple | Mapping | float)
        answers = [value] if one else list(value)
        answers = [each if isinstance(each, tuple | list | Mapping) else None for each in answers]
        try:
            codes = type(self)._from_sequence(answers, dtype=self._dtype).codes
        except KeyError as error:
            some = ", ".join(map(repr, self.items[:5]))
            raise ValueError(f"{error} is none of the items: {some}, ...") from None
        return np.asarray(codes[0] if one else codes, dtype=np.uint8)

    def _explode(self) -> tuple[Any, Any]:
        """Give each chosen item a row, as ``explode`` does; who chose nothing keeps one."""
        counts = np.maximum(self.chosen.sum(axis=1), 1).astype(np.uint64)
        items = (item for answer in self for item in (answer or (None,)))
        return np.array(list(items), dtype=object), counts

    def __arrow_array__(self, type: Any = None) -> Any:  # noqa: A002  # Arrow calls it so
        """Return lists of labels, or maps of rows to levels, as ``to_parquet`` writes them."""
        text = pa.string()
        if self.levels:
            pairs = [None if answer is None else list(answer.items()) for answer in self]
            return pa.array(pairs, pa.map_(text, text))
        return pa.array(
            [None if answer is None else list(answer) for answer in self], pa.list_(text)
        )

    def isna(self) -> npt.NDArray[np.bool_]:
        """Per respondent: whether nothing was chosen."""
        return ~self.answered

    def take(
        self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None
    ) -> AnswerSetArray:
        """Return rows by position; with ``allow_fill``, ``-1`` gives "no answer"."""
        from pandas.api.extensions import take

        codes = take(self._codes, np.asarray(indices), axis=0, allow_fill=allow_fill, fill_value=0)
        return AnswerSetArray(np.asarray(codes, dtype=np.uint8), self._dtype)

    def copy(self) -> AnswerSetArray:
        """Return a copy."""
        return AnswerSetArray(self._codes.copy(), self._dtype)

    @classmethod
    def _from_sequence(
        cls, scalars: Any, *, dtype: Any = None, copy: bool = False
    ) -> AnswerSetArray:
        if not isinstance(dtype, AnswerSetDtype):
            raise TypeError("answer sets need an AnswerSetDtype with their items")
        if not dtype.items:
            dtype = _occurring(scalars, ranked=dtype.ranked)
        if dtype.levels:
            return cls(_grid_codes(scalars, dtype), dtype)
        return cls.from_lists(scalars, dtype.items, ranked=dtype.ranked)

    @classmethod
    def _from_factorized(cls, values: Any, original: AnswerSetArray) -> AnswerSetArray:
        codes = np.zeros((len(values), len(original.items)), dtype=np.uint8)
        for row, each in enumerate(values):
            codes[row] = np.frombuffer(each, dtype=np.uint8) if each else 0
        return cls(codes, original.dtype)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[AnswerSetArray]) -> AnswerSetArray:
        dtype = united([array.dtype for array in to_concat])
        aligned = [array.with_items(dtype.items, dtype.levels) for array in to_concat]
        return cls(np.concatenate([array.codes for array in aligned]), dtype)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Cast; to another answer set dtype only if that holds every item."""
        if isinstance(dtype, AnswerSetDtype):
            same = dtype == self.dtype and not copy
            return self if same else self.with_items(dtype.items, dtype.levels)
        wanted = pandas_dtype(dtype)
        if isinstance(wanted, np.dtype) and wanted.kind == "U":
            texts = [str(answer) for answer in self]
            return np.array(texts, dtype=object if wanted.itemsize == 0 else wanted)
        return super().astype(wanted, copy=copy)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[np.object_]:
        """Return the answers as objects, however many items each of them has."""
        if copy is False:
            raise ValueError("answer sets become objects only by making a copy")
        answers = np.empty(len(self), dtype=object)
        for row, answer in enumerate(self):
            answers[row] = answer
        return answers if dtype is None else answers.astype(dtype)

    def __eq__(self, other: object) -> Any:
        """Return where the same was chosen; where nothing was, nothing is equal."""
        if isinstance(other, pd.Series | pd.Index | pd.DataFrame):
            return NotImplemented
        one = not pd.api.types.is_list_like(other) or isinstance(other, tuple | Mapping)
        others = [other] * len(self) if one else list(cast("Iterable[Any]", other))
        if len(others) != len(self):
            raise ValueError(f"Lengths must match to compare: {len(self)} and {len(others)}")
        if isinstance(other, AnswerSetArray) and other.dtype == self.dtype:
            return self.answered & (self._codes == other.codes).all(axis=1)
        pairs = zip(self, others, strict=True)
        return np.array([mine is not None and mine == theirs for mine, theirs in pairs], dtype=bool)

    def __ne__(self, other: object) -> Any:
        """Return where something else was chosen, or nothing."""
        equal = self == other
        return equal if equal is NotImplemented else ~equal

    def value_counts(self, dropna: bool = True) -> pd.Series[int]:
        """Return how often each set of answers was given."""
        codes, sets = pd.factorize(self, use_na_sentinel=dropna)  # type: ignore[call-overload]
        counts = np.bincount(codes[codes >= 0], minlength=len(sets))
        return pd.Series(counts, index=pd.Index(sets), name="count", dtype="Int64")

    def _formatter(self, boxed: bool = False) -> Any:
        return lambda answer: "" if answer is None else str(answer)

    def _values_for_factorize(self) -> tuple[npt.NDArray[np.object_], Any]:
        values = np.empty(len(self), dtype=object)
        for row, codes in enumerate(self._codes):
            values[row] = codes.tobytes() if codes.any() else None  # None alone is missing
        return values, None


def _occurring(scalars: Iterable[Any], *, ranked: bool) -> AnswerSetDtype:
    """Return a type whose items and levels are those that occur, in order of appearance."""
    given = [answer for answer in scalars if isinstance(answer, tuple | list | Mapping)]
    items = dict.fromkeys(item for answer in given for item in answer)
    grids = [answer for answer in given if isinstance(answer, Mapping)]
    levels = dict.fromkeys(level for answer in grids for level in answer.values())
    return AnswerSetDtype(items, levels, ranked=ranked)


def _grid_codes(scalars: Any, dtype: AnswerSetDtype) -> Codes:
    place = {item: column for column, item in enumerate(dtype.items)}
    level = {name: number for number, name in enumerate(dtype.levels, start=1)}
    codes = np.zeros((len(scalars), len(dtype.items)), dtype=np.uint8)
    for row, answers in enumerate(scalars):
        for item, name in (answers or {}).items():
            codes[row, place[item]] = level[name]
    return codes
