"""Poor and near-poor households as reviewed each year, and the social pension, taken up when people get round to it."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import choose, from_step, occurs, round_randomly
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import Month, day_number, months_of
from lifeevents.simulate.world import COMPULSORY, NEVER, NOBODY, World

STATUSES = ("none", "near_poor", "poor")
NEITHER, NEAR_POOR, POOR = range(3)
_GROWN_UP = 18
_RECORDING = "assistance recording"
"""Its moments of recording have a stream of their own, so that the lags of the other registers stay as they are."""


def opening(world: World, start: date) -> None:
    """The households listed at the start; the register tells only of those. A start in January has its own review."""
    if start.month == 1:
        return
    month = Month(start.year * 12 + start.month - 1)
    _review(world, month)
    listed = np.flatnonzero(world.people.poverty != NEITHER)
    _tell(world, listed, np.full(len(listed), day_number(start)))


def step(world: World, month: Month) -> None:
    """In January the yearly review; every month the social pensions that start."""
    if month.number == 1:
        before = world.people.poverty.copy()
        _review(world, month)
        changed = np.flatnonzero(world.people.alive & (world.people.poverty != before))
        _tell(world, changed, np.full(len(changed), month.first))
    _start_pensions(world, month)


def heads(world: World, month: int) -> NDArray[np.int64]:
    """Each person's household as the row of its head: a couple's lower row, a minor's mother's (else father's)."""
    people = world.people
    own = np.arange(len(people))
    couple = np.where(people.partner != NOBODY, np.minimum(own, people.partner), own)
    minor = month - people.born_month < _GROWN_UP * 12
    with_mother = (people.mother != NOBODY) & people.alive[people.mother]
    parent = np.where(with_mother, people.mother, people.father)
    return np.where(minor & (parent != NOBODY), couple[parent], couple)


def _review(world: World, month: Month) -> None:
    """Some households leave the list, others join it, as many as the published shares want; members follow the head."""
    people, rates, rng = world.people, world.rates.assistance, world.streams["poverty"]
    head = heads(world, month.index)
    households = np.unique(head[people.alive])
    households = households[people.alive[households]]
    status = people.poverty[households].astype(np.int64)
    leaves = np.array([0.0, rates.leaves_yearly.value["near_poor"], rates.leaves_yearly.value["poor"]])
    status[occurs(rng, leaves[status])] = NEITHER
    weight = _hardship(world, month, households)
    for code, share in ((POOR, rates.households.value["poor"]), (NEAR_POOR, rates.households.value["near_poor"])):
        lacking = share * len(households) - int((status == code).sum())
        joining = choose(rng, np.where(status == NEITHER, weight, 0.0), round_randomly(rng, lacking))
        status[joining] = code
    people.poverty[households] = status
    reviewed = people.born_month < month.index  # a child of this month joins at the next review
    people.poverty[reviewed] = people.poverty[head[reviewed]]
    fresh = (people.poverty != NEITHER) & (people.listed == NEVER)
    people.listed[fresh] = month.index
    people.listed[people.poverty == NEITHER] = NEVER


def _hardship(world: World, month: Month, who: Ints) -> NDArray[np.float64]:
    """How likely each household is to be listed, against one another, by its head."""
    people, rates = world.people, world.rates.assistance
    remote = np.array([province.remote for province in world.rates.provinces.provinces])[people.province[who]]
    old = month.index - people.born_month[who] >= rates.old_from.value * 12
    true = {
        "remote": remote,
        "rural": ~people.urban[who],
        "lives_alone_old": old & (people.partner[who] == NOBODY),
        "little_schooling": people.level[who] <= 1,
        "insured_work": people.insured[who] == COMPULSORY,
    }
    weight = np.ones(len(who))
    for factor, value in rates.factors.value.items():
        weight[true[factor]] *= value
    return weight


def _tell(world: World, who: Ints, day: Ints) -> None:
    registers = world.registers
    value = registers.codes.many(STATUSES, world.people.poverty[who])
    registers.attribute("poverty_status", who, value, day, recorded=_recorded(world, day))


def allowed_from(world: World) -> NDArray[np.int64]:
    """The first month that begins with the age, the listing and the law all in force, for each person."""
    people, ages = world.people, world.rates.social_pension_months
    general = people.born_month + ages["general"] + 1
    poor = np.maximum(people.born_month + ages["poor"] + 1, people.listed)
    return np.maximum(
        np.minimum(general, poor), int(months_of(day_number(world.rates.assistance.pension_begins.value)))
    )


def _start_pensions(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.assistance, world.streams["social pension"]
    able = people.alive & ~people.pensioner & ~people.social_pension
    since = month.index - allowed_from(world)
    waiting = np.flatnonzero(able & (since >= 0))
    usual = from_step(rates.starts_monthly.value, since[waiting])
    starting = waiting[world.risks.draw("social_pension_start", month, waiting, lambda t: usual * t["prompt"], rng)]
    people.social_pension[starting] = True
    day = np.full(len(starting), month.first)
    recorded = _recorded(world, day)
    world.registers.event("social_pension_start", starting, day, recorded=recorded)
    world.registers.attribute("draws_social_pension", starting, 1, day, recorded=recorded)


def _recorded(world: World, day: Ints) -> NDArray[np.int64]:
    return world.registers.later("social_protection", day, world.streams[_RECORDING])
