"""The lake: stable buckets, whole imports or none, the same dump twice."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lifeevents.domain.errors import DumpError
from lifeevents.registers import writing
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake, bucket_of, bucket_sql, buckets_for
from tests.registers.dumps import event, rows_of, subject, write

VIEWS = ("subjects", "events", "attributes", "relations", "deliveries", "quarantine")


def content(lake: Lake) -> dict[str, Any]:
    return {view: rows_of(lake, view) for view in VIEWS}


def files(root: Path) -> dict[str, str]:
    """Every file of a lake with its digest; the lock is empty and always there."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def test_buckets_never_move() -> None:
    assert [bucket_of(name, 16) for name in ("anna", "bea", "0_100", "Nguyễn")] == [8, 8, 6, 2]


@pytest.mark.parametrize("buckets", [1, 7, 16, 500])
def test_sql_and_python_agree_on_the_bucket(buckets: int) -> None:
    letters = random.Random(buckets)
    names = ["".join(chr(letters.randrange(1, 0xD7FF)) for _ in range(1 + n % 12)) for n in range(300)]
    with duckdb.connect() as con:
        sql = f"SELECT {bucket_sql('name', buckets)} FROM (SELECT unnest($1::VARCHAR[]) AS name)"
        assert [row[0] for row in con.execute(sql, [names]).fetchall()] == [bucket_of(name, buckets) for name in names]


def test_every_row_lies_in_the_bucket_of_its_subject(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    for view in ("subjects", "events", "attributes", "relations"):
        found = {b: rows_of(lake, view, b) for b in {bucket_of(name, 16) for name in ("anna", "bea", "kid", "shop")}}
        assert all(bucket_of(row["subject_id"], 16) == b for b, rows in found.items() for row in rows)
        assert sum(map(len, found.values())) == len(rows_of(lake, view)) > 0


def test_the_columns_have_the_contracts_types_before_and_after_the_first_import(
    take: Any, good: Any, lake: Lake
) -> None:
    def types() -> dict[str, list[tuple[str, str]]]:
        with duckdb.connect() as con:
            lake.attach(con)
            lake.quarantine(con)
            return {v: [row[:2] for row in con.execute(f"DESCRIBE {v}").fetchall()] for v in VIEWS}

    before = types()
    good["events"].append(event("x", "nobody"))
    take(good)
    assert types() == before
    assert dict(before["events"])["occurred_on"] == "DATE"
    assert dict(before["events"])["recorded_at"] == "TIMESTAMP"


def test_events_lie_sorted_by_subject_and_time(take: Any, good: Any, lake: Lake) -> None:
    good["events"] += [event(f"x{i}", "anna", occurred_on=f"2021-03-{i:02}") for i in (9, 3, 7)]
    take(good)
    take({"subjects": [], "events": [event("y", "anna", occurred_on="2021-03-05")]})
    with duckdb.connect() as con:
        lake.attach(con, bucket_of("anna", lake.buckets))
        found = con.execute("SELECT subject_id, occurred_on, recorded_at FROM events").fetchall()
    assert found == sorted(found)
    assert len(found) == 6


def test_deliveries_say_since_when_each_register_delivers(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    take({"subjects": [], "events": [event("y", "anna", recorded_at="2024-01-01T00:00:00Z")]})
    found = {row["register"]: row for row in rows_of(lake, "deliveries")}
    assert (str(found["civil"]["first_recorded_at"]), found["civil"]["rows"]) == ("2020-01-02 00:00:00", 5)
    assert str(found["civil"]["last_recorded_at"]) == "2024-01-01 00:00:00"
    assert found["tax"]["rows"] == 2


def test_the_same_dump_twice_adds_nothing(take: Any, good: Any, lake: Lake) -> None:
    good["events"] += [event("e1", "anna", event="death"), event("e3", "shop", event="audit", register="tax")]
    take(good)
    before = content(lake)
    again = take(good)
    assert content(lake) == before
    assert again.generation == 1
    assert (again.accepted, again.kin_derived) == (0, 0)
    assert {t.table: t.already_there for t in again.tables.values()} == {
        "subjects": 4,
        "events": 4,
        "attributes": 2,
        "relations": 1,
    }


def test_a_known_event_id_with_other_content_is_quarantined(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    report = take({"subjects": [], "events": [event("e1", "bea")]})
    assert report.tables["events"].quarantine == {"duplicate_event_id": 1}
    assert 'events.csv row 1, event_id: "e1" is in the lake' in report.tables["events"].quarantined[0].example
    assert next(r for r in rows_of(lake, "events") if r["event_id"] == "e1")["subject_id"] == "anna"


def test_a_subject_sent_again_with_other_content_replaces_the_older_row(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    report = take({"subjects": [subject("anna", obs_to="2024-05-31")], "events": []})
    assert report.tables["subjects"].notes == {"subject_updated": 1}
    (anna,) = [row for row in rows_of(lake, "subjects") if row["subject_id"] == "anna"]
    assert str(anna["obs_to"]) == "2024-05-31"
    assert len(rows_of(lake, "events")) == 4


def test_events_may_come_after_their_subjects_and_before_nothing(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    assert take({"subjects": [], "events": [event("y", "bea")]}).tables["events"].accepted == 1


def test_an_import_that_fails_while_writing_leaves_the_lake_as_it_was(
    take: Any, good: Any, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(good)
    before = files(lake.root)
    real, calls = writing.copy_to, []

    def full_disk(con: Any, query: str, path: str) -> None:
        calls.append(path)
        if len(calls) == 3:
            raise OSError("No space left on device")
        real(con, query, path)

    monkeypatch.setattr(writing, "copy_to", full_disk)
    more = {"subjects": [subject(f"p{i}") for i in range(30)], "events": [event(f"n{i}", f"p{i}") for i in range(30)]}
    with pytest.raises(OSError, match="No space left"):
        take(more)
    assert files(lake.root) == before
    monkeypatch.undo()
    assert take(more).accepted == 60


KILLED = """
import sys, time
from pathlib import Path
from lifeevents.registers import writing
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
real, written = writing.copy_to, []
def slow(con, query, path):
    if len(written) == 5:
        print("halfway", flush=True)
        time.sleep(60)
    written.append(path)
    real(con, query, path)
writing.copy_to = slow
import_dump(Path(sys.argv[1]), Lake(Path(sys.argv[2])), None)
"""


def test_a_killed_import_leaves_nothing_visible_and_the_next_makes_the_same_lake(tmp_path: Path) -> None:
    people = [subject(f"p{i}") for i in range(50)]
    first = write(tmp_path / "first", {"subjects": people, "events": [event(f"a{i}", f"p{i}") for i in range(50)]})
    second = write(tmp_path / "second", {"subjects": [], "events": [event(f"b{i}", f"p{i}") for i in range(50)]})
    lake, undisturbed = (Lake(tmp_path / name, new_buckets=16) for name in ("lake", "undisturbed"))
    for source in (first, second):
        import_dump(source, undisturbed, None)
    import_dump(first, lake, None)
    before = content(lake)

    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(second), str(lake.root)], stdout=subprocess.PIPE, env=os.environ
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"halfway\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert (lake.root / "generation-000002").exists()
    assert content(lake) == before

    import_dump(second, lake, None)
    assert content(lake) == content(undisturbed)
    assert files(lake.root).keys() == files(undisturbed.root).keys()


def test_two_imports_at_once_wait_for_each_other(tmp_path: Path) -> None:
    sources = []
    for name in ("a", "b", "c"):
        people = [subject(f"{name}{i}") for i in range(20)]
        sources.append(write(tmp_path / name, {"subjects": people, "events": []}))
    code = KILLED.replace("writing.copy_to = slow", "")
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(source), str(tmp_path / "lake")]) for source in sources
    ]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert len(rows_of(Lake(tmp_path / "lake"), "subjects")) == 60
    assert Lake(tmp_path / "lake").manifest.generation == 3


def test_a_reader_who_attached_before_an_import_can_finish(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    with duckdb.connect() as con:
        lake.attach(con)
        take({"subjects": [], "events": [event("y", "anna")]})
        assert con.execute("SELECT count(*) FROM events").fetchone() == (4,)
        lake.attach(con)
        assert con.execute("SELECT count(*) FROM events").fetchone() == (5,)


def test_files_of_older_generations_go_when_the_next_import_begins(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    for number in range(3):
        take({"subjects": [], "events": [event(f"y{number}", "anna")]})
    named = lake.manifest.paths
    left = {name for name in files(lake.root) if name != "manifest.json"} - named
    assert len(left) == 1


def test_a_manifest_that_is_none_is_refused_with_its_path(lake: Lake) -> None:
    lake.root.mkdir()
    (lake.root / "manifest.json").write_text("{}")
    with pytest.raises(DumpError, match=r"manifest\.json: this is not the manifest of a lake"):
        lake.buckets  # noqa: B018


def test_the_number_of_buckets_is_the_lakes_own(good: Any, tmp_path: Path) -> None:
    import_dump(write(tmp_path / "d", good), Lake(tmp_path / "l", new_buckets=3), None)
    assert Lake(tmp_path / "l").buckets == 3


@pytest.mark.parametrize(
    ("subjects", "buckets"), [(0, 2), (100_000, 2), (100_001, 3), (10_000_000, 200), (100_000_000, 2000)]
)
def test_a_new_lake_is_cut_by_the_subjects_of_its_first_import(subjects: int, buckets: int) -> None:
    assert buckets_for(subjects) == buckets


def test_a_lake_stays_cut_as_it_was_however_it_grows(
    good: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path / "l")
    monkeypatch.setattr("lifeevents.registers.lake.SUBJECTS_PER_BUCKET", 1)
    import_dump(write(tmp_path / "first", good), lake, None)
    assert lake.buckets == len(good["subjects"]) > 2
    more = {"subjects": [subject(f"new{n}") for n in range(40)], "events": []}
    import_dump(write(tmp_path / "second", more), lake, None)
    assert lake.buckets == len(good["subjects"])
    assert len(rows_of(lake, "subjects")) == len(good["subjects"]) + 40


def test_attaching_a_bucket_is_cheap(take: Any, good: Any, lake: Lake) -> None:
    take(good)
    with duckdb.connect() as con:
        started = time.perf_counter()
        for bucket in range(16):
            lake.attach(con, bucket)
        assert (time.perf_counter() - started) / 16 < 0.1


def test_progress_goes_from_nothing_to_all(good: Any, tmp_path: Path, lake: Lake) -> None:
    told: list[tuple[str, float]] = []
    import_dump(write(tmp_path / "d", good), lake, None, progress=lambda label, done: told.append((label, done)))
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert {"reading", "checking events", "writing the lake"} <= {label for label, _ in told}
