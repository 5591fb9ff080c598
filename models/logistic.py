"""Logistic regression with an age that may bend: sturdy where positives are few. Serves from plain numbers."""

from collections.abc import Sequence

import numpy as np

from lifeevents.domain.frozen import Frozen
from models.matrix import Column

SHOWN, CLIP = 15, 4.0
"""Categories that get an input of their own; standard deviations beyond which a value counts no more."""

STRENGTHS = (0.003, 0.03, 0.3)
"""Inverse strengths of regularisation tried, strongest first."""


class Logistic(Frozen):
    """Standardised inputs times `weights`, plus `constant`: log odds."""

    knots: tuple[float, ...]
    center: tuple[float, ...]
    scale: tuple[float, ...]
    missing: tuple[int, ...]
    weights: tuple[float, ...]
    constant: float


def inputs(x: np.ndarray, columns: Sequence[Column], knots: Sequence[float]) -> np.ndarray:
    """Numbers as they are, a column per common category, and age beyond each knot."""
    parts = []
    for place, column in enumerate(columns):
        values = x[:, place]
        if column.type == "category":
            parts += [(values == level).astype(float) for level in range(min(len(column.levels), SHOWN))]
        else:
            parts.append(values)
        if column.name == "age_months":
            parts += [np.maximum(values - knot, 0) for knot in knots]
    return np.column_stack(parts) if parts else np.zeros((len(x), 0))


def knots_of(x: np.ndarray, columns: Sequence[Column]) -> tuple[float, ...]:
    """The ages at which the line may bend: tenths of the ages seen."""
    for place, column in enumerate(columns):
        if column.name == "age_months":
            known = x[~np.isnan(x[:, place]), place]
            return tuple(float(k) for k in np.unique(np.quantile(known, [0.1, 0.3, 0.5, 0.7, 0.9])))
    return ()


def fit(x: np.ndarray, y: np.ndarray, columns: Sequence[Column], strength: float) -> Logistic:
    """Fit with ridge regularisation; `strength` is its inverse (scikit-learn's C)."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    knots = knots_of(x, columns)
    raw = inputs(x, columns, knots)
    known = ~np.isnan(raw)
    count = np.maximum(known.sum(axis=0), 1)
    center = np.where(known, raw, 0).sum(axis=0) / count
    scale = np.sqrt(np.where(known, (raw - center) ** 2, 0).sum(axis=0) / count) + 1e-6
    missing = np.nonzero(known.mean(axis=0) < 0.99)[0]
    design = _design(raw, center, scale, missing)
    with threadpool_limits(1):
        model = LogisticRegression(C=strength, max_iter=30, tol=1e-3, solver="newton-cholesky").fit(design, y)
    return Logistic(
        knots=knots,
        center=tuple(center.tolist()),
        scale=tuple(scale.tolist()),
        missing=tuple(missing.tolist()),
        weights=tuple(model.coef_[0].tolist()),
        constant=float(model.intercept_[0]),
    )


def _design(raw: np.ndarray, center: np.ndarray, scale: np.ndarray, missing: Sequence[int]) -> np.ndarray:
    standard = np.nan_to_num(np.clip((raw - center) / scale, -CLIP, CLIP))
    return np.column_stack([standard, np.isnan(raw[:, missing]).astype(float)])


def log_odds(model: Logistic, x: np.ndarray, columns: Sequence[Column]) -> np.ndarray:
    """The log odds of each row."""
    raw = inputs(x, columns, model.knots)
    design = _design(raw, np.asarray(model.center), np.asarray(model.scale), list(model.missing))
    return design @ np.asarray(model.weights) + model.constant


def contributions(model: Logistic, x: np.ndarray, columns: Sequence[Column]) -> np.ndarray:
    """Rows x columns: each feature's share of the log odds."""
    raw = inputs(x, columns, model.knots)
    terms = _design(raw, np.asarray(model.center), np.asarray(model.scale), list(model.missing))
    terms = terms * np.asarray(model.weights)
    owner = _owners(columns, len(model.knots))
    owner = np.concatenate([owner, owner[list(model.missing)]]).astype(int)
    out = np.zeros((len(x), len(columns)))
    for place, column in enumerate(owner):
        out[:, column] += terms[:, place]
    return out


def _owners(columns: Sequence[Column], knots: int) -> np.ndarray:
    owners: list[int] = []
    for place, column in enumerate(columns):
        wide = min(len(column.levels), SHOWN) if column.type == "category" else 1
        owners += [place] * (wide + (knots if column.name == "age_months" else 0))
    return np.asarray(owners, dtype=int)
