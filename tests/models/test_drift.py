"""A model follows what drifts from day to day, and leaves alone what stands still."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from features.feature import Feature
from models import hazard
from models.drift import shift

DAYS = [date(year, 7, 1) for year in range(2000, 2012)]


def drawn(drift: float, people: int = 3000) -> tuple[list[date], np.ndarray, np.ndarray]:
    """Outcomes whose log odds rise by `drift` a year, and the odds that know nothing of it."""
    random = np.random.default_rng(3)
    place = np.repeat(np.arange(len(DAYS)), people)
    odds = random.normal(-2, 1, len(place))
    label = random.random(len(place)) < 1 / (1 + np.exp(-(odds + drift * (place - place.mean()))))
    return [DAYS[number] for number in place], label.astype(float), odds


def test_what_stands_still_is_left_alone() -> None:
    assert shift(*drawn(0.0)) == 0.0


def test_a_single_day_says_nothing_of_drift() -> None:
    days, label, odds = drawn(0.3)
    first = np.array([day == DAYS[0] for day in days])
    assert shift([DAYS[0]] * int(first.sum()), np.full(int(first.sum()), label[first].mean()), odds[first]) <= 0.0


@pytest.mark.parametrize("drift", [0.1, -0.1])
def test_half_of_a_steady_drift_is_followed_to_the_newest_day(drift: float) -> None:
    assert shift(*drawn(drift)) == pytest.approx(drift * 5.5 / 2, abs=0.1)


def test_a_model_for_later_days_says_more_where_outcomes_become_common() -> None:
    days, label, odds = drawn(0.1, people=300)
    rows = pa.table(
        {
            "subject_id": [f"p{number % 300}" for number in range(len(days))],
            "as_of": pa.array(days, pa.date32()),
            "age_years": pa.array([40] * len(days), pa.int64()),
            "sex": ["F"] * len(days),
            "strain": odds,
        }
    )
    catalogue = {"strain": Feature("strain", "number", "attributes", "", "How strained one is.")}
    same, later = (hazard.fit(rows, label, catalogue, ["strain"], later=later).model for later in (False, True))
    assert later.intercept > same.intercept + 0.1
    assert later.slope == same.slope
