"""What any ledger tells of a subject's occasions and messages, so that they can be explained."""

from datetime import date, timedelta

import pytest

from lifeevents.domain.occasion import Fact, NotificationState
from lifeevents.ports import Ledger
from tests.store.values import NOW, detection, message, occasion

LATER = NOW + timedelta(hours=1)
STOPS = [
    {"rule": "death_and_loss", "result": "passed", "reason": None, "inputs": {"dead": []}},
    {"rule": "budget", "result": "stopped", "reason": "3 messages in seven days.", "inputs": {"budget": 3}},
]


def test_an_occasion_comes_back_with_its_detection_to_the_last_date(ledger: Ledger) -> None:
    found = detection(
        kind="registered",
        anchor="event-1",
        event={"occurred_on": date(2026, 11, 2), "kin": "child-1", "order": 2},
        facts={"born_on": date(1965, 8, 1), "age_years": 61, "draws_pension": False, "sex": None},
        why=(Fact(name="born_on", value=date(1965, 8, 1), register_id="population", as_of=date(2026, 1, 1)),),
        not_before=LATER,
        active_until=date(2027, 2, 1),
    )
    with ledger.begin() as unit:
        stored = occasion(unit, found)
    with ledger.begin() as unit:
        [row] = unit.occasions_of("lan")
    assert (row.id, row.detection, row.detected_at) == (stored.id, found, NOW)
    assert (row.state, row.closed_reason) == ("open", None)


def test_a_cancelled_occasion_says_why(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        occasion(unit, detection("mai", "child_born", "event-1", kind="registered"))
        unit.cancel_occasion("mai", "child_born", "event-1", reason="the birth was annulled", now=LATER)
    with ledger.begin() as unit:
        [row] = unit.occasions_of("mai")
    assert (row.state, row.closed_reason) == ("cancelled", "the birth was annulled")


def test_occasions_come_newest_first_and_only_the_subjects_own(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        occasion(unit, detection(anchor="old"))
        unit.add_occasion(detection(anchor="new"), now=LATER)
        occasion(unit, detection("binh"))
    with ledger.begin() as unit:
        assert [row.detection.anchor for row in unit.occasions_of("lan")] == ["new", "old"]
        assert unit.occasions_of("nobody") == []


def test_a_message_about_a_child_is_found_by_the_child_and_not_by_its_mother(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        sent = message(occasion(unit, detection("child")), recipient_id="mai")
        unit.enqueue(sent)
    with ledger.begin() as unit:
        [row] = unit.messages_of("child")
        assert unit.messages_of("mai") == []
    assert row.notification == sent
    assert (row.state, row.settled_at, row.stops) == (NotificationState.WAITING, None, ())


def test_a_message_tells_where_it_stands_and_which_rules_were_asked(ledger: Ledger) -> None:
    tomorrow = NOW + timedelta(days=1)
    with ledger.begin() as unit:
        stored = occasion(unit, detection())
        unit.enqueue(message(stored))
        unit.enqueue(message(stored, key="second", purpose="reminder"))
        first, second = unit.claim("portal", now=NOW, lease=timedelta(minutes=1), limit=2)
        unit.settle(first.id, NotificationState.DELIVERED, stops=STOPS[:1], now=LATER)
        unit.postpone(second.id, until=tomorrow, stops=STOPS, now=LATER)
    with ledger.begin() as unit:
        newest, oldest = unit.messages_of("lan")
    assert (oldest.id, oldest.state, oldest.settled_at) == (first.id, NotificationState.DELIVERED, LATER)
    assert list(oldest.stops) == STOPS[:1]
    assert (newest.state, newest.settled_at, newest.notification.not_before) == ("waiting", None, tomorrow)
    assert list(newest.stops) == STOPS


@pytest.mark.parametrize("state", [NotificationState.CANCELLED, NotificationState.REFERRED])
def test_a_stopped_message_stays_to_be_explained(ledger: Ledger, state: NotificationState) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
        [one] = unit.claim("portal", now=NOW, lease=timedelta(minutes=1), limit=1)
        unit.settle(one.id, state, stops=STOPS, now=LATER)
        [row] = unit.messages_of("lan")
    assert (row.state, row.settled_at) == (state, LATER)
