"""Delivery runs on both ledgers; a working Tuesday at ten."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest

from lifeevents.delivery.judging import DeliveryReport
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.calendar import WorkCalendar
from lifeevents.ports import Channel, Ledger
from lifeevents.testing import InMemoryLedger
from tests.store.values import NOW

ZONE = timezone(timedelta(hours=7))
CALENDAR = WorkCalendar(covers=(date(2026, 1, 1), date(2027, 12, 31)), holidays=frozenset({date(2026, 11, 26)}))

Deliver = Callable[..., DeliveryReport]


@pytest.fixture(params=["memory", "postgres"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """The ledger in memory, then the one on PostgreSQL."""
    if request.param == "memory":
        return InMemoryLedger()
    chosen: Ledger = request.getfixturevalue("postgres_ledger")
    return chosen


@pytest.fixture
def step(ledger: Ledger) -> Deliver:
    """`deliver` on the ledger with these channels: step(channel, ..., now=, budget=, limit=)."""

    def call(*channels: Channel, now: datetime = NOW, budget: int = 2, limit: int = 1000) -> DeliveryReport:
        by_name = {one.name: one for one in channels}
        return deliver(ledger, by_name, CALENDAR, ZONE, budget, now=now, limit=limit)

    return call
