"""What a challenger must pass before it serves, on the same test rows as the floor and logistic regression.

A gate refuses what the rows show, not what chance could have made: figures with few events are held against their
95% interval by person, and the figure itself is printed.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from lifeevents.domain.frozen import Frozen
from models.evaluate import average_precision, calibration_slope, draws_of, ece, interval, middle
from models.fairness import Reach

SLOPE, ECE, LEAST = (0.9, 1.1), 0.02, 0.8


class Gate(Frozen):
    """One gate: passed or not, and the sentence with the figures."""

    name: str
    passed: bool
    said: str


def better(name: str, label: np.ndarray, p: np.ndarray, other: np.ndarray, people: np.ndarray, *, surely: bool) -> Gate:
    """Better average precision than `other`'s; unless `surely`, only one that is surely worse is refused."""
    mine, theirs = average_precision(label, p), average_precision(label, other)
    draws = [average_precision(label[i], p[i]) - average_precision(label[i], other[i]) for i in draws_of(people)]
    low, high = middle(draws)
    passed = mine > theirs if surely else high >= 0
    said = f"average precision {mine:.4f} against {theirs:.4f} (difference 95% {low:+.4f} to {high:+.4f})"
    return Gate(name=f"better than {name}", passed=bool(passed), said=said)


def calibrated(label: np.ndarray, p: np.ndarray, people: np.ndarray) -> tuple[Gate, Gate]:
    """The slope is 0.9 to 1.1, or could be; the expected calibration error is at most 0.02, or could be chance."""
    slope, error = calibration_slope(label, p), ece(label, p)
    low, high = interval(label, p, people, calibration_slope, draws=100)
    fits, chance = low <= SLOPE[1] and high >= SLOPE[0], by_chance(p)
    return (
        Gate(name="calibration slope", passed=fits, said=f"{slope:.2f} (95% {low:.2f} to {high:.2f})"),
        Gate(
            name="calibration error",
            passed=error <= max(ECE, chance),
            said=f"{error:.4f} of at most {ECE}, or {chance:.4f} that chance alone could make of so few rows",
        ),
    )


def by_chance(p: np.ndarray, *, draws: int = 200) -> float:
    """The calibration error under which 97.5% of draws stay when every chance is exactly right."""
    random = np.random.default_rng(1)
    found = [ece((random.random(len(p)) < p).astype(float), p) for _ in range(draws)]
    return float(np.quantile(found, 0.975))


def fair(found: Sequence[Reach], reasons: Mapping[str, str]) -> Gate:
    """No group surely under 0.8 of the best in reach, but in views with a written reason (`uneven`)."""
    unexplained = [one for one in found if one.short and one.view not in reasons]
    explained = [one for one in found if one.short and one.view in reasons]
    said = "; ".join(
        f"{one.view} {one.group}: {one.told} of {one.events} ({one.share:.2f} of the best)" for one in unexplained
    )
    if not unexplained:
        lowest = min(found, key=lambda one: one.share, default=None)
        said = "no group is surely short" if lowest else "speaks to nobody, or no group has events enough"
        if lowest and not explained:
            said += f"; the lowest is {lowest.view} {lowest.group} at {lowest.share:.2f}"
    for view in sorted({one.view for one in explained}):
        groups = ", ".join(f"{one.group} {one.share:.2f}" for one in explained if one.view == view)
        said += f"; {view} ({groups}): {reasons[view]}"
    return Gate(name="reach of groups", passed=not unexplained, said=said)
