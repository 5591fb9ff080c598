"""How much of the 50% is reached: published formulas, computed from counts that anyone can recompute.

A service is proactive when the state starts it (level L2 or more), its rules have been checked against the law, the
95% Wilson lower bound of its reach is at least .80 and that of its precision at least .95. Decision 2629/QĐ-TTg sets
the target and no method; this is ours.
"""

from functools import cache
from itertools import count
from math import sqrt
from typing import Literal

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.procedure import Proactivity

REACH, PRECISION, TARGET = 0.80, 0.95, 0.50
Z95 = 1.959963984540054
ServiceVerdict = Literal["meets", "falls_short", "too_few"]


class ServiceFigures(Frozen):
    """One service's counts. eligible, reached: people; audited, right: notices checked, and found right."""

    eligible: int = 0
    reached: int = 0
    audited: int = 0
    right: int = 0


def wilson_lower(successes: int, trials: int, z: float = Z95) -> float | None:
    """Lower end of the Wilson score interval of a share (Wilson 1927); None without trials.

    Raises ValueError when successes are not between 0 and trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share.")
    if trials == 0:
        return None
    share, spread = successes / trials, z * z / trials
    middle = share + spread / 2
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, (middle - half) / (1 + spread))


@cache
def least_trials(bound: float) -> int:
    """How many trials it takes until a perfect record's lower bound reaches `bound` (16 for .80, 73 for .95)."""
    return next(trials for trials in count(1) if (wilson_lower(trials, trials) or 0.0) >= bound)


def verdict(level: Proactivity, figures: ServiceFigures, *, verified: bool) -> ServiceVerdict:
    """meets | falls_short | too_few: too few when even a perfect record of that size would not reach the bound."""
    if level in ("L0", "L1") or not verified:
        return "falls_short"
    if _surely_below(figures.reached, figures.eligible, REACH) or _surely_below(
        figures.right, figures.audited, PRECISION
    ):
        return "falls_short"
    if _too_few(figures.eligible, REACH) or _too_few(figures.audited, PRECISION):
        return "too_few"
    return "meets"


def _too_few(trials: int, bound: float) -> bool:
    return trials < least_trials(bound)


def _surely_below(successes: int, trials: int, bound: float) -> bool:
    """Enough were counted, and the lower bound is still under the mark."""
    return not _too_few(trials, bound) and (wilson_lower(successes, trials) or 0.0) < bound
