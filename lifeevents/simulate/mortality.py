"""Deaths: published rates by age and sex, unequal lasting frailty, certificates first and registration in its time."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import aligned, group_of
from lifeevents.simulate.columns import Floats, Ints
from lifeevents.simulate.months import Month
from lifeevents.simulate.people_rates import Mortality
from lifeevents.simulate.rates import Registering
from lifeevents.simulate.reporting import DAY, UNHEARD
from lifeevents.simulate.risks import Traits
from lifeevents.simulate.world import NEVER, NOBODY, World


def yearly_rates(rates: Mortality, year: int) -> NDArray[np.float64]:
    """Deaths per person and year, men's age groups and then women's."""
    period = 0 if year < 2025 else 1
    both = [[pair[period] for pair in rates.by_age.value[sex].values()] for sex in ("M", "F")]
    return np.array(both).ravel() * rates.scale.value


def survival(rates: Mortality, year: int) -> NDArray[np.float64]:
    """Share alive at each age in months, from birth to 120 years: one row for men, one for women."""
    yearly = yearly_rates(rates, year).reshape(2, -1)
    months = np.arange(120 * 12)
    hazard = yearly[:, group_of(rates.by_age.value["M"], months // 12)] / 12
    return np.asarray(np.exp(-np.c_[np.zeros(2), hazard.cumsum(axis=1)]), np.float64)


def draw_frailty(rng: np.random.Generator, rates: Mortality, size: int) -> NDArray[np.float64]:
    """Lasting individual factors with mean 1."""
    variance = rates.frailty_variance.value
    return rng.gamma(1 / variance, variance, size)


def chance_to_die(world: World, month: Month, who: Ints, traits: Traits) -> Floats:
    """Published rates by age and sex, shared out by frailty, higher in the first month of life."""
    people, rates = world.people, world.rates.mortality
    months = month.index - people.born_month[who]
    groups = len(rates.by_age.value["M"])
    group = group_of(rates.by_age.value["M"], months // 12) + people.sex[who] * groups
    weight = traits["frailty"] * np.where(months <= 1, rates.first_month_factor.value, 1.0)
    return aligned(group, -np.expm1(-yearly_rates(rates, month.year) / 12), weight)


def step(world: World, month: Month) -> None:
    """Who dies this month, and what the registers are told."""
    people, rng, living = world.people, world.streams["mortality"], world.living()
    dead = living[world.risks.draw("death", month, living, partial(chance_to_die, world, month, living), rng)]
    day = np.maximum(month.some_days(rng, len(dead)), people.born[dead])
    people.alive[dead] = False
    people.died[dead] = day
    _tell(world, dead, day)


def _tell(world: World, dead: Ints, day: Ints) -> None:
    people, registers, rng = world.people, world.registers, world.streams["mortality"]
    certified = rng.random(len(dead)) < world.rates.mortality.in_facility.value
    registers.event("death_certified", dead[certified], day[certified])
    recorded = registration(world.rates.registering, rng, day)
    recorded[people.registered[dead] == NEVER] = NEVER
    moment = np.where(recorded < NEVER, registers.moment(recorded), UNHEARD)
    registers.event("death", dead, day, recorded=moment)
    married = people.partner[dead] != NOBODY
    end_marriages(world, dead[married], day[married], moment[married])


def registration(rates: Registering, rng: np.random.Generator, day: Ints) -> NDArray[np.int64]:
    """The day each death is registered, or NEVER."""
    published = rates.death.value
    chance = rng.random(len(day))
    lag = np.where(
        chance < published.on_time,
        rng.integers(0, published.days + 1, len(day)),
        published.days + 1 + rng.exponential(rates.death_late_mean_days.value, len(day)).astype(np.int64),
    )
    return np.where(chance < published.ever, day + lag, NEVER)


def end_marriages(world: World, spouses: Ints, day: Ints, moment: Ints) -> None:
    """Part each of `spouses` from the partner on a day, and tell civil registration at a moment."""
    people, registers = world.people, world.registers
    # a couple that dies in one month is parted once
    first = (people.partner[people.partner[spouses]] == spouses) & ~_partner_earlier(people.partner, spouses)
    spouses, day, moment = spouses[first], day[first], moment[first]
    partners = people.partner[spouses].astype(np.int64)
    told = np.flatnonzero(moment // DAY < NEVER)
    for one, other in ((spouses, partners), (partners, spouses)):
        registers.relation("spouse", one[told], other[told], people.wed[one[told]], end=day[told],
                           recorded=moment[told], register="civil_status")  # fmt: skip
    people.partner[spouses] = people.partner[partners] = NOBODY


def _partner_earlier(partner: Ints, spouses: Ints) -> NDArray[np.bool_]:
    """Is each one's partner among `spouses` too, with a lower number?"""
    return np.isin(partner[spouses], spouses) & (partner[spouses] < spouses)
