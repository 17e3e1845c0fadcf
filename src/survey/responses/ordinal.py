"""Ordered answers some of which stand outside the order: "Don't know" is above no band.

pandas orders every category of an ordered column. Here the labels that decline to answer, and
that of unlisted answers, are categories like the others and have no place in the order: they
are neither above nor below anything, neither the largest nor the smallest, and have no rank.
Where rows are sorted they come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["OrdinalArray", "OrdinalDtype", "apart_of", "of_type", "ordinal"]

_BY_ORDER = frozenset({"min", "max", "rank", "cummin", "cummax"})


class OrdinalDtype(pd.CategoricalDtype):
    """Type of a column of ordered answers.

    Parameters
    ----------
    categories
        Labels in the questionnaire's order, those outside the order last.
    ordered
        Whether there is an order at all.
    apart
        Labels that stand outside the order.
    """

    def __init__(
        self, categories: Any = None, ordered: bool | None = True, apart: Iterable[str] = ()
    ) -> None:
        super().__init__(categories, ordered)
        self.apart = tuple(apart)

    @classmethod
    def construct_array_type(cls) -> type[OrdinalArray]:
        """Return the array type that holds ordered answers."""
        return OrdinalArray

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other)

    def __hash__(self) -> int:
        return super().__hash__()

    def __reduce__(self) -> tuple[Any, ...]:
        return OrdinalDtype, (self.categories, self.ordered, self.apart)


class OrdinalArray(pd.Categorical):
    """Ordered answers; those outside the order are never above, below, largest or smallest.

    Examples
    --------
    >>> sizes = pd.Series(ordinal([0, 1, 2, -1], ["1 to 9", "10 to 99", "?"], apart=["?"]))
    >>> (sizes > "1 to 9").tolist(), sizes.max(), sizes.notna().tolist()
    ([False, True, False, False], '10 to 99', [True, True, True, False])
    """

    __hash__: ClassVar[None]

    @classmethod
    def _simple_new(cls, codes: Any, dtype: Any) -> Any:
        # The class above makes a plain type of any dtype in the older versions of pandas.
        return super(pd.Categorical, cls)._simple_new(codes, dtype)  # type: ignore[misc]

    @property
    def apart(self) -> tuple[str, ...]:
        """Labels that stand outside the order."""
        return getattr(self.dtype, "apart", ())

    @property
    def outside(self) -> npt.NDArray[np.bool_]:
        """Which answers stand outside the order."""
        return np.isin(self.codes, self.categories.get_indexer(pd.Index(self.apart, dtype=object)))

    def _inside(self) -> OrdinalArray:
        """Return a copy in which the answers outside the order are missing."""
        if not self.apart:
            return self
        codes = np.where(self.outside, -1, self.codes).astype(self.codes.dtype)
        inside: OrdinalArray = type(self)._simple_new(codes, self.dtype)
        return inside

    def _between(self, other: Any, compared: Any) -> Any:
        if compared is NotImplemented:
            return compared
        found = np.asarray(compared) & ~self.outside
        if isinstance(other, OrdinalArray):
            return found & ~other.outside
        return found & (not (isinstance(other, str) and other in self.apart))

    def __lt__(self, other: Any) -> Any:
        return self._between(other, super().__lt__(other))

    def __le__(self, other: Any) -> Any:
        return self._between(other, super().__le__(other))

    def __gt__(self, other: Any) -> Any:
        return self._between(other, super().__gt__(other))

    def __ge__(self, other: Any) -> Any:
        return self._between(other, super().__ge__(other))

    def min(self, *, skipna: bool = True, **kwargs: Any) -> Any:
        """Return the smallest answer that has a place in the order."""
        return super(OrdinalArray, self._inside()).min(skipna=skipna, **kwargs)

    def max(self, *, skipna: bool = True, **kwargs: Any) -> Any:
        """Return the largest answer that has a place in the order."""
        return super(OrdinalArray, self._inside()).max(skipna=skipna, **kwargs)

    def _values_for_rank(self) -> Any:
        return super(OrdinalArray, self._inside())._values_for_rank()  # type: ignore[misc]

    def _groupby_op(self, *, how: str, **kwargs: Any) -> Any:
        array = self._inside() if how in _BY_ORDER else self
        return super(OrdinalArray, array)._groupby_op(how=how, **kwargs)  # type: ignore[misc]

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[Any], axis: int = 0) -> Any:
        joined = super()._concat_same_type(to_concat, axis=axis)  # type: ignore[misc]
        apart = dict.fromkeys(label for array in to_concat for label in apart_of(array.dtype))
        return _apart(joined, tuple(apart))

    def set_categories(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy with other categories; what stood outside the order still does."""
        return _apart(super().set_categories(*args, **kwargs), self.apart)

    def add_categories(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy with more categories."""
        return _apart(super().add_categories(*args, **kwargs), self.apart)

    def remove_categories(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy with fewer categories."""
        return _apart(super().remove_categories(*args, **kwargs), self.apart)

    def remove_unused_categories(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy with the categories that occur."""
        return _apart(super().remove_unused_categories(*args, **kwargs), self.apart)

    def reorder_categories(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy with another order."""
        return _apart(super().reorder_categories(*args, **kwargs), self.apart)


def ordinal(
    codes: npt.ArrayLike,
    labels: Sequence[str] | pd.Index[Any],
    *,
    ordered: bool = True,
    apart: Iterable[str] = (),
) -> pd.Categorical:
    """Return a column of labels from their positions; ``-1`` is no answer.

    Without an order, or without labels outside it, the column is a plain categorical one.

    Examples
    --------
    >>> ordinal([0, -1], ["Yes", "No"], ordered=False).tolist()
    ['Yes', nan]
    """
    index = labels if isinstance(labels, pd.Index) else pd.Index(list(labels), dtype=object)
    plain = pd.Categorical.from_codes(np.asarray(codes), dtype=pd.CategoricalDtype(index, ordered))
    column: pd.Categorical = _apart(plain, tuple(apart))
    return column


def of_type(codes: npt.ArrayLike, dtype: pd.CategoricalDtype) -> pd.Categorical:
    """Return a column of a type from the positions of its labels."""
    index, order = dtype.categories, bool(dtype.ordered)
    return ordinal(codes, index, ordered=order, apart=apart_of(dtype))


def apart_of(dtype: Any) -> tuple[str, ...]:
    """Return the labels that stand outside the order of a type; none of other types.

    Examples
    --------
    >>> apart_of(OrdinalDtype(["a", "?"], True, ["?"])), apart_of("int64")
    (('?',), ())
    """
    return dtype.apart if isinstance(dtype, OrdinalDtype) else ()


def _apart(array: Any, apart: Sequence[str]) -> Any:
    """Return a categorical column of which some labels stand outside the order."""
    kept = tuple(label for label in apart if label in array.categories)
    if not isinstance(array, pd.Categorical) or not array.ordered or not kept:
        return array
    codes = array.codes.copy()
    return OrdinalArray._simple_new(codes, OrdinalDtype(array.categories, True, kept))
