"""The worker's step: claim what is due, let the stop rules judge it, send it or not.

A transactional channel (the portal inbox) sends in batches: claim, rows and settlement commit together, and a
killed worker leaves nothing behind. Any other channel gets one message at a time: the claim is committed first
(a lease), then the message is locked, judged again and sent while the lock is held. A worker that dies leaves a
lease that runs out; one that merely pauses keeps its lock, so nobody sends in its place. A message whose sending
breaks is put back with a growing wait, and after `ATTEMPTS` referred to a person: it holds up nobody else.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from lifeevents.delivery.judging import DeliveryReport, Judge, refer
from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.errors import Unavailable
from lifeevents.domain.occasion import NotificationState
from lifeevents.ports import Channel, Claimed, Ledger

BATCH = 100
"""Messages per transaction; a stop (an opt-out, a switch) waits for at most one batch."""

LEASE = timedelta(seconds=30)
ATTEMPTS = 5
BACKOFF = timedelta(minutes=1)
"""Wait after the first failure; doubled after each further one."""


def deliver(
    ledger: Ledger,
    channels: Mapping[str, Channel],
    calendar: WorkCalendar,
    zone: tzinfo,
    budget: int,
    *,
    now: datetime,
    limit: int = 1000,
) -> DeliveryReport:
    """Handle at most `limit` messages per channel that are due at `now`.

    `budget` is how many messages without a statutory deadline a person may get in seven days; nights, weekends
    and holidays are those of `calendar` in `zone`. Safe to run in several processes at once. Raises Unavailable
    when the database is away (what was not settled is found again), and ValueError when `now` has no zone or
    lies outside the calendar.
    """
    if now.tzinfo is None:
        raise ValueError("deliver needs a `now` with a time zone.")
    local = now.astimezone(zone)
    judge = Judge(now=now, today=local.date(), speak_at=calendar.next_speaking(local), budget=budget)
    for channel in channels.values():
        left = limit
        while left > 0:
            size = min(BATCH, left)
            if _step(ledger, channel, judge, size) < size:
                break
            left -= size
    return judge.report()


def _step(ledger: Ledger, channel: Channel, judge: Judge, size: int) -> int:
    """Handle one batch; returns how many messages were claimed."""
    if not channel.transactional:
        return _one_by_one(ledger, channel, judge, size)
    before = judge.mark()
    try:
        with ledger.begin() as unit:
            claimed = unit.claim(channel.name, now=judge.now, lease=LEASE, limit=size)
            judge.handle(unit, channel, claimed)
        return len(claimed)
    except Unavailable:
        raise
    except Exception:  # some message broke the batch: nothing of it was stored, so each gets its own transaction
        judge.back_to(before)
        return _one_by_one(ledger, channel, judge, size)


def _one_by_one(ledger: Ledger, channel: Channel, judge: Judge, size: int) -> int:
    with ledger.begin() as unit:
        claimed = unit.claim(channel.name, now=judge.now, lease=LEASE, limit=size)
    for one in claimed:
        before = judge.mark()
        try:
            with ledger.begin() as unit:
                if unit.hold(one, now=judge.now):
                    judge.handle(unit, channel, [one])
        except Unavailable:
            raise
        except Exception as problem:
            judge.back_to(before)
            _put_back(ledger, judge, one, type(problem).__name__)
    return len(claimed)


def _put_back(ledger: Ledger, judge: Judge, one: Claimed, problem: str) -> None:
    """Sending broke: try again later, or, after `ATTEMPTS`, refer to a person. Only the error's type is kept: its
    text may hold an address."""
    stops = [{"rule": "channel", "result": "stopped", "reason": problem, "inputs": {"attempts": one.attempts}}]
    with ledger.begin() as unit:
        if not unit.hold(one, now=judge.now):
            return
        if one.attempts >= ATTEMPTS:
            refer(unit, one.notification, f"Sending failed {one.attempts} times ({problem}).", now=judge.now)
            unit.settle(one.id, NotificationState.REFERRED, stops=stops, now=judge.now)
            judge.count("referred")
        else:
            wait = BACKOFF * 2 ** (one.attempts - 1)
            unit.postpone(one.id, until=judge.now + wait, stops=stops, now=judge.now)
            judge.count("failed")
