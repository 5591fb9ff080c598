"""Does an outcome become more or less common from day to day than the features can tell? Then the latest days count.

Per reference day, the outcomes beyond those expected give one noisy estimate of how far the log odds are off. These
estimates follow a random walk (the local level model; Durbin and Koopman, Time Series Analysis by State Space Methods,
2012, chapter 2); its step is the likeliest one, and none at all unless the days clearly say so.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from models.evaluate import sigmoid

STEPS = (0.001, 0.003, 0.01, 0.03, 0.1)
"""Variances of a year's step, in squared log odds, that are tried beside none."""

CLEARLY = 3.0
"""By how much the log likelihood must grow before a step is believed."""

BELIEVED = 0.5
"""The share of the newest level that later days are taken to keep: what drifted may come back. In eight
forward checks within training days the whole level helped in six and overshot in two."""


def shift(days: Sequence[date], label: np.ndarray, odds: np.ndarray) -> float:
    """By how much later days' log odds should move, by what all days say of the newest; 0 where nothing drifts.

    `odds` are calibrated log odds of unseen people, one per row, as `days` (the row's reference day) and `label`.
    """
    p, on = sigmoid(odds), np.asarray(days, dtype="datetime64[D]")
    newest_last, place = np.unique(on, return_inverse=True)
    known = np.bincount(place, p * (1 - p))
    off = np.bincount(place, label - p) / known
    years = np.diff(newest_last).astype(float) / 365.25
    still, _ = _filtered(off, 1 / known, years, 0.0)
    likelihood, level = max(_filtered(off, 1 / known, years, step) for step in STEPS)
    return BELIEVED * level if likelihood > still + CLEARLY else 0.0


def _filtered(off: np.ndarray, noise: np.ndarray, years: np.ndarray, step: float) -> tuple[float, float]:
    """(log likelihood, level on the last day) of a level that starts near 0 and walks by `step` a year."""
    level, spread, likelihood = 0.0, 10 * step, 0.0
    for number in range(len(off)):
        if number:
            spread += step * years[number - 1]
        total = spread + noise[number]
        wrong = off[number] - level
        likelihood -= 0.5 * (np.log(total) + wrong**2 / total)
        gain = spread / total
        level, spread = level + gain * wrong, spread * (1 - gain)
    return float(likelihood), float(level)
