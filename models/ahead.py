"""What a monthly hazard says: the chance per month ahead, within so many months, the likeliest month, and why.

chance(h) = 1 - product over k <= h of (1 - hazard(k)), so that 3, 6 and 12 months agree. `models.monthly` fits it.
"""

from collections.abc import Mapping, Sequence
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

NEAR = 6
"""A month so far from a feast's, before or after it, is told apart; a year has no others."""

Feasts = Mapping[str, Sequence[date]]


class Monthly(Frozen):
    """Everything but the trees. `intercept`, `slope`: calibration of the mean of the parts' log odds of a month;
    `rising`: features in which trees may only rise (1) or fall (-1); `feasts`: the first days that months ahead are
    near to or far from (beyond the last of them it is unknown); `unread`: what tells months apart and is not read;
    `tuned`: LightGBM's settings that were searched for."""

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
    feasts: dict[str, tuple[date, ...]] = Field(default_factory=dict)
    unread: tuple[str, ...] = ()
    tuned: dict[str, float] = Field(default_factory=dict)
    positives: int
    samples: int
    note: str = ""

    @property
    def inputs(self) -> tuple[Column, ...]:
        """What trees and line read: the features, then what tells the months ahead apart."""
        near = tuple(str(months) for months in range(-NEAR, NEAR + 1))
        feasts = (Column(name=_from(name), type="category", levels=near) for name in self.feasts)
        return (*self.columns, *(column for column in (*MONTHLY, *feasts) if column.name not in self.unread))

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


def widened(
    model: Monthly, x: np.ndarray, as_of: pa.ChunkedArray, ahead: "int | np.ndarray", sample: np.ndarray | None = None
) -> np.ndarray:
    """Rows of `model.inputs`: the features `x` of samples asked on `as_of`, and what tells their months ahead apart.

    `sample`: the sample of each row, where several rows are of one.
    """
    ages = [place for place, column in enumerate(model.columns) if column.name == "age_months"]
    age = x[:, ages[0]] if ages else np.full(len(x), np.nan)
    first = first_month(as_of)
    month = (first if sample is None else first[sample]) + ahead - 1
    told = {"months_ahead": np.broadcast_to(ahead, len(x)), "age_months_then": age + ahead, "month_then": month % 12.0}
    told |= {_from(name): from_feast(days, month) for name, days in model.feasts.items()}
    return np.column_stack([x, *(told[column.name] for column in model.inputs[len(model.columns) :])])


def _from(feast: str) -> str:
    return f"months_from_{feast}_then"


def first_month(as_of: pa.ChunkedArray) -> np.ndarray:
    """The calendar month (year x 12 + month - 1) that most of the first month ahead of each day lies in.

    The month ahead of the 3rd is nearly that calendar month itself; that of the 30th nearly the next one.
    """
    days = as_of.to_pylist()
    return np.asarray([day.year * 12 + day.month - 1 + (day.day > 15) for day in days])


def from_feast(days: Sequence[date], month: np.ndarray) -> np.ndarray:
    """How many months after a feast's month (before it: negative) each calendar month is, by the nearest year, as the
    place in the levels from -`NEAR` to `NEAR`; NaN where the calendar lists no feast so near."""
    at = np.asarray([day.year * 12 + day.month - 1 for day in days])
    after = np.clip(np.searchsorted(at, month), 1, len(at) - 1) if len(at) > 1 else np.ones(len(month), dtype=int)
    before, behind = month - at[after - 1], month - at[np.minimum(after, len(at) - 1)]
    nearest = np.where(np.abs(before) <= np.abs(behind), before, behind)
    return np.where(np.abs(nearest) <= NEAR, nearest + NEAR, np.nan)


def floor_odds(model: Monthly, rows: pa.Table) -> np.ndarray:
    """The log odds of a month at which the floor's chance is spread evenly over the horizon."""
    return logit(1 - (1 - floor.predict(model.floor, rows)) ** (1 / model.horizon))


def hazards(model: Monthly, booster: "lgb.Booster | None", rows: pa.Table, as_of: date | None = None) -> np.ndarray:
    """Rows x months: the calibrated hazard of each month ahead. `as_of` where the rows have no such column."""
    base = floor_odds(model, rows)
    if model.mix == "floor":
        return np.repeat(sigmoid(base)[:, None], model.horizon, axis=1)
    x, inputs, days = matrix(rows, model.columns, as_of), model.inputs, _asked_on(rows, as_of)
    out = np.empty((rows.num_rows, model.horizon))
    for place in range(model.horizon):
        wide = widened(model, x, days, place + 1)
        odds: dict[Part, np.ndarray] = {"floor": base}
        if model.linear is not None:
            odds["logistic"] = logistic.log_odds(model.linear, wide, inputs)
        if booster is not None:
            odds["trees"] = base + boosted.log_odds(booster, wide)
        mean = np.mean([odds[part] for part in model.parts], axis=0)
        out[:, place] = sigmoid(model.intercept + model.slope * mean)
    return out


def _asked_on(rows: pa.Table, as_of: date | None) -> pa.ChunkedArray:
    return rows["as_of"] if as_of is None else pa.chunked_array([pa.array([as_of] * rows.num_rows, pa.date32())])


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
    x = matrix(rows, model.columns, as_of)
    wide = widened(model, x, _asked_on(rows, as_of), (model.horizon + 1) // 2)
    total = np.zeros(wide.shape)
    if model.linear is not None:
        total += logistic.contributions(model.linear, wide, model.inputs)
    if booster is not None:
        total += boosted.contributions(booster, wide)
    return np.asarray(model.slope * total[:, : len(model.columns)] / len(model.parts))
