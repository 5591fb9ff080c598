"""Months and days as integers, for whole arrays.

A day is the number of days since 1970-01-01; a month is year * 12 + month - 1. The scalar twin of these functions,
with the same rule for short months, is `lifeevents.domain.calendar`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPOCH = date(1970, 1, 1)
_EPOCH_MONTH = 1970 * 12


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def as_date(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=int(number))


def first_days(months: Any) -> NDArray[np.int64]:
    """The first day of each month."""
    shifted = (np.asarray(months) - _EPOCH_MONTH).astype("datetime64[M]")
    return shifted.astype("datetime64[D]").astype(np.int64)


def months_of(days: Any) -> NDArray[np.int64]:
    """The month each day lies in."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH


def plus_months(days: Any, months: Any) -> NDArray[np.int64]:
    """The same day of a later month, or that month's last day."""
    start = months_of(days)
    target = start + months
    first = first_days(target)
    return np.asarray(np.minimum(first + (days - first_days(start)), first_days(target + 1) - 1), np.int64)


@dataclass(frozen=True)
class Month:
    """One step of the simulation."""

    index: int

    @property
    def year(self) -> int:
        return self.index // 12

    @property
    def number(self) -> int:
        """1 for January to 12 for December."""
        return self.index % 12 + 1

    @property
    def first(self) -> int:
        """Its first day."""
        return int(first_days(self.index))

    @property
    def days(self) -> int:
        """How many days it has."""
        return int(first_days(self.index + 1)) - self.first

    def some_days(self, rng: np.random.Generator, size: int) -> NDArray[np.int64]:
        """A day of this month for each of `size` facts."""
        return self.first + rng.integers(0, self.days, size)
