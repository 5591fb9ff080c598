"""The road to the target: a published order, and steps that agree with the verdict."""

from itertools import product
from typing import get_args

import pytest

from lifeevents.domain.procedure import Proactivity
from lifeevents.engine.indicators import PRECISION, REACH, ServiceFigures, least_trials, verdict, wilson_lower
from lifeevents.engine.road import STEPS, Standing, Step, missing, road, tally

FULL = ServiceFigures(eligible=1000, reached=1000, audited=1000, right=1000)


def standing(id: str, *steps: Step, essential: bool = False, benefit: int = 3, people: int | None = None) -> Standing:
    return Standing(id=id, essential=essential, benefit=benefit, people=people, steps=steps)


def test_the_least_trials_are_those_whose_perfect_record_reaches_the_bound() -> None:
    assert (least_trials(REACH), least_trials(PRECISION)) == (16, 73)
    for bound in (REACH, PRECISION):
        n = least_trials(bound)
        assert (wilson_lower(n, n) or 0) >= bound > (wilson_lower(n - 1, n - 1) or 0)


def test_a_service_that_a_milestone_leads_to_meets_exactly_when_no_step_is_left() -> None:
    counts = [(0, 0), (15, 15), (16, 16), (16, 15), (72, 72), (73, 73), (73, 72), (1000, 810), (1000, 1000)]
    met = 0
    for level, verified, (n, k), (m, j) in product(get_args(Proactivity), (True, False), counts, counts):
        figures = ServiceFigures(eligible=n, reached=k, audited=m, right=j)
        left = missing(level, figures, led=True, verified=verified, unprompted=False)
        judged = verdict(level, figures, verified=verified)
        assert (left == ()) == (judged == "meets")
        if judged == "too_few":
            assert {"people", "audit"} & set(left)
        met += judged == "meets"
    assert met > 0


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"led": False}, "milestone"),
        ({"led": False, "level": "L0", "verified": False, "unprompted": True}, "unprompted"),
        ({"level": "L1"}, "level"),
        ({"verified": False}, "verification"),
        ({"figures": FULL.model_copy(update={"eligible": 15, "reached": 15})}, "people"),
        ({"figures": FULL.model_copy(update={"reached": 810})}, "reach"),
        ({"figures": FULL.model_copy(update={"audited": 72, "right": 72})}, "audit"),
        ({"figures": FULL.model_copy(update={"right": 955})}, "precision"),
    ],
)
def test_each_step_is_missing_for_its_own_reason_alone(change: dict[str, object], step: Step) -> None:
    given = {"level": "L2", "figures": FULL, "led": True, "verified": True, "unprompted": False} | change
    assert missing(given.pop("level"), given.pop("figures"), **given) == (step,)  # type: ignore[arg-type]


def test_where_nothing_is_counted_reach_and_precision_are_not_held_against_it() -> None:
    left = missing("L0", ServiceFigures(), led=False, verified=False, unprompted=False)
    assert left == ("milestone", "level", "verification", "people", "audit")
    assert list(left) == sorted(left, key=STEPS.index)


def test_the_order_is_essential_then_counted_then_value_then_id() -> None:
    ordered = [
        standing("b", "reach", essential=True, benefit=5, people=10),
        standing("c", "reach", "audit", essential=True, benefit=5, people=18),
        standing("a", "milestone", essential=True, benefit=5),
        standing("d", "milestone", "level", essential=True, benefit=5),
        standing("e", "milestone", "level", essential=True, benefit=5),
        standing("f", "audit", people=1_000_000),
        standing("g", "milestone"),
    ]
    assert [one.id for one in road(reversed(ordered))] == [one.id for one in ordered]


def test_the_value_is_people_times_benefit_over_steps_left() -> None:
    assert standing("a", "reach", "audit", benefit=5, people=18).value == 45
    assert standing("a", "reach", benefit=5).value is None


def test_one_that_the_state_does_not_start_is_counted_and_stands_on_no_road() -> None:
    alone = standing("id.criminal_record", "unprompted", essential=True, people=100)
    assert road([alone]) == ()
    assert [(one.step, one.services, one.essential) for one in tally([alone])] == [("unprompted", 1, 1)]


def test_one_that_meets_is_not_on_the_road_and_lacks_no_step() -> None:
    there = standing("there", people=100)
    assert road([there]) == ()
    assert tally([there]) == ()


def test_each_step_is_counted_over_services_and_essential_ones() -> None:
    found = tally([standing("a", "milestone", "audit", essential=True), standing("b", "audit"), standing("c")])
    assert [(one.step, one.services, one.essential) for one in found] == [("milestone", 1, 1), ("audit", 2, 1)]
