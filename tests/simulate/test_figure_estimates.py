"""Intervals and demographic measures against values worked out elsewhere."""

import math

import pytest

from lifeevents.simulate.figures import estimate
from lifeevents.simulate.figures.lifetable import STARTS, life_expectancy, singulate_mean_age


def test_a_share_has_wilsons_interval():
    found = estimate.share(15, 50)
    assert (found.value, round(found.low, 4), round(found.high, 4)) == (0.3, 0.1910, 0.4375)
    assert estimate.share(0, 20).low == pytest.approx(0, abs=1e-12)


def test_a_rate_has_nearly_the_exact_poisson_interval():
    found = estimate.rate(10, 1)  # exact: 4.795 to 18.390
    assert found.low == pytest.approx(4.795, abs=0.02)
    assert found.high == pytest.approx(18.390, abs=0.02)
    assert estimate.rate(0, 1).low == 0
    assert estimate.rate(0, 1).high == pytest.approx(3.69, abs=0.06)


def test_a_rate_scales_with_its_unit_and_with_what_an_event_stands_for():
    assert estimate.rate(20, 100, 1000).value == 200
    assert estimate.rate(20, 100, 1000, weight=1.1).high == pytest.approx(1.1 * estimate.rate(20, 100, 1000).high)


def test_a_ratio_lies_in_an_interval_that_is_even_on_the_logarithm():
    found = estimate.ratio(110, 100, 100)
    assert found.value == pytest.approx(110)
    assert found.value / found.low == pytest.approx(found.high / found.value)


def test_total_fertility_is_the_sum_of_rates_over_the_years_of_each_group():
    found = estimate.rate_sum([20, 40], [1000, 1000], 5)
    assert found.value == pytest.approx(0.3)
    assert found.noise == pytest.approx(1.96 * 5 / 1000 * math.sqrt(60), rel=1e-3)


def test_the_mean_age_of_childbearing_does_not_depend_on_how_many_women_there_are():
    few = estimate.rate_mean([10, 10], [100, 100], [20.5, 30.5])
    many_young = estimate.rate_mean([100, 10], [1000, 100], [20.5, 30.5])
    assert few.value == pytest.approx(many_young.value) == pytest.approx(25.5)


def test_with_the_same_risk_at_every_age_life_lasts_the_inverse_of_the_risk():
    years = dict.fromkeys(STARTS, 100_000.0)
    found = life_expectancy(dict.fromkeys(STARTS, 2_000.0), years)
    assert found.value == pytest.approx(50, rel=0.005)
    assert 0 < found.noise < 1


def test_four_times_the_people_halve_what_chance_does_to_life_expectancy():
    deaths, years = dict.fromkeys(STARTS, 500.0), dict.fromkeys(STARTS, 40_000.0)
    one = life_expectancy(deaths, years)
    four = life_expectancy({a: 4 * n for a, n in deaths.items()}, {a: 4 * n for a, n in years.items()})
    assert four.value == pytest.approx(one.value)
    assert one.noise / four.noise == pytest.approx(2, rel=0.01)


def test_whoever_marries_on_the_thirtieth_birthday_marries_at_thirty():
    single = [(100.0, 100.0)] * 3 + [(0.0, 100.0)] * 5  # groups 15-19, 20-24, 25-29 single, then nobody
    assert singulate_mean_age(single).value == pytest.approx(30)


def test_those_who_never_marry_do_not_count_for_the_mean_age_at_marriage():
    single = [(100.0, 100.0)] * 3 + [(10.0, 100.0)] * 5
    assert singulate_mean_age(single).value == pytest.approx(30)
