"""The age-sex floor: what anyone could say from a birth date and a sex. A detector must beat it."""

import numpy as np
import pyarrow as pa

from lifeevents.domain.frozen import Frozen
from models.matrix import floats

WIDTHS = (1, 2, 3, 5)
"""Years of age within which neighbours share a rate, weighted by nearness; the best on unseen people is taken."""


class Floor(Frozen):
    """Rates by sex and completed year of age; `overall` where either is unknown.

    rates: {"M": (rate at 0, at 1, ...), "F": ...}, smoothed over neighbouring ages and towards `overall`.
    """

    overall: float
    rates: dict[str, tuple[float, ...]]


def fit(rows: pa.Table, label: np.ndarray, *, width: int = 3, prior: float = 20.0, oldest: int = 115) -> Floor:
    """The smoothed rate per sex and age: a triangle of `width` years, and `prior` people at the overall rate."""
    overall = float((label.sum() + 0.5) / (len(label) + 1.0))
    age, sex = _age(rows), _sex(rows)
    weights = 1 - np.abs(np.arange(-width + 1, width)) / width
    rates = {}
    for code in ("M", "F"):
        mine = (sex == code) & ~np.isnan(age)
        years = np.clip(age[mine].astype(int), 0, oldest)
        asked = np.convolve(np.bincount(years, minlength=oldest + 1), weights, mode="same")
        came = np.convolve(np.bincount(years, label[mine], minlength=oldest + 1), weights, mode="same")
        rates[code] = tuple(float(r) for r in (came + prior * overall) / (asked + prior))
    return Floor(overall=overall, rates=rates)


def predict(floor: Floor, rows: pa.Table) -> np.ndarray:
    """The floor's chance for each row."""
    age, sex = _age(rows), _sex(rows)
    out = np.full(rows.num_rows, floor.overall)
    for code, rates in floor.rates.items():
        mine = (sex == code) & ~np.isnan(age)
        out[mine] = np.asarray(rates)[np.clip(age[mine].astype(int), 0, len(rates) - 1)]
    return out


def known(rows: pa.Table) -> np.ndarray:
    """Where age and sex are known; elsewhere a detector abstains."""
    return ~np.isnan(_age(rows)) & np.isin(_sex(rows), ("M", "F"))


def _age(rows: pa.Table) -> np.ndarray:
    return floats(rows["age_years"].combine_chunks())


def _sex(rows: pa.Table) -> np.ndarray:
    return np.asarray(rows["sex"].fill_null("").to_pylist(), dtype=object)
