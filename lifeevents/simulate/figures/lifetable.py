"""Life expectancy from deaths and person-years, and the mean age at marriage from shares never married."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from lifeevents.simulate.figures.estimate import Estimate, normal

STARTS = (0, 1, *range(5, 90, 5))
"""Youngest ages of the groups of an abridged life table; the last group is open."""
_FIRST_YEAR, _FIRST_YEARS, _ELSEWHERE = 0.1, 0.4, 0.5
"""Share of its interval that someone who dies in it lived: in the first year, from one to four, in the others."""


def life_expectancy(deaths: Mapping[int, float], years: Mapping[int, float]) -> Estimate:
    """Years a newborn lives under the death rates of a time, by groups that start at STARTS.

    Chiang, The Life Table and its Applications (1984): abridged table and the variance of its expectation. A group
    in which nobody died has a rate of nought; the open group needs a death.
    """
    widths = [b - a for a, b in pairwise(STARTS)]
    lived = [_FIRST_YEAR, _FIRST_YEARS, *[_ELSEWHERE] * (len(widths) - 2)]
    dying = []
    for start, width, part in zip(STARTS, widths, lived, strict=False):
        rate = deaths.get(start, 0.0) / years[start]
        dying.append(min(width * rate / (1 + width * (1 - part) * rate), 1.0))
    alive = [1.0]
    for q in dying:
        alive.append(alive[-1] * (1 - q))
    last = years[STARTS[-1]] / deaths[STARTS[-1]]
    persons = [w * (after + part * (before - after))
               for w, part, before, after in zip(widths, lived, alive, alive[1:], strict=False)]  # fmt: skip
    ahead = [*_sums_from_each(persons), 0.0]
    further = [(total + alive[-1] * last) / max(here, 1e-12) for total, here in zip(ahead, alive, strict=True)]
    variance = 0.0
    for start, width, part, q, here, then in zip(STARTS, widths, lived, dying, alive, further[1:], strict=False):
        died = deaths.get(start, 0.0)
        if died:
            variance += here**2 * ((1 - part) * width + then) ** 2 * q**2 * (1 - q) / died
    return normal(further[0], math.sqrt(variance))


def _sums_from_each(values: Sequence[float]) -> list[float]:
    total, sums = 0.0, []
    for value in reversed(values):
        total += value
        sums.append(total)
    return sums[::-1]


def singulate_mean_age(single: Sequence[tuple[float, float]]) -> Estimate:
    """Mean age at first marriage of those who marry by 50, from (never married, all) in the groups 15-19 to 50-54.

    Hajnal (1953). The share still single at 50 is the mean of the last two groups.
    """
    shares = [count / of for count, of in single]
    never = (shares[-1] + shares[-2]) / 2
    value = (15 + 5 * sum(shares[:-1]) - 50 * never) / (1 - never)
    variance = sum(25 * p * (1 - p) / of for p, (_, of) in zip(shares[:-1], single, strict=False))
    return normal(value, math.sqrt(variance) / (1 - never))
