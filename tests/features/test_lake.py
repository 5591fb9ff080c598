"""One definition, three uses: training rows, the nightly snapshot and one person now are equal value by value."""

import csv
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from features.compute import compute
from features.lake import LakeFeatures
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake

DAY = date(2022, 6, 30)
CONTRACT = {
    "subjects": 'subject_id, kind, sex, born_on, "precision", obs_from, obs_to',
    "events": 'event_id, subject_id, event, occurred_on, "precision",'
    " strftime(recorded_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS recorded_at, register, payload, corrects, annuls",
    "attributes": "subject_id, name, value, valid_from, valid_to,"
    " strftime(recorded_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS recorded_at, register",
    "relations": "subject_id, related_id, relation, valid_from, valid_to,"
    " strftime(recorded_at, '%Y-%m-%dT%H:%M:%S.%fZ') AS recorded_at, register",
}


def dump(book, folder: Path) -> Path:
    """A book as a contract dump."""
    folder.mkdir()
    for table, columns in CONTRACT.items():
        found = book.con.execute(f"SELECT {columns} FROM {table}")
        with (folder / f"{table}.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(column[0] for column in found.description)
            writer.writerows(found.fetchall())
    return folder


@pytest.fixture
def lake(population, vocabulary, tmp_path) -> Lake:
    made = Lake(tmp_path / "lake", new_buckets=3)
    import_dump(dump(population(), tmp_path / "dump"), made, vocabulary)
    return made


def test_the_three_uses_of_a_feature_agree_on_every_value(lake, vocabulary):
    source = LakeFeatures(lake, vocabulary)
    parts = [source.snapshot(bucket, DAY, since=date(2022, 4, 1)).rows for bucket in range(source.buckets)]
    snapshot = pa.concat_tables(parts).sort_by("subject_id")
    ids = snapshot["subject_id"]
    assert snapshot.num_rows > 200
    asked = pa.table({"subject_id": ids, "as_of": pa.array([DAY] * len(ids), pa.date32())})
    training = source.rows(asked).drop_columns(["as_of"])
    assert sum(training["count_relatives_who_runs_a_business"].to_pylist()) > 0
    for name in training.column_names:
        assert snapshot[name].equals(training[name]), name
    for row in training.to_pylist()[::15]:
        subject = row.pop("subject_id")
        assert source.one(subject, DAY) == row


def test_a_few_features_asked_for_alone_are_what_they_are_among_all(lake, vocabulary):
    for names in ({"alive", "sex"}, {"insured", "has_marriage", "age_years"}, {"sex", next(iter(vocabulary.law))}):
        with duckdb.connect() as con:
            lake.attach(con)
            spine = con.sql("SELECT subject_id, DATE '2022-06-30' AS as_of FROM subjects").to_arrow_table()
            few, every = compute(con, vocabulary, spine, names=names), compute(con, vocabulary, spine)
        assert names <= set(few.column_names)
        for name in names:
            assert few[name].equals(every[name]), name


def test_a_snapshot_holds_the_observed_and_the_newly_dead_and_nobody_unborn(book, vocabulary, tmp_path):
    book.subject("here", "1990-01-01")
    book.subject("gone", "1990-01-01", obs_to="2022-06-29")
    book.subject("unborn", "2022-07-01")
    for name, day in (("newly_dead", "2022-03-01"), ("long_dead", "2020-03-01")):
        book.subject(name, "1950-01-01", obs_to=day)
        book.event(name, "death", day)
    lake = Lake(tmp_path / "lake", new_buckets=1)
    import_dump(dump(book, tmp_path / "dump"), lake, vocabulary)
    rows = LakeFeatures(lake, vocabulary).snapshot(0, DAY, since=DAY).rows
    assert dict(zip(rows["subject_id"].to_pylist(), rows["alive"].to_pylist(), strict=True)) == {
        "here": True,
        "newly_dead": False,
    }


def test_a_snapshots_events_are_the_live_ones_recorded_in_its_window(book, vocabulary, tmp_path):
    book.subject("one", "1990-01-01")
    book.event("one", "marriage", "2022-01-01", "2022-03-31 23:59:59", id="early")
    book.event("one", "move", "2022-04-01", "2022-04-01", id="kept", register="population", payload={"province": "01"})
    book.event("one", "divorce", "2022-05-01", "2022-05-01", id="annulled")
    book.event("one", "divorce", "2022-05-01", "2022-06-30 10:00:00", id="annulling", annuls="annulled")
    book.event("one", "marriage", "2022-06-30", "2022-07-01", id="late")
    lake = Lake(tmp_path / "lake", new_buckets=1)
    import_dump(dump(book, tmp_path / "dump"), lake, vocabulary)
    snapshot = LakeFeatures(lake, vocabulary).snapshot(0, DAY, since=date(2022, 4, 1))
    assert snapshot.events["event_id"].to_pylist() == ["kept"]
    assert snapshot.events["recorded_at"].to_pylist() == [datetime(2022, 4, 1)]  # noqa: DTZ001 - the lake is UTC
    assert snapshot.withdrawn == {"annulled"}
