"""What the stop rules read of a message: the same facts from both ledgers."""

from datetime import date, timedelta
from typing import Any

import pytest

from lifeevents.domain.occasion import AnswerKind, NotificationState
from lifeevents.engine.situation import Answered, Standing
from lifeevents.ports import Ledger, Unit
from tests.store.values import NOW, TODAY, detection, message, occasion

LEASE = timedelta(seconds=30)


def standing(unit: Unit, key: str = "asked", now: Any = NOW) -> Standing:
    """Claim all that is due and look at the message with this key."""
    claimed = unit.claim("portal", now=now, lease=LEASE, limit=10)
    [one] = [one for one in claimed if one.notification.key == key]
    return unit.standings(claimed, now=now)[one.id]


def deliver(unit: Unit, now: Any = NOW) -> None:
    for one in unit.claim("portal", now=now, lease=LEASE, limit=10):
        unit.settle(one.id, NotificationState.DELIVERED, stops=[], now=now)


def test_a_fresh_message_stands_free(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection(), ["a", "b"]), key="asked"))
        assert standing(unit) == Standing(recipient_id="lan", subject_id="lan", purpose="offer", offers=2)


def test_the_occasion_and_the_messages_dates_are_read(ledger: Ledger) -> None:
    settles = NOW + timedelta(hours=5)
    with ledger.begin() as unit:
        at = occasion(unit, detection(not_before=settles, active_until=date(2027, 1, 1)))
        unit.enqueue(message(at, key="asked", deadline=date(2026, 12, 1)))
        found = standing(unit)
    assert (found.settle_until, found.active_until, found.deadline) == (settles, date(2027, 1, 1), date(2026, 12, 1))


def test_only_the_dead_among_the_messages_people_are_named(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.mark_dead(["child", "stranger"], now=NOW)
        unit.enqueue(message(occasion(unit, detection()), key="asked", about=("child", "sister")))
        assert standing(unit).dead == ("child",)


def test_switch_consent_guardians_and_case_are_read(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        at = occasion(unit, detection("child", "card", "2027-01-01"))
        unit.enqueue(message(at, key="asked", recipient_id="mai"))
        unit.switch("card", "portal", off=True, who="officer:1", reason="test", now=NOW)
        unit.set_consent("mai", "offer", "portal", allowed=False, now=NOW)
        unit.set_guardians("child", [("mai", date(2020, 1, 1), None), ("hoa", date(2020, 1, 1), date(2021, 1, 1))])
        unit.open_case("wrong", at.id, "child", "card", reason="wrong", now=NOW)
        found = standing(unit)
    assert (found.switched_off, found.may_use, found.guardians, found.silenced) == (True, False, ("mai",), True)


def test_answers_are_read_with_the_day_of_later(ledger: Ledger) -> None:
    until = TODAY + timedelta(days=3)
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection(), ["a", "b"]), key="asked"))
        second = unit.offers("lan")[1]
        unit.answer(second.id, "lan", AnswerKind.LATER, note=None, until=until, now=NOW)
        assert standing(unit).answers == (Answered(procedure="b", kind=AnswerKind.LATER, until=until),)


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ({}, True),
        ({"purpose": "reminder"}, False),
        ({"recipient_id": "mai"}, False),
    ],
)
def test_told_means_the_same_person_occasion_channel_and_purpose(
    ledger: Ledger, earlier: dict[str, str], expected: bool
) -> None:
    with ledger.begin() as unit:
        at = occasion(unit, detection())
        unit.enqueue(message(at, key="earlier", **earlier))
        deliver(unit)
        unit.enqueue(message(at, key="asked"))
        assert standing(unit).told is expected


def test_being_told_of_another_occasion_only_counts_in_the_weeks_budget(ledger: Ledger) -> None:
    week_later = NOW + timedelta(days=7)
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection(anchor="first")), key="first"))
        deliver(unit)
        at = occasion(unit, detection(anchor="second"))
        unit.enqueue(message(at, key="asked"))
        found = standing(unit)
        assert (found.told, found.sent) == (False, (NOW,))
        unit.enqueue(message(at, key="next week", purpose="reminder"))
        assert standing(unit, "next week", week_later).sent == ()


def test_an_annulled_occasion_shows_in_the_standing_of_its_correction(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection()), key="first"))
        deliver(unit)
        unit.cancel_occasion("lan", "retirement", "2027-06-01", reason="annulled", now=NOW)
        found = standing(unit, "first:correction")
    assert (found.occasion_state, found.purpose) == ("cancelled", "correction")
