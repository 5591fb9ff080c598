"""Adoptions within the country: an orphan, or a lone mother's child, becomes the child of a couple."""

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import choose, from_step, round_randomly
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.mobility import relocate
from lifeevents.simulate.months import Month
from lifeevents.simulate.world import NOBODY, WOMAN, World


def step(world: World, month: Month) -> None:
    """Who is adopted this month, and by whom: as many as the published number, where there are children to adopt.

    From then on the couple are the parents in whose household the child lives. The registers keep the parents of the
    birth, and are told of the new ones by relations of their own (`adoptive_mother`, `adoptive_father`): a birth's kin
    events never follow from them.
    """
    people, rates, rng = world.people, world.rates.adoption, world.streams["adoption"]
    expected = rates.yearly_per_100_000.value / 100_000 / 12 * int(people.alive.sum())
    children = _children(world, month, round_randomly(rng, expected))
    mothers = _mothers(world, month, len(children))
    children = rng.permutation(children)[: len(mothers)]
    fathers = people.partner[mothers].astype(np.int64)
    day = month.some_days(rng, len(children))
    people.mother[children], people.father[children], people.adopted[children] = mothers, fathers, True
    _tell(world, children, mothers, fathers, day)
    away = (people.province[children] != people.province[mothers]) | (people.urban[children] != people.urban[mothers])
    kids, homes = children[away], mothers[away]
    relocate(world, month, kids, people.province[homes], people.urban[homes], day[away])


def _children(world: World, month: Month, count: int) -> NDArray[np.int64]:
    """Registered children under the age of the law whose parents are known to be gone, or whose mother is alone."""
    people, rates = world.people, world.rates.adoption
    young = people.alive & ~people.adopted & (people.mother != NOBODY) & (people.registered < month.first)
    young = np.flatnonzero(young & (month.index - people.born_month < rates.child_under.value * 12))
    mother, father = people.mother[young], people.father[young]
    no_father = (father == NOBODY) | ~people.alive[father]
    lone = no_father & people.alive[mother] & (people.partner[mother] == NOBODY)
    orphan = no_father & ~people.alive[mother]
    weight = np.where(orphan, rates.likely.value["orphan"], 0.0) + np.where(
        lone, rates.likely.value["lone_mother"], 0.0
    )
    return young[choose(world.streams["adoption"], weight, count)]


def _mothers(world: World, month: Month, count: int) -> NDArray[np.int64]:
    """Wives of an age to adopt any such child, as are their husbands, those without children above all."""
    people, rates = world.people, world.rates.adoption
    wives = np.flatnonzero(people.alive & (people.sex == WOMAN) & (people.partner != NOBODY))
    old_enough = month.index - rates.parent_from.value * 12
    wives = wives[(people.born_month[wives] <= old_enough) & (people.born_month[people.partner[wives]] <= old_enough)]
    wives = wives[month.index - people.born_month[wives] < rates.parent_to.value * 12]
    weight = from_step(rates.by_children.value, people.children[wives])
    return wives[choose(world.streams["adoption"], weight, count)]


def _tell(world: World, children: Ints, mothers: Ints, fathers: Ints, day: Ints) -> None:
    registers = world.registers
    recorded = registers.later("civil_status", day, world.streams["adoption recording"])
    registers.event("adoption", children, day, recorded=recorded)
    for role, parents in (("adoptive_mother", mothers), ("adoptive_father", fathers)):
        for name, one, other in ((role, children, parents), ("adopted_child", parents, children)):
            registers.relation(name, one, other, day, recorded=recorded, register="civil_status")
