"""Disability as certified by the commune, likelier for the frail. Health detail: on the deny-list of every model."""

from datetime import date

import numpy as np

from lifeevents.simulate.chances import from_step, occurs
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import Month, day_number, months_of
from lifeevents.simulate.world import World

LEVELS = ("none", "mild", "severe", "very_severe")


def opening(world: World, start: date) -> None:
    """Who holds a certificate at the start."""
    people, rates, rng = world.people, world.rates.disability, world.streams["disability"]
    share = from_step(rates.held_at_start.value, (int(months_of(day_number(start))) - people.born_month) // 12)
    holders = np.flatnonzero(rng.random(len(people)) < share)
    _certify(world, holders, np.full(len(holders), day_number(start)))


def step(world: World, month: Month) -> None:
    """Who is certified this month."""
    people, rates, rng = world.people, world.rates.disability, world.streams["disability"]
    who = np.flatnonzero(people.alive & (people.disability == 0) & (people.registered < month.first))
    years = (month.index - people.born_month[who]) // 12
    hit = who[occurs(rng, from_step(rates.certified_yearly.value, years) / 12 * people.frailty[who])]
    _certify(world, hit, month.some_days(rng, len(hit)))


def _certify(world: World, who: Ints, day: Ints) -> None:
    registers, rng, levels = world.registers, world.streams["disability"], world.rates.disability.levels.value
    share = np.array([levels["mild"], levels["severe"], levels["very_severe"]])
    level = 1 + rng.choice(3, len(who), p=share / share.sum())
    world.people.disability[who] = level
    recorded = registers.later("social_protection", day, world.streams["disability recording"])
    registers.attribute("disability_level", who, registers.codes.many(LEVELS, level), day, recorded=recorded)
