"""The detector's model: trees and a logistic line beside the age-sex floor, mixed as unseen people bear out.

Everything that serves is text: LightGBM's model and one JSON. Chances are calibrated on people that the parts had
not seen (Platt's line, pulled to the identity where positives are few).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

from features.feature import Feature
from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.frozen import Frozen
from models import boosted, floor, logistic
from models.evaluate import line, logit, sigmoid
from models.matrix import Column, candidates, columns, matrix

if TYPE_CHECKING:
    from datetime import date

    import lightgbm as lgb

ENOUGH, FEW = 100, 20
"""Positives from which trees are worth growing; below `FEW` there is only the floor."""

PRIOR = 400.0
"""Pseudo-observations for the identity in the calibration line."""

Part = Literal["floor", "logistic", "trees"]
MIXES: dict[str, tuple[Part, ...]] = {
    "trees, logistic and floor": ("trees", "logistic", "floor"),
    "trees and logistic": ("trees", "logistic"),
    "logistic and floor": ("logistic", "floor"),
    "trees": ("trees",),
    "logistic": ("logistic",),
}
"""Means of log odds that a model may be, the steadiest (against drift) first."""


class Model(Frozen):
    """Everything but the trees: inputs, floor, line, mix and calibration (log odds -> intercept + slope x)."""

    columns: tuple[Column, ...]
    floor: floor.Floor
    mix: str
    parts: tuple[Part, ...]
    linear: logistic.Logistic | None = None
    rounds: int = 0
    intercept: float = 0.0
    slope: float = 1.0
    positives: int
    samples: int
    note: str = ""

    def floor_alone(self) -> "Model":
        """The same floor with nothing beside it."""
        return Model(
            columns=(), floor=self.floor, mix="floor", parts=("floor",), positives=self.positives, samples=self.samples
        )


@dataclass(frozen=True)
class Fitted:
    """A model with its trees (LightGBM's text, empty without trees) and its chances for unseen people.

    `unseen`: one chance per training row, from parts that never saw its person; what thresholds are chosen on.
    """

    model: Model
    trees: str
    unseen: np.ndarray


def fit(
    rows: pa.Table,
    label: np.ndarray,
    catalogue: Mapping[str, Feature],
    names: Sequence[str] | None = None,
    *,
    folds: int = 4,
) -> Fitted:
    """Fit on samples. `names` are the features it may read (by default all that a detector may).

    Raises LifeEventsError when the samples hold no positive or no negative: there is nothing to learn.
    """
    positives = int(label.sum())
    if not 0 < positives < len(label):
        raise LifeEventsError(
            f"{positives} of {len(label)} samples are positive; a model needs both kinds. "
            "Take more reference days, a longer horizon or a wider at_risk."
        )
    fold = folds_of(rows["subject_id"].to_pylist(), folds)
    floor_odds, width = _floor_out_of_fold(rows, label, fold)
    odds: dict[Part, np.ndarray] = {"floor": floor_odds}
    base = floor.fit(rows, label, width=width)
    if positives < FEW:
        note = f"only {positives} positives: the age-sex floor"
        model = Model(
            columns=(), floor=base, mix="floor", parts=("floor",), positives=positives, samples=len(label), note=note
        )
        return Fitted(model, "", sigmoid(odds["floor"]))
    chosen = columns(rows, catalogue, names if names is not None else candidates(catalogue))
    x = matrix(rows, chosen)
    odds["logistic"], strength = _logistic_out_of_fold(x, label, chosen, fold)
    rounds, note = 0, f"only {positives} positives: no trees"
    if positives >= ENOUGH:
        odds["trees"], rounds = boosted.out_of_fold(x, label, odds["floor"], chosen, fold)
        note = ""
    mix = _choose(odds, label)
    parts = MIXES[mix]
    mean = _mean(odds, parts)
    intercept, slope = line(label, sigmoid(mean), prior=PRIOR)
    start = logit(floor.predict(base, rows))
    model = Model(
        columns=chosen,
        floor=base,
        mix=mix,
        parts=parts,
        linear=logistic.fit(x, label, chosen, strength) if "logistic" in parts else None,
        rounds=rounds if "trees" in parts else 0,
        intercept=intercept,
        slope=slope,
        positives=positives,
        samples=len(label),
        note=note,
    )
    trees = boosted.fit(x, label, start, chosen, rounds) if "trees" in parts else ""
    return Fitted(model, trees, sigmoid(intercept + slope * mean))


def predict(model: Model, booster: "lgb.Booster | None", rows: pa.Table, as_of: "date | None" = None) -> np.ndarray:
    """The calibrated chance of each row. `as_of` where the rows have no such column."""
    x = matrix(rows, model.columns, as_of)
    odds: dict[Part, np.ndarray] = {"floor": logit(floor.predict(model.floor, rows))}
    if model.linear is not None:
        odds["logistic"] = logistic.log_odds(model.linear, x, model.columns)
    if booster is not None:
        odds["trees"] = odds["floor"] + boosted.log_odds(booster, x)
    return sigmoid(model.intercept + model.slope * _mean(odds, model.parts))


def contributions(
    model: Model, booster: "lgb.Booster | None", rows: pa.Table, as_of: "date | None" = None
) -> np.ndarray:
    """Rows x columns: each input's share of the log odds, beside the floor's."""
    x = matrix(rows, model.columns, as_of)
    total = np.zeros(x.shape)
    if model.linear is not None:
        total += logistic.contributions(model.linear, x, model.columns)
    if booster is not None:
        total += boosted.contributions(booster, x)
    return model.slope * total / len(model.parts)


def _mean(odds: Mapping[Part, np.ndarray], parts: Sequence[Part]) -> np.ndarray:
    return np.mean([odds[part] for part in parts], axis=0)


def _choose(odds: Mapping[Part, np.ndarray], label: np.ndarray) -> str:
    """The steadiest mix whose loss on unseen people is within one standard error of the best one's."""
    losses = {
        name: _losses(label, sigmoid(_mean(odds, parts))) for name, parts in MIXES.items() if set(parts) <= set(odds)
    }
    best = min(losses.values(), key=np.mean)
    for name, each in losses.items():
        excess = each - best
        if excess.mean() <= excess.std() / np.sqrt(len(label)):
            return name
    raise AssertionError("the best mix is within its own error")


def _losses(label: np.ndarray, p: np.ndarray) -> np.ndarray:
    return -(label * np.log(p) + (1 - label) * np.log(1 - p))


def folds_of(people: Sequence[str], folds: int) -> np.ndarray:
    """A fold per row, by person, the same each time."""
    unique, person = np.unique(np.asarray(people, dtype=str), return_inverse=True)
    return np.random.default_rng(1).permutation(len(unique))[person] % folds


def _floor_out_of_fold(rows: pa.Table, label: np.ndarray, fold: np.ndarray) -> tuple[np.ndarray, int]:
    """The floor's log odds for people it was not made from, at the smoothing that served them best, and that."""

    def odds_at(width: int) -> np.ndarray:
        odds = np.zeros(len(label))
        for held in np.unique(fold):
            mine = fold == held
            others = floor.fit(rows.filter(pa.array(~mine)), label[~mine], width=width)
            odds[mine] = logit(floor.predict(others, rows.filter(pa.array(mine))))
        return odds

    found = [(odds_at(width), width) for width in floor.WIDTHS]
    return min(found, key=lambda pair: float(_losses(label, sigmoid(pair[0])).mean()))


def _logistic_out_of_fold(
    x: np.ndarray, label: np.ndarray, chosen: Sequence[Column], fold: np.ndarray
) -> tuple[np.ndarray, float]:
    """The log odds of unseen people at the strength that served them best, and that strength.

    With many samples the strength hardly matters; one is tried."""
    best: tuple[float, np.ndarray, float] | None = None
    for strength in logistic.STRENGTHS if len(label) < boosted.LARGE else logistic.STRENGTHS[1:2]:
        odds = np.zeros(len(label))
        for held in np.unique(fold):
            mine = fold == held
            part = logistic.fit(x[~mine], label[~mine], chosen, strength)
            odds[mine] = logistic.log_odds(part, x[mine], chosen)
        loss = float(_losses(label, sigmoid(odds)).mean())
        if best is None or loss < best[0]:
            best = (loss, odds, strength)
    assert best is not None
    return best[1], best[2]
