"""Several workers, writers and stops at once, on a real PostgreSQL."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest

from lifeevents.domain.errors import Unavailable
from lifeevents.domain.occasion import AnswerKind, NotificationState
from lifeevents.ports import Unit
from lifeevents.store.database import connect
from lifeevents.store.ledger import PostgresLedger
from tests.store.values import NOW, TODAY, detection, message, occasion, prediction

LEASE = timedelta(seconds=30)


def fill(ledger: PostgresLedger, people: int) -> None:
    with ledger.begin() as unit:
        stored = unit.add_occasions([detection(f"s{number}") for number in range(people)], now=NOW)
        unit.enqueue_all([message(one) for one in stored if one])


def test_two_workers_at_once_never_claim_the_same_message(postgres_ledger: PostgresLedger) -> None:
    fill(postgres_ledger, 400)
    start = threading.Barrier(4)

    def work() -> list[str]:
        mine = []
        start.wait()
        while True:
            with postgres_ledger.begin() as unit:
                claimed = unit.claim("portal", now=NOW, lease=LEASE, limit=7)
            if not claimed:
                return mine
            mine += [one.id for one in claimed]

    with ThreadPoolExecutor(4) as pool:
        taken = [one for job in [pool.submit(work) for _ in range(4)] for one in job.result()]
    assert len(taken) == len(set(taken)) == 400


def test_messages_that_another_transaction_holds_are_skipped_not_waited_for(postgres_ledger: PostgresLedger) -> None:
    fill(postgres_ledger, 10)
    with postgres_ledger.begin() as first:
        held = {one.id for one in first.claim("portal", now=NOW, lease=LEASE, limit=4)}
        with postgres_ledger.begin() as second:
            free = {one.id for one in second.claim("portal", now=NOW, lease=LEASE, limit=10)}
    assert len(held) == 4
    assert len(free) == 6
    assert not held & free


def test_two_sweeps_at_once_store_each_occasion_once(postgres_ledger: PostgresLedger) -> None:
    found = [detection(f"s{number}") for number in range(200)]
    found += [prediction(TODAY, TODAY + timedelta(days=300), f"s{number}") for number in range(200)]
    start = threading.Barrier(3)

    def sweep(order: int) -> int:
        start.wait()
        with postgres_ledger.begin() as unit:
            return sum(one is not None for one in unit.add_occasions(found[::order], now=NOW))

    with ThreadPoolExecutor(3) as pool:
        stored = list(pool.map(sweep, [1, -1, 1]))
    assert sum(stored) == 400
    with postgres_ledger.begin() as unit:
        assert unit.counts()["occasions.shop"] == 200


def test_two_sweeps_with_different_first_days_agree_on_one_prediction(postgres_ledger: PostgresLedger) -> None:
    start = threading.Barrier(2)

    def sweep(day: int) -> bool:
        start.wait()
        as_of = TODAY + timedelta(days=day)
        with postgres_ledger.begin() as unit:
            return unit.add_occasion(prediction(as_of, as_of + timedelta(days=300)), now=NOW) is not None

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, [0, 1])) == [False, True]


STOPS: dict[str, Callable[[Unit], object]] = {
    "kill switch": lambda unit: unit.switch("retirement", "portal", off=True, who="o", reason="r", now=NOW),
    "opt-out": lambda unit: unit.set_consent("s0", "offer", "portal", allowed=False, now=NOW),
    "death": lambda unit: unit.mark_dead(["s0"], now=NOW),
    "annulment": lambda unit: unit.cancel_occasion("s0", "retirement", "2027-06-01", reason="annulled", now=NOW),
    "answer": lambda unit: unit.answer(
        unit.offers("s0")[0].id, "s0", AnswerKind.NOT_FOR_ME, note=None, until=None, now=NOW
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_a_stop_is_acknowledged_only_after_deliveries_that_had_not_seen_it(
    postgres_ledger: PostgresLedger, name: str
) -> None:
    """A delivery under way has read the state before the stop: the stop commits after it, never before."""
    with postgres_ledger.begin() as unit:
        unit.enqueue(message(occasion(unit, detection("s0"), ["a"])))
    order: list[str] = []

    def stop() -> None:
        with postgres_ledger.begin() as unit:
            STOPS[name](unit)
        order.append("stopped")

    with ThreadPoolExecutor(1) as pool:
        with postgres_ledger.begin() as unit:
            [one] = unit.claim("portal", now=NOW, lease=LEASE, limit=1)
            unit.standings([one], now=NOW)
            stopping: Future[None] = pool.submit(stop)
            time.sleep(0.2)
            assert not stopping.done()
            unit.settle(one.id, NotificationState.DELIVERED, stops=[], now=NOW)
            order.append("delivered")
        stopping.result(timeout=10)
    assert order == ["delivered", "stopped"]


def test_an_annulment_that_meets_a_delivery_under_way_owes_its_correction(postgres_ledger: PostgresLedger) -> None:
    fill(postgres_ledger, 1)

    def annul() -> None:
        with postgres_ledger.begin() as unit:
            unit.cancel_occasion("s0", "retirement", "2027-06-01", reason="annulled", now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with postgres_ledger.begin() as unit:
            [one] = unit.claim("portal", now=NOW, lease=LEASE, limit=1)
            annulling = pool.submit(annul)
            time.sleep(0.2)
            unit.settle(one.id, NotificationState.DELIVERED, stops=[], now=NOW)
        annulling.result(timeout=10)
    with postgres_ledger.begin() as unit:
        counts = unit.counts()
        assert (counts["notifications.delivered"], counts["notifications.waiting"]) == (1, 1)
        assert [case.kind for case in unit.cases()] == ["correction"]


def test_a_database_that_is_away_is_unavailable_and_nothing_else() -> None:
    ledger = PostgresLedger(connect("postgresql://nobody@127.0.0.1:1/none"))
    with pytest.raises(Unavailable, match="nothing was stored"), ledger.begin():
        pass
