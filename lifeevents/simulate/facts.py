"""A figure with its origin, and the tables figures come in."""

from typing import Generic, Literal, TypeVar

from lifeevents.domain.frozen import Frozen

T = TypeVar("T")
Confidence = Literal["read", "derived", "memory", "assumed"]
ByAge = dict[int, float]
"""Value from this age in years on, up to the next key."""
ByMonths = dict[int, float]
"""Value from this number of months on, up to the next key."""
ByMillions = dict[int, float]
"""Value from this many million VND on, up to the next key."""
ByYear = dict[int, float]
"""Value of a calendar year; years between are interpolated, years beyond keep the nearest value."""


class Origin(Frozen):
    """Where figures are from and how sure they are (see rates/sources.yaml)."""

    source: str
    confidence: Confidence


class Fact(Origin, Generic[T]):
    """One figure or table with its origin."""

    value: T
