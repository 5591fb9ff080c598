"""Workers and compactions that are killed anywhere: nothing accepted is lost, and nothing is there twice.

Real processes on a real PostgreSQL, two at a time. `KILLS=100` kills as many (`make deep` does).
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from lifeevents.registers.lake import Lake
from lifeevents.registers.live import rows_of
from lifeevents.store.ledger import PostgresLedger
from tests.pipeline.mortal import AT, birth

KILLS = int(os.environ.get("KILLS", "6"))
BIRTHS_PER_KILL = 6
LONGEST_LIFE = 3.0
"""Seconds; a worker dies at a random moment of these, or in its cradle."""
ROOT = Path(__file__).parents[2]


def worker(url: str, lake: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.pipeline.mortal", url, str(lake)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def test_killed_anywhere_nothing_is_lost_and_nothing_is_doubled(
    postgres_ledger: PostgresLedger, database_url: str, tmp_path: Path
) -> None:
    chance, accepted = random.Random(20261105), 0
    for _ in range(-(-KILLS // 2)):
        with postgres_ledger.begin() as unit:
            new = [birth(accepted + number) for number in range(BIRTHS_PER_KILL)]
            unit.accept_all([(one, rows_of(one)) for one in new], actor="agency:moj", now=AT)
            accepted += len(new)
        pair = [worker(database_url, tmp_path / "lake") for _ in range(2)]
        for one in pair:
            assert one.stdout is not None
            assert one.stdout.readline() == "begins\n"
        for one in pair:
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            one.kill()
        for one in pair:
            one.communicate()
    survivor = worker(database_url, tmp_path / "lake")
    assert survivor.communicate(timeout=600)[0].splitlines()[-1] == "done"

    with duckdb.connect() as con:
        Lake(tmp_path / "lake").attach(con)
        query = "SELECT event, count(*), count(DISTINCT event_id) FROM events GROUP BY event ORDER BY event"
        events = con.execute(query).fetchall()
        relations = con.execute("SELECT count(*), count(DISTINCT subject_id) FROM relations").fetchone()
    assert events == [("birth", accepted, accepted), ("child_birth", accepted, accepted)]
    assert relations == (accepted, accepted)
    with postgres_ledger.begin() as unit:
        assert not unit.all_live_rows()
        assert not unit.take_submissions(1)
        counts = unit.counts()
        told = [len(unit.messages_of(f"child-{number}")) for number in range(accepted)]
        about = [len(unit.messages_of(f"mother-{number}")) for number in range(accepted)]
    assert counts["occasions.child_born"] == accepted
    assert [mine + hers for mine, hers in zip(told, about, strict=True)] == [1] * accepted
