"""Papers with a last day: renewed around it by those who get round to it; the others' lapse is noted for the truth."""

import numpy as np
from numpy.typing import NDArray

from lifeevents.simulate.chances import from_step, occurs
from lifeevents.simulate.columns import Ints
from lifeevents.simulate.facts import ByMonths
from lifeevents.simulate.months import Month, months_of
from lifeevents.simulate.world import NEVER, World


def renewing(
    world: World, month: Month, lapse: str, ends: Ints, monthly: ByMonths, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Who renews a paper this month, by `monthly` (months from the last day; negative before it).

    `ends` is the last day of each person's paper, NEVER without one. `lapse` names, in the truth, the event that the
    month of the last day goes by without a renewal.
    """
    people = world.people
    near = np.flatnonzero(people.alive & (ends < NEVER))
    since = month.index - months_of(ends[near])
    near, since = near[since >= min(monthly)], since[since >= min(monthly)]
    usual = from_step(monthly, since)
    risk = world.risks.of(lapse, month, near, lambda traits: usual * traits["prompt"])
    renews, due = occurs(rng, risk.full), since == 0
    world.risks.note(risk.through(lambda p: np.where(due, 1 - p, 0.0)), near, due & ~renews)
    return near[renews]
