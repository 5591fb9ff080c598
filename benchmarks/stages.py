"""The stages of a sweep over a simulated population, each a function that a process of its own can run."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
import pyarrow as pa
from sqlalchemy import make_url

from benchmarks import peers
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.pipeline.sweep import sweep
from lifeevents.ports import Ledger, Snapshot
from serving.bootstrap import Product
from serving.demo import LAST_DELIVERY, PRESENT, SEED
from serving.settings import Settings
from serving.work import ALL, detectors_of, simulate_into, train_all

AS_OF = PRESENT.date() - timedelta(days=1)
Found = Mapping[str, Any]


def product_in(var: Path) -> Product:
    """The product on the demo's day, in a folder of its own and on an embedded database."""
    return Product(Settings().model_copy(update={"var": var, "now": PRESENT, "database_url": None}))


def seconds(work: Callable[[], Any]) -> float:
    """How long a piece of work takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def simulating(var: Path, people: int) -> Found:
    """A population into `var`/dump."""
    product = product_in(var)

    def work() -> None:
        simulate_into(
            var / "dump", product, people=people, seed=SEED, until=LAST_DELIVERY, tell=lambda label, done: None
        )

    return {"seconds": seconds(work)}


def importing(var: Path, dump: Path) -> Found:
    """The dump through the gate into the lake of `var`."""
    from lifeevents.registers.importing import import_dump

    product = product_in(var)
    return {"seconds": seconds(lambda: import_dump(dump, product.lake, product.pack.vocabulary))}


def training(var: Path) -> Found:
    """Every predicted milestone, so that the sweep has its detectors."""
    product = product_in(var)
    return {"seconds": seconds(lambda: train_all(product, as_of=LAST_DELIVERY))}


def sweeping(var: Path, database: str) -> Found:
    """One sweep into an empty database: seconds of features, detectors and decisions, and how many subjects."""
    product = product_in(var)
    detectors = detectors_of(product)
    with ledger_in(product, database) as ledger:
        report = sweep(
            product.features, detectors, ledger, product.pack, product.rules, as_of=AS_OF, now=product.clock.now()
        )
    return {**report.seconds, "subjects": report.subjects, "messages": report.notifications}


def pandas_features(var: Path) -> Found:
    """The features peer, over the same lake."""
    product = product_in(var)
    return {"seconds": seconds(lambda: peers.in_pandas(product.lake, product.pack.vocabulary, AS_OF))}


def rules(var: Path) -> Found:
    """Every rule over everyone, in SQL and person by person; raises RuntimeError when they disagree."""
    product = product_in(var)
    rows = pa.concat_tables(snapshot.rows for snapshot in snapshots(product, AS_OF))
    asked = peers.conditions(product.pack, product.known)
    found: dict[str, list[int]] = {}
    sql = seconds(lambda: found.update(sql=peers.rules_in_sql(asked, rows)))
    python = seconds(lambda: found.update(python=peers.rules_in_python(asked, rows)))
    if found["sql"] != found["python"]:
        raise RuntimeError(f"SQL and Python disagree on a rule: {found}")
    return {"seconds": sql, "peer": python, "rules": len(asked)}


def delivering_batches(var: Path, database: str) -> Found:
    """What a sweep left in the outbox, in our batches."""
    product = product_in(var)
    pack, now = product.pack, product.clock.now()

    def work(ledger: Ledger) -> None:
        deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=now, limit=ALL)

    with ledger_in(product, database) as ledger:
        return {"seconds": seconds(lambda: work(ledger))}


def delivering_singly(var: Path, database: str) -> Found:
    """The same outbox, a transaction per message."""
    product = product_in(var)
    with ledger_in(product, database) as ledger:
        return {"seconds": seconds(lambda: peers.one_by_one(ledger, product.pack, now=product.clock.now()))}


def snapshots(product: Product, as_of: date) -> Iterator[Snapshot]:
    """The population, bucket by bucket."""
    for bucket in range(product.features.buckets):
        yield product.features.snapshot(bucket, as_of, since=as_of)


@contextmanager
def ledger_in(product: Product, database: str) -> Iterator[Ledger]:
    """A ledger in a database of that name on the embedded server."""
    from lifeevents.store.database import connect, migrate
    from lifeevents.store.ledger import PostgresLedger
    from serving.servers import postgres

    with postgres(product.var / "postgres", database=database) as url:
        migrate(url)
        engine = connect(url)
        try:
            yield PostgresLedger(engine, heads=product.var / f"{database}-heads.txt")
        finally:
            engine.dispose()


def copy_database(product: Product, source: str, target: str) -> None:
    """The same outbox once more: a database made from another as its template."""
    from serving.servers import postgres

    with postgres(product.var / "postgres", database="postgres") as url:
        given = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(given, autocommit=True) as con:
            con.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
