"""Births: published fertility by age, with order, spacing and twins; the hospital's certificate, then registration."""

import json

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import aligned, at_year, from_step, group_of
from lifeevents.simulate.columns import Flags, Ints
from lifeevents.simulate.mobility import tell_residence
from lifeevents.simulate.months import Month
from lifeevents.simulate.mortality import draw_frailty
from lifeevents.simulate.people_rates import Fertility
from lifeevents.simulate.population import draw_lasting
from lifeevents.simulate.reporting import UNHEARD, Registers
from lifeevents.simulate.world import MAN, NEVER, NOBODY, WOMAN, World

MONTHS_CARRIED = 8
"""Nobody whose child was stillborn bears another within so many months (after a birth, `spacing_factor` says so)."""


def monthly_rates(rates: Fertility, year: int) -> NDArray[np.float64]:
    """Deliveries per woman and month by age group, scaled to the year's total fertility."""
    yearly = np.array([at_year(by_year, year) for by_year in rates.by_age.value.values()])
    children = yearly / (5 * yearly.sum()) * at_year(rates.total.value, year)
    return np.asarray(children / 12 / (1 + rates.twin_deliveries.value), np.float64)


def birth_payload(registers: Registers, order: Ints, multiple: int) -> NDArray[np.int64]:
    """Codes of the payload {order, multiple} of births."""
    texts = [json.dumps({"order": n, "multiple": multiple}) for n in range(1, int(order.max(initial=1)) + 1)]
    return registers.codes.many(texts, order - 1)


def step(world: World, month: Month) -> None:
    """Who bears a child this month."""
    people, rates, rng = world.people, world.rates.fertility, world.streams["fertility"]
    women = fertile(world, month)
    bears = world.risks.draw("child_birth", month, women, lambda _: chance_to_bear(world, month, women), rng)
    mothers = women[bears]
    twins = rng.random(len(mothers)) < rates.twin_deliveries.value
    day = month.some_days(rng, len(mothers))
    people.last_birth[mothers] = month.index
    _bear(world, month, mothers[~twins], day[~twins], multiple=1)
    _bear(world, month, mothers[twins], day[twins], multiple=2)


def fertile(world: World, month: Month) -> NDArray[np.int64]:
    """Women of an age to bear."""
    people = world.people
    women = np.flatnonzero(people.alive & (people.sex == WOMAN))
    years = (month.index - people.born_month[women]) // 12
    return women[(years >= 12) & (years < 55)]


def chance_to_bear(world: World, month: Month, women: Ints) -> NDArray[np.float64]:
    """Published fertility by age, shared out by what inclines women to a birth."""
    rates = world.rates.fertility
    group = group_of(rates.by_age.value, (month.index - world.people.born_month[women]) // 12)
    return aligned(group, monthly_rates(rates, month.year), _inclination(world, month, women))


def _inclination(world: World, month: Month, women: Ints) -> NDArray[np.float64]:
    """How likely a birth is for each woman, against a wife of her age without children."""
    people, rates = world.people, world.rates.fertility
    remote = np.array([province.remote for province in world.rates.provinces.provinces])
    since = np.where(people.children[women] > 0, month.index - people.last_birth[women], 24)
    place = rates.urban_to_rural.value
    return (
        np.where(month.index - people.last_stillbirth[women] > MONTHS_CARRIED, 1.0, 0.0)
        * np.where(people.partner[women] != NOBODY, 1.0, rates.unmarried_factor.value)
        * from_step(rates.parity_factor.value, people.children[women])
        * from_step(rates.spacing_factor.value, since)
        * np.where(people.urban[women], place["urban"], place["rural"])
        * np.where(remote[people.province[women]], rates.remote_factor.value, 1.0)
    )


def _bear(world: World, month: Month, mothers: Ints, day: Ints, *, multiple: int) -> None:
    people, rates, rng = world.people, world.rates.fertility, world.streams["fertility"]
    mothers, day = np.repeat(mothers, multiple), np.repeat(day, multiple)
    boys = at_year(rates.boys_per_girl.value, month.year)
    order = people.children[mothers] + 1 + np.arange(len(mothers)) % multiple
    people.children[mothers] = people.children[mothers] + multiple
    husband = people.partner[mothers]
    children = people.add(
        len(mothers),
        sex=np.where(rng.random(len(mothers)) < boys / (1 + boys), MAN, WOMAN),
        born=day,
        born_month=month.index,
        mother=mothers,
        father=husband,
        province=people.province[mothers],
        urban=people.urban[mothers],
        frailty=draw_frailty(rng, world.rates.mortality, len(mothers)),
    )
    draw_lasting(world, children)
    _tell(world, month, children, mothers, day, order, birth_payload(world.registers, order, multiple))


def _tell(world: World, month: Month, children: Ints, mothers: Ints, day: Ints, order: Ints, payload: Ints) -> None:
    """The certificate first, with the mother; then, for most, the registration, with the father."""
    people, registers, rng = world.people, world.registers, world.streams["registration of births"]
    rates = world.rates.fertility
    remote = np.array([province.remote for province in world.rates.provinces.provinces])[people.province[children]]
    facility = np.where(remote, rates.in_facility_remote.value, rates.in_facility.value)
    certified = rng.random(len(children)) < facility
    certificate = np.where(certified, registers.later("health", day), UNHEARD)
    registers.event("birth_certified", children[certified], day[certified], recorded=certificate[certified])
    people.registered[children] = _registration(world, month, children, day, order, remote, certified)
    heard = people.registered[children] < NEVER
    registered = np.where(heard, registers.moment(people.registered[children]), UNHEARD)
    registered = np.where(heard & certified, np.maximum(registered, certificate), registered)
    registers.event("birth", children, day, recorded=registered, payload=payload)
    _relate(world, "mother", children, mothers, day, np.minimum(certificate, registered), certified)
    tell_residence(world, children[heard], day[heard], registered[heard])
    father = people.father[children]
    named = (father != NOBODY) & heard
    nobody = np.zeros(len(children), np.bool_)
    _relate(world, "father", children[named], father[named], day[named], registered[named], nobody[named])


def _relate(world: World, role: str, children: Ints, parents: Ints, day: Ints, moment: Ints, health: Flags) -> None:
    """Tell of parent and child both ways; `health` marks those that the certificate tells of."""
    heard = moment < UNHEARD
    for register, mine in (("health", heard & health), ("civil_status", heard & ~health)):
        kids, elders = children[mine], parents[mine]
        for name, one, other in ((role, kids, elders), ("child", elders, kids)):
            world.registers.relation(name, one, other, day[mine], recorded=moment[mine], register=register)


def _registration(
    world: World, month: Month, children: Ints, day: Ints, order: Ints, remote: Flags, certified: Flags
) -> NDArray[np.int64]:
    """The day each birth is registered, or NEVER: the published shares, later where life is harder."""
    people, rates = world.people, world.rates.registering
    rng, published, factor = world.streams["registration of births"], rates.birth.value, rates.birth_late_factors.value
    weight = (
        np.where(remote, factor["remote"], 1.0)
        * np.where(certified, 1.0, factor["no_certificate"])
        * np.where(people.father[children] == NOBODY, factor["unmarried"], 1.0)
        * np.where(order > 2, factor["third_or_later"], 1.0)
        * np.where(people.urban[children], 1.0, factor["rural"])
    )
    ever = at_year(rates.birth_ever.value, month.year)
    on_time = published.on_time * ever / published.ever
    group, rate = np.zeros(len(children), np.int64), np.array([1 - on_time])
    late = world.risks.draw("birth_registered_late", month, children, lambda _: aligned(group, rate, weight), rng)
    never = late & (rng.random(len(children)) < (1 - ever) / (1 - on_time))
    soon = (rng.beta(1.3, 3.5, len(children)) * (published.days + 1)).astype(np.int64)
    lag = np.where(
        late,
        published.days + 1 + rng.exponential(rates.birth_late_mean_days.value, len(children)).astype(np.int64),
        soon,
    )
    return np.where(never, NEVER, day + lag)
