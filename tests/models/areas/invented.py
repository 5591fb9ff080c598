"""Invented years of counts with known rates, without a lake."""

from datetime import date

import numpy as np

from lifeevents.domain.calendar import add_months
from lifeevents.domain.forecast import Forecasting
from models.areas.counts import NEVER, QUARTERS, Counts, ends_of

BIRTHS = Forecasting(
    id="births",
    title={"en": "Births"},
    about={"en": "Births"},
    outcome="child_birth",
    at_risk="sex = 'F'",
    areas=("province", "urban"),
)
LAST = date(2026, 11, 3)


def counts(
    people: np.ndarray, rate: np.ndarray, *, years: int, seed: int, level: np.ndarray | None = None, late: float = 0.0
) -> Counts:
    """Poisson outcomes of people (area, group) at rates (quarter, group), the same people each year.

    `level`: the country's, by year; `late`: mean days until an outcome is known.
    """
    random = np.random.default_rng(seed)
    days = tuple(add_months(LAST, -12 * n) for n in range(years, -1, -1))
    rows = []
    for number, day in enumerate(days):
        factor = 1.0 if level is None else level[number]
        drawn = random.poisson(people[None] * rate[:, None] * factor)
        edges = [day, *ends_of(day)]
        for quarter, area, group in np.argwhere(drawn > 0):
            n = drawn[quarter, area, group]
            on = random.integers(edges[quarter].toordinal() + 1, edges[quarter + 1].toordinal() + 1, n)
            known = on + random.exponential(late, n).astype(int) if late else on
            rows.append(
                np.stack([*(np.full(n, v) for v in (number, area, group, quarter)), on, known, np.full(n, NEVER)])
            )
    names = [(f"{n // 2:02}", "true" if n % 2 else "false") for n in range(people.shape[0])]
    everyone = np.repeat(people[None].astype(float), len(days), axis=0)
    return Counts(days, tuple(names), everyone, *np.concatenate(rows, axis=1).astype(np.int64))


def two_groups(areas: int, size: float) -> tuple[np.ndarray, np.ndarray]:
    """People of two groups in areas of very unlike size, and their rates; the second has none in the last quarter."""
    people = np.round(size * np.geomspace(1, 40, areas))[:, None] * np.array([1.0, 2.0])
    rate = np.array([[0.02, 0.01], [0.03, 0.01], [0.02, 0.02], [0.01, 0.0]])
    assert rate.shape[0] == QUARTERS
    return people, rate
