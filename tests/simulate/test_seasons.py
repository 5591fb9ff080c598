"""The lunar new year moves the months of people's decisions and leaves the yearly number as it is."""

from datetime import date
from statistics import mean

import holidays
import pytest

from features.catalogue import known_features
from lifeevents.packs import load
from lifeevents.simulate.months import Month, day_number, months_of
from lifeevents.simulate.seasons import season


def test_the_new_years_of_the_pack_are_those_of_the_calendar(rates):
    for year, day in rates.seasons.new_year.value.items():
        named = holidays.VN(years=year, language="en_US").get(day, "")
        assert "Lunar New Year" in named, (year, day, named)


def test_the_calendar_of_the_pack_has_the_same_new_years(rates):
    feasts = load("vn", known_features).calendar.feasts
    assert feasts["lunar_new_year"] == tuple(rates.seasons.new_year.value.values())


@pytest.mark.parametrize("what", ["job_endings", "moves", "marriages"])
def test_the_months_of_ten_years_have_a_mean_near_one(rates, what):
    factors = [season(rates.seasons, what, Month(index)) for index in range(2012 * 12, 2022 * 12)]
    assert mean(factors) == pytest.approx(1.0, abs=0.02)
    assert max(factors) > 1.3 > 1.0 > min(factors)


def test_a_factor_follows_the_moving_month_of_the_new_year(rates):
    late, early = date(2026, 2, 17), date(2023, 1, 22)
    for day in (late, early):
        after = Month(int(months_of(day_number(day))) + 1)
        before = Month(after.index - 2)
        assert season(rates.seasons, "job_endings", after) > 2 * season(rates.seasons, "job_endings", before)


def test_more_jobs_end_in_the_month_after_the_new_year_than_in_the_month_before(country, rates, ask):
    ended = dict(ask(country.out, """select year(occurred_on) * 12 + month(occurred_on) - 1, count(*)
        from truth_events where event = 'job_end' group by 1"""))  # fmt: skip
    months = [int(months_of(day_number(rates.seasons.new_year.value[year]))) for year in range(2012, 2026)]
    assert sum(ended.get(month + 1, 0) for month in months) > 1.8 * sum(ended.get(month - 1, 0) for month in months)
