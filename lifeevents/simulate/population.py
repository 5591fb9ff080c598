"""The people alive at the start: ages and sexes that, surviving and bearing, become the population counted in 2025."""

from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lifeevents.domain.errors import Refused
from lifeevents.simulate.chances import at_year
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import day_number, first_days, months_of
from lifeevents.simulate.mortality import draw_frailty, survival
from lifeevents.simulate.rates import Rates
from lifeevents.simulate.world import World

_COUNTED = 2025 * 12 + 6
"""The month of the counts (mid-2025)."""
_TRUSTED = 90 * 12
"""Older cohorts are too few in the counts to be led back: their elders follow the life table instead."""
_OLDER_COHORT = 0.97
"""A cohort's size against that of the cohort a year younger, beyond the trusted ages."""


def cohorts(rates: Rates, start: date) -> NDArray[np.float64]:
    """Thousands of people at the start: two rows (men, women) by age in months up to 105 years.

    Raises Refused for a start that the counts of 2025 cannot be led back to.
    """
    back = _COUNTED - int(months_of(day_number(start)))
    if not 0 <= back <= 20 * 12:
        raise Refused(f"A simulation cannot start on {start}: choose a day from July 2005 to July 2025.")
    lived = survival(rates.mortality, start.year)
    counted = np.array([_by_month(rates.population.by_age_2025.value[sex]) for sex in ("M", "F")])
    ages = np.arange(105 * 12)
    then = np.zeros((2, len(ages)))
    led_back = ages[ages + back < _TRUSTED]
    then[:, led_back] = counted[:, led_back + back] * lived[:, led_back] / lived[:, led_back + back]
    older, edge = ages[ages + back >= _TRUSTED], int(led_back[-1])
    fading = _OLDER_COHORT ** ((older - edge) / 12)
    then[:, older] = then[:, [edge]] * lived[:, older] / lived[:, [edge]] * fading
    return then


def _by_month(table: dict[int, float]) -> NDArray[np.float64]:
    """People by age in months, spread evenly within the age groups."""
    ages = [*table, max(table) + 5]
    return np.concatenate([np.full((b - a) * 12, table[a] / ((b - a) * 12)) for a, b in pairwise(ages)])


def size_at_start(rates: Rates, start: date, until: date, people: int) -> int:
    """How many to start with, for about `people` living on `until`."""
    counted = sum(sum(ages.values()) for ages in rates.population.by_age_2025.value.values())
    first, mid_2025, last = day_number(start), int(first_days(_COUNTED)), day_number(until)
    way = min((last - first) / max(mid_2025 - first, 1), 1.0)
    years_beyond = max(last - mid_2025, 0) / 365.25
    grown = (counted / cohorts(rates, start).sum()) ** way * (1 + rates.population.yearly_growth.value) ** years_beyond
    return max(round(people / float(grown)), 1)


def settle(world: World, start: date, count: int) -> None:
    """Add the people of the start, each somewhere, with their lasting differences."""
    rng, rates = world.streams["population"], world.rates
    expected = cohorts(rates, start)
    cell = rng.choice(expected.size, count, p=expected.ravel() / expected.sum())
    sex, months = np.divmod(np.sort(cell), expected.shape[1])
    born_month = months_of(day_number(start)) - 1 - months
    length = first_days(born_month + 1) - first_days(born_month)
    rows = world.people.add(
        count,
        sex=sex,
        born_month=born_month,
        born=first_days(born_month) + (rng.random(count) * length).astype(np.int64),
        registered=day_number(start),
    )
    shares = np.array([province.people for province in rates.provinces.provinces])
    world.people.province[rows] = rng.choice(len(shares), count, p=shares / shares.sum())
    by_province = np.array([province.urban for province in rates.provinces.provinces])[world.people.province[rows]]
    by_year = rates.population.urban_share.value
    fewer = at_year(by_year, start.year) / at_year(by_year, max(by_year))
    world.people.urban[rows] = rng.random(count) < by_province * fewer
    world.people.frailty[rows] = draw_frailty(rng, rates.mortality, count)
    draw_lasting(world, rows)


def draw_lasting(world: World, rows: Ints) -> None:
    """What differs between people for life and no register sees."""
    rng, people, rates = world.streams["lasting"], world.people, world.rates

    def factor(spread: float) -> NDArray[np.float64]:
        return rng.lognormal(-spread * spread / 2, spread, len(rows))

    people.restless[rows] = factor(rates.mobility.mover_spread.value)
    people.attached[rows] = factor(rates.work.attachment_spread.value)
    people.enterprising[rows] = factor(rates.business.hidden_spread.value)
    slow = rng.random(len(rows)) < rates.pension.slow_share.value
    people.prompt[rows] = np.where(slow, rates.pension.slow_factor.value, 1.0)


def usual_traits(rates: Rates) -> dict[str, float]:
    """The mean of each lasting trait."""
    slow = rates.pension.slow_share.value
    prompt = 1 - slow + slow * rates.pension.slow_factor.value
    return {"frailty": 1.0, "restless": 1.0, "attached": 1.0, "enterprising": 1.0, "prompt": prompt}
