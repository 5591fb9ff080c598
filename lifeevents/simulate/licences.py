"""Driving licences that end: first issued, renewed around their last day, or lapsed."""

from datetime import date

import numpy as np

from lifeevents.simulate.chances import from_step
from lifeevents.simulate.columns import Floats, Ints
from lifeevents.simulate.months import Month, day_number, first_days, months_of, plus_months
from lifeevents.simulate.papers import renewing
from lifeevents.simulate.world import NEVER, WOMAN, World


def opening(world: World, start: date) -> None:
    """Who holds a licence at the start, issued at any time of its validity."""
    people, rates, rng = world.people, world.rates.licences, world.streams["licences"]
    now = int(months_of(day_number(start)))
    everyone = np.arange(len(people))
    share = from_step(rates.held_at_start.value, (now - people.born_month) // 12) * _inclination(world, everyone)
    holders = np.flatnonzero(rng.random(len(people)) < share)
    issued = first_days(now - rng.integers(1, rates.valid_months.value, len(holders)))
    issued = np.maximum(issued, plus_months(people.born[holders].astype(np.int64), 18 * 12))
    issued = np.minimum(issued, day_number(start) - 1)
    _issue(world, holders, issued, world.registers.moment(np.full(len(holders), day_number(start)), rng))


def step(world: World, month: Month) -> None:
    """Who gets a first licence, and who renews one."""
    people, rates, rng = world.people, world.rates.licences, world.streams["licences"]
    without = np.flatnonzero(people.alive & (people.licence_ends == NEVER) & (people.registered < month.first))
    years = (month.index - people.born_month[without]) // 12
    without, years = without[years >= 18], years[years >= 18]
    usual = from_step(rates.first_monthly.value, years) * _inclination(world, without)
    first = without[world.risks.draw("licence_issued", month, without, lambda _: usual, rng)]
    ends = people.licence_ends.astype(np.int64)
    again = renewing(world, month, "licence_lapse", ends, rates.renews_monthly.value, rng)
    who = np.r_[first, again]
    day = np.maximum(month.some_days(rng, len(who)), plus_months(people.born[who].astype(np.int64), 18 * 12))
    _issue(world, who, day, world.registers.later("transport", day, world.streams["licences recording"]))


def _inclination(world: World, who: Ints) -> Floats:
    people, rates = world.people, world.rates.licences
    return np.where(people.urban[who], rates.urban_factor.value, 1.0) * np.where(
        people.sex[who] == WOMAN, rates.woman_factor.value, 1.0
    )


def _issue(world: World, who: Ints, day: Ints, recorded: Ints) -> None:
    to = plus_months(day, world.rates.licences.valid_months.value)
    world.people.licence_ends[who] = to
    world.registers.event("licence_issued", who, day, recorded=recorded)
    world.registers.attribute("licence_valid_to", who, to, day, recorded=recorded)
