"""The road to the target: which steps each service lacks, and which service is worth the next one.

Order, published so that anyone can recompute it: essential services first; then those whose people are counted; then by
value, the highest first; ties by id.

    value = people x benefit / steps left

people: those eligible now, who would gain; while nobody is counted they are unknown, the service stands after those
that are counted, and its value is reckoned for one person. benefit: what the procedure gives a person, 1 to 5.
"""

from collections.abc import Iterable
from typing import Literal, get_args

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.procedure import Proactivity
from lifeevents.engine.indicators import PRECISION, REACH, ServiceFigures, least_trials, wilson_lower

Step = Literal["unprompted", "milestone", "level", "verification", "people", "reach", "audit", "precision"]
STEPS: tuple[Step, ...] = get_args(Step)
"""Every step, in the order in which they are taken."""


class Standing(Frozen):
    """Where a service stands: who would gain (None: not counted yet), how much, and the steps it lacks, in order."""

    id: str
    essential: bool
    benefit: int
    people: int | None
    steps: tuple[Step, ...]

    @property
    def value(self) -> float | None:
        """People x benefit / steps left; None while the people are unknown. Only for one that lacks a step."""
        return None if self.people is None else self.people * self.benefit / len(self.steps)


class StepCount(Frozen):
    """How many services lack a step, and how many of them are essential."""

    step: Step
    services: int
    essential: int


def missing(
    level: Proactivity, figures: ServiceFigures, *, led: bool, verified: bool, unprompted: bool
) -> tuple[Step, ...]:
    """The steps between a service and "meets". `led`: a milestone leads to it. `unprompted`: the pack says why the
    state does not start it; that alone is what it lacks, for no other step brings it nearer.

    While too few people or notices are counted, reach and precision cannot be told and are not held against it.
    """
    if unprompted:
        return ("unprompted",)
    lacks: dict[Step, bool] = {
        "milestone": not led,
        "level": level in ("L0", "L1"),
        "verification": not verified,
        "people": figures.eligible < least_trials(REACH),
        "audit": figures.audited < least_trials(PRECISION),
    }
    lacks["reach"] = not lacks["people"] and (wilson_lower(figures.reached, figures.eligible) or 0.0) < REACH
    lacks["precision"] = not lacks["audit"] and (wilson_lower(figures.right, figures.audited) or 0.0) < PRECISION
    return tuple(step for step in STEPS if lacks.get(step))


def road(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Those that lack a step, the most valuable first; one that the state does not start stands on no road."""

    def place(one: Standing) -> tuple[bool, bool, float, str]:
        worth = (1 if one.people is None else one.people) * one.benefit / len(one.steps)
        return not one.essential, one.people is None, -worth, one.id

    return tuple(sorted((one for one in standings if one.steps and "unprompted" not in one.steps), key=place))


def tally(standings: Iterable[Standing]) -> tuple[StepCount, ...]:
    """For each step that any service lacks, how many do."""
    found = list(standings)
    lacking = {step: [one for one in found if step in one.steps] for step in STEPS}
    return tuple(
        StepCount(step=step, services=len(ones), essential=sum(one.essential for one in ones))
        for step, ones in lacking.items()
        if ones
    )
