"""How good a detector is, with intervals by person, and at which threshold it works."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from lifeevents.domain.frozen import Frozen


def auc(label: np.ndarray, p: np.ndarray) -> float:
    """The chance that a random positive is ranked above a random negative (ties count half)."""
    order = np.argsort(p, kind="mergesort")
    ranks = np.empty(len(p))
    _values, first, counts = np.unique(p[order], return_index=True, return_counts=True)
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    n = int(label.sum())
    if n in (0, len(label)):
        return float("nan")
    return float((ranks[label == 1].sum() - n * (n + 1) / 2) / (n * (len(label) - n)))


def average_precision(label: np.ndarray, p: np.ndarray) -> float:
    """Mean precision at the positives, in order of chance; equal chances are one step."""
    order = np.argsort(-p, kind="mergesort")
    ends = np.append(np.nonzero(np.diff(p[order]))[0], len(p) - 1)
    hits = np.cumsum(label[order])[ends]
    if hits[-1] == 0:
        return float("nan")
    gained = np.diff(hits, prepend=0) / hits[-1]
    return float((gained * hits / (ends + 1)).sum())


def brier(label: np.ndarray, p: np.ndarray) -> float:
    """Mean squared distance between chance and outcome."""
    return float(np.mean((p - label) ** 2))


def logit(p: np.ndarray) -> np.ndarray:
    """Log odds, of chances kept off 0 and 1."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """The chance of log odds."""
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def line(label: np.ndarray, p: np.ndarray, *, prior: float = 0.0) -> tuple[float, float]:
    """(intercept, slope) of the outcome's log odds on those of `p`, by Newton's method with halved steps.

    `prior` pulls the pair towards (0, 1), as that many (pseudo) observations would: for few positives.
    """
    x, beta = logit(p), np.array([0.0, 1.0])
    design = np.column_stack([np.ones_like(x), x])
    pull = prior * np.diag([0.25, 0.25 * max(float(np.var(x)), 1e-3)]) + 1e-9 * np.eye(2)

    def loss(at: np.ndarray) -> float:
        off, odds = at - [0.0, 1.0], design @ at
        return float(np.sum(np.logaddexp(0, odds) - label * odds) + off @ pull @ off / 2)

    for _ in range(100):
        mean = sigmoid(design @ beta)
        downhill = design.T @ (label - mean) - pull @ (beta - [0.0, 1.0])
        step = np.linalg.solve(design.T @ (design * (mean * (1 - mean))[:, None]) + pull, downhill)
        while loss(beta + step) > loss(beta) and np.abs(step).max() > 1e-10:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-8:
            break
    return float(beta[0]), float(beta[1])


def calibration_slope(label: np.ndarray, p: np.ndarray) -> float:
    """1 when odds mean what they say; below, too sure of itself; above, too timid."""
    return line(label, p)[1]


def ece(label: np.ndarray, p: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: the mean distance of chance and share, over bins of equal size."""
    parts = np.array_split(np.argsort(p, kind="mergesort"), bins)
    return float(sum(len(i) * abs(p[i].mean() - label[i].mean()) for i in parts if len(i)) / len(p))


METRICS: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "auc": auc,
    "average_precision": average_precision,
    "brier": brier,
    "calibration_slope": calibration_slope,
    "ece": ece,
}


def metrics(label: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """Every figure, on one set of predictions."""
    return {name: metric(label, p) for name, metric in METRICS.items()}


def draws_of(people: np.ndarray, *, draws: int = 200, seed: int = 1) -> Iterator[np.ndarray]:
    """The rows of each bootstrap draw; whole people are drawn, as their days hang together."""
    _, person = np.unique(people, return_inverse=True)
    rows = np.argsort(person, kind="mergesort")
    starts = np.searchsorted(person[rows], np.arange(person.max() + 2))
    counts = np.diff(starts)
    random = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = random.integers(0, len(counts), len(counts))
        offsets = np.repeat(starts[drawn] - np.cumsum(counts[drawn]) + counts[drawn], counts[drawn])
        yield rows[offsets + np.arange(counts[drawn].sum())]


def middle(found: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of what the draws gave; draws that gave nothing are left out."""
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def interval(
    label: np.ndarray,
    p: np.ndarray,
    people: np.ndarray,
    metric: Callable[[np.ndarray, np.ndarray], float],
    *,
    draws: int = 200,
    seed: int = 1,
) -> tuple[float, float]:
    """The 95% bootstrap interval of a metric, by person."""
    return middle([metric(label[rows], p[rows]) for rows in draws_of(people, draws=draws, seed=seed)])


class Threshold(Frozen):
    """Where a detector speaks: at chances of `p` and more it was right in `precision` of cases and reached
    `reach` of those it should; `alarms` is the share of rows it speaks on."""

    p: float
    precision: float
    reach: float
    alarms: float


def threshold(label: np.ndarray, p: np.ndarray, precision_floor: float) -> Threshold | None:
    """The lowest threshold whose precision holds the floor: the most reach at that price. None if none does."""
    order = np.argsort(-p, kind="mergesort")
    ends = np.append(np.nonzero(np.diff(p[order]))[0], len(p) - 1)
    hits = np.cumsum(label[order])[ends]
    precision = hits / (ends + 1)
    good = np.nonzero((precision >= precision_floor) & (hits >= 5))[0]
    if not len(good):
        return None
    at = good[-1]
    return Threshold(
        p=float(p[order][ends[at]]),
        precision=float(precision[at]),
        reach=float(hits[at] / max(label.sum(), 1)),
        alarms=float((ends[at] + 1) / len(p)),
    )


def at_threshold(label: np.ndarray, p: np.ndarray, at: float) -> Threshold:
    """How a threshold chosen elsewhere does here. Precision is 0 where it never speaks."""
    spoken = p >= at
    hits = float(label[spoken].sum())
    return Threshold(
        p=at,
        precision=hits / max(int(spoken.sum()), 1),
        reach=hits / max(float(label.sum()), 1.0),
        alarms=float(spoken.mean()),
    )
