"""What any ledger promises about reach: who was eligible, who was told in time, and whom nobody could have told."""

from datetime import date, timedelta

import pytest

from lifeevents.domain.occasion import AnswerKind, Detection, NotificationState
from lifeevents.ports import Ledger, Reach, Unit
from tests.store.values import NOW, TODAY, detection, message, recommendation

LEASE = timedelta(seconds=30)
PENSION = "ret.pension"


def registered(subject_id: str, occurred_on: date) -> Detection:
    event = {"occurred_on": occurred_on, "recorded_on": occurred_on}
    return detection(subject_id, "job_loss", f"event-{subject_id}", kind="registered", due_on=None, event=event)


def due(subject_id: str, on: date) -> Detection:
    return detection(subject_id, anchor=on.isoformat(), due_on=on)


def offered(unit: Unit, found: Detection, *, told_after: int | None = 0, deadline: date | None = None) -> None:
    """An offer of the pension, found now and told so many days later (None: never)."""
    stored = unit.add_occasion(found, now=NOW)
    assert stored is not None
    unit.add_recommendations(stored, [recommendation(PENSION, stored).model_copy(update={"deadline": deadline})])
    if told_after is not None:
        unit.enqueue(message(stored))
        at = NOW + timedelta(days=told_after)
        [one] = unit.claim("portal", now=at, lease=LEASE, limit=1)
        unit.settle(one.id, NotificationState.DELIVERED, stops=[], now=at)


def reach_of(ledger: Ledger) -> Reach:
    with ledger.begin() as unit:
        return unit.reach()[PENSION]


@pytest.mark.parametrize(
    ("found", "told_after", "counted"),
    [
        (registered("lan", TODAY - timedelta(days=29)), 1, Reach(1, 1)),
        (registered("lan", TODAY - timedelta(days=29)), 2, Reach(1, 0)),
        (registered("lan", TODAY - timedelta(days=30)), 0, Reach(1, 1)),
        (registered("lan", TODAY - timedelta(days=31)), 0, Reach(0, 0, 1)),
        (due("lan", TODAY + timedelta(days=90)), 120, Reach(1, 1)),
        (due("lan", TODAY + timedelta(days=90)), 121, Reach(1, 0)),
        (due("lan", TODAY - timedelta(days=31)), 0, Reach(0, 0, 1)),
        (registered("lan", TODAY), None, Reach(1, 0)),
    ],
    ids=[
        "the thirtieth day after a job ended",
        "the day after that",
        "a job that ended thirty days before the service began",
        "thirty-one days before: nobody could have told",
        "thirty days after the due date",
        "thirty-one days after it",
        "due thirty-one days before the service began",
        "never told",
    ],
)
def test_without_a_deadline_one_must_be_told_within_thirty_days_of_becoming_eligible(
    ledger: Ledger, found: Detection, told_after: int | None, counted: Reach
) -> None:
    with ledger.begin() as unit:
        offered(unit, found, told_after=told_after)
    assert reach_of(ledger) == counted


@pytest.mark.parametrize(("told_after", "counted"), [(5, Reach(1, 1)), (6, Reach(1, 0))])
def test_a_deadline_is_the_last_day_in_time_whatever_came_before(
    ledger: Ledger, told_after: int, counted: Reach
) -> None:
    with ledger.begin() as unit:
        found = registered("lan", TODAY - timedelta(days=300))
        offered(unit, found, told_after=told_after, deadline=TODAY + timedelta(days=5))
    assert reach_of(ledger) == counted


def test_one_who_had_done_it_before_the_notice_was_not_reached(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        offered(unit, registered("lan", TODAY), told_after=3)
        offered(unit, registered("hoa", TODAY), told_after=3)
        for person, day in (("lan", 2), ("hoa", 4)):
            [offer] = unit.offers(person)
            at = NOW + timedelta(days=day)
            unit.answer(offer.id, person, AnswerKind.DONE, note=None, until=None, now=at)
    assert reach_of(ledger) == Reach(2, 1)


def test_a_person_with_two_occasions_counts_once_a_procedure_and_once_a_milestone(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        offered(unit, registered("lan", TODAY))
        offered(unit, due("lan", TODAY))
        offered(unit, due("lan", TODAY + timedelta(days=1)))
        assert unit.reach() == {PENSION: Reach(1, 1)}
        assert unit.offered() == {("job_loss", PENSION): 1, ("retirement", PENSION): 1}


def test_the_service_began_with_the_first_detection(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        assert unit.began() is None
        offered(unit, registered("lan", TODAY))
        unit.add_occasion(registered("hoa", TODAY), now=NOW + timedelta(days=9))
        assert unit.began() == TODAY
