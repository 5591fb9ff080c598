"""School: entering each level in September, leaving in June. Cohorts go by calendar year of birth."""

import json
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import group_of, occurs
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import Month, day_number, first_days
from lifeevents.simulate.world import LEVELS, World

_JUNE, _SEPTEMBER = 6, 9
_FIRST_SCHOOL_DAY = 5


def step(world: World, month: Month) -> None:
    """June: who leaves. September: who enters a level."""
    if month.number == _JUNE:
        _leave(world, month)
    if month.number == _SEPTEMBER:
        for position, level in enumerate(LEVELS[1:], start=1):
            _enter(world, month, position, world.rates.schooling.entry_age.value[level])


def opening(world: World, start: date) -> None:
    """Schooling of those alive at the start, told as it stands, with the entry of those at school."""
    people, rates, rng = world.people, world.rates.schooling, world.streams["schooling"]
    school_year = start.year if start.month >= _SEPTEMBER else start.year - 1
    age = school_year - people.born_month // 12
    ages = {level: rates.entry_age.value[level] for level in LEVELS[1:]}
    by_age = np.searchsorted(np.array(list(ages.values())), age, side="right")
    goes_on = np.array([1.0, *np.cumprod([rates.goes_on.value[level] for level in LEVELS[1:]])])
    # one draw a person decides how far she goes: she is at the level of her age or stopped below it
    reach = (rng.random(len(people))[:, None] < goes_on[None, 1:]).sum(axis=1)
    people.in_school[:] = (reach >= by_age) & (by_age > 0) & (age < rates.leaving_age.value)
    people.level[:] = np.minimum(reach, by_age)
    left = np.flatnonzero(~people.in_school & (by_age > 0))
    _draw_levels_of_adults(world, left[age[left] >= rates.leaving_age.value], age)
    ended = np.array([*ages.values(), rates.leaving_age.value])[people.level[left]]
    people.left_school[left] = people.born_month[left] // 12 * 12 + ended * 12 + _JUNE - 1
    _tell_opening(world, start, school_year)


def _draw_levels_of_adults(world: World, adults: Ints, age: Ints) -> None:
    rng, table = world.streams["schooling"], world.rates.schooling.adults.value
    shares = np.array([[0.0, *(levels[level] for level in LEVELS[1:])] for levels in table.values()])
    bounds = shares.cumsum(axis=1)[group_of(table, age[adults])]
    world.people.level[adults] = (rng.random(len(adults))[:, None] > bounds).sum(axis=1)


def _tell_opening(world: World, start: date, school_year: int) -> None:
    people, registers = world.people, world.registers
    moment = registers.moment(day_number(start))
    schooled = np.flatnonzero(people.level > 0)
    codes = np.array([registers.codes(level) for level in LEVELS])
    entered = np.array([0, *(world.rates.schooling.entry_age.value[level] for level in LEVELS[1:])])
    since = first_days(people.born_month // 12 * 12 + entered[people.level] * 12 + _SEPTEMBER - 1)
    registers.attribute("education_level", schooled, codes[people.level[schooled]], since[schooled], recorded=moment)
    pupils = np.flatnonzero(people.in_school)
    registers.event("school_entry", pupils, since[pupils], recorded=moment,
                    payload=_payloads(world)[people.level[pupils]])  # fmt: skip


def _enter(world: World, month: Month, position: int, age: int) -> None:
    people, rates, rng = world.people, world.rates.schooling, world.streams["schooling"]
    cohort = people.alive & (people.born_month // 12 == month.year - age) & (people.level == position - 1)
    if position == 1:
        cohort &= people.registered < month.first
        candidates = np.flatnonzero(cohort)
        stays_out = (1 - rates.goes_on.value[LEVELS[1]]) * _hardship(world, candidates)
        entering = candidates[~occurs(rng, stays_out)]
    else:  # who goes on was decided in June
        entering = np.flatnonzero(cohort & people.in_school)
    day = month.first + _FIRST_SCHOOL_DAY - 1
    people.level[entering], people.in_school[entering] = position, True
    world.registers.event("school_entry", entering, day, payload=_payloads(world)[position])
    world.registers.attribute("education_level", entering, world.registers.codes(LEVELS[position]), day)


def _leave(world: World, month: Month) -> None:
    """At the end of a level some do not go on; within the secondary levels a few drop out."""
    people, rates, rng = world.people, world.rates.schooling, world.streams["schooling"]
    pupils = np.flatnonzero(people.alive & people.in_school)
    level, hardship = people.level[pupils], _hardship(world, pupils)
    last_age = np.array([0, *(rates.entry_age.value[after] for after in LEVELS[2:]), rates.leaving_age.value])
    ends = people.born_month[pupils] // 12 + last_age[level] <= month.year
    stops = np.array([0, *(1 - rates.goes_on.value[after] for after in LEVELS[2:]), 1.0])
    drops = np.where((level == 2) | (level == 3), rates.drop_out.value, 0.0)
    leaving = pupils[occurs(rng, np.where(ends, stops[level], drops) * hardship)]
    people.in_school[leaving], people.left_school[leaving] = False, month.index
    world.registers.event("school_leaving", leaving, month.some_days(rng, len(leaving)))


def _hardship(world: World, who: Ints) -> NDArray[np.float64]:
    remote = np.array([province.remote for province in world.rates.provinces.provinces])
    return np.where(remote[world.people.province[who]], world.rates.schooling.remote_factor.value, 1.0)


def _payloads(world: World) -> NDArray[np.int64]:
    return np.array([0, *(world.registers.codes(json.dumps({"level": level})) for level in LEVELS[1:])])
