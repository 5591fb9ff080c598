"""Unemployment benefit: claimed within months of a lost job, or missed."""

import json

import numpy as np

from lifeevents.simulate.chances import from_step, occurs
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.months import Month
from lifeevents.simulate.world import NONE, World

_YOUNG = 25 * 12


def step(world: World, month: Month) -> None:
    """Who claims this month, and for whom the last month to claim goes by."""
    people, rates, rng = world.people, world.rates.unemployment, world.streams["unemployment benefit"]
    fresh = people.alive & (people.job_lost == month.index)
    people.benefit_open |= fresh & (people.unemployment_months >= rates.minimum_months.value)
    people.benefit_open &= people.alive & (people.insured == NONE) & ~people.pensioner
    waiting = np.flatnonzero(people.benefit_open)
    since = month.index - people.job_lost[waiting]
    usual = from_step(rates.claims_monthly.value, since)
    usual *= np.where(month.index - people.born_month[waiting] < _YOUNG, rates.young_factor.value, 1.0)
    risk = world.risks.of("unemployment_benefit_start", month, waiting, lambda traits: usual * traits["prompt"])
    claims = occurs(rng, risk.full)
    world.risks.note(risk, waiting, claims)
    last = since >= rates.window_months.value
    missed = risk.through(lambda p: np.where(last, 1 - p, 0.0), "unemployment_benefit_missed")
    world.risks.note(missed, waiting, last & ~claims)
    _grant(world, month, waiting[claims])
    people.benefit_open[waiting[claims | last]] = False


def _grant(world: World, month: Month, who: Ints) -> None:
    people, registers, rates = world.people, world.registers, world.rates.unemployment
    day = month.some_days(world.streams["unemployment benefit"], len(who))
    months = from_step(rates.months_of_benefit.value, people.unemployment_months[who]).astype(np.int64)
    people.unemployment_months[who] = 0
    payload = registers.codes.many(_payloads(int(months.max(initial=0))), months)
    recorded = registers.later("labour", day, world.streams["unemployment benefit recording"])
    registers.event("unemployment_benefit_start", who, day, recorded=recorded, payload=payload)


def _payloads(most: int) -> list[str]:
    """JSON of the payload by months of benefit."""
    return [json.dumps({"months": months}) for months in range(most + 1)]
