"""A peer that gave other answers would be no peer."""

from datetime import date

import pyarrow as pa
import pytest

from benchmarks import peers
from benchmarks.measure import apart, resident
from benchmarks.table import Row, markdown
from features.catalogue import known_features
from features.lake import LakeFeatures
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.test_sweep import NOW, birth, run

DAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture(scope="module")
def lake(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """800 simulated people, dirt, corrections and annulments included."""
    home = tmp_path_factory.mktemp("bench")
    simulate(home / "dump", people=800, seed=4, until=date(2026, 11, 3), rates=load_rates("vn"))
    made = Lake(home / "lake")
    import_dump(home / "dump", made, pack.vocabulary)
    return made


def rows_of(lake: Lake, pack: Pack) -> pa.Table:
    source = LakeFeatures(lake, pack.vocabulary)
    return pa.concat_tables(source.snapshot(b, DAY, since=DAY).rows for b in range(source.buckets))


def test_the_pandas_features_are_ours(lake: Lake, pack: Pack) -> None:
    rows = rows_of(lake, pack).to_pandas().set_index("subject_id")
    people = rows[rows["kind"] == "person"]
    theirs = peers.in_pandas(lake, pack.vocabulary, DAY).loc[people.index]
    assert len(people) > 700
    for name in peers.HANDFUL:
        mine, other = people[name], theirs[name]
        assert mine.isna().equals(other.isna()), name
        both = mine.notna() & other.notna()
        assert both.sum() > 50, name
        assert (mine[both] == other[both]).all(), name


def test_rules_say_the_same_in_sql_and_person_by_person(lake: Lake, pack: Pack) -> None:
    rows = rows_of(lake, pack)
    asked = peers.conditions(pack, known_features(pack.vocabulary))
    counted = peers.rules_in_sql(asked, rows)
    assert counted == peers.rules_in_python(asked, rows)
    assert len(asked) >= 8
    assert max(counted) > 100


def told(pack: Pack) -> InMemoryLedger:
    ledger = InMemoryLedger()
    run(pack, ledger, *(birth(f"e{n}", f"c{n}").model_copy(update={"subject_id": f"m{n}"}) for n in range(7)))
    return ledger


def test_one_by_one_delivers_the_same_messages(pack: Pack) -> None:
    single, batched = told(pack), told(pack)
    done = deliver(batched, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=NOW)
    assert peers.one_by_one(single, pack, now=NOW) == done.delivered == 7
    with single.begin() as one, batched.begin() as other:
        assert one.counts() == other.counts()


def hungry(megabytes: int) -> dict[str, int]:
    import time

    held = bytearray(megabytes * 1_000_000)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(0.3)
    return {"held": len(held)}


def test_the_peak_is_that_of_the_stage_and_does_not_carry_over() -> None:
    much, little = apart(hungry, 200), apart(hungry, 1)
    assert much.found["held"] == 200_000_000
    assert much.peak_mb - little.peak_mb > 100
    assert resident(2**22 + 1) == 0


def broken() -> dict[str, int]:
    raise ValueError("no lake")


def test_a_stage_that_fails_is_named() -> None:
    with pytest.raises(RuntimeError, match="the stage broken failed"):
        apart(broken)


def test_the_table_shows_pace_and_ratio() -> None:
    about = {
        "people": 1000,
        "rounds": 3,
        "cores": 2,
        "python": "3.11",
        "load_before": 1.0,
        "load_after": 2.0,
        "on": "d",
    }
    text = markdown([Row("features", 2.0, 1000, "subjects", 150.0, "pandas", 6.0, 3.0)], about)
    assert "| features | 2.00 | 500 subjects | 150 | pandas | 6.00 | 3.0 |" in text
