"""What any ledger promises about messages: claims, leases, final states, corrections and the inbox."""

from datetime import timedelta

import pytest

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.occasion import NotificationState
from lifeevents.engine.correction import CORRECTION
from lifeevents.ports import Claimed, Ledger, Settlement, Unit
from tests.store.values import NOW, detection, message, occasion

LEASE = timedelta(seconds=30)
DELIVERED, CANCELLED = NotificationState.DELIVERED, NotificationState.CANCELLED


def told(unit: Unit, **given: object) -> str:
    """Deliver one message to Lan about a new occasion; returns its id."""
    unit.enqueue(message(occasion(unit, detection(anchor=str(given.get("key", "a")))), **given))
    [one] = unit.claim("portal", now=NOW, lease=LEASE, limit=10)
    unit.put_in_inbox(one.id, one.notification, now=NOW)
    unit.settle(one.id, DELIVERED, stops=[], now=NOW)
    return one.id


def claim(ledger: Ledger, *, after: timedelta = timedelta(0), limit: int = 10) -> list[Claimed]:
    with ledger.begin() as unit:
        return list(unit.claim("portal", now=NOW + after, lease=LEASE, limit=limit))


def test_a_message_is_enqueued_once_per_key(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        one = message(occasion(unit, detection()))
        other = one.model_copy(update={"key": "other"})
        assert unit.enqueue(one)
        assert unit.enqueue_all([one, other, other]) == [False, True, False]
        assert not unit.enqueue(one)


def test_a_claimed_message_comes_back_whole(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        given = message(occasion(unit, detection()), about=("child", "mai"), deadline=NOW.date())
        unit.enqueue(given)
    [one] = claim(ledger)
    assert one.notification == given
    assert one.attempts == 1
    assert len(one.id) == 32


def test_messages_are_claimed_when_due_oldest_first_and_only_on_their_channel(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        at = occasion(unit, detection())
        for key, minutes, channel in (("b", -1, "portal"), ("a", -2, "portal"), ("c", 1, "portal"), ("d", -9, "sms")):
            moment = NOW + timedelta(minutes=minutes)
            unit.enqueue(message(at, key=key, not_before=moment, channel=channel))
    assert [one.notification.key for one in claim(ledger, limit=1)] == ["a"]
    assert [one.notification.key for one in claim(ledger)] == ["b"]
    assert claim(ledger) == []


def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
    [first] = claim(ledger)
    assert claim(ledger, after=LEASE - timedelta(seconds=1)) == []
    [second] = claim(ledger, after=LEASE)
    assert (second.id, second.attempts) == (first.id, 2)


def test_a_worker_whose_lease_was_taken_over_no_longer_holds_the_message(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
    [slow] = claim(ledger)
    [quick] = claim(ledger, after=LEASE)
    with ledger.begin() as unit:
        assert not unit.hold(slow, now=NOW + LEASE)
        assert unit.hold(quick, now=NOW + LEASE)
        unit.settle(quick.id, DELIVERED, stops=[], now=NOW + LEASE)
    with ledger.begin() as unit:
        assert not unit.hold(quick, now=NOW + LEASE)


def test_a_postponed_message_waits_until_then(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
        [one] = unit.claim("portal", now=NOW, lease=LEASE, limit=1)
        unit.postpone(one.id, until=NOW + timedelta(hours=2), stops=[{"rule": "quiet_time"}], now=NOW)
    assert claim(ledger, after=timedelta(hours=1)) == []
    assert [one.attempts for one in claim(ledger, after=timedelta(hours=2))] == [2]


@pytest.mark.parametrize("final", [DELIVERED, CANCELLED, NotificationState.REFERRED])
def test_a_final_message_never_moves(ledger: Ledger, final: NotificationState) -> None:
    with ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
        [one] = unit.claim("portal", now=NOW, lease=LEASE, limit=1)
        unit.settle(one.id, final, stops=[], now=NOW)
    for state, until in ((DELIVERED, None), (CANCELLED, None), (NotificationState.WAITING, NOW + LEASE)):
        with pytest.raises(Conflict, match="final"), ledger.begin() as unit:
            unit.settle_all([Settlement(one.id, state, [], until)], now=NOW)
    with ledger.begin() as unit:
        assert unit.counts()[f"notifications.{final}"] == 1
    assert claim(ledger, after=timedelta(days=9)) == []


def test_many_settlements_are_all_or_nothing(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        at = occasion(unit, detection())
        unit.enqueue_all([message(at, key="a"), message(at, key="b")])
    first, second = claim(ledger)
    with ledger.begin() as unit:
        unit.settle(second.id, CANCELLED, stops=[], now=NOW)
    with pytest.raises(Conflict), ledger.begin() as unit:
        unit.settle_all([Settlement(first.id, DELIVERED, []), Settlement(second.id, DELIVERED, [])], now=NOW)
    with ledger.begin() as unit:
        assert unit.counts()["notifications.claimed"] == 1


def test_cancelling_an_occasion_cancels_what_is_unsent_in_the_same_transaction(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        at = occasion(unit, detection())
        unit.enqueue_all([message(at, key="claimed"), message(at, key="waiting", not_before=NOW + LEASE)])
    claim(ledger)
    with ledger.begin() as unit:
        unit.cancel_occasion("lan", "retirement", "2027-06-01", reason="annulled", now=NOW)
        assert unit.counts()["notifications.cancelled"] == 2
        assert unit.cases() == []
    assert claim(ledger, after=timedelta(days=1)) == []


def test_cancelling_an_occasion_that_was_told_opens_a_case_and_owes_a_correction(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        sent = told(unit)
        unit.cancel_occasion("lan", "retirement", "a", reason="annulled", now=NOW)
        [case] = unit.cases()
        assert (case.kind, case.subject_id, case.reason) == ("correction", "lan", "annulled")
        assert [item.id for item in unit.inbox("lan")] == [sent]
    [owed] = claim(ledger)
    assert owed.notification.purpose == CORRECTION
    assert owed.notification.recipient_id == "lan"
    assert "“Your pension”" in owed.notification.body["en"]


def test_cancelling_twice_or_what_never_was_changes_nothing(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        told(unit)
        unit.cancel_occasion("lan", "retirement", "a", reason="annulled", now=NOW)
        before = unit.counts()
        unit.cancel_occasion("lan", "retirement", "a", reason="annulled", now=NOW)
        unit.cancel_occasion("lan", "retirement", "never", reason="annulled", now=NOW)
        assert unit.counts() == before
        assert len(unit.cases()) == 1


def test_a_cancelled_occasion_is_not_detected_again(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        occasion(unit, detection())
        unit.cancel_occasion("lan", "retirement", "2027-06-01", reason="annulled", now=NOW)
        assert unit.add_occasion(detection(), now=NOW) is None


def test_the_inbox_shows_a_person_their_own_messages_newest_first_and_each_once(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        first = told(unit, key="a")
    with ledger.begin() as unit:
        second = message(occasion(unit, detection(anchor="b")), key="b")
        unit.enqueue(second)
        [one] = unit.claim("portal", now=NOW, lease=LEASE, limit=1)
        for _ in range(2):
            unit.put_in_inbox(one.id, one.notification, now=NOW + LEASE)
        assert [item.id for item in unit.inbox("lan")] == [one.id, first]
        assert unit.inbox("lan")[0].title == second.title
        assert unit.inbox("binh") == []


def test_reading_is_noted_once_and_only_for_ones_own_message(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        item = told(unit)
        unit.mark_read(item, "lan", now=NOW)
        unit.mark_read(item, "lan", now=NOW + LEASE)
        assert unit.inbox("lan")[0].read_at == NOW
        with pytest.raises(NotFound):
            unit.mark_read(item, "binh", now=NOW)


def test_the_budget_counts_delivered_messages_without_a_deadline_and_no_corrections(ledger: Ledger) -> None:
    with ledger.begin() as unit:
        told(unit, key="a")
        told(unit, key="b", deadline=NOW.date())
        told(unit, key="c", purpose=CORRECTION)
        unit.enqueue(message(occasion(unit, detection(anchor="d")), key="d"))
        assert unit.sent_since("lan", NOW - timedelta(days=7)) == 1
        assert unit.sent_since("lan", NOW) == 0
        assert unit.sent_since("binh", NOW - timedelta(days=7)) == 0


def test_what_no_longer_holds_is_dropped_unless_it_was_told(ledger: Ledger) -> None:
    key = ("lan", "retirement", "waits")
    with ledger.begin() as unit:
        told(unit, key="told")
        unit.enqueue(message(occasion(unit, detection(anchor="waits")), key="waits"))
        assert unit.unsent(["retirement"], ["lan"]) == [key]
        assert unit.unsent(["child_born"], ["lan"]) == []
        assert unit.unsent(["retirement"], ["binh"]) == []
    with ledger.begin() as unit:
        assert unit.drop_unsent([key, ("lan", "retirement", "told")], reason="done since", now=NOW) == 1
        assert unit.unsent(["retirement"], ["lan"]) == []
    assert claim(ledger) == []
    with ledger.begin() as unit:
        states = {row.notification.key: row.state for row in unit.messages_of("lan")}
    assert states == {"told": DELIVERED, "waits": CANCELLED}
