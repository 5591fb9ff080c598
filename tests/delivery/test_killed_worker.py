"""Workers that die at the worst moment, as real processes on a real PostgreSQL."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from lifeevents.delivery.channels.portal import Portal
from lifeevents.delivery.outbox import LEASE, deliver
from lifeevents.store.ledger import PostgresLedger
from tests.delivery.conftest import CALENDAR, ZONE
from tests.store.values import NOW, detection, message, occasion

WORKER = """
import sys, time
from lifeevents.delivery.channels.portal import Portal
from lifeevents.delivery.outbox import deliver
from lifeevents.store.database import connect
from lifeevents.store.ledger import PostgresLedger
from tests.delivery.conftest import CALENDAR, ZONE
from tests.store.values import NOW

class Stuck(Portal):
    transactional = sys.argv[2] == "transactional"

    def send(self, notification_id, notification, unit, *, now):
        super().send(notification_id, notification, unit, now=now)
        print("sending", flush=True)
        time.sleep(600)

deliver(PostgresLedger(connect(sys.argv[1])), {"portal": Stuck()}, CALENDAR, ZONE, 2, now=NOW)
"""

ROOT = Path(__file__).parents[2]


def kill_a_worker_while_it_sends(url: str, kind: str) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, url, kind],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "sending\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()


def state(ledger: PostgresLedger) -> tuple[int, int]:
    """Messages delivered, items in the inbox."""
    with ledger.begin() as unit:
        return unit.counts().get("notifications.delivered", 0), len(unit.inbox("lan"))


@pytest.mark.parametrize(("kind", "wait"), [("transactional", timedelta(0)), ("outside", LEASE)])
def test_a_killed_workers_message_is_delivered_exactly_once_after_its_lease(
    postgres_ledger: PostgresLedger, database_url: str, kind: str, wait: timedelta
) -> None:
    with postgres_ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection())))
    kill_a_worker_while_it_sends(database_url, kind)
    assert state(postgres_ledger) == (0, 0)

    def another_worker(after: timedelta) -> None:
        deliver(postgres_ledger, {"portal": Portal()}, CALENDAR, ZONE, 2, now=NOW + after)

    if wait:
        another_worker(wait - timedelta(seconds=1))
        assert state(postgres_ledger) == (0, 0)
    another_worker(wait)
    another_worker(wait + LEASE)
    assert state(postgres_ledger) == (1, 1)
