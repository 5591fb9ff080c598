"""Rows that pass, and ways to write dumps and read lakes, for the tests of the intake."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.lake import Lake

Rows = list[dict[str, Any]]
Dump = dict[str, Rows]


def subject(subject_id: str, **more: Any) -> dict[str, Any]:
    """A person born on 1 May 1990, observed from 2020 on."""
    row = {"subject_id": subject_id, "kind": "person", "sex": "F", "born_on": "1990-05-01", "precision": "day"}
    return row | {"obs_from": "2020-01-01", "obs_to": ""} | more


def event(event_id: str, subject_id: str, **more: Any) -> dict[str, Any]:
    """A marriage on 10 March 2021, recorded two days later."""
    row = {"event_id": event_id, "subject_id": subject_id, "event": "marriage", "occurred_on": "2021-03-10"}
    row |= {"precision": "day", "recorded_at": "2021-03-12T09:00:00Z", "register": "civil", "payload": ""}
    return row | {"corrects": "", "annuls": ""} | more


def attribute(subject_id: str, **more: Any) -> dict[str, Any]:
    """Lives in province 01 since 2020."""
    row = {"subject_id": subject_id, "name": "province", "value": "01", "valid_from": "2020-01-01", "valid_to": ""}
    return row | {"recorded_at": "2020-01-02T00:00:00Z", "register": "civil"} | more


def relation(subject_id: str, related_id: str, **more: Any) -> dict[str, Any]:
    """related_id is the mother of subject_id."""
    row = {"subject_id": subject_id, "related_id": related_id, "relation": "mother", "valid_from": "2022-01-01"}
    return row | {"valid_to": "", "recorded_at": "2022-01-05T00:00:00Z", "register": "civil"} | more


def good_dump() -> Dump:
    """Two women, a child of the first, a shop; every relation filled, nothing to find fault with."""
    return {
        "subjects": [
            subject("anna"),
            subject("bea", sex=""),
            subject("kid", sex="M", born_on="2022-01-01", obs_from="2022-01-01"),
            subject("shop", kind="business", sex="", born_on="2019-06-01"),
        ],
        "events": [
            event("e1", "anna", payload='{"place": "Huế"}'),
            event("e2", "kid", event="birth", occurred_on="2022-01-01", recorded_at="2022-01-03T10:00:00.123456Z"),
            event("e3", "shop", event="audit", register="tax"),
        ],
        "attributes": [attribute("anna"), attribute("shop", name="revenue", value="1200.5", register="tax")],
        "relations": [relation("kid", "anna")],
    }


def write(folder: Path, dump: Mapping[str, Rows], suffix: str | Mapping[str, str] = ".csv") -> Path:
    """Write a dump as .csv, .csv.gz or .parquet (or one per relation)."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {table.name: table.names for table in CONTRACT}
    for name, rows in dump.items():
        kind = suffix if isinstance(suffix, str) else suffix[name]
        write_table(folder / f"{name}{kind}", rows, columns.get(name) or tuple(rows[0]))
    return folder


def write_table(path: Path, rows: Rows, columns: Sequence[str]) -> None:
    """One relation, in the format that the file's name says; in Parquet every column is text, empty as null."""
    if path.suffix == ".parquet":
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t ({', '.join(f'{c} VARCHAR' for c in columns)})")
            marks = ", ".join("?" for _ in columns)
            values = [[row.get(c) or None for c in columns] for row in rows]
            if values:
                con.executemany(f"INSERT INTO t VALUES ({marks})", values)
            con.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        return
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def rows_of(lake: Lake, view: str, bucket: int | None = None) -> Rows:
    """A view of the lake as dicts, ordered by all columns."""
    with duckdb.connect() as con:
        lake.attach(con, bucket)
        lake.quarantine(con)
        found = con.execute(f"SELECT * FROM {view} ORDER BY ALL")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def shared_registers(environ: Mapping[str, str]) -> Path:
    """Where the measuring dumps would lie: LIFEEVENTS_SHARED, or the folder beside the project."""
    beside = Path(__file__).parents[2].parent / "shared"
    return Path(environ.get("LIFEEVENTS_SHARED", beside)) / "registers"
