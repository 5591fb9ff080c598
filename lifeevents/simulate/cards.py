"""Identity cards from 14 and at the ages of the law; health-insurance cards by group, renewed or missed."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import at_year, choose, from_step, occurs, round_randomly
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.institution_rates import Insured
from lifeevents.simulate.months import Month, day_number, first_days, months_of, plus_months
from lifeevents.simulate.world import COMPULSORY, NEVER, World

GROUPS: tuple[Insured, ...] = ("child", "pensioner", "employee", "pupil", "household")
_CHILD, _PENSIONER, _EMPLOYEE, _PUPIL, _HOUSEHOLD = range(5)


def step(world: World, month: Month) -> None:
    """Cards issued and renewed this month."""
    _issue_identity(world, month)
    _renew_insurance(world, month)
    _take_up_insurance(world, month)


def _issue_identity(world: World, month: Month) -> None:
    people, rng = world.people, world.streams["identity cards"]
    young = people.alive & (people.card_due == NEVER) & (people.registered < month.first)
    turning = np.flatnonzero(young & (month.index - people.born_month >= (world.rates.identity_ages[0] - 1) * 12))
    people.card_due[turning] = people.born_month[turning] + world.rates.identity_ages[0] * 12
    waiting = np.flatnonzero(people.alive & (people.card_due - month.index <= 3))
    since = month.index - people.card_due[waiting]
    since = np.where(people.card_due[waiting] - people.born_month[waiting] == world.rates.identity_ages[0] * 12,
                     np.where(since < 1, -99, since), since)  # fmt: skip
    usual = from_step(world.rates.cards.identity_monthly.value, since)
    renews = people.card_due[waiting] - people.born_month[waiting] > world.rates.identity_ages[0] * 12
    risk = world.risks.of("identity_card_lapse", month, waiting, lambda t: usual * np.where(renews, t["prompt"], 1.0))
    applied = occurs(rng, risk.full)
    lapsing = renews & (people.card_due[waiting] == month.index)
    world.risks.note(risk.through(lambda p: np.where(lapsing, 1 - p, 0.0)), waiting, lapsing & ~applied)
    issued = waiting[applied]
    day = month.some_days(rng, len(issued))
    world.registers.event("identity_card_issued", issued, day)
    valid_to = _valid_to(world, issued, day)
    world.registers.attribute("identity_card_valid_to", issued, valid_to, day)


def _valid_to(world: World, who: Ints, day: Ints) -> NDArray[np.int64]:
    """The next age at which a card must be renewed; a card issued just before one lasts to the one after.

    Also notes when the next card falls due.
    """
    people, ages = world.people, np.array(world.rates.identity_ages)
    age = (months_of(day) + 4 - people.born_month[who]) / 12
    position = np.searchsorted(ages, age, side="right")
    lasts = position == len(ages)
    years = np.where(lasts, world.rates.cards.identity_for_life.value, np.r_[ages, 0][position])
    people.card_due[who] = np.where(lasts, NEVER - 1, people.born_month[who] + years * 12)
    return plus_months(people.born[who].astype(np.int64), years * 12)


def _renew_insurance(world: World, month: Month) -> None:
    """Cards that end this month are renewed by most."""
    people, rates, rng = world.people, world.rates.cards, world.streams["health cards"]
    last = month.first + month.days - 1
    ending = np.flatnonzero(people.alive & (people.insured_to >= month.first) & (people.insured_to <= last))
    people.insurance_group[ending] = _group(world, month, ending)
    missed = np.array([rates.missed_renewals.value[group] for group in GROUPS])[people.insurance_group[ending]]
    renewing = ending[~occurs(rng, missed)]
    issue_insurance(world, month, renewing, people.insured_to[renewing] + 1, _in_time(world, renewing, month))


def _in_time(world: World, who: Ints, month: Month) -> NDArray[np.int64]:
    """Renewals are recorded some days before the old card ends."""
    early = world.streams["health cards"].integers(0, 20, len(who))
    return world.registers.moment(np.maximum(world.people.insured_to[who] - early, month.first))


def _group(world: World, month: Month, who: Ints) -> NDArray[np.int64]:
    people, rates = world.people, world.rates.cards
    months = month.index - people.born_month[who]
    group = np.full(len(who), _HOUSEHOLD)
    group[people.in_school[who] | ((months >= rates.free_months.value - 6) & (months < 12 * 15))] = _PUPIL
    group[people.insured[who] == COMPULSORY] = _EMPLOYEE
    group[people.pensioner[who] | (months >= rates.lifelong_from.value * 12)] = _PENSIONER
    group[months < rates.free_months.value - 1] = _CHILD
    return group


def issue_insurance(world: World, month: Month, who: Ints, start: Ints, recorded: Ints | None) -> None:
    """Give health-insurance cards from a day on, for as long as the holder's group says."""
    people = world.people
    start = np.asarray(start, np.int64)
    group = people.insurance_group[who]
    year_end = first_days(months_of(start) // 12 * 12 + 12) - 1
    to = np.select(
        [group == _CHILD, group == _PENSIONER, group == _HOUSEHOLD],
        [plus_months(people.born[who].astype(np.int64), world.rates.cards.free_months.value),
         plus_months(year_end, 48), plus_months(start, 12) - 1],
        year_end,
    )  # fmt: skip
    people.insured_to[who] = to
    world.registers.attribute("health_card_valid_to", who, to, start, recorded=recorded)


def _take_up_insurance(world: World, month: Month) -> None:
    """People without a card get one, as many as the published coverage wants; registered infants first."""
    people, rng = world.people, world.streams["health cards"]
    living = world.living()
    without = living[(people.insured_to[living] < month.first) & (people.registered[living] < month.first)]
    target = at_year(world.rates.cards.health_coverage.value, month.index / 12 - 1) * len(living)
    people.insurance_group[without] = _group(world, month, without)
    weight = _weights(world)[people.insurance_group[without]]
    lacking = target - int((people.insured_to[living] >= month.first).sum())
    taking = without[choose(rng, weight, round_randomly(rng, lacking))]
    issue_insurance(world, month, taking, month.some_days(rng, len(taking)), None)


def _weights(world: World) -> NDArray[np.float64]:
    return np.array([world.rates.cards.take_up_weight.value[group] for group in GROUPS])


def opening(world: World, start: date) -> None:
    """The cards held at the start."""
    _identity_at_start(world, start)
    people, rng = world.people, world.streams["health cards"]
    month = Month(start.year * 12 + start.month - 1)
    everyone = np.arange(len(people))
    people.insurance_group[:] = _group(world, month, everyone)
    weight = _weights(world)[people.insurance_group]
    coverage = at_year(world.rates.cards.health_coverage.value, start.year - 1)
    holders = choose(rng, weight, round(coverage * len(people)))
    since = np.where(
        people.insurance_group[holders] == _HOUSEHOLD, month.first - rng.integers(0, 364, len(holders)), month.first
    )
    since = np.maximum(since, people.born[holders])
    moment = world.registers.moment(np.full(len(holders), day_number(start)))
    issue_insurance(world, month, holders, since, moment)


def _identity_at_start(world: World, start: date) -> None:
    people, registers, rng = world.people, world.registers, world.streams["identity cards"]
    now = start.year * 12 + start.month - 1
    ages = np.array(world.rates.identity_ages) * 12
    months = now - people.born_month
    people.card_due[:] = np.where(months >= ages[0] - 12, people.born_month + ages[0], NEVER)
    holders = np.flatnonzero(months > ages[0] + 24)
    last = people.born_month[holders] + ages[np.searchsorted(ages, months[holders], side="right") - 1]
    issued = first_days(np.minimum(last + rng.integers(0, 20, len(holders)), now - 1)) + rng.integers(
        0, 28, len(holders)
    )
    moment = registers.moment(np.full(len(holders), day_number(start)))
    registers.event("identity_card_issued", holders, issued, recorded=moment)
    registers.attribute("identity_card_valid_to", holders, _valid_to(world, holders, issued), issued, recorded=moment)
