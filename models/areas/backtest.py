"""Were past forecasts right? Each year's forecast, made again from what was known then, beside what came.

What came is counted as it is known at the end, a year or more after, so that little is still untold. Beside the
forecast stands "the same as last year": the outcomes of the year before in the same area, made up for what was not
told yet, which is the best that a planner does without one.
"""

from datetime import date

import numpy as np

from features.lake import Lake
from lifeevents.domain.calendar import add_months
from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.forecast import Forecasting
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import Pack
from models.areas.cells import by_quarter
from models.areas.counts import Counts, Progress, counted, days_before
from models.areas.forecast import PERCENTILES, YEARS, futures, parts_of
from models.areas.rates import learned

COUNTRY, AREAS, QUARTER = "the country, the year", "areas, the year", "areas, a quarter"

LEARNED, UNTOLD = 3, 24
"""At least so many years are learned from; the last forecast that is judged was made so many months before the end."""

EVERY_YEAR = 60
"""At most so many years of deliveries are gone back."""


class Judged(Frozen):
    """The numbers of one forecast at one fineness, over all days it was made on.

    `numbers`: how many were judged; `inside_80`, `inside_95`: the share in the interval; `error` and
    `error_last_year`: the mean absolute error of the mean, and of the year before; `came`: the mean of what came.
    """

    forecast: str
    fineness: str
    days: int
    numbers: int
    came: float
    inside_80: float
    inside_95: float
    error: float
    error_last_year: float


def judged(lake: Lake, pack: Pack, *, as_of: date, progress: Progress | None = None) -> list[Judged]:
    """Every forecast of the pack, made on each day a year apart that has three years before it and two after.

    Raises LifeEventsError when the registers have not delivered for so long.
    """
    last, asked = add_months(as_of, -UNTOLD), {}
    for declared in pack.forecasts.values():
        asked[declared.id] = days_before(lake, pack, declared, last, EVERY_YEAR)
        if len(asked[declared.id]) <= LEARNED:
            raise LifeEventsError(
                f"{declared.id}: judging needs {LEARNED} years before the first forecast and {UNTOLD} months after the "
                f"last; by {as_of} there are {len(asked[declared.id]) - 1} years of deliveries before {last}."
            )
    counts = counted(lake, pack, asked, progress)
    found = [judge(declared, counts[declared.id], known_by=as_of) for declared in pack.forecasts.values()]
    if progress:
        progress("done", 1.0)
    return [one for mine in found for one in mine]


def judge(declared: Forecasting, counts: Counts, *, known_by: date) -> list[Judged]:
    """One forecast, on every day of the counts that has enough years before it."""
    came = counts.outcomes(known_by).sum(axis=3)
    kept: dict[str, list[np.ndarray]] = {name: [] for name in (COUNTRY, AREAS, QUARTER)}
    for now in range(LEARNED, len(counts.days)):
        ahead = learned(counts, now, YEARS)
        groups = [list(part.members) for part in parts_of(counts, ahead, now, declared.least)]
        if not groups:
            continue
        drawn = np.stack(futures(ahead, groups, seed=counts.days[now].toordinal()), axis=2)
        rows = np.stack([_sums(of, groups) for of in (came[now], ahead.expected, ahead.last_year)])
        _, shown = by_quarter(rows[1], declared.least)
        season = rows[1].sum(axis=1) > 0
        kept[COUNTRY].append(_rows(rows.sum(axis=(1, 2), keepdims=True), drawn.sum(axis=(1, 2), keepdims=True)))
        kept[AREAS].append(_rows(rows.sum(axis=1, keepdims=True), drawn.sum(axis=1, keepdims=True)))
        if shown.any():
            kept[QUARTER].append(_rows(rows[:, season][:, :, shown], drawn[:, season][:, :, shown]))
    days = len(kept[COUNTRY])
    return [_judged(declared.id, name, days, np.concatenate(rows, axis=1)) for name, rows in kept.items() if rows]


def _sums(of: np.ndarray, groups: list[list[int]]) -> np.ndarray:
    """By (quarter, group) of areas, from (quarter, area)."""
    return np.stack([of[:, members].sum(axis=1) for members in groups], axis=1)


def _rows(numbers: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """One column per number: what came, the mean, last year's, and the ends of both intervals.

    From (came, mean, last year) x quarter x group, and drawn futures by (draw, quarter, group).
    """
    ends = np.percentile(drawn, PERCENTILES, axis=0, method="inverted_cdf")
    return np.concatenate([numbers, ends]).reshape(3 + len(PERCENTILES), -1)


def _judged(forecast: str, fineness: str, days: int, rows: np.ndarray) -> Judged:
    came, mean, before, low_95, low_80, high_80, high_95 = rows
    return Judged(
        forecast=forecast,
        fineness=fineness,
        days=days,
        numbers=len(came),
        came=float(came.mean()),
        inside_80=float(((low_80 <= came) & (came <= high_80)).mean()),
        inside_95=float(((low_95 <= came) & (came <= high_95)).mean()),
        error=float(np.abs(mean - came).mean()),
        error_last_year=float(np.abs(before - came).mean()),
    )
