"""95% intervals by resampling persons with all that is theirs (Efron 1979: the bootstrap, percentiles)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lifeevents.simulate.columns import Floats, Ints

RESAMPLES = 1_000
_AT_ONCE = 50


@dataclass(frozen=True)
class Interval:
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


def resampled(rows: Floats, persons: Ints, figures: Callable[[Floats], Floats], *, seed: int) -> list[Interval]:
    """Intervals of the figures computed from sums of rows.

    rows: one per case, columns to be summed. persons: the person of each row, numbered from 0. figures: from an array
    of sums (resamples by columns) to one of figures (resamples by figures). The same seed gives the same intervals.
    Without rows every figure is what it is of nothing, and so is its interval.
    """
    count = int(persons.max(initial=-1)) + 1
    if not count:
        nothing = figures(np.zeros((1, rows.shape[1])))[0]
        return [Interval(float(value), float(value), float(value)) for value in nothing]
    by_person = np.stack([np.bincount(persons, column, minlength=count) for column in rows.T], axis=1)
    rng, found = np.random.default_rng(seed), []
    for start in range(0, RESAMPLES, _AT_ONCE):
        size = min(_AT_ONCE, RESAMPLES - start)
        weights = np.stack([np.bincount(rng.integers(0, count, count), minlength=count) for _ in range(size)])
        found.append(figures(np.asarray(weights @ by_person, np.float64)))
    low, high = np.percentile(np.concatenate(found), [2.5, 97.5], axis=0)
    value = figures(by_person.sum(axis=0)[None, :])[0]
    return [Interval(float(v), float(a), float(b)) for v, a, b in zip(value, low, high, strict=True)]
