"""Insured work: spells, lost jobs, contributions, voluntary insurance, lump sums. Stocks follow published coverage."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import at_year, choose, from_step, occurs, round_randomly
from lifeevents.simulate.columns import Flags, Ints
from lifeevents.simulate.months import Month, day_number, first_days
from lifeevents.simulate.seasons import season
from lifeevents.simulate.world import COMPULSORY, LEVELS, NEVER, NONE, VOLUNTARY, World

INSURED = ("none", "compulsory", "voluntary")


def step(world: World, month: Month) -> None:
    """Who loses, ends or starts insured work this month; what was paid in and taken out."""
    people = world.people
    people.contributed[people.alive & (people.insured != NONE)] += 1
    people.unemployment_months[people.alive & (people.insured == COMPULSORY)] += 1
    _end_spells(world, month)
    _leave_voluntary(world, month)
    _start_spells(world, month)
    _join_voluntary(world, month)
    _withdraw(world, month)
    if month.number == 1:
        insured = np.flatnonzero(people.alive & (people.insured != NONE))
        _tell_contributions(world, insured, np.full(len(insured), month.first - 1))


def labour_force(world: World, month: int) -> float:
    """The working-age labour force: a share of those aged 15 to 59."""
    age = (month - world.people.born_month[world.living()]) // 12
    return float(((age >= 15) & (age < 60)).sum() * world.rates.work.labour_force.value)


def _end_spells(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.work, world.streams["work"]
    working = np.flatnonzero(people.alive & (people.insured == COMPULSORY))
    factor = _ending_factor(world, month, working)
    lost = world.risks.draw("job_loss", month, working, lambda _: factor * rates.lost_monthly.value, rng)
    old = month.index - people.born_month[working] > 62 * 12
    ended = ~lost & occurs(rng, factor * rates.ended_monthly.value + 0.05 * old)
    stop(world, month, working[lost | ended], month.some_days(rng, int((lost | ended).sum())), lost[lost | ended])


def _ending_factor(world: World, month: Month, working: Ints) -> NDArray[np.float64]:
    """On a worker's chance that the job ends, by tenure and season."""
    rates = world.rates.work
    factor = from_step(rates.tenure_factor.value, month.index - world.people.job_since[working])
    return factor * season(world.rates.seasons, "job_endings", month)


def stop(world: World, month: Month, who: Ints, day: Ints, lost: Flags) -> None:
    """End the insured work of people on a day; `lost` marks those who lost it."""
    people, registers = world.people, world.registers
    day = _change(world, who, NONE, day)
    people.job_ended[who] = month.index
    people.job_lost[who[lost]] = month.index
    recorded = registers.later("social_insurance", day)
    registers.event("job_end", who, day, recorded=recorded)
    registers.event("job_loss", who[lost], day[lost], recorded=registers.later("social_insurance", day[lost]))
    _tell_insured(world, who, day, recorded)
    _tell_contributions(world, who, day, recorded)


def _start_spells(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.work, world.streams["work"]
    now = int((people.alive & (people.insured == COMPULSORY)).sum())
    target = at_year(rates.compulsory.value, month.index / 12 - 1) * labour_force(world, month.index)
    free = people.alive & (people.insured != COMPULSORY) & ~people.pensioner & ~people.in_school
    free = np.flatnonzero(free & ((people.served == NEVER) | (people.served <= month.index)))
    starting = free[choose(rng, _demand(world, month.index, free), round_randomly(rng, target - now))]
    day = _change(world, starting, COMPULSORY, month.some_days(rng, len(starting)))
    people.job_since[starting] = month.index
    recorded = world.registers.later("social_insurance", day)
    world.registers.event("job_start", starting, day, recorded=recorded)
    _tell_insured(world, starting, day, recorded)


def _demand(world: World, month: int, who: Ints) -> NDArray[np.float64]:
    """How likely each is to enter insured work, against one another."""
    people, rates = world.people, world.rates.work
    by_level = np.array([rates.entry_level_factor.value[level] for level in LEVELS])
    returning = month - people.job_ended[who] <= 12
    weight = from_step(rates.entry_age_factor.value, (month - people.born_month[who]) // 12)
    weight *= by_level[people.level[who]]
    weight *= np.where(people.urban[who], rates.entry_urban_factor.value, 1.0)
    weight *= np.where(returning, rates.entry_returning_factor.value, 1.0)
    weight *= np.where(people.business[who] >= 0, rates.own_business_factor.value, 1.0)
    weight *= people.attached[who]
    return weight


def _join_voluntary(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.work, world.streams["voluntary"]
    years = (month.index - people.born_month) // 12
    now = int((people.alive & (people.insured == VOLUNTARY)).sum())
    target = at_year(rates.voluntary.value, month.index / 12 - 1) * labour_force(world, month.index)
    ages = rates.voluntary_ages.value
    able = people.alive & (people.insured == NONE) & ~people.pensioner & (years >= ages["from"]) & (years < ages["to"])
    free = np.flatnonzero(able)
    weight = from_step(rates.voluntary_factor.value, people.contributed[free])
    joining = free[choose(rng, weight, round_randomly(rng, target - now))]
    day = _change(world, joining, VOLUNTARY, month.some_days(rng, len(joining)))
    _tell_insured(world, joining, day, world.registers.later("social_insurance", day))


def _leave_voluntary(world: World, month: Month) -> None:
    people, rng = world.people, world.streams["voluntary"]
    members = np.flatnonzero(people.alive & (people.insured == VOLUNTARY))
    leaving = members[rng.random(len(members)) < world.rates.work.voluntary_end_monthly.value]
    leave_voluntary(world, leaving, month.some_days(rng, len(leaving)))


def leave_voluntary(world: World, who: Ints, day: Ints) -> None:
    """End the voluntary insurance of people on a day."""
    day = _change(world, who, NONE, day)
    recorded = world.registers.later("social_insurance", day)
    _tell_insured(world, who, day, recorded)
    _tell_contributions(world, who, day, recorded)


def _withdraw(world: World, month: Month) -> None:
    """Lump sums: a year after the last spell, with less than twenty years, contributions may be taken out."""
    people, rng = world.people, world.streams["withdrawals"]
    able = people.alive & (people.insured == NONE) & (people.contributed > 0) & (people.contributed < 240)
    able = np.flatnonzero(able & ~people.pensioner & (month.index - people.job_ended > 12))
    rates = world.rates.work
    factor = from_step(rates.withdrawal_factor.value, people.contributed[able])
    taking = able[occurs(rng, rates.withdrawals_monthly.value * factor)]
    people.contributed[taking] = 0
    _tell_contributions(world, taking, month.some_days(rng, len(taking)))


def _change(world: World, who: Ints, form: int, day: Ints) -> NDArray[np.int64]:
    """Give people another form of insurance from a day on, or from the day after the present form began."""
    people = world.people
    first = np.maximum(day.astype(np.int64), people.insured_since[who].astype(np.int64) + 1)
    people.insured[who], people.insured_since[who] = form, first
    return np.asarray(first, np.int64)


def _tell_insured(world: World, who: Ints, day: Ints, recorded: Ints) -> None:
    registers = world.registers
    value = registers.codes.many(INSURED, world.people.insured[who])
    registers.attribute("insured", who, value, day, recorded=recorded)


def _tell_contributions(world: World, who: Ints, day: Ints, recorded: Ints | None = None) -> None:
    world.registers.attribute("contribution_months", who, world.people.contributed[who], day, recorded=recorded)


def opening(world: World, start: date) -> None:
    """Who works insured at the start, since when, and what each has paid in."""
    people, rates, rng = world.people, world.rates.work, world.streams["work"]
    now = start.year * 12 + start.month - 1
    years = (now - people.born_month) // 12
    free = np.flatnonzero(~people.in_school & (years >= 18) & (years < 60))
    # those in work have entered over decades: the old are in it more often than they enter it
    weight = _demand(world, now, free) / np.maximum(from_step(rates.entry_age_factor.value, years[free]), 0.01)
    weight *= from_step(rates.at_start_age_factor.value, years[free])
    count = round(at_year(rates.compulsory.value, now / 12 - 1) * labour_force(world, now))
    working = free[choose(rng, weight, count)]
    life = np.maximum((years[working] - 18) * 12, 1)
    tenure = np.minimum(rng.exponential(rates.at_start_mean_months.value, len(working)), life).astype(np.int64)
    people.insured[working], people.job_since[working] = COMPULSORY, now - tenure
    people.insured_since[working] = first_days(people.job_since[working])
    earlier = (rng.random(len(working)) * 0.6 * (life - tenure)).astype(np.int64)
    people.contributed[working] = tenure + earlier
    people.unemployment_months[working] = np.minimum(tenure, (start.year - 2009) * 12)  # insured since January 2009
    rest = free[people.insured[free] == NONE]
    former = rest[(rng.random(len(rest)) < rates.at_start_former.value) & (years[rest] >= 24)]
    people.contributed[former] = np.minimum(rng.exponential(50, len(former)), (years[former] - 18) * 12)
    people.job_ended[former] = now - 13 - rng.integers(0, 60, len(former))
    _tell_opening(world, start, working, former)


def _tell_opening(world: World, start: date, working: Ints, former: Ints) -> None:
    registers, people = world.registers, world.people
    moment, day = registers.moment(day_number(start)), day_number(start)
    registers.event("job_start", working, first_days(people.job_since[working]), recorded=moment)
    both = np.r_[working, former]
    _tell_insured(world, working, first_days(people.job_since[working]), moment)
    _tell_contributions(world, both, np.full(len(both), day - 1), moment)
