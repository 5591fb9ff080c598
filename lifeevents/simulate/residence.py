"""Temporary residence away from home: for work above all, for a limited time, renewed, given up or lapsed."""

import numpy as np

from lifeevents.simulate.chances import from_step
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import Month, plus_months
from lifeevents.simulate.papers import renewing
from lifeevents.simulate.world import COMPULSORY, NEVER, NOBODY, World

_NEW_JOB = 6


def step(world: World, month: Month) -> None:
    """Who registers a temporary residence, who gives it up, and who renews it."""
    people, rates, rng = world.people, world.rates.residence, world.streams["temporary residence"]
    ending = np.flatnonzero(
        people.alive & (people.staying_to >= month.first) & (people.staying_to < month.first + month.days)
    )
    people.staying_to[ending[rng.random(len(ending)) < rates.goes_home.value]] = NEVER
    ends = people.staying_to.astype(np.int64)
    again = renewing(world, month, "temporary_residence_lapse", ends, rates.renews_monthly.value, rng)
    gone = people.staying_to < month.first - 150
    people.staying_to[gone] = NEVER
    free = np.flatnonzero(people.alive & (people.staying_to == NEVER) & (people.registered < month.first) & ~gone)
    years = (month.index - people.born_month[free]) // 12
    free, years = free[(years >= 18) & (years < 60)], years[(years >= 18) & (years < 60)]
    new_job = (people.insured[free] == COMPULSORY) & (month.index - people.job_since[free] < _NEW_JOB)
    usual = from_step(rates.starts_monthly.value, years) * np.where(new_job, rates.new_job_factor.value, 1.0)
    usual *= np.where(people.business[free] != NOBODY, rates.own_business_factor.value, 1.0)

    first = free[world.risks.draw("temporary_residence_registered", month, free, lambda t: usual * t["restless"], rng)]
    _register(world, month, np.r_[again, first])


def _register(world: World, month: Month, who: Ints) -> None:
    people, registers, rng = world.people, world.registers, world.streams["temporary residence"]
    day = month.some_days(rng, len(who))
    to = plus_months(day, world.rates.residence.valid_months.value)
    people.staying_to[who] = to
    recorded = registers.later("population", day, world.streams["temporary residence recording"])
    registers.event("temporary_residence_registered", who, day, recorded=recorded)
    registers.attribute("temporary_residence_valid_to", who, to, day, recorded=recorded)
