"""A story on a product's own parts: the worker runs in a thread beside the pages, on the demonstration's clock."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from lifeevents.domain.calendar import local_day
from lifeevents.domain.occasion import FactValue
from lifeevents.ports import Ledger
from serving.bootstrap import Product
from serving.clock import MovableClock
from serving.story.casting import CAST, ENOUGH, cast
from serving.story.teller import Teller
from serving.work import deliver_all, reactor_of
from serving.worker import Worker

if TYPE_CHECKING:
    from features.packed import OnlineRows

NEVER_TOO_OLD = timedelta(days=3660)


def choose_cast(product: Product, ledger: Ledger) -> None:
    """Keep who may play in each story; no more buckets are looked into than it takes."""
    as_of, chosen = local_day(product.clock.now(), product.pack.tz), dict[str, list[str]]()
    for bucket in range(product.features.buckets):
        snapshot = product.features.snapshot(bucket, as_of, since=as_of)
        chosen = cast(ledger, product.pack, snapshot, product.known, chosen)
        if all(len(people) >= ENOUGH for people in chosen.values()):
            break
    with ledger.begin() as unit:
        unit.save_report(CAST, chosen, now=product.clock.now())


@contextmanager
def telling(product: Product, ledger: Ledger, online: "OnlineRows") -> Iterator[Teller]:
    """A teller whose worker runs while the block does. The product must be a demonstration's."""
    clock = product.clock
    if not isinstance(clock, MovableClock):
        raise TypeError("a story needs a clock that can be moved: Product(settings, demo=True) with LIFEEVENTS_NOW")
    reactor = reactor_of(product, ledger, online)
    worker = Worker(reactor, lambda now: deliver_all(product, ledger, now=now), clock)

    def stands(subject_id: str) -> Mapping[str, FactValue]:
        as_of = local_day(clock.now(), product.pack.tz)
        with ledger.begin() as unit:
            rows = reactor.source.look([subject_id], unit.live_rows, as_of, since=as_of).snapshot.rows
        return next((row for row in rows.to_pylist() if row.pop("subject_id") == subject_id), {})

    def published(subject_id: str) -> Mapping[str, FactValue]:
        row = online.read(subject_id, now=clock.now(), max_age=NEVER_TOO_OLD)
        return row.values if row else {}

    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield Teller(ledger, product.pack, clock, worker, stands, published)
    finally:
        worker.stop()
        thread.join()
