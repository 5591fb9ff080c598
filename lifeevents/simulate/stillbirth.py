"""Stillbirths: known to the mother's health facility, if to anyone; never a birth in civil registration."""

import numpy as np

from lifeevents.simulate.fertility import chance_to_bear, fertile
from lifeevents.simulate.months import Month
from lifeevents.simulate.reporting import UNHEARD
from lifeevents.simulate.world import World


def step(world: World, month: Month) -> None:
    """Whose child is stillborn this month, by the chance to bear one: nobody bears twice within a pregnancy's time."""
    people, rates, rng = world.people, world.rates.fertility, world.streams["stillbirths"]
    women, share = fertile(world, month), rates.stillborn.value
    hit = world.risks.draw("stillbirth", month, women, lambda _: chance_to_bear(world, month, women) * share, rng)
    mothers = women[hit]
    day = month.some_days(rng, len(mothers))
    people.last_stillbirth[mothers] = month.index
    remote = np.array([province.remote for province in world.rates.provinces.provinces])[people.province[mothers]]
    facility = np.where(remote, rates.in_facility_remote.value, rates.in_facility.value)
    heard = rng.random(len(mothers)) < facility
    recorded = np.where(heard, world.registers.later("health", day, world.streams["stillbirths recording"]), UNHEARD)
    world.registers.event("stillbirth", mothers, day, recorded=recorded)
