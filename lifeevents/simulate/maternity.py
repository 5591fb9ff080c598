"""Maternity benefit of insured mothers: claimed in the months after the birth, or missed."""

import numpy as np

from lifeevents.simulate.chances import from_step, occurs
from lifeevents.simulate.months import Month
from lifeevents.simulate.world import COMPULSORY, NEVER, World


def step(world: World, month: Month) -> None:
    """Who claims this month, and for whom the usual time to claim is over."""
    people, rates, rng = world.people, world.rates.maternity, world.streams["maternity benefit"]
    insured = (people.insured == COMPULSORY) & (month.index - people.job_since >= rates.minimum_months.value)
    people.maternity_since[people.alive & (people.last_birth == month.index) & insured] = month.index
    waiting = np.flatnonzero(people.alive & (people.maternity_since < NEVER))
    since = month.index - people.maternity_since[waiting]
    usual = from_step(rates.claims_monthly.value, since)
    risk = world.risks.of("maternity_benefit_start", month, waiting, lambda traits: usual * traits["prompt"])
    claims = occurs(rng, risk.full)
    world.risks.note(risk, waiting, claims)
    last = since >= rates.window_months.value
    missed = risk.through(lambda p: np.where(last, 1 - p, 0.0), "maternity_benefit_missed")
    world.risks.note(missed, waiting, last & ~claims)
    people.maternity_since[waiting[claims | last]] = NEVER
    who = waiting[claims]
    day = np.full(len(who), month.first + month.days - 1)  # after any birth of this month
    recorded = world.registers.later("social_insurance", day, world.streams["maternity benefit recording"])
    world.registers.event("maternity_benefit_start", who, day, recorded=recorded)
