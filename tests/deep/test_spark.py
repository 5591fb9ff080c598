"""The sweep on Spark finds what the local sweep finds, byte for byte, and decides as it does."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from lifeevents.pipeline.sweep import Found, detect
from lifeevents.store.ledger import PostgresLedger
from lifeevents.testing.ledger import InMemoryLedger
from serving.spark import detect_on_spark, sweep_on_spark
from serving.work import detectors_of, sweep_all
from tests.deep.needs import java_home
from tests.deep.world import World

ROOT = Path(__file__).parents[2]
MASTER = "local[2]"


@pytest.fixture(autouse=True)
def java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Java for the driver, and this tree for the worker processes."""
    home = java_home()
    assert home, "No Java 17 here. `make deep` installs it, or says what to type."
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def written(found: Found) -> list[bytes]:
    """A bucket's detections as bytes."""
    return [detection.model_dump_json().encode() for detection in found.detections]


def test_spark_finds_in_every_bucket_what_the_local_sweep_finds_to_the_byte(world: World) -> None:
    product, day = world.product, world.product.clock.now().date() - timedelta(days=1)
    detectors = detectors_of(product)
    on_spark = list(detect_on_spark(product, MASTER, day))
    assert len(on_spark) == product.features.buckets > 1
    for bucket, found in enumerate(on_spark):
        here = detect(product.features, detectors, bucket, day, product.pack)
        assert written(found) == written(here)
        assert found.snapshot.rows.equals(here.snapshot.rows.select(found.snapshot.rows.column_names))
        assert found.snapshot.withdrawn == here.snapshot.withdrawn
        assert found.snapshot.ties == here.snapshot.ties
    assert sum(len(found.detections) for found in on_spark) > 20


def test_a_sweep_on_spark_tells_whom_the_local_sweep_told(world: World, postgres_ledger: PostgresLedger) -> None:
    now = world.product.clock.now()
    day = now.date() - timedelta(days=1)
    report = sweep_on_spark(world.product, postgres_ledger, MASTER, as_of=day, now=now)
    again = sweep_on_spark(world.product, postgres_ledger, MASTER, as_of=day, now=now)
    local = InMemoryLedger()
    sweep_all(world.product, local, world.online, as_of=day, now=now)
    with postgres_ledger.begin() as ours, local.begin() as theirs:
        for kind in ("recommendations", *(f"occasions.{milestone}" for milestone in report.occasions)):
            assert ours.counts()[kind] == theirs.counts()[kind]
    assert report.notifications > 20
    assert again.notifications == 0
    assert report.detections == again.detections


def test_without_java_spark_says_what_it_needs(tmp_path: Path) -> None:
    start = (
        "from datetime import date; from serving.spark import detect_on_spark; from serving.bootstrap import Product;"
        "from serving.settings import Settings; "
        "next(detect_on_spark(Product(Settings()), 'local[1]', date(2026, 1, 1)))"
    )
    nowhere = {**os.environ, "JAVA_HOME": str(tmp_path), "LIFEEVENTS_VAR": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, env=nowhere, cwd=ROOT)
    assert said.stderr.splitlines()[-1].startswith("lifeevents.domain.errors.Unavailable: Spark does not start")
    assert "Java 17" in said.stderr.splitlines()[-1]
