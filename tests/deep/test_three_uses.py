"""One definition, three uses, over a simulated population with all its dirt: 5,000 subjects and more, every feature."""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.lake import LakeFeatures
from features.live import LiveFeatures
from lifeevents.domain.pack import Pack
from lifeevents.ports import LiveRows
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.simulate import load_rates, simulate
from tests.every.test_milestones import PACK

LAST = date(2026, 11, 3)
DAY = LAST - timedelta(days=120)
AT_ONCE = 800


def nothing_new(subjects: Collection[str]) -> LiveRows:
    return {}


def imported(folder: Path, dump: Path, pack: Pack) -> Lake:
    lake = Lake(folder, new_buckets=2)
    import_dump(dump, lake, pack.vocabulary)
    return lake


def snapshot_of(lake: Lake, day: date) -> pa.Table:
    source = LakeFeatures(lake, PACK.vocabulary)
    parts = [source.snapshot(bucket, day, since=day).rows for bucket in range(source.buckets)]
    return pa.concat_tables(parts).sort_by("subject_id")


def assert_equal(one: pa.Table, other: pa.Table) -> None:
    assert set(one.column_names) == set(other.column_names)
    differing = [name for name in one.column_names if not one[name].equals(other[name])]
    assert differing == []


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population") / "dump"
    simulate(folder, people=6_000, seed=11, until=LAST, rates=load_rates("vn"))
    return folder


@pytest.fixture(scope="module")
def lake(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return imported(tmp_path_factory.mktemp("whole") / "lake", dump, PACK)


def test_training_rows_the_snapshot_and_people_one_by_one_are_equal_in_every_feature(lake: Lake) -> None:
    snapshot = snapshot_of(lake, LAST)
    ids = snapshot["subject_id"].to_pylist()
    assert len(ids) > 5_000
    spine = pa.table({"subject_id": ids, "as_of": pa.array([LAST] * len(ids), pa.date32())})
    assert_equal(LakeFeatures(lake, PACK.vocabulary).rows(spine).drop_columns(["as_of"]), snapshot)
    live = LiveFeatures(lake, PACK.vocabulary)
    for start in range(0, len(ids), AT_ONCE):
        asked = ids[start : start + AT_ONCE]
        looked = live.look(asked, nothing_new, LAST, since=LAST).snapshot.rows
        mine = looked.filter(pc.is_in(looked["subject_id"], pa.array(asked))).sort_by("subject_id")
        assert_equal(mine, snapshot.slice(start, len(asked)))


def test_without_the_rows_recorded_after_a_day_every_feature_of_that_day_is_the_same(
    dump: Path, lake: Lake, tmp_path: Path
) -> None:
    """The subjects stay: that somebody was born later is no feature, and a snapshot leaves them out by itself."""
    earlier = tmp_path / "dump"
    earlier.mkdir()
    for table in ("events", "attributes", "relations"):
        rows = pq.read_table(dump / f"{table}.parquet")
        known = pc.less(pc.cast(rows["recorded_at"], pa.string()), f"{DAY + timedelta(days=1)}")
        kept = rows.filter(known)
        assert 0 < kept.num_rows < rows.num_rows
        pq.write_table(kept, earlier / f"{table}.parquet")
    pq.write_table(pq.read_table(dump / "subjects.parquet"), earlier / "subjects.parquet")
    assert_equal(snapshot_of(imported(tmp_path / "lake", earlier, PACK), DAY), snapshot_of(lake, DAY))
