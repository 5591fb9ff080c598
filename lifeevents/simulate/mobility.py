"""Moves between and within the provinces; a household moves together."""

import json
from functools import partial

import numpy as np

from lifeevents.simulate.chances import aligned, group_of, occurs
from lifeevents.simulate.columns import Flags, Floats, Ints
from lifeevents.simulate.months import Month
from lifeevents.simulate.risks import Traits
from lifeevents.simulate.seasons import season
from lifeevents.simulate.world import NEVER, NOBODY, World


def step(world: World, month: Month) -> None:
    """Who moves this month, and where to."""
    people, rates, rng = world.people, world.rates.mobility, world.streams["mobility"]
    living = world.living()
    adults = living[month.index - people.born_month[living] >= 18 * 12]
    risk = world.risks.of("move", month, adults, partial(chance_to_start_a_move, world, month, adults))
    movers = adults[occurs(rng, risk.full)]
    provinces = world.rates.provinces.provinces
    pull = np.array([province.people * province.pull for province in provinces])
    away = rng.random(len(movers)) < rates.between_provinces.value
    drawn = rng.choice(len(pull), len(movers), p=pull / pull.sum())
    to = np.where(away, drawn, people.province[movers])
    share = np.array([province.urban for province in provinces])[to]
    urban = rng.random(len(movers)) < np.minimum(share * rates.to_ward.value, 0.95)
    moved = _with_household(world, month, movers, to, urban)
    world.risks.note(risk.through(partial(_by_either_spouse, world, adults)), adults, np.isin(adults, moved))


def chance_to_start_a_move(world: World, month: Month, adults: Ints, traits: Traits) -> Floats:
    """Published moves by age, shared out; a married person starts half of the moves of the couple."""
    people, rates = world.people, world.rates.mobility
    group = group_of(rates.moves_per_1000.value, (month.index - people.born_month[adults]) // 12)
    married = people.partner[adults] != NOBODY
    weight = (
        traits["restless"]
        * np.where(married, rates.married_factor.value, 1.0)
        * np.where(month.index - people.job_lost[adults] < 12, rates.job_loss_factor.value, 1.0)
    )
    monthly = np.array(list(rates.moves_per_1000.value.values())) / 12_000
    return aligned(group, monthly, weight) * np.where(married, 0.5, 1.0) * season(world.rates.seasons, "moves", month)


def _by_either_spouse(world: World, adults: Ints, chance: Floats) -> Floats:
    """The chance that oneself or the spouse starts a move, from everyone's own chance."""
    own = np.zeros(len(world.people) + 1)  # the last place answers for nobody
    own[adults] = chance
    return np.asarray(1 - (1 - chance) * (1 - own[world.people.partner[adults]]), np.float64)


def _with_household(world: World, month: Month, movers: Ints, to: Ints, urban: Flags) -> Ints:
    """Move the movers with spouses and minor children; everyone who moved."""
    people, rng = world.people, world.streams["mobility"]
    leader = np.full(len(people), NOBODY, np.int64)
    leader[movers] = np.arange(len(movers))
    married = movers[people.partner[movers] != NOBODY]
    leader[people.partner[married]] = leader[married]
    minors = np.flatnonzero(people.alive & (month.index - people.born_month < 18 * 12) & (people.mother != NOBODY))
    leader[minors] = leader[people.mother[minors]]
    day = month.some_days(rng, len(movers))
    everyone = np.flatnonzero((leader != NOBODY) & people.alive)
    led_by = leader[everyone]
    relocate(world, month, everyone, to[led_by], urban[led_by], np.maximum(day[led_by], people.born[everyone]))
    return everyone


def relocate(world: World, month: Month, who: Ints, to: Ints, urban: Flags, day: Ints) -> None:
    """Let people live elsewhere from a day on, and tell the population register."""
    people, registers = world.people, world.registers
    codes = [province.code for province in world.rates.provinces.provinces]
    before, was_urban = people.province[who].copy(), people.urban[who].copy()
    people.province[who], people.urban[who], people.moved[who] = to, urban, month.index
    known = people.registered[who] < NEVER
    recorded = np.maximum(registers.later("population", day), registers.moment(people.registered[who]))
    payload = registers.codes.many([json.dumps({"province": code}) for code in codes], to)
    registers.event("move", who[known], day[known], recorded=recorded[known], payload=payload[known])
    changed = known & (before != to)
    value = registers.codes.many(codes, to)
    registers.attribute("province", who[changed], value[changed], day[changed], recorded=recorded[changed])
    changed = known & (was_urban != urban)
    registers.attribute("urban", who[changed], urban[changed], day[changed], recorded=recorded[changed])


def tell_residence(world: World, who: Ints, start: Ints, recorded: Ints) -> None:
    """Tell the population register where people live, as first known."""
    people, registers = world.people, world.registers
    codes = [province.code for province in world.rates.provinces.provinces]
    registers.attribute("province", who, registers.codes.many(codes, people.province[who]), start, recorded=recorded)
    registers.attribute("urban", who, people.urban[who], start, recorded=recorded)
