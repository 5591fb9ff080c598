"""A simulated figure with what chance alone does to it in a population of that size.

Intervals are 95%. They treat people as independent; those of a household are not, so the true ones are a little wider.
An empty denominator raises ZeroDivisionError: there is nobody to take the figure of.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A value between `low` and `high`."""

    value: float
    low: float
    high: float

    @property
    def noise(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def share(count: float, of: float) -> Estimate:
    """A share with Wilson's interval."""
    p, spread = count / of, _Z * _Z / of
    middle = (p + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(p * (1 - min(p, 1)) / of + spread / (4 * of)) / (1 + spread)
    return Estimate(p, middle - half, middle + half)


def rate(count: float, of: float, per: float = 1.0, *, weight: float = 1.0) -> Estimate:
    """`count` events in `of` person-years, per `per` of them, with Byar's interval for a Poisson count.

    weight: by what each counted event stands for more, where some events could not be placed.
    """
    more, scale = count + 1, per * weight / of
    low = count * (1 - 1 / (9 * count) - _Z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    high = more * (1 - 1 / (9 * more) + _Z / (3 * math.sqrt(more))) ** 3
    return Estimate(count * scale, low * scale, high * scale)


def mean(value: float, deviation: float, of: float) -> Estimate:
    """A mean with the interval of its standard error."""
    return normal(value, deviation / math.sqrt(of))


def ratio(above: float, below: float, per: float = 1.0) -> Estimate:
    """`above` per `per` of `below`, two independent counts, with the interval on the logarithm."""
    value, factor = per * above / below, math.exp(_Z * math.sqrt(1 / above + 1 / below))
    return Estimate(value, value / factor, value * factor)


def normal(value: float, error: float) -> Estimate:
    """A value with its standard error."""
    return Estimate(value, value - _Z * error, value + _Z * error)


def rate_sum(counts: Sequence[float], of: Sequence[float], width: float, *, weight: float = 1.0) -> Estimate:
    """The sum over age groups of `width` years of their rates: total fertility."""
    if not of:
        raise ZeroDivisionError("there is nobody whose rate could be taken")
    value = sum(width * weight * n / years for n, years in zip(counts, of, strict=True))
    variance = sum((width * weight / years) ** 2 * n for n, years in zip(counts, of, strict=True))
    return normal(value, math.sqrt(variance))


def rate_mean(counts: Sequence[float], of: Sequence[float], at: Sequence[float]) -> Estimate:
    """The mean of `at`, weighted by the rates: the age of childbearing freed of the women's ages."""
    rates = [n / years for n, years in zip(counts, of, strict=True)]
    value = sum(r * x for r, x in zip(rates, at, strict=True)) / sum(rates)
    variance = sum((x - value) ** 2 * n / years**2 for n, years, x in zip(counts, of, at, strict=True))
    return normal(value, math.sqrt(variance) / sum(rates))
