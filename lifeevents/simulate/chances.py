"""Chances: published rates kept for a group while its members differ, and draws from them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.columns import Flags, Floats, Ints


def at_year(table: Mapping[int, float], year: float) -> float:
    """A yearly table between its years (linear), and its nearest value beyond them."""
    return float(np.interp(year, list(table), list(table.values())))


def from_step(table: Mapping[int, float], at: Ints) -> NDArray[np.float64]:
    """A table whose value holds from its key up to the next one, read at each of `at`; 0 before the first key."""
    return np.array([0.0, *table.values()])[_passed(table, at)]


def group_of(keys: Mapping[int, Any], at: Ints) -> NDArray[np.int64]:
    """The position of the last key not above each of `at` (0 for anything below the first)."""
    return np.maximum(_passed(keys, at) - 1, 0)


def _passed(keys: Mapping[int, Any], at: Ints) -> NDArray[np.int64]:
    """How many of the rising keys are not above each of `at`: looked up, which is faster than searching for each."""
    low, high = min(keys) - 1, max(keys)
    counts = np.searchsorted(np.array(list(keys)), np.arange(low, high + 1), side="right")
    return counts[np.clip(np.asarray(at, np.int64), low, high) - low]


def aligned(group: Ints, rate: Floats, weight: Floats) -> NDArray[np.float64]:
    """A chance for each member, in proportion to `weight`, whose mean in each group is `rate[group]`.

    Chances are cut at 1. A group without weight has no chance.
    """
    members = np.bincount(group, minlength=len(rate))
    total = np.bincount(group, weight, minlength=len(rate))
    scale = np.divide(rate * members, total, out=np.zeros(len(rate)), where=total > 0)
    return np.asarray(np.minimum(scale[group] * weight, 1.0), np.float64)


def occurs(rng: np.random.Generator, chance: Floats) -> Flags:
    """For each chance, did it happen?"""
    return rng.random(len(chance)) < chance


def round_randomly(rng: np.random.Generator, expected: float) -> int:
    """A whole number with this expectation (never below 0)."""
    return int(max(expected, 0.0) + rng.random())


def choose(rng: np.random.Generator, weight: Floats, count: int) -> NDArray[np.int64]:
    """`count` different positions, each drawn with a chance in proportion to its weight, without replacement.

    Fewer when fewer have any weight. (Efraimidis and Spirakis 2006: the smallest exponential keys.)
    """
    possible = np.flatnonzero(weight > 0)
    count = min(count, len(possible))
    keys = rng.exponential(size=len(possible)) / weight[possible]
    return np.sort(possible[np.argpartition(keys, count - 1)[:count]]) if count else possible[:0]


def pair(rng: np.random.Generator, wanted: Ints, offered: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Match positions of `wanted` with positions of `offered` that have the same key, at random, each once."""
    left, left_rank = _ranked(rng, wanted)
    right, right_rank = _ranked(rng, offered)
    many = int(max(len(wanted), len(offered), 1))
    _, i, j = np.intersect1d(
        wanted[left] * many + left_rank, offered[right] * many + right_rank, assume_unique=True, return_indices=True
    )
    return left[i], right[j]


def _ranked(rng: np.random.Generator, keys: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions in random order within equal keys, and each one's rank among its equals."""
    shuffled = rng.permutation(len(keys))
    order = shuffled[np.argsort(keys[shuffled], kind="stable")]
    ordered = keys[order]
    fresh = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.zeros(0, np.int64)
    rank = np.arange(len(keys)) - np.repeat(fresh, np.diff(np.r_[fresh, len(keys)]))
    return order, rank


class Streams:
    """One stream of random numbers per process, so that a change in one leaves the draws of the others alone."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, np.random.Generator] = {}

    def __getitem__(self, name: str) -> np.random.Generator:
        if name not in self._streams:
            sequence = np.random.SeedSequence([self._seed, *name.encode()])
            self._streams[name] = np.random.Generator(np.random.PCG64(sequence))
        return self._streams[name]
