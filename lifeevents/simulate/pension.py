"""Pensions: entitled by the dated table of the law, started when people get round to it."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate import disability
from lifeevents.simulate.chances import from_step
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.institution_rates import Pension
from lifeevents.simulate.months import Month, day_number, first_days, months_of, plus_months
from lifeevents.simulate.rates import Rates
from lifeevents.simulate.work import leave_voluntary, stop
from lifeevents.simulate.world import COMPULSORY, MAN, NONE, VOLUNTARY, WOMAN, World


def entitled_from(rates: Rates, sex: Ints, born: Ints) -> NDArray[np.int64]:
    """The first month for which a pension can be paid: the one after the pension age is reached.

    Births before the table's first band keep that band's age (60 years for men, 55 for women, as before 2021).
    """
    reached = np.zeros(len(born), np.int64)
    for code, bands in ((MAN, rates.pension_age["M"]), (WOMAN, rates.pension_age["F"])):
        starts = np.array([day_number(band.born_from) for band in bands])
        mine = np.flatnonzero(sex == code)
        band = np.maximum(np.searchsorted(starts, born[mine], side="right") - 1, 0)
        reached[mine] = plus_months(born[mine].astype(np.int64), np.array([b.months for b in bands])[band])
    return months_of(reached) + 1


def minimum_months(rates: Pension, month: Month) -> int:
    """Months of contributions needed for a pension that starts in a month."""
    return [months for day, months in rates.minimum_months.value.items() if day_number(day) <= month.first][-1]


def opening(world: World, start: date) -> None:
    """Who draws a pension at the start, told as it stands."""
    people, rng, registers = world.people, world.streams["pension"], world.registers
    people.entitled[:] = entitled_from(world.rates, people.sex, people.born)
    now = start.year * 12 + start.month - 1
    old = np.flatnonzero(people.entitled < now)
    drawing = old[rng.random(len(old)) < world.rates.pension.drawing_at_start.value * people.attached[old] ** 0.5]
    drawing = drawing[people.insured[drawing] == NONE]
    people.pensioner[drawing] = True
    people.contributed[drawing] = rng.integers(240, 400, len(drawing))
    since, moment = first_days(people.entitled[drawing]), registers.moment(day_number(start))
    registers.event("pension_start", drawing, since, recorded=moment)
    registers.attribute("draws_pension", drawing, 1, since, recorded=moment)
    registers.attribute("contribution_months", drawing, people.contributed[drawing], since, recorded=moment)


def step(world: World, month: Month) -> None:
    """Whose pension starts this month: entitled people apply at once, later, or hardly ever; some are early."""
    _start_early(world, month)
    people, rates, rng = world.people, world.rates.pension, world.streams["pension"]
    able = people.alive & (people.entitled <= month.index) & ~people.pensioner
    able &= people.contributed >= minimum_months(rates, month)
    waiting = np.flatnonzero(able)
    usual = from_step(rates.starts_monthly.value, month.index - people.entitled[waiting])
    starting = waiting[world.risks.draw("pension_start", month, waiting, lambda t: usual * t["prompt"], rng)]
    _retire(world, month, "pension_start", starting)


def _start_early(world: World, month: Month) -> None:
    """Reduced pensions before the age: of those with long contributions, above all with a certified disability."""
    people, rates, rng = world.people, world.rates.pension, world.streams["early pension"]
    before = people.entitled - month.index
    able = people.alive & ~people.pensioner & (before > 0) & (before <= rates.early_months.value)
    who = np.flatnonzero(able & (people.contributed >= rates.early_minimum_months.value))
    unfit = people.disability[who] >= disability.LEVELS.index("severe")
    usual = rates.early_yearly.value / 12 * np.where(unfit, rates.early_disability_factor.value, 1.0)
    starting = who[world.risks.draw("early_pension_start", month, who, lambda t: usual * t["frailty"], rng)]
    _retire(world, month, "early_pension_start", starting)


def _retire(world: World, month: Month, event: str, starting: Ints) -> None:
    people, day = world.people, np.full(len(starting), month.first)
    working, paying = people.insured[starting] == COMPULSORY, people.insured[starting] == VOLUNTARY
    stop(world, month, starting[working], day[working], np.zeros(int(working.sum()), np.bool_))
    leave_voluntary(world, starting[paying], day[paying])
    people.pensioner[starting] = True
    world.registers.event(event, starting, day)
    world.registers.attribute("draws_pension", starting, 1, day)
