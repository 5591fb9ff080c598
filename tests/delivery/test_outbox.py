"""The worker's step: what is sent, what is not, and where the rest goes."""

from datetime import date, datetime, timedelta

import pytest

from lifeevents.delivery.channels.portal import Portal
from lifeevents.delivery.errors import Later, Never
from lifeevents.delivery.judging import DeliveryReport
from lifeevents.domain.occasion import AnswerKind
from lifeevents.ports import Ledger
from lifeevents.testing import FakeChannel
from tests.delivery.conftest import CALENDAR, ZONE, Deliver
from tests.store.values import NOW, detection, message, occasion

EVENING = datetime(2026, 11, 25, 20, 30, tzinfo=ZONE)
"""A Wednesday; the Thursday after it is a holiday."""


def enqueue(ledger: Ledger, *anchors: str, **given: object) -> None:
    """A message to Lan per anchor, each about an occasion of its own."""
    with ledger.begin() as unit:
        for anchor in anchors:
            unit.enqueue(message(occasion(unit, detection(anchor=anchor), ["a"]), **given))


def inbox(ledger: Ledger) -> int:
    with ledger.begin() as unit:
        return len(unit.inbox("lan"))


def test_what_is_due_reaches_the_inbox_once(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    assert step(Portal()) == DeliveryReport(delivered=1)
    assert step(Portal()) == DeliveryReport()
    with ledger.begin() as unit:
        [item] = unit.inbox("lan")
    assert (item.title["en"], item.delivered_at, item.read_at) == ("Your pension", NOW, None)


def test_a_third_message_in_a_week_waits_even_within_one_batch(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a", "b", "c")
    assert step(Portal()) == DeliveryReport(delivered=2, postponed=1, stopped_by={"budget": 1})
    assert step(Portal(), now=NOW + timedelta(days=6)).delivered == 0
    assert step(Portal(), now=NOW + timedelta(days=7)) == DeliveryReport(delivered=1)


def test_a_statutory_deadline_is_exempt_from_the_budget(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a", "b", "c", deadline=date(2026, 12, 30))
    assert step(Portal()) == DeliveryReport(delivered=3)


def test_one_occasion_is_told_once_per_purpose_even_within_one_batch(ledger: Ledger, step: Deliver) -> None:
    with ledger.begin() as unit:
        at = occasion(unit, detection())
        unit.enqueue_all([message(at, key="1"), message(at, key="2"), message(at, key="3", purpose="reminder")])
    assert step(Portal()) == DeliveryReport(delivered=2, cancelled=1, stopped_by={"already_told": 1})


def test_evening_and_holiday_wait_for_the_next_working_morning(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    assert step(Portal(), now=EVENING) == DeliveryReport(postponed=1, stopped_by={"quiet_time": 1})
    friday = datetime(2026, 11, 27, 8, 0, tzinfo=ZONE)
    assert step(Portal(), now=friday - timedelta(minutes=1)) == DeliveryReport()
    assert step(Portal(), now=friday) == DeliveryReport(delivered=1)


def test_a_deadline_that_the_holiday_would_swallow_is_told_in_the_evening(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a", deadline=date(2026, 11, 26))
    assert step(Portal(), now=EVENING) == DeliveryReport(delivered=1)


def test_a_death_that_the_sweep_saw_cancels_what_waits(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    with ledger.begin() as unit:
        unit.mark_dead(["lan"], now=NOW)
    assert step(Portal()) == DeliveryReport(cancelled=1, stopped_by={"death_and_loss": 1})
    assert inbox(ledger) == 0


def test_a_switched_off_milestone_sends_nothing(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    with ledger.begin() as unit:
        unit.switch("retirement", "portal", off=True, who="officer:1", reason="complaints", now=NOW)
    assert step(Portal()) == DeliveryReport(cancelled=1, stopped_by={"switched_off": 1})


def test_who_has_answered_is_not_told(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    with ledger.begin() as unit:
        [offer] = unit.offers("lan")
        unit.answer(offer.id, "lan", AnswerKind.DONE, note=None, until=None, now=NOW)
    assert step(Portal()) == DeliveryReport(cancelled=1, stopped_by={"already_answered": 1})


def test_a_message_for_somebody_who_is_no_guardian_goes_to_a_person(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a", recipient_id="mai")
    assert step(Portal()) == DeliveryReport(referred=1, stopped_by={"right_person": 1})
    with ledger.begin() as unit:
        [case] = unit.cases()
        assert (case.kind, case.reason) == (
            "referred",
            "The recipient is neither the subject nor a currently valid guardian.",
        )
        assert unit.inbox("mai") == []


def test_after_an_annulment_the_correction_itself_is_delivered(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    step(Portal())
    with ledger.begin() as unit:
        unit.cancel_occasion("lan", "retirement", "a", reason="annulled", now=NOW)
    assert step(Portal()) == DeliveryReport(delivered=1)
    with ledger.begin() as unit:
        assert {item.title["en"] for item in unit.inbox("lan")} == {
            "Your pension",
            "A correction to an earlier message",
        }


def test_a_limit_is_kept_and_the_rest_waits(ledger: Ledger, step: Deliver) -> None:
    with ledger.begin() as unit:
        for number in range(7):
            unit.enqueue(message(occasion(unit, detection(f"s{number}"))))
    assert step(Portal(), limit=5).delivered == 5
    assert step(Portal(), limit=5).delivered == 2


@pytest.mark.parametrize("transactional", [True, False])
def test_later_gives_the_message_back_until_then(ledger: Ledger, step: Deliver, transactional: bool) -> None:
    enqueue(ledger, "a")
    channel = FakeChannel("portal", transactional, answers=[Later(timedelta(minutes=10))])
    assert step(channel) == DeliveryReport(postponed=1, stopped_by={"channel": 1})
    assert step(channel, now=NOW + timedelta(minutes=9)) == DeliveryReport()
    assert step(channel, now=NOW + timedelta(minutes=10)) == DeliveryReport(delivered=1)
    assert len(channel.sent) == 1


@pytest.mark.parametrize("transactional", [True, False])
def test_never_refers_the_message_with_the_channels_reason(ledger: Ledger, step: Deliver, transactional: bool) -> None:
    enqueue(ledger, "a")
    channel = FakeChannel("portal", transactional, answers=[Never("no such address")])
    assert step(channel) == DeliveryReport(referred=1, stopped_by={"channel": 1})
    with ledger.begin() as unit:
        assert [case.reason for case in unit.cases()] == ["no such address"]


@pytest.mark.parametrize("transactional", [True, False])
def test_a_message_that_breaks_holds_up_nobody_else(ledger: Ledger, step: Deliver, transactional: bool) -> None:
    with ledger.begin() as unit:
        for number in range(5):
            unit.enqueue(message(occasion(unit, detection(f"s{number}")), not_before=NOW + timedelta(seconds=number)))

    class Poisoned(FakeChannel):
        def send(self, notification_id, notification, unit, *, now):  # type: ignore[no-untyped-def]
            if notification.subject_id == "s2":
                raise KeyError("0912 345 678")
            super().send(notification_id, notification, unit, now=now)

    channel = Poisoned("portal", transactional, in_inbox=True)
    now = NOW + timedelta(minutes=1)
    assert step(channel, now=now) == DeliveryReport(delivered=4, failed=1)
    with ledger.begin() as unit:
        assert [len(unit.inbox(f"s{number}")) for number in range(5)] == [1, 1, 0, 1, 1]
        assert unit.counts()["notifications.waiting"] == 1


def test_a_message_that_breaks_again_and_again_is_referred_to_a_person(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    channel = FakeChannel("portal", answers=[KeyError("0912 345 678")] * 9)
    now, outcomes = NOW, []
    for _ in range(6):
        report = step(channel, now=now)
        outcomes.append((report.failed, report.referred))
        now += timedelta(minutes=20)
    assert outcomes == [(1, 0)] * 4 + [(0, 1), (0, 0)]
    with ledger.begin() as unit:
        assert [case.reason for case in unit.cases()] == ["Sending failed 5 times (KeyError)."]


def test_a_failed_message_waits_longer_each_time(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    channel = FakeChannel("portal", answers=[OSError(), OSError()])
    step(channel)
    assert step(channel, now=NOW + timedelta(seconds=59)).failed == 0
    assert step(channel, now=NOW + timedelta(seconds=60)).failed == 1
    assert step(channel, now=NOW + timedelta(seconds=179)) == DeliveryReport()
    assert step(channel, now=NOW + timedelta(seconds=180)).delivered == 1


def test_what_an_outside_channel_is_about_to_send_is_judged_after_the_claim(ledger: Ledger, step: Deliver) -> None:
    """The first send marks the second recipient dead: the claim is old by then, the judgement is not."""
    with ledger.begin() as unit:
        for subject in ("lan", "mai"):
            at = occasion(unit, detection(subject))
            unit.enqueue(message(at, not_before=NOW - timedelta(hours=subject == "lan")))

    class Fateful(FakeChannel):
        def send(self, notification_id, notification, unit, *, now):  # type: ignore[no-untyped-def]
            unit.mark_dead(["mai"], now=now)
            super().send(notification_id, notification, unit, now=now)

    channel = Fateful("portal")
    assert step(channel) == DeliveryReport(delivered=1, cancelled=1, stopped_by={"death_and_loss": 1})
    assert [sent.recipient_id for _, sent in channel.sent] == ["lan"]


def test_other_channels_messages_wait_for_their_channel(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a", channel="sms")
    with ledger.begin() as unit:
        unit.set_consent("lan", "offer", "sms", allowed=True, now=NOW)
    assert step(Portal()) == DeliveryReport()
    assert step(Portal(), FakeChannel("sms")) == DeliveryReport(delivered=1)


def test_a_moment_without_a_zone_is_refused_before_anything_is_claimed(ledger: Ledger, step: Deliver) -> None:
    enqueue(ledger, "a")
    with pytest.raises(ValueError, match="time zone"):
        step(Portal(), now=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="calendar covers"):
        step(Portal(), now=NOW.replace(year=2031))
    with ledger.begin() as unit:
        assert unit.counts()["notifications.waiting"] == 1


def test_the_tests_calendar_knows_its_holiday() -> None:
    assert not CALENDAR.is_working(date(2026, 11, 26))
