"""A forecast of invented people whose rates are known: right on average, honest in width, in cells of ten and more."""

import numpy as np
import pytest

from lifeevents.domain.calendar import add_months
from models.areas.backtest import judge
from models.areas.forecast import forecast
from models.areas.rates import learned
from tests.models.areas.invented import BIRTHS, LAST, counts, two_groups


def test_the_mean_is_what_the_rates_give_and_the_cells_part_the_country():
    people, rate = two_groups(12, 40)
    found = forecast(BIRTHS, counts(people, rate, years=8, seed=1))
    assert found.country is not None
    assert found.country.year.mean == pytest.approx(float((people @ rate.T).sum()), rel=0.05)
    assert sum(cell.people for cell in found.cells) == found.country.people == people.sum()
    assert sum(cell.year.mean for cell in found.cells) == pytest.approx(found.country.year.mean, abs=1)
    for cell in found.cells:
        assert cell.year.low_95 <= cell.year.low_80 <= cell.year.mean <= cell.year.high_80 <= cell.year.high_95
        if cell.quarters:
            assert sum(quarter.mean for quarter in cell.quarters) == pytest.approx(cell.year.mean, abs=0.3)


def test_the_quarters_follow_the_day_and_the_years_lie_before_it():
    people, rate = two_groups(6, 100)
    found = forecast(BIRTHS, counts(people, rate, years=4, seed=1))
    assert [(span.after, span.until) for span in found.quarters] == [
        (add_months(LAST, 3 * n), add_months(LAST, 3 * (n + 1))) for n in range(4)
    ]
    assert (found.learned_from.after, found.learned_from.until) == (add_months(LAST, -48), LAST)


def test_too_few_in_the_whole_country_is_told_of_nobody():
    people, rate = two_groups(4, 1)
    found = forecast(BIRTHS, counts(people, rate / 10, years=4, seed=1))
    assert found.country is None
    assert found.cells == ()


def test_the_same_counts_give_the_same_forecast():
    people, rate = two_groups(8, 60)
    same = counts(people, rate, years=5, seed=3)
    assert forecast(BIRTHS, same) == forecast(BIRTHS, same)


def test_outcomes_that_are_told_late_are_not_taken_for_a_fall():
    people, rate = two_groups(8, 400)
    found = forecast(BIRTHS, counts(people, rate, years=8, seed=4, late=60))
    assert found.country is not None
    assert found.country.year.mean == pytest.approx(float((people @ rate.T).sum()), rel=0.04)


def test_intervals_hold_and_the_error_is_under_that_of_last_year():
    people, rate = two_groups(20, 60)
    level = np.exp(np.cumsum(np.random.default_rng(7).normal(-0.02, 0.03, 25)))
    past = counts(people, rate, years=24, seed=5, level=level)
    found = {one.fineness: one for one in judge(BIRTHS, past, known_by=LAST)}
    areas = found["areas, the year"]
    assert areas.numbers > 300
    assert 0.75 < areas.inside_80 < 0.87
    assert 0.91 < areas.inside_95 < 0.985
    assert areas.error < 0.85 * areas.error_last_year
    assert 0.75 < found["areas, a quarter"].inside_80 < 0.87


def test_where_it_comes_to_half_of_them_the_range_is_that_of_coins_and_not_of_rare_events():
    people = np.full((1, 1), 400.0)
    rate = np.array([[0.0], [0.0], [0.5], [0.0]])
    past = counts(people, rate, years=8, seed=8)
    ahead = learned(past, 8, 8)
    assert ahead.chance.sum() == pytest.approx(100, abs=6)
    drawn = ahead.draw(np.array([0]), np.random.default_rng(1), np.ones((4_000, 4)))
    known = float((ahead.areas.shape / ahead.areas.rate**2)[0]) * ahead.base.sum() ** 2
    assert drawn.sum(axis=1).var() == pytest.approx(100 + known, rel=0.1)
