"""The curves behind the figures: ROC, precision and recall, reliability, and working points as in use.

Each is made from labels (0 or 1) and chances, one per row; points are thinned for drawing, never moved.
"""

from collections.abc import Sequence

import numpy as np

from lifeevents.domain.frozen import Frozen
from models.evaluate import threshold
from models.predictions import Part

POINTS = 160
"""At most so many points are kept of a curve."""

PRECISIONS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""The precision floors that are tried: of ten people told, how many must be right."""


class Curve(Frozen):
    """Points of a curve, left to right, both axes from 0 to 1."""

    x: tuple[float, ...]
    y: tuple[float, ...]


class Bin(Frozen):
    """One bin of equal size: the mean chance said, the share that came true, and how many rows."""

    chance: float
    share: float
    rows: int


def _steps(label: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows told, true ones among them) at each distinct chance, the highest first."""
    order = np.argsort(-p, kind="mergesort")
    ends = np.append(np.nonzero(np.diff(p[order]))[0], len(p) - 1)
    return ends + 1, np.cumsum(label[order])[ends]


def _thin(x: np.ndarray, y: np.ndarray) -> Curve:
    """The curve with points about equally far apart along it, the ends among them."""
    way = np.append(0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    kept = np.unique(np.searchsorted(way, np.linspace(0, way[-1], POINTS)).clip(0, len(x) - 1))
    return Curve(x=tuple(x[kept].round(5).tolist()), y=tuple(y[kept].round(5).tolist()))


def roc(label: np.ndarray, p: np.ndarray) -> Curve:
    """x: the share of rows without the outcome that are told; y: the share of rows with it (reach)."""
    told, hits = _steps(label, p)
    true, false = label.sum(), len(label) - label.sum()
    return _thin(np.append(0, (told - hits) / false), np.append(0, hits / true))


def precision_recall(label: np.ndarray, p: np.ndarray) -> Curve:
    """x: reach; y: precision, at each distinct chance where at least five outcomes are reached.

    Below five the precision is chance and the curve would only flicker.
    """
    told, hits = _steps(label, p)
    kept = hits >= min(5, label.sum())
    return _thin(hits[kept] / label.sum(), hits[kept] / told[kept])


def gains(label: np.ndarray, p: np.ndarray) -> Curve:
    """x: the share of rows told, those with the highest chance first; y: reach."""
    told, hits = _steps(label, p)
    return _thin(np.append(0, told / len(label)), np.append(0, hits / label.sum()))


def bins_of(p: np.ndarray, positives: int) -> np.ndarray:
    """A bin of equal size per row, by chance: ten, or five where there are fewer than 100 positives."""
    number = 10 if positives >= 100 else 5
    found = np.empty(len(p), dtype=int)
    for place, rows in enumerate(np.array_split(np.argsort(p, kind="mergesort"), number)):
        found[rows] = place
    return found


def reliability(label: np.ndarray, p: np.ndarray, bins: np.ndarray) -> tuple[Bin, ...]:
    """What was said and what came, bin by bin."""
    return tuple(
        Bin(chance=float(p[mine].mean()), share=float(label[mine].mean()), rows=int(mine.sum()))
        for mine in (bins == number for number in np.unique(bins))
    )


def spoken(parts: Sequence[Part], model: str, p: np.ndarray, floor: float) -> np.ndarray:
    """Where a model speaks when asked for a precision of at least `floor`: as in use, the threshold is chosen on the
    training people (see `Part`), not on the rows that judge it. Where no threshold holds, it speaks to nobody."""
    told = np.zeros(len(p), dtype=bool)
    for part in parts:
        chosen = threshold(part.label, part.chances[model], floor)
        if chosen:
            told[part.judged] = p[part.judged] >= chosen.p
    return told
