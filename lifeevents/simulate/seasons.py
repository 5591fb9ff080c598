"""The lunar new year: what people do before and after it, without changing how much they do in a year."""

from datetime import date

from lifeevents.simulate.months import Month, day_number, months_of
from lifeevents.simulate.people_rates import Seasonal, Seasons


def season(rates: Seasons, what: Seasonal, month: Month) -> float:
    """A factor on the chances of a month; its mean over the months of a usual year is 1."""
    factors = rates.factors.value[what]
    mean = 1 + sum(factor - 1 for factor in factors.values()) / 12
    offsets = [month.index - near for near in _near(rates, month)]
    return next((factors[offset] for offset in offsets if offset in factors), 1.0) / mean


def _near(rates: Seasons, month: Month) -> list[int]:
    """The months of the new years of the years before, of and after a month, as far as they are known."""
    days = (rates.new_year.value.get(year) for year in (month.year - 1, month.year, month.year + 1))
    return [_month(day) for day in days if day]


def _month(day: date) -> int:
    return int(months_of(day_number(day)))
