"""The sweep's detection on Spark: one task per bucket, running the very function that the local sweep runs.

Executors read the lake and the models, write features online, and send back what was found; decisions stay with the
driver, in PostgreSQL. `var/` lies where every executor sees it, and the product is installed on each.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from lifeevents.domain.errors import Unavailable
from lifeevents.pipeline.sweep import Found, Progress, SweepReport, detect, sweep
from lifeevents.ports import Detector, FeatureSource, Ledger
from serving.bootstrap import Product
from serving.settings import Settings
from serving.work import Publishing, detectors_of

if TYPE_CHECKING:
    from pyspark import SparkContext

READ_BY_DECISIONS = ("subject_id", "alive")
"""The columns of a snapshot that deciding reads; the others stay with the executor."""
LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


@dataclass(frozen=True)
class Task:
    """One bucket's work, as it travels to an executor: settings and a day, nothing that is open."""

    settings: Settings
    online_url: str | None
    as_of: date

    def __call__(self, bucket: int) -> Found:
        """Detect; without an `online_url` the features go nowhere."""
        product, source, detectors = _parts(self.settings, self.online_url)
        found = detect(source, detectors, bucket, self.as_of, product.pack)
        rows, no_events = found.snapshot.rows.select(READ_BY_DECISIONS), found.snapshot.events.schema.empty_table()
        slim = replace(found.snapshot, rows=rows, events=no_events)
        return replace(found, snapshot=slim)


@lru_cache(maxsize=1)
def _parts(settings: Settings, online_url: str | None) -> tuple[Product, FeatureSource, list[Detector]]:
    """What a worker process needs, made by its first task."""
    product = Product(settings)
    source: FeatureSource = product.features
    if online_url:
        import redis

        from features.packed import OnlineRows

        source = Publishing(source, OnlineRows(redis.Redis.from_url(online_url), product.pack.vocabulary))
    return product, source, list(detectors_of(product))


def detect_on_spark(product: Product, master: str, as_of: date, *, online_url: str | None = None) -> Iterator[Found]:
    """Every bucket's detections, in the buckets' order.

    All buckets run first, in parallel, and lie on the executors' disks; the driver then takes one at a time, so that
    its memory holds one. Raises Unavailable without Spark or Java.
    """
    from pyspark import StorageLevel

    with _context(master) as context:
        buckets = product.features.buckets
        task = Task(product.settings.model_copy(update={"var": product.var.absolute()}), online_url, as_of)
        found = context.parallelize(range(buckets), buckets).map(task).persist(StorageLevel.DISK_ONLY)
        found.count()
        yield from found.toLocalIterator()


def sweep_on_spark(
    product: Product, ledger: Ledger, master: str, *, as_of: date, now: datetime, progress: Progress | None = None
) -> SweepReport:
    """`serving.work.sweep_all` with the buckets on a cluster, or on this machine's cores (`local[*]`)."""
    from serving.servers import valkey

    with valkey(product.var / "valkey", product.settings.online_url) as url:
        return sweep(
            product.features,
            detectors_of(product),
            ledger,
            product.pack,
            product.rules,
            as_of=as_of,
            now=now,
            progress=progress,
            detected=detect_on_spark(product, master, as_of, online_url=url),
        )


@contextmanager
def _context(master: str) -> "Iterator[SparkContext]":
    """A Spark context of our own while the block runs. A local one listens on loopback only, and shows no web page."""
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkRuntimeError
    except ModuleNotFoundError:
        raise Unavailable('Spark is not installed. Type: pip install "lifeevents[spark]"') from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf().setMaster(master).setAppName("lifeevents sweep").set("spark.ui.enabled", "false")
    if master.startswith("local"):
        conf.setAll(list(LOOPBACK.items()))
    try:
        context = SparkContext(conf=conf)
    except PySparkRuntimeError as error:
        raise Unavailable(f"Spark does not start ({error}). It needs Java 17 or newer: set JAVA_HOME.") from None
    context.setLogLevel("ERROR")
    try:
        yield context
    finally:
        context.stop()
