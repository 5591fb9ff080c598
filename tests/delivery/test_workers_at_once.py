"""Several workers at once on a real PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from lifeevents.delivery.channels.portal import Portal
from lifeevents.delivery.judging import DeliveryReport
from lifeevents.delivery.outbox import LEASE, deliver
from lifeevents.domain.occasion import Notification
from lifeevents.ports import Unit
from lifeevents.store.ledger import PostgresLedger
from lifeevents.testing import FakeChannel
from tests.delivery.conftest import CALENDAR, ZONE
from tests.store.values import NOW, detection, message, occasion

WORKERS = 4


def all_at_once(ledger: PostgresLedger, limit: int) -> list[DeliveryReport]:
    start = threading.Barrier(WORKERS)

    def work(_: int) -> DeliveryReport:
        start.wait()
        return deliver(ledger, {"portal": Portal()}, CALENDAR, ZONE, 2, now=NOW, limit=limit)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_workers_at_once_deliver_every_message_once(postgres_ledger: PostgresLedger) -> None:
    with postgres_ledger.begin() as unit:
        stored = unit.add_occasions([detection(f"s{number}") for number in range(500)], now=NOW)
        unit.enqueue_all([message(one) for one in stored if one])
    reports = all_at_once(postgres_ledger, limit=1000)
    assert sum(one.delivered for one in reports) == 500
    with postgres_ledger.begin() as unit:
        assert all(len(unit.inbox(f"s{number}")) == 1 for number in range(500))


def test_workers_at_once_cannot_overdraw_a_persons_budget(postgres_ledger: PostgresLedger) -> None:
    with postgres_ledger.begin() as unit:
        unit.enqueue_all([message(occasion(unit, detection(anchor=str(number)))) for number in range(WORKERS)])
    reports = all_at_once(postgres_ledger, limit=1)
    assert sum(one.delivered for one in reports) == 2
    assert sum(one.postponed for one in reports) == WORKERS - 2


def test_a_worker_that_outlives_its_lease_does_not_send_what_another_has_sent(postgres_ledger: PostgresLedger) -> None:
    """While the first message is being sent, its worker's lease on the second runs out and another sends that."""
    with postgres_ledger.begin() as unit:
        unit.enqueue_all([message(occasion(unit, detection(subject))) for subject in ("lan", "mai")])
    quick = FakeChannel("portal")

    class Slow(FakeChannel):
        def send(self, notification_id: str, notification: Notification, unit: Unit, *, now: datetime) -> None:
            super().send(notification_id, notification, unit, now=now)
            deliver(postgres_ledger, {"portal": quick}, CALENDAR, ZONE, 2, now=NOW + LEASE)

    slow = Slow("portal")
    deliver(postgres_ledger, {"portal": slow}, CALENDAR, ZONE, 2, now=NOW)
    assert len(slow.sent) == len(quick.sent) == 1
    assert slow.sent[0][0] != quick.sent[0][0]
