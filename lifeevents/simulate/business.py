"""Household businesses: who opens one (partly for reasons that registers show, partly not), revenue, and the end."""

import json
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import aligned, choose, from_step, occurs
from lifeevents.simulate.columns import Flags, Floats, Ints
from lifeevents.simulate.institution_rates import Factor
from lifeevents.simulate.months import Month, day_number, first_days
from lifeevents.simulate.risks import Traits
from lifeevents.simulate.world import (
    COMPULSORY,
    LEVELS,
    NOBODY,
    WOMAN,
    World,
    businesses_as_subjects,
)

_MILLION = 1_000_000


def step(world: World, month: Month) -> None:
    """Who opens, who closes; in January the revenue of the year before, as a value and as the event of declaring it."""
    _close(world, month)
    _convert(world, month)
    _open(world, month)
    if month.number == 1:
        _declare(world, month)


def inclination(world: World, month: int, who: Ints) -> NDArray[np.float64]:
    """How likely each is to open a household business, for what the registers can show."""
    people, rates = world.people, world.rates.business
    factor, recent = rates.factors.value, rates.recent_months.value
    trade = np.array([province.trade for province in world.rates.provinces.provinces])
    out_of_school = month - people.left_school[who]

    lost = month - people.job_lost[who] <= recent
    holds: dict[Factor, Flags] = {
        "lost_job": lost,
        "ended_job": ~lost & (month - people.job_ended[who] <= recent),
        "moved": month - people.moved[who] <= recent,
        "married": month - people.wed_month[who] <= recent,
        "urban": people.urban[who],
        "had_business": people.had_business[who],
        "spouse_or_parent_owns": _kin_owns(world, who),
        "left_school": (out_of_school >= 24) & (out_of_school < 84),
        "in_formal_job": people.insured[who] == COMPULSORY,
        "tertiary": people.level[who] == LEVELS.index("tertiary"),
        "woman": people.sex[who] == WOMAN,
    }
    weight = from_step(rates.age_factor.value, (month - people.born_month[who]) // 12) * trade[people.province[who]]
    for name, true in holds.items():
        np.multiply(weight, factor[name], out=weight, where=true)
    return np.asarray(weight, np.float64)


def _kin_owns(world: World, who: Ints) -> Flags:
    people = world.people
    owns = np.r_[people.business != NOBODY, False]  # the last place answers for nobody
    return np.asarray(owns[people.partner[who]] | owns[people.mother[who]] | owns[people.father[who]])


def _adults(world: World, month: int) -> NDArray[np.int64]:
    ages = world.rates.business.adults.value
    years = (month - world.people.born_month) // 12
    return np.flatnonzero(world.people.alive & (years >= ages["from"]) & (years < ages["to"]))


def _open(world: World, month: Month) -> None:
    people, rates, rng = world.people, world.rates.business, world.streams["business"]
    adults = _adults(world, month.index)
    weight = inclination(world, month.index, adults)
    weight *= people.business[adults] == NOBODY
    weight *= ~people.in_school[adults]
    group, monthly = np.zeros(len(adults), np.int64), np.array([rates.openings_per_1000.value / 12_000])

    def chance(traits: Traits) -> Floats:
        return aligned(group, monthly, weight * traits["enterprising"])

    owners = adults[world.risks.draw("household_business_opened", month, adults, chance, rng)]
    day = month.some_days(rng, len(owners))
    _register(world, owners, day, np.full(len(owners), month.index), world.registers.later("business", day))


def _register(world: World, owners: Ints, day: Ints, months: Ints, recorded: Ints) -> None:
    people, registers, rng = world.people, world.registers, world.streams["business"]
    rates = world.rates.business
    revenue = rates.revenue.value
    businesses = world.businesses.add(
        len(owners),
        owner=owners,
        opened=day,
        opened_month=months,
        size=rng.normal(np.log(revenue["median"]), revenue["spread"], len(owners)),
    )
    people.business[owners], people.had_business[owners] = businesses, True
    subjects = businesses_as_subjects(businesses)
    sector = _draw_sectors(world, people.urban[owners])
    names = list(rates.sectors.value)
    payload = registers.codes.many([json.dumps({"sector": name}) for name in names], sector)
    registers.event("household_business_registration", subjects, day, recorded=recorded, payload=payload)
    registers.relation("owner", subjects, owners, day, recorded=recorded, register="business")
    registers.attribute("sector", subjects, registers.codes.many(names, sector), day, recorded=recorded)


def _draw_sectors(world: World, urban: Flags) -> NDArray[np.int64]:
    table = world.rates.business.sectors.value
    bounds = np.array([[share["rural"], share["urban"]] for share in table.values()]).cumsum(axis=0)
    draw = world.streams["business"].random(len(urban)) * np.where(urban, bounds[-1, 1], bounds[-1, 0])
    in_commune, in_ward = (np.searchsorted(bounds[:, place], draw, side="right") for place in (0, 1))
    return np.asarray(np.where(urban, in_ward, in_commune), np.int64)


def _close(world: World, month: Month) -> None:
    """Some give up; a business whose owner died ends too."""
    people, businesses, rng = world.people, world.businesses, world.streams["closures"]
    running = np.flatnonzero(businesses.open)
    rates = world.rates.business
    chance = from_step(rates.closes_monthly.value, month.index - businesses.opened_month[running])
    old = (month.index - people.born_month[businesses.owner[running]]) // 12 >= 65
    dead = ~people.alive[businesses.owner[running]]
    closing = running[occurs(rng, np.where(dead, 1.0, chance * np.where(old, rates.old_owner_factor.value, 1.0)))]
    day = np.maximum(month.some_days(rng, len(closing)), businesses.opened[closing] + 1)
    businesses.open[closing], businesses.closed[closing] = False, day
    people.business[businesses.owner[closing]] = NOBODY
    world.registers.event("household_business_closure", businesses_as_subjects(closing), day)


def _convert(world: World, month: Month) -> None:
    """Some, the larger above all, go on as an enterprise: the household business ends."""
    people, businesses, rng = world.people, world.businesses, world.streams["conversions"]
    running = np.flatnonzero(businesses.open & (month.index - businesses.opened_month >= 12))
    millions = (np.exp(businesses.size[running]) / _MILLION).astype(np.int64)
    usual = from_step(world.rates.business.converts_yearly.value, millions) / 12
    owners = businesses.owner[running].astype(np.int64)
    risk = world.risks.of("enterprise_conversion", month, owners, lambda t: np.minimum(usual * t["enterprising"], 1))
    goes_on = occurs(rng, risk.full)
    world.risks.note(risk, owners, goes_on, subjects=businesses_as_subjects(running))
    converting = running[goes_on]
    day = month.some_days(rng, len(converting))
    businesses.open[converting], businesses.closed[converting] = False, day
    people.business[businesses.owner[converting]] = NOBODY
    recorded = world.registers.later("business", day, world.streams["conversions recording"])
    for event in ("enterprise_conversion", "household_business_closure"):
        world.registers.event(event, businesses_as_subjects(converting), day, recorded=recorded)


def _declare(world: World, month: Month) -> None:
    """Revenue of the calendar year before, declared in January by those open then and still open."""
    businesses, rng, revenue = world.businesses, world.streams["revenue"], world.rates.business.revenue.value
    running = np.flatnonzero(businesses.open & (businesses.opened < month.first))
    share = np.minimum(month.index - businesses.opened_month[running], 12) / 12
    grown = (month.year - 1 - 2025) * np.log1p(revenue["growth"])
    amount = np.exp(businesses.size[running] + grown + rng.normal(0, revenue["yearly_spread"], len(running))) * share
    value = np.maximum(np.round(amount / _MILLION), 1).astype(np.int64) * _MILLION
    registers, who = world.registers, businesses_as_subjects(running)
    recorded = registers.later("tax", np.full(len(running), month.first))
    registers.attribute("yearly_revenue", who, value, month.first, recorded=recorded)
    amounts, which = np.unique(value, return_inverse=True)
    payload = registers.codes.many([json.dumps({"revenue": amount}) for amount in amounts.tolist()], which)
    registers.event("revenue_declared", who, month.first, recorded=recorded, payload=payload)


def opening(world: World, start: date) -> None:
    """The businesses open at the start, with their registrations as once made."""
    people, rng, rates = world.people, world.streams["business"], world.rates.business
    now = start.year * 12 + start.month - 1
    adults = _adults(world, now)
    weight = inclination(world, now, adults) * people.enterprising[adults] * ~people.in_school[adults]
    grown_up = (now - people.born_month[adults]) // 12 - rates.adults.value["from"]
    weight = np.sqrt(weight) * np.sqrt(people.enterprising[adults]) * np.minimum(grown_up + 0.5, 12)
    owners = adults[choose(rng, weight, round(rates.stock_per_person.value * len(people)))]
    longest = np.maximum((now - people.born_month[owners]) - rates.adults.value["from"] * 12, 1)
    months = now - np.minimum(rng.exponential(80, len(owners)), longest).astype(np.int64) - 1
    _register(
        world, owners, first_days(months), months, world.registers.moment(np.full(len(owners), day_number(start)))
    )
