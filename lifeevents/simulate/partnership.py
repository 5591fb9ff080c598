"""Marriages as registered, and divorces."""

import math

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import at_year, from_step, occurs, pair
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.mobility import relocate
from lifeevents.simulate.months import Month
from lifeevents.simulate.mortality import end_marriages
from lifeevents.simulate.people_rates import Partnership
from lifeevents.simulate.seasons import season
from lifeevents.simulate.world import MAN, NOBODY, WOMAN, World

_YOUNGEST = 17.0
_REGION = 1000
"""Multiplier that puts province and birth year into one key."""


def _density(rates: Partnership, year: int) -> NDArray[np.float64]:
    """Share of women whose first marriage falls in each month of age (a shifted gamma curve), up to 100 years."""
    mean = at_year(rates.female_mean_age.value, year) - _YOUNGEST
    shape, scale = (mean / rates.female_age_spread.value) ** 2, rates.female_age_spread.value**2 / mean
    years = np.maximum((np.arange(100 * 12) + 0.5) / 12 - _YOUNGEST, 1e-9)
    log = (shape - 1) * np.log(years / scale) - years / scale - math.lgamma(shape) - math.log(scale)
    density = np.where(np.arange(100 * 12) >= rates.minimum_age.value["F"] * 12, np.exp(log) / 12, 0.0)
    return np.asarray(density / density.sum() * rates.female_ever.value, np.float64)


def married_share(rates: Partnership, year: int) -> NDArray[np.float64]:
    """Share of women ever married by completed years of age, as if the curve of five years before held always."""
    return _density(rates, year - 5).cumsum()[::12]


def first_marriage_chance(rates: Partnership, year: int) -> NDArray[np.float64]:
    """A never-married woman's monthly chance to marry, by age in months."""
    density = _density(rates, year)
    chance = density / (1 - np.r_[0, density.cumsum()[:-1]])
    return np.where(np.arange(len(chance)) > 55 * 12, 0.0, chance)


def draw_gaps(rng: np.random.Generator, rates: Partnership, size: int) -> NDArray[np.float64]:
    """How many years the husband is older."""
    bands = rates.age_gap.value
    share = np.array([band.share for band in bands])
    band = rng.choice(len(bands), size, p=share / share.sum())
    low, high = (np.array([getattr(b, end) for b in bands]) for end in ("from_", "to"))
    return np.asarray(rng.uniform(low[band], high[band]), np.float64)


def step(world: World, month: Month) -> None:
    """Who marries and who divorces this month."""
    _marry(world, month)
    _divorce(world, month)


def chance_to_marry(world: World, month: Month, women: Ints) -> NDArray[np.float64]:
    """For unmarried women; the husband is found among the men there are."""
    people, rates = world.people, world.rates.partnership
    months = month.index - people.born_month[women]
    again = np.where(months < 60 * 12, rates.remarriage_per_1000.value / 12_000, 0.0)
    first = first_marriage_chance(rates, month.year)[np.minimum(months, 1199)]
    return np.where(people.ever_married[women], again, first) * season(world.rates.seasons, "marriages", month)


def _marry(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.partnership, world.streams["partnership"]
    free = np.flatnonzero(people.alive & (people.partner == NOBODY))
    women = free[people.sex[free] == WOMAN]
    risk = world.risks.of("marriage", month, women, lambda _: chance_to_marry(world, month, women))
    brides = women[occurs(rng, risk.full)]
    months = month.index - people.born_month[free]
    grooms = free[(people.sex[free] == MAN) & (months >= rates.minimum_age.value["M"] * 12) & (months < 65 * 12)]
    wanted = (people.born[brides] - draw_gaps(rng, rates, len(brides)) * 365.25).astype(np.int64) // 365
    offered = people.born[grooms].astype(np.int64) // 365
    home = people.province.astype(np.int64) * _REGION
    i, j = pair(rng, home[brides] + wanted % _REGION, home[grooms] + offered % _REGION)
    _wed(world, month, brides[i], grooms[j])
    brides, wanted = np.delete(brides, i), np.delete(wanted, i)
    grooms, offered = np.delete(grooms, j), np.delete(offered, j)
    i, j = pair(rng, wanted, offered)
    _wed(world, month, brides[i], grooms[j])
    world.risks.note(risk, women, people.partner[women] != NOBODY)


def _wed(world: World, month: Month, brides: Ints, grooms: Ints) -> None:
    """Register marriages; a bride from elsewhere moves to her husband."""
    people, registers, rng = world.people, world.registers, world.streams["partnership"]
    day = month.some_days(rng, len(brides))
    people.partner[brides], people.partner[grooms] = grooms, brides
    recorded = registers.later("civil_status", day)
    for one, other in ((brides, grooms), (grooms, brides)):
        people.wed[one], people.wed_month[one], people.ever_married[one] = day, month.index, True
        registers.event("marriage", one, day, recorded=recorded)
        registers.relation("spouse", one, other, day, recorded=recorded, register="civil_status")
    away = people.province[brides] != people.province[grooms]
    relocate(world, month, brides[away], people.province[grooms[away]], people.urban[grooms[away]], day[away])


def _divorce(world: World, month: Month) -> None:
    people, registers, rng = world.people, world.registers, world.streams["divorce"]
    wives = np.flatnonzero(people.alive & (people.sex == WOMAN) & (people.partner != NOBODY))
    married = month.index - people.wed_month[wives]
    rates = world.rates.partnership
    chance = from_step(rates.divorce_factor.value, married // 12) * rates.divorces_per_1000_couples.value / 12_000
    parted = wives[occurs(rng, chance) & (married > 0)]
    partners = people.partner[parted].astype(np.int64)
    day = month.some_days(rng, len(parted))
    recorded = registers.later("civil_status", day)
    for one in (parted, partners):
        registers.event("divorce", one, day, recorded=recorded)
    end_marriages(world, parted, day, recorded)
