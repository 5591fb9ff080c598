"""Military service of men: registered at 17 or later, some called up in February, discharged after their time."""

from datetime import date

import numpy as np

from lifeevents.simulate.chances import from_step, occurs
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import Month
from lifeevents.simulate.work import stop
from lifeevents.simulate.world import COMPULSORY, LEVELS, MAN, NEVER, World

STATUSES = ("unregistered", "registered", "serving", "served")
UNREGISTERED, REGISTERED, SERVING, SERVED = range(4)
_APRIL, _FEBRUARY = 4, 2


def opening(world: World, start: date) -> None:
    """Men over 17 are registered, as every register knew long before; it tells nothing of them."""
    people = world.people
    people.military[(people.sex == MAN) & (start.year - people.born_month // 12 > 17)] = REGISTERED


def step(world: World, month: Month) -> None:
    """April: who registers. February: who is called up. Every month: whose time is over."""
    if month.number == _APRIL:
        _register(world, month)
    if month.number == _FEBRUARY:
        _call_up(world, month)
    _discharge(world, month)


def _ages(world: World, month: Month, who: Ints) -> Ints:
    """The age each reaches in this calendar year."""
    return np.asarray(month.year - world.people.born_month[who] // 12)


def _register(world: World, month: Month) -> None:
    people, by_age = world.people, world.rates.military.registers_yearly.value
    men = np.flatnonzero(people.alive & (people.sex == MAN) & (people.military == UNREGISTERED))
    men = men[people.registered[men] < month.first]
    ages = _ages(world, month, men)
    men, ages = men[ages <= max(by_age)], ages[ages <= max(by_age)]
    chance = from_step(by_age, ages)
    missing = world.risks.of("military_registration_missed", month, men, lambda _: np.where(ages == 17, 1 - chance, 0))
    registers = occurs(world.streams["military registration"], chance)
    world.risks.note(missing, men, (ages == 17) & ~registers)
    people.military[men[registers]] = REGISTERED
    _tell(world, "military_registered", men[registers], month)


def _call_up(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.military, world.streams["call-up"]
    men = np.flatnonzero(people.alive & (people.military == REGISTERED) & (people.disability == 0))
    usual = from_step(rates.called_up_yearly.value, _ages(world, month, men))
    studies = people.in_school[men] & (people.level[men] == LEVELS.index("tertiary"))
    usual *= np.where(studies, rates.student_factor.value, 1.0)
    called = men[world.risks.draw("military_call_up", month, men, lambda _: usual, rng)]
    people.military[called], people.served[called] = SERVING, month.index + rates.serves_months.value
    people.in_school[called] = False
    working = called[people.insured[called] == COMPULSORY]
    stop(world, month, working, np.full(len(working), month.first), np.zeros(len(working), np.bool_))
    _tell(world, "military_call_up", called, month)


def _discharge(world: World, month: Month) -> None:
    people = world.people
    home = np.flatnonzero(people.alive & (people.served == month.index))
    people.military[home], people.served[home] = SERVED, NEVER
    _tell(world, "military_discharge", home, month)


def _tell(world: World, event: str, who: Ints, month: Month) -> None:
    day = month.some_days(world.streams["military days"], len(who))
    recorded = world.registers.later("military", day, world.streams["military recording"])
    world.registers.event(event, who, day, recorded=recorded)
