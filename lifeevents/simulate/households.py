"""Kin at the start: couples, the once married, and the living mothers and fathers of those under 45."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import from_step, pair
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.fertility import birth_payload
from lifeevents.simulate.months import day_number, months_of
from lifeevents.simulate.partnership import draw_gaps, married_share
from lifeevents.simulate.world import NOBODY, WOMAN, World

_ROUNDS = 4
_CHILD_LIMIT = 45
_MOTHER = (18, 45)
_SPACING = 330
"""Days between two births of a mother; a closer pair at the start is not believed."""
_USUAL_WEDDING = (23.5, 3.5)
"""Mean and standard deviation of a woman's age in years at a wedding before the start."""


def found(world: World, start: date) -> None:
    """Marry and relate the people of the start, and tell civil registration, which records it all at the start."""
    _couples(world, start)
    _mothers(world, start)
    _live_together(world)
    _wedding_days(world, start)
    _tell(world, start)
    _once_married(world, start)


def _couples(world: World, start: date) -> None:
    people, rng, rates = world.people, world.streams["households"], world.rates.partnership
    years = (int(months_of(day_number(start))) - people.born_month) // 12
    female = people.sex == WOMAN
    share = married_share(rates, start.year)
    chance = np.where(female, share[np.clip(years, 0, 99)], share[np.clip(years - 3, 0, 99)])
    people.ever_married[:] = rng.random(len(people)) < chance
    brides = np.flatnonzero(people.ever_married & female)
    grooms = np.flatnonzero(people.ever_married & ~female & (years >= rates.minimum_age.value["M"]))
    for _ in range(_ROUNDS):
        wanted = people.born[brides] - draw_gaps(rng, rates, len(brides)) * 365.25
        i, j = pair(rng, wanted.astype(np.int64) // 365, people.born[grooms].astype(np.int64) // 365)
        people.partner[brides[i]] = grooms[j]
        people.partner[grooms[j]] = brides[i]
        brides, grooms = np.delete(brides, i), np.delete(grooms, j)


def _mothers(world: World, start: date) -> None:
    """Give children mothers of a likely age, at most four children each, with spacing."""
    people, rng = world.people, world.streams["households"]
    rates, now = world.rates.population, int(months_of(day_number(start)))
    places_of, usual = rates.children_places.value, rates.mother_age.value
    looking = np.flatnonzero((now - people.born_month) // 12 < _CHILD_LIMIT)
    looking = looking[rng.random(len(looking)) < rates.known_mother.value]
    women = np.flatnonzero((people.sex == WOMAN) & people.ever_married)
    places = np.repeat(women, rng.choice(list(places_of), len(women), p=list(places_of.values())))
    for _ in range(_ROUNDS):
        age = np.clip(rng.normal(usual["mean"], usual["spread"], len(looking)), *_MOTHER)
        wanted = (people.born[looking] - age * 365.25).astype(np.int64) // 365
        i, j = pair(rng, wanted, people.born[places].astype(np.int64) // 365)
        people.mother[looking[i]] = places[j]
        _forget_too_close(people.mother, people.born)
        places = np.delete(places, j)
        looking = looking[people.mother[looking] == NOBODY]
    _count_children(world)


def _forget_too_close(mother: Ints, born: Ints) -> None:
    children = np.flatnonzero(mother != NOBODY)
    children = children[np.lexsort((born[children], mother[children]))]
    same = mother[children[1:]] == mother[children[:-1]]
    close = same & (born[children[1:]] - born[children[:-1]] < _SPACING)
    mother[children[1:][close]] = NOBODY


def _count_children(world: World) -> None:
    people = world.people
    children = np.flatnonzero(people.mother != NOBODY)
    mothers = people.mother[children]
    people.children[:] = np.bincount(mothers, minlength=len(people))
    np.maximum.at(people.last_birth, mothers, people.born_month[children])
    husbands = people.partner[mothers]
    old_enough = (husbands != NOBODY) & (people.born_month[children] - people.born_month[husbands] > 19 * 12)
    people.father[children[old_enough]] = husbands[old_enough]


def _live_together(world: World) -> None:
    """Husbands and children live where the wife and mother lives; most grown children do in her province."""
    people, rng = world.people, world.streams["households"]
    wives = np.flatnonzero((people.sex == WOMAN) & (people.partner != NOBODY))
    _join(world, people.partner[wives], wives)
    children = np.flatnonzero(people.mother != NOBODY)
    grown = people.partner[children] != NOBODY
    children = children[~grown & (rng.random(len(children)) < world.rates.population.same_province_as_mother.value)]
    _join(world, children, people.mother[children])


def _join(world: World, who: Ints, whom: Ints) -> None:
    world.people.province[who] = world.people.province[whom]
    world.people.urban[who] = world.people.urban[whom]


def _wedding_days(world: World, start: date) -> None:
    """A day after both were of age, about a year before the first child where there is one."""
    people, rng, ages = world.people, world.streams["households"], world.rates.partnership.minimum_age.value
    wives = np.flatnonzero((people.sex == WOMAN) & (people.partner != NOBODY))
    husbands = people.partner[wives]
    first = np.full(len(people), day_number(start) - 30, np.int64)
    children = np.flatnonzero(people.mother != NOBODY)
    np.minimum.at(first, people.mother[children], people.born[children] - 300)
    earliest = np.maximum(people.born[wives] + ages["F"] * 366, people.born[husbands] + ages["M"] * 366)
    usual = people.born[wives] + rng.normal(*_USUAL_WEDDING, len(wives)) * 365.25
    day = np.maximum(np.minimum(usual, first[wives]), earliest).astype(np.int64)
    day = np.minimum(day, day_number(start) - 1)
    for one in (wives, husbands):
        people.wed[one] = day
        people.wed_month[one] = months_of(day)


def _tell(world: World, start: date) -> None:
    people, registers = world.people, world.registers
    opening = registers.moment(day_number(start))
    married = np.flatnonzero(people.partner != NOBODY)
    registers.event("marriage", married, people.wed[married], recorded=opening)
    registers.relation("spouse", married, people.partner[married], people.wed[married], recorded=opening,
                       register="civil_status")  # fmt: skip
    children = np.flatnonzero(people.mother != NOBODY)
    registers.event("birth", children, people.born[children], recorded=opening,
                    payload=birth_payload(registers, _orders(people.mother, people.born, children), 1))  # fmt: skip
    for role, parent in (("mother", people.mother), ("father", people.father)):
        related = children[parent[children] != NOBODY]
        for name, one, other in ((role, related, parent[related]), ("child", parent[related], related)):
            registers.relation(name, one, other, people.born[related], recorded=opening, register="civil_status")


def _once_married(world: World, start: date) -> None:
    """Tell of the weddings, and some divorces, of those who were married and at the start have no spouse.

    The registers know nothing of a spouse who died before there was anything to record the death in.
    """
    people, registers, rates = world.people, world.registers, world.rates.partnership
    rng, ages, last = world.streams["once married"], rates.minimum_age.value, day_number(start) - 1
    alone = np.flatnonzero(people.ever_married & (people.partner == NOBODY))
    earliest = people.born[alone] + np.where(people.sex[alone] == WOMAN, ages["F"], ages["M"]) * 366
    usual = people.born[alone] + rng.normal(*_USUAL_WEDDING, len(alone)) * 365.25
    day = np.minimum(np.maximum(usual, earliest), last).astype(np.int64)
    recorded = registers.moment(np.full(len(alone), last + 1), rng)
    registers.event("marriage", alone, day, recorded=recorded)
    years = (last - people.born[alone]) // 365.25
    divorced = rng.random(len(alone)) < from_step(rates.divorced_at_start.value, years.astype(np.int64))
    parted = day + (rng.random(len(alone)) * (last - day)).astype(np.int64)
    registers.event("divorce", alone[divorced], parted[divorced], recorded=recorded[divorced])


def _orders(mother: Ints, born: Ints, children: Ints) -> NDArray[np.int64]:
    """Each child's place among the known children of its mother, from 1."""
    by_mother = np.lexsort((born[children], mother[children]))
    mothers = mother[children][by_mother]
    fresh = np.flatnonzero(np.r_[True, mothers[1:] != mothers[:-1]]) if len(children) else np.zeros(0, np.int64)
    order = np.empty(len(children), np.int64)
    order[by_mother] = np.arange(len(children)) - np.repeat(fresh, np.diff(np.r_[fresh, len(children)])) + 1
    return order
