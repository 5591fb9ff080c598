"""How unlike are areas, or groups? Empirical Bayes for counts: factors drawn from a gamma distribution of mean 1.

A count is Poisson with mean expected x factor. With a factor drawn from Gamma(k, k) the count is negative binomial, and
after seeing it the factor's mean is (k + count) / (k + expected): much expected and it is believed, little and it is
drawn to 1 (Clayton and Kaldor 1987). Factors may drift: between years what is known of one is forgotten towards the
prior, at the rate `keep` (a mean-reverting form of Harvey and Fernandes 1989). k and `keep` are those under which the
counts of each year, foretold from the years before, are likeliest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.special import gammaln

ALIKE = tuple(float(k) for k in np.geomspace(1, 3000, 18))
"""Strengths k of the prior that are tried; the standard deviation of a factor is 1 / sqrt(k): 100% down to 2%."""
KEEP = (1.0, 0.95, 0.9, 0.8, 0.65, 0.5, 0.0)


@dataclass(frozen=True)
class Factors:
    """What is known of each factor next year: Gamma(shape, rate). `alike` is k, `keep` what a year leaves of it."""

    shape: np.ndarray
    rate: np.ndarray
    alike: float
    keep: float

    @property
    def mean(self) -> np.ndarray:
        """The expected factor of each."""
        return np.asarray(self.shape / self.rate)


def factors(counts: np.ndarray, expected: np.ndarray) -> Factors:
    """The factors of counts (year x unit, oldest first), given what is expected of each where the factor is 1."""
    keeps = KEEP if len(counts) > 1 else (1.0,)
    _, alike, keep = max((_likelihood(counts, expected, k, keep), k, keep) for k, keep in product(ALIKE, keeps))
    *_, (shape, rate) = _known(counts, expected, alike, keep)
    return Factors(shape, rate, alike, keep)


def _known(counts: np.ndarray, expected: np.ndarray, k: float, keep: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Gamma (shape, rate) of each factor before the first year, and after each year as it is before the next."""
    shape = rate = np.full(counts.shape[1], k)
    yield shape, rate
    for count, mean in zip(counts, expected, strict=True):
        shape, rate = (keep * (known + seen) + (1 - keep) * k for known, seen in ((shape, count), (rate, mean)))
        yield shape, rate


def _likelihood(counts: np.ndarray, expected: np.ndarray, k: float, keep: float) -> float:
    """The log likelihood of every year's counts, each foretold from the years before (negative binomial)."""
    total = 0.0
    for (shape, rate), count, mean in zip(_known(counts, expected, k, keep), counts, expected, strict=False):
        total += float(
            (
                gammaln(shape + count)
                - gammaln(shape)
                + shape * np.log(rate / (rate + mean))
                + np.where(count > 0, count * np.log(np.maximum(mean, 1e-12) / (rate + mean)), 0.0)
            ).sum()
        )
    return total
