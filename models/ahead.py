"""What a monthly hazard says: the chance per month ahead, within so many months, the likeliest month, and why.

chance(h) = 1 - product over k <= h of (1 - hazard(k)), so that 3, 6 and 12 months agree. `models.monthly` fits it.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pydantic import Field

from lifeevents.domain.frozen import Frozen
from models import boosted, floor, logistic
from models.evaluate import logit, sigmoid
from models.hazard import Part
from models.matrix import Column, matrix

if TYPE_CHECKING:
    import lightgbm as lgb

MONTHLY = (
    Column(name="months_ahead", type="integer"),
    Column(name="age_months_then", type="integer"),
    Column(name="month_then", type="category", levels=tuple(str(month) for month in range(1, 13))),
)
"""The inputs that tell the rows of one sample apart: how far ahead, how old then, and the month of the year then."""


class Monthly(Frozen):
    """Everything but the trees. `intercept`, `slope`: calibration of the mean of the parts' log odds of a month;
    `rising`: features in which trees may only rise (1) or fall (-1)."""

    columns: tuple[Column, ...]
    horizon: int
    floor: floor.Floor
    mix: str
    parts: tuple[Part, ...]
    linear: logistic.Logistic | None = None
    rounds: int = 0
    intercept: float = 0.0
    slope: float = 1.0
    rising: dict[str, int] = Field(default_factory=dict)
    positives: int
    samples: int
    note: str = ""

    def floor_alone(self) -> "Monthly":
        """The same floor with nothing beside it."""
        return Monthly(
            columns=(),
            horizon=self.horizon,
            floor=self.floor,
            mix="floor",
            parts=("floor",),
            positives=self.positives,
            samples=self.samples,
        )


def widened(x: np.ndarray, columns: Sequence[Column], ahead: "int | np.ndarray", month_then: np.ndarray) -> np.ndarray:
    """The inputs of samples with those of a month ahead beside them (the month of the year is 0 for January)."""
    ages = [place for place, column in enumerate(columns) if column.name == "age_months"]
    age = x[:, ages[0]] if ages else np.full(len(x), np.nan)
    return np.column_stack([x, np.broadcast_to(ahead, len(x)), age + ahead, month_then])


def then(as_of: pa.ChunkedArray, ahead: "int | np.ndarray", sample: np.ndarray | None = None) -> np.ndarray:
    """The month of the year, 0 to 11, that many months after each day."""
    now = np.asarray([day.month for day in as_of.to_pylist()])
    now = now if sample is None else now[sample]
    return np.asarray((now - 1 + np.ravel(ahead)) % 12, dtype=float)


def floor_odds(model: Monthly, rows: pa.Table) -> np.ndarray:
    """The log odds of a month at which the floor's chance is spread evenly over the horizon."""
    return logit(1 - (1 - floor.predict(model.floor, rows)) ** (1 / model.horizon))


def hazards(model: Monthly, booster: "lgb.Booster | None", rows: pa.Table, as_of: date | None = None) -> np.ndarray:
    """Rows x months: the calibrated hazard of each month ahead. `as_of` where the rows have no such column."""
    base = floor_odds(model, rows)
    if model.mix == "floor":
        return np.repeat(sigmoid(base)[:, None], model.horizon, axis=1)
    x, inputs = matrix(rows, model.columns, as_of), (*model.columns, *MONTHLY)
    days = rows["as_of"] if as_of is None else pa.chunked_array([pa.array([as_of] * rows.num_rows, pa.date32())])
    first = then(days, 0)
    out = np.empty((rows.num_rows, model.horizon))
    for place in range(model.horizon):
        wide = widened(x, model.columns, place + 1, (first + place + 1) % 12)
        odds: dict[Part, np.ndarray] = {"floor": base}
        if model.linear is not None:
            odds["logistic"] = logistic.log_odds(model.linear, wide, inputs)
        if booster is not None:
            odds["trees"] = base + boosted.log_odds(booster, wide)
        mean = np.mean([odds[part] for part in model.parts], axis=0)
        out[:, place] = sigmoid(model.intercept + model.slope * mean)
    return out


def chance(hazard: np.ndarray, months: int | None = None) -> np.ndarray:
    """Rows: the chance that the outcome comes within so many months (by default the whole horizon)."""
    return np.asarray(1 - np.prod(1 - hazard[:, :months], axis=1))


def likeliest(hazard: np.ndarray) -> np.ndarray:
    """Rows: the month ahead, from 1, in which the outcome is likeliest to come."""
    alive = np.cumprod(np.column_stack([np.ones(len(hazard)), 1 - hazard[:, :-1]]), axis=1)
    return np.asarray(np.argmax(hazard * alive, axis=1) + 1)


def contributions(
    model: Monthly, booster: "lgb.Booster | None", rows: pa.Table, as_of: date | None = None
) -> np.ndarray:
    """Rows x columns: each feature's share of the log odds of the month in the middle, beside the floor's."""
    x, inputs, middle = matrix(rows, model.columns, as_of), (*model.columns, *MONTHLY), (model.horizon + 1) // 2
    days = rows["as_of"] if as_of is None else pa.chunked_array([pa.array([as_of] * rows.num_rows, pa.date32())])
    wide = widened(x, model.columns, middle, then(days, middle))
    total = np.zeros(wide.shape)
    if model.linear is not None:
        total += logistic.contributions(model.linear, wide, inputs)
    if booster is not None:
        total += boosted.contributions(booster, wide)
    return np.asarray(model.slope * total[:, : -len(MONTHLY)] / len(model.parts))
