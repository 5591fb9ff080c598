"""How high is the country's level next year? A local level with a slow trend, from the level of each past year.

The logarithm of (outcomes / expected at the pooled rates) of a year is the level plus the chance error of a count. The
level moves by a trend, about which little is presumed, and by a yearly shock (Harvey 1989, the local linear trend). So
few years cannot tell how large shocks are: every size tried keeps the weight that the years give it, and a forecast is
drawn from all of them. A quarter has a shock of its own beside the year's.
"""

from dataclasses import dataclass

import numpy as np

SHOCKS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16)
"""Standard deviations of a yearly shock that are tried, each as likely as the others beforehand; in log units."""

ENOUGH = 5
"""Expected outcomes of a quarter from which its straying is judged."""

TREND = 0.05
"""Standard deviation of what the trend of a year may be beforehand, in log units: rates rarely move faster."""


@dataclass(frozen=True)
class Level:
    """Next year's level, in log units: a mixture of normal distributions. `quarter`: the deviation of a quarter."""

    weight: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    quarter: float

    @property
    def expected(self) -> float:
        """The mean of exp(level)."""
        return float((self.weight * np.exp(self.mean + self.deviation**2 / 2)).sum())

    def draw(self, random: np.random.Generator, draws: int, quarters: int) -> np.ndarray:
        """exp(level), by (draw, quarter); the shocks of quarters have mean 1."""
        part = random.choice(len(self.weight), draws, p=self.weight)
        year = random.normal(self.mean[part], self.deviation[part])
        quarter = random.normal(-(self.quarter**2) / 2, self.quarter, (draws, quarters))
        return np.asarray(np.exp(year[:, None] + quarter))


def next_level(counts: np.ndarray, expected: np.ndarray) -> Level:
    """The level of the year after the last one, from counts and what the pooled rates expect, by (year, quarter).

    Half an outcome is added to both, so that a year without any has a logarithm.
    """
    year, base = counts.sum(axis=1), expected.sum(axis=1)
    levels, errors = np.log((year + 0.5) / (base + 0.5)), 1 / (year + 0.5)
    found = np.array([_filtered(levels, errors, shock) for shock in SHOCKS])
    weight = np.exp(found[:, 2] - found[:, 2].max())
    return Level(weight / weight.sum(), found[:, 0], np.sqrt(found[:, 1]), _quarter(counts, expected))


def _filtered(levels: np.ndarray, errors: np.ndarray, shock: float) -> tuple[float, float, float]:
    """(mean, variance) of next year's level, and the log likelihood of the years, by a Kalman filter."""
    state, spread = np.array([levels[0], 0.0]), np.diag([errors[0], TREND**2])
    move, noise, likelihood = np.array([[1.0, 1.0], [0.0, 1.0]]), np.diag([shock**2, 0.0]), 0.0
    for level, error in zip(levels[1:], errors[1:], strict=True):
        state, spread = move @ state, move @ spread @ move.T + noise
        surprise, variance = level - state[0], spread[0, 0] + error
        likelihood -= 0.5 * (np.log(variance) + surprise**2 / variance)
        gain = spread[:, 0] / variance
        state, spread = state + gain * surprise, spread - np.outer(gain, spread[0])
    state, spread = move @ state, move @ spread @ move.T + noise
    return float(state[0]), float(spread[0, 0]), float(likelihood)


def _quarter(counts: np.ndarray, expected: np.ndarray) -> float:
    """How far quarters stray from their share of their year beyond chance: a standard deviation in log units."""
    share = expected * (counts.sum(axis=1, keepdims=True) / np.maximum(expected.sum(axis=1, keepdims=True), 1e-12))
    enough = share >= ENOUGH
    free = enough.sum() - enough.any(axis=1).sum()
    if free < 1:
        return 0.0
    stray = (counts[enough] / share[enough] - 1) ** 2
    return float(np.sqrt(max(stray.sum() / free - (1 / share[enough]).mean(), 0.0)))
