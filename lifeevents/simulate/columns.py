"""Rows as parallel numpy arrays that grow: a struct of arrays whose columns are declared once."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class _Column:
    dtype: Any
    start: float


def column(dtype: Any, start: float = 0) -> Any:
    """Declare a column of a `Columns` class by its numpy type and the value of a new row."""
    return _Column(dtype, start)


class Columns:
    """Columns of equal length, read and written as attributes. `add` appends rows.

    Arrays are views on stores with room to grow: keep indices, not the arrays, across an `add`.
    """

    _declared: ClassVar[dict[str, _Column]]

    def __init_subclass__(cls) -> None:
        cls._declared = {name: c for name, c in vars(cls).items() if isinstance(c, _Column)}

    def __init__(self, room: int = 0) -> None:
        self._size = 0
        self._stores = {name: np.full(max(room, 16), c.start, c.dtype) for name, c in self._declared.items()}
        self._show()

    def __len__(self) -> int:
        return self._size

    def add(self, rows: int, **values: Any) -> NDArray[np.int64]:
        """Append rows with the given values (arrays or scalars), the rest at their start values; their indices."""
        first, self._size = self._size, self._size + rows
        for name, store in self._stores.items():
            if len(store) < self._size:
                room = np.full(max(self._size, len(store) * 5 // 4), self._declared[name].start, store.dtype)
                room[:first] = store[:first]
                self._stores[name] = room
        self._show()
        for name, value in values.items():
            getattr(self, name)[first:] = value
        return np.arange(first, self._size)

    def _show(self) -> None:
        for name, store in self._stores.items():
            setattr(self, name, store[: self._size])
