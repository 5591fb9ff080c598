"""Vehicles: motorcycles and cars registered; a car's inspection has a last day, is renewed around it, or lapses."""

import json
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import from_step, occurs
from lifeevents.simulate.columns import Floats, Ints
from lifeevents.simulate.months import Month, day_number, first_days, months_of, plus_months
from lifeevents.simulate.papers import renewing
from lifeevents.simulate.world import NEVER, World

KINDS = ("motorcycle", "car")
MOTORCYCLE, CAR = range(2)
_PAYLOADS = tuple(json.dumps({"kind": kind}) for kind in KINDS)


def opening(world: World, start: date) -> None:
    """Who has a car at the start, of any age, with its inspection in force."""
    people, rates, rng = world.people, world.rates.vehicles, world.streams["vehicles"]
    now = int(months_of(day_number(start)))
    drivers = np.flatnonzero(people.licence_ends < NEVER)
    owners = drivers[occurs(rng, np.full(len(drivers), rates.drivers_with_car_at_start.value))]
    grown_up = people.born_month[owners] + 18 * 12 + 1
    since = np.maximum(now - rng.integers(1, rates.kept_months_at_start.value, len(owners)), grown_up)
    people.car_since[owners] = np.minimum(since, now - 1)
    opened = day_number(start)
    recorded = world.registers.moment(np.full(len(owners), opened), rng)
    _register(world, CAR, owners, first_days(people.car_since[owners]), recorded)
    interval = _interval(world, now - people.car_since[owners])
    inspected = opened - (rng.random(len(owners)) * interval * 30).astype(np.int64)
    _inspect(world, owners, np.maximum(inspected, first_days(people.car_since[owners])), interval, recorded)


def step(world: World, month: Month) -> None:
    """Who gets a vehicle, who gives up a car, and whose car is inspected."""
    people, rates, rng = world.people, world.rates.vehicles, world.streams["vehicles"]
    owners = np.flatnonzero(people.alive & (people.inspected_to < NEVER))
    people.inspected_to[owners[occurs(rng, np.full(len(owners), rates.gives_up_yearly.value / 12))]] = NEVER
    again = renewing(world, month, "vehicle_inspection_lapse", people.inspected_to.astype(np.int64),
                     rates.inspects_monthly.value, rng)  # fmt: skip
    day = month.some_days(rng, len(again))
    _inspect(world, again, day, _interval(world, month.index - people.car_since[again]), _recorded(world, day))
    _buy_car(world, month)
    _buy_motorcycle(world, month)


def _buy_car(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.vehicles, world.streams["vehicles"]
    licensed = (people.licence_ends < NEVER) & (people.licence_ends >= month.first)
    free = np.flatnonzero(people.alive & licensed & (people.inspected_to == NEVER))
    chance: Floats = np.full(len(free), rates.car_monthly.value)
    buys = free[world.risks.draw("car_registered", month, free, lambda _: chance, rng)]
    day = _grown_up(world, buys, month.some_days(rng, len(buys)))
    people.car_since[buys] = month.index
    recorded = _recorded(world, day)
    _register(world, CAR, buys, day, recorded)
    _inspect(world, buys, day, _interval(world, np.zeros(len(buys), np.int64)), recorded)


def _buy_motorcycle(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.vehicles, world.streams["vehicles"]
    known = np.flatnonzero(people.alive & (people.registered < month.first))
    chance = from_step(rates.motorcycle_monthly.value, (month.index - people.born_month[known]) // 12)
    buys = known[occurs(rng, chance)]
    day = _grown_up(world, buys, month.some_days(rng, len(buys)))
    _register(world, MOTORCYCLE, buys, day, _recorded(world, day))


def _grown_up(world: World, who: Ints, day: Ints) -> NDArray[np.int64]:
    """The day, or the eighteenth birthday where that is later."""
    return np.maximum(day, plus_months(world.people.born[who].astype(np.int64), 18 * 12))


def _interval(world: World, months: Ints) -> NDArray[np.int64]:
    """Months from an inspection to the next, by the car's age in months."""
    return from_step(world.rates.vehicles.inspection_months.value, months).astype(np.int64)


def _inspect(world: World, who: Ints, day: Ints, interval: Ints, recorded: Ints) -> None:
    to = plus_months(day, interval)
    world.people.inspected_to[who] = to
    world.registers.attribute("vehicle_inspection_valid_to", who, to, day, recorded=recorded)


def _register(world: World, kind: int, who: Ints, day: Ints, recorded: Ints) -> None:
    payload = world.registers.codes.many(_PAYLOADS, np.full(len(who), kind))
    world.registers.event("vehicle_registered", who, day, recorded=recorded, payload=payload)


def _recorded(world: World, day: Ints) -> NDArray[np.int64]:
    return world.registers.later("transport", day, world.streams["vehicles recording"])
